"""A hundred schedules, legal and mutated, judged as the benchmark's own scorer judges them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.scheduling.test_benchmark import bench, report, write
from wfm.scheduling.check import check, price
from wfm.scheduling.people.construct import first_crew
from wfm.scheduling.problem import Problem
from wfm.scheduling.solve import solve

__all__ = ["bench"]

CASES = [("TINY", 0), ("TINY", 1), ("A", 0), ("A", 1), ("E", 0)]
EACH = 20
STEP = pd.Timedelta(minutes=15)
DAY = pd.Timedelta(days=1)
THEIR_NAMES = {"starts": "start_grid", "one_shift_a_day": "one_shift_per_day"}
BREAKS = ("break", "lunch")
OF_A_WEEK = ("min_days", "max_days", "band")
"""Of a shift outside the horizon the scorer counts the day in its week, the checker does not."""


@pytest.mark.slow
@pytest.mark.parametrize(("case", "seed"), CASES)
def test_the_checker_and_the_scorer_say_the_same(
    bench: Any, tmp_path: Any, case: str, seed: int
) -> None:
    folder = write(bench, case, seed, tmp_path)
    problem = bench[2].read_problem(folder)
    random = np.random.default_rng([seed, len(case)])
    schedules = [first_crew(problem).frame(), solve(problem, seconds=5, seed=seed).frame]
    for number in range(EACH - len(schedules)):
        frame = schedules[number % 2]
        for _ in range(int(random.integers(1, 5))):
            frame = mutant(random, problem, frame)
        schedules.append(frame)
    broken = set()
    for number, frame in enumerate(schedules):
        told = report(bench, folder, frame)
        ours = {(theirs(v.rule, v.text), v.agent) for v in check(problem, frame)}
        theirs_too = {(v["rule"], v["agent"]) for v in told["violations"]}
        outside = {agent for rule, agent in ours if rule == "horizon"}
        apart = {(r, a) for r, a in ours ^ theirs_too if a not in outside or r not in OF_A_WEEK}
        assert apart == set(), number
        assert price(problem, frame).objective == told["objective"], number
        assert price(problem, frame).terms == told["terms"], number
        assert number > 1 or told["legal"]
        broken |= {rule for rule, _ in ours}
    print(f"{case}-{seed}: {len(schedules)} schedules, rules broken: {', '.join(sorted(broken))}")
    assert len(broken) > (4 if case == "TINY" else 7)


def theirs(rule: str, text: str) -> str:
    """The scorer's name of a rule."""
    if rule == "days_per_week":
        worked, fewest = [int(word) for word in text.split() if word.isdigit()][:2]
        return "min_days" if worked < fewest else "max_days"
    return THEIR_NAMES.get(rule, rule)


def shifts(frame: pd.DataFrame) -> pd.Series:
    """The number of the shift of each segment."""
    new = frame["agent"].ne(frame["agent"].shift()) | frame["start"].ne(frame["end"].shift())
    return new.cumsum()


def mutant(random: np.random.Generator, problem: Problem, frame: pd.DataFrame) -> pd.DataFrame:
    """A copy changed in one place, in one of many ways."""
    number = shifts(frame)
    mine = number == random.choice(number.unique())
    own, rest = frame[mine].copy(), frame[~mine]
    kind = str(random.choice(list(KINDS)))
    changed = KINDS[kind](random, problem, own)
    return pd.concat([rest, changed]).sort_values(["agent", "start"], ignore_index=True)


def moved(own: pd.DataFrame, by: pd.Timedelta) -> pd.DataFrame:
    return own.assign(start=own["start"] + by, end=own["end"] + by)


def later(random: np.random.Generator, problem: Problem, own: pd.DataFrame) -> pd.DataFrame:
    """The shift some quarters of an hour earlier or later."""
    return moved(own, STEP * int(random.choice([-20, -6, -2, -1, 1, 2, 3, 7, 24])))


def far(random: np.random.Generator, problem: Problem, own: pd.DataFrame) -> pd.DataFrame:
    """The shift on another day, also outside the horizon."""
    return moved(own, DAY * int(random.choice([-6, -1, 1, 2, 6])))


def added(random: np.random.Generator, problem: Problem, own: pd.DataFrame) -> pd.DataFrame:
    """The shift twice, on two days or on one."""
    return pd.concat([own, moved(own, STEP * int(random.choice([-96, 96, 192, 36, 40, 70])))])


def dropped(random: np.random.Generator, problem: Problem, own: pd.DataFrame) -> pd.DataFrame:
    """A day off instead."""
    return own.iloc[:0]


def given(random: np.random.Generator, problem: Problem, own: pd.DataFrame) -> pd.DataFrame:
    """The shift of somebody else."""
    return own.assign(agent=random.choice([a.agent for a in problem.agents]))


def break_moved(random: np.random.Generator, problem: Problem, own: pd.DataFrame) -> pd.DataFrame:
    """A break earlier or later, between the pieces beside it."""
    inner = own.index[1:-1]
    pauses = [i for i in inner if own.loc[i, "activity"] in BREAKS]
    if not pauses:
        return own
    at = random.choice(pauses)
    by = STEP * int(random.choice([-3, -2, -1, 1, 2, 3]))
    before, after = at - 1, at + 1
    if own.loc[before, "end"] + by <= own.loc[before, "start"]:
        return own
    if own.loc[after, "start"] + by >= own.loc[after, "end"]:
        return own
    own.loc[before, "end"] += by
    own.loc[after, "start"] += by
    own.loc[at, ["start", "end"]] += by
    return own


def recoded(random: np.random.Generator, problem: Problem, own: pd.DataFrame) -> pd.DataFrame:
    """Another activity in one piece."""
    work = [("inbound", q) for q in problem.queues]
    work += [("outbound", c.campaign) for c in problem.campaigns]
    every = [*work, ("break", ""), ("lunch", "")]
    at = random.choice(own.index)
    own.loc[at, ["activity", "queue"]] = every[int(random.integers(len(every)))]
    return own


def cut(random: np.random.Generator, problem: Problem, own: pd.DataFrame) -> pd.DataFrame:
    """A piece shorter, longer, away, or off the grid."""
    at = random.choice(own.index)
    how = random.integers(4)
    if how == 0:
        return own.drop(index=at)
    own.loc[at, "end"] += (STEP, -STEP, pd.Timedelta(minutes=7))[how - 1]
    return own


def split(random: np.random.Generator, problem: Problem, own: pd.DataFrame) -> pd.DataFrame:
    """A quarter of an hour of outbound work inside a piece."""
    long = [i for i in own.index if own.loc[i, "end"] - own.loc[i, "start"] > 2 * STEP]
    if not long or not problem.campaigns:
        return own
    at = random.choice(long)
    begin = own.loc[at, "start"] + STEP
    middle = own.loc[[at]].assign(start=begin, end=begin + STEP, activity="outbound")
    middle["queue"] = problem.campaigns[int(random.integers(len(problem.campaigns)))].campaign
    tail = own.loc[[at]].assign(start=begin + STEP)
    own.loc[at, "end"] = begin
    return pd.concat([own, middle, tail])


def unknown(random: np.random.Generator, problem: Problem, own: pd.DataFrame) -> pd.DataFrame:
    """Nobody's shift."""
    return own.assign(agent="nobody")


KINDS = {
    change.__name__: change
    for change in (later, far, added, dropped, given, break_moved, recoded, cut, split, unknown)
}
