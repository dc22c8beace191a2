"""Rosters by shift type: the types, what contracts and wishes say of them, and the rota."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from wfm.core.calendars import DAY_MIN
from wfm.core.errors import DataError
from wfm.core.types import STATUSES, STOPS, Violation


@dataclass(frozen=True)
class ShiftType:
    """A shift by its name: early, late, night.

    Parameters
    ----------
    shift
        Its name.
    minutes
        Working time it counts for [min].
    not_before
        Shift types that may not follow it on the next day.
    start_min
        Start by the clock [min after midnight]; None where only the name matters.
    """

    shift: str
    minutes: int
    not_before: frozenset[str] = frozenset()
    start_min: int | None = None

    def __post_init__(self) -> None:
        if not self.shift or not 0 < self.minutes <= DAY_MIN:
            message = (
                f"shift type {self.shift!r}: it needs a name and a length of 1 to {DAY_MIN} min, "
                f"not {self.minutes}."
            )
            raise DataError(message)
        if self.start_min is not None and not 0 <= self.start_min < DAY_MIN:
            message = (
                f"shift type {self.shift!r}: it starts at no time of the day. Use 00:00-23:59."
            )
            raise DataError(message)


@dataclass(frozen=True)
class RotaContract:
    """What a person owes and may be asked over a rota.

    Parameters
    ----------
    contract
        Its name.
    most_of_type
        Most shifts of a type over the period; a type that is missing has no limit, 0 is never.
    min_shifts
        Least shifts over the period.
    min_total_min, max_total_min
        Least and most working time over the period [min]; None for no limit.
    max_in_row, min_in_row
        Most and least days worked one after the other.
    min_off_in_row
        Least days off one after the other.
    max_weekends
        Most weekends with work on Saturday or Sunday; None for no limit.
    """

    contract: str
    most_of_type: Mapping[str, int] = field(default_factory=dict)
    min_total_min: int = 0
    max_total_min: int | None = None
    max_in_row: int | None = None
    min_in_row: int = 1
    min_off_in_row: int = 1
    max_weekends: int | None = None
    min_shifts: int = 0

    def __post_init__(self) -> None:
        problem = self._problem()
        if problem:
            message = f"contract {self.contract!r}: {problem}"
            raise DataError(message)

    def _problem(self) -> str:
        """Why nobody can fulfil this contract, or nothing."""
        if self.max_total_min is not None and self.min_total_min > self.max_total_min:
            return (
                f"{self.min_total_min} to {self.max_total_min} min in all is impossible. "
                "Write the least first."
            )
        if min(self.min_in_row, self.min_off_in_row, self.max_in_row or 1) < 1:
            return "days in a row begin with 1. Leave a limit out rather than write 0."
        if self.max_in_row is not None and self.min_in_row > self.max_in_row:
            return (
                f"at least {self.min_in_row} and at most {self.max_in_row} days in a row is "
                "impossible. Write the least first."
            )
        least = [
            self.min_shifts,
            self.min_total_min,
            self.max_weekends or 0,
            *self.most_of_type.values(),
        ]
        return "limits are 0 or more." if min(least) < 0 else ""


@dataclass(frozen=True)
class Wish:
    """A shift that a person would like, or would like not, to have on a day; missing it costs."""

    agent: str
    day: date
    shift: str
    weight: float = 1.0
    wanted: bool = True


@dataclass(frozen=True, eq=False)
class Rota:
    """Who works which shift type on which day, and how good that is.

    Parameters
    ----------
    frame
        `agent day shift`, one row a shift; a day off has no row.
    first_day, days
        Days it covers.
    status
        `optimal`, `feasible` or `nearest` (rules gave way: see `violations`).
    stopped_by
        `time`, `gap`, `stall` or `cancel`.
    objective, bound
        Cost of this rota and a proven least cost.
    terms
        Parts of the objective by name: `wishes`, `under`, `over`.
    coverage
        `day shift required scheduled under over` in heads.
    totals
        `agent contract shifts minutes weekends wishes_missed` for each person.
    seconds, seed
        Of the run that made it.
    """

    frame: pd.DataFrame
    first_day: date
    days: int
    status: str
    stopped_by: str
    objective: float
    bound: float
    terms: Mapping[str, float]
    coverage: pd.DataFrame
    totals: pd.DataFrame
    seconds: float
    seed: int
    violations: tuple[Violation, ...] = ()

    def __post_init__(self) -> None:
        if self.status not in STATUSES or self.stopped_by not in STOPS:
            message = f"rota: status {self.status!r}, stopped by {self.stopped_by!r}, unknown."
            raise DataError(message)

    @property
    def gap(self) -> float:
        """Share of the objective that might still be saved: (objective - bound) / objective."""
        return (self.objective - self.bound) / self.objective if self.objective else 0.0
