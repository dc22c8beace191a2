"""What further kinds of shift save: the same people and hours with one kind and with several.

    python benchmarks/shift_kinds.py --agents 60 --seconds 40 --seed 0

Half of the people are full-timers of 36 to 40 paid hours a week (8 h; with kinds also 10 h and a
split shift of 4 + 4 h with three hours between), half part-timers of 20 to 24 (6 h; with kinds also
4 and 8 h). The requirement has two peaks a day, from 08:00 to 22:00; weekends ask for less.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd

from wfm.core.intervals import day_grid
from wfm.core.people import Agent, Break, Contract, ShiftKind
from wfm.core.types import Requirement, Schedule
from wfm.scheduling.assemble import build_problem
from wfm.scheduling.settings import Rules
from wfm.scheduling.solve import solve

MONDAY = date(2027, 1, 4)
TEA, LUNCH = Break("tea", 15, 60, 120, paid=True), Break("lunch", 30, 180, 270, paid=False)
GAP = Break("gap", 180, 240, 240, paid=False)
LONG = ShiftKind("long", 630, 600, 8 * 60, 11 * 60 + 30, 30, (TEA, LUNCH))
SPLIT = ShiftKind("split", 660, 480, 8 * 60, 11 * 60, 30, (GAP,))
FULL = Contract(
    *("full", 510, 480, 3, 5, 8 * 60, 13 * 60 + 30, 30, (TEA, LUNCH), (LONG, SPLIT)),
    min_hours_week=36,
    max_hours_week=40,
)
SHORT = ShiftKind("short", 240, 240, 8 * 60, 18 * 60, 30)
EIGHT = ShiftKind("eight", 510, 480, 8 * 60, 13 * 60 + 30, 30, (TEA, LUNCH))
PART = Contract(
    *("part", 360, 360, 3, 5, 8 * 60, 15 * 60 + 30, 30),
    (TEA,),
    (SHORT, EIGHT),
    min_hours_week=20,
    max_hours_week=24,
)


def requirement(agents: int) -> Requirement:
    """Heads by half hour: peaks at 11:00 and 18:00, an afternoon between them."""
    grid = day_grid(MONDAY, 7, timedelta(minutes=30), "Europe/Istanbul")
    hour = np.asarray(grid.hour + grid.minute / 60)
    shape = np.exp(-(((hour - 11) / 1.8) ** 2)) + np.exp(-(((hour - 18) / 1.6) ** 2)) + 0.15
    level = np.where(np.asarray(grid.day_of_week) < 5, 0.46, 0.26) * agents
    heads = np.round(shape * level).astype(int)
    is_open = (hour >= 8) & (hour < 22)
    frame = pd.DataFrame(
        {"start": grid[is_open], "queue": "voice", "agents": heads[is_open]}
    ).assign(scheduled=heads[is_open])
    return Requirement(frame, timedelta(minutes=30))


def run(agents: int, seconds: float, seed: int, *, kinds: bool) -> Schedule:
    """One schedule, with all kinds or only the contracts' own."""
    terms = [c if kinds else replace(c, more_shifts=()) for c in (FULL, PART)]
    people = [
        Agent(f"a{i:03}", f"a{i:03}", terms[i % 2].contract, frozenset({"voice"}))
        for i in range(agents)
    ]
    rules = Rules(band_min=180)
    problem = build_problem(requirement(agents), people, terms, rules=rules, first_day=MONDAY)
    return solve(problem, seconds=seconds, seed=seed)


def main() -> None:
    """Print both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agents", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=40)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    for kinds in (False, True):
        made = run(asked.agents, asked.seconds, asked.seed, kinds=kinds)
        short = made.coverage["under"].sum() / 2
        print(
            f"{'kinds' if kinds else 'one kind'}: cost {made.objective:.0f}, bound "
            f"{made.bound:.0f}, gap {made.gap:.2%}, above least labour "
            f"{(made.objective - made.bound) / (made.objective - made.min_labour):.1%}, "
            f"{short:.1f} agent hours short, {made.totals['paid_h'].sum():.0f} paid hours, "
            f"{made.seconds:.0f} s, {made.stopped_by}, {len(made.violations)} violations"
        )


if __name__ == "__main__":
    main()
