"""Options that readers share: checked once, in one wording."""

from __future__ import annotations

from collections.abc import Mapping

from wfm.core.calendars import Opening
from wfm.core.errors import DataError
from wfm.io.read.fill import Hours

_ALLOWED = {
    "stamps": ("start", "end"),
    "doubled": ("first", "second"),
    "lost": ("report", "refuse"),
    "bad_rows": ("report", "refuse"),
    "handle_unit": ("s", "min", "ms"),
    "unit": ("s", "min", "ms"),
    "decimal": ("auto", ".", ","),
}


def check_options(**given: str) -> None:
    """Refuse an option that is not one of those allowed.

    >>> check_options(doubled="third")
    Traceback (most recent call last):
    ...
    wfm.core.errors.DataError: doubled: 'third' is not known. Use one of first, second.
    """
    for name, value in given.items():
        if value not in _ALLOWED[name]:
            message = f"{name}: {value!r} is not known. Use one of {', '.join(_ALLOWED[name])}."
            raise DataError(message)


def parse_hours(opening: Opening | str | Mapping[str, Opening | str] | None) -> Hours:
    """Opening hours from text, for all queues or by queue."""
    if isinstance(opening, Mapping):
        return {q: Opening.parse(h) if isinstance(h, str) else h for q, h in opening.items()}
    return Opening.parse(opening) if isinstance(opening, str) else opening
