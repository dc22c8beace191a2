"""From the rows of a file to one row for every open interval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd

from wfm.core.calendars import Opening
from wfm.core.errors import DataError
from wfm.core.intervals import day_grid, local_day, slot, slots_per_day
from wfm.io.read.spacing import Rows

_FAR_DAYS = 5 * 366
MORE = (
    "answered_within",
    "abandoned_within",
    "short_abandoned",
    "wait_answered_s",
    "wait_abandoned_s",
)
Hours = Opening | Mapping[str, Opening] | None


@dataclass(frozen=True)
class Filled:
    """The frame of a history, and what was left out of it or put into it.

    `outside` are the places of rows outside the opening hours given; `absent` counts slots without
    a row taken as 0, `unknown` slots of days without a row, `second` of doubled hours not held,
    `idle` slots of the week in which a queue never had a contact.
    """

    frame: pd.DataFrame
    outside: np.ndarray
    absent: int
    unknown: int
    second: int
    idle: int


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
        row) and `weight` (contacts it belongs to), `aht_given_s` where the file has means, and the
        optional columns of a history, NaN where
        unknown; each of shape (n,).
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
    index = pd.DatetimeIndex(rows.at_s.astype("datetime64[s]")).tz_localize("UTC")
    days = local_day(index.tz_convert(time_zone))
    _near(days, rows, source)
    first = days.min()
    grid = day_grid(first.date(), (days.max() - first).days + 1, interval, time_zone)
    start_s = grid.asi8[0] // 1_000_000
    step_s = int(interval.total_seconds())
    place = (rows.at_s - start_s) // step_s
    grid_day = ((local_day(grid) - first) // pd.Timedelta(days=1)).to_numpy(dtype=int)
    day_of_row = grid_day[place]
    table = _Grid(
        grid,
        grid_day,
        grid.day_of_week.to_numpy(),
        slot(grid, interval),
        _first_pass(grid) if local_stamps else np.full(len(grid), -1),
        slots_per_day(interval),
    )
    parts: list[dict[str, np.ndarray]] = []
    codes: list[np.ndarray] = []
    outside = []
    idle = 0
    absent = unknown = second = 0
    sorted_by_queue = not (np.diff(rows.queue) < 0).any()
    order = np.arange(0) if sorted_by_queue else np.argsort(rows.queue, kind="stable")
    by_queue = rows.queue if sorted_by_queue else rows.queue[order]
    bounds = np.searchsorted(by_queue, np.arange(len(queues) + 1))
    for q, name in enumerate(queues):
        span_of = slice(bounds[q], bounds[q + 1])
        mine = span_of if sorted_by_queue else order[span_of]
        if bounds[q] == bounds[q + 1]:
            continue
        hours = opening.get(name) if isinstance(opening, Mapping) else opening
        span = (grid_day >= day_of_row[mine].min()) & (grid_day <= day_of_row[mine].max())
        recorded = np.zeros(grid_day[-1] + 1, dtype=bool)
        recorded[day_of_row[mine]] = True
        if hours is None:
            used = np.zeros((7, table.slots), dtype=bool)
            used[table.weekday[place[mine]], table.slot[place[mine]]] = True
            is_open = used[table.weekday, table.slot]
        else:
            is_open = hours.open_at(grid)
            shut = np.flatnonzero(~is_open[place[mine]])
            outside.append(shut + bounds[q] if sorted_by_queue else order[span_of][shut])
        keep = span & is_open
        if not keep.any():
            message = (
                f"{source}: queue {name!r} has no row inside its opening hours. "
                "Correct the hours or the time zone."
            )
            raise DataError(message)
        known = recorded[grid_day]
        held = np.bincount(place[mine], minlength=len(grid)) > 0
        single = _unheld_pass(held, table.first_pass)
        absent += int((keep & known & ~held & ~single).sum())
        unknown += int((keep & ~known).sum())
        second += int((keep & known & single).sum())
        part = _values(place[mine], {k: v[mine] for k, v in numbers.items()}, len(grid))
        blank = ~known | single
        kept = np.flatnonzero(keep)
        data = {k: v if len(kept) == len(v) else v[kept] for k, v in part.items()}
        blank = blank[kept]
        if blank.any():
            data = {k: np.where(blank, np.nan, v) for k, v in data.items()}
        idle += _idle(table, kept, data["offered"])
        codes.append(np.full(len(kept), q, dtype=np.int32))
        parts.append({"start": grid.asi8[kept]} | data)
    columns = {k: np.concatenate([part[k] for part in parts]) for k in parts[0]}
    start = pd.DatetimeIndex(columns.pop("start").view("datetime64[us]")).tz_localize("UTC")
    named = pd.Categorical.from_codes(np.concatenate(codes), categories=pd.Index(queues))
    frame = pd.DataFrame(
        {"start": start.tz_convert(grid.tz), "queue": named.astype("str")} | columns, copy=False
    )
    left_out = np.concatenate(outside) if outside else np.array([], dtype=int)
    return Filled(frame, np.sort(left_out), absent, unknown, second, idle)


def _idle(table: _Grid, kept: np.ndarray, offered: np.ndarray) -> int:
    """Slots of the week of a queue in which there never was a contact, though some is known."""
    known = ~np.isnan(offered)
    week = (table.weekday[kept] * table.slots + table.slot[kept])[known]
    size = 7 * table.slots
    held = np.bincount(week, minlength=size) > 0
    busy = np.bincount(week, weights=offered[known], minlength=size) > 0
    return int((held & ~busy).sum())


def _near(days: pd.DatetimeIndex, rows: Rows, source: str) -> None:
    """Refuse a row years away from all others: a date mistyped, and not years without records."""
    order = np.argsort(days.asi8, kind="stable")
    gaps = np.diff(days[order].to_numpy()) / np.timedelta64(1, "D")
    if len(gaps) and gaps.max() > _FAR_DAYS:
        at = int(gaps.argmax())
        far = order[at] if at + 1 <= len(order) / 2 else order[at + 1]
        where = f"line {rows.line[far]}" if rows.line[far] > 0 else "a call"
        message = (
            f"{source}: {where} is on {days[far]:%Y-%m-%d}, {gaps.max() / 365:.0f} "
            "years from the rows next to it. Correct its date, or read the parts one by one."
        )
        raise DataError(message)


@dataclass(frozen=True)
class _Grid:
    """The grid of all days, and where on the clock each interval lies."""

    index: pd.DatetimeIndex
    day: np.ndarray
    weekday: np.ndarray
    slot: np.ndarray
    first_pass: np.ndarray
    slots: int


def _first_pass(grid: pd.DatetimeIndex) -> np.ndarray:
    """Place of the first pass of each interval of a second pass; -1 for all others."""
    wall = grid.tz_localize(None)
    again = np.flatnonzero(wall.duplicated(keep="first"))
    found = np.full(len(grid), -1)
    found[again] = [int(np.flatnonzero(wall == wall[int(i)])[0]) for i in again]
    return found


def _unheld_pass(held: np.ndarray, first_pass: np.ndarray) -> np.ndarray:
    """Intervals of a doubled hour that the file does not hold though it holds the other pass."""
    later = np.flatnonzero(first_pass >= 0)
    earlier = first_pass[later]
    unheld = np.zeros(len(held), dtype=bool)
    unheld[later] = held[earlier] & ~held[later]
    unheld[earlier] |= held[later] & ~held[earlier]
    return unheld


def _values(
    place: np.ndarray, numbers: Mapping[str, np.ndarray], size: int
) -> dict[str, np.ndarray]:
    """Sums of counts and the weighted handle time of each interval of the grid."""

    def total(values: np.ndarray) -> np.ndarray:
        missing = np.isnan(values)
        summed = np.bincount(place, weights=np.where(missing, 0, values), minlength=size)
        if missing.any():
            summed[place[missing]] = np.nan
        return summed

    none = np.full(size, np.nan)
    counts = {
        name: total(numbers[name]) if name in numbers else none
        for name in ("offered", "answered", "abandoned")
    }
    counts |= {name: total(numbers[name]) for name in MORE if name in numbers}
    if "handle_s" not in numbers:
        return counts | {"aht_s": none}
    known = ~np.isnan(numbers["handle_s"]) & ~np.isnan(numbers["weight"])
    handle = np.bincount(place[known], weights=numbers["handle_s"][known], minlength=size)
    weight = np.bincount(place[known], weights=numbers["weight"][known], minlength=size)
    mean = np.divide(handle, weight, out=none.copy(), where=weight > 0)
    if "aht_given_s" in numbers:  # a mean that stands alone stays as it is, to the last digit
        given = numbers["aht_given_s"]
        alone = np.bincount(place, minlength=size)[place] == 1
        alone &= (weight[place] > 0) | (given > 0)
        mean[place[alone]] = given[alone]
    return counts | {"aht_s": mean}
