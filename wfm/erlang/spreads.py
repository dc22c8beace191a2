"""How far the load may come out from its forecast: a factor on it, by quantiles or gamma."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy.special import gammainc, gammaincinv

from wfm.core.errors import DataError
from wfm.erlang.inputs import Array

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(12)


class Spread(Protocol):
    """Distribution of a factor on the load."""

    def quantile(self, share: float) -> Array:
        """Factor that is not exceeded with this probability, shape (rows,) or (1,)."""

    def chance(self, factor: Array) -> Array:
        """Probability of a factor of at most this, shape (rows,)."""

    def mean(self) -> Array:
        """Mean factor, shape (rows,) or (1,)."""

    def contacts(self) -> tuple[Array, Array]:
        """Nodes, shape (rows or 1, k), and weights that say how many of the contacts meet them."""


@dataclass(frozen=True)
class Quantiles:
    """A factor known by quantiles, linear between them and constant beyond the outermost.

    Parameters
    ----------
    levels
        Probabilities in (0, 1), ascending, shape (q,).
    values
        The factor at each level, not falling along a row, shape (q,) or (rows, q). They may be
        loads themselves when the load they multiply is 1.

    Examples
    --------
    >>> half = Quantiles([0.1, 0.5, 0.9], [[0.8, 1.0, 1.3]])
    >>> half.quantile(0.7).round(3).tolist(), half.chance(np.array([0.9])).round(3).tolist()
    ([1.15], [0.3])
    """

    levels: npt.ArrayLike
    values: npt.ArrayLike

    def __post_init__(self) -> None:
        levels = np.asarray(self.levels, dtype=float)
        values = np.atleast_2d(np.asarray(self.values, dtype=float))
        object.__setattr__(self, "levels", levels)
        object.__setattr__(self, "values", values)
        fit = levels.ndim == 1 and levels.size > 1 and values.shape[1:] == levels.shape
        if not fit or not (np.all(np.diff(levels) > 0.0) and levels[0] > 0.0 and levels[-1] < 1.0):
            message = (
                f"spread: {levels.size} levels for values of shape {values.shape}. Give two or "
                "more ascending levels between 0 and 1, and a value for each."
            )
            raise DataError(message)
        if not (np.all(np.isfinite(values)) and np.all(values >= 0.0)) or np.any(
            np.diff(values, axis=1) < 0.0
        ):
            message = "spread: quantiles are negative, unknown or fall. Sort each row, 0 or more."
            raise DataError(message)

    def _table(self) -> tuple[Array, Array]:
        return np.asarray(self.levels), np.asarray(self.values)

    def quantile(self, share: float) -> Array:
        """Factor that is not exceeded with this probability.

        Raises
        ------
        DataError
            A probability outside the levels: nothing is known there.
        """
        levels, values = self._table()
        if not levels[0] <= share <= levels[-1]:
            message = (
                f"confidence {share:g} is outside {levels[0]:g} to {levels[-1]:g}, the levels of "
                "the forecast's bands. Ask for one inside."
            )
            raise DataError(message)
        right = int(np.clip(np.searchsorted(levels, share), 1, levels.size - 1))
        weight = (share - levels[right - 1]) / (levels[right] - levels[right - 1])
        between: Array = values[:, right - 1] * (1.0 - weight) + values[:, right] * weight
        return between

    def chance(self, factor: Array) -> Array:
        """Probability of a factor of at most this; the outermost levels stand for what is beyond.

        0 below the lowest quantile and 1 from the highest on would claim what is not known:
        the lowest level and the highest are returned instead.
        """
        levels, values = self._table()
        result = np.empty(np.broadcast_shapes(factor.shape, values[:, 0].shape))
        at = np.broadcast_to(factor, result.shape)
        for row in range(result.size):
            line = values[row % len(values)]
            last = int(np.searchsorted(line, at[row], side="right"))  # a jump counts in full
            if last in (0, levels.size):
                result[row] = levels[min(last, levels.size - 1)]
                continue
            share = (at[row] - line[last - 1]) / (line[last] - line[last - 1])
            result[row] = levels[last - 1] + share * (levels[last] - levels[last - 1])
        return result

    def mean(self) -> Array:
        """Mean factor; the tails count at the outermost quantile."""
        nodes, mass = self._nodes()
        return np.asarray((nodes * mass).sum(axis=1))

    def _nodes(self) -> tuple[Array, Array]:
        levels, values = self._table()
        middle = (values[:, :-1] + values[:, 1:]) / 2.0
        nodes = np.concatenate([values[:, :1], middle, values[:, -1:]], axis=1)
        return nodes, np.concatenate([levels[:1], np.diff(levels), 1.0 - levels[-1:]])

    def contacts(self) -> tuple[Array, Array]:
        """Nodes over the levels; the tails count at the outermost quantile."""
        nodes, mass = self._nodes()
        weights = nodes * mass
        total = weights.sum(axis=1, keepdims=True)
        return nodes, np.where(total > 0.0, weights, mass) / np.where(total > 0.0, total, 1.0)


@dataclass(frozen=True)
class Gamma:
    """A gamma-distributed factor of mean 1.

    Parameters
    ----------
    cv
        Standard deviation over mean: 0.10 where days come out 10 % off.

    Examples
    --------
    >>> Gamma(0.1).quantile(0.9).round(4).tolist()
    [1.1301]
    """

    cv: float

    def __post_init__(self) -> None:
        if not 1e-3 <= self.cv <= 10.0:
            message = f"spread: cv is {self.cv:g}. Write a share such as 0.10; 0.001 or more."
            raise DataError(message)

    def quantile(self, share: float) -> Array:
        """Factor that is not exceeded with this probability."""
        shape = self.cv**-2
        return np.atleast_1d(gammaincinv(shape, share) / shape)

    def chance(self, factor: Array) -> Array:
        """Probability of a factor of at most this."""
        shape = self.cv**-2
        return np.asarray(gammainc(shape, shape * factor), dtype=float)

    def mean(self) -> Array:
        """Mean factor: 1."""
        return np.ones(1)

    def contacts(self) -> tuple[Array, Array]:
        """Nodes and weights of the contacts' own distribution: gamma with a shape 1 larger."""
        shape = self.cv**-2 + 1.0
        low, high = gammaincinv(shape, 1e-15), gammaincinv(shape, 1.0 - 1e-15)
        edges = np.linspace(low**0.25, high**0.25, 17)  # smooth at 0, too, however small the shape
        width = np.diff(edges)[:, None] / 2.0
        root = (edges[:-1, None] + width + width * _NODES).ravel()
        x, mode = root**4, shape - 1.0
        weights = np.tile(_WEIGHTS, 16) * root**3 * np.exp(mode * np.log(x / mode) - (x - mode))
        return (x * self.cv**2)[None, :], (weights / weights.sum())[None, :]
