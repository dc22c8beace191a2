"""Runs a contact-centre scheduling problem and writes the schedule as csv.

    python benchmarks/contact_centre.py PROBLEM_DIR --seconds 60 --seed 0 --out schedule.csv

The seconds are the wall time of the whole command. The problem folder holds problem.json,
agents.csv and requirement.csv.
"""

from __future__ import annotations

import time

BEGAN = time.perf_counter()
START_UP_S = 0.2
END_S = 1.0

import argparse  # noqa: E402
import json  # noqa: E402
from datetime import date, timedelta  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import pandas as pd  # noqa: E402

from wfm.core.calendars import Opening  # noqa: E402
from wfm.core.people import Absence, Agent, Break, Contract  # noqa: E402
from wfm.core.types import Requirement  # noqa: E402
from wfm.core.work import Campaign  # noqa: E402
from wfm.scheduling.assemble import build_problem  # noqa: E402
from wfm.scheduling.problem import Problem  # noqa: E402
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


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("problem", type=Path)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path("schedule.csv"))
    parser.add_argument("--verbose", action="store_true", help="print each progress report")
    args = parser.parse_args()

    from wfm.scheduling.solve import Progress, solve

    phases: dict[str, float] = {}

    def report(progress: Progress) -> None:
        phases.setdefault(progress.phase, round(progress.seconds, 1))
        if args.verbose:
            print(progress, flush=True)

    problem = read_problem(args.problem, args.seed)
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
                "violations": len(schedule.violations),
                "seconds": round(time.perf_counter() - BEGAN + START_UP_S, 1),
                "seed": args.seed,
                "phases_from_s": phases,
            }
        )
    )


if __name__ == "__main__":
    main()
