"""Contracts with more than one kind of shift, and with paid hours a week."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise, product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfm.core.calendars import Opening
from wfm.core.edits import Lock, ShiftEdit
from wfm.core.errors import DataError
from wfm.core.intervals import day_grid
from wfm.core.people import Agent, Break, Contract, ShiftKind
from wfm.core.types import Requirement
from wfm.scheduling.assemble import build_problem
from wfm.scheduling.check import check, price
from wfm.scheduling.counts.bound import agent_bound
from wfm.scheduling.counts.counted import count_crew
from wfm.scheduling.counts.derived import broken_rows
from wfm.scheduling.counts.linear import Running, lower_bound, relax, take_slice
from wfm.scheduling.counts.matrix import make_matrix
from wfm.scheduling.finished.edit import apply_edits
from wfm.scheduling.finished.explain import crew_of
from wfm.scheduling.finished.replan import publish
from wfm.scheduling.finished.swaps import swap
from wfm.scheduling.groups import AbsenceClass, make_layout
from wfm.scheduling.kinds import exact_layout
from wfm.scheduling.people.allot import allot_kinds
from wfm.scheduling.people.appoint import Post
from wfm.scheduling.people.construct import first_crew
from wfm.scheduling.people.names import name_counts
from wfm.scheduling.people.paid_week import PaidWeek, choose_paid
from wfm.scheduling.problem import Begin, Problem, paid_totals
from wfm.scheduling.roster import kind_of, read_roster
from wfm.scheduling.rules.hours_week import paid_weeks, slopes
from wfm.scheduling.rules.rest import rested_from
from wfm.scheduling.settings import Rules
from wfm.scheduling.solve import solve

MONDAY = date(2027, 1, 4)
LUNCH = Break("lunch", 60, 120, 180, paid=False)
SHORT = ShiftKind("short", 120, 120, 8 * 60, 13 * 60, 60)
LONG = Contract("mixed", 300, 240, 1, 2, 8 * 60, 10 * 60, 60, (LUNCH,), more_shifts=(SHORT,))
HOURS = replace(LONG, min_hours_week=4, max_hours_week=6)


def centre(
    contract: Contract, heads: list[list[int]], agents: int = 2, rules: Rules | None = None, **more
) -> Problem:
    """Heads by day and hour from 08:00, one queue, an hourly grid."""
    grid = day_grid(MONDAY, len(heads), timedelta(hours=1), "Europe/Istanbul")
    at = [grid[24 * d + 8 + h] for d, row in enumerate(heads) for h in range(len(row))]
    needs = [n for row in heads for n in row]
    frame = pd.DataFrame({"start": at, "queue": "voice", "agents": needs, "scheduled": needs})
    people = [
        Agent(f"a{i}", f"a{i}", contract.contract, frozenset({"voice"})) for i in range(agents)
    ]
    return build_problem(
        Requirement(frame, timedelta(hours=1)),
        people,
        [contract],
        rules=rules or Rules(band_min=None, prorate_days=False),
        first_day=MONDAY,
        days=len(heads),
        **more,
    )


def every_day(contract: Contract) -> list[tuple[int, int, int, np.ndarray]]:
    """Start, end, paid hours and presence by hour of every shift of a day, and none."""
    found = [(0, 0, 0, np.zeros(24, dtype=int))]
    for kind in contract.shifts:
        for start in range(kind.start_from_min, kind.start_to_min + 1, kind.start_grid_min):
            places = [range(b.earliest_min // 60, b.latest_min // 60 + 1) for b in kind.breaks]
            for offsets in product(*places):
                here = np.zeros(24, dtype=int)
                here[start // 60 : (start + kind.shift_min) // 60] = 1
                for offset in offsets:
                    here[start // 60 + offset] = 0
                found.append(
                    (start // 60, (start + kind.shift_min) // 60, kind.paid_min // 60, here)
                )
    return found


def optimum(problem: Problem, contract: Contract, agents: int) -> float:
    """Least cost of all legal schedules, one after the other; written without the engine."""
    days = problem.days
    low = 60 * (contract.min_hours_week or 0)
    high = 60 * (contract.max_hours_week or 168)
    weeks = []
    for chosen in product(every_day(contract), repeat=days):
        count, paid = sum(c[2] > 0 for c in chosen), sum(c[2] for c in chosen)
        worked = [(24 * d + c[0], 24 * d + c[1]) for d, c in enumerate(chosen) if c[2]]
        rested = all(b[0] - a[1] >= 11 for a, b in pairwise(worked))
        good = contract.min_days_week <= count <= contract.max_days_week
        if good and rested and low <= 60 * paid <= high:
            weeks.append((np.concatenate([c[3] for c in chosen]), paid))
    presence = np.array([w for w, _ in weeks])
    paid_h = np.array([p for _, p in weeks])
    required, weights = problem.required[0], problem.weights
    steps = np.arange(agents + 1)[:, None]
    missing = np.maximum(required - steps, 0)
    first = np.minimum(-(-required // weights.under_step), required)
    second = np.minimum(-(-required // weights.under_step), required - first)
    cost = weights.under[0] * np.minimum(missing, first)
    cost = cost + weights.under[1] * np.clip(missing - first, 0, second)
    cost = cost + weights.under[2] * np.maximum(missing - first - second, 0)
    cost = cost + weights.over * np.maximum(steps - required, 0)
    best = np.inf
    for team in product(range(len(weeks)), repeat=agents - 1):
        base = presence[list(team)].sum(axis=0) + presence
        total = cost[base, np.arange(len(required))].sum(axis=1)
        total = total + weights.labour * (paid_h + paid_h[list(team)].sum())
        best = min(best, float(total.min()))
    return 4 * best  # four quarters an hour


def proven(problem: Problem, *, exact: bool) -> float:
    """The better of both bounds from an exact linear programme."""
    layout = exact_layout(make_layout(problem)) if exact else None
    matrix = make_matrix(problem, layout)
    part = take_slice(matrix, np.ones(len(matrix.cost), bool), np.zeros(len(matrix.cost)))
    found = relax(part, 1e-6, 20.0, Running())
    assert found is not None
    duals = np.zeros(len(matrix.row_low))
    duals[part.touched] = found.duals
    return max(lower_bound(matrix, duals), agent_bound(matrix, duals))


@pytest.mark.parametrize("contract", [LONG, HOURS])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_bound_is_below_the_best_of_all_schedules_and_ours_is_it(
    contract: Contract, seed: int
) -> None:
    random = np.random.default_rng(seed)
    heads = random.integers(0, 3, size=(2, 7)).tolist()
    problem = centre(contract, heads)
    best = optimum(problem, contract, 2)
    for exact in (False, True):
        assert proven(problem, exact=exact) <= best + 1e-6
    schedule = solve(problem, seconds=3, seed=seed)
    assert schedule.violations == ()
    assert schedule.objective == pytest.approx(best)
    assert schedule.bound <= best + 1e-6


def test_three_agents_with_rest_between_kinds() -> None:
    late = ShiftKind("late", 240, 240, 19 * 60, 20 * 60, 60)
    contract = Contract("turn", 240, 240, 2, 2, 6 * 60, 8 * 60, 60, more_shifts=(late,))
    heads = [[0] * 11 + [2, 2, 2, 1], [2, 2, 1, 0, 0]]
    problem = centre(contract, heads, agents=3)
    best = optimum(problem, contract, 3)
    schedule = solve(problem, seconds=3, seed=0)
    assert schedule.violations == ()
    assert schedule.objective == pytest.approx(best)
    assert proven(problem, exact=False) <= best + 1e-6


@given(st.lists(st.floats(-9, 9), min_size=54, max_size=54), st.sampled_from([None, 1, 2]))
@settings(max_examples=30, deadline=None)
def test_the_cheapest_paid_week_is_the_best_of_all(noise: list[float], in_row: int | None) -> None:
    problem = centre(HOURS, [[1] * 8] * 3, rules=Rules(band_min=None, prorate_days=False))
    group = make_layout(problem).groups[0]
    costs = np.resize(np.array(noise), len(group.starts))
    rested = rested_from(problem, group)
    week = PaidWeek(range(3), (1, 3), (240, 480), (240, 120), frozenset({1}), in_row, 0, 0)
    legal = np.arange(len(costs)) % 5 != 2
    found = choose_paid(group, legal, costs, week, rested)
    best = np.inf
    options = [[None, *np.flatnonzero(legal & (group.start_day == d)).tolist()] for d in range(3)]
    for chosen in product(*options):
        own = [i for i in chosen if i is not None]
        paid = sum((240, 120)[group.kind[i]] for i in own)
        fits = all(rested[a] <= group.starts[b] for a, b in pairwise(own))
        rows = "".join("0" if i is None else "1" for i in chosen).split("0")
        if (
            own and fits and chosen[1] is not None and 240 <= paid <= 480
            and (in_row is None or max(map(len, rows)) <= in_row)
        ):  # fmt: skip
            best = min(best, float(costs[own].sum()))
    assert (found is None) == (not np.isfinite(best))
    if found is not None:
        assert found[0] == pytest.approx(best)
        assert costs[found[1]].sum() == pytest.approx(best)


def test_names_lose_no_count_and_counts_of_names_keep_every_row() -> None:
    problem = centre(HOURS, [[2, 1, 1, 2, 1, 0, 1]] * 3, agents=4)
    matrix = make_matrix(problem)
    crew = first_crew(problem)
    assert check(problem, crew.frame()) == []
    values = count_crew(matrix, crew)
    assert len(broken_rows(matrix, values)) == 0
    assert float(matrix.cost @ values) == pytest.approx(crew.cost())
    again = count_crew(matrix, name_counts(matrix, values))
    y = np.concatenate(matrix.columns.y)
    assert again[y].tolist() == values[y].tolist()


def frame_of(problem: Problem, rows: list[tuple[str, int, int, str]]) -> pd.DataFrame:
    """Segments from agent, first and last hour, and activity."""
    grid = problem.grid
    return pd.DataFrame(
        {
            "agent": [r[0] for r in rows],
            "start": [grid[r[1]] for r in rows],
            "end": [grid[r[2]] for r in rows],
            "activity": [r[3] for r in rows],
            "queue": ["voice" if r[3] == "inbound" else "" for r in rows],
        }
    )


def test_a_shift_is_of_the_kind_that_it_misses_least() -> None:
    problem = centre(LONG, [[1] * 8] * 2)
    whole = [("a0", 8, 10, "inbound"), ("a0", 10, 11, "lunch"), ("a0", 11, 13, "inbound")]
    frame = frame_of(problem, [*whole, ("a1", 12, 14, "inbound")])
    shifts = read_roster(problem, frame).shifts
    assert [kind_of(problem, s) for s in shifts] == [0, 1]
    assert check(problem, frame) == []
    assert price(problem, frame).paid_min.tolist() == [240, 120]


def test_a_length_or_start_of_no_kind_is_told() -> None:
    problem = centre(LONG, [[1] * 8] * 2)
    frame = frame_of(problem, [("a0", 8, 11, "inbound"), ("a1", 14, 16, "inbound")])
    broken = {(v.rule, v.agent) for v in check(problem, frame)}
    assert ("shift_length", "a0") in broken
    assert ("starts", "a1") in broken


def test_hours_of_a_week_are_told() -> None:
    problem = centre(HOURS, [[1] * 8] * 2)
    frame = frame_of(problem, [("a0", 8, 10, "inbound"), ("a1", 8, 10, "inbound"),
                               ("a1", 32, 34, "inbound")])  # fmt: skip
    found = [v for v in check(problem, frame) if v.rule == "hours_week"]
    assert [(v.agent, v.text) for v in found] == [
        ("a0", "2 paid hours this week, 4 to 6 are allowed.")
    ]


def test_hours_that_no_days_can_meet_are_refused_with_the_hours_that_are_missing() -> None:
    wrong = replace(LONG, min_hours_week=9, max_hours_week=10)
    with pytest.raises(DataError, match=r"1 to 2 days .* 9 to 10 paid hours .* 8 h, 1 h too few"):
        centre(wrong, [[1] * 8] * 2)


def test_a_lock_allows_any_kind_unless_it_names_one() -> None:
    tuesday = MONDAY + timedelta(days=1)
    free = Lock("a0", tuesday, 8 * 60)
    named = Lock.parse("a1", tuesday, "08:00 short")
    problem = centre(LONG, [[1] * 8] * 2, locks=[free, named])
    schedule = solve(problem, seconds=2, seed=0)
    assert schedule.violations == ()
    own = {s.agent: kind_of(problem, s) for s in read_roster(problem, schedule.frame).shifts
           if s.start == 32}  # fmt: skip
    assert own[1] == 1
    assert 0 in own
    with pytest.raises(DataError, match="has no shift 'tall'"):
        centre(LONG, [[1] * 8] * 2, locks=[Lock("a0", tuesday, 480, "tall")])


def test_moving_a_shift_keeps_its_kind_where_that_may_start() -> None:
    problem = centre(LONG, [[1] * 8] * 2)
    whole = [("a0", 8, 10, "inbound"), ("a0", 10, 11, "lunch"), ("a0", 11, 13, "inbound")]
    frame = frame_of(problem, whole)

    def moved(hour: int) -> tuple[int, int]:
        edit = ShiftEdit("move", "a0", MONDAY, start_min=60 * hour)
        shift = read_roster(problem, apply_edits(problem, frame, [edit])).shifts[0]
        return shift.start, kind_of(problem, shift)

    assert moved(9) == (9, 0)
    assert moved(12) == (12, 1)  # five hours may not start at noon


def test_kinds_and_hours_that_cannot_be_are_refused() -> None:
    with pytest.raises(DataError, match="contract 'mixed': shift 'mixed' has no name of its own"):
        replace(LONG, more_shifts=(replace(SHORT, shift="mixed"),))
    with pytest.raises(DataError, match="5 to 3 paid hours"):
        replace(LONG, min_hours_week=5, max_hours_week=3)
    with pytest.raises(DataError, match="shift 'short': paid_min is 100"):
        replace(SHORT, paid_min=100)
    paid = replace(SHORT, shift_min=240, breaks=(replace(LUNCH, paid=True),), paid_min=240)
    with pytest.raises(DataError, match="'lunch' is paid once and unpaid once"):
        replace(LONG, more_shifts=(paid,))


def test_totals_of_shifts() -> None:
    assert sorted(paid_totals((240, 480), 2)) == [480, 720, 960]
    assert paid_totals((240,), 0) == frozenset({0})


def test_hours_of_a_short_week_shrink_to_a_total_of_whole_shifts(
    make: Callable[..., Problem], parts: dict[str, object]
) -> None:
    eight = Contract("eight", 480, 480, 5, 5, min_hours_week=40, max_hours_week=40)
    agents = [Agent("a", "a", "eight", frozenset({"voice"}))]
    problem = make(agents, days=4, contracts=(eight,), campaigns=(), rules=Rules(prorate_days=True))
    assert problem.limits(0, 0) == (2, 3)
    assert problem.paid_limits(0, 0) == (960, 1440)


def test_begins_are_ordered_by_their_starts() -> None:
    assert sorted([Begin(4, 0), Begin(3, 2), Begin(3, 1)])[0] == (3, 1)


def fingerprint(problem: Problem) -> str:
    """Of all numbers of a problem's matrix, row by row; of work beyond a target its plain price."""
    matrix = make_matrix(problem)
    matrix.cost[matrix.columns.excess] = problem.weights.outbound_over
    cells = matrix.rows.tocoo()
    order = np.lexsort((cells.col, cells.row))
    parts = [cells.row[order], cells.col[order], cells.data[order], matrix.row_low]
    parts += [matrix.row_high, matrix.cost, matrix.low, matrix.high, matrix.kind, matrix.at]
    digest = hashlib.sha256()
    for part in parts:
        digest.update(np.asarray(part, dtype="<f8").tobytes())
    return digest.hexdigest()[:16]


CASES = {
    "plain": (Rules(), "f004dea5d9b0afdb"),
    "rows": (Rules(max_days_in_row=4, weekends_off_in=2), "9285e8e14cc2c280"),
    "spaced": (Rules(break_gap_min=60, break_share_max=0.5, band_min=None), "ade50f03fb09f220"),
}
"""Fingerprints from before there were kinds of shift."""


@pytest.mark.parametrize("name", CASES)
def test_a_contract_with_one_kind_has_the_matrix_it_always_had(
    make: Callable[..., Problem], name: str
) -> None:
    rules, known = CASES[name]
    assert fingerprint(make(6, days=9, heads={"voice": 3}, rules=rules)) == known


def test_a_kind_that_nobody_may_start_changes_nothing() -> None:
    night = ShiftKind("night", 240, 180, 22 * 60, 23 * 60, 60, (Break("tea", 60, 60, 120, False),))
    hours = Opening.parse("Mon-Sun 06:00-20:00")

    def both(more: tuple[ShiftKind, ...]) -> tuple[str, pd.DataFrame]:
        problem = centre(replace(LONG, more_shifts=more), [[2, 1, 2, 1, 2, 1, 1]] * 3, agents=3)
        people = tuple(replace(agent, hours=hours) for agent in problem.agents)
        grid = replace(problem, agents=people)
        return fingerprint(grid), solve(grid, seed=1, moves=4).frame

    (one, first), (other, second) = both((SHORT,)), both((SHORT, night))
    assert one == other
    pd.testing.assert_frame_equal(first, second)


@given(
    st.lists(st.sampled_from([120, 240, 300, 360]), min_size=1, max_size=3, unique=True),
    st.tuples(st.integers(1, 3), st.integers(3, 5)),
    st.tuples(st.integers(0, 20), st.integers(20, 30)),
)
def test_each_side_of_the_hull_of_weeks_holds_all_of_them(
    minutes: list[int], days: tuple[int, int], hours: tuple[int, int]
) -> None:
    paid = (60 * hours[0], 60 * hours[1])
    one = AbsenceClass(0, 0, tuple(range(7)), np.array([0]), *days, paid=paid)
    points = paid_weeks(one, tuple(minutes))
    assert len(points)
    sides = slopes(points)
    assert (1, 0) in sides
    for run, rise in sides - {(1, 0)}:
        worth = run * points[:, 1] - rise * points[:, 0]
        touching = points[(worth == worth.min()) | (worth == worth.max())]
        assert len(np.unique(touching[:, 0])) > 1


def test_the_long_shifts_of_a_band_go_to_those_who_work_fewer_days() -> None:
    """Two agents of one band: three and two days, one long shift a day; both are paid 8 h."""
    contract = replace(LONG, max_days_week=3, start_to_min=8 * 60, min_hours_week=8)
    problem = centre(contract, [[2] * 8] * 3)
    matrix = make_matrix(problem)
    group = matrix.layout.groups[0]
    values = np.zeros(len(matrix.cost))
    for day, kinds in enumerate([(0, 1), (0, 1), (1,)]):
        for kind in kinds:
            option = group.number[Begin(24 * day + 8, kind)]
            values[matrix.columns.x[0][0, option]] += 1
    posts = {0: Post(0, frozenset({0, 1, 2})), 1: Post(0, frozenset({0, 1}))}
    kinds = allot_kinds(matrix, values, 0, 0, posts)
    assert {kinds[1, 0], kinds[1, 1]} == {0}
    assert [kinds[0, day] for day in range(3)] == [1, 1, 1]


@given(st.integers(0, 10**6), st.sampled_from([None, 2]), st.booleans())
@settings(max_examples=15, deadline=None)
def test_a_legal_crew_keeps_every_row_of_both_layouts(
    seed: int, in_row: int | None, named: bool
) -> None:
    """Kinds, hours, rows of days and locks, with and without a kind in them."""
    random = np.random.default_rng(seed)
    heads = random.integers(0, 3, size=(4, 8)).tolist()
    contract = replace(LONG, max_days_week=4, min_hours_week=4, max_hours_week=10)
    rules = Rules(band_min=120, prorate_days=False, max_days_in_row=in_row)
    day = MONDAY + timedelta(days=int(random.integers(4)))
    locks = [Lock("a0", day, 9 * 60, "short" if named else "")]
    problem = centre(contract, heads, agents=3, rules=rules, locks=locks)
    crew = first_crew(problem)
    assert check(problem, crew.frame()) == []
    for layout in (None, exact_layout(make_layout(problem))):
        matrix = make_matrix(problem, layout)
        values = count_crew(matrix, crew)
        assert len(broken_rows(matrix, values)) == 0
        assert (values <= matrix.high).all()


def test_a_published_shift_of_another_kind_is_a_change() -> None:
    problem = centre(LONG, [[1] * 8] * 2)
    long = [("a0", 8, 10, "inbound"), ("a0", 10, 11, "lunch"), ("a0", 11, 13, "inbound")]
    others = [("a1", 8, 10, "inbound")]
    published = publish(problem, frame_of(problem, [*long, *others]))
    same = price(published, frame_of(problem, [*long, *others])).terms["change"]
    short = price(published, frame_of(problem, [("a0", 8, 10, "inbound"), *others]))
    assert same == 0
    assert short.terms["change"] == problem.weights.change


def test_swapped_shifts_are_of_the_takers_own_kinds() -> None:
    other = Contract("other", 120, 120, 1, 2, 8 * 60, 13 * 60, 60)
    problem = centre(LONG, [[1] * 8] * 2)
    people = (problem.agents[0], replace(problem.agents[1], contract="other"))
    problem = replace(problem, agents=people, contracts={"mixed": LONG, "other": other})
    whole = [("a0", 8, 10, "inbound"), ("a0", 10, 11, "lunch"), ("a0", 11, 13, "inbound")]
    frame = frame_of(problem, [*whole, ("a1", 12, 14, "inbound")])
    swapped = swap(crew_of(problem, frame), 0, 1, 0)
    assert swapped.starts[0] == {0: Begin(12, 1)}
    assert swapped.starts[1] == {0: Begin(8, 0)}
    assert check(problem, swapped.frame()) == []
