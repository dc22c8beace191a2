"""One cell of a table that a person filled in, understood or refused in one sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from typing import NoReturn, TypeVar

import pandas as pd

from wfm.core.errors import DataError

T = TypeVar("T")
_NO_DEFAULT = object()


def heading(text: object) -> str:
    """A heading as its column is called: small letters, underscores.

    >>> heading(" Start Date ")
    'start_date'
    """
    return re.sub(r"[\s_-]+", "_", str(text).strip().lower()).strip("_")


def blank(value: object) -> bool:
    """Whether a cell holds nothing."""
    return (
        value is None
        or value is pd.NaT
        or value is pd.NA
        or (isinstance(value, float) and value != value)
        or (isinstance(value, str) and not value.strip())
    )


@dataclass(frozen=True)
class Row:
    """One row of a table: its cells by column, and where it stands for messages."""

    table: str
    line: int
    cells: dict[str, object]

    def text(self, column: str, default: object = _NO_DEFAULT) -> str:
        """The text of a cell."""
        return self._get(column, as_text, default, "Fill it in")

    def number(self, column: str, default: object = _NO_DEFAULT) -> float:
        """The number in a cell; ``12,5`` and ``25 %`` are numbers too."""
        return self._get(column, as_number, default, "Write a number")

    def whole(self, column: str, default: object = _NO_DEFAULT) -> int:
        """The whole number in a cell."""
        return self._get(column, as_whole, default, "Write a whole number")

    def day(self, column: str, default: object = _NO_DEFAULT) -> date:
        """The date in a cell."""
        return self._get(column, as_day, default, "Write a date like 2026-03-02")

    def maybe(self, column: str) -> bool:
        """Whether the cell holds anything."""
        return not blank(self.cells.get(column))

    def parsed(self, column: str, parse: Callable[[str], T], default: object = _NO_DEFAULT) -> T:
        """What `parse` makes of the text of a cell; its own sentence is the cure."""
        return self._get(column, lambda value: parse(as_text(value)), default, "Fill it in")

    def refuse(self, column: str, what: str) -> NoReturn:
        """Raise an error that says where this cell stands."""
        message = f"{self.table}: row {self.line}, column {column!r}: {what}"
        raise DataError(message)

    def _get(self, column: str, understand: Callable[[object], T], default: object, cure: str) -> T:
        value = self.cells.get(column)
        if blank(value):
            if default is _NO_DEFAULT:
                self.refuse(column, f"it is empty. {cure}.")
            return default  # type: ignore[return-value]
        try:
            return understand(value)
        except DataError as error:
            self.refuse(column, str(error))
        except (ValueError, OverflowError):
            what = f"{value!r} cannot be read. {cure}."
            self.refuse(column, what)


def rows(
    frame: pd.DataFrame,
    table: str,
    required: Sequence[str],
    optional: Sequence[str],
    lines: Sequence[int] | None = None,
) -> Iterator[Row]:
    """Rows of a table that hold anything, its headings understood.

    Parameters
    ----------
    frame
        Any frame.
    table
        Its name for messages.
    required, optional
        Its columns. Others are left aside, but one that reads like a misspelt one is refused.
    lines
        Line of each row in its file; counted from 1 without it.

    Raises
    ------
    DataError
        A column is missing, misspelt or there twice.
    """
    names = [heading(name) for name in frame.columns]
    missing = [name for name in required if name not in names]
    found = ", ".join(str(c) for c in frame.columns) or "none"
    if missing:
        message = (
            f"{table}: missing columns {', '.join(missing)}; found {found}. "
            "Rename or add them; see docs/columns.md."
        )
        raise DataError(message)
    absent = [name for name in optional if name not in names]
    for name in names:
        close = get_close_matches(name, absent, n=1, cutoff=0.8)
        if name not in (*required, *optional) and close:
            message = f"{table}: column {name!r} looks like {close[0]!r}. Rename or remove it."
            raise DataError(message)
    twice = [n for n in names if n in (*required, *optional) and names.count(n) > 1]
    if twice:
        message = f"{table}: there are two columns {twice[0]!r}. Remove one of them."
        raise DataError(message)
    columns = {name: frame.iloc[:, i].tolist() for i, name in enumerate(names) if name}
    for i in range(len(frame)):
        cells = {name: values[i] for name, values in columns.items()}
        if not all(blank(value) for value in cells.values()):
            yield Row(table, int(lines[i]) if lines is not None else i + 1, cells)


def as_text(value: object) -> str:
    """The text of a cell; a number that a sheet made of a name is written without a point."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | pd.Timestamp) and not (value.hour or value.minute):
        return value.date().isoformat()
    return str(value).strip()


def as_number(value: object) -> float:
    """A number, written as people do.

    >>> as_number("12,5"), as_number("25 %")
    (12.5, 0.25)
    """
    if isinstance(value, bool):
        raise ValueError(value)
    if not isinstance(value, str):
        number = float(value)  # type: ignore[arg-type]
    else:
        text = value.strip()
        share = text.endswith("%")
        text = text.removesuffix("%").strip()
        if re.fullmatch(r"[+-]?[1-9]\d{0,2}[.,]\d{3}", text) and "," in text:
            message = f"{value!r} can be read two ways. Write it without a comma."
            raise DataError(message)
        text = text.replace(",", ".") if text.count(",") == 1 and "." not in text else text
        if not re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", text):
            raise ValueError(value)
        number = float(text) / (100 if share else 1)
    if number in (float("inf"), float("-inf")):
        raise ValueError(value)
    return number


def as_whole(value: object) -> int:
    """A whole number."""
    number = as_number(value)
    if number != round(number):
        raise ValueError(value)
    return round(number)


def as_day(value: object) -> date:
    """A date from a date, a datetime at midnight or text (2026-03-02, 02.03.2026)."""
    if isinstance(value, datetime | pd.Timestamp):
        return value.date()
    if isinstance(value, date):
        return value
    text = str(value).strip()
    if match := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text):
        return date(int(match[3]), int(match[2]), int(match[1]))
    match = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?", text)
    if not match:
        raise ValueError(value)
    return date(int(match[1]), int(match[2]), int(match[3]))
