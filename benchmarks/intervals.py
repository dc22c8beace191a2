"""Three years of quarter hours in 50 queues, read, checked and kept, beside pandas: seconds and MB.

A seeded file of 5 million rows is written to a temporary folder. `wfm` reads it into a history,
looks it over (`quality`) and saves it as a version in a new SQLite file. pandas reads the same file
as a planner's script would, its stamps as times: `read_csv(path, parse_dates=["start"])`, and
nothing else. Each runs in a process of its own, in turn, imports done before; the best of the
rounds counts. Must: at most 3 times the seconds of pandas. The time of a `read_csv` that leaves the
stamps as texts, with which nothing can be planned, stands beside it.

    python benchmarks/intervals.py --queues 50 --years 3 --rounds 2
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

MOST_RATIO = 3.0
ZONE = "Europe/Berlin"


def make(path: Path, queues: int, years: float, seed: int) -> int:
    """Write the file; returns its rows."""
    random = np.random.default_rng(seed)
    end = pd.Timestamp("2023-01-02") + pd.Timedelta(days=round(365.25 * years))
    stamps = pd.date_range("2023-01-02", end, freq="15min", tz=ZONE, inclusive="left")
    slot = stamps.hour * 4 + stamps.minute // 15
    day = 1 + np.sin((slot - 32) / 96 * 2 * np.pi)
    texts = stamps.tz_convert("UTC").strftime("%Y-%m-%dT%H:%M:%SZ").to_numpy()
    rows = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("start,queue,offered,answered,abandoned,aht_s\n")
        for number in range(queues):
            offered = random.poisson(12 * day)
            abandoned = random.binomial(offered, 0.04)
            part = pd.DataFrame(
                {
                    "start": texts,
                    "queue": f"queue {number:02d}",
                    "offered": offered,
                    "answered": offered - abandoned,
                    "abandoned": abandoned,
                    "aht_s": random.integers(180, 420, len(offered)),
                }
            )
            part.to_csv(file, header=False, index=False, lineterminator="\n")
            rows += len(part)
    return rows


def measure(kind: str, path: Path) -> None:
    """One reading in this process; prints seconds of each step, peak memory and the contacts."""
    import pyarrow.csv
    import pyarrow.parquet  # noqa: F401 - what the steps below would import

    import wfm
    from wfm.io import quality
    from wfm.store import open_store

    steps: dict[str, float] = {}

    def lap(name: str, since: float) -> float:
        now = time.perf_counter()
        steps[name] = now - since
        return now

    begin = at = time.perf_counter()
    if kind != "wfm":
        dates = {"parse_dates": ["start"]} if kind == "dates" else {}
        frame = pd.read_csv(path, **dates)
        lap("read", at)
        most = peak_mb()
        told = [float(frame["offered"].sum()), float(len(frame))]
    else:
        history = wfm.read_history(path, time_zone=ZONE, interval="15min")
        at = lap("read", at)
        found = quality(history)
        at = lap("check", at)
        with tempfile.TemporaryDirectory(dir=path.parent) as folder:
            store = open_store(Path(folder) / "plans.db")
            store.create_project("A")
            at = time.perf_counter()
            version = store.save("A", "history", history)
            at = lap("save", at)
            most = peak_mb()
            same = store.load(version.id).frame.equals(history.frame)
        told = [float(history.frame["offered"].sum()), float(len(history.frame))]
        steps["findings"] = float(len(found.findings))
        assert same, "what is kept is what was read"
    spent = sum(v for k, v in steps.items() if k != "findings")
    assert spent <= time.perf_counter() - begin
    print(json.dumps({"seconds": spent, "steps": steps, "mb": most, "told": told}))


def peak_mb() -> float:
    """Most memory this process held [MB]."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(x for x in status.read_text().splitlines() if x.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queues", type=int, default=50)
    parser.add_argument("--years", type=float, default=3.0)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--one", nargs=2, metavar=("KIND", "PATH"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        measure(given.one[0], Path(given.one[1]))
        return 0
    with tempfile.TemporaryDirectory(prefix="wfm-benchmark-") as folder:
        path = Path(folder) / "history.csv"
        rows = make(path, given.queues, given.years, given.seed)
        print(
            f"{rows:,} rows, {path.stat().st_size / 1e6:.0f} MB, seed {given.seed}, "
            f"{os.cpu_count()} cores, {platform.platform()}"
        )
        best: dict[str, dict] = {}
        for _ in range(given.rounds):
            for who in ("plain", "dates", "wfm"):
                done = subprocess.run(
                    [sys.executable, __file__, "--one", who, str(path)],
                    capture_output=True, text=True, check=True,
                )  # fmt: skip
                found = json.loads(done.stdout.strip().splitlines()[-1])
                if who not in best or found["seconds"] < best[who]["seconds"]:
                    best[who] = found
    for who, name in (
        ("plain", "pandas, stamps as text"),
        ("dates", "pandas, stamps parsed"),
        ("wfm", "wfm, read, checked, kept"),
    ):
        steps = ", ".join(f"{k} {v:.2f}" for k, v in best[who]["steps"].items())
        print(f"{name:26s} {best[who]['seconds']:6.2f} s ({steps}) {best[who]['mb']:.0f} MB peak")
    same = best["wfm"]["told"] == best["plain"]["told"]
    hard = best["wfm"]["seconds"] / best["plain"]["seconds"]
    ratio = best["wfm"]["seconds"] / best["dates"]["seconds"]
    print(
        f"ratio {ratio:.2f} to pandas with stamps parsed (must {MOST_RATIO:g}), {hard:.2f} to "
        f"pandas with stamps as text; same contacts and rows: {same}"
    )
    return 0 if same and ratio <= MOST_RATIO else 1


if __name__ == "__main__":
    sys.exit(main())
