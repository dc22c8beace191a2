"""What a command is given: a history, a calendar, a day."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from wfm import io
from wfm.cli.show import err
from wfm.core.asked import asked
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


Reading = Annotated[
    list[str] | None,
    typer.Option(
        "--reading",
        help="How the file is written, where it does not show it, e.g. decimal=, or dates=DMY or "
        "encoding=cp1254 or bad_rows=report; once for each.",
    ),
]
READINGS = (
    "bad_rows", "dates", "decimal", "doubled", "encoding", "handle_unit", "layout", "lost",
    "separator", "sheet", "source_interval", "source_zone", "stamps",
)  # fmt: skip
"""Arguments of `read_history` that a command is given by name."""


def readings_given(given: list[str] | None) -> dict[str, str]:
    """How a file is written, by the names of `read_history`.

    >>> readings_given(["decimal=,", "dates=DMY"])
    {'decimal': ',', 'dates': 'DMY'}
    """
    found = {}
    for one in given or []:
        name, mark, value = one.partition("=")
        if not mark or name.strip() not in READINGS or not value:
            message = (
                f"--reading {one!r} is not known. Write name=value, the name one of "
                f"{', '.join(READINGS)}."
            )
            raise WfmError(message)
        found[name.strip()] = value
    return found


def as_typed(name: str, value: str) -> str:
    """An argument that a message asks for, as it is typed at the command line.

    >>> as_typed("columns.offered", "Total calls"), as_typed("decimal", ",")
    ('--column "offered=Total calls"', '--reading decimal=,')
    >>> as_typed("time_zone", "Europe/Istanbul")
    '--time-zone Europe/Istanbul'
    """
    if name.startswith("columns."):
        return f'--column "{name.removeprefix("columns.")}={value}"'
    if name in ("time_zone", "interval"):
        return f"--{name.replace('_', '-')} {value}".rstrip()
    return f"--reading {name}={value}"


def as_in_plan(name: str, value: str) -> str:
    """An argument that a message asks for, as it stands in plan.toml.

    >>> as_in_plan("columns.offered", "Calls"), as_in_plan("time_zone", "Asia/Baku")
    ('columns.offered = "Calls" in [history]', 'time_zone = "Asia/Baku" in [plan]')
    """
    section = "plan" if name in ("time_zone", "interval") else "history"
    return f'{name} = "{value}" in [{section}]'


@contextmanager
def words_of_plan() -> Iterator[None]:
    """Let an error inside ask for what is missing as it stands in plan.toml."""
    try:
        yield
    except WfmError as error:
        raise WfmError(asked(str(error), as_in_plan)) from error


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
    reading: list[str] | None = None,
) -> History:
    """Read a history and tell on standard error how it was understood."""
    read = io.read_history(
        path,
        time_zone=time_zone,
        interval=interval,
        opening=Opening.parse(opening) if opening else None,
        columns=columns_given(columns),
        **cast(Any, readings_given(reading)),
    )
    tell_report(read)
    return read


def tell_report(read: History, say: Callable[[str, str], str] = as_typed) -> None:
    """Tell on standard error how a file was understood and what of it was left out."""
    err.print(asked(str(read.report), say), markup=False, highlight=False, soft_wrap=True)


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
