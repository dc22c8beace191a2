"""Poisson regression: day effects times a smooth curve of the day for each kind of day.

Because every day's shares sum to one, the likelihood falls into two parts that are fitted by
themselves: the day totals on weekday, holidays, place in the month and trend, and the slots of each
kind of day on cosines. A level fix then brings the last four weeks to what really came. Source:
McCullagh and Nelder (1989), ch. 6; the two parts as in Weinberg, Brown and Stroud (2007).
"""

from __future__ import annotations

from typing import Self

import numpy as np

from wfm.forecast.clean import clean
from wfm.forecast.covariance import Designer
from wfm.forecast.facts import DayFacts
from wfm.forecast.grid import DayGrid
from wfm.forecast.profiles import KINDS, day_kind

HALF_LIFE_DAYS = 120.0
FIX_HALF_LIFE_DAYS = 14.0
"""How fast the level fix forgets."""
STEPS = 12
WAVES = 14
RIDGE_WAVE, RIDGE_OTHER = 2e-3, 2.0
MOST = 30.0


class PoissonGlm:
    """Poisson regression of day totals and of the curve of the day, with a level fix."""

    def fit(self, grid: DayGrid, facts: DayFacts) -> Self:
        """Fit both parts by iterated least squares."""
        done = clean(grid, facts)
        known = np.isfinite(done.totals)
        totals = np.where(known, done.totals, 0.0)
        age = len(totals) - 1 - np.arange(len(totals))
        names = facts.name[known].astype(str)
        learned = facts.learned[known]
        self.designer = Designer(
            _busy(done.totals, facts.weekday),
            tuple(sorted({str(n) for n in names[~learned] if n})),
            tuple(sorted({str(n) for n in names[learned] if n})),
        )
        weight = np.where(known, 0.5 ** (age / HALF_LIFE_DAYS), 0.0)
        size = max(float(np.average(totals[known])), 1.0)
        x = self._columns(facts)
        ridge = np.concatenate([np.full(7, 1e-6), np.ones(x.shape[1] - 7)])
        self.day = poisson(x[known], totals[known] / size, weight[known] * size, ridge)
        self.size = size
        fitted = size * np.exp(np.clip(x @ self.day, -MOST, MOST))
        fix = weight * 0.5 ** (age / FIX_HALF_LIFE_DAYS)
        fix *= ~facts.holiday & ~facts.learned
        self.level = (fix @ totals + 7 * size * 1e-3) / (fix @ fitted + 7 * size * 1e-3)
        self.shape = self._shapes(grid, np.nan_to_num(done.grid.volume), facts, weight)
        return self

    def _columns(self, facts: DayFacts) -> np.ndarray:
        weekday = (facts.weekday[:, None] == np.arange(7)).astype(float)
        return np.column_stack([weekday, self.designer.design(facts).effects])

    def _shapes(
        self, grid: DayGrid, volume: np.ndarray, facts: DayFacts, weight: np.ndarray
    ) -> np.ndarray:
        """Share of each slot for each kind of day, smoothed by cosines over the open slots."""
        kind = day_kind(facts)
        member = (kind[:, None] == np.arange(KINDS)) * weight[:, None]
        counts = member.T @ (volume * np.maximum(grid.rows, 1))
        days = np.maximum(member.sum(axis=0), 1e-9)
        opened = np.vstack([grid.open_slots(), grid.open_slots().any(axis=0)])
        whole = self._smooth(
            counts.sum(axis=0), float(days.sum()), np.asarray(opened.any(axis=0)), None
        )
        return np.stack(
            [
                self._smooth(counts[k], float(days[k]), opened[k], whole)
                if counts[k].sum() > 0
                else _to_one(whole * opened[k])
                for k in range(KINDS)
            ]
        )

    def _smooth(
        self, counts: np.ndarray, days: float, opened: np.ndarray, prior: np.ndarray | None
    ) -> np.ndarray:
        """Poisson fit of one kind of day on cosines, drawn to the shape of all days."""
        slots = np.flatnonzero(opened)
        if not len(slots) or counts[slots].sum() <= 0:
            return np.zeros(len(counts))
        place = (np.arange(len(slots)) + 0.5) / len(slots)
        waves = np.cos(np.pi * np.arange(min(WAVES, len(slots))) * place[:, None])
        mean = counts[slots] / days
        offset = np.log(mean.mean()) * np.ones(len(slots))
        if prior is not None and prior[slots].sum() > 0:
            near = np.maximum(prior[slots] / prior[slots].sum(), 1e-6)
            offset = np.log(near * mean.sum())
        order = np.arange(waves.shape[1])
        ridge = RIDGE_WAVE * order**2 + (0.0 if prior is None else RIDGE_OTHER)
        fit = poisson(waves, mean, np.full(len(slots), days), ridge, offset)
        share = np.zeros(len(counts))
        share[slots] = np.exp(np.clip(waves @ fit + offset, -MOST, MOST))
        return _to_one(share)

    def predict(self, facts: DayFacts) -> np.ndarray:
        """Day total times share of the slot."""
        total = np.exp(np.clip(self._columns(facts) @ self.day, -MOST, MOST))
        shares = self.shape[day_kind(facts)]
        return np.asarray((self.level * self.size * total)[:, None] * shares)


def poisson(
    x: np.ndarray,
    y: np.ndarray,
    weight: np.ndarray,
    ridge: np.ndarray,
    offset: np.ndarray | None = None,
) -> np.ndarray:
    """Coefficients of a Poisson regression with a logarithmic link and a ridge.

    >>> one = np.ones((4, 1))
    >>> y = np.array([1.0, 2.0, 3.0, 4.0])
    >>> float(np.exp(poisson(one, y, np.ones(4), np.zeros(1))[0]).round(6))
    2.5
    """
    shift = np.zeros(len(y)) if offset is None else offset
    link = np.log(np.maximum(y, 0.1 * y.mean() + 1e-9))
    found = np.zeros(x.shape[1])
    for _ in range(STEPS):
        mean = np.exp(np.clip(link, -MOST, MOST))
        heavy = weight * mean
        target = link - shift + (y - mean) / np.maximum(mean, 1e-12)
        gram = (x * heavy[:, None]).T @ x + np.diag(ridge + 1e-9)
        before, found = found, np.linalg.solve(gram, x.T @ (heavy * target))
        link = x @ found + shift
        if np.abs(found - before).max() < 1e-8:
            break
    return found


def _busy(totals: np.ndarray, weekday: np.ndarray) -> np.ndarray:
    """Logarithm of each weekday's median total less their mean."""
    usual = np.ones(7)
    for day in range(7):
        mine = totals[(weekday == day) & np.isfinite(totals)]
        usual[day] = max(float(np.median(mine)), 0.5) if len(mine) else np.nan
    log = np.log(np.where(np.isfinite(usual), usual, np.nanmedian(usual)))
    return np.asarray(log - log.mean())


def _to_one(shares: np.ndarray) -> np.ndarray:
    total = shares.sum()
    return shares / total if total > 0 else shares
