"""Call records to half hours, beside plain DuckDB SQL: seconds and peak memory.

Ten million seeded calls are written to a temporary folder, as csv and as Parquet.
`wfm.read_records` and one plain DuckDB statement that counts the same things read them, each in a
process of its own, in turn, imports done before; the best of the rounds counts. Must: at most 1.5
times the seconds, under 1 GB.

    python benchmarks/records.py --rows 10_000_000 --rounds 2
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

MOST_RATIO, MOST_MB = 1.5, 1000.0

MAKE = """
CREATE TABLE calls AS
SELECT 'c' || i AS ContactID, 'VOICE' AS Channel,
       ['support', 'orders', 'billing', 'sales', 'claims', 'night', 'gold'][1 + (a % 7)::INT]
           AS Queue_Name,
       TIMESTAMP '2024-01-01' + to_microseconds((i * 9460800 // ({rows} // 10 + 1)) * 1000000
           + (a % 1000000)::BIGINT) AS enqueued,
       (b % 91)::INT AS Queue_Duration,
       CASE WHEN c % 12 > 0 THEN (30 + c % 571)::INT END AS Agent_AgentInteractionDuration,
       CASE WHEN c % 12 > 0 THEN (c // 7 % 31)::INT END AS Agent_CustomerHoldDuration,
       CASE WHEN c % 12 > 0 THEN (c // 11 % 61)::INT END AS Agent_AfterContactWorkDuration
FROM (SELECT i, hash(i + {seed}) AS a, hash(i + {seed} + 1000000007) AS b,
             hash(i + {seed} + 2000000011) AS c FROM range({rows}) AS t(i))
"""

PLAIN = """
WITH calls AS (
    SELECT Queue_Name AS queue, Queue_Duration AS wait, time_bucket(INTERVAL 30 MINUTES,
               Queue_EnqueueTimestamp) AS slot,
           Agent_AgentInteractionDuration IS NULL AS lost,
           Agent_AgentInteractionDuration + Agent_CustomerHoldDuration
               + Agent_AfterContactWorkDuration AS handle
    FROM '{path}')
SELECT queue, slot, wait, lost, count(*) AS offered, count(*) FILTER (NOT lost) AS answered,
       count(*) FILTER (lost) AS abandoned, count(*) FILTER (lost AND wait <= 5) AS short,
       count(*) FILTER (NOT lost AND wait <= 20) AS answered_within,
       count(*) FILTER (lost AND wait <= 20) AS abandoned_within,
       sum(handle) AS handle, sum(wait) FILTER (NOT lost) AS wait_answered,
       sum(wait) FILTER (lost) AS wait_abandoned
FROM calls GROUP BY GROUPING SETS ((queue, slot), (queue, wait, lost))
"""


def make(folder: Path, rows: int, seed: int) -> None:
    import duckdb

    connection = duckdb.connect()
    connection.execute(MAKE.format(rows=rows, seed=seed))
    rest = "* EXCLUDE (ContactID, Channel, Queue_Name, enqueued)"
    for name, stamp, options in (
        ("calls.csv", "strftime(enqueued, '%Y-%m-%dT%H:%M:%SZ')", "HEADER"),
        ("calls.parquet", "enqueued::TIMESTAMPTZ", "FORMAT parquet"),
    ):
        connection.execute(
            f"COPY (SELECT ContactID, Channel, Queue_Name, {stamp} AS Queue_EnqueueTimestamp, "
            f"{rest} FROM calls) TO '{folder / name}' ({options})"
        )


def measure(kind: str, path: str) -> None:
    """One reading in this process; prints seconds, peak memory and what it counted."""
    import duckdb
    import pandas as pd  # noqa: F401 - what the statement's rows would import
    import pyarrow as pa  # noqa: F401

    from wfm.io import read_records

    begin, busy = time.perf_counter(), time.process_time()
    if kind == "plain":
        connection = duckdb.connect()
        connection.execute("SET TimeZone = 'UTC'")
        table = connection.sql(PLAIN.format(path=path)).to_arrow_table()
        seconds = time.perf_counter() - begin
        frame = table.to_pandas()
        frame = frame[frame["slot"].notna()]
        told = [float(frame[c].sum()) for c in ("offered", "answered", "handle", "wait_abandoned")]
    else:
        history = read_records(path, time_zone="Europe/Istanbul", interval="30min")
        seconds = time.perf_counter() - begin
        frame = history.frame
        handle = float((frame["aht_s"] * frame["answered"]).sum())
        told = [float(frame["offered"].sum()), float(frame["answered"].sum()), handle,
                float(frame["wait_abandoned_s"].sum())]  # fmt: skip
    print(
        json.dumps(
            {"seconds": seconds, "cpu": time.process_time() - busy, "mb": peak_mb(), "told": told}
        )
    )


def peak_mb() -> float:
    """Most memory this process held [MB]."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(x for x in status.read_text().splitlines() if x.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def shown(found: dict[str, float]) -> str:
    return f"{found['seconds']:.2f} s (CPU {found['cpu']:.2f} s) {found['mb']:.0f} MB"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=lambda s: int(s.replace("_", "")), default=10_000_000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--one", nargs=2, metavar=("KIND", "PATH"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        measure(*given.one)
        return 0
    print(f"{given.rows:,} calls, seed {given.seed}, {os.cpu_count()} cores, {platform.platform()}")
    good = True
    with tempfile.TemporaryDirectory(prefix="wfm-benchmark-") as name:
        folder = Path(name)
        make(folder, given.rows, given.seed)
        for kind in ("csv", "parquet"):
            path = folder / f"calls.{kind}"
            best: dict[str, dict[str, float]] = {}
            told = {}
            for _ in range(given.rounds):
                for who in ("plain", "wfm"):
                    done = subprocess.run(
                        [sys.executable, __file__, "--one", who, str(path)],
                        capture_output=True, text=True, check=True,
                    )  # fmt: skip
                    found = json.loads(done.stdout.strip().splitlines()[-1])
                    told[who] = found["told"]
                    if who not in best or found["seconds"] < best[who]["seconds"]:
                        best[who] = found
            same = all(
                abs(a - b) <= 1e-9 * abs(a) for a, b in zip(told["plain"], told["wfm"], strict=True)
            )
            ratio = best["wfm"]["seconds"] / best["plain"]["seconds"]
            print(
                f"{kind:8s} {path.stat().st_size / 1e6:6.0f} MB | plain SQL "
                f"{shown(best['plain'])} | read_records {shown(best['wfm'])} | "
                f"ratio {ratio:.2f} (must {MOST_RATIO}), peak must {MOST_MB:.0f} MB, "
                f"same counts: {same}"
            )
            good &= same and ratio <= MOST_RATIO and best["wfm"]["mb"] < MOST_MB
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
