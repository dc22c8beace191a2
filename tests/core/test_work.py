import pytest

from wfm.core.calendars import Opening
from wfm.core.errors import DataError
from wfm.core.work import Campaign

HOURS = Opening.parse("Mon-Fri 10:00-18:00")


def test_connects_an_hour_by_hand():
    campaign = Campaign(
        "survey", "s", HOURS, 10, set_up_s=20, talk_s=60, wrap_s=20, connect_rate=0.5
    )
    assert campaign.connects_per_h() == pytest.approx(0.5 * 3600 / (20 + 0.5 * 80))


def test_without_handle_times_nothing_is_promised():
    assert Campaign("survey", "s", HOURS, 10).connects_per_h() is None


@pytest.mark.parametrize(
    "changes", [{"target_h": -1.0}, {"connect_rate": 0.0}, {"connect_rate": 1.5}]
)
def test_impossible_campaigns_are_refused_by_name(changes):
    with pytest.raises(DataError, match="'survey'"):
        Campaign(
            **({"campaign": "survey", "skill": "s", "permitted": HOURS, "target_h": 1.0} | changes)
        )
