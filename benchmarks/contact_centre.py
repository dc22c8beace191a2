"""Runs a contact-centre scheduling problem and writes the schedule as csv.

    python benchmarks/contact_centre.py PROBLEM_DIR --seconds 60 --seed 0 --out schedule.csv

The seconds are the wall time of the whole command. The problem folder holds problem.json,
agents.csv and requirement.csv.
"""

from __future__ import annotations

import time

BEGAN = time.perf_counter()
START_UP_S = 0.2
END_S = 1.5

import argparse  # noqa: E402
import json  # noqa: E402
from dataclasses import replace  # noqa: E402
from datetime import date, timedelta  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

from wfm.core.calendars import Opening  # noqa: E402
from wfm.core.edits import Lock  # noqa: E402
from wfm.core.people import Absence, Agent, Break, CarryIn, Contract  # noqa: E402
from wfm.core.types import Requirement  # noqa: E402
from wfm.core.work import Campaign  # noqa: E402
from wfm.scheduling.assemble import build_problem  # noqa: E402
from wfm.scheduling.problem import Problem  # noqa: E402
from wfm.scheduling.refused.persons import check_persons  # noqa: E402
from wfm.scheduling.settings import Rules, Weights  # noqa: E402

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def read_problem(folder: Path, seed: int = 0) -> Problem:
    """The problem of a folder as wfm's own values."""
    raw = json.loads((folder / "problem.json").read_text(encoding="utf-8"))
    step, rules, costs = raw["interval_min"], raw["rules"], raw["costs"]
    table = pd.read_csv(folder / "agents.csv", dtype=str, keep_default_na=False)
    agents = [
        Agent(
            agent=row.agent,
            name=row.agent,
            contract=row.contract,
            skills=frozenset(row.skills.split("|")),
            absences=tuple(
                Absence(date.fromisoformat(d), date.fromisoformat(d))
                for d in row.absent_days.split("|")
                if d
            ),
        )
        for row in table.itertuples()
    ]
    contracts = [
        _contract(name, c, rules["start_grid_min"]) for name, c in raw["contracts"].items()
    ]
    campaigns = [
        Campaign(
            campaign=c["name"],
            skill=c["skill"],
            permitted=_opening(c["permitted"]),
            target_h=c["target"] * step / 60,
        )
        for c in raw["campaigns"]
    ]
    demand = pd.read_csv(folder / "requirement.csv", parse_dates=["start"])
    frame = pd.DataFrame(
        {
            "start": demand["start"].dt.tz_localize(raw["time_zone"]),
            "queue": demand["queue"],
            "agents": demand["agents"],
            "scheduled": demand["agents"],
        }
    )
    return build_problem(
        Requirement(frame, timedelta(minutes=step)),
        agents,
        contracts,
        campaigns,
        Rules(
            rest_min=rules["min_rest_min"],
            band_min=rules["band_width_min"],
            outbound_block_min=rules["outbound_min_block_min"],
            band_raster_min=rules["band_raster_min"],
            prorate_days=False,
        ),
        Weights(
            under=tuple(costs["under"]),
            under_step=costs["under_step_divisor"],
            over=costs["over"],
            labour=costs["labour"],
            outbound_short=costs["outbound_short"],
            outbound_over=costs["outbound_over"],
        ),
        date.fromisoformat(raw["start_date"]),
        raw["days"],
        seed=seed,
    )


def _contract(name: str, raw: dict[str, Any], grid_min: int) -> Contract:
    return Contract(
        contract=name,
        shift_min=raw["shift_min"],
        paid_min=raw["paid_min"],
        min_days_week=raw["min_days_week"],
        max_days_week=raw["max_days_week"],
        start_from_min=0,
        start_to_min=24 * 60 - grid_min,
        start_grid_min=grid_min,
        breaks=tuple(
            Break(b["activity"], b["length_min"], b["earliest_min"], b["latest_min"], b["paid"])
            for b in raw["breaks"]
        ),
    )


def _opening(windows: list[dict[str, Any]]) -> Opening:
    parts = [
        f"{','.join(WEEKDAYS[d] for d in w['weekdays'])} {w['from']}-{w['to']}" for w in windows
    ]
    return Opening.parse("; ".join(parts))


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Segments with local stamps to the minute and without an offset."""
    table = frame.copy()
    for column in ("start", "end"):
        table[column] = table[column].dt.strftime("%Y-%m-%dT%H:%M")
    table.to_csv(path, index=False, lineterminator="\n")


def with_individual_rules(problem: Problem, seed: int) -> Problem:
    """The same problem with a past, wishes and locks for its people, drawn by a seed.

    At most 5 days in a row and one weekend in two off for all, a preferred start for 40 % of the
    agents, ends, rows and weekends of the week before, and locks on 5 % of the shifts of a legal
    schedule.
    """
    from wfm.scheduling.people.construct import first_crew
    from wfm.scheduling.people.weekends import plan_weekends

    random = np.random.default_rng(seed)
    midnight = pd.Timestamp(problem.grid[0])
    agents, carried = [], {}
    for agent in problem.agents:
        wish = int(random.integers(48)) * 30 if random.random() < 0.4 else None
        agents.append(replace(agent, preferred_start_min=wish))
        row = int(random.integers(0, 6))
        end = midnight + pd.Timedelta(minutes=15 * int(random.integers(-48, 24)))
        worked = bool(random.random() < 0.5)
        earlier = None if row == 0 else end.to_pydatetime()
        carried[agent.agent] = CarryIn(earlier, row, (worked,))
    rules = replace(problem.rules, max_days_in_row=5, weekends_off_in=2)
    problem = replace(problem, agents=tuple(agents), carried=carried, rules=rules)
    crew = first_crew(plan_weekends(problem))
    shifts = [
        (i, day, begin.start) for i, days in enumerate(crew.starts) for day, begin in days.items()
    ]
    chosen = random.choice(len(shifts), size=round(0.05 * len(shifts)), replace=False)
    locks = [
        Lock(
            problem.agents[shifts[k][0]].agent,
            problem.first_day + timedelta(days=shifts[k][1]),
            int(problem.clock[shifts[k][2]]),
        )
        for k in sorted(chosen.tolist())
    ]
    problem = replace(problem, locks=tuple(locks))
    check_persons(problem)
    return problem


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("problem", type=Path)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path("schedule.csv"))
    parser.add_argument(
        "--individual",
        action="store_true",
        help="rules for single people: 5 days in a row, every other weekend off, wishes,\n"
        "locks, and what last week left",
    )
    parser.add_argument("--verbose", action="store_true", help="print each progress report")
    args = parser.parse_args()

    from wfm.scheduling.solve import Progress, solve

    phases: dict[str, float] = {}

    def report(progress: Progress) -> None:
        phases.setdefault(progress.phase, round(progress.seconds, 1))
        if args.verbose:
            print(progress, flush=True)

    problem = read_problem(args.problem, args.seed)
    if args.individual:
        problem = with_individual_rules(problem, args.seed)
    left = args.seconds - (time.perf_counter() - BEGAN) - START_UP_S - END_S
    schedule = solve(problem, seconds=left, seed=args.seed, progress=report)
    write_csv(schedule.frame, args.out)
    print(
        json.dumps(
            {
                "objective": round(schedule.objective, 6),
                "bound": round(schedule.bound, 6),
                "gap": round(schedule.gap, 6),
                "gap_above_min_labour": round(schedule.gap_above_min_labour, 6),
                "status": schedule.status,
                "stopped_by": schedule.stopped_by,
                "terms": {name: round(value, 1) for name, value in schedule.terms.items()},
                "violations": len(schedule.violations),
                "seconds": round(time.perf_counter() - BEGAN + START_UP_S, 1),
                "seed": args.seed,
                "phases_from_s": phases,
            }
        )
    )


if __name__ == "__main__":
    main()
