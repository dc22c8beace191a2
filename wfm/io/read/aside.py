"""Rows of a file that cannot all be counted: what is done to them, as repairs to be taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd

from wfm.core.calendars import Opening
from wfm.io.read.fill import Hours, fill
from wfm.io.read.repair_actions import Action, Repair
from wfm.io.read.spacing import Rows

_DAY_S = 86_400


@dataclass(frozen=True)
class Aside:
    """Rows of one kind that a reader did not count as they stand: what it did, why, and where."""

    action: Action
    reason: str
    effect: str
    queue: np.ndarray
    at_s: np.ndarray


def doubled_rows(rows: Rows, again: np.ndarray, differs: np.ndarray) -> list[Aside]:
    """Rows of an interval that an earlier row holds: with the same numbers, and with others."""
    found: list[Aside] = []
    kinds: tuple[tuple[np.ndarray, Action, str, str], ...] = (
        (
            again[differs],
            "contradicted",
            "doubled rows that contradict each other",
            f"{differs.sum():,} lines contradict an earlier one of the same interval: it is "
            "unknown. Taken back, it is all of them added up.",
        ),
        (
            again[~differs],
            "once",
            "doubled rows",
            f"{(~differs).sum():,} lines repeat an earlier one: it is counted once. Taken back, it "
            "counts as often as it stands in the file.",
        ),
    )
    for hit, action, reason, effect in kinds:
        if len(hit):
            found.append(Aside(action, reason, effect, rows.queue[hit], rows.at_s[hit]))
    return found


def lost_rows(rows: Rows, lines: int) -> list[Aside]:
    """Rows in an hour that the clock skipped, by the instants of a clock that was not set."""
    if not len(rows.at_s):
        return []
    effect = (
        f"{lines:,} lines lie in an hour that the clock skipped: they are left out. Taken back, "
        "they count where a clock that was not set would have them."
    )
    return [Aside("skip", "hour that the clock skipped", effect, rows.queue, rows.at_s)]


def set_aside(
    frame: pd.DataFrame,
    every: Rows,
    numbers: Mapping[str, np.ndarray],
    asides: Sequence[Aside],
    queues: list[str],
    *,
    interval: timedelta,
    time_zone: str,
    opening: Hours,
    source: str,
) -> tuple[tuple[Repair, ...], pd.DataFrame | None]:
    """What reading did, as repairs of a history in which every row counts.

    Parameters
    ----------
    frame
        Of the history as it is read.
    every, numbers
        All rows, those set aside too, and what they hold.
    asides
        Which were set aside, the kind that goes before others first.
    queues, interval, time_zone, opening, source
        As for `fill`.

    Returns
    -------
    tuple
        The repairs, one for each kind and queue, and the intervals that they concern as all rows
        add up to.
    """
    if not asides:
        return (), None
    days = np.unique(np.concatenate([one.at_s for one in asides]) // _DAY_S)
    near = np.isin(every.at_s // _DAY_S, np.unique([days - 1, days, days + 1]))
    some = Rows(every.queue[near], every.at_s[near], every.line[near])
    whole = fill(
        some,
        {name: values[near] for name, values in numbers.items()},
        queues,
        interval=interval,
        time_zone=time_zone,
        opening=None,
        local_stamps=False,
        source=source,
    ).frame
    repairs, written = [], []
    for code, queue in enumerate(queues):
        hours = opening.get(queue) if isinstance(opening, Mapping) else opening
        then = whole[whole["queue"] == queue].set_index("start")
        now = frame[frame["queue"] == queue].set_index("start")
        held = now.index[:0]
        for one in asides:
            cells = _cells(pd.DatetimeIndex(then.index), one.at_s[one.queue == code], hours)
            cells = cells[~cells.isin(held)]
            cells = cells[_differ(then.reindex(cells), now.reindex(cells))]
            if not len(cells):
                continue
            held = held.union(cells)
            left = now.loc[now.index.intersection(cells)].drop(columns="queue").reset_index()
            repairs.append(
                Repair(one.action, queue, tuple(cells), 0, one.reason, effect=one.effect, rows=left)
            )
        written.append(then.loc[held].reset_index())
    if not repairs:
        return (), None
    return tuple(repairs), pd.concat([part for part in written if len(part)], ignore_index=True)


def _cells(starts: pd.DatetimeIndex, at_s: np.ndarray, hours: Opening | None) -> pd.DatetimeIndex:
    """The intervals of a queue in which instants lie, without those that are closed."""
    places = np.searchsorted(starts.as_unit("s").asi8, at_s, side="right") - 1
    cells = starts[np.unique(places)] if len(places) else starts[:0]
    return cells if hours is None or not len(cells) else cells[hours.open_at(cells)]


def _differ(then: pd.DataFrame, now: pd.DataFrame) -> np.ndarray:
    """Whether any measure of an interval differs."""
    names = [name for name in now.columns if name != "queue"]
    a, b = then[names].to_numpy(dtype=float), now[names].to_numpy(dtype=float)
    found: np.ndarray = ~((a == b) | (np.isnan(a) & np.isnan(b))).all(axis=1)
    return found
