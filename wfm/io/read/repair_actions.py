"""What a repair does to the rows of a queue, one function an action, and the table of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import numpy as np
import pandas as pd

Action = Literal[
    "unknown", "typical", "sum", "aht_unknown", "shift", "once", "contradicted", "skip"
]
PUTS = ("once", "contradicted", "skip")  # actions that carry the rows they put
_KEY = ("start", "queue")
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
        by `minutes`, and what it leaves behind, or moves onto other contacts, is unknown; `once`
        counts rows that a file holds twice once, `contradicted` leaves those unknown that hold
        different numbers, and `skip` leaves out those in an hour that the clock skipped: these
        put `rows` for what all lines of the file add up to.
    queue
        Whose intervals.
    starts
        Which intervals, by their start.
    minutes
        With `shift`: later when above 0.
    reason, effect
        Why, and what it does to a plan, in a sentence.
    author, at
        Who said so last, and when (UTC).
    rows
        With the actions of `PUTS`: `start` and the measures of what is left; no row is no
        interval.
    stands
        False once it is taken back: it is still listed, and may be made again.
    """

    action: Action
    queue: str
    starts: tuple[pd.Timestamp, ...]
    minutes: int = 0
    reason: str = ""
    author: str = ""
    effect: str = ""
    at: datetime | None = None
    rows: pd.DataFrame | None = field(default=None, compare=False)
    stands: bool = True

    def like(self, other: Repair) -> bool:
        """Whether another does the same to the same intervals."""
        mine = (self.action, self.queue, self.starts, self.minutes)
        return mine == (other.action, other.queue, other.starts, other.minutes)


def _unknown(frame: pd.DataFrame, rows: np.ndarray, one: Repair) -> pd.DataFrame:
    after = frame.copy()
    names = [c for c in frame.columns if c not in _KEY]
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
    names = [c for c in frame.columns if c not in _KEY]
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


def _put(frame: pd.DataFrame, rows: np.ndarray, one: Repair) -> pd.DataFrame:
    """The rows that the repair brings, in place of those that are there."""
    put = pd.DataFrame(columns=list(frame.columns)) if one.rows is None else one.rows
    return put_rows(frame, rows, put.assign(queue=one.queue))


def put_rows(frame: pd.DataFrame, places: np.ndarray, rows: pd.DataFrame) -> pd.DataFrame:
    """A frame with rows in place of those at some places."""
    left = frame[~np.isin(np.arange(len(frame)), places)]
    if rows.empty:
        return left.reset_index(drop=True)
    rows = rows.reindex(columns=frame.columns)
    rows["start"] = pd.DatetimeIndex(rows["start"]).tz_convert(frame["start"].dt.tz)
    rows = rows.astype(frame.dtypes.to_dict())
    after: pd.DataFrame = pd.concat([left, rows])
    return after.sort_values(["queue", "start"], kind="stable").reset_index(drop=True)


ACTIONS: dict[str, Callable[[pd.DataFrame, np.ndarray, Repair], pd.DataFrame]] = {
    "unknown": _unknown,
    "typical": _typical,
    "sum": _sum,
    "aht_unknown": _aht_unknown,
    "shift": _shift,
    "once": _put,
    "contradicted": _put,
    "skip": _put,
}
"""Every action; a new one is a function and a line here."""
