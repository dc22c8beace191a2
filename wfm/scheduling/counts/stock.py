"""A stock of breaks: those that people of a skill set may take for one another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Stock:
    """Breaks that people of a skill set may take for one another: as long, in windows as wide.

    `breaks` are (group, number of its break); `k` and `w`, each (axis,), are the columns of those
    begun and of those still due.
    """

    skill_set: int
    length: int
    breaks: tuple[tuple[int, int], ...]
    k: np.ndarray
    w: np.ndarray

    @property
    def groups(self) -> set[int]:
        """Numbers of the groups whose breaks these are."""
        return {number for number, _ in self.breaks}
