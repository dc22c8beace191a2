"""Dates, times of day and stamps as they stand in files."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

import numpy as np
import pandas as pd

from wfm.core.errors import DataError
from wfm.io.read.months import with_number

Where = Callable[[int], str]
ORDERS = ("auto", "YMD", "DMY", "MDY")
_DATE = r"(?P<a>\d{1,4})(?P<mark>[./-])(?P<b>\d{1,2})[./-](?P<c>\d{1,4})"
_TIME = (
    r"(?P<h>\d{1,2}):(?P<m>\d{2})(?::(?P<s>\d{2})(?:[.,]0*)?)?(?:\s*(?P<half>[AaPp])\.?[Mm]\.?)?"
)
_OFFSET = r"(?:\s*(?P<offset>Z|z|UTC|GMT|[+-](?:0\d|1[0-4]):?[0-5]\d))?"
_UNTIL = r"(?:\s*[-–]\s*\d{1,2}:\d{2}(?::\d{2})?)?"
_STAMP = rf"^{_DATE}(?:[T ,]+{_TIME}{_OFFSET}{_UNTIL})?$"
_COMPACT = r"^(?P<a>\d{4})(?P<b>\d{2})(?P<c>\d{2})(?:[T ]?(?P<h>\d{2})(?P<m>\d{2})(?P<s>\d{2})?)?$"
_CLOCK = rf"^{_TIME}{_UNTIL}$"
DAY_S = 86_400
_EXCEL_BEGIN = datetime(1899, 12, 30)  # noqa: DTZ001 - a day on the wall, of any zone
_FIRST_S, _LAST_S = (int(np.datetime64(f"{y}-01-01", "s").astype(int)) for y in (1900, 2201))
_EXCEL_DAY = re.compile(r"[3-7]\d{4}(?:[.,]\d+)?$")
_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?Z?$")


@dataclass(frozen=True)
class Stamps:
    """Stamps of the different cells of a column.

    `naive` as written, NaT where unreadable; `offset_s` east of UTC, NaN where none is written;
    `has_time` where a time of day is written. All of shape (n,).
    """

    naive: np.ndarray
    offset_s: np.ndarray
    has_time: np.ndarray


def nowhere(_: int) -> str:
    """A place that is not known."""
    return ""


def parse_stamps(
    values: pd.Series, source: str, *, dates: str = "auto", where: Where = nowhere
) -> Stamps:
    """Stamps or dates from texts, datetimes or dates.

    Parameters
    ----------
    values
        ``2026-03-02 08:00``, ``2026-03-02T08:00:00Z``, ``02.03.2026 08:00``, ``3/2/2026 8:00 AM``,
        ``2 Mar 2026``, ``20260302``, with or without an offset from UTC; ``46083.33``, the days
        that spreadsheets count, where a cell has lost its form.
    source
        Name of the file, for messages.
    dates
        Order of day, month and year where it is not plain: ``"DMY"`` or ``"MDY"``.
    where
        Says of the place of a value where it stands, such as ``"line 4: "``.

    Raises
    ------
    DataError
        Every date can be read as day/month and as month/day.

    Examples
    --------
    >>> parse_stamps(pd.Series(["02.03.2026 24:00"]), "calls.csv").naive
    array(['2026-03-03T00:00:00.000000'], dtype='datetime64[us]')
    """
    if dates not in ORDERS:
        message = f"dates: {dates!r} is not known. Use auto, DMY, MDY or YMD."
        raise DataError(message)
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        utc = values.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy(dtype="datetime64[us]")
        return Stamps(utc, np.zeros(len(utc)), np.ones(len(utc), dtype=bool))
    if pd.api.types.is_datetime64_dtype(values.dtype):
        naive = values.to_numpy(dtype="datetime64[us]")
        return Stamps(naive, np.full(len(naive), np.nan), np.ones(len(naive), dtype=bool))
    plain = _plain_iso(values)
    if plain is not None:
        return plain
    texts = pd.Series([_iso(v) for v in values], dtype="str")
    parts = texts.str.extract(_STAMP)
    compact = texts.str.extract(_COMPACT)
    packed = compact["a"].notna()
    if packed.any():
        parts.loc[packed, compact.columns] = compact[packed]
        parts.loc[packed, "mark"] = "-"
    day = _days(parts, source, dates, where)
    seconds = _seconds(parts)
    has_time = parts["h"].notna().to_numpy(dtype=bool)
    good = ~np.isnat(day) & ~np.isnan(seconds)
    naive = day + np.where(good, seconds, 0).astype("timedelta64[s]")
    naive = np.where(good, naive, np.datetime64("NaT", "us"))
    return Stamps(naive.astype("datetime64[us]"), _offsets(parts["offset"]), has_time)


def plain_form(text: object) -> str:
    """A stamp that is written in one full form of ISO 8601, to compare others with; or nothing.

    >>> plain_form("2026-03-02T08:00Z"), plain_form("02.03.2026 08:00")
    ('2026-03-02T08:00Z', '')
    """
    return text if isinstance(text, str) and _ISO.match(text) else ""


def instants_of(texts: Any, form: str) -> np.ndarray | None:
    """Seconds since 1970 of an Arrow column of stamps of one form; None where any is of another.

    The length and the zone leave one form only to a reader of ISO 8601.
    """
    import pyarrow as pa
    from pyarrow import compute

    if texts.null_count or compute.min_max(compute.binary_length(texts)).as_py() != {
        "min": len(form),
        "max": len(form),
    }:
        return None
    try:
        naive = texts.cast(pa.timestamp("s", "UTC" if form.endswith("Z") else None))
    except pa.ArrowInvalid:
        return None
    found: np.ndarray = naive.cast(pa.int64()).to_numpy()
    return found if not len(found) or _FIRST_S <= found.min() <= found.max() < _LAST_S else None


def texts_of(seconds: np.ndarray, form: str) -> list[str]:
    """Stamps of a form as they are written, from seconds since 1970."""
    mark, end = form[10], "Z" if form.endswith("Z") else ""
    unit: Literal["s", "m"] = "s" if len(form) - len(end) > len("2026-03-02T08:00") else "m"
    day, second = np.divmod(seconds, DAY_S)
    days, of_day = np.unique(day, return_inverse=True)
    clocks, of_clock = np.unique(second, return_inverse=True)
    dates = [f"{text}{mark}" for text in np.datetime_as_string(days.astype("datetime64[D]"))]
    written = np.datetime_as_string(clocks.astype("datetime64[s]"), unit=unit)
    times = [f"{text[11:]}{end}" for text in written]
    return [dates[d] + times[c] for d, c in zip(of_day.tolist(), of_clock.tolist(), strict=True)]


def _plain_iso(values: pd.Series) -> Stamps | None:
    """Stamps that are all written in one full form of ISO 8601; None where any is not."""
    form = plain_form(values.iloc[0] if len(values) else None)
    if not form or any(not isinstance(t, str) for t in values):
        return None
    import pyarrow as pa

    seconds = instants_of(pa.chunked_array([pa.array(values, pa.string())]), form)
    if seconds is None:
        return None
    naive = seconds.astype("datetime64[s]").astype("datetime64[us]")
    offset = np.full(len(naive), 0.0 if form.endswith("Z") else np.nan)
    return Stamps(naive, offset, np.ones(len(naive), dtype=bool))


def _iso(value: object) -> str:
    """A cell as text: datetimes of a sheet rounded to the second, whole numbers without a point."""
    if not isinstance(value, date) and _EXCEL_DAY.match(str(value).strip()):
        day, part = divmod(float(str(value).replace(",", ".")), 1)
        value = _EXCEL_BEGIN + timedelta(days=day, seconds=round(part * DAY_S))
        return str(value if part else value.date())
    if isinstance(value, datetime):
        return str(pd.Timestamp(value).round("s").isoformat(sep=" "))
    if isinstance(value, date):
        return f"{value.isoformat()}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return with_number(str(value).strip())


def _days(parts: pd.DataFrame, source: str, dates: str, where: Where) -> np.ndarray:
    """Days from the three parts of a date, in the order they show."""
    a, b, c = (pd.to_numeric(parts[k], errors="coerce").to_numpy(dtype=float) for k in "abc")
    long_first = (parts["a"].str.len() >= 3).to_numpy(dtype=bool, na_value=False)
    short = (parts["c"].str.len() <= 2).to_numpy(dtype=bool, na_value=False)
    dotted = (parts["mark"] == ".").to_numpy(dtype=bool, na_value=False)
    dashed = (parts["mark"] == "-").to_numpy(dtype=bool, na_value=False)
    c = np.where(short & ~dashed & ~long_first, c + 2000, c)
    open_order = ~np.isnan(a) & ~long_first
    order = dates
    if dates in ("auto", "YMD") and open_order.any():
        order = _order(a[open_order], b[open_order], bool(dotted[open_order].all()))
        if not order:
            message = f"{source}: {_two_ways(parts, a, b, open_order, where)}"
            raise DataError(message)
    month, day = (a, b) if order == "MDY" else (b, a)
    year = np.where(long_first, a, c)
    month, day = np.where(long_first, b, month), np.where(long_first, c, day)
    whole = ~np.isnan(year) & (year >= 1900) & (year <= 2200)
    frame = pd.DataFrame({"year": year, "month": month, "day": day})[whole]
    days = np.full(len(year), np.datetime64("NaT", "us"))
    days[whole] = pd.to_datetime(frame, errors="coerce").to_numpy(dtype="datetime64[us]")
    return days


def _two_ways(
    parts: pd.DataFrame, a: np.ndarray, b: np.ndarray, open_order: np.ndarray, where: Where
) -> str:
    """What is said of dates whose day and month cannot be told apart."""

    def shown(row: int) -> str:
        return "".join(str(parts[name].iloc[row]) for name in ("a", "mark", "b", "mark", "c"))

    days, months = (np.flatnonzero(open_order & (x > 12)) for x in (a, b))
    if len(days) and len(months):
        one, other = int(days[0]), int(months[0])
        return (
            f"{where(one)}{shown(one)} has the day first, {where(other)}{shown(other)} the month. "
            "Write all dates one way."
        )
    first = int(np.flatnonzero(open_order)[0])
    return (
        f"{where(first)}dates such as {shown(first)} can be read two ways. "
        "Say dates='DMY' (day first) or dates='MDY' (month first)."
    )


def _order(a: np.ndarray, b: np.ndarray, dotted: bool) -> str:
    """Order of day and month when the year stands last; empty when it cannot be told."""
    day_first, month_first = bool((a > 12).any()), bool((b > 12).any())
    if day_first != month_first:
        return "DMY" if day_first else "MDY"
    return "DMY" if dotted and not day_first else ""


def _seconds(parts: pd.DataFrame) -> np.ndarray:
    """Seconds after midnight of the parts of a time of day; NaN where impossible."""
    h, m, s = (
        pd.to_numeric(parts[k], errors="coerce").fillna(0).to_numpy(dtype=float) for k in "hms"
    )
    half = parts["half"].str.lower().to_numpy(dtype=object, na_value="")
    twelve = half != ""
    possible = (m < 60) & (s < 60) & np.where(twelve, (h >= 1) & (h <= 12), h <= 24)
    h = np.where(twelve, h % 12 + 12 * (half == "p"), h)
    total = h * 3600 + m * 60 + s
    return np.where(possible & (total <= DAY_S), total, np.nan)


def _offsets(texts: pd.Series) -> np.ndarray:
    """Seconds east of UTC, NaN where none is written."""
    found = texts.str.extract(r"^([+-])(\d{2}):?(\d{2})$")
    sign = found[0].map({"+": 1.0, "-": -1.0}).to_numpy(dtype=float)
    hours = pd.to_numeric(found[1], errors="coerce").to_numpy(dtype=float)
    minutes = pd.to_numeric(found[2], errors="coerce").to_numpy(dtype=float)
    offset = sign * (hours * 3600 + minutes * 60)
    utc = texts.str.upper().isin(["Z", "UTC", "GMT"]).to_numpy(dtype=bool)
    return np.where(utc, 0.0, offset)


def parse_clocks(values: pd.Series) -> np.ndarray:
    """Seconds after midnight from times of day; NaN where unreadable.

    ``08:30``, ``8:30 AM``, ``08:30-09:00`` (its start) and, when every cell is like that, ``830``,
    ``08.30`` or a part of a day, ``0.354167``.

    >>> parse_clocks(pd.Series(["08:30", "24:00", "x"], dtype=object)).tolist()
    [30600.0, 86400.0, nan]
    """
    texts = pd.Series([_clock_text(v) for v in values], dtype="str")
    parts = texts.str.extract(_CLOCK)
    seconds = np.where(parts["h"].notna(), _seconds(parts), np.nan)
    packed = texts.str.fullmatch(r"\d{1,4}").to_numpy(dtype=bool, na_value=False)
    if packed.any() and packed.all():
        number = pd.to_numeric(texts).to_numpy(dtype=float)
        if number.max() >= 100 and bool((number % 100 < 60).all()):
            total = (number // 100) * 3600 + (number % 100) * 60
            seconds = np.where(total <= DAY_S, total, np.nan)
    elif texts.str.fullmatch(r"\d{1,2}[.hH][0-5]\d").all():
        seconds = _seconds(texts.str.replace("[.hH]", ":", regex=True).str.extract(_CLOCK))
    elif texts.str.fullmatch(r"[01]|0?[.,]\d+(?:[eE]-\d+)?").all():
        part = pd.to_numeric(texts.str.replace(",", ".")).to_numpy(dtype=float)
        seconds = np.round(part * DAY_S) if (part % 1 > 0).any() else seconds
    return np.asarray(seconds, dtype=float)


def _clock_text(value: object) -> str:
    if isinstance(value, datetime):
        return value.strftime("%H:%M:%S")
    if isinstance(value, time):
        rounded = datetime.combine(date(2000, 1, 1), value) + timedelta(microseconds=500_000)
        return rounded.strftime("%H:%M:%S")
    if isinstance(value, timedelta):
        seconds = round(value.total_seconds())
        return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return _iso(value)
