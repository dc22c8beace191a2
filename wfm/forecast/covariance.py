"""How much two days of a queue tell about each other: the covariances of the day process.

The logarithm of a day's total is a sum of parts, each a Gaussian process or a regression effect
with a normal prior: a level that drifts, a short memory, a yearly course, weekdays that change
slowly, holidays and the days beside them, learned events, and the position in the month. The
covariance of two days is the sum of those of the parts, so one linear solve fits all of them, and
each part can be read off by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wfm.forecast.facts import DayFacts
from wfm.forecast.linear import product

YEAR_DAYS = 365.25
NOISE = 0.06
"""Deviation of a day beside counting noise, as a share."""
LEVEL, LEVEL_DAYS = 0.20, 730.0
SHORT, SHORT_DAYS = 0.10, 8.0
SEASON, SEASON_WIDTH, SEASON_DAYS = 0.09, 0.8, 5000.0
"""Yearly course: its deviation, its smoothness, and the days over which it changes."""
FINE_WIDTH = 0.2
"""Smoothness of the finer yearly course: peaks of a few weeks."""
WEEKDAY, WEEKDAY_DRIFT, WEEKDAY_DAYS = 1.0, 0.05, 60.0
MONTH, MONTH_DAYS = 0.05, 3.0
"""Smooth effect of the days from the turn of the month."""
NEAR_HOLIDAY = {"after": 0.15, "before": 0.15, "after2": 0.08, "before2": 0.08}
HOLIDAY, HOLIDAY_BUSY, HOLIDAY_WEEKDAY, HOLIDAY_NAME = 1.0, 0.5, 0.1, 0.1
BRIDGE, EVENT = 0.30, 0.5
MONTH_PART, DECEMBER = 0.04, 0.08
STEP = 3.0
"""Deviation of a step of the level that was found."""


@dataclass(frozen=True)
class Drift:
    """What sets one day process apart from another.

    Parameters
    ----------
    level
        Multiplies the deviations of the level and of the short memory: above 1 the level follows
        faster.
    season
        Deviation of the finer yearly course: how much last year tells.
    season_days
        Days over which the yearly course changes.
    """

    level: float
    season: float = 0.0
    season_days: float = SEASON_DAYS


PARTS = ("level", "season", "weekday", "calendar")
"""Parts of the logarithm of a day's total; `calendar` holds holidays, events and the month."""


@dataclass(frozen=True, eq=False)
class DayDesign:
    """Days as the covariances read them.

    Parameters
    ----------
    day
        Day number; shape (n,).
    effects
        Regression columns, each times the deviation of its prior; shape (n, columns).
    steps
        Whether the day lies after each step of the level, times its deviation; shape (n, steps).
    month
        Days from the turn of the month, 0 to 33; shape (n,).
    """

    day: np.ndarray
    effects: np.ndarray
    steps: np.ndarray
    month: np.ndarray


@dataclass(frozen=True, eq=False)
class Designer:
    """Makes designs with the same columns for past days and for days to come.

    Parameters
    ----------
    busy
        Logarithm of each weekday's usual total less their mean; shape (7,).
    holidays, events
        Names that have an effect of their own.
    steps
        First days, by number, of new levels.
    """

    busy: np.ndarray
    holidays: tuple[str, ...]
    events: tuple[str, ...]
    steps: tuple[int, ...] = ()

    @property
    def columns(self) -> list[str]:
        """Names of the columns of `effects`."""
        return [
            *(name for name, _ in self._common(None)),
            *(f"holiday on weekday {day}" for day in range(7)),
            *self.holidays,
            *self.events,
        ]

    def design(self, facts: DayFacts) -> DayDesign:
        """The days of `facts`."""
        common = np.column_stack([column for _, column in self._common(facts)])
        on = (facts.weekday[:, None] == np.arange(7)) & facts.holiday[:, None]
        name = facts.name.astype(str)[:, None]
        named = (name == np.array(self.holidays, dtype=str)) & ~facts.learned[:, None]
        learned = (name == np.array(self.events, dtype=str)) & facts.learned[:, None]
        effects = [common, HOLIDAY_WEEKDAY * on, HOLIDAY_NAME * named, EVENT * learned]
        date = facts.days.day.to_numpy()
        left = facts.days.days_in_month.to_numpy() - date
        month = np.where(date <= 15, 16 + date, 16 - left)
        day = day_number(facts)
        step = day[:, None] >= np.array(self.steps, dtype=int)
        return DayDesign(day, np.column_stack(effects), STEP * step, month)

    def _common(self, facts: DayFacts | None) -> list[tuple[str, np.ndarray]]:
        """Columns that every queue has, by name; without facts the names only."""
        if facts is None:
            none = np.zeros(0)
            names = ["holiday", "holiday on a busy day", *NEAR_HOLIDAY, "bridge day"]
            names += ["days 1-3", "days 4-8", "days 28+", "late December"]
            return [(name, none) for name in names]
        busy = np.exp(self.busy)
        quiet = busy < 0.75 * busy.max()
        tomorrow, yesterday = (facts.weekday + 1) % 7, (facts.weekday - 1) % 7
        bridge = (facts.after & quiet[tomorrow]) | (facts.before & quiet[yesterday])
        bridge &= ~quiet[facts.weekday]
        date = facts.days.day.to_numpy()
        ordinary = ~facts.holiday
        december = (facts.days.month.to_numpy() == 12) & (date >= 24)
        columns = [
            HOLIDAY * facts.holiday,
            HOLIDAY_BUSY * facts.holiday * self.busy[facts.weekday],
            *(deviation * getattr(facts, name) for name, deviation in NEAR_HOLIDAY.items()),
            BRIDGE * bridge,
            MONTH_PART * ((date <= 3) & ordinary),
            MONTH_PART * ((date >= 4) & (date <= 8) & ordinary),
            MONTH_PART * ((date >= 28) & ordinary),
            DECEMBER * (december & ordinary),
        ]
        return list(zip((name for name, _ in self._common(None)), columns, strict=True))


def day_number(facts: DayFacts) -> np.ndarray:
    """Days since 1970."""
    return np.asarray(facts.days.to_numpy().astype("datetime64[D]").astype(int))


def step_covariance(a: DayDesign, b: DayDesign) -> np.ndarray:
    """Covariance of the steps of the level; shape (len(a.day), len(b.day))."""
    return np.asarray(a.steps @ b.steps.T)


def calendar_covariance(a: DayDesign, b: DayDesign) -> np.ndarray:
    """Covariance of the calendar's part; shape (len(a.day), len(b.day))."""
    apart = np.arange(34)[:, None] - np.arange(34)
    table = MONTH**2 * np.exp(-0.5 * (apart / MONTH_DAYS) ** 2)
    return np.asarray(product(a.effects, b.effects.T) + table[np.ix_(a.month, b.month)])


def time_covariance(
    a: np.ndarray, b: np.ndarray, drift: Drift, parts: tuple[str, ...] = PARTS
) -> np.ndarray:
    """Covariance of the parts that depend on the days between two days only.

    Parameters
    ----------
    a, b
        Day numbers.
    drift
        Which process.
    parts
        Parts to count, of `PARTS`.

    Examples
    --------
    A day tells more of the same weekday than of the day after:

    >>> near = time_covariance(np.array([0]), np.array([0, 1, 7]), Drift(1.0))[0]
    >>> bool(near[0] > near[2] > near[1])
    True
    """
    gap = np.abs(a[:, None] - b[None, :])
    longest = int(gap.max(initial=0))
    days = np.arange(longest + 1, dtype=float)
    by_gap = np.zeros(longest + 1)
    if "level" in parts:
        by_gap += 1.0
        by_gap += (drift.level * LEVEL) ** 2 * np.exp(-days / LEVEL_DAYS)
        by_gap += (drift.level * SHORT) ** 2 * np.exp(-days / SHORT_DAYS)
    if "season" in parts:
        phase = -2 * np.sin(np.pi * days / YEAR_DAYS) ** 2
        yearly = SEASON**2 * np.exp(phase / SEASON_WIDTH**2)
        yearly += drift.season**2 * np.exp(phase / FINE_WIDTH**2)
        by_gap += yearly * np.exp(-days / drift.season_days)
    if "weekday" in parts:
        same = days % 7 == 0
        by_gap += same * (WEEKDAY**2 + WEEKDAY_DRIFT**2 * np.exp(-days / WEEKDAY_DAYS))
    return np.asarray(by_gap[gap])
