"""The default: several forecasts of day totals, weighted by how they did on this queue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from wfm.forecast.base import HAS_BOOSTING
from wfm.forecast.clean import Cleaned, clean
from wfm.forecast.facts import DayFacts
from wfm.forecast.grid import DayGrid
from wfm.forecast.models.boosting import Boosting
from wfm.forecast.models.day_process import (
    LAST_YEAR,
    QUICK,
    SEASONAL,
    STEADY,
    FittedProcess,
    TotalsProcess,
)
from wfm.forecast.models.day_total import FAST_STEP, SLOW_STEP, DayTotal
from wfm.forecast.models.seasonal_mean import SeasonalMean
from wfm.forecast.rerun import LEADS, Past, actual_after, ladder
from wfm.forecast.weigh import Weights, kind_of_day

PROCESSES = ((STEADY, 1.0), (SEASONAL, 1.0), (LAST_YEAR, 0.5), (QUICK, 0.3))
"""Day processes and the prior weight of each."""
STEPS = ((SLOW_STEP, 1.0), (FAST_STEP, 0.3))
"""Steps of the day-total model's level and the prior weight of each."""
MEAN_PRIOR = 0.2
"""Prior weight of the mean of the last 8 same weekdays, cleaned."""
BOOSTING_PRIOR, BOOSTING_GAIN = 1.0, 0.01
"""Prior weight of boosting, where its extra is installed, and the share of the past error of the
day totals that it has to save to be used."""
GUARD_POWER = 14.0


@dataclass(frozen=True, eq=False)
class Rung:
    """What was known at one origin: models fitted to the first `end` days."""

    end: int
    day_total: DayTotal
    mean: SeasonalMean
    baseline: SeasonalMean
    boosting: Boosting | None = None

    @classmethod
    def fit(cls, grid: DayGrid, done: Cleaned, facts: DayFacts, *, boost: bool = False) -> Self:
        """Fit to all days of `grid`; `done` are the same days, cleaned."""
        day_total = DayTotal().fit_cleaned(done, facts)
        mean, baseline = SeasonalMean().fit(done.grid, facts), SeasonalMean().fit(grid, facts)
        boosting = Boosting().fit_trees(done, facts, day_total) if boost else None
        return cls(len(grid), day_total, mean, baseline, boosting)


class Combination:
    """Weighted mean of candidates for the day's total, times weekday profiles.

    The candidates are four day processes (steady, seasonal, as last year, quick), the day-total
    regression with a slow and a fast level and, as a hedge, the mean of the last 8 same weekdays
    after cleaning. With the extra `boost`, boosted trees join where that would have made the past
    forecasts of this queue better by 1 %. Each is weighted by 1 / error^14 over past origins, for
    near and far days and for ordinary, quiet and special ones apart, and shrunk to prior weights.
    Where the whole did worse on the past than the plain mean of the last 8 same weekdays, it gives
    way to it.

    Parameters
    ----------
    leads
        Days ahead on which the candidates are compared.
    boost
        Whether boosted trees may join.
    """

    def __init__(self, leads: int = LEADS, *, boost: bool = HAS_BOOSTING) -> None:
        self.leads, self.boost = leads, boost

    def fit(self, grid: DayGrid, facts: DayFacts) -> Self:
        """Fit the candidates, weigh them by their past errors, keep the past for the bands."""
        done = clean(grid, facts)
        self.last_day = grid.days[-1]
        process = TotalsProcess(done.totals, facts)
        self.usual = process.usual
        self.processes = [process.fit(drift) for drift, _ in PROCESSES]
        self.prior = np.array([p for _, p in (*PROCESSES, *STEPS)] + [MEAN_PRIOR])
        origins = [o for o in ladder(len(grid)) if grid.seen[:o].any()]
        actual = actual_after(grid, facts, origins, self.leads)
        self.guard = 1.0
        self.boost = self.boost and len(origins) > 0
        if not origins:
            self.weights = Weights.learn(
                np.zeros((len(self.prior), 0, self.leads)),
                np.zeros((0, self.leads)),
                np.zeros((0, self.leads), dtype=int),
                self.prior,
            )
            self.past = Past(np.zeros(actual.shape), actual)
        else:
            self._learn(grid, facts, origins, actual)
        self.now = Rung.fit(grid, done, facts, boost=self.boost)
        return self

    def _learn(
        self, grid: DayGrid, facts: DayFacts, origins: list[int], actual: np.ndarray
    ) -> None:
        count, leads = len(origins), self.leads
        prior = np.append(self.prior, BOOSTING_PRIOR) if self.boost else self.prior
        totals = np.zeros((len(prior), count, leads))
        kind = np.zeros((count, leads), dtype=int)
        shares, baseline = np.zeros(actual.shape), np.zeros(actual.shape)
        for i, end in enumerate(origins):
            part, before = grid.until(end), facts.between(0, end)
            rung = Rung.fit(part, clean(part, before), before, boost=self.boost)
            ahead = facts.between(end, min(end + leads, len(facts)))
            days = len(ahead)
            totals[:, i, :days] = self._totals(rung, ahead)
            kind[i, :days] = kind_of_day(ahead, self.usual)
            shares[i, :days] = rung.day_total.shares(ahead)
            baseline[i, :days] = rung.baseline.predict(ahead)
        known = np.isfinite(actual)
        came = np.where(known.any(axis=2), np.where(known, actual, 0.0).sum(axis=2), np.nan)
        number = len(self.prior)
        self.weights = Weights.learn(totals[:number], came, kind, self.prior)
        mixed = self.weights.mix(totals[:number], kind)
        if self.boost:
            boosted = Weights.learn(totals, came, kind, prior)
            other = boosted.mix(totals, kind)
            self.boost = _missed(other, came) < (1 - BOOSTING_GAIN) * _missed(mixed, came)
            if self.boost:
                self.weights, mixed = boosted, other
        ours = mixed[:, :, None] * shares
        self.guard = guard(ours, baseline, actual)
        self.past = Past(self.guard * ours + (1 - self.guard) * baseline, actual)

    def _totals(self, rung: Rung, facts: DayFacts) -> np.ndarray:
        """Every candidate's day totals; shape (candidates, days)."""
        end = rung.end
        rows = [process.totals(facts, end) for process in self.processes]
        rows += [rung.day_total.totals_for(facts, step=step) for step, _ in STEPS]
        rows.append(rung.mean.predict(facts).sum(axis=1))
        if rung.boosting is not None:
            rows.append(rung.boosting.totals(facts))
        return np.array(rows)

    def predict(self, facts: DayFacts) -> np.ndarray:
        """The weighted mean."""
        lead = np.asarray((facts.days - self.last_day).days) - 1
        weight = self.weights.at(lead, kind_of_day(facts, self.usual))
        total = (self._totals(self.now, facts).T * weight).sum(axis=1)
        ours = total[:, None] * self.now.day_total.shares(facts)
        if self.guard < 1:
            ours = self.guard * ours + (1 - self.guard) * self.now.baseline.predict(facts)
        return np.asarray(ours)

    @property
    def seasonal(self) -> FittedProcess:
        """The process that the explanation of a forecast is read from."""
        return self.processes[1]


def _missed(forecast: np.ndarray, came: np.ndarray) -> float:
    """Sum of the absolute errors of the known days."""
    return float(np.nansum(np.abs(forecast - came)))


def guard(ours: np.ndarray, baseline: np.ndarray, actual: np.ndarray) -> float:
    """Share of our forecast beside the baseline's: 1 unless it did worse on the past.

    >>> one = np.ones((1, 1, 1))
    >>> guard(11 * one, 12 * one, 10 * one), guard(12 * one, 11 * one, 10 * one)
    (1.0, 6.103515625e-05)
    """
    known = np.isfinite(actual)
    error = np.abs(ours - actual)[known].sum()
    simple = np.abs(baseline - actual)[known].sum()
    return 1.0 if error <= simple else float((simple / error) ** GUARD_POWER)
