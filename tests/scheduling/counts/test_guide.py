"""The guide is an answer of the linear programme around its whole bands."""

import dataclasses

import numpy as np
import pytest

from tests.scheduling.conftest import people
from tests.scheduling.counts.around import cost_around
from tests.scheduling.counts.conftest import FOUR_IN_ROW, with_a_past
from wfm.scheduling.clock import Clock
from wfm.scheduling.counts.guide import make_guide
from wfm.scheduling.counts.matrix import make_matrix


@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_guide_has_nobody_who_is_on_no_band(make, seed, exact):
    """People move to other bands after the first programme; their old starts move with them."""
    who = people(14)
    who = [
        dataclasses.replace(a, skills=a.skills | {"mail"} if i % 2 else a.skills)
        for i, a in enumerate(who)
    ]
    problem = make(who, days=7, heads={"voice": 3, "mail": 1}, rules=FOUR_IN_ROW, hours=(0, 24))
    matrix = make_matrix(with_a_past(problem, seed))
    guide = make_guide(matrix, Clock(120), lambda *_: None, exact=exact, proving=False, seed=0)
    assert len(guide.matrix.layout.skill_sets) == 2
    cost = float(guide.matrix.cost @ guide.values)
    assert cost == pytest.approx(cost_around(guide.matrix, guide.values, "n"), rel=1e-3)
    starts = guide.matrix.row_rule == "starts"
    assert np.abs(guide.matrix.rows @ guide.values)[starts].max() < 0.02
