"""Singular-value factors of the day profiles with autoregressive scores: good for the next days.

The days x slots matrix of square roots is cut to its first factors; each factor's score has a mean
for each weekday and carries on from the last day. So a day that started the week with a long
evening is expected to be followed by one. Source: Shen and Huang (2008).
"""

from __future__ import annotations

from typing import Self

import numpy as np

from wfm.forecast.clean import clean
from wfm.forecast.facts import DayFacts
from wfm.forecast.grid import DayGrid

FACTORS = 4
HALF_LIFE_DAYS = 56.0
LONGEST = 364
LEAST_DAYS = 21
"""Days below which no score is taken to carry on."""


class SvdFactors:
    """Four factors of the square-root day profiles, with AR(1) scores around weekday means."""

    def fit(self, grid: DayGrid, facts: DayFacts) -> Self:
        """Find the factors, the weekday means of their scores, and how scores carry on."""
        first = max(len(grid) - LONGEST, 0)
        volume = clean(grid, facts).grid.volume[first:]
        facts = facts.between(first, len(facts))
        opened = grid.open_slots()[facts.weekday]
        seen = np.isfinite(volume).any(axis=1)
        plain = seen & ~facts.holiday & ~facts.learned
        plain = plain if plain.any() else seen
        age = len(volume) - 1 - np.arange(len(volume))
        weight = 0.5 ** (age / HALF_LIFE_DAYS)
        self.last_day = grid.days[-1]
        self.open = grid.open_slots()
        root = np.sqrt(np.nan_to_num(volume) + 0.25) * opened
        self.weekday = self._means(root, facts.weekday, plain, weight)
        away = (root - self.weekday[facts.weekday]) * opened
        _, _, factors = np.linalg.svd(away[plain] * np.sqrt(weight[plain])[:, None], False)
        self.factors = factors[:FACTORS]
        scores = away @ self.factors.T
        scores[~plain] = np.nan
        self.carry, self.last = _carry_on(scores)
        left = (away - np.nan_to_num(scores) @ self.factors)[plain]
        self.error = np.average(left**2, axis=0, weights=weight[plain])
        rest = seen & facts.holiday
        level = np.average(volume_sums(volume)[plain], weights=weight[plain])
        self.holiday = None
        if rest.any():
            self.holiday = np.nan_to_num(volume[rest]).mean(axis=0)
            past = max(volume_sums(volume)[plain].mean(), 1e-9)
            self.holiday = self.holiday * level / past
        return self

    def _means(
        self, root: np.ndarray, weekday: np.ndarray, use: np.ndarray, weight: np.ndarray
    ) -> np.ndarray:
        """Weighted mean row of each weekday; of all days where it has none; shape (7, slots)."""
        means = np.zeros((7, root.shape[1]))
        for day in range(7):
            mine = use & (weekday == day)
            mine = mine if mine.any() else use
            means[day] = np.average(root[mine], axis=0, weights=weight[mine])
        return means

    def predict(self, facts: DayFacts) -> np.ndarray:
        """Weekday mean plus what the scores carry on, squared."""
        lead = np.asarray((facts.days - self.last_day).days, dtype=float)
        scores = self.last * self.carry ** np.maximum(lead, 1)[:, None]
        root = self.weekday[facts.weekday] + scores @ self.factors
        volume = np.maximum(np.maximum(root, 0.0) ** 2 - 0.25 + self.error, 0.0)
        volume *= self.open[facts.weekday]
        if self.holiday is not None:
            volume[facts.holiday] = self.holiday
        return np.asarray(volume)


def volume_sums(volume: np.ndarray) -> np.ndarray:
    """Known contacts of each day."""
    return np.asarray(np.nan_to_num(volume).sum(axis=1))


def _carry_on(scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How much of each score is left a day later, and the last score, as of the last day."""
    carry, last = np.zeros(scores.shape[1]), np.zeros(scores.shape[1])
    known = np.isfinite(scores[:, 0])
    if known.sum() < LEAST_DAYS:
        return carry, last
    both = known[1:] & known[:-1]
    for j in range(scores.shape[1]):
        now, before = scores[1:, j][both], scores[:-1, j][both]
        square = float((before**2).sum())
        carry[j] = np.clip((now * before).sum() / square, 0.0, 0.95) if square > 0 else 0.0
        at = int(np.flatnonzero(known)[-1])
        last[j] = scores[at, j] * carry[j] ** (len(scores) - 1 - at)
    return carry, last
