"""Gradient boosting (extra `boost`): what trees see in the errors of the day-total regression.

Trees cannot see beyond the sizes they have met, so they do not forecast contacts but the factor
between a day and what the day-total regression says of it, which is the offset of a Poisson loss.
Each past day stands in the training set once for every third origin of the four weeks before it,
with what was known on that origin: the days ahead, where the level came from, the last day and the
last two same weekdays beside their mean, the same weeks of last year, and the calendar. So one
model serves every lead and never feeds on its own forecasts. Sources: Ke et al. (2017), LightGBM;
the direct way to several leads as in Ben Taieb and Hyndman (2014).
"""

from __future__ import annotations

from typing import Any, Self

import numpy as np

from wfm.forecast.clean import Cleaned, clean
from wfm.forecast.facts import DayFacts
from wfm.forecast.grid import DayGrid
from wfm.forecast.models.day_total import DayTotal

LEADS = 28
STRIDE = 3
"""Days between the origins of the training set."""
FIRST_ORIGIN = 56
"""Days known on its first origin; a shorter history is left to the regression."""
WEEKS, YEAR = 8, 364
HALF_LIFE_DAYS = 365.0
LEAST_ROWS, LEAST_EFFECT = 400, 1e-4
TREES = 30
SETTINGS: dict[str, Any] = {
    "objective": "poisson",
    "learning_rate": 0.05,
    "num_leaves": 15,
    "min_data_in_leaf": 60,
    "min_sum_hessian_in_leaf": 0.0,
    "lambda_l2": 20.0,
    "feature_fraction": 0.7,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "max_bin": 63,
    "seed": 0,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbosity": -1,
}


class Boosting:
    """Day-total regression whose day totals are corrected by boosted trees."""

    def fit(self, grid: DayGrid, facts: DayFacts) -> Self:
        """Learn the regression, then the trees."""
        done = clean(grid, facts)
        return self.fit_trees(done, facts, DayTotal().fit_cleaned(done, facts))

    def fit_trees(self, done: Cleaned, facts: DayFacts, day_total: DayTotal) -> Self:
        """Learn the trees beside a regression that is fitted to the same cleaned days."""
        self.day_total = day_total
        self.known = KnownDays(done.totals, facts, day_total)
        self.trees: Any = None
        n = len(facts)
        origins = np.arange(n - 1, FIRST_ORIGIN, -STRIDE)
        start, lead = np.repeat(origins, LEADS), np.tile(np.arange(LEADS), len(origins))
        day = start + lead
        use = (day < n) & np.isfinite(done.totals[np.minimum(day, n - 1)])
        start, lead, day = start[use], lead[use], day[use]
        if len(day) < LEAST_ROWS:
            return self
        import lightgbm

        size = self.known.level[start] ** 2
        offset = np.log(np.maximum(day_total.effect[day] ** 2, LEAST_EFFECT))
        data = lightgbm.Dataset(
            self.known.features(start, lead, facts, day),
            label=done.totals[day] / size,
            init_score=offset,
            weight=0.5 ** ((n - day) / HALF_LIFE_DAYS),
            params=SETTINGS,
        )
        self.trees = lightgbm.train(SETTINGS, data, num_boost_round=TREES)
        return self

    def totals(self, facts: DayFacts) -> np.ndarray:
        """Mean contacts of each day; shape (days,)."""
        if self.trees is None:
            return self.day_total.totals_for(facts)
        lead = np.asarray((facts.days - self.day_total.last_day).days) - 1
        start = np.full(len(facts), len(self.known.level) - 1)
        x = self.known.features(start, lead, facts, np.arange(len(facts)))
        effect = np.maximum(self.day_total.effects(facts) ** 2, LEAST_EFFECT)
        mean = self.known.level[-1] ** 2 * effect
        return np.asarray(mean * np.exp(self.trees.predict(x, raw_score=True)))

    def predict(self, facts: DayFacts) -> np.ndarray:
        """Day total times share of the slot."""
        return np.asarray(self.totals(facts)[:, None] * self.day_total.shares(facts))


class KnownDays:
    """What was known on each past origin.

    Parameters
    ----------
    totals
        Cleaned totals, NaN where unknown; shape (n,).
    facts
        Of the same days.
    day_total
        The regression fitted to them; its level before each day is `level`, of shape (n + 1,).
    """

    def __init__(self, totals: np.ndarray, facts: DayFacts, day_total: DayTotal) -> None:
        self.level = np.maximum(day_total.levels_before(), 1e-3)
        factor = np.where(facts.holiday | facts.learned, np.nan, totals / day_total.effect**2)
        plain = np.isfinite(factor)
        self.places = [np.flatnonzero(plain & (facts.weekday == day)) for day in range(7)]
        self.factor = factor
        self.sums = np.concatenate([[0.0], np.cumsum(np.where(plain, factor, 0.0))])
        self.counts = np.concatenate([[0], np.cumsum(plain)])

    def _mean(self, first: np.ndarray, last: np.ndarray) -> np.ndarray:
        """Mean of the days from `first` up to, not including, `last`; NaN where none is known.

        Days count by what they are beside their usual effect.
        """
        end = len(self.factor)
        first, last = np.clip(first, 0, end), np.clip(last, 0, end)
        count = self.counts[last] - self.counts[first]
        total = self.sums[last] - self.sums[first]
        mean = np.full(len(first), np.nan)
        np.divide(total, count, out=mean, where=count > 0)
        return mean

    def _same_weekday(self, start: np.ndarray, weekday: np.ndarray, back: int) -> np.ndarray:
        """The last but `back` same weekday known before `start`, 1 the last; NaN for none."""
        value = np.full(len(start), np.nan)
        for day, places in enumerate(self.places):
            mine = np.flatnonzero(weekday == day)
            at = np.searchsorted(places, start[mine]) - back
            there = at >= 0
            value[mine[there]] = self.factor[places[at[there]]]
        return value

    def features(
        self, start: np.ndarray, lead: np.ndarray, facts: DayFacts, day: np.ndarray
    ) -> np.ndarray:
        """What is known on an origin of a day to come.

        Parameters
        ----------
        start, lead
            Days known, and days from then on, the first 0; shape (n,).
        facts, day
            Facts, and the place of each row's day among them; shape (n,).

        Returns
        -------
        numpy.ndarray
            shape (n, features), NaN where unknown.
        """
        stamp, weekday = facts.days[day], facts.weekday[day]
        usual = np.maximum(self._mean(start - 7 * WEEKS, start), 1e-6)
        a_year_ago = self._mean(start - YEAR - 7 * WEEKS, start - YEAR)
        there = start + lead - YEAR
        level = self.level[start]
        with np.errstate(divide="ignore", invalid="ignore"):
            columns = [
                lead,
                weekday,
                self._mean(start - 1, start) / usual,
                self._mean(start - 7, start) / usual,
                self._mean(start - 14, start) / usual,
                self._mean(start - 28, start) / usual,
                self._same_weekday(start, weekday, 1) / usual,
                self._same_weekday(start, weekday, 2) / usual,
                level / self.level[np.maximum(start - 28, 0)],
                level / self.level[np.maximum(start - 91, 0)],
                usual / self._mean(start - 14 * WEEKS, start - 7 * WEEKS),
                self._mean(there - 10, there + 11) / a_year_ago,
                facts.holiday[day],
                facts.before[day],
                facts.after[day],
                facts.before2[day],
                facts.after2[day],
                facts.learned[day],
                stamp.day.to_numpy(),
                stamp.day_of_year.to_numpy(),
            ]
            return np.column_stack([np.asarray(c, dtype=float) for c in columns])
