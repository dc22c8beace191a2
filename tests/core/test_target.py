import pytest

from wfm.core.errors import DataError
from wfm.core.target import ServiceTarget


@pytest.mark.parametrize("share", [0.0, 1.0, 80.0, -0.1])
def test_a_share_of_nothing_or_everything_is_refused(share):
    with pytest.raises(DataError, match="above 0 and below 1"):
        ServiceTarget(share)


def test_a_target_is_exactly_one_thing():
    with pytest.raises(DataError, match="nothing given"):
        ServiceTarget()
    with pytest.raises(DataError, match="exactly one"):
        ServiceTarget(0.8, asa_s=30)
    with pytest.raises(DataError, match="asa_s is 0"):
        ServiceTarget(asa_s=0)
    with pytest.raises(DataError, match="within_s"):
        ServiceTarget(0.8, within_s=-1)
    with pytest.raises(DataError, match="variant"):
        ServiceTarget(0.8, variant="best")


@pytest.mark.parametrize("text", ["80/20", "ASA 30 s", "abandoned 5%", "occupancy 85%"])
def test_targets_from_text(text):
    target = ServiceTarget.parse(text)
    assert ServiceTarget.parse(text) == target
    assert any(str(n) in str(target) for n in (80, 30, 5, 85))


def test_an_unknown_target_names_the_known_forms():
    with pytest.raises(DataError, match="80/20"):
        ServiceTarget.parse("fast")
