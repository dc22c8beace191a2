"""Whole rotas: legal, proven, the best there is where that can be counted."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import wfm
from tests.scheduling.lines.conftest import LIMITS, MONDAY, TYPES, make_whole
from tests.scheduling.lines.test_lines import every_line
from wfm.core.errors import DataError, InfeasibleError
from wfm.core.people import Agent
from wfm.core.rota import Rota, RotaContract, ShiftType
from wfm.scheduling.check import check
from wfm.scheduling.line_terms import OFF, LineTerms
from wfm.scheduling.lines.rota_value import lines_of, read_rota, rota_of
from wfm.scheduling.problem import Problem
from wfm.scheduling.roster import read_roster, types_of
from wfm.scheduling.rules import broken_lines
from wfm.scheduling.solve import solve

BENCHMARKS = Path(__file__).parents[3] / "benchmarks"
INSTANCES = Path(__file__).parents[4] / "shared" / "benchmarks" / "curtois"


def made(problem: Problem, seconds: float, **options: Any) -> Rota:
    return rota_of(problem, solve(problem, seconds=seconds, **options))


def just(problem: LineTerms, person: int) -> LineTerms:
    """The problem of one person."""
    rows = (
        "allowed",
        "most_of_type",
        "min_shifts",
        "min_minutes",
        "max_minutes",
        "max_in_row",
        "min_in_row",
    )
    rows += ("min_off_in_row", "max_weekends", "wish", "before_shift", "before_days")
    return replace(
        problem,
        people=(problem.people[person],),
        contracts=(problem.contracts[person],),
        **{name: getattr(problem, name)[[person]] for name in rows},
    )


@pytest.mark.parametrize("seed", range(3))
def test_two_people_get_the_best_of_all_pairs_of_legal_lines(seed: int) -> None:
    contract = RotaContract("c", {"night": 1}, 960, 1560, max_in_row=3, min_off_in_row=2)
    problem = make_whole(2, 5, contract, seed=seed)
    asked = lines_of(problem)
    lines = [every_line(just(asked, person)) for person in (0, 1)]
    least = min(asked.cost(np.stack(pair)) for pair in product(*lines))
    rota = made(problem, 4)
    assert rota.objective == pytest.approx(least)
    assert rota.bound <= least + 1e-6
    assert rota.violations == ()


def test_a_rota_is_legal_and_its_bound_below_its_cost(fortnight: Problem) -> None:
    schedule = solve(fortnight, seconds=3)
    assert check(fortnight, schedule.frame) == []
    rota, asked = rota_of(fortnight, schedule), lines_of(fortnight)
    roster = read_rota(asked, rota.frame)
    assert broken_lines(asked, roster) == []
    assert (types_of(fortnight, read_roster(fortnight, schedule.frame)) == roster).all()
    assert rota.objective == pytest.approx(asked.cost(roster))
    assert sum(rota.terms.values()) == pytest.approx(rota.objective)
    assert rota.bound <= rota.objective
    assert rota.coverage["scheduled"].sum() == len(rota.frame)
    assert rota.totals["wishes_missed"].sum() == pytest.approx(rota.terms["wishes"])


@pytest.fixture
def half_a_year() -> Problem:
    contract = replace(LIMITS, most_of_type={"night": 30}, max_weekends=13)
    return make_whole(3, 182, replace(contract, min_total_min=44000, max_total_min=50000))


def test_a_long_period_is_settled_stretch_by_stretch(half_a_year: Problem) -> None:
    rota = made(half_a_year, 8)
    assert rota.violations == ()
    nobody = lines_of(half_a_year).cost(np.full((3, 182), OFF))
    assert rota.objective < nobody / 2


def test_a_long_period_gets_its_first_lines_where_there_is_no_time_for_more(
    half_a_year: Problem, monkeypatch: pytest.MonkeyPatch
) -> None:
    for later in ("warm_up", "generate", "dive", "likeliest", "barter"):
        monkeypatch.delattr(f"wfm.scheduling.lines.solve.{later}")
    rota = made(half_a_year, 0.01)
    assert rota.violations == ()
    nobody = lines_of(half_a_year).cost(np.full((3, 182), OFF))
    assert rota.objective < nobody


def test_rules_that_clash_give_the_nearest_rota_and_say_where() -> None:
    contract = RotaContract("c", min_total_min=14 * 480, max_in_row=3)
    problem = make_whole(2, 14, contract)
    with pytest.raises(InfeasibleError, match="p0, p1") as caught:
        solve(problem, seconds=3)
    assert caught.value.nearest.status == "nearest"
    assert {v.rule for v in caught.value.violations} <= {"total_time", "days_in_row"}


def test_a_stopped_run_keeps_a_legal_rota(fortnight: Problem) -> None:
    rota = made(fortnight, 30, stop=lambda: True)
    assert rota.stopped_by == "cancel"
    assert rota.violations == ()
    assert rota.seconds < 5


def test_a_planner_makes_checks_and_hands_on_a_rota() -> None:
    people = [Agent(f"a{i}", f"a{i}", "full", frozenset()) for i in range(4)]
    full = RotaContract("full", {"night": 2}, max_in_row=5, min_off_in_row=2, max_weekends=1)
    week = pd.date_range(MONDAY, periods=14).date
    cover = pd.DataFrame(
        [(day, kind.shift, 1) for day in week for kind in TYPES[:2]],
        columns=["day", "shift", "required"],
    )
    wish = wfm.Wish("a0", week[3], "late", 5.0)
    rota = wfm.make_rota(people, [full], TYPES, cover, wishes=[wish], seconds=3)
    kept = wfm.check_rota(rota.frame, people, [full], TYPES, first_day=MONDAY, days=14)
    assert kept == []
    strict = replace(full, max_in_row=1)
    broken = wfm.check_rota(rota.frame, people, [strict], TYPES, first_day=MONDAY, days=14)
    assert {v.rule for v in broken} == {"days_in_row"}
    locks = wfm.rota_locks(rota, TYPES)
    assert len(locks) == 4 * 14
    assert sum(lock.start_min is not None for lock in locks) == len(rota.frame)


def test_hours_of_people_hold_by_the_clock_of_the_shift_types() -> None:
    mornings = Agent("a", "a", "full", frozenset(), hours="Mon-Fri 06:00-15:00")  # type: ignore[arg-type]
    abroad = Agent("b", "b", "full", frozenset(), time_zone="Asia/Tokyo")
    week = pd.date_range(MONDAY, periods=7).date
    cover = pd.DataFrame(
        [(day, kind.shift, 1) for day in week for kind in TYPES[:2]],
        columns=["day", "shift", "required"],
    )
    rota = wfm.make_rota([mornings, abroad], [RotaContract("full")], TYPES, cover, seconds=3)
    assert rota.violations == ()
    mine = rota.frame[rota.frame["agent"] == "a"]
    assert set(mine["shift"]) == {"early"}
    assert len(mine) == 5, "no weekend"
    late = pd.DataFrame({"agent": ["a"], "day": [MONDAY], "shift": ["late"]})
    broken = wfm.check_rota(
        late, [mornings, abroad], [RotaContract("full")], TYPES, first_day=MONDAY, days=7
    )
    assert {v.rule for v in broken} >= {"hours"}


def test_bad_input_is_refused_in_one_sentence() -> None:
    people = [Agent("a", "a", "full", frozenset())]
    full = RotaContract("full")
    cover = pd.DataFrame({"day": [MONDAY], "shift": ["noon"], "required": [1]})
    with pytest.raises(DataError, match="shift type 'noon' is not known"):
        wfm.make_rota(people, [full], TYPES, cover)
    late = cover.assign(shift="early", day=MONDAY + timedelta(days=9))
    with pytest.raises(DataError, match="lies outside the period"):
        wfm.make_rota(people, [full], TYPES, late, first_day=MONDAY, days=7)
    with pytest.raises(DataError, match="stands twice"):
        wfm.make_rota(people * 2, [full], TYPES, cover)
    rota = wfm.make_rota(people, [full], TYPES, cover.assign(shift="early"), seconds=2)
    with pytest.raises(DataError, match="has no start"):
        wfm.rota_locks(rota, [ShiftType("early", 480)])
    with pytest.raises(DataError, match=r"^rota: seconds is -1. Write 0 or more.$"):
        wfm.make_rota(people, [full], TYPES, cover.assign(shift="early"), seconds=-1)
    with pytest.raises(DataError, match="Write the least first"):
        RotaContract("c", min_total_min=10, max_total_min=5)


def scored(path: Path, roster: pd.DataFrame) -> tuple[float, list[str]]:
    """Cost and broken rules of a roster, straight from the instance's text."""
    rows: dict[str, list[list[str]]] = {}
    name = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("SECTION"):
            name = line.strip()
        elif line.strip() and not line.startswith("#"):
            rows.setdefault(name, []).append(line.strip().split(","))
    days = int(rows["SECTION_HORIZON"][0][0])
    has = {(r.employee, int(r.day)): r.shift for r in roster.itertuples()}
    minutes = {r[0]: int(r[1]) for r in rows["SECTION_SHIFTS"]}
    banned = {r[0]: set(r[2].split("|")) for r in rows["SECTION_SHIFTS"]}
    broken = [] if len(has) == len(roster) else ["two shifts on a day"]
    for who, most, high, low, most_row, least_row, least_off, ends in rows["SECTION_STAFF"]:
        line = [has.get((who, d), "") for d in range(days)]
        for a, b in pairwise(line):
            if a and b in banned[a] and b:
                broken.append(f"{who} {b} after {a}")
        for part in most.split("|"):
            kind, limit = part.split("=")
            if line.count(kind) > int(limit):
                broken.append(f"{who} too many {kind}")
        total = sum(minutes[s] for s in line if s)
        if not int(low) <= total <= int(high):
            broken.append(f"{who} {total} min")
        text = "".join("x" if s else "." for s in line)
        if "x" * (int(most_row) + 1) in text:
            broken.append(f"{who} too long a row")
        for kind, least, other in (("x", int(least_row), "."), (".", int(least_off), "x")):
            for n in range(1, least):
                if other + kind * n + other in text:
                    broken.append(f"{who} too short a row")
        if sum("x" in text[d : d + 2] for d in range(5, days, 7)) > int(ends):
            broken.append(f"{who} too many weekends")
    off = {(r[0], int(d)) for r in rows.get("SECTION_DAYS_OFF", []) for d in r[1:]}
    broken += [f"{who} works on day off {d}" for who, d in off if (who, d) in has]
    cost = 0.0
    for who, d, kind, weight in rows.get("SECTION_SHIFT_ON_REQUESTS", []):
        cost += float(weight) * (has.get((who, int(d))) != kind)
    for who, d, kind, weight in rows.get("SECTION_SHIFT_OFF_REQUESTS", []):
        cost += float(weight) * (has.get((who, int(d))) == kind)
    for d, kind, need, under, over in rows["SECTION_COVER"]:
        heads = sum(1 for (_, day), s in has.items() if day == int(d) and s == kind)
        cost += float(under) * max(int(need) - heads, 0) + float(over) * max(heads - int(need), 0)
    return cost, broken


@pytest.mark.skipif(not INSTANCES.exists(), reason="no folder of shared data")
@pytest.mark.parametrize("number", [1, 3, 9])
def test_the_published_instances_are_read_priced_and_kept_as_written(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    sys.modules.pop("curtois", None)
    import curtois  # type: ignore[import-not-found]

    path = INSTANCES / f"Instance{number}.txt"
    rota = made(curtois.read_instance(path), 3)
    table = curtois.roster_table(rota)
    cost, broken = scored(path, table)
    assert broken == []
    assert cost == pytest.approx(rota.objective)


def test_an_instance_with_empty_and_missing_sections_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    sys.modules.pop("curtois", None)
    import curtois

    path = tmp_path / "tiny.txt"
    path.write_text(
        "# tiny\r\nSECTION_HORIZON\r\n7\r\n\r\nSECTION_SHIFTS\r\nD,480,\r\nN,480,D\r\n"
        "SECTION_STAFF\r\n# ID\r\nA,D=7|N=0,2400,960,5,2,2,1\r\n\r\nSECTION_DAYS_OFF\r\n"
        "SECTION_SHIFT_ON_REQUESTS\r\n\r\nSECTION_COVER\r\n0,D,1,100,1\r\n"
    )
    problem = curtois.read_instance(path)
    asked = lines_of(problem)
    assert asked.days == 7
    assert asked.most_of_type.tolist() == [[7, 0]]
    assert not asked.may_follow[1, 0]
    assert asked.wish_base == 0
    assert made(problem, 2).violations == ()
