"""Runs a rostering instance of Curtois and Qu (2014) and writes the rota as csv.

    python benchmarks/curtois.py INSTANCE.txt --seconds 300 --seed 0 --out roster.csv

The seconds are the wall time of the whole command. Columns: employee, day from 0, shift; a day off
has no row.
"""

from __future__ import annotations

import time

BEGAN = time.perf_counter()
START_UP_S = 0.3
END_S = 0.7

import argparse  # noqa: E402
import json  # noqa: E402
from datetime import date, timedelta  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import pandas as pd  # noqa: E402

from wfm.core.people import Absence, Agent  # noqa: E402
from wfm.core.rota import Rota, RotaContract, ShiftType, Wish  # noqa: E402
from wfm.scheduling.lines.assemble import build_rota_problem  # noqa: E402
from wfm.scheduling.problem import Problem  # noqa: E402

MONDAY = date(2024, 1, 1)


def sections(text: str) -> dict[str, list[list[str]]]:
    """Rows of each section as lists of cells; a section that is missing is empty."""
    found: dict[str, list[list[str]]] = {}
    rows: list[list[str]] = []
    for raw in text.splitlines():
        line = raw.split("#")[0].strip()
        if line.upper().startswith("SECTION_"):
            rows = found.setdefault(line.upper().removeprefix("SECTION_"), [])
        elif line:
            rows.append([cell.strip() for cell in line.split(",")])
    return found


def read_instance(path: Path) -> Problem:
    """The instance as wfm's own values; each employee has a contract of its own."""
    found = sections(path.read_text(encoding="utf-8-sig"))
    days = int(found["HORIZON"][0][0])
    shifts = [
        ShiftType(row[0], int(row[1]), frozenset(_parts(row[2] if len(row) > 2 else "")))
        for row in found["SHIFTS"]
    ]
    contracts = [
        RotaContract(
            contract=row[0],
            most_of_type={k: int(v) for k, v in (p.split("=") for p in _parts(row[1]))},
            max_total_min=int(row[2]),
            min_total_min=int(row[3]),
            max_in_row=int(row[4]),
            min_in_row=max(int(row[5]), 1),
            min_off_in_row=max(int(row[6]), 1),
            max_weekends=int(row[7]),
        )
        for row in found["STAFF"]
    ]
    off = {row[0]: [int(cell) for cell in row[1:] if cell] for row in found.get("DAYS_OFF", [])}
    agents = [
        Agent(
            agent=c.contract,
            name=c.contract,
            contract=c.contract,
            skills=frozenset(),
            absences=tuple(Absence(_day(d), _day(d)) for d in off.get(c.contract, [])),
        )
        for c in contracts
    ]
    wishes = [
        Wish(row[0], _day(row[1]), row[2], float(row[3]), wanted)
        for name, wanted in (("SHIFT_ON_REQUESTS", True), ("SHIFT_OFF_REQUESTS", False))
        for row in found.get(name, [])
    ]
    cover = [
        (_day(row[0]), row[1], int(row[2]), float(row[3]), float(row[4]))
        for row in found.get("COVER", [])
    ]
    return build_rota_problem(agents, contracts, shifts, cover, wishes, first_day=MONDAY, days=days)


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split("|") if part.strip()]


def _day(number: int | str) -> date:
    return MONDAY + timedelta(days=int(number))


def roster_table(rota: Rota) -> pd.DataFrame:
    """`employee day shift` of a rota, days from 0."""
    table = rota.frame.rename(columns={"agent": "employee"})
    table["day"] = [(day - MONDAY).days for day in table["day"]]
    return table[["employee", "day", "shift"]]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("instance", type=Path)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path("roster.csv"))
    parser.add_argument("--verbose", action="store_true", help="print each progress report")
    args = parser.parse_args()

    from wfm.scheduling.lines.rota_value import rota_of
    from wfm.scheduling.solve import solve

    phases: dict[str, Any] = {}

    def report(progress: Any) -> None:
        phases.setdefault(progress.phase, round(progress.seconds, 1))
        if args.verbose:
            print(progress, flush=True)

    problem = read_instance(args.instance)
    left = args.seconds - (time.perf_counter() - BEGAN) - START_UP_S - END_S
    schedule = solve(problem, seconds=left, seed=args.seed, progress=report)
    rota = rota_of(problem, schedule)
    table = roster_table(rota)
    table.to_csv(args.out, index=False, lineterminator="\n")
    print(
        json.dumps(
            {
                "instance": args.instance.stem,
                "objective": round(rota.objective, 6),
                "bound": round(rota.bound, 3),
                "status": rota.status,
                "stopped_by": rota.stopped_by,
                "terms": rota.terms,
                "violations": len(rota.violations),
                "seconds": round(time.perf_counter() - BEGAN + START_UP_S, 1),
                "seed": args.seed,
                "phases_from_s": phases,
            }
        )
    )


if __name__ == "__main__":
    main()
