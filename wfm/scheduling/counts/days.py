"""What a day decides: its columns."""

from __future__ import annotations

import numpy as np

from wfm.scheduling.counts.build import Matrix

LARGE = 9000
"""Free columns above which a day is solved by parts of its skill sets."""


def day_columns(matrix: Matrix, day: int, skill_sets: tuple[int, ...] | None = None) -> np.ndarray:
    """Mask of what a day's shifts decide: days, starts, and all work until their end."""
    layout, problem = matrix.layout, matrix.layout.problem
    first, last = problem.first_interval[day], problem.first_interval[day + 1]
    longest = layout.longest
    shifts = matrix.of_kind("m", "x", "y") & (matrix.day == day)
    window = (matrix.at >= first) & (matrix.at < last + longest)
    work = matrix.of_kind("k", "w", "f", "o") & window
    mask = shifts | work
    if skill_sets is not None:
        of_group = np.array([group.skill_set for group in layout.groups])
        own = np.where(matrix.group >= 0, of_group[matrix.group], matrix.skill_set)
        mask &= np.isin(own, skill_sets)
    return np.asarray(mask | with_slacks(matrix, window))


def with_slacks(matrix: Matrix, window: np.ndarray) -> np.ndarray:
    """Mask of what is missing or above in some intervals, and of all campaigns."""
    return np.asarray(matrix.of_kind("slack") & (window | (matrix.at < 0)))
