"""The checks on a history, one function each, and the table of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from wfm.core.intervals import slot
from wfm.core.types import History
from wfm.io.read.quality_finding import Finding, found
from wfm.io.read.quality_slip import slips

_ZERO_RUN, _BUSY = 6, 3.0
_NEAR_DAYS = 6  # days of the same weekday on either side that tell what is usual
_FAR, _LEAST = 5.0, 0.4  # an outlier is so many deviations and so much of the usual day away
_WHOLE = 0.8  # a day with fewer known intervals is not compared
_SAME_DAY = 50.0  # contacts from which on two equal days are no chance


def _queues(history: History) -> Iterator[pd.DataFrame]:
    for _, rows in history.frame.groupby("queue", sort=True):
        yield rows


def _day(rows: pd.DataFrame) -> pd.Series:
    day: pd.Series = rows["start"].dt.tz_localize(None).dt.normalize()
    return day


def _share(part: float, whole: float) -> str:
    return f"{part / whole:.1%} of the queue's contacts" if whole > 0 else "no contacts"


def gaps(history: History) -> Iterator[Finding]:
    """Intervals of which nothing is known."""
    for rows in _queues(history):
        unknown = rows[rows["offered"].isna()]
        if len(unknown):
            whole = _day(unknown).nunique()
            effect = (
                f"{len(unknown):,} of {len(rows):,} intervals on {whole:,} days are unknown; "
                "models leave them out, and totals of these days are too low."
            )
            yield found("gap", unknown, effect, "typical")


def doubled_rows(history: History) -> Iterator[Finding]:
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
    for rows in _queues(history):
        day = _day(rows)
        held = rows.assign(_day=day, _slot=rows["start"].dt.time)
        table = held.pivot_table(index="_day", columns="_slot", values="offered", aggfunc="sum")
        busy = table[table.sum(axis=1) >= _SAME_DAY].fillna(-1.0)
        twins = busy.index[busy.duplicated(keep="first")]
        for twin in twins:
            mine = rows[(day == twin).to_numpy()]
            effect = (
                f"{twin:%Y-%m-%d} repeats an earlier day to the last contact "
                f"({mine['offered'].sum():,.0f} contacts): a day exported twice hides a real one."
            )
            yield found("doubled rows", mine, effect, "unknown", "copy of another day")


def clock_changes(history: History) -> Iterator[Finding]:
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
    for rows in _queues(history):
        wall = pd.DatetimeIndex(rows["start"]).tz_localize(None)
        twice = rows[wall.duplicated(keep=False)]
        unknown = twice[twice["offered"].isna()]
        if len(unknown):
            effect = (
                f"{len(unknown):,} intervals of a doubled hour are unknown: the file holds that "
                "hour once, and the other pass may have both."
            )
            yield found("clock change", twice, effect)


def zero_runs(history: History) -> Iterator[Finding]:
    """Runs of zeros although the weekday and time are usually busy."""
    for rows in _queues(history):
        index = pd.DatetimeIndex(rows["start"])
        keys = [index.day_of_week.to_numpy(), slot(index, history.interval)]
        usual = rows["offered"].groupby(keys).transform("median")
        zero = (rows["offered"] == 0) & (usual >= _BUSY)
        run = (zero != zero.shift()).cumsum()
        hit = zero & (zero.groupby(run).transform("sum") >= _ZERO_RUN)
        for _, part in rows[hit].groupby(run[hit], sort=True):
            effect = (
                f"About {usual[part.index].sum():,.0f} contacts are missing where the weekday is "
                "busy, perhaps an outage; the forecast of this weekday gets too low."
            )
            yield found("zero run", part, effect, "unknown", "no contacts at a busy time")


def outliers(history: History) -> Iterator[Finding]:
    """Days far from the same weekday of the weeks around them."""
    for rows in _queues(history):
        day = _day(rows)
        by_day = rows["offered"].groupby(day)
        known = by_day.count()
        weekdays = pd.DatetimeIndex(known.index).day_of_week
        whole = known >= _WHOLE * known.groupby(weekdays).transform("median")
        total = by_day.sum(min_count=1)[whole].dropna()
        if len(total) < 4 * 7:
            continue
        levels = pd.Series(np.log1p(total), index=total.index)
        days = pd.DatetimeIndex(total.index)
        for weekday in range(7):
            same = levels[days.day_of_week == weekday]
            middle = same.rolling(2 * _NEAR_DAYS + 1, center=True, min_periods=3).median()
            off = same - middle
            spread = 1.4826 * float(off.abs().median())
            limit = max(_FAR * spread, float(np.log1p(_LEAST)))
            for at in same.index[(off.abs() > limit).to_numpy()]:
                mine = rows[(day == at).to_numpy()]
                usual = float(np.expm1(middle[at]))
                effect = (
                    f"{total[at]:,.0f} contacts where {usual:,.0f} are usual; unless it comes "
                    "again, learning from it moves the forecast of this weekday."
                )
                yield found("outlier", mine, effect, "unknown", "a day unlike others")


def aht_zero(history: History) -> Iterator[Finding]:
    """Handle time 0 where contacts were answered."""
    for rows in _queues(history):
        taken = rows["answered"].fillna(rows["offered"])
        wrong = rows[(rows["aht_s"] == 0) & (taken > 0)]
        if len(wrong):
            part = float(taken[wrong.index].sum())
            effect = (
                f"AHT 0 with {part:,.0f} contacts answered "
                f"({_share(part, float(taken.sum()))}): AHT and staff come out too low."
            )
            yield found("AHT 0 with calls", wrong, effect, "aht_unknown", "AHT 0 with calls")


def handled_above_offered(history: History) -> Iterator[Finding]:
    """Days on which more contacts were answered than offered."""
    for rows in _queues(history):
        if rows["answered"].isna().all():
            continue
        day = _day(rows)
        sums = rows[["offered", "answered"]].groupby(day).sum(min_count=1)
        days = sums.index[(sums["answered"] > sums["offered"]).to_numpy()]
        more = rows["answered"] > rows["offered"]
        wrong = rows[(day.isin(days) & more).to_numpy()]
        if len(wrong):
            extra = float((wrong["answered"] - wrong["offered"]).sum())
            effect = (
                f"On {len(days):,} days more was answered than offered ({extra:,.0f} contacts in "
                "these intervals): offered misses transfers, or the columns are swapped; staff "
                "comes out too low."
            )
            yield found("handled above offered", wrong, effect, "sum", "answered + abandoned")


def drift(history: History) -> Iterator[Finding]:
    """Stamps that do not stand where an interval of the local clock begins."""
    minutes = int(history.interval.total_seconds()) // 60
    for rows in _queues(history):
        index = pd.DatetimeIndex(rows["start"])
        past = (index.hour * 60 + index.minute).to_numpy() % minutes
        seconds = index.second.to_numpy()
        off = rows[(past > 0) | (seconds > 0)]
        if len(off):
            by = np.unique(past[(past > 0) | (seconds > 0)])
            alike = len(by) == 1 and len(off) == len(rows) and not seconds.any()
            effect = (
                f"{len(off):,} of {len(rows):,} stamps are not on the {minutes}-min grid of the "
                "local clock: contacts are planned into the wrong interval."
            )
            yield found("drift", off, effect, "shift" if alike else None, "off the grid",
                        -int(by[0]) if alike else 0)  # fmt: skip


CHECKS: tuple[Callable[[History], Iterator[Finding]], ...] = (
    gaps,
    doubled_rows,
    clock_changes,
    zero_runs,
    outliers,
    aht_zero,
    handled_above_offered,
    drift,
    slips,
)
"""Every check; a new one is a function and a line here."""
