"""Opening and calling hours of a week in local wall-clock time, and how they are written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np
import pandas as pd

from wfm.core.errors import DataError
from wfm.core.language import LANGUAGES
from wfm.core.ranges import about

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DAY_MIN = 24 * 60


def parse_clock(text: str) -> int:
    """Minutes after midnight of ``"HH:MM"``; ``"24:00"`` is the end of the day.

    >>> parse_clock("07:30")
    450
    """
    match = re.fullmatch(r"\s*(\d{1,2}):(\d{2})\s*", str(text))
    minutes = int(match[1]) * 60 + int(match[2]) if match and int(match[2]) < 60 else DAY_MIN + 1
    if minutes > DAY_MIN:
        message = f"time of day: {text!r} is not known. Write it as HH:MM, from 00:00 to 24:00."
        raise DataError(message)
    return minutes


def clock_text(minutes: int | None) -> str:
    """Minutes after midnight as ``HH:MM``; nothing for None.

    >>> clock_text(510)
    '08:30'
    """
    return "" if minutes is None else f"{minutes // 60:02d}:{minutes % 60:02d}"


def parse_weekdays(text: str) -> frozenset[int]:
    """Weekdays (Monday is 0) of ``"Mon-Fri"``, ``"Sat,Sun"``, ``"0-4"`` or nothing (all seven).

    >>> sorted(parse_weekdays("Fri-Sun")), sorted(parse_weekdays("Pzt-Cum"))
    ([4, 5, 6], [0, 1, 2, 3, 4])
    """
    days: set[int] = set()
    for part in re.split(r"[,|\s]+", str(text).strip()):
        if not part:
            continue
        ends = [_weekday(end, text) for end in part.split("-", 1)]
        first, last = ends[0], ends[-1]
        days |= {d % 7 for d in range(first, (last if last >= first else last + 7) + 1)}
    return frozenset(days or range(7))


def _weekday(text: str, whole: str) -> int:
    names = [name.lower() for name in WEEKDAYS]
    key = text.strip()[:3].lower()
    if key in names:
        return names.index(key)
    if text.strip().lower() in _own_names():
        return _own_names()[text.strip().lower()]
    if key.isdigit() and int(key) < 7:
        return int(key)
    message = f"weekdays: {whole!r} is not known. Write Mon-Fri, Sat or Mon,Wed,Fri."
    raise DataError(message)


@cache
def _own_names() -> dict[str, int]:
    """Weekdays, whole and short, in the languages of the pages; Monday is 0."""
    from babel import Locale

    return {
        name.lower(): number
        for language in LANGUAGES
        for width in ("abbreviated", "wide")
        for number, name in Locale(language).days["format"][width].items()
    }


@dataclass(frozen=True)
class Window:
    """Hours of the day on some weekdays; `to_min` above 24 h runs past midnight."""

    weekdays: frozenset[int]
    from_min: int
    to_min: int


FROM_DAY = re.compile(r"\bfrom\s+(\S+?)\s*:\s", re.IGNORECASE)


@dataclass(frozen=True)
class Opening:
    """Weekly opening or calling hours in local wall-clock time.

    Parameters
    ----------
    windows
        The hours, up to the first change.
    changes
        Days from which on other hours hold, in order, with these hours.
    """

    windows: tuple[Window, ...]
    changes: tuple[tuple[date, tuple[Window, ...]], ...] = ()

    @classmethod
    def parse(cls, text: str) -> Opening:
        """Opening hours from text.

        ``"24/7"``, ``"07:00-21:00"``, ``"Mon-Fri 08:00-18:00; Sat 09:00-13:00"``; a window whose
        end is not after its start runs past midnight. Hours that change are written one after the
        other, each with its first day: ``"Mon-Fri 08:00-18:00 from 2026-03-01: Mon-Sat
        08:00-20:00"``.

        >>> Opening.parse("Mon-Fri 08:00-18:00; Sat 09:00-13:00").windows[1].from_min
        540
        >>> Opening.parse("08:00-18:00 from 2026-03-01: 08:00-20:00").changes[0][0]
        datetime.date(2026, 3, 1)
        """
        first, *later = FROM_DAY.split(str(text))
        changes = [
            (_first_day(day, text), _windows(hours))
            for day, hours in zip(later[::2], later[1::2], strict=True)
        ]
        days = [day for day, _ in changes]
        if days != sorted(set(days)):
            message = f"opening hours: the days of {text!r} are not in order. Put the first first."
            raise DataError(message)
        return cls(_windows(first), tuple(changes))

    def open_at(self, index: pd.DatetimeIndex) -> np.ndarray:
        """Whether each stamp lies inside the hours, by its wall-clock time; shape (n,), bool.

        A window past midnight belongs to the day on which it begins.
        """
        if not self.changes:
            return _inside(self.windows, index, np.ones((2, len(index)), dtype=bool))
        wall = index.tz_localize(None) if index.tz is not None else index
        today = wall.to_numpy().astype("datetime64[D]")
        both = np.stack([today, today - np.timedelta64(1, "D")])
        since = [np.datetime64(day, "D") for day, _ in self.changes]
        period = np.searchsorted(np.array(since), both, side="right")
        every = (self.windows, *(windows for _, windows in self.changes))
        return np.asarray(
            np.any([_inside(w, index, period == i) for i, w in enumerate(every)], axis=0)
        )


def as_opening(where: str, hours: Opening | str | None) -> Opening | None:
    """Hours as they are, or read from text as `Opening.parse` does; an empty text is None.

    Raises
    ------
    DataError
        A text that cannot be read; the message begins with `where`.

    Examples
    --------
    >>> as_opening("agent 'a1'", "Mon-Fri 08:00-16:00").windows[0].from_min
    480
    """
    if not isinstance(hours, str):
        return hours
    with about(where):
        return Opening.parse(hours) if hours.strip() else None


def _first_day(text: str, whole: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        message = (
            f"opening hours: {text!r} in {whole!r} is not a day. "
            "Write from 2026-03-01: Mon-Sat 08:00-20:00."
        )
        raise DataError(message) from error


def _windows(text: str) -> tuple[Window, ...]:
    """Windows of a text such as ``Mon-Fri 08:00-18:00; Sat 09:00-13:00``."""
    windows = []
    for part in text.split(";"):
        if not part.strip():
            continue
        if part.strip() == "24/7":
            windows.append(Window(frozenset(range(7)), 0, DAY_MIN))
            continue
        match = re.fullmatch(r"\s*(.*?)\s*(\d{1,2}:\d{2})\s*-\s*(\d{1,2}:\d{2})\s*", part)
        if not match:
            message = (
                f"opening hours: {part.strip()!r} is not known. "
                "Write 24/7 or for example Mon-Fri 08:00-18:00; Sat 09:00-13:00."
            )
            raise DataError(message)
        start, end = parse_clock(match[2]), parse_clock(match[3])
        end += 0 if end > start else DAY_MIN
        windows.append(Window(parse_weekdays(match[1]), start, end))
    if not windows:
        message = "opening hours: empty. Write 24/7 or for example Mon-Fri 08:00-18:00."
        raise DataError(message)
    return tuple(windows)


def _inside(windows: tuple[Window, ...], index: pd.DatetimeIndex, holds: np.ndarray) -> np.ndarray:
    """Whether each stamp lies in a window of its day or of the day before, where these hold.

    Parameters
    ----------
    holds
        Whether the windows hold on the stamp's day, and on the day before; shape (2, n).
    """
    minute = index.hour.to_numpy() * 60 + index.minute.to_numpy()
    weekday = index.day_of_week.to_numpy()
    inside = np.zeros(len(index), dtype=bool)
    for window in windows:
        today = np.isin(weekday, list(window.weekdays)) & holds[0]
        inside |= today & (minute >= window.from_min) & (minute < window.to_min)
        if window.to_min > DAY_MIN:
            evening = np.isin((weekday - 1) % 7, list(window.weekdays)) & holds[1]
            inside |= evening & (minute + DAY_MIN < window.to_min)
    return inside
