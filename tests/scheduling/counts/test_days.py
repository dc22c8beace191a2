"""What a day decides."""

import numpy as np

from wfm.scheduling.counts.days import day_columns
from wfm.scheduling.counts.matrix import make_matrix


def test_a_day_and_its_neighbour_but_one_share_no_column_but_targets(make):
    matrix = make_matrix(make(7, days=7))
    both = day_columns(matrix, 1) & day_columns(matrix, 3)
    assert set(np.flatnonzero(both)) == {*matrix.columns.short, *matrix.columns.excess}
