"""What is asked of whole lines of days: shift types, limits over the period, cover. Data only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np

WEEK = 7
SATURDAY, SUNDAY = 5, 6
OFF = -1
"""Stands in a roster for a day off."""


@dataclass(frozen=True, eq=False)
class LineTerms:
    """What people's lines depend on, as arrays. P people, D days, S shift types.

    A line is what a person has on each day of the period: a shift type or a day off.

    Parameters
    ----------
    people, contracts, shifts
        Names; the contract of each person.
    first_day
        A date, which gives the weekday.
    minutes
        Working time of each type [min], shape (S,).
    may_follow
        Whether the second type may follow the first on the next day, shape (S, S).
    allowed
        What a person may have on a day: each type, and last a day off; shape (P, D, S + 1).
    most_of_type
        Shape (P, S).
    min_shifts, min_minutes, max_minutes, max_in_row, min_in_row, min_off_in_row, max_weekends
        Shape (P,).
    wish
        Cost of a shift less the cost of not having it, shape (P, D, S).
    wish_base
        Cost of the wishes when nobody works.
    required, under, over
        Heads by day and type, and the price of one missing and one too many; shape (D, S).
    before_shift, before_days
        Last type before the period (`OFF` for a day off) and how many days in a row that has
        lasted; 0 days where nothing is known. Shape (P,).
    """

    people: tuple[str, ...]
    contracts: tuple[str, ...]
    shifts: tuple[str, ...]
    first_day: date
    minutes: np.ndarray
    may_follow: np.ndarray
    allowed: np.ndarray
    most_of_type: np.ndarray
    min_shifts: np.ndarray
    min_minutes: np.ndarray
    max_minutes: np.ndarray
    max_in_row: np.ndarray
    min_in_row: np.ndarray
    min_off_in_row: np.ndarray
    max_weekends: np.ndarray
    wish: np.ndarray
    wish_base: float
    required: np.ndarray
    under: np.ndarray
    over: np.ndarray
    before_shift: np.ndarray
    before_days: np.ndarray

    @property
    def days(self) -> int:
        """Days of the period."""
        return int(self.required.shape[0])

    @cached_property
    def cost_unit(self) -> float:
        """Of which every cost is a multiple: 1, 0.1 or 0.01, or 0 if none of them."""
        prices = np.concatenate([self.wish.ravel(), self.under.ravel(), self.over.ravel()])
        for times in (1, 10, 100):
            if np.allclose(prices * times, np.round(prices * times), rtol=0, atol=1e-9):
                return 1 / times
        return 0.0

    def rounded_up(self, bound: float) -> float:
        """A bound raised to the next cost that there can be."""
        if not self.cost_unit:
            return bound
        times = round(1 / self.cost_unit)
        return float(np.ceil(bound * times - 1e-6)) / times

    @cached_property
    def weekday(self) -> np.ndarray:
        """Of each day, Monday 0."""
        return (np.arange(self.days) + self.first_day.weekday()) % WEEK

    @cached_property
    def weekends(self) -> list[tuple[int, ...]]:
        """Days of each weekend that the period touches."""
        found: dict[int, list[int]] = {}
        for day in np.flatnonzero(self.weekday >= SATURDAY):
            found.setdefault(int(day + self.first_day.weekday()) // WEEK, []).append(int(day))
        return [tuple(days) for days in found.values()]

    def date_of(self, day: int) -> str:
        """Date of a day, for messages."""
        return (self.first_day + timedelta(days=int(day))).strftime("%a %Y-%m-%d")

    def staff(self, roster: np.ndarray) -> np.ndarray:
        """Heads by day and type of a roster (P, D), shape (D, S)."""
        kinds = np.arange(len(self.shifts))
        return np.asarray((roster[:, :, None] == kinds).sum(axis=0))

    def wishes_cost(self, roster: np.ndarray) -> float:
        """Cost of the wishes that a roster misses."""
        person, day = np.nonzero(roster != OFF)
        return self.wish_base + float(self.wish[person, day, roster[person, day]].sum())

    def parts(self, roster: np.ndarray) -> dict[str, float]:
        """Parts of the objective of a roster (P, D)."""
        missing = self.required - self.staff(roster)
        return {
            "wishes": self.wishes_cost(roster),
            "cover_under": float((self.under * np.maximum(missing, 0)).sum()),
            "cover_over": float((self.over * np.maximum(-missing, 0)).sum()),
        }

    def cost(self, roster: np.ndarray) -> float:
        """Objective of a roster (P, D)."""
        return sum(self.parts(roster).values())
