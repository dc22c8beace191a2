from datetime import date

import pytest

from wfm.core.errors import DataError
from wfm.core.people import Absence, Agent, Break, Contract

LUNCH = Break("lunch", 30, 210, 300, paid=False)


def contract(**changes: object) -> Contract:
    plain = {"shift_min": 510, "paid_min": 480, "min_days_week": 4, "max_days_week": 5}
    return Contract("full time", **(plain | {"breaks": (LUNCH,)} | changes))


def test_a_plain_contract_stands():
    assert contract().breaks == (LUNCH,)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"paid_min": 500}, "leave 480"),
        ({"shift_min": 0}, "shift of 0"),
        ({"min_days_week": 6}, "6 to 5 days"),
        ({"max_days_week": 8}, "8 days"),
        ({"start_from_min": 600, "start_to_min": 500}, "starts"),
        ({"breaks": (Break("lunch", 30, 490, 495, paid=False),)}, "outside the shift"),
        ({"breaks": (Break("lunch", 30, 300, 210, paid=False),)}, "no room"),
        ({"breaks": (LUNCH, Break("tea", 15, 60, 90, paid=True))}, "Reorder"),
    ],
)
def test_a_contract_nobody_can_fulfil_is_refused_by_name(changes, word):
    with pytest.raises(DataError) as caught:
        contract(**changes)
    assert "full time" in str(caught.value)
    assert word in str(caught.value)


def test_absent_days_count_employment_too():
    agent = Agent(
        "a1",
        "Ada",
        "full time",
        frozenset({"support"}),
        start_date=date(2026, 11, 24),
        end_date=date(2026, 11, 28),
        absences=(Absence(date(2026, 11, 25), date(2026, 11, 26)),),
    )
    assert agent.absent_days(date(2026, 11, 23), 7) == [0, 2, 3, 6]


def test_an_absence_that_ends_before_it_starts_is_refused():
    with pytest.raises(DataError, match="before it starts"):
        Absence(date(2026, 11, 25), date(2026, 11, 24))


@pytest.mark.parametrize(
    ("names", "word"),
    [
        (("break", "break"), "paid once and unpaid once"),
        (("break", "outbound"), "cannot be named 'outbound'"),
        (("", "lunch"), "cannot be named ''"),
    ],
)
def test_a_break_is_known_by_its_name(names, word):
    breaks = (Break(names[0], 15, 60, 150, paid=True), Break(names[1], 30, 180, 300, paid=False))
    with pytest.raises(DataError, match=word):
        Contract("c", 510, 480, 0, 5, breaks=breaks)
