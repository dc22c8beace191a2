"""Changes a planner makes to a forecast by hand, kept as a layer that every new run gets again."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

from wfm.core import intervals
from wfm.core.errors import DataError
from wfm.core.types import Forecast
from wfm.core.weeks import week_start_number
from wfm.planning.edit_changes import changed, moved, parse_change

COLUMNS = ("from", "to", "queue", "change", "author", "reason", "made", "on")
OFF = ("no", "off", "false", "0")
DAY_COLUMNS = ["day", "queue", "volume"]


@dataclass(frozen=True)
class Edit:
    """One change of a forecast.

    Parameters
    ----------
    first, last
        Local stamps `YYYY-MM-DD` or `YYYY-MM-DD HH:MM`. A date means the whole day; a time at the
        end is exclusive.
    change
        `+10%` or `-5%` multiplies every interval, `+30` or `-30` adds contacts to the total of the
        period in proportion to the forecast, `=500` sets the period's total; `=500 a day`, `a week`
        or `an interval` does it for each of these, `flat` shares an amount equally over the
        intervals. `min 5` and `max 40` bound each interval (or `a day`, `a week`), `smooth 3` means
        over three intervals and keeps the day's total, `move 20% to 2026-11-25` or `move 30 to ...`
        moves contacts to another day.
    queue
        Empty means every queue, each on its own.
    author, reason, made
        Who, why, and when it was written.
    on
        An edit that is off stays in the list and changes nothing.
    """

    first: str
    last: str
    change: str
    queue: str = ""
    author: str = ""
    reason: str = ""
    made: str = ""
    on: bool = True


def edits_from(frame: pd.DataFrame) -> list[Edit]:
    """Edits of a table with the columns `from to queue change author reason made on`.

    An empty `on` means that the edit is on.

    >>> day = ["2026-11-20"]
    >>> edits_from(pd.DataFrame({"from": day, "to": day, "change": ["+10%"]}))[0].change
    '+10%'
    """
    missing = [name for name in ("from", "to", "change") if name not in frame.columns]
    if missing:
        message = f"edits: missing columns {', '.join(missing)}. Use {', '.join(COLUMNS)}."
        raise DataError(message)
    table = frame.reindex(columns=list(COLUMNS)).astype(object)
    table = table.map(_text)
    return [
        Edit(row[0], row[1], row[3], row[2], row[4], row[5], row[6], row[7].lower() not in OFF)
        for row in table.itertuples(index=False, name=None)
        if any(row[:4])
    ]


def _text(cell: Any) -> str:
    """One cell as it is typed; a workbook's date at midnight means the whole day."""
    if isinstance(cell, datetime) and not pd.isna(cell):
        whole_day = (cell.hour, cell.minute) == (0, 0)
        return f"{cell:%Y-%m-%d}" if whole_day else f"{cell:%Y-%m-%d %H:%M}"
    return "" if pd.isna(cell) else str(cell).strip()


def edits_table(edits: Sequence[Edit]) -> pd.DataFrame:
    """The table of some edits, the inverse of `edits_from`."""
    rows = [
        (e.first, e.last, e.queue, e.change, e.author, e.reason, e.made, "yes" if e.on else "no")
        for e in edits
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=str)


def apply_edits(forecast: Forecast, edits: Sequence[Edit], week_start: str = "Mon") -> Forecast:
    """Return the forecast with every edit applied in order; its bands move with the volume.

    An edit outside the forecast's days, a move to or from outside among them, changes nothing and
    stays in the list for a later run.

    Parameters
    ----------
    forecast
        As the model made it.
    edits
        Applied one after the other, each to what the ones before left.
    week_start
        Day on which the weeks of ``a week`` begin: Mon, Sun or Sat.

    Returns
    -------
    Forecast
        With `edits` listing `queue start before after edit` for each changed interval.

    Raises
    ------
    DataError
        A change, a stamp or a queue that cannot be read, named by its number.
    """
    volume = forecast.frame["volume"].to_numpy(dtype=float).copy()
    original = volume.copy()
    last_edit = np.full(len(volume), -1)
    for number, edit in enumerate(edits):
        after = after_edit(forecast, volume, edit, number, week_start)
        last_edit[after != volume] = number
        volume = after
    touched = last_edit >= 0
    if not touched.any():
        return forecast
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(original > 0, volume / original, 1.0)
    frame = forecast.frame.copy()
    frame["volume"] = volume
    for band in ("volume_q10", "volume_q90"):
        frame[band] = np.where(original > 0, frame[band] * ratio, frame[band].clip(lower=volume))
    log = frame.loc[touched, ["queue", "start"]].copy()
    log["before"], log["after"] = original[touched], volume[touched]
    log["edit"] = [edits[i].reason or edits[i].change for i in last_edit[touched]]
    return replace(
        forecast,
        frame=frame,
        bands=_scaled(forecast.bands, ratio),
        day_bands=_scaled_days(forecast, frame),
        edits=log.reset_index(drop=True),
    )


def after_edit(
    forecast: Forecast, volume: np.ndarray, edit: Edit, number: int = 0, week_start: str = "Mon"
) -> np.ndarray:
    """Contacts of each row of a forecast after one edit more.

    Parameters
    ----------
    forecast
        Whose rows they are.
    volume
        Contacts before; shape (rows of the forecast,).
    edit
        To apply; one that is off is checked, and changes nothing.
    number
        Its place in the list, for messages.
    week_start
        Day on which weeks begin: Mon, Sun or Sat.
    """
    after = volume.copy()
    try:
        change = parse_change(edit.change)
        for rows in _rows(forecast, edit, number):
            day = _days(forecast, rows)
            if change.to is None:
                group = _GROUPS[change.per](day, week_start_number(week_start))
                after[rows] = changed(volume[rows], change, group, day)
                continue
            there = _day_rows(forecast, str(forecast.frame["queue"].iloc[rows[0]]), change.to)
            if len(there):
                after[rows], _ = moved(volume[rows], after[there], change)
                _, after[there] = moved(volume[rows], after[there], change)
    except DataError as error:
        text = str(error)
        message = text if text.startswith("edit ") else f"edit {number + 1}: {text}"
        raise DataError(message) from error
    return after if edit.on else volume


_GROUPS: dict[str, Callable[[np.ndarray, int], np.ndarray]] = {
    "period": lambda day, first: np.zeros_like(day),
    "interval": lambda day, first: np.arange(len(day)),
    "day": lambda day, first: day,
    "week": lambda day, first: (day + 3 - first) // 7,  # days are counted from a Thursday
}
"""What an amount is meant for: a number for each interval, from the numbers of its days and the
weekday on which weeks begin."""


def _days(forecast: Forecast, rows: np.ndarray) -> np.ndarray:
    """Local days of some rows, counted from 1970-01-01."""
    local = forecast.frame["start"].iloc[rows].dt.tz_localize(None)
    return np.asarray(local.to_numpy().astype("datetime64[D]").astype(int))


def _day_rows(forecast: Forecast, queue: str, day: date) -> np.ndarray:
    """Rows of a queue's day that contacts are moved to; none when the forecast does not reach it.

    Raises
    ------
    DataError
        The queue is closed on that day.
    """
    every = _days(forecast, np.arange(len(forecast.frame)))
    wanted = day.toordinal() - date(1970, 1, 1).toordinal()
    mine = forecast.frame["queue"].to_numpy() == queue
    found = np.flatnonzero(mine & (every == wanted))
    if not len(found) and every.min() <= wanted <= every.max():
        message = f"queue {queue!r} has no open interval on {day}. Move to an open day."
        raise DataError(message)
    return found


def _rows(forecast: Forecast, edit: Edit, number: int) -> list[np.ndarray]:
    """Row numbers an edit concerns, one array for each queue."""
    queues = [edit.queue] if edit.queue else forecast.queues
    if edit.queue and edit.queue not in forecast.queues:
        message = (
            f"edit {number + 1}: queue {edit.queue!r} is not in the forecast. "
            f"Use one of {', '.join(forecast.queues)}, or leave it empty for all."
        )
        raise DataError(message)
    first = _stamp(edit.first, forecast.time_zone, number)
    last = _stamp(edit.last, forecast.time_zone, number, end=True)
    if last <= first:
        message = f"edit {number + 1}: ends at {edit.last}, not after {edit.first}. Swap the two."
        raise DataError(message)
    start = forecast.frame["start"]
    inside = ((start >= first) & (start < last)).to_numpy()
    queue = forecast.frame["queue"].to_numpy()
    found = [np.flatnonzero(inside & (queue == name)) for name in queues]
    return [rows for rows in found if len(rows)]


def _stamp(text: str, time_zone: str, number: int, *, end: bool = False) -> pd.Timestamp:
    try:
        local = datetime.fromisoformat(text.strip())
    except ValueError:
        local = None
    if local is None or local.tzinfo is not None:
        message = (
            f"edit {number + 1}: {text!r} is not a local time. "
            "Write 2026-11-20 or 2026-11-20 10:30."
        )
        raise DataError(message)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text.strip()):
        day = local.date() + timedelta(days=1 if end else 0)
        return intervals.day_start(day, time_zone)
    stamp = pd.Timestamp(local)
    return stamp.tz_localize(time_zone, ambiguous=True, nonexistent="shift_forward")


def _scaled(bands: pd.DataFrame | None, ratio: np.ndarray) -> pd.DataFrame | None:
    return None if bands is None else bands.mul(ratio, axis=0)


def _scaled_days(forecast: Forecast, edited: pd.DataFrame) -> pd.DataFrame | None:
    """Day bands scaled by the change of each day's total."""
    if forecast.day_bands is None:
        return None
    day = edited["start"].dt.tz_localize(None).dt.normalize()
    total = edited.groupby([day, edited["queue"]])["volume"].sum()
    days = forecast.day_bands
    keys = pd.MultiIndex.from_frame(days[["day", "queue"]])
    after = total.reindex(keys).to_numpy(dtype=float)
    before = days["volume"].to_numpy(dtype=float)
    ratio = np.divide(after, before, out=np.ones(len(days)), where=before > 0)
    scaled = days.drop(columns=DAY_COLUMNS).mul(ratio, axis=0)
    return pd.concat([days[["day", "queue"]].assign(volume=after), scaled], axis=1)
