"""The values of each queue and interval that has rows: as they stand, or added up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from wfm.io.read.fill_grid import Grid
from wfm.io.read.spacing import Rows, in_order

COUNTS = ("offered", "answered", "abandoned")
MORE = (
    "answered_within",
    "abandoned_within",
    "short_abandoned",
    "wait_answered_s",
    "wait_abandoned_s",
)


@dataclass(frozen=True)
class _Own:
    """What a queue has: where its values stand, their cells, its first row, and its rows' cells."""

    mine: slice
    place: np.ndarray
    first: int
    row_place: np.ndarray


@dataclass(frozen=True)
class Held:
    """The values of all cells that have rows, each queue's part of them, and the rows' order.

    There is no order where the rows stand in it.
    """

    columns: Mapping[str, np.ndarray]
    queues: Mapping[str, _Own]
    order: np.ndarray | None = None


def as_they_stand(
    rows: Rows,
    queues: list[str],
    table: Grid,
    interval: timedelta,
    numbers: Mapping[str, np.ndarray],
) -> Held | None:
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
    return Held(counts | _own_mean(numbers), found)


def added_up(
    rows: Rows,
    queues: list[str],
    table: Grid,
    interval: timedelta,
    numbers: Mapping[str, np.ndarray],
) -> Held:
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
    return Held(columns, found, order)


def _rank(queues: list[str]) -> np.ndarray:
    """Place of each queue in the order of the names."""
    return np.argsort(np.argsort(np.asarray(queues, dtype=object), kind="stable"))


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
