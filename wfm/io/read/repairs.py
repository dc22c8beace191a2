"""Repairs of a history: values that are listed, applied over the original, and taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from wfm.core.errors import DataError
from wfm.core.types import History

Action = Literal["unknown", "typical", "sum", "aht_unknown", "shift"]
MEASURES = ("offered", "answered", "abandoned", "aht_s")
_WEEKS = 8  # weeks of which a typical value is the median


@dataclass(frozen=True)
class Repair:
    """One repair: what is done to which intervals of a queue, and why.

    Parameters
    ----------
    action
        `unknown` leaves the intervals out of what models learn from; `typical` puts the median of
        the same weekday and time of the nearest eight weeks for `offered`; `sum` makes offered
        answered plus abandoned; `aht_unknown` forgets the handle time; `shift` moves the stamps
        by `minutes`, and what it leaves behind, or moves onto other contacts, is unknown.
    queue
        Whose intervals.
    starts
        Which intervals, by their start.
    minutes
        With `shift`: later when above 0.
    reason, author
        Why, and who said so.
    """

    action: Action
    queue: str
    starts: tuple[pd.Timestamp, ...]
    minutes: int = 0
    reason: str = ""
    author: str = ""


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
        left = [r for i, r in enumerate(self.repairs) if i != number]
        return repair(self.original, left)


def repair(history: History, repairs: Sequence[Repair]) -> Repaired:
    """Apply repairs, one after the other, to a copy of a history.

    Parameters
    ----------
    history
        As it was read; it is not changed.
    repairs
        As `quality` proposes them, or of one's own.

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
        if one.action not in _ACTIONS:
            message = f"repair {number}: {one.action!r} is not known. Use {', '.join(_ACTIONS)}."
            raise DataError(message)
        rows = _rows(frame, one, number)
        after = _ACTIONS[one.action](frame, rows, one)
        parts.append(_changes(frame, after, number))
        frame = after
    changed = [p for p in parts if len(p)]
    changes = pd.concat(changed, ignore_index=True) if changed else _changes(frame, frame, 0)
    return Repaired(replace(history, frame=frame), history, tuple(repairs), changes)


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


def _unknown(frame: pd.DataFrame, rows: np.ndarray, one: Repair) -> pd.DataFrame:
    after = frame.copy()
    names = [c for c in frame.columns if c not in ("start", "queue")]
    after.loc[rows, names] = np.nan
    return after


def _aht_unknown(frame: pd.DataFrame, rows: np.ndarray, one: Repair) -> pd.DataFrame:
    after = frame.copy()
    after.loc[rows, "aht_s"] = np.nan
    return after


def _sum(frame: pd.DataFrame, rows: np.ndarray, one: Repair) -> pd.DataFrame:
    after = frame.copy()
    lost = frame.loc[rows, "abandoned"].fillna(0.0)
    after.loc[rows, "offered"] = frame.loc[rows, "answered"] + lost
    return after


def _typical(frame: pd.DataFrame, rows: np.ndarray, one: Repair) -> pd.DataFrame:
    other = np.ones(len(frame), dtype=bool)
    other[rows] = False
    known = np.flatnonzero(other & (frame["queue"] == one.queue) & frame["offered"].notna())
    start = pd.DatetimeIndex(frame["start"])
    offered = frame["offered"].to_numpy()

    def times(places: np.ndarray) -> np.ndarray:
        """Minute of the week on the local clock."""
        at = start[places]
        return ((at.day_of_week * 24 + at.hour) * 60 + at.minute).to_numpy()

    found = np.full(len(rows), np.nan)
    mine, theirs = times(rows), times(known)
    for time in np.unique(mine):
        wanted, same = np.flatnonzero(mine == time), known[theirs == time]
        if len(same):
            away = np.abs(start.asi8[same] - start.asi8[rows[wanted], None])
            near = same[np.argsort(away, axis=1, kind="stable")[:, :_WEEKS]]
            found[wanted] = np.median(offered[near], axis=1)
    after = frame.copy()
    after.loc[rows, "offered"] = found
    return after


def _shift(frame: pd.DataFrame, rows: np.ndarray, one: Repair) -> pd.DataFrame:
    """Where a moved interval meets another and both have contacts, they are unknown.

    So are intervals that are left behind; one without contacts gives way to the other.
    """
    names = [c for c in frame.columns if c not in ("start", "queue")]
    moved = frame.iloc[rows].copy()
    moved["start"] = moved["start"] + pd.Timedelta(minutes=one.minutes)
    moved = moved.set_index("start")
    rest = frame[~np.isin(np.arange(len(frame)), rows)]
    mine = rest[rest["queue"] == one.queue].set_index("start")
    clash = moved.index.intersection(mine.index)
    ours, theirs = moved.loc[clash, "offered"], mine.loc[clash, "offered"]
    moved.loc[clash[((ours > 0) & (theirs > 0)).to_numpy()], names] = np.nan
    stay = clash[(~(ours > 0) & (theirs > 0)).to_numpy()]
    moved.loc[stay, names] = mine.loc[stay, names]
    gone = pd.DatetimeIndex(frame["start"].iloc[rows])
    left = gone[~gone.isin(moved.index)]
    off_grid = one.reason == "off the grid"
    behind = pd.DataFrame({"queue": one.queue, **dict.fromkeys(names, np.nan)}, index=left)
    parts = [moved, mine[~mine.index.isin(clash)], *([] if off_grid or not len(left) else [behind])]
    queue = pd.concat(parts).rename_axis("start").reset_index()
    others = rest[rest["queue"] != one.queue]
    after: pd.DataFrame = pd.concat([queue[list(frame.columns)], others])
    return after.sort_values(["queue", "start"], kind="stable").reset_index(drop=True)


_ACTIONS: dict[str, Callable[[pd.DataFrame, np.ndarray, Repair], pd.DataFrame]] = {
    "unknown": _unknown,
    "typical": _typical,
    "sum": _sum,
    "aht_unknown": _aht_unknown,
    "shift": _shift,
}


def _changes(before: pd.DataFrame, after: pd.DataFrame, number: int) -> pd.DataFrame:
    """Values that differ, by queue, start and column; a row that is not there is unknown."""
    names = [c for c in MEASURES if c in before.columns]
    both = before[["queue", "start", *names]].merge(
        after[["queue", "start", *names]], on=["queue", "start"], how="outer", suffixes=("", "_new")
    )
    parts = []
    for name in names:
        old, new = both[name], both[f"{name}_new"]
        differs = ~((old == new) | (old.isna() & new.isna()))
        part = both.loc[differs, ["queue", "start"]].assign(
            column=name, before=old[differs], after=new[differs], repair=number
        )
        parts.append(part)
    return pd.concat(parts, ignore_index=True)
