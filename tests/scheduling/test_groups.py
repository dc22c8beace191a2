from datetime import date

import numpy as np

from wfm.core.people import Absence
from wfm.scheduling.groups import make_layout
from wfm.scheduling.settings import Rules


def test_alike_agents_share_a_group_and_absences_split_classes(make, parts):
    away = (Absence(date(2027, 1, 5), date(2027, 1, 5)),)
    agents = [*parts["people"](6), *parts["people"](8, absences=away)[6:]]
    layout = make_layout(make(agents, days=3))
    assert [(g.contract, g.size) for g in layout.groups] == [("full", 6), ("part", 2)]
    assert sorted(c.size for c in layout.classes) == [2, 2, 4]
    assert sum(c.size for c in layout.classes) == 8
    assert layout.present(0, 1) == 4


def test_skill_sets_hold_what_their_agents_can_do(make, parts):
    agents = [
        *parts["people"](2, skills="voice"),
        *parts["people"](4, skills="voice|mail|surveys")[2:],
    ]
    layout = make_layout(make(agents, heads={"mail": 1, "voice": 2}))
    assert [(s.queues, s.campaigns, s.size) for s in layout.skill_sets] == [
        ((1,), (), 2),
        ((0, 1), (0,), 2),
    ]


def test_every_start_is_in_a_band_and_no_band_lies_in_another(make):
    layout = make_layout(make())
    for group in layout.groups:
        assert group.in_band.any(axis=0).all()
        rows = [set(np.flatnonzero(r)) for r in group.in_band]
        assert not any(a <= b for a in rows for b in rows if a is not b)


def test_without_bands_there_is_one(make):
    layout = make_layout(make(rules=Rules(band_min=None)))
    assert all(g.in_band.shape[0] == 1 and g.in_band.all() for g in layout.groups)


def test_nobody_there_makes_no_class(make, parts):
    agents = [*parts["people"](1), *parts["people"](2, end_date=date(2027, 1, 1))[1:]]
    layout = make_layout(make(agents))
    assert sum(c.size for c in layout.classes) == 1
