"""Which column of a file means what: synonyms of headings, and units within them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from wfm.core.errors import DataError
from wfm.io.read.headings import SYNONYMS

TIMES = ("aht", "handle", "talk", "hold", "wrap", "wait_answered", "wait_abandoned")
LEAST_KNOWN, MOST_TITLES = 2, 20
UNITS = {
    "s": ("s", "sec", "secs", "second", "seconds", "sekunden", "sn", "saniye"),
    "min": ("min", "mins", "minute", "minutes", "minuten", "dk", "dakika"),
    "ms": ("ms", "msec", "milliseconds"),
}
UNIT_S = {"s": 1.0, "min": 60.0, "ms": 0.001}
_DOTLESS = str.maketrans({"ı": "i", "ß": "ss"})


def key(text: str) -> str:
    """A heading without case, accents, spaces and marks; the Turkish dotless i is an i.

    >>> key("ÇAĞRI_sayısı") == key("Çağrı Sayısı")
    True
    """
    plain = unicodedata.normalize("NFKD", str(text).translate(_DOTLESS))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return "".join(c for c in plain.casefold() if c.isalnum())


@dataclass(frozen=True)
class Vocabulary:
    """Headings by meaning, which meanings are durations, and which must be plain.

    Two columns for a `plain` meaning are refused unless one has the surest heading.
    """

    synonyms: Mapping[str, tuple[str, ...]]
    times: tuple[str, ...]
    plain: tuple[str, ...]

    @cached_property
    def known(self) -> dict[str, tuple[str, int]]:
        """Meaning and rank of each heading, by its key."""
        return {
            key(name): (meaning, rank)
            for meaning, names in self.synonyms.items()
            for rank, name in enumerate(names)
        }


INTERVALS = Vocabulary(SYNONYMS, TIMES, ("start", "queue", "offered"))


@dataclass(frozen=True)
class Meaning:
    """What a column means: its heading, and the unit its heading gives for a time."""

    column: str
    unit: str = ""
    rank: int = 0


def _understood(heading: str, words_known: Vocabulary) -> tuple[str, str, int] | None:
    """Meaning, unit and rank of a heading, or None."""
    whole = words_known.known.get(key(heading))
    if whole:
        return whole[0], "", whole[1]
    words = [w for w in re.split(r"[\W_]+", heading) if w]
    unit = next((u for u, names in UNITS.items() if words and key(words[-1]) in names), "")
    part = words_known.known.get(key("".join(words[:-1]))) if unit else None
    return (part[0], unit, part[1]) if part and part[0] in words_known.times else None


def known_headings(cells: Sequence[str]) -> int:
    """How many meanings the cells of a row would have as headings.

    >>> known_headings(["Report of March", "", ""]), known_headings(["Date", "Time", "Calls"])
    (0, 3)
    """
    return len(_meanings(cells))


def tells_contacts(cells: Sequence[str]) -> bool:
    """Whether cells would be headings of a history: of a time and of contacts.

    >>> tells_contacts(["Date", "Time", "Calls"]), tells_contacts(["Queue", "Skill", "Team"])
    (True, False)
    """
    known = _meanings(cells)
    times, counts = {"start", "end", "date", "slot"}, {"offered", "answered"}
    return bool(known & times) and bool(known & counts)


def _meanings(cells: Sequence[str]) -> set[str]:
    return {found[0] for cell in cells if (found := _understood(str(cell), INTERVALS))}


def heading_row(rows: Sequence[Sequence[str]]) -> int:
    """Which of the first rows holds the headings: that with most known ones, not a title above.

    Where the first one knows two or more, or none does, it is the first.
    """
    known = [known_headings(row) for row in rows[:MOST_TITLES]]
    if not known or known[0] >= LEAST_KNOWN or max(known) < LEAST_KNOWN:
        return 0
    return known.index(max(known))


def listed(names: Sequence[str], most: int = 12) -> str:
    """Headings for a message: the first few, each cut short, and how many more there are.

    >>> listed(["start", "offered"])
    'start, offered'
    """
    if not names:
        return "none"
    shown = [n if len(n) <= 40 else f"{n[:37]}..." for n in names[:most]]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more:,} more" if more else "")


def split_unit(name: str, times: tuple[str, ...] = TIMES) -> tuple[str, str]:
    """A name given by hand, such as `aht_s` or `talk_min`, as meaning and unit.

    >>> split_unit("aht_min")
    ('aht', 'min')
    """
    for unit in UNIT_S:
        if name.endswith(f"_{unit}") and name.removesuffix(f"_{unit}") in times:
            return name.removesuffix(f"_{unit}"), unit
    return name, ""


def map_columns(
    names: tuple[str, ...],
    source: str,
    by_hand: Mapping[str, str] | None = None,
    vocabulary: Vocabulary = INTERVALS,
) -> dict[str, Meaning]:
    """The column of each meaning.

    Parameters
    ----------
    names
        Headings of the file.
    source
        Its name, for messages.
    by_hand
        Meaning to heading, for example ``{"start": "Datum", "offered": "Anrufe"}``; it goes before
        what the synonyms say. A time may carry its unit: ``aht_s``, ``handle_min``, ``talk_s``.
    vocabulary
        The meanings to look for.

    Raises
    ------
    DataError
        An unknown meaning, a heading that is not there, or two columns for one meaning.

    Examples
    --------
    >>> map_columns(("unique_id", "ds", "y"), "calls.csv")["offered"].column
    'y'
    """
    found: dict[str, Meaning] = {}
    for name, heading in (by_hand or {}).items():
        meaning, unit = split_unit(name, vocabulary.times)
        if meaning not in vocabulary.synonyms:
            known = ", ".join(f"{m}_s" if m in vocabulary.times else m for m in vocabulary.synonyms)
            message = f"columns: {name!r} is not a meaning. Use one of {known}."
            raise DataError(message)
        match = [n for n in names if n == heading] or [n for n in names if key(n) == key(heading)]
        if not match:
            message = (
                f"{source}: there is no column {heading!r} for {name}; "
                f"found {listed(names)}. Name one of these."
            )
            raise DataError(message)
        found[meaning] = Meaning(match[0], unit)
    taken = {m.column for m in found.values()}
    fixed = set(found)
    for heading in dict.fromkeys(names):
        known_as = None if heading in taken else _understood(heading, vocabulary)
        if known_as is None or known_as[0] in fixed:
            continue
        meaning, unit, rank = known_as
        new = Meaning(heading, unit, rank)
        old = found.get(meaning)
        if old and 0 not in (old.rank, new.rank) and meaning in vocabulary.plain:
            message = (
                f"{source}: columns {old.column!r} and {heading!r} could both be {meaning}. "
                f"Say which, for example columns={{{meaning!r}: {old.column!r}}}."
            )
            raise DataError(message)
        if old is None or new.rank < old.rank:
            found[meaning] = new
    twice = [m.column for m in found.values() if names.count(m.column) > 1]
    if twice:
        message = f"{source}: there are two columns {twice[0]!r}. Rename or remove one of them."
        raise DataError(message)
    return found
