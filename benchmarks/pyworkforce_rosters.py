"""Shift types and rosters beside pyworkforce, in an environment of its own.

    python benchmarks/pyworkforce_rosters.py

pyworkforce's own examples and the same grown to 200 agents and 28 days: the same best values, and
the grown ones in at most a tenth of its seconds. Models are built and solved inside the time on
both sides.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from staffing_speed import environment

from wfm.core.people import Agent
from wfm.core.rota import RotaContract, ShiftType
from wfm.scheduling.lines.assemble import build_rota_problem
from wfm.scheduling.lines.heads import heads_by_type
from wfm.scheduling.lines.rota_value import lines_of, rota_of
from wfm.scheduling.solve import solve

OTHERS = Path(__file__).with_name("rosters_others.py")
MONDAY = date(2027, 1, 4)
MISSING = 1_000.0
"""Price of a head missing: dearer than any shift, so that cover is kept where it can be."""
SAME, MOST, SECONDS = 1e-6, 0.1, 30

MORNING = [int(5 <= hour < 13) for hour in range(24)]
AFTERNOON = [int(13 <= hour < 21) for hour in range(24)]
NIGHT = [int(hour < 5 or hour >= 21) for hour in range(24)]
MIXED = [int(9 <= hour < 17) for hour in range(24)]
COVERS = {"Morning": MORNING, "Afternoon": AFTERNOON, "Night": NIGHT, "Mixed": MIXED}
REQUIRED = [
    [9, 11, 17, 9, 7, 12, 5, 11, 8, 9, 18, 17, 8, 12, 16, 8, 7, 12, 11, 10, 13, 19, 16, 7],
    [13, 13, 12, 15, 18, 20, 13, 16, 17, 8, 13, 11, 6, 19, 11, 20, 19, 17, 10, 13, 14, 23, 16, 8],
]  # the example of pyworkforce's documentation


def heads_case(kind: str, days: int, scale: int) -> dict[str, Any]:
    """Its example of shift types, repeated over days and people."""
    required = [[scale * need for need in REQUIRED[day % 2]] for day in range(days)]
    return {
        "kind": kind,
        "num_days": days,
        "periods": 24,
        "shifts_coverage": COVERS,
        "required_resources": required,
        "max_period_concurrency": 40 * scale,
        "max_shift_concurrency": 30 * scale,
    }


def grown(own: dict[str, Any], people: int, weeks: int) -> dict[str, Any]:
    """Its roster with more people and weeks, each like one of its own."""
    names = [f"r{i:03d}" for i in range(people)]
    like = {name: names[i :: len(own["resources"])] for i, name in enumerate(own["resources"])}
    share = people / len(own["resources"])

    def each(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{**row, "resource": name} for row in rows for name in like[row["resource"]]]

    banned = [
        {**row, "day": row["day"] + 7 * week}
        for row in each(own["banned_shifts"])
        for week in range(weeks)
    ]
    required = {
        shift: [int(share * need) for need in heads] * weeks
        for shift, heads in own["required_resources"].items()
    }
    return {
        **own,
        "num_days": 7 * weeks,
        "resources": names,
        "min_working_hours": own["min_working_hours"] * weeks,
        "max_resting": own["max_resting"] * weeks,
        "banned_shifts": banned,
        "required_resources": required,
        "resources_preferences": each(own["resources_preferences"]),
        "resources_prioritization": each(own["resources_prioritization"]),
    }


def our_heads(case: dict[str, Any]) -> float:
    """Value of the best heads by type."""
    required = np.array(case["required_resources"])
    covers = np.array(list(case["shifts_coverage"].values()))
    least = case["kind"] == "required"
    heads = heads_by_type(
        required,
        covers,
        prices=np.ones(len(covers)) if least else None,
        most_of_type=case["max_shift_concurrency"],
        most_at_once=case["max_period_concurrency"],
    )
    return float(heads.sum() if least else np.abs(heads @ covers - required).sum())


def our_roster(case: dict[str, Any]) -> float:
    """Value of the best roster: hours, less preferences granted.

    pyworkforce's rule of two shifts that may not follow each other leaves the day after the first
    one free of every shift; so does ours here.
    """
    shifts, days = case["shifts"], case["num_days"]
    origins = {row["origin"] for row in case["non_sequential_shifts"] or ()}
    contract = RotaContract(
        "all", min_total_min=60 * case["min_working_hours"], min_shifts=days - case["max_resting"]
    )
    types = [
        ShiftType(shift, 60 * hours, frozenset(shifts if shift in origins else ()))
        for shift, hours in zip(shifts, case["shifts_hours"], strict=True)
    ]
    cover = [
        (MONDAY + timedelta(days=day), shift, need, MISSING, 0.0)
        for shift, heads in case["required_resources"].items()
        for day, need in enumerate(heads)
    ]
    agents = [Agent(name, name, "all", frozenset()) for name in case["resources"]]
    problem = build_rota_problem(agents, [contract], types, cover, first_day=MONDAY, days=days)
    numbers = {name: i for i, name in enumerate(case["resources"])}
    weight = {row["resource"]: row["weight"] for row in case["resources_prioritization"] or ()}
    asked = lines_of(problem)
    asked.wish[:] = np.array(case["shifts_hours"], dtype=float)
    for row in case["resources_preferences"] or ():
        person, kind = numbers[row["resource"]], shifts.index(row["shift"])
        asked.wish[person, :, kind] -= weight.get(row["resource"], 1.0)
    for row in case["banned_shifts"] or ():
        person, kind = numbers[row["resource"]], shifts.index(row["shift"])
        asked.allowed[person, row["day"], kind] = False
    rota = rota_of(problem, solve(problem, seconds=SECONDS))
    print(f"    ours: {rota.status}, gap {rota.gap:.4%}, missing {rota.terms['under'] / MISSING:g}")
    return rota.objective


def main() -> None:
    python = environment()
    told = subprocess.run([str(python), str(OTHERS), "own"], check=True, capture_output=True)
    own = {"kind": "roster", **json.loads(told.stdout)}
    cases = {
        "heads nearest, its example": heads_case("difference", 2, 1),
        "heads nearest, 200 agents x 28 days": heads_case("difference", 28, 4),
        "least heads, its example": heads_case("required", 2, 1),
        "least heads, 200 agents x 28 days": heads_case("required", 28, 4),
        "roster, its example": own,
        "roster, 200 agents x 28 days": grown(own, 200, 4),
    }
    asked = json.dumps(list(cases.values()))
    done = subprocess.run(
        [str(python), str(OTHERS)], check=True, capture_output=True, input=asked, text=True
    )
    fine = True
    for (name, case), theirs in zip(cases.items(), json.loads(done.stdout), strict=True):
        began = time.perf_counter()
        value = our_roster(case) if case["kind"] == "roster" else our_heads(case)
        seconds = time.perf_counter() - began
        share = seconds / theirs["seconds"]
        answered = theirs["status"] in ("OPTIMAL", "FEASIBLE")
        good = value <= theirs["value"] + SAME and (share <= MOST or "example" in name)
        verdict = ("PASS" if good else "FAIL") if answered else "it has no answer: NOT COMPARED"
        fine &= verdict == "PASS"
        print(
            f"{name:38} pyworkforce {theirs['value']:10,.1f} {theirs['status']} "
            f"{theirs['seconds']:8.3f} s   wfm {value:10,.1f} {seconds:8.3f} s   "
            f"{share:6.3f} of its seconds {verdict}"
        )
    sys.exit(not fine)


if __name__ == "__main__":
    main()
