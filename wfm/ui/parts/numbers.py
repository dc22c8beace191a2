"""Numbers that a planner types: read on the server, refused in one sentence beside the field.

A browser's own field for numbers leaves out what it does not know without a word, and makes 125 of
12,5. So numbers are typed as texts, and read here with a comma or a point.
"""

from __future__ import annotations

import re
from typing import Any

from wfm.core.cell import as_number, as_whole
from wfm.core.errors import DataError
from wfm.ui.parts.basics import refused
from wfm.ui.said import language, st

THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}")


def number(
    label: str,
    saved: float | None,
    *,
    key: str | None = None,
    least: float | None = None,
    most: float | None = None,
    whole: bool = False,
    percent: bool = False,
    help: str | None = None,
    placeholder: str | None = None,
    place: Any = st,
) -> float | None:
    """A field for a number; what cannot be one is refused below it, and `saved` stays.

    Parameters
    ----------
    label, saved
        What stands above the field and in it at first; None is empty.
    least, most
        Bounds, included; a saved value outside them may stay.
    whole
        Whether only whole numbers are taken.
    percent
        Whether it is a percentage, which may be typed with its mark.
    place
        Where it is drawn.

    Returns
    -------
    float or None
        The number; None where the field is empty.
    """
    typed = place.text_input(
        label, value=write_number(saved), key=key, help=help, placeholder=placeholder
    )
    if typed.strip() in ("" if saved is None else f"{saved:.10g}", write_number(saved)):
        return saved
    try:
        text = typed.strip().removesuffix("%") if percent else typed
        return read_number(text, least=least, most=most, whole=whole)
    except DataError as error:
        refused(label, f"{error} {_kept(saved)}".strip(), place)
        return saved


def _kept(saved: float | None) -> str:
    return "" if saved is None else f"Until then {saved:.10g} counts."


def write_number(value: float | None) -> str:
    """A number as it stands in a field, with the reader's decimal mark.

    >>> write_number(12.5), write_number(1234567.0), write_number(None)
    ('12.5', '1234567', '')
    """
    text = "" if value is None else f"{value:.10g}"
    return text if language() == "en" else text.replace(".", ",")


def read_number(
    typed: str, *, least: float | None = None, most: float | None = None, whole: bool = False
) -> float | None:
    """The number that somebody typed, None for nothing.

    Raises
    ------
    DataError
        It is no number, can be read two ways, or lies outside the bounds.

    Examples
    --------
    >>> read_number("12,5"), read_number("12.5"), read_number(" ")
    (12.5, 12.5, None)
    """
    text = typed.strip()
    if not text:
        return None
    if language() != "en" and THOUSANDS.fullmatch(text):
        message = f"{text!r} can be read two ways. Write it without a mark between thousands."
        raise DataError(message)
    try:
        found = as_whole(text) if whole else as_number(text)
        if text.endswith("%"):
            raise ValueError(text)
    except (ValueError, OverflowError) as error:
        if isinstance(error, DataError):
            raise
        sort = "a whole number such as 12" if whole else "a number such as 12.5"
        message = f"{text!r} cannot be read. Write {sort}."
        raise DataError(message) from error
    if least is not None and found < least:
        message = f"{found:.10g} is too small. It has to be at least {least:.10g}."
        raise DataError(message)
    if most is not None and found > most:
        message = f"{found:.10g} is too large. It may be at most {most:.10g}."
        raise DataError(message)
    return found
