"""Repairs of a history: values that are listed, applied over the original, and taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from wfm.core.errors import DataError
from wfm.core.types import History
from wfm.io.read.repair_actions import ACTIONS, Repair, put_rows

_KEY = ["queue", "start"]


@dataclass(frozen=True)
class Repaired:
    """A history with repairs over it; the original stays as it was.

    Parameters
    ----------
    history
        With the repairs applied.
    original, repairs
        What they were applied to, and which, in order.
    changes
        `queue start column before after repair` of every value changed; `repair` counts from 0.
    """

    history: History
    original: History
    repairs: tuple[Repair, ...]
    changes: pd.DataFrame

    def without(self, number: int) -> Repaired:
        """Take one repair back; the others are applied anew to the original."""
        left = list(self.repairs)
        left[number] = replace(left[number], stands=False)
        return repair(self.original, left)


def repair(history: History, repairs: Sequence[Repair]) -> Repaired:
    """Apply repairs, one after the other, to a copy of a history.

    Parameters
    ----------
    history
        As it was read; it is not changed.
    repairs
        As `quality` proposes them, or of one's own; those that are taken back are left out.

    Returns
    -------
    Repaired
        The history with them, the original, and every value before and after.

    Raises
    ------
    DataError
        An interval or a queue that is not there, or an unknown action.

    Examples
    --------
    >>> start = pd.date_range("2026-03-02 09:00", periods=2, freq="h", tz="Europe/Istanbul")
    >>> frame = pd.DataFrame({"start": start, "queue": "a", "offered": [9.0, 900.0],
    ...                       "answered": 9.0, "abandoned": 0.0, "aht_s": 60.0})
    >>> wrong = Repair("unknown", "a", (start[1],), reason="test calls")
    >>> done = repair(History(frame, pd.Timedelta("1h").to_pytimedelta()), [wrong])
    >>> done.history.frame["offered"].tolist(), done.without(0).history.frame["offered"].tolist()
    ([9.0, nan], [9.0, 900.0])
    """
    frame = history.frame.copy()
    parts = []
    for number, one in enumerate(repairs):
        if one.action not in ACTIONS:
            message = f"repair {number}: {one.action!r} is not known. Use {', '.join(ACTIONS)}."
            raise DataError(message)
        if not one.stands:
            continue
        rows = _rows(frame, one, number)
        after = ACTIONS[one.action](frame, rows, one)
        parts.append(_changes(frame, after, one.queue, number))
        frame = after
    changed = [p for p in parts if len(p)]
    none = _changes(frame.iloc[:0], frame.iloc[:0], "", 0)
    changes = pd.concat(changed, ignore_index=True) if changed else none
    return Repaired(replace(history, frame=frame), history, tuple(repairs), changes)


def repaired(history: History) -> Repaired:
    """The repairs that reading a file made, over what all lines of the file add up to.

    Parameters
    ----------
    history
        As `read_history` or `read_records` gave it, with its report.

    Returns
    -------
    Repaired
        The same history, without repairs where the file needed none.

    Examples
    --------
    >>> from wfm.io import read_history
    >>> file = pd.DataFrame({"ds": ["2026-03-02 08:00"] * 2, "y": [12, 12]})
    >>> done = repaired(read_history(file, time_zone="Europe/Istanbul", bad_rows="report"))
    >>> done.history.frame["offered"].tolist(), done.without(0).history.frame["offered"].tolist()
    ([12.0], [24.0])
    """
    made: tuple[Repair, ...] = getattr(history.report, "repairs", ())
    if not made:
        return repair(history, ())
    written, frame = history.report.written, history.frame
    cells = pd.MultiIndex.from_frame(written[_KEY])
    mine = np.flatnonzero(frame["start"].isin(written["start"]).to_numpy())
    here = pd.MultiIndex.from_frame(frame.iloc[mine][_KEY]).isin(cells)
    original = replace(history, frame=put_rows(frame, mine[here], written))
    return repair(original, made)


def _rows(frame: pd.DataFrame, one: Repair, number: int) -> np.ndarray:
    """Places of the intervals of a repair."""
    if not one.starts:
        return np.array([], dtype=int)
    wanted = pd.DatetimeIndex(one.starts)
    mine = (frame["queue"] == one.queue).to_numpy()
    hit = mine & frame["start"].isin(wanted).to_numpy()
    if hit.sum() < wanted.nunique():
        held = frame.loc[mine, "start"]
        gone = next(s for s in wanted if not (held == s).any())
        message = (
            f"repair {number}: queue {one.queue!r} has no interval at {gone}. "
            "Take the repair back, or name an interval of the history."
        )
        raise DataError(message)
    return np.flatnonzero(hit)


def _changes(before: pd.DataFrame, after: pd.DataFrame, queue: str, number: int) -> pd.DataFrame:
    """Values of a queue that differ, by start and column; a row that is not there is unknown."""
    names = [c for c in before.columns if c not in _KEY]
    old, new = (f[f["queue"] == queue].set_index("start") for f in (before, after))
    every = old.index.union(new.index)
    old, new = old.reindex(every), new.reindex(every)
    parts = []
    for name in names:
        a, b = old[name].to_numpy(dtype=float), new[name].to_numpy(dtype=float)
        hit = ~((a == b) | (np.isnan(a) & np.isnan(b)))
        part = pd.DataFrame({"queue": queue, "start": every[hit], "column": name})
        parts.append(part.assign(before=a[hit], after=b[hit], repair=number))
    return pd.concat(parts, ignore_index=True)
