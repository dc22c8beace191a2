"""The checks on a history, one function each, and the table of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view

from wfm.core.types import History
from wfm.io.read.quality_finding import Finding, found
from wfm.io.read.quality_odd import handle_unit, sums
from wfm.io.read.quality_rows import QueueRows, date_of
from wfm.io.read.quality_slip import slips

Queues = Sequence[QueueRows]

_ZERO_RUN, _BUSY = 6, 3.0
_NEAR_DAYS = 6  # days of the same weekday on either side that tell what is usual
_FAR, _LEAST = 5.0, 0.4  # an outlier is so many deviations and so much of the usual day away
_LEAST_NEAR = 3  # fewer of them tell nothing
_WHOLE = 0.8  # a day with fewer known intervals is not compared
_SAME_DAY = 50.0  # contacts from which on two equal days are no chance


def _share(part: float, whole: float) -> str:
    return f"{part / whole:.1%} of the queue's contacts" if whole > 0 else "no contacts"


def gaps(history: History, queues: Queues) -> Iterator[Finding]:
    """Intervals of which nothing is known."""
    for queue in queues:
        hit = np.isnan(queue.offered)
        if hit.any():
            effect = (
                f"{hit.sum():,} of {len(hit):,} intervals on "
                f"{len(np.unique(queue.clock.day[hit])):,} "
                "days are unknown; models leave them out, and totals of these days are too low."
            )
            yield found("gap", queue.frame[hit], effect, "typical")


def doubled_rows(history: History, queues: Queues) -> Iterator[Finding]:
    """Rows that the file held twice, and days that repeat another day to the last contact."""
    notes = getattr(history.report, "notes", None)
    if notes is not None and len(notes):
        again = notes[notes["problem"].str.startswith("doubled row")]
        if len(again):
            effect = (
                f"{len(again):,} lines stand in the file twice: equal ones are counted once, "
                "contradicting ones are unknown. Export the file without them."
            )
            yield Finding("doubled rows", "", again, effect)
    for queue in queues:
        days = queue.clock.by_day
        table = queue.table(days)
        total = table.sum(axis=1)
        seen: set[bytes] = set()
        for number in np.flatnonzero(total >= _SAME_DAY):
            shape = table[number].tobytes()
            if shape in seen:
                effect = (
                    f"{date_of(days.held[number]):%Y-%m-%d} repeats an earlier day to the last "
                    f"contact ({total[number]:,.0f} contacts): a day exported twice hides a real "
                    "one."
                )
                mine = queue.frame[days.of_row == number]
                yield found("doubled rows", mine, effect, "unknown", "copy of another day")
            seen.add(shape)


def clock_changes(history: History, queues: Queues) -> Iterator[Finding]:
    """Hours that the clock showed twice of which a pass is unknown, and stamps it skipped."""
    notes = getattr(history.report, "notes", None)
    if notes is not None and len(notes):
        lost = notes[notes["problem"].str.contains("clock skipped")]
        if len(lost):
            effect = (
                f"{len(lost):,} lines lie in an hour that the clock skipped and are not taken: the "
                "file's times are not the local ones, or the clock was not set."
            )
            yield Finding("clock change", "", lost, effect)
    for queue in queues:
        twice = queue.clock.twice
        unknown = twice & np.isnan(queue.offered)
        if unknown.any():
            effect = (
                f"{unknown.sum():,} intervals of a doubled hour are unknown: the file holds that "
                "hour once, and the other pass may have both."
            )
            yield found("clock change", queue.frame[twice], effect)


def zero_runs(history: History, queues: Queues) -> Iterator[Finding]:
    """Runs of zeros although the weekday and time are usually busy."""
    for queue in queues:
        zero = (queue.offered == 0) & _mostly_busy(queue)[queue.clock.week]
        if not _runs(zero):
            continue
        usual = pd.Series(queue.offered).groupby(queue.clock.week).transform("median").to_numpy()
        for begin, end in _runs(zero & (usual >= _BUSY)):
            effect = (
                f"About {usual[begin:end].sum():,.0f} contacts are missing where the weekday is "
                "busy, perhaps an outage; the forecast of this weekday gets too low."
            )
            rows = queue.frame.iloc[begin:end]
            yield found("zero run", rows, effect, "unknown", "no contacts at a busy time")


def _runs(zero: np.ndarray) -> list[tuple[int, int]]:
    """First and one past last row of each run that is long enough."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], zero.astype(np.int8), [0]))))
    pairs = zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    return [(begin, end) for begin, end in pairs if end - begin >= _ZERO_RUN]


def _mostly_busy(queue: QueueRows) -> np.ndarray:
    """Intervals of the week busy on half of the days or more: no others have a busy median."""
    week, size = queue.clock.week, 7 * queue.clock.slots
    known = np.bincount(week, ~np.isnan(queue.offered), minlength=size)
    busy: np.ndarray = 2 * np.bincount(week, queue.offered >= _BUSY, minlength=size) >= known
    return busy


def outliers(history: History, queues: Queues) -> Iterator[Finding]:
    """Days far from the same weekday of the weeks around them."""
    for queue in queues:
        days = queue.clock.by_day
        known = np.bincount(days.of_row, ~np.isnan(queue.offered))
        total = np.bincount(days.of_row, queue.counted)
        weekday = (days.held + 3) % 7
        usual = {day: np.median(known[weekday == day]) for day in np.unique(weekday)}
        whole = (known >= [_WHOLE * usual[day] for day in weekday]) & (known > 0)
        if whole.sum() < 4 * 7:
            continue
        for day in usual:
            same = np.flatnonzero(whole & (weekday == day))
            middle = _middles(np.log1p(total[same]))
            off = np.abs(np.log1p(total[same]) - middle)
            if np.isnan(off).all():
                continue
            limit = max(_FAR * 1.4826 * float(np.nanmedian(off)), float(np.log1p(_LEAST)))
            for at in np.flatnonzero(off > limit):
                effect = (
                    f"{total[same[at]]:,.0f} contacts where {np.expm1(middle[at]):,.0f} are usual; "
                    "unless it comes again, learning from it moves the forecast of this weekday."
                )
                mine = queue.frame[days.of_row == same[at]]
                yield found("outlier", mine, effect, "unknown", "a day unlike others")


def _middles(levels: np.ndarray) -> np.ndarray:
    """Median of each level and those near it on either side; NaN of fewer than three."""
    if len(levels) == 0:
        return levels
    padded = np.pad(levels, _NEAR_DAYS, constant_values=np.nan)
    windows = np.sort(sliding_window_view(padded, 2 * _NEAR_DAYS + 1), axis=1)
    count = (~np.isnan(windows)).sum(axis=1)
    row = np.arange(len(levels))
    middle = (windows[row, (count - 1) // 2] + windows[row, count // 2]) / 2
    return np.where(count < _LEAST_NEAR, np.nan, middle)


def aht_zero(history: History, queues: Queues) -> Iterator[Finding]:
    """Handle time 0 where contacts were answered."""
    for queue in queues:
        rows = queue.frame
        if not (rows["aht_s"].to_numpy() == 0).any():
            continue
        taken = rows["answered"].fillna(rows["offered"])
        wrong = rows[(rows["aht_s"] == 0) & (taken > 0)]
        if len(wrong):
            part = float(taken[wrong.index].sum())
            effect = (
                f"AHT 0 with {part:,.0f} contacts answered "
                f"({_share(part, float(taken.sum()))}): AHT and staff come out too low."
            )
            yield found("AHT 0 with calls", wrong, effect, "aht_unknown", "AHT 0 with calls")


def handled_above_offered(history: History, queues: Queues) -> Iterator[Finding]:
    """Days on which more contacts were answered than offered."""
    for queue in queues:
        rows = queue.frame
        more = (rows["answered"] > rows["offered"]).to_numpy()
        if not more.any():
            continue
        sums = rows[["offered", "answered"]].groupby(queue.clock.day).sum(min_count=1)
        days = sums.index[(sums["answered"] > sums["offered"]).to_numpy()]
        wrong = rows[np.isin(queue.clock.day, days) & more]
        if len(wrong):
            extra = float((wrong["answered"] - wrong["offered"]).sum())
            effect = (
                f"On {len(days):,} days more was answered than offered ({extra:,.0f} contacts in "
                "these intervals): offered misses transfers, or the columns are swapped; staff "
                "comes out too low."
            )
            yield found("handled above offered", wrong, effect, "sum", "answered + abandoned")


def drift(history: History, queues: Queues) -> Iterator[Finding]:
    """Stamps that do not stand where an interval of the local clock begins."""
    for queue in queues:
        past_us = queue.clock.past_us
        hit = past_us > 0
        if hit.any():
            by = np.unique(past_us[hit])
            alike = len(by) == 1 and hit.all() and by[0] % 60_000_000 == 0
            effect = (
                f"{hit.sum():,} of {len(hit):,} stamps are not on the {queue.clock.minutes}-min "
                "grid of the local clock: contacts are planned into the wrong interval."
            )
            yield found("drift", queue.frame[hit], effect, "shift" if alike else None,
                        "off the grid", -int(by[0]) // 60_000_000 if alike else 0)  # fmt: skip


CHECKS: tuple[Callable[[History, Queues], Iterator[Finding]], ...] = (
    gaps,
    doubled_rows,
    clock_changes,
    zero_runs,
    outliers,
    aht_zero,
    handled_above_offered,
    drift,
    sums,
    handle_unit,
    slips,
)
"""Every check; a new one is a function and a line here."""
