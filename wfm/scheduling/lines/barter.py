"""From lines for everybody to better ones: people choose anew, missing heads grow dearer.

Everybody looks for the line that is best beside everybody else's, and those who gain most change
first. When nobody gains any more, heads that are missing though the linear programme would not
leave them so grow dearer, until somebody takes one and leaves a cheaper one to others; what has
grown dear is forgotten slowly. A head is worth something between what it saves just now and what it
is worth to the programme, which knows all lines together. (Morris, The breakout method for escaping
from local minima, AAAI 1993; here a move is a whole line, found exactly.)
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from wfm.scheduling.line_terms import OFF
from wfm.scheduling.lines.programme import TOLERANCE, Programme

TRUST = 0.3
"""Share of the programme's prices in what a head is worth."""
DEARER, FORGET = 0.1, 0.97
"""By how much of what it costs above the programme's price a missing head grows dearer, and what
of the rise is left the next time."""
PATIENCE = 300
"""Turns without a better roster after which it ends."""
DRAW = 0.02
"""Of the unit of cost, the largest difference by which lots are drawn between equal lines."""


def barter(
    programme: Programme,
    lines: np.ndarray,
    prices: np.ndarray,
    go_on: Callable[[], bool],
    random: np.random.Generator,
) -> np.ndarray:
    """The best lines for everybody that came up in exchanges from the lines at hand.

    Parameters
    ----------
    programme
        Whose people, days and cover.
    lines
        Where to begin, shape (E, days).
    prices
        What a head is worth to the linear programme, shape (days, S).
    go_on
        Asked before each turn.
    random
        Of the lots between equal lines.

    Returns
    -------
    numpy.ndarray
        Type of each person and day or `OFF`, shape (E, days); never dearer than `lines`.
    """
    market = _Market(programme, lines, prices)
    best, least, turns = lines.copy(), programme.cost(lines), 0
    while turns < PATIENCE and go_on():
        turns += 1
        if not market.choose(random):
            market.raise_prices()
        cost = programme.cost(market.lines)
        if cost < least - TOLERANCE:
            best, least, turns = market.lines.copy(), cost, 0
    return best


class _Market:
    """Everybody's lines, the heads they leave missing, and what a missing one costs by now."""

    def __init__(self, programme: Programme, lines: np.ndarray, prices: np.ndarray) -> None:
        self.pricing, self.kind_of = programme.pricing, programme.kind_of
        self.lines, self.prices = lines.copy(), prices
        self.under = self.pricing.under.copy()
        self.short = programme.part.required - self.pricing.staff(lines)

    def choose(self, random: np.random.Generator) -> bool:
        """Let everybody choose a line beside all others; whether anybody gains.

        All look at once, then change in the order of what they hope for, as far as it still pays
        beside those before.
        """
        everybody = len(self.lines)
        person, day = np.nonzero(self.lines != OFF)
        now = person, day, self.lines[person, day]
        worth = np.repeat(self._worth(self.short > 0)[None], everybody, axis=0)
        worth[now] = self._worth(self.short >= 0)[now[1:]]
        worth += random.uniform(0, DRAW * (self.pricing.asked.cost_unit or 1), worth.shape)
        _, cost, found = self.pricing.cheapest(self.kind_of, worth, mend=False)
        paid = self.pricing.wish[self.kind_of[person], *now[1:]] - worth[now]
        hope = np.bincount(person, paid, minlength=everybody) - cost
        gains = False
        for one in np.argsort(-hope, kind="stable").tolist():
            if hope[one] <= 0:
                break
            gain = self._gain(one, found[one])
            if gain >= -TOLERANCE:
                self._take(one, found[one])
            gains |= gain > TOLERANCE
        return gains

    def raise_prices(self) -> None:
        """Let what is missing grow dearer, and what once was fall back slowly."""
        first = self.pricing.under
        lost = np.maximum(first - self.prices, 0) * np.maximum(self.short, 0)
        self.under = first + FORGET * (self.under + DEARER * lost - first)

    def _worth(self, wanted: np.ndarray) -> np.ndarray:
        """What a head is worth where it is wanted and where it is not, shape (days, S)."""
        exact = np.where(wanted, self.under, -self.pricing.over)
        return np.asarray((1 - TRUST) * exact + TRUST * self.prices)

    def _gain(self, person: int, line: np.ndarray) -> float:
        """What it saves if a person takes a line."""
        now, wish = self.lines[person], self.pricing.wish[self.kind_of[person]]
        differ = now != line
        loses, gets = (np.flatnonzero(differ & (row != OFF)) for row in (now, line))
        lost, got = (loses, now[loses]), (gets, line[gets])
        paid = wish[lost].sum() - self._worth(self.short >= 0)[lost].sum()
        return float(paid - wish[got].sum() + self._worth(self.short > 0)[got].sum())

    def _take(self, person: int, line: np.ndarray) -> None:
        """Give a person a line."""
        for row, change in ((self.lines[person], 1), (line, -1)):
            days = np.flatnonzero(row != OFF)
            self.short[days, row[days]] += change
        self.lines[person] = line
