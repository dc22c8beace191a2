"""Seconds and memory of forecasts of many queues: two years of half hours, 28 days, quantiles.

    python benchmarks/forecasting_many.py [--queues 50 100 200] [--jobs 2]

The queues are generated: growth, a weekly and a yearly course, days that run high together, counts.
Peak memory is that of this process and its workers together, sampled every 50 ms. The first ten
queues are forecast once more in one process: the answers must be equal bit for bit.
"""

from __future__ import annotations

import argparse
import os
import platform
import threading
import time
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from wfm.core.calendars import Calendar
from wfm.core.intervals import day_grid
from wfm.core.types import History
from wfm.forecast import make

HALF_HOUR = timedelta(minutes=30)
DAYS = 728


def queues(number: int, seed: int = 0) -> History:
    """So many queues of two years, from 30 to 3,000 contacts a day."""
    index = day_grid(date(2024, 11, 18), DAYS, HALF_HOUR, "UTC")
    slot = np.arange(len(index)) % 48
    day = np.arange(len(index)) // 48
    parts = []
    for i in range(number):
        rng = np.random.default_rng([seed, i])
        size = np.exp(rng.uniform(np.log(30), np.log(3000)))
        week = np.exp(rng.normal(0, 0.15, 7)) * np.array([1.2, 1.05, 1, 1, 1, 0.6, 0.5])
        noise = np.zeros(DAYS)
        for d in range(1, DAYS):
            noise[d] = 0.6 * noise[d - 1] + rng.normal(0, 0.06)
        t = np.arange(DAYS)
        total = size * np.exp(0.1 * t / 365 + 0.08 * np.sin(2 * np.pi * t / 365 + i) + noise)
        total *= week[t % 7]
        peak = rng.uniform(10, 14)
        shape = 0.05 + np.exp(-(((np.arange(48) / 2 - peak) / 3.5) ** 2))
        offered = rng.poisson(total[day] * (shape / shape.sum())[slot]).astype(float)
        parts.append(
            pd.DataFrame(
                {
                    "start": index,
                    "queue": f"queue {i:03d}",
                    "offered": offered,
                    "answered": offered,
                    "abandoned": 0.0,
                    "aht_s": np.where(offered > 0, 240.0, np.nan),
                }
            )
        )
    return History(pd.concat(parts, ignore_index=True), HALF_HOUR)


class Memory:
    """Most memory [MB] and the processor time [s] of this process and its children."""

    def __enter__(self) -> Memory:
        self.most, self.stop = 0.0, threading.Event()
        self.busy = -sum(_busy(pid) for pid in _family())
        self.thread = threading.Thread(target=self._watch)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.thread.join()
        self.busy += sum(_busy(pid) for pid in _family())

    def _watch(self) -> None:
        while not self.stop.wait(0.05):
            self.most = max(self.most, sum(_resident(pid) for pid in _family()))


def _family() -> list[int]:
    """The numbers of this process and all below it (Linux)."""
    me = [int(Path("/proc/self").resolve().name)]
    for pid in me:
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            try:
                me += [int(child) for child in task.read_text().split()]
            except OSError:  # it ended meanwhile
                continue
    return me


def _resident(pid: int) -> float:
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
    except OSError:  # it ended meanwhile
        return 0.0
    return 0.0


def _busy(pid: int) -> float:
    """Processor time of a process [s]: it tells the work on a machine that others use too."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:  # it ended meanwhile
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> int:
    """Print one line for each number of queues; exit 1 when time grows faster than they do."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--queues", nargs="+", type=int, default=[50, 100, 200])
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    history = queues(max(given.queues))
    names = history.queues
    calendar = Calendar(country="TR")
    each = []
    print(f"{platform.machine()}, Python {platform.python_version()}, {given.jobs} processes")
    for number in given.queues:
        frame = history.frame
        part = History(frame[frame["queue"].isin(names[:number])], HALF_HOUR)
        began = time.perf_counter()
        with Memory() as memory:
            made = make(part, calendar=calendar, n_jobs=given.jobs)
        seconds = time.perf_counter() - began
        each.append(memory.busy / number)
        print(
            f"{number:4d} queues: {seconds:6.1f} s, {1000 * each[-1]:5.0f} ms of a processor "
            f"a queue, peak {memory.most:5.0f} MB, {len(made.frame)} rows",
            flush=True,
        )
    few = History(history.frame[history.frame["queue"].isin(names[:10])], HALF_HOUR)
    one, many = make(few, calendar=calendar), make(few, calendar=calendar, n_jobs=given.jobs)
    same = one.equals(many)
    linear = each[-1] <= 1.3 * each[0]
    print(f"equal to one process bit for bit: {'PASS' if same else 'FAIL'}")
    print(
        f"processor time grows no faster than the number of queues: {'PASS' if linear else 'FAIL'}"
    )
    return 0 if same and linear else 1


if __name__ == "__main__":
    raise SystemExit(main())
