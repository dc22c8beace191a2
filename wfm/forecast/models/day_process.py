"""Day totals as a Gaussian process: level, season, weekday and calendar learned at once.

The logarithm of a day's total is a sum of parts (`wfm.forecast.covariance`). What each part may do
is set beforehand; how much of a day's surprise belongs to which follows from the data, by one
Cholesky factor. With no earlier year the yearly part says nothing; with one it says as much as one
year can. Past origins cost next to nothing: the factor of the first days is the corner of the
whole one. Source: Rasmussen and Williams (2006), ch. 2 and 5.4.3; for calls Weinberg, Brown and
Stroud (2007).
"""

from __future__ import annotations

from typing import Self

import numpy as np
from scipy.linalg import solve_triangular

from wfm.forecast.clean import Cleaned, clean, running_median
from wfm.forecast.covariance import (
    BRIDGE,
    DECEMBER,
    EVENT,
    HOLIDAY,
    HOLIDAY_BUSY,
    HOLIDAY_NAME,
    HOLIDAY_WEEKDAY,
    MONTH_PART,
    NEAR_HOLIDAY,
    NOISE,
    PARTS,
    DayDesign,
    Designer,
    Drift,
    calendar_covariance,
    day_number,
    step_covariance,
    time_covariance,
)
from wfm.forecast.facts import DayFacts
from wfm.forecast.grid import DayGrid
from wfm.forecast.linear import cholesky_lower, times
from wfm.forecast.profiles import day_kind, profiles
from wfm.forecast.shifts import find_shifts

STEADY = Drift(0.35)
SEASONAL = Drift(0.6, season=0.12)
LAST_YEAR = Drift(0.5, season=0.25, season_days=20000.0)
QUICK = Drift(3.0)
LONGEST = 1500
"""Days it learns from, the last ones."""
WEEKS = 13
CENTRE_DAYS = 60
YEAR = 364
MOST_BIAS = 1.25
"""The step from mean logarithms to means changes nothing by more than this factor."""
FAR = 20.0
"""Logarithms further than this from the centre are cut: no overflow, whatever the calendar."""


class TotalsProcess:
    """Day processes of one queue's totals, all with the same calendar.

    Parameters
    ----------
    totals
        Contacts of each day, NaN where unknown; shape (n,).
    facts
        Of the same days.
    """

    def __init__(self, totals: np.ndarray, facts: DayFacts) -> None:
        first = max(len(totals) - LONGEST, 0)
        totals, facts = totals[first:], facts.between(first, len(facts))
        z = np.log(totals + 0.5)
        self.known = np.flatnonzero(np.isfinite(z))
        self.first = first
        self.usual = _usual(totals, facts.weekday)
        busy = np.log(self.usual)
        learned, number = facts.learned[self.known], day_number(facts)
        names = facts.name[self.known].astype(str)
        self.designer = Designer(
            busy - busy.mean(),
            tuple(sorted({str(n) for n in names[~learned] if n})),
            tuple(sorted({str(n) for n in names[learned] if n})),
            tuple(int(number[shift.day]) for shift in find_shifts(totals, facts)),
        )
        self.centre = float(np.median(z[self.known][-CENTRE_DAYS:]))
        self.past = _at(self.designer.design(facts), self.known)
        self.expected = self._counts(totals, facts)[self.known]
        self.noise = NOISE**2 + 1 / self.expected
        self.totals = totals[self.known]
        self.error = z[self.known] - self.centre
        self.fixed = calendar_covariance(self.past, self.past)
        self.fixed += step_covariance(self.past, self.past)

    def _counts(self, totals: np.ndarray, facts: DayFacts) -> np.ndarray:
        """Usual total of each day, for its counting noise; at least 1."""
        usual = self.usual[facts.weekday]
        ratio = np.where(facts.holiday, np.nan, totals / usual)
        level = running_median(ratio, 29)
        seen = np.flatnonzero(np.isfinite(level))
        if len(seen):
            level = np.interp(np.arange(len(level)), seen, level[seen])
        counts = np.where(facts.holiday, np.nan_to_num(totals), np.nan_to_num(level) * usual)
        return np.asarray(np.maximum(counts, 1.0))

    def fit(self, drift: Drift) -> FittedProcess:
        """One process, by its Cholesky factor."""
        whole = time_covariance(self.past.day, self.past.day, drift) + self.fixed
        whole[np.diag_indices_from(whole)] += self.noise
        lower = cholesky_lower(whole)
        half = solve_triangular(lower, self.error, lower=True, check_finite=False)
        return FittedProcess(self, drift, lower, half)


class FittedProcess:
    """One process with what it has learned; `end` asks what it knew after the first `end` days."""

    def __init__(
        self, process: TotalsProcess, drift: Drift, lower: np.ndarray, half: np.ndarray
    ) -> None:
        self.process, self.drift, self.lower, self.half = process, drift, lower, half

    def _weights(self, end: int | None) -> np.ndarray:
        """Weight of each known day."""
        known = self.process.known
        count = len(known) if end is None else int(np.searchsorted(known, end - self.process.first))
        return np.asarray(
            solve_triangular(
                self.lower[:count, :count],
                self.half[:count],
                lower=True,
                trans=1,
                check_finite=False,
            )
        )

    def totals(self, facts: DayFacts, end: int | None = None) -> np.ndarray:
        """Mean contacts of each day of `facts`; shape (days,)."""
        design = self.process.designer.design(facts)
        weight = self._weights(end)
        past = _at(self.process.past, slice(0, len(weight)))
        shared = time_covariance(design.day, past.day, self.drift)
        shared += calendar_covariance(design, past) + step_covariance(design, past)
        move = np.clip(times(shared, weight), -FAR, FAR)
        return np.asarray(self._to_mean(weight) * np.exp(self.process.centre + move))

    def _to_mean(self, weight: np.ndarray) -> float:
        """What makes a mean of the exponential of a mean logarithm: contacts that came / fitted.

        Over the last year that is known; a mean of logarithms lies below the logarithm of the mean,
        the more so the wilder the days.
        """
        process, last = self.process, slice(max(len(weight) - YEAR, 0), len(weight))
        fitted = process.error[last] - process.noise[last] * weight[last]
        came = process.totals[last].sum()
        expected = np.exp(np.clip(process.centre + fitted, -FAR, FAR)).sum()
        if not expected > 0:
            return 1.0
        return float(np.clip(came / expected, 1 / MOST_BIAS, MOST_BIAS))

    def parts(self, facts: DayFacts) -> dict[str, np.ndarray]:
        """Each part of the logarithm of the day's total, `PARTS`; the level with the centre."""
        design = self.process.designer.design(facts)
        weight, past = self._weights(None), self.process.past
        found = {
            part: times(time_covariance(design.day, past.day, self.drift, (part,)), weight)
            for part in PARTS[:-1]
        }
        found["level"] += self.process.centre + times(step_covariance(design, past), weight)
        found["calendar"] = times(calendar_covariance(design, past), weight)
        return found

    def effects(self) -> list[tuple[str, float, float]]:
        """Each column of the calendar: name, effect and its standard error, in logarithms."""
        effects = self.process.past.effects
        mean = effects.T @ self._weights(None)
        spread = solve_triangular(self.lower, effects, lower=True, check_finite=False)
        error = np.sqrt(np.maximum(1 - (spread**2).sum(axis=0), 0.0))
        scale = _scales(self.process.designer)
        names = self.process.designer.columns
        return [
            (n, float(m * s), float(e * s))
            for n, m, e, s in zip(names, mean, error, scale, strict=True)
        ]


class DayProcess:
    """Day totals of one process, times weekday profiles.

    Parameters
    ----------
    drift
        Which process.
    """

    def __init__(self, drift: Drift = SEASONAL) -> None:
        self.drift = drift

    def fit(self, grid: DayGrid, facts: DayFacts) -> Self:
        """Learn from the cleaned days."""
        return self.fit_cleaned(clean(grid, facts), facts)

    def fit_cleaned(self, done: Cleaned, facts: DayFacts) -> Self:
        """The same, where the days are cleaned already."""
        self.profile = profiles(done.grid, done.totals, facts)
        self.fitted = TotalsProcess(done.totals, facts).fit(self.drift)
        return self

    def predict(self, facts: DayFacts) -> np.ndarray:
        """Day total times share of the slot."""
        return np.asarray(self.fitted.totals(facts)[:, None] * self.profile[day_kind(facts)])


def _usual(totals: np.ndarray, weekday: np.ndarray) -> np.ndarray:
    """Median of the last 13 known totals of each weekday; of all of them where there are none."""
    usual = np.full(7, np.nan)
    for day in range(7):
        mine = totals[(weekday == day) & np.isfinite(totals)]
        if len(mine):
            usual[day] = np.median(mine[-WEEKS:])
    found = np.isfinite(usual) & (usual > 0)
    middle = float(np.median(usual[found])) if found.any() else 0.5
    return np.asarray(np.maximum(np.where(found, usual, middle), 0.5))


def _at(design: DayDesign, rows: np.ndarray | slice) -> DayDesign:
    return DayDesign(design.day[rows], design.effects[rows], design.steps[rows], design.month[rows])


def _scales(designer: Designer) -> np.ndarray:
    """Value of each column where the calendar says yes: its prior deviation."""
    common = [HOLIDAY, HOLIDAY_BUSY, *NEAR_HOLIDAY.values(), BRIDGE, *[MONTH_PART] * 3, DECEMBER]
    named = [HOLIDAY_WEEKDAY] * 7 + [HOLIDAY_NAME] * len(designer.holidays)
    return np.array([*common, *named, *[EVENT] * len(designer.events)])
