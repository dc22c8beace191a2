"""Sample paths: whole futures of a forecast, with errors that go together as past ones did.

Each interval of a path follows its own band; a whole day, and a stretch of a day, run high or low
together, and days side by side too, as the backtest showed. Days, weeks and months of a path are
sums of its intervals, so any quantile of any period can be read off, and periods agree.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy.special import ndtri

from wfm.core.errors import DataError
from wfm.core.types import Forecast
from wfm.core.weeks import week_of

Period = Literal["interval", "day", "week", "month"]
PERIODS: tuple[Period, ...] = ("interval", "day", "week", "month")
FURTHEST = 3.5
"""Normal deviations at which a path is cut."""


@dataclass(frozen=True, eq=False)
class Paths:
    """Sample paths of a forecast.

    Parameters
    ----------
    keys
        `start queue` of each interval, in the order of the forecast.
    values
        Contacts; shape (paths, intervals).
    """

    keys: pd.DataFrame
    values: np.ndarray

    def totals(
        self, by: Period = "day", week_start: str = "Mon"
    ) -> tuple[pd.DataFrame, np.ndarray]:
        """Sums over periods: their `queue` and first local `start`, and shape (paths, periods).

        Weeks begin on `week_start` (Mon, Sun or Sat); at the ends of the forecast a week or a month
        holds the days that the forecast has.
        """
        if by not in PERIODS:
            message = f"paths: period {by!r} is not known. Use one of {', '.join(PERIODS)}."
            raise DataError(message)
        if by == "interval":
            return self.keys, self.values
        local = self.keys["start"].dt.tz_localize(None).dt.normalize()
        if by == "week":
            local = week_of(local, week_start)
        elif by == "month":
            local = local.dt.to_period("M").dt.start_time
        group = pd.MultiIndex.from_arrays([self.keys["queue"], local], names=["queue", "start"])
        code, unique = pd.factorize(group)
        summed = np.zeros((len(self.values), len(unique)))
        np.add.at(summed.T, code, self.values.T)
        return pd.MultiIndex.from_tuples(unique, names=["queue", "start"]).to_frame(
            index=False
        ), summed

    def quantiles(self, levels: Sequence[float], by: Period = "day") -> pd.DataFrame:
        """Quantiles of each period's contacts: `queue start` and one column for each level."""
        wrong = [level for level in levels if not 0 < level < 1]
        if wrong:
            message = f"paths: quantile {wrong[0]:g} is not between 0 and 1. Write 0.9 for 90 %."
            raise DataError(message)
        named, values = self.totals(by)
        found = np.quantile(values, list(levels), axis=0).T
        return pd.concat(
            [named.reset_index(drop=True), pd.DataFrame(found, columns=[float(v) for v in levels])],
            axis=1,
        )


def sample_paths(forecast: Forecast, paths: int = 500, *, seed: int = 0) -> Paths:
    """Draw whole futures of a forecast.

    Parameters
    ----------
    forecast
        Made by `make_forecast`, edited or not.
    paths
        How many.
    seed
        Same seed, same paths; a queue's paths do not depend on the other queues.

    Returns
    -------
    Paths

    Raises
    ------
    DataError
        A forecast without bands and learned errors, or no path asked for.
    """
    if forecast.bands is None or forecast.errors is None:
        message = "paths: the forecast has no bands and learned errors. Make it with make_forecast."
        raise DataError(message)
    if paths < 1:
        message = f"paths: {paths} is too few. Draw at least one."
        raise DataError(message)
    values = np.zeros((paths, len(forecast.frame)))
    for queue in forecast.queues:
        rows = np.flatnonzero((forecast.frame["queue"] == queue).to_numpy())
        rng = np.random.default_rng([seed, zlib.crc32(queue.encode())])
        errors = forecast.errors[forecast.errors["queue"] == queue]
        values[:, rows] = _of_queue(forecast, rows, errors, paths, rng)
    return Paths(forecast.frame[["start", "queue"]].copy(), values)


def _of_queue(
    forecast: Forecast,
    rows: np.ndarray,
    errors: pd.DataFrame,
    paths: int,
    rng: np.random.Generator,
) -> np.ndarray:
    frame = forecast.frame.iloc[rows]
    local = frame["start"].dt.tz_localize(None).dt.normalize()
    days = pd.DatetimeIndex(errors["day"])
    day = days.get_indexer(pd.DatetimeIndex(local))
    volume = np.maximum(frame["volume"].to_numpy(dtype=float), 1e-9)
    table = errors[["day_var", "part_var", "own_var"]].to_numpy(dtype=float)[day]
    last = errors.iloc[0]
    shares = np.column_stack([table[:, :2], table[:, 2] + 1 / volume])
    shares /= shares.sum(axis=1, keepdims=True)
    position = np.asarray((days - days[0]).days)
    of_day = _days(position, float(last["persistent"]), float(last["next_day"]), paths, rng)
    lasting = _lasting(day, float(last["rho"]), paths, rng)
    root = np.sqrt(shares)
    normal = root[:, 0] * of_day[:, day] + root[:, 1] * lasting
    normal += root[:, 2] * rng.standard_normal(normal.shape)
    assert forecast.bands is not None
    bands = forecast.bands.to_numpy(dtype=float)[rows]
    levels = np.asarray(forecast.bands.columns, dtype=float)
    return _by_band(np.clip(normal, -FURTHEST, FURTHEST), bands, levels)


def _days(
    position: np.ndarray, persistent: float, next_day: float, paths: int, rng: np.random.Generator
) -> np.ndarray:
    """The day's part: one that stays, and one that goes on from day to day; variance 1."""
    stays = rng.standard_normal((paths, 1))
    count = int(position.max(initial=0)) + 1
    shock = rng.standard_normal((paths, count))
    goes = np.empty((paths, count))
    goes[:, 0] = shock[:, 0]
    for i in range(1, count):
        goes[:, i] = next_day * goes[:, i - 1] + np.sqrt(1 - next_day**2) * shock[:, i]
    both = np.sqrt(persistent) * stays + np.sqrt(1 - persistent) * goes
    return np.asarray(both[:, position])


def _lasting(day: np.ndarray, rho: float, paths: int, rng: np.random.Generator) -> np.ndarray:
    """The part that lasts from one interval of a day to the next; variance 1."""
    shock = rng.standard_normal((paths, len(day)))
    part = np.empty_like(shock)
    for i in range(len(day)):
        if i and day[i] == day[i - 1]:
            part[:, i] = rho * part[:, i - 1] + np.sqrt(1 - rho**2) * shock[:, i]
        else:
            part[:, i] = shock[:, i]
    return part


def _by_band(normal: np.ndarray, bands: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Values whose place in each interval's band is that of the normal deviation."""
    knots = ndtri(levels)
    at = np.clip(np.searchsorted(knots, normal), 1, len(knots) - 1)
    low, high = knots[at - 1], knots[at]
    weight = (normal - low) / (high - low)
    column = np.arange(normal.shape[1])
    below, above = bands[column, at - 1], bands[column, at]
    return np.asarray(np.maximum(below + weight * (above - below), 0.0))
