"""What the linear programme costs around columns that are whole."""

import numpy as np

from wfm.scheduling.counts.bands import empty_bands
from wfm.scheduling.counts.linear import Running, simplex, take_slice


def cost_around(matrix, values, *kinds):
    """Cost of the linear programme around the whole values of some kinds of columns."""
    free = ~matrix.of_kind(*kinds) & ~empty_bands(matrix, values)
    base = np.where(matrix.of_kind(*kinds), values, 0.0)
    part = take_slice(matrix, free & (matrix.high > matrix.low), base)
    found = simplex(part, 60, Running())
    return np.inf if found is None else found.objective
