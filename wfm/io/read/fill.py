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
from wfm.core.intervals import day_grid, local_day, slot, slots_per_day
from wfm.io.read.spacing import Rows, in_order

_FAR_DAYS = 5 * 366
_DAY_S = 86_400
COUNTS = ("offered", "answered", "abandoned")
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
    `idle` slots of the week in which a queue never had a contact, `days` local days.
    """

    frame: pd.DataFrame
    outside: np.ndarray
    absent: int
    unknown: int
    second: int
    idle: int
    days: int


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
    first, last = (_local(int(at), time_zone) for at in (rows.at_s.min(), rows.at_s.max()))
    table = _grid(first, (last - first).days + 1, interval, time_zone, local_stamps=local_stamps)
    held = _as_it_stands(rows, queues, table, interval, numbers)
    if held is None:
        held = _sorted(rows, queues, table, interval, numbers)
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


def _part(name: str, mine: slice, place: np.ndarray, hours: Opening | None, table: _Grid) -> _Part:
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
    single = _unheld_pass(held, table.first_pass)
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


@dataclass(frozen=True)
class _Own:
    """What a queue has: where its values stand, their cells, its first row, and its rows' cells."""

    mine: slice
    place: np.ndarray
    first: int
    row_place: np.ndarray


@dataclass(frozen=True)
class _Held:
    """The values of all cells that have rows, each queue's part of them, and the rows' order.

    There is no order where the rows stand in it.
    """

    columns: Mapping[str, np.ndarray]
    queues: Mapping[str, _Own]
    order: np.ndarray | None = None


def _as_it_stands(
    rows: Rows,
    queues: list[str],
    table: _Grid,
    interval: timedelta,
    numbers: Mapping[str, np.ndarray],
) -> _Held | None:
    """A file that is in order and holds each cell once; None for any other."""
    if (np.diff(_rank(queues)) != 1).any() or not in_order(rows, strictly=True):
        return None
    bounds = np.searchsorted(rows.queue, np.arange(len(queues) + 1, dtype=rows.queue.dtype))
    first, step = table.index.asi8[0] // 1_000_000, int(interval.total_seconds())
    found: dict[str, _Own] = {}
    before = place = np.array([], dtype=np.int64)
    for name, begin, end in zip(queues, bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        at_s = rows.at_s[begin:end]
        if begin == end:
            continue
        if not np.array_equal(at_s, before):
            place = (at_s - first) // step
            if (np.diff(place) < 1).any():
                return None
            before = at_s
        found[name] = _Own(slice(begin, end), place, begin, place)
    counts = {name: numbers[name] for name in (*COUNTS, *MORE) if name in numbers}
    return _Held(counts | _own_mean(numbers), found)


def _sorted(
    rows: Rows,
    queues: list[str],
    table: _Grid,
    interval: timedelta,
    numbers: Mapping[str, np.ndarray],
) -> _Held:
    """Any file: its rows by queue and cell, those of one cell added up."""
    size, count = len(table.index), len(queues)
    rank = _rank(queues)
    first, step = table.index.asi8[0] // 1_000_000, int(interval.total_seconds())
    cell = (rows.at_s - first) // step + rank[rows.queue] * size
    order = None if (cell[1:] >= cell[:-1]).all() else np.argsort(cell, kind="stable")
    cell = cell if order is None else cell[order]
    held, columns = _sums(cell, order, numbers)
    of_queue = np.arange(count + 1) * size
    bounds, ends = np.searchsorted(cell, of_queue), np.searchsorted(held, of_queue)
    found: dict[str, _Own] = {}
    for q, name in enumerate(sorted(queues)):
        mine, some = slice(ends[q], ends[q + 1]), slice(bounds[q], bounds[q + 1])
        if ends[q] < ends[q + 1]:
            first_row = int(bounds[q])
            found[name] = _Own(mine, held[mine] - q * size, first_row, cell[some] - q * size)
    return _Held(columns, found, order)


def _rank(queues: list[str]) -> np.ndarray:
    """Place of each queue in the order of the names."""
    return np.argsort(np.argsort(np.asarray(queues, dtype=object), kind="stable"))


def _frame(parts: list[_Part], columns: Mapping[str, np.ndarray], table: _Grid) -> pd.DataFrame:
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


def _spread(values: np.ndarray, part: _Part, table: _Grid, name: str) -> np.ndarray:
    """Values of one queue at the intervals it keeps: 0 contacts where there is no row."""
    grid = np.full(len(table.index), np.nan if name == "aht_s" else 0.0)
    grid[part.place] = values[part.mine]
    found: np.ndarray = grid[part.kept]
    found[part.blank] = np.nan
    return found


def _idle(table: _Grid, parts: list[_Part], offered: np.ndarray) -> int:
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
            f"{source}: {where} is on {_local(rows.at_s[far], time_zone):%Y-%m-%d}, "
            f"{gaps.max() / 365:.0f} years from the rows next to it. Correct its date, or read the "
            "parts one by one."
        )
        raise DataError(message)


def _local(at_s: int, time_zone: str) -> pd.Timestamp:
    """Local day of an instant [s UTC], naive midnight."""
    at = pd.Timestamp(int(at_s), unit="s", tz="UTC").tz_convert(time_zone)
    day: pd.Timestamp = at.tz_localize(None).normalize()
    return day


@dataclass(frozen=True)
class _Grid:
    """The grid of all days, and where on the clock each interval lies."""

    index: pd.DatetimeIndex
    day: np.ndarray
    week: np.ndarray
    first_pass: np.ndarray
    slots: int


def _grid(
    first: pd.Timestamp, days: int, interval: timedelta, time_zone: str, *, local_stamps: bool
) -> _Grid:
    grid = day_grid(first.date(), days, interval, time_zone)
    day = ((local_day(grid) - first) // pd.Timedelta(days=1)).to_numpy(dtype=int)
    slots = slots_per_day(interval)
    week = grid.day_of_week.to_numpy() * slots + slot(grid, interval)
    first_pass = _first_pass(grid) if local_stamps else np.full(len(grid), -1)
    return _Grid(grid, day, week, first_pass, slots)


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


def _sums(
    cell: np.ndarray, order: np.ndarray | None, numbers: Mapping[str, np.ndarray]
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """The cells that have rows, and for each the sums of counts and the weighted handle time.

    `cell` never falls; `order` brings the numbers into its order. A number of which any row is
    unknown is unknown.
    """
    new = np.ones(len(cell), dtype=bool)
    np.greater(cell[1:], cell[:-1], out=new[1:])
    counts = [name for name in (*COUNTS, *MORE) if name in numbers]
    if new.all():
        found = {name: numbers[name] for name in counts} | _own_mean(numbers)
        return cell, found if order is None else {k: v[order] for k, v in found.items()}
    group = np.cumsum(new) - 1
    if order is not None:  # the groups go to the numbers, which are many
        sorted_group, group = group, np.empty_like(group)
        group[order] = sorted_group

    def total(values: np.ndarray) -> np.ndarray:
        missing = np.isnan(values)
        summed = np.bincount(group, weights=np.where(missing, 0, values))
        summed[group[missing]] = np.nan
        return summed

    found = {name: total(numbers[name]) for name in counts}
    if "weight" in numbers:
        weight = numbers["weight"]
        handle = numbers["handle_s"] if "handle_s" in numbers else numbers["aht_given_s"] * weight
        known = ~np.isnan(handle) & ~np.isnan(weight)
        sums = {
            name: np.bincount(group, weights=np.where(known, values, 0))
            for name, values in (("handle_s", handle), ("weight", weight))
        }
        mean = _own_mean(sums)["aht_s"]
        alone = (np.bincount(group) == 1)[group]
        mean[group[alone]] = _own_mean(numbers)["aht_s"][alone]
        found["aht_s"] = mean
    return cell[new], found


def _own_mean(numbers: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Handle time of each row by itself; a mean as the file has it, to the last digit."""
    if "weight" not in numbers:
        return {}
    weight = numbers["weight"]
    if "aht_given_s" in numbers:
        given = numbers["aht_given_s"]
        none = (given == 0) & ~(weight > 0)
        return {"aht_s": np.where(none, np.nan, given) if none.any() else given}
    lacking = np.full(len(weight), np.nan)
    return {"aht_s": np.divide(numbers["handle_s"], weight, out=lacking, where=weight > 0)}
