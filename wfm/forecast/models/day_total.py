"""Day total times weekday profile: the model that carries most of the accuracy.

The square root of a day's total is a level that moves, times an effect of the kind of day. Effects
are a ridge regression on weekday, holiday and the days beside it, bridge days, named holidays and
learned events, beginning and end of the month and late December, with weights that halve every 120
days. The level follows the days that have passed. The root turns counting noise of any size into
noise of one size (Brown, Zhang and Zhao 2001); the method is that of Weinberg, Brown and Stroud
(2007) made simpler. Since effects are taken relative to the level, a queue that grows tenfold
keeps its weekdays.
"""

from __future__ import annotations

from typing import Self

import numpy as np

from wfm.forecast.clean import Cleaned, clean
from wfm.forecast.facts import DayFacts
from wfm.forecast.grid import DayGrid
from wfm.forecast.profiles import day_kind, profiles

HALF_LIFE_DAYS = 90.0
RARE_HALF_LIFE_DAYS = 730.0
LEVEL_STEP = 0.03
"""Share of a day's surprise that the level takes on."""
SLOW_STEP, FAST_STEP = 0.015, 0.06
"""Other levels, candidates for the combination."""
SHIFT_DAYS = 10
SHIFT_LEAST = 0.25
"""Days in a row, all off to the same side, half of them by this share, that make a new level."""
LEAST_EFFECT = 0.15
"""A kind of day below this share of an ordinary one tells nothing of the level."""
YEAR = 364


class DayTotal:
    """Day-total regression with a moving level, times weekday profiles.

    Parameters
    ----------
    year_power
        Power of the year-over-year factor: 0 leaves last year out.
    """

    def __init__(self, year_power: float = 0.0) -> None:
        self.year_power = year_power

    def fit(self, grid: DayGrid, facts: DayFacts) -> Self:
        """Learn level, effects and profiles."""
        return self.fit_cleaned(clean(grid, facts), facts)

    def fit_cleaned(self, done: Cleaned, facts: DayFacts) -> Self:
        """The same, where the days are cleaned already."""
        grid = done.grid
        self.last_day = grid.days[-1]
        self.totals = done.totals
        self.cleaned = done.grid
        self.profile = profiles(done.grid, done.totals, facts)
        z = np.sqrt(done.totals + 0.25)
        known = np.flatnonzero(np.isfinite(z))
        age = len(z) - 1 - np.arange(len(z))
        recent = np.where(np.isfinite(z), 0.5 ** (age / HALF_LIFE_DAYS), 0.0)
        rare = np.where(np.isfinite(z), 0.5 ** (age / RARE_HALF_LIFE_DAYS), 0.0)
        effect = np.ones(len(z))
        for _ in range(2):
            level = _smooth(z / effect, known, effect)
            ratio = np.where(np.isfinite(z), z / level, np.nan)
            self._learn_effects(ratio, recent, rare, facts)
            effect = self.effects(facts)
        self.root, self.effect = z, effect
        self.levels: dict[float, tuple[np.ndarray, float]] = {}
        return self

    def _learn_effects(
        self, ratio: np.ndarray, weight: np.ndarray, rare: np.ndarray, facts: DayFacts
    ) -> None:
        use = np.isfinite(ratio)
        plain = use & ~facts.holiday & ~facts.learned
        base = np.ones(7)
        for weekday in range(7):
            mine = plain & (facts.weekday == weekday)
            total = weight[mine].sum()
            if total > 0:
                base[weekday] = (weight[mine] * ratio[mine]).sum() / total
        self.base = base
        self.names = sorted({str(n) for n in facts.name[use] if n})
        x, prior = self._design(facts)
        w = rare[use]
        gram = (x[use] * w[:, None]).T @ x[use] + np.diag(prior)
        right = (x[use] * w[:, None]).T @ (ratio[use] - base[facts.weekday[use]])
        self.coefficients = np.linalg.solve(gram, right)

    def _design(self, facts: DayFacts) -> tuple[np.ndarray, np.ndarray]:
        """Columns of the regression and the prior weight of each, in days."""
        busy = self.base - self.base.mean()
        quiet = self.base < 0.75 * self.base.max()
        tomorrow, yesterday = (facts.weekday + 1) % 7, (facts.weekday - 1) % 7
        bridge = (facts.after & quiet[tomorrow]) | (facts.before & quiet[yesterday])
        bridge &= ~quiet[facts.weekday]
        day = facts.days.day.to_numpy()
        december = (facts.days.month.to_numpy() == 12) & (day >= 24)
        ordinary = ~facts.holiday
        columns: list[tuple[np.ndarray, float]] = [
            (facts.holiday, 0.1),
            (facts.holiday * busy[facts.weekday], 0.02),
            (facts.after, 2.0),
            (facts.before, 2.0),
            (bridge, 0.5),
            ((day <= 3) & ordinary, 10.0),
            ((day >= 4) & (day <= 8) & ordinary, 10.0),
            ((day >= 28) & ordinary, 10.0),
            (december & ordinary, 4.0),
        ]
        columns += [(facts.name == name, 2.0) for name in self.names]
        x = np.column_stack([column.astype(float) for column, _ in columns])
        return x, np.array([prior for _, prior in columns])

    def effects(self, facts: DayFacts) -> np.ndarray:
        """Root of each day beside the level; shape (days,)."""
        x, _ = self._design(facts)
        return np.asarray(np.maximum(self.base[facts.weekday] + x @ self.coefficients, 0.01))

    def totals_for(
        self, facts: DayFacts, year_power: float = 0.0, step: float = LEVEL_STEP
    ) -> np.ndarray:
        """Mean contacts of each day; shape (days,)."""
        level, spread = self._level(step)
        root = level[-1] * self.effects(facts)
        mean = np.maximum(root**2 - 0.25, 0.0) + (spread * root) ** 2 * (root > 0.5)
        return np.asarray(mean * self.year_factor(facts) ** year_power if year_power else mean)

    def _level(self, step: float) -> tuple[np.ndarray, float]:
        if step not in self.levels:
            self.levels[step] = _follow(self.root, self.effect, step)
        return self.levels[step]

    def levels_before(self, step: float = LEVEL_STEP) -> np.ndarray:
        """Level of the root before each day was known, and after the last; shape (days + 1,)."""
        return self._level(step)[0]

    def year_factor(self, facts: DayFacts) -> np.ndarray:
        """How much higher last year was at the same time than at its counterpart of today."""
        n = len(self.totals)
        position = np.asarray((facts.days - self.last_day).days) + n - 1 - YEAR
        plain = np.where(self.effect > LEAST_EFFECT, self.totals / self.effect**2, np.nan)
        today = n - 10 - YEAR
        if today < 10:
            return np.ones(len(facts))
        now = _window_mean(plain, np.array([today]))[0]
        then = _window_mean(plain, position)
        good = np.isfinite(then) & np.isfinite(now) & (now > 0)
        factor = np.divide(then, now, out=np.ones(len(facts)), where=good)
        return np.asarray(np.clip(factor, 0.4, 2.5))

    @property
    def has_year(self) -> bool:
        """Whether the history reaches back far enough for a year-over-year factor."""
        return len(self.totals) >= YEAR + 20

    def shares(self, facts: DayFacts) -> np.ndarray:
        """Share of each slot in the day; shape (days, slots)."""
        return np.asarray(self.profile[day_kind(facts)])

    def predict(self, facts: DayFacts) -> np.ndarray:
        """Day total times share of the slot."""
        return np.asarray(self.totals_for(facts, self.year_power)[:, None] * self.shares(facts))


def _smooth(values: np.ndarray, known: np.ndarray, effect: np.ndarray) -> np.ndarray:
    """Two-sided local mean over about four weeks, everywhere known and above 0."""
    use = known[effect[known] > LEAST_EFFECT]
    use = use if len(use) else known
    reach = np.arange(-28, 29)
    kernel = np.clip(1 - np.abs(reach) / 28.5, 0, None)
    weight, total = np.zeros(len(values)), np.zeros(len(values))
    weight[use], total[use] = 1.0, values[use]
    above = np.convolve(total, kernel, mode="full")[28:-28]
    below = np.convolve(weight, kernel, mode="full")[28:-28]
    inside = np.flatnonzero(below > 0)
    mean = np.interp(np.arange(len(values)), inside, above[inside] / below[inside])
    return np.maximum(mean, 1e-6)


def _follow(z: np.ndarray, effect: np.ndarray, step: float) -> tuple[np.ndarray, float]:
    """Level before each day and after the last, and a day's spread around it as a share of it.

    Days within the usual spread move the level by `step` of their surprise, wilder ones by no more
    than four spreads. Ten days that all surprise to the same side, most of them far, are
    a new level.
    """
    use = np.isfinite(z) & (effect > LEAST_EFFECT)
    place = np.flatnonzero(use if use.any() else np.isfinite(z))
    x = (z / effect)[place] if use.any() else z[place]
    level, scale = float(np.median(x[:14])), 0.1
    errors, scales = np.zeros(len(x)), np.zeros(len(x))
    path = np.full(len(z) + 1, level)
    for i, value in enumerate(x):
        surprise = value / level - 1 if level > 0 else 0.0
        errors[i], scales[i] = surprise, scale
        bounded = min(max(surprise, -4 * scale), 4 * scale)
        scale += 0.05 * (min(abs(surprise), 6 * scale) * 1.25 - scale)
        level *= 1 + max(step, 1 / (i + 2)) * bounded
        if i >= SHIFT_DAYS and abs(surprise) > SHIFT_LEAST / 2:
            recent = errors[i - SHIFT_DAYS + 1 : i + 1]
            same = abs(np.sign(recent).sum()) == SHIFT_DAYS
            least = max(SHIFT_LEAST, 4 * scales[i - SHIFT_DAYS])
            if same and np.median(np.abs(recent)) > least:
                level = float(np.median(x[i - SHIFT_DAYS + 1 : i + 1]))
        path[place[i] + 1 :] = level
    spread = 1.4826 * float(np.median(np.abs(errors[-90:])))
    return path, min(spread, 0.5)


def _window_mean(values: np.ndarray, centres: np.ndarray, half: int = 10) -> np.ndarray:
    """Mean of the known values within `half` days of each centre; NaN where under 7 are known."""
    known = np.isfinite(values)
    total = np.concatenate([[0.0], np.cumsum(np.where(known, values, 0.0))])
    count = np.concatenate([[0], np.cumsum(known)])
    first = np.clip(centres - half, 0, len(values))
    last = np.clip(centres + half + 1, 0, len(values))
    number = count[last] - count[first]
    mean = np.full(len(centres), np.nan)
    np.divide(total[last] - total[first], number, out=mean, where=number >= 7)
    return mean
