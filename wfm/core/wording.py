"""How hours, starts, breaks and lists are written in the cells of a table, and read back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from wfm.core.calendars import DAY_MIN, WEEKDAYS, Opening, Window, clock_text, parse_clock
from wfm.core.errors import DataError
from wfm.core.people import Break

_PAID = {"paid": True, "yes": True, "true": True, "unpaid": False, "no": False, "false": False}


_PIECE = re.compile(r" (\d{4}-\d\d-\d\d)(?: (\d\d:\d\d))?$")


def work_name(name: str) -> str:
    """What a queue or campaign is called in charts: all pieces of a queue's work by its own name.

    E-mail and post that wait for quiet periods are placed in pieces, each named by its day.

    >>> work_name("post 2026-11-20 09:00"), work_name("welcome calls")
    ('post', 'welcome calls')
    """
    return _PIECE.sub("", name)


def piece_of(name: str) -> tuple[date, str] | None:
    """Day and time of day that the name of a piece of a queue's work tells; None for others.

    >>> piece_of("post 2026-11-20 09:00"), piece_of("welcome calls")
    ((datetime.date(2026, 11, 20), '09:00'), None)
    """
    found = _PIECE.search(name)
    return None if found is None else (date.fromisoformat(found[1]), found[2] or "")


def weekdays_text(days: frozenset[int]) -> str:
    """Weekdays in words.

    >>> weekdays_text(frozenset({0, 1, 2, 3, 5}))
    'Mon-Thu,Sat'
    """
    runs: list[list[int]] = []
    for day in sorted(days):
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ",".join(
        WEEKDAYS[run[0]] if len(run) == 1 else f"{WEEKDAYS[run[0]]}-{WEEKDAYS[run[-1]]}"
        for run in runs
    )


def opening_text(opening: Opening) -> str:
    """Hours in words, such that `Opening.parse` gives them back.

    >>> opening_text(Opening.parse("Mon-Fri 08:00-18:00; Sat 22:00-02:00"))
    'Mon-Fri 08:00-18:00; Sat 22:00-02:00'
    >>> opening_text(Opening.parse("08:00-18:00 from 2026-03-01: 24/7"))
    '08:00-18:00 from 2026-03-01: 24/7'
    """
    later = [f" from {day}: {_windows_text(windows)}" for day, windows in opening.changes]
    return _windows_text(opening.windows) + "".join(later)


def _windows_text(windows: Iterable[Window]) -> str:
    parts = []
    for window in windows:
        if len(window.weekdays) == 7 and (window.from_min, window.to_min) == (0, DAY_MIN):
            parts.append("24/7")
            continue
        end = window.to_min if window.to_min <= DAY_MIN else window.to_min - DAY_MIN
        days = "" if len(window.weekdays) == 7 else f"{weekdays_text(window.weekdays)} "
        parts.append(f"{days}{clock_text(window.from_min)}-{clock_text(end)}")
    return "; ".join(parts)


def parse_hours(weekdays: str, hours: str) -> Opening:
    """Permitted hours from two cells: weekdays and from-to, or all of it in `hours`.

    >>> parse_hours("Mon-Sat", "10:00-20:00") == Opening.parse("Mon-Sat 10:00-20:00")
    True
    """
    if not weekdays.strip():
        return Opening.parse(hours)
    parts = [part.strip() for part in hours.split(";") if part.strip()]
    for part in parts:
        if not re.fullmatch(r"\d{1,2}:\d{2}\s*-\s*\d{1,2}:\d{2}", part):
            message = (
                f"hours {part!r} beside weekdays {weekdays!r} are not known. Write from-to such "
                "as 10:00-20:00, or leave weekdays empty and write Mon-Fri 10:00-20:00."
            )
            raise DataError(message)
    return Opening.parse("; ".join(f"{weekdays} {part}" for part in parts))


def hours_cells(opening: Opening) -> tuple[str, str]:
    """The two cells of `parse_hours`."""
    if not opening.changes and len(opening.windows) == 1 and len(opening.windows[0].weekdays) < 7:
        days, hours = opening_text(opening).split(" ", 1)
        return days, hours
    return "", opening_text(opening)


def parse_starts(text: str) -> tuple[int, int, int]:
    """Earliest and latest start and their raster [min].

    >>> parse_starts("07:00-11:00/15")
    (420, 660, 15)
    """
    pattern = r"\s*(\d{1,2}:\d{2})(?:\s*-\s*(\d{1,2}:\d{2}))?(?:\s*/\s*(\d+))?\s*"
    match = re.fullmatch(pattern, text)
    if not match:
        message = f"{text!r} is not known. Write earliest-latest/grid, such as 07:00-11:00/30."
        raise DataError(message)
    first = parse_clock(match[1])
    return first, parse_clock(match[2] or match[1]), int(match[3] or 30)


def parse_breaks(text: str) -> tuple[Break, ...]:
    """Breaks in order, each as name:length:earliest:latest:paid.

    A window below 0 counts from the end of the shift (`breaks_from`).

    >>> parse_breaks("lunch:30:180:300:unpaid")[0].length_min
    30
    """
    found = []
    for part in text.split(","):
        if not part.strip():
            continue
        cells = [cell.strip() for cell in part.split(":")]
        good = (
            len(cells) == 5
            and cells[0]
            and all(c.removeprefix("-").isdecimal() for c in cells[1:4])
        )
        if not good or cells[4].lower() not in _PAID:
            message = (
                f"break {part.strip()!r} is not known. Write name:length:earliest:latest:paid in "
                "minutes from the shift's start, such as lunch:30:180:300:unpaid."
            )
            raise DataError(message)
        length, earliest, latest = (int(c) for c in cells[1:4])
        found.append(Break(cells[0], length, earliest, latest, _PAID[cells[4].lower()]))
    return tuple(found)


def breaks_from(text: str, shift_min: int) -> tuple[Break, ...]:
    """Breaks of a shift, in which times below 0 count from its end.

    >>> breaks_from("tea:15:-120:-60:paid", 480)
    (Break(name='tea', length_min=15, earliest_min=360, latest_min=420, paid=True),)
    """

    def at(minutes: int) -> int:
        return minutes + shift_min if minutes < 0 else minutes

    return tuple(
        Break(b.name, b.length_min, at(b.earliest_min), at(b.latest_min), b.paid)
        for b in parse_breaks(text)
    )


def breaks_text(breaks: Iterable[Break]) -> str:
    """Breaks in the words of `parse_breaks`."""
    parts = []
    for pause in breaks:
        plain(pause.name, ":,", "the name of a break")
        paid = "paid" if pause.paid else "unpaid"
        parts.append(
            f"{pause.name}:{pause.length_min}:{pause.earliest_min}:{pause.latest_min}:{paid}"
        )
    return ", ".join(parts)


def parse_list(text: str) -> tuple[str, ...]:
    """Names separated by ``|``, each once, in their order."""
    return tuple(dict.fromkeys(part.strip() for part in text.split("|") if part.strip()))


def parse_skills(text: str) -> tuple[frozenset[str], tuple[tuple[str, int], ...]]:
    """Skills separated by ``|``, and the levels of those that are not a first choice.

    >>> parse_skills("mail|sales:2")[1]
    (('sales', 2),)
    """
    found = {}
    for part in parse_list(text):
        name, mark, level = part.rpartition(":")
        leveled = mark and name and len(level) == 1 and level in "123456789"
        found[name.strip() if leveled else part] = int(level) if leveled else 1
    return frozenset(found), tuple(sorted((s, n) for s, n in found.items() if n > 1))


def skills_text(skills: Iterable[str], levels: Iterable[tuple[str, int]] = ()) -> str:
    """Skills in the words of `parse_skills`.

    >>> skills_text({"sales", "mail"}, [("sales", 2)])
    'mail|sales:2'
    """
    of = dict(levels)
    marked = {s: of.get(s, 1) for s in skills}
    like = re.compile(r":[1-9]$")  # a name that ends like a level says its own
    return list_text(
        f"{s}:{n}" if n > 1 or like.search(s) else s for s, n in sorted(marked.items())
    )


def list_text(names: Iterable[str]) -> str:
    """Names in the words of `parse_list`."""
    return "|".join(plain(name, "|", "a name in a list") for name in names)


def plain(text: str, marks: str, what: str) -> str:
    """The text, refused when it holds a mark that parts the cell."""
    if any(mark in text for mark in marks) or text != text.strip() or not text:
        message = f"{text!r} cannot be {what}: leave out {' and '.join(marks)} and outer spaces."
        raise DataError(message)
    return text


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TRUTH = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
_TRUTH |= {"evet": True, "bəli": True, "კი": True, "hayır": False, "xeyr": False, "არა": False}


def parse_months(text: str) -> tuple[int, ...]:
    """Months from ``Jan-Mar`` or ``Jul,Aug``, by English name or number; 1 is January.

    >>> parse_months("Dec-Feb"), parse_months("7,8")
    ((1, 2, 12), (7, 8))
    """
    found: set[int] = set()
    for part in text.split(","):
        ends = [_month(end) for end in part.split("-")]
        span = (ends[-1] - ends[0]) % 12 + 1
        found |= {(ends[0] - 1 + k) % 12 + 1 for k in range(span)}
    return tuple(sorted(found))


def months_text(months: Iterable[int]) -> str:
    """Months in the words of `parse_months`."""
    return ",".join(MONTHS[m - 1] for m in sorted(months))


def parse_truth(text: str) -> bool:
    """Yes or no."""
    if text.strip().lower() not in _TRUTH:
        message = f"{text!r} is neither yes nor no. Write one of them."
        raise DataError(message)
    return _TRUTH[text.strip().lower()]


def parse_rates(text: str) -> tuple[tuple[int, float, float], ...]:
    """Rates by hour of the day: hour=connect rate/right-party rate, separated by ``|``.

    >>> parse_rates("10=0.3/0.7|17=0.45")
    ((10, 0.3, 0.7), (17, 0.45, 1.0))
    """
    found = []
    for part in text.split("|"):
        match = re.fullmatch(r"\s*(\d{1,2})\s*=\s*([\d.]+)\s*(?:/\s*([\d.]+))?\s*", part)
        if not match or int(match[1]) > 23:
            message = f"{part.strip()!r} is no rate by hour. Write them as 10=0.3/0.7|17=0.45/0.8."
            raise DataError(message)
        found.append((int(match[1]), float(match[2]), float(match[3] or 1)))
    return tuple(found)


def rates_text(rates: Iterable[tuple[int, float, float]]) -> str:
    """Rates by hour in words, such that `parse_rates` gives them back."""
    return "|".join(f"{hour}={connect:g}/{right:g}" for hour, connect, right in rates)


def parse_seconds(text: str) -> tuple[float, ...]:
    """Times separated by ``|``, equal ones kept.

    >>> parse_seconds("300|300|340")
    (300.0, 300.0, 340.0)
    """
    try:
        return tuple(float(part) for part in text.split("|"))
    except ValueError:
        message = f"{text!r} is not a list of seconds. Write them as 300|340."
        raise DataError(message) from None


def _month(text: str) -> int:
    """Number of a month."""
    word = text.strip().lower()
    for number, name in enumerate(MONTHS, start=1):
        if word.startswith(name.lower()) or word == str(number):
            return number
    message = f"month {text!r} is not known. Write Jan to Dec, or 1 to 12."
    raise DataError(message)
