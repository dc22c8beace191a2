"""What the linear programme leaves for later: good lines, prices, and where a rota falls short."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wfm.scheduling.line_terms import OFF, LineTerms
from wfm.scheduling.lines.programme import Programme

LINES = 30
"""Lines of a person kept for later choices."""


@dataclass(frozen=True, eq=False)
class Guide:
    """Of a programme over the whole period.

    Parameters
    ----------
    lines
        Of each person those that its prices like best; grows later.
    prices
        What one more head is worth, shape (D, S).
    paid
        What each person's line costs at these prices, at best; shape (P,).
    """

    lines: list[list[np.ndarray]]
    prices: np.ndarray
    paid: np.ndarray

    @property
    def known(self) -> bool:
        """Whether there are prices."""
        return bool(np.isfinite(self.paid).all())

    def losses(self, asked: LineTerms, roster: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """By how much a roster (P, D) misses the programme's value, and where.

        Returns
        -------
        numpy.ndarray
            On each day and type: heads that cost more than they are worth, shape (D, S).
        numpy.ndarray
            Of each person: what the line costs above the best, shape (P,).
        """
        missing = asked.required - asked.staff(roster)
        short, surplus = np.maximum(missing, 0), np.maximum(-missing, 0)
        cover = (asked.under - self.prices) * short + (asked.over + self.prices) * surplus
        person, day = np.nonzero(roster != OFF)
        kind = roster[person, day]
        paid = asked.wish[person, day, kind] - self.prices[day, kind]
        lines = np.bincount(person, paid, minlength=len(asked.people))
        return np.maximum(cover, 0.0), np.maximum(lines - self.paid, 0.0)


def guide_of(programme: Programme) -> Guide:
    """The guide of a solved programme over the whole period."""
    lines = programme.best_lines(LINES)
    prices, paid = programme.prices()
    of = programme.kind_of
    return Guide([list(lines[kind]) for kind in of], prices, paid[of])


def no_guide(asked: LineTerms) -> Guide:
    """No lines and no prices: only cover tells where a rota falls short."""
    people = len(asked.people)
    nothing = np.zeros(asked.required.shape)
    return Guide([[] for _ in range(people)], nothing, np.full(people, np.inf))
