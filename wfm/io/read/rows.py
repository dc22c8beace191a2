"""One row for each interval and queue, each on the grid of the local clock."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from wfm.core.errors import DataError
from wfm.io.read.findings import Findings
from wfm.io.read.measures import Measures
from wfm.io.read.spacing import Rows, different, in_order


@dataclass(frozen=True)
class Single:
    """Rows without the second of two for one interval, and those whose volume is contradicted.

    `rows` and `kept` are what is left, `unknown` which of it is contradicted; `again` are the
    places of the others among the rows given, `differs` which of them hold other numbers.
    """

    rows: Rows
    kept: slice | np.ndarray
    unknown: np.ndarray
    again: np.ndarray
    differs: np.ndarray


def single_rows(
    rows: Rows, kept: slice | np.ndarray, measures: Measures, findings: Findings
) -> Single:
    """Take the first of several rows of one interval; the others are noted."""
    unknown = np.zeros(len(rows.at_s), dtype=bool)
    none = np.array([], dtype=int)
    equal = np.array([], dtype=bool)
    if in_order(rows, strictly=True):
        return Single(rows, kept, unknown, none, equal)
    order = np.lexsort((rows.line, rows.at_s, rows.queue))
    same = np.zeros(len(order), dtype=bool)
    same[1:] = (np.diff(rows.queue[order]) == 0) & (np.diff(rows.at_s[order]) == 0)
    if not same.any():
        return Single(rows, kept, unknown, none, equal)
    kept = np.arange(len(order)) if isinstance(kept, slice) else kept
    group = np.cumsum(~same) - 1
    head = order[~same][group]
    again = order[same]
    first = head[same]
    differs = measures.differ(kept[again], kept[first])
    effect = np.where(differs, "volume unknown", "row not taken")
    for kind in ("row not taken", "volume unknown"):
        hit = effect == kind
        findings.add(
            rows.line[again[hit]],
            "",
            [f"same interval and queue as line {rows.line[i]}" for i in first[hit]],
            "doubled row" if kind == "row not taken" else "doubled row with other numbers",
            kind,
            bad=True,
        )
    unknown[first[differs]] = True
    drop = np.zeros(len(order), dtype=bool)
    drop[again] = True
    left = Rows(rows.queue[~drop], rows.at_s[~drop], rows.line[~drop])
    return Single(left, kept[~drop], unknown[~drop], again, differs)


def check_grid(rows: Rows, steps: np.ndarray, time_zone: str, source: str) -> None:
    """Refuse rows that do not begin where an interval of the local clock begins."""
    if not (_second_of_day(different(rows), time_zone) % (np.lcm.reduce(steps) * 60)).any():
        return
    off = np.flatnonzero(_second_of_day(rows.at_s, time_zone) % (steps[rows.queue] * 60) != 0)
    if len(off):
        first = off[np.argmin(rows.line[off])]
        begin = pd.Timestamp(int(rows.at_s[first]), unit="s", tz="UTC").tz_convert(time_zone)
        message = (
            f"{source}: line {rows.line[first]} begins at {begin:%Y-%m-%d %H:%M:%S}, which "
            f"is not on the {steps[rows.queue[first]]:g}-min grid of the local clock (rows like "
            f"it: {len(off)}). Correct its time, the time zone, or whether stamps are starts or "
            "ends."
        )
        raise DataError(message)


def _second_of_day(at_s: np.ndarray, time_zone: str) -> np.ndarray:
    """Seconds since midnight on the local clock of instants [s UTC]."""
    index = pd.DatetimeIndex(at_s.astype("datetime64[s]")).tz_localize("UTC")
    local: np.ndarray = index.tz_convert(time_zone).tz_localize(None).asi8 % 86_400
    return local
