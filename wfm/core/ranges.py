"""Numbers that can be meant: finite, whole where only whole ones count, and within a range."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import fields
from math import inf, isfinite
from numbers import Real
from typing import Any

from wfm.core.errors import DataError


def check_numbers(where: str, value: Any, *, unknown: Collection[str] = ()) -> None:
    """Refuse numbers of a dataclass that are not finite, or not whole where only whole ones count.

    Whole ones that are given as 5.0, as tables do, are made whole.

    Parameters
    ----------
    where
        What it is, as a message calls it.
    value
        Its fields are looked at, tuples of numbers too; a field is whole where its type knows no
        `float`.
    unknown
        Fields that may be NaN.

    Examples
    --------
    >>> from wfm.core.people import Break
    >>> check_numbers("break 'tea'", Break("tea", 15, 60, 120, paid=True))
    """
    for field in fields(value):
        whole = "float" not in str(field.type)
        for number in _numbers(getattr(value, field.name)):
            if number != number and field.name in unknown:
                continue
            check_finite(where, field.name, number)
            if whole and number != round(number):
                message = f"{where}: {field.name} is {number:g}. Write a whole number."
                raise DataError(message)
        own = getattr(value, field.name)
        if whole and isinstance(own, Real) and not isinstance(own, int):
            object.__setattr__(value, field.name, int(float(own)))


def check_finite(where: str, name: str, number: float) -> None:
    """Refuse a number that is NaN or infinite."""
    if not isfinite(number):
        message = f"{where}: {name} is {number:g}. Write a finite number."
        raise DataError(message)


def check_range(
    where: str, name: str, number: float | None, least: float = 0, most: float = inf
) -> None:
    """Refuse a number outside a range; None is no number.

    Examples
    --------
    >>> check_range("fairness", "weeks", 0, 1)
    Traceback (most recent call last):
    ...
    wfm.core.errors.DataError: fairness: weeks is 0. Write 1 or more.
    """
    if number is None or least <= number <= most:
        return
    if most == inf:
        message = f"{where}: {name} is {number:g}. Write {least:g} or more."
    else:
        message = f"{where}: {name} is {number:g}. Write {least:g} to {most:g}."
    raise DataError(message)


@contextmanager
def about(where: str) -> Iterator[None]:
    """Begin every `DataError` inside with what it is about."""
    try:
        yield
    except DataError as wrong:
        message = f"{where}: {wrong}"
        raise DataError(message) from wrong


def _numbers(value: object) -> Iterator[float]:
    """The numbers in a value or in a tuple of them."""
    if isinstance(value, tuple):
        for part in value:
            yield from _numbers(part)
    elif isinstance(value, Real):
        yield float(value)
