"""How the time to a good schedule grows with the number of agents.

    python benchmarks/growth.py GENERATE.py --agents 200 400 700 1000 --gap 0.01

GENERATE.py is the generator of the contact-centre problems; each size is a week of its case of one
queue, drawn by `--seed`. Every size runs in a process of its own, so that its peak memory is its
own; the seconds are the wall time of that whole process, start to end. A row a size is printed, and
the exponent of the power law that fits the seconds best (least squares of their logarithms).
"""

from __future__ import annotations

import time

BEGAN = time.perf_counter()
START_UP_S = 0.2

import argparse  # noqa: E402
import importlib.util  # noqa: E402
import json  # noqa: E402
import resource  # noqa: E402
import subprocess  # noqa: E402
import sys  # noqa: E402
import tempfile  # noqa: E402
from pathlib import Path  # noqa: E402

import numpy as np  # noqa: E402

DAYS = 7
CASE = "GROWTH"
KIB_PER_GIB = 1024**2


def exponent(agents: list[int], seconds: list[float]) -> float:
    """Slope of log seconds over log agents.

    >>> round(exponent([100, 400], [2.0, 4.0]), 6)
    0.5
    """
    return float(np.polyfit(np.log(agents), np.log(seconds), 1)[0])


def write_problem(generator: Path, agents: int, seed: int, folder: Path) -> None:
    """Write problem.json, agents.csv and requirement.csv of a week of so many agents."""
    spec = importlib.util.spec_from_file_location("generate", generator)
    assert spec is not None
    assert spec.loader is not None
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)
    generate.CASES[CASE] = (agents, DAYS)
    problem, people, requirement = generate.generate(CASE, seed)
    (folder / "problem.json").write_text(json.dumps(problem), encoding="utf-8")
    people.to_csv(folder / "agents.csv", index=False)
    requirement.to_csv(folder / "requirement.csv", index=False)


def run_one(folder: Path, gap: float, seconds: float, seed: int) -> dict[str, float]:
    """Solve until the gap is reached: seconds, gap and peak memory [GiB] of this process."""
    from contact_centre import read_problem

    from wfm.scheduling.solve import solve

    problem = read_problem(folder, seed)
    made = solve(problem, seconds=seconds, seed=seed, gap=gap)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_PER_GIB
    spent = time.perf_counter() - BEGAN + START_UP_S
    return {
        "agents": len(problem.agents),
        "seconds": round(spent, 1),
        "gap": round(made.gap, 5),
        "violations": len(made.violations),
        "peak_gib": round(peak, 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("generator", type=Path, help="generate.py, or the folder of one problem")
    parser.add_argument("--agents", type=int, nargs="+", default=[200, 400, 700, 1000])
    parser.add_argument("--gap", type=float, default=0.01)
    parser.add_argument("--seconds", type=float, default=120.0, help="most for one size")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    if args.generator.is_dir():
        print(json.dumps(run_one(args.generator, args.gap, args.seconds, args.seed)))
        return
    rows = []
    for agents in args.agents:
        with tempfile.TemporaryDirectory() as folder:
            write_problem(args.generator, agents, args.seed, Path(folder))
            asked = ("--gap", args.gap, "--seconds", args.seconds, "--seed", args.seed)
            command = [sys.executable, __file__, folder, *map(str, asked)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
        rows.append(json.loads(done.stdout.splitlines()[-1]))
        print(json.dumps(rows[-1]), flush=True)
    if len(rows) > 1:
        fitted = exponent([r["agents"] for r in rows], [r["seconds"] for r in rows])
        peak = max(row["peak_gib"] for row in rows)
        print(json.dumps({"exponent": round(fitted, 3), "peak_gib": peak}))


if __name__ == "__main__":
    main()
