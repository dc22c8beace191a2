"""Changes a planner makes to a forecast by hand, kept as a layer that every new run gets again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

from wfm.core import intervals
from wfm.core.errors import DataError
from wfm.core.types import Forecast

COLUMNS = ("from", "to", "queue", "change", "author", "reason")
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
        period in proportion to the forecast, `=500` sets the period's total.
    queue
        Empty means every queue, each on its own.
    author, reason
        Who and why.
    """

    first: str
    last: str
    change: str
    queue: str = ""
    author: str = ""
    reason: str = ""


def edits_from(frame: pd.DataFrame) -> list[Edit]:
    """Edits of a table with the columns `from to queue change author reason`.

    >>> edits_from(pd.DataFrame({"from": ["2026-11-20"], "to": ["2026-11-20"], "change": ["+10%"]}))
    [Edit(first='2026-11-20', last='2026-11-20', change='+10%', queue='', author='', reason='')]
    """
    missing = [name for name in ("from", "to", "change") if name not in frame.columns]
    if missing:
        message = f"edits: missing columns {', '.join(missing)}. Use {', '.join(COLUMNS)}."
        raise DataError(message)
    table = frame.reindex(columns=list(COLUMNS)).astype(object)
    table = table.map(_text)
    return [
        Edit(row[0], row[1], row[3], row[2], row[4], row[5])
        for row in table.itertuples(index=False, name=None)
        if any(row)
    ]


def _text(cell: Any) -> str:
    """One cell as it is typed; a workbook's date at midnight means the whole day."""
    if isinstance(cell, datetime) and not pd.isna(cell):
        whole_day = (cell.hour, cell.minute) == (0, 0)
        return f"{cell:%Y-%m-%d}" if whole_day else f"{cell:%Y-%m-%d %H:%M}"
    return "" if pd.isna(cell) else str(cell).strip()


def edits_table(edits: Sequence[Edit]) -> pd.DataFrame:
    """The table of some edits, the inverse of `edits_from`."""
    rows = [(e.first, e.last, e.queue, e.change, e.author, e.reason) for e in edits]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=str)


def apply_edits(forecast: Forecast, edits: Sequence[Edit]) -> Forecast:
    """Return the forecast with every edit applied in order; its bands move with the volume.

    An edit outside the forecast's days changes nothing and stays in the list for a later run.

    Parameters
    ----------
    forecast
        As the model made it.
    edits
        Applied one after the other, each to what the ones before left.

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
        for rows in _rows(forecast, edit, number):
            before = volume[rows]
            volume[rows] = _changed(before, edit, number)
            last_edit[rows[volume[rows] != before]] = number
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


def _changed(before: np.ndarray, edit: Edit, number: int) -> np.ndarray:
    match = re.fullmatch(r"\s*([+\-=])\s*(\d+(?:\.\d+)?)\s*(%?)\s*", edit.change.replace("−", "-"))
    if not match or (match[1] == "=" and match[3]):
        message = (
            f"edit {number + 1}: change {edit.change!r} is not known. "
            "Write +10%, -5%, +30, -30 or =500."
        )
        raise DataError(message)
    amount = float(match[2])
    if match[3]:
        factor = 1 + amount / 100 if match[1] == "+" else 1 - amount / 100
        if factor < 0:
            message = (
                f"edit {number + 1}: {edit.change} takes more than there is. Use -100% at most."
            )
            raise DataError(message)
        return before * factor
    total = float(before.sum())
    wanted = {"+": total + amount, "-": total - amount, "=": amount}[match[1]]
    if wanted < 0:
        message = (
            f"edit {number + 1}: {edit.change} takes more than the {total:.1f} contacts forecast "
            f"from {edit.first} to {edit.last}. Use -{total:.0f} at most, or =0."
        )
        raise DataError(message)
    return before * (wanted / total) if total > 0 else np.full(len(before), wanted / len(before))


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
