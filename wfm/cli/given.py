"""What a command is given: a history, a calendar, a day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from wfm import io
from wfm.cli.show import err
from wfm.core.calendars import Calendar, Opening
from wfm.core.errors import WfmError
from wfm.core.types import History

Columns = Annotated[
    list[str] | None,
    typer.Option(
        "--column",
        help="Meaning and heading of a column that is not known by its name, e.g. "
        '"offered=Total calls"; once for each.',
    ),
]


def columns_given(given: list[str] | None) -> dict[str, str]:
    """Headings by meaning.

    >>> columns_given(["offered=Total calls"])
    {'offered': 'Total calls'}
    """
    found = {}
    for one in given or []:
        meaning, mark, heading = one.partition("=")
        if not mark or not heading.strip():
            message = f"--column {one!r}: write meaning=heading, for example offered=Calls."
            raise WfmError(message)
        found[meaning.strip()] = heading.strip()
    return found


def read_history(
    path: Path,
    time_zone: str | None,
    interval: str,
    opening: str | None,
    columns: list[str] | None = None,
) -> History:
    """Read a history and tell on standard error how it was understood."""
    read = io.read_history(
        path,
        time_zone=time_zone,
        interval=interval,
        opening=Opening.parse(opening) if opening else None,
        columns=columns_given(columns),
    )
    tell_report(read)
    return read


def tell_report(read: History) -> None:
    """Tell on standard error how a file was understood and what of it was left out."""
    err.print(str(read.report), markup=False, highlight=False, soft_wrap=True)


def calendar(country: str | None, opening: str | None) -> Calendar | None:
    """Return a calendar where a country or hours are given."""
    if not (country or opening):
        return None
    return Calendar(country=country, opening=Opening.parse(opening) if opening else None)


def borrowed(given: Sequence[str]) -> dict[str, str | tuple[str, float]]:
    """What new queues borrow, of texts such as `new=support` or `new=support:0.2`."""
    found: dict[str, str | tuple[str, float]] = {}
    for text in given:
        match = re.fullmatch(r"([^=]+)=(.+?)(?::([0-9.]+))?", text.strip())
        if not match:
            message = (
                f"borrow: {text!r} is not known. Write new=support, or new=support:0.2 for a "
                "queue that will have a fifth of its contacts."
            )
            raise WfmError(message)
        queue, donor, share = match[1].strip(), match[2].strip(), match[3]
        found[queue] = (donor, _share(share)) if share else donor
    return found


def _share(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        message = f"borrow: {text!r} is not a share. Write it as 0.2."
        raise WfmError(message) from error


def day(text: str | None) -> date | None:
    """Return a day of YYYY-MM-DD."""
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError as error:
        message = f"day {text!r} is not known. Write it as YYYY-MM-DD, for example 2026-11-23."
        raise WfmError(message) from error
