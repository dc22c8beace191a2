"""The reader's language: finished English sentences told in another one, at the border.

The code says everything in English, as plain texts and f-strings, and knows no language. A text's
template is its f-string with named places (``{len_rows:,} rows``); the catalogues in `wfm/locale`
(gettext, one for each language, made by ``docs/make_catalogues.py``) hold the templates of the
whole code. Where a text leaves the program, `told` finds the template it was written by, and writes
it again in the reader's language with its numbers and days in the reader's way (Babel).
"""

from __future__ import annotations

import gettext
import io
import re
import string
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

LANGUAGES = {
    "en": "English",
    "tr": "Türkçe",
    "az": "Azərbaycanca",
    "ka": "ქართული",
}
LOCALE = Path(__file__).resolve().parents[1] / "locale"
DATES = {
    "%a": "EEE",
    "%A": "EEEE",
    "%d": "d",
    "%b": "MMM",
    "%B": "MMMM",
    "%Y": "y",
    "%m": "MM",
    "%H": "HH",
    "%M": "mm",
    "%S": "ss",
}
_NUMBER = re.compile(r"([+\-−±]?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?( ?%)?")
_MEASURE = re.compile(r"([+\-−±]?[\d,]+(?:\.\d+)?%?) ([^\W\d]{1,8})")  # 1,200.5 EUR
_COUNTED = re.compile(r"(\D{2,60}) ([+\-−±]?[\d,]+(?:\.\d+)?%?)")  # Level +72
_JOINED = re.compile(r"[a-z]\w*(?:, [a-z]\w*)* (and|or) [a-z]\w*")  # aht_s and interval_s
_KEYS = re.compile(r"[a-z]\w*(?:, [a-z]\w*)+")  # start, queue, offered: written as they are
MOST_PIECES = 8  # of a text that is told piece by piece
_LEAD = 3  # letters of a template's beginning by which it is found


class _Template(NamedTuple):
    """A text with places: how it is recognised, and how much of it is fixed."""

    msgid: str
    fixed: int
    pattern: re.Pattern[str]
    specs: tuple[tuple[str, str], ...]


def places(template: str) -> list[tuple[str, str]]:
    """Names and format specifications of a template's places.

    >>> places("{n:,.0f} agents on {day:%a %d}")
    [('n', ',.0f'), ('day', '%a %d')]
    """
    parsed = string.Formatter().parse(template)
    return [(name, spec or "") for _, name, spec, _ in parsed if name is not None]


def _template(msgid: str) -> _Template:
    pattern, fixed = "", 0
    for literal, name, spec, _ in string.Formatter().parse(msgid):
        pattern += re.escape(literal)
        fixed += sum(letter.isalpha() for letter in literal) * 100 + len(literal)
        if name is not None:
            pattern += _shape(spec or "")
    return _Template(msgid, fixed, re.compile(pattern, re.DOTALL), tuple(places(msgid)))


def _shape(spec: str) -> str:
    """What a place may hold, by its format specification."""
    if spec.startswith("%") and spec != "%":
        return r"([\w .:,/-]+?)" if re.search("%[aAbB]", spec) else r"([\d .:,/-]+?)"
    if re.search(r"[dfge%,]$", spec):
        return r"([-+−±]?[\d,.e+-]+%?|nan%?|inf)"
    return "(.*?)"


class Catalogue:
    """The texts of one language.

    Parameters
    ----------
    language
        A key of `LANGUAGES`; unknown ones read as English.
    """

    def __init__(self, language: str) -> None:
        from babel import Locale

        self.language = language
        self.locale = Locale.parse(language)
        self._texts = _read(language)
        self._stripped = {text.strip(): other.strip() for text, other in self._texts.items()}
        self._by_lead: dict[str, list[_Template]] = {}
        self.templates = [_template(msgid) for msgid in self._texts if "{" in msgid]
        for one in sorted(self.templates, key=lambda t: -t.fixed):
            literal = next(iter(string.Formatter().parse(one.msgid)))[0]
            lead = literal[:_LEAD] if len(literal) >= _LEAD else ""
            self._by_lead.setdefault(lead, []).append(one)
        self.told = lru_cache(maxsize=16384)(self._told)
        self.find = lru_cache(maxsize=16384)(self._find)

    def _told(self, text: str) -> str:
        found = self.find(text)
        return text if found is None else found

    def _find(self, text: str) -> str | None:
        """A finished English text in this language; None when no template is known to write it."""
        if not text or text.isspace():
            return text
        if (known := self._written(text)) is not None:
            return known
        if _NUMBER.fullmatch(text):
            return self.number(text)
        if (parted := _MEASURE.fullmatch(text)) is not None:
            return f"{self.number(parted[1])} {self.told(parted[2])}"
        parted = _COUNTED.fullmatch(text)
        if parted is not None and (known := self._written(parted[1])) is not None:
            return f"{known} {self.number(parted[2])}"
        return self._days(text) or self._of_pieces(text) or self._within_markup(text)

    def _written(self, text: str) -> str | None:
        """A text that one template wrote from its first letter to its last."""
        exact = self._texts.get(text) or self._stripped.get(text)
        if exact is not None:
            return exact
        for lead in (text[:_LEAD], ""):
            for one in self._by_lead.get(lead, ()):
                match = one.pattern.fullmatch(text)
                if match:
                    return self._filled(one, match.groups())
        return None

    def _of_pieces(self, text: str) -> str | None:
        """A text of several sentences or parts, each written by a template of its own."""
        for mark in ("\n", "  ", " · ", ". ", ": ", "; ", ", ", " ("):
            if mark not in text:
                continue
            pieces = text.split(mark)
            if len(pieces) > MOST_PIECES:
                continue
            stop = mark.rstrip() if mark == ". " else ""
            joint = " " if stop else mark
            cuts = [
                (mark.join(pieces[:count]) + stop, mark.join(pieces[count:]))
                for count in range(len(pieces) - 1, 0, -1)
            ]
            found = [(self.find(begin), self._tail(joint, rest)) for begin, rest in cuts]
            ranks = [(a is not None) + (b is not None) for a, b in found]
            if any(ranks):
                best = ranks.index(max(ranks))
                begin, rest = cuts[best]
                return (found[best][0] or begin) + (found[best][1] or joint + rest)
        return None

    def _tail(self, joint: str, rest: str) -> str | None:
        """The later part of a text: a template of its own, with or without what joins it."""
        known = self._written(joint + rest) if joint.strip() else None
        if known is None and (known := self.find(rest)) is not None:
            known = joint + known
        return known

    def _days(self, text: str) -> str | None:
        """A day without its year, or the name of a weekday or month: word by word."""
        words = re.findall(r"[A-Za-z]+", text)
        if not words or not re.fullmatch(r"(?:[\w :,.]|-(?=\d)){3,30}", text):
            return None
        if any(word not in self.names for word in words):
            return None
        plain = re.sub(r"\b0(?=\d [A-Za-z])", "", text)  # 05 Jan
        return re.sub(r"[A-Za-z]+", lambda m: self.names[m[0]], plain)

    def _within_markup(self, text: str) -> str | None:
        """A known text between marks: ``##### Figures``, ``**Demo**``, or with a full stop."""
        lead = re.match(r"[#*\s]*", text)
        begin = lead.end() if lead else 0
        for marks in ("*: ", "*:. "):
            end = len(text.rstrip(marks))
            if not (begin == 0 and end == len(text)) and begin < end:
                told = self.find(text[begin:end])
                if told is not None:
                    return text[:begin] + told + text[end:]
        return None

    def _filled(self, one: _Template, values: tuple[str, ...]) -> str:
        told = {
            name: self.value(value, spec)
            for (name, spec), value in zip(one.specs, values, strict=True)
        }
        parsed = string.Formatter().parse(self._texts[one.msgid])
        return "".join(
            literal + ("" if name is None else told[name]) for literal, name, _, _ in parsed
        )

    def value(self, text: str, spec: str = "") -> str:
        """A finished English number, day or text in the reader's way.

        >>> turkish = Catalogue("tr")
        >>> turkish.value("1,234.5", ",.1f"), turkish.value("Mon 05 Jan", "%a %d %b")
        ('1.234,5', 'Pzt 5 Oca')
        """
        if spec.startswith("%") and spec != "%":
            return self.moment(text, spec)
        if _NUMBER.fullmatch(text) and re.search(r"[dfge%,]$", spec):
            return self.number(text)
        if _KEYS.fullmatch(text):
            return text
        if "_" in text and (joined := _JOINED.fullmatch(text)) is not None:
            return self._listed(text, joined[1])
        return self.told(text)

    def _listed(self, text: str, word: str) -> str:
        """Names of settings or columns, joined as this language joins them."""
        from babel.lists import format_list

        style: Any = "or" if word == "or" else "standard"
        return str(
            format_list(
                re.findall(r"\w+", text.replace(f" {word} ", " ")), style, locale=self.locale
            )
        )

    def number(self, text: str) -> str:
        """An English number with this language's marks."""
        from babel.numbers import get_decimal_symbol, get_group_symbol

        match = _NUMBER.fullmatch(text)
        assert match is not None
        sign, whole, part, percent = match.groups()
        shown = whole.replace(",", get_group_symbol(self.locale))
        if part:
            shown += get_decimal_symbol(self.locale) + part[1:]
        if percent:
            shown = f"%{shown}" if self.language == "tr" else f"{shown}%"
        return f"{sign}{shown}"

    def moment(self, text: str, spec: str) -> str:
        """A day or time that was written by an English format."""
        from babel.dates import format_datetime

        known = spec if "%Y" in spec or "%y" in spec else f"{spec} %Y"
        try:
            parsed = datetime.strptime(text if known == spec else f"{text} 2024", known)  # noqa: DTZ007
        except ValueError:
            return text
        if known != spec and "%a" in spec.lower():
            return self._days(text) or text
        pattern = re.sub(r"%[a-zA-Z]", lambda m: DATES.get(m[0], ""), spec)
        return str(format_datetime(parsed, pattern, locale=self.locale))

    @property
    def names(self) -> dict[str, str]:
        """English names of weekdays and months, and this language's."""
        if not hasattr(self, "_names"):
            from babel import Locale

            english, own = Locale("en"), self.locale
            self._names: dict[str, str] = {}
            for width in ("wide", "abbreviated"):  # May is both
                for key in ("days", "months"):
                    theirs: Any = getattr(english, key)["format"][width]
                    ours: Any = getattr(own, key)["format"][width]
                    self._names |= {theirs[i]: ours[i] for i in theirs}
        return self._names


def _read(language: str) -> dict[str, str]:
    """Translated texts by their English, from the catalogue."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    path = LOCALE / language / "LC_MESSAGES" / "wfm.po"
    if not path.exists():
        return {}
    compiled = io.BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    texts = gettext.GNUTranslations(compiled)
    return {str(k): str(v) for k, v in texts._catalog.items() if k}  # type: ignore[attr-defined]


@lru_cache(maxsize=len(LANGUAGES))
def catalogue(language: str) -> Catalogue:
    """The catalogue of a language, read once."""
    return Catalogue(language if language in LANGUAGES else "en")


def told(text: str, language: str = "en") -> str:
    """A finished English text in the reader's language; as it is where no template is known.

    >>> told("Requirement", "tr"), told("Requirement")
    ('İhtiyaç', 'Requirement')
    """
    return text if language == "en" else catalogue(language).told(text)
