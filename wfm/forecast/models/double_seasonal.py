"""Double-seasonal Holt-Winters smoothing of intervals: a level, a day and a week (Taylor 2003)."""

from __future__ import annotations

from typing import Self

import numpy as np

from wfm.forecast.clean import clean
from wfm.forecast.facts import DayFacts
from wfm.forecast.grid import DayGrid

LONGEST = 182
LEVEL, DAY, WEEK, CARRY = 0.002, 0.05, 0.10, 0.6
"""Smoothing of the level, the day's course and the week's course, and how an error carries on."""
LEAST = 0.25


class DoubleSeasonal:
    """Smoothed square roots of intervals: level, course of the day, course of the week.

    The last error carries on as an AR(1), which matters for the next hours only. Unknown days and
    holidays are passed over; it knows no holidays. Smoothing constants are fixed.
    """

    def fit(self, grid: DayGrid, facts: DayFacts) -> Self:
        """Run through the last half year, interval by interval."""
        first = max(len(grid) - LONGEST, 0)
        volume = clean(grid, facts).grid.volume[first:]
        weekday = facts.weekday[first:]
        root = np.sqrt(np.maximum(volume, 0.0) + LEAST)
        root[facts.holiday[first:] & np.isfinite(volume).any(axis=1)] = np.nan
        if not np.isfinite(root).any():
            root = np.sqrt(np.maximum(volume, 0.0) + LEAST)
        self.last_day = grid.days[-1]
        self.open = grid.open_slots()
        course = np.zeros((7, root.shape[1]))
        for day in range(7):
            mine = root[weekday == day][:4]
            count = np.isfinite(mine).sum(axis=0)
            total = np.nan_to_num(mine).sum(axis=0)
            course[day] = np.divide(total, count, out=np.zeros_like(total), where=count > 0)
        known_day = np.isin(np.arange(7), weekday[np.isfinite(root).any(axis=1)])
        self.day = course[known_day].mean(axis=0)
        self.week = np.where(known_day[:, None], course - self.day, 0.0)
        self.level, self.error, squares, seen = 0.0, 0.0, 0.0, 0
        for row, of_week in zip(root, weekday, strict=True):
            known = np.isfinite(row)
            if not known.any():
                self.error = 0.0
                continue
            for slot in np.flatnonzero(known):
                expected = self.level + self.day[slot] + self.week[of_week, slot]
                surprise = row[slot] - expected
                fresh = surprise - CARRY * self.error
                self.level += LEVEL * fresh
                self.day[slot] += DAY * fresh
                self.week[of_week, slot] += WEEK * fresh
                self.error = surprise
                squares, seen = squares + fresh * fresh, seen + 1
        self.variance = squares / max(seen, 1)
        return self

    def predict(self, facts: DayFacts) -> np.ndarray:
        """Level plus the courses of day and week, squared."""
        root = self.level + self.day + self.week[facts.weekday]
        slots = root.shape[1]
        first = int((facts.days[0] - self.last_day).days) - 1
        ahead = np.arange(slots * len(facts)).reshape(root.shape) + slots * first + 1
        root = root + self.error * CARRY ** np.minimum(ahead, 1000)
        volume = np.maximum(np.maximum(root, 0.0) ** 2 - LEAST + self.variance, 0.0)
        return np.asarray(volume * (root > 0.6) * self.open[facts.weekday])
