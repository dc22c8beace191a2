"""From the rows of a file to one row for every open interval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd

from wfm.core.calendars import Opening
from wfm.core.errors import DataError
from wfm.io.read.fill_cells import COUNTS, added_up, as_they_stand
from wfm.io.read.fill_grid import Grid, grid_of, local_day_of, unheld_pass
from wfm.io.read.spacing import Rows

_FAR_DAYS = 5 * 366
_DAY_S = 86_400
Hours = Opening | Mapping[str, Opening] | None


@dataclass(frozen=True)
class Filled:
    """The frame of a history, and what was left out of it or put into it.

    `outside` are the places of rows outside the opening hours given; `absent` counts slots without
    a row taken as 0, `unknown` slots of days without a row, `second` of doubled hours not held,
    `idle` slots of the week in which a queue never had a contact, `days` local days; `queues` are
    those that have a row.
    """

    frame: pd.DataFrame
    outside: np.ndarray
    absent: int
    unknown: int
    second: int
    idle: int
    days: int
    queues: tuple[str, ...]


def fill(
    rows: Rows,
    numbers: Mapping[str, np.ndarray],
    queues: list[str],
    *,
    interval: timedelta,
    time_zone: str,
    opening: Hours,
    local_stamps: bool,
    source: str,
) -> Filled:
    """One row for every open interval from each queue's first to its last recorded day.

    Parameters
    ----------
    rows
        Queue and instant of each row.
    numbers
        `offered`, and where known `answered`, `abandoned`, `handle_s` (all handle time of the
        row), or `aht_given_s` where the file has means, with `weight` (contacts they belong to),
        and the optional columns of a history, NaN where unknown; each of shape (n,).
    queues
        Name of each queue code.
    interval, time_zone
        Of the result.
    opening
        Hours, for all queues or by queue; where there are none, the slots that a queue ever used
        on a weekday are its hours on that weekday.
    local_stamps
        Whether the file held wall-clock stamps, so that a second pass may be unknown.
    source
        Name of the file, for messages.
    """
    _near(rows, time_zone, source)
    first, last = (local_day_of(int(at), time_zone) for at in (rows.at_s.min(), rows.at_s.max()))
    table = grid_of(first, (last - first).days + 1, interval, time_zone, local_stamps=local_stamps)
    held = as_they_stand(rows, queues, table, interval, numbers)
    if held is None:
        held = added_up(rows, queues, table, interval, numbers)
    parts: list[_Part] = []
    outside = []
    before: Opening | None = None
    for name, own in held.queues.items():
        mine, place = own.mine, own.place
        hours = opening.get(name) if isinstance(opening, Mapping) else opening
        alike = parts and hours is before and np.array_equal(place, parts[-1].place)
        part = (
            replace(parts[-1], name=name, mine=mine)
            if alike
            else _part(name, mine, place, hours, table)
        )
        before = hours
        if not len(part.kept):
            message = (
                f"{source}: queue {name!r} has no row inside its opening hours. "
                "Correct the hours or the time zone."
            )
            raise DataError(message)
        parts.append(part)
        if hours is not None:
            shut = np.flatnonzero(~part.is_open[own.row_place])
            outside.append(shut + own.first if held.order is None else held.order[shut + own.first])
    frame = _frame(parts, held.columns, table)
    left_out = np.concatenate(outside) if outside else np.array([], dtype=int)
    used = np.zeros(len(table.index), dtype=bool)
    for part in parts:
        used[part.kept] = True
    return Filled(
        frame,
        np.sort(left_out),
        absent=sum(part.absent for part in parts),
        unknown=sum(part.unknown for part in parts),
        second=sum(part.second for part in parts),
        idle=_idle(table, parts, frame["offered"].to_numpy()),
        days=len(np.unique(table.day[used])),
        queues=tuple(part.name for part in parts),
    )


@dataclass(frozen=True)
class _Part:
    """One queue: its places in the table of values, and which intervals of the grid it keeps.

    `place` are the intervals that have a row and `kept` those that the history has, `blank` which
    of these are unknown though they have a row or might have had one.
    """

    name: str
    mine: slice
    place: np.ndarray
    kept: np.ndarray
    blank: np.ndarray
    is_open: np.ndarray
    absent: int
    unknown: int
    second: int

    @property
    def whole(self) -> bool:
        """Whether the rows are the history as they stand."""
        return self.kept is self.place and not bool(self.blank.any())


def _part(name: str, mine: slice, place: np.ndarray, hours: Opening | None, table: Grid) -> _Part:
    held = np.zeros(len(table.index), dtype=bool)
    held[place] = True
    days = table.day[place]
    recorded = np.zeros(table.day.max() + 1, dtype=bool)
    recorded[days] = True
    known = recorded[table.day]
    if hours is None:
        used = np.zeros(7 * table.slots, dtype=bool)
        used[table.week[place]] = True
        is_open = used[table.week]
    else:
        is_open = hours.open_at(table.index)
    keep = is_open & (table.day >= days.min()) & (table.day <= days.max())
    single = unheld_pass(held, table.first_pass)
    kept = np.flatnonzero(keep)
    blank = (~known | single)[kept]
    if np.array_equal(kept, place):
        place = kept  # so that one is held and not two
    return _Part(
        name, mine, place, kept, blank, is_open,
        absent=int((keep & known & ~held & ~single).sum()),
        unknown=int((keep & ~known).sum()),
        second=int((keep & known & single).sum()),
    )  # fmt: skip


def _frame(parts: list[_Part], columns: Mapping[str, np.ndarray], table: Grid) -> pd.DataFrame:
    """The rows of all queues: as they stand where nothing is put in or left out."""
    if not all(part.whole for part in parts):
        columns = {
            name: np.concatenate([_spread(values, part, table, name) for part in parts])
            for name, values in columns.items()
        }
    starts = [_run(table.index, part.kept) for part in parts]
    start = starts[0].append(starts[1:]) if len(starts) > 1 else starts[0]
    names = pd.array([part.name for part in parts], dtype="str")
    queue = names.repeat([len(part.kept) for part in parts])
    frame: dict[str, Any] = {"start": start, "queue": queue}
    frame |= dict.fromkeys((*COUNTS, "aht_s"), np.nan) | dict(columns)
    return pd.DataFrame(frame, copy=False)


def _run(index: pd.DatetimeIndex, places: np.ndarray) -> pd.DatetimeIndex:
    """The index at places that rise; a view where they follow one another."""
    first, last = int(places[0]), int(places[-1])
    return index[first : last + 1] if last - first + 1 == len(places) else index[places]


def _spread(values: np.ndarray, part: _Part, table: Grid, name: str) -> np.ndarray:
    """Values of one queue at the intervals it keeps: 0 contacts where there is no row."""
    grid = np.full(len(table.index), np.nan if name == "aht_s" else 0.0)
    grid[part.place] = values[part.mine]
    found: np.ndarray = grid[part.kept]
    found[part.blank] = np.nan
    return found


def _idle(table: Grid, parts: list[_Part], offered: np.ndarray) -> int:
    """Slots of the week in which a queue never had a contact, though some is known."""
    idle, begin, size = 0, 0, 7 * table.slots
    for part in parts:
        mine = offered[begin : begin + len(part.kept)]
        begin += len(part.kept)
        known = ~np.isnan(mine)
        week = table.week[part.kept][known]
        held = np.bincount(week, minlength=size) > 0
        busy = np.bincount(week, weights=mine[known], minlength=size) > 0
        idle += int((held & ~busy).sum())
    return idle


def _near(rows: Rows, time_zone: str, source: str) -> None:
    """Refuse a row years away from all others: a date mistyped, and not years without records."""
    if rows.at_s.max() - rows.at_s.min() <= _FAR_DAYS * _DAY_S:
        return
    order = np.argsort(rows.at_s, kind="stable")
    gaps = np.diff(rows.at_s[order]) / _DAY_S
    if gaps.max() > _FAR_DAYS:
        at = int(gaps.argmax())
        far = order[at] if at + 1 <= len(order) / 2 else order[at + 1]
        where = f"line {rows.line[far]}" if rows.line[far] > 0 else "a call"
        message = (
            f"{source}: {where} is on {local_day_of(rows.at_s[far], time_zone):%Y-%m-%d}, "
            f"{gaps.max() / 365:.0f} years from the rows next to it. Correct its date, or read the "
            "parts one by one."
        )
        raise DataError(message)
