import pandas as pd
import pytest

from tests.planning.test_edits import two_queues
from wfm.core.types import History
from wfm.planning.edit_scores import score_edits
from wfm.planning.edits import Edit


def came(factor: float) -> History:
    forecast = two_queues()
    frame = forecast.frame[["start", "queue"]].assign(
        offered=forecast.frame["volume"] * factor, answered=0.0, abandoned=0.0, aht_s=300.0
    )
    return History(frame, forecast.interval)


def test_an_edit_towards_what_came_helped_and_one_away_from_it_did_not():
    edits = [
        Edit("2026-11-23", "2026-11-23", "+20%", "orders"),
        Edit("2026-11-24", "2026-11-24", "-10%", "orders"),
    ]
    table = score_edits(two_queues(), edits, came(1.25))
    assert table["edit"].tolist() == [1, 2]
    assert table["wape_before"].tolist() == pytest.approx([0.2, 0.2])
    assert table["wape_after"].tolist() == pytest.approx([2 / 50, 14 / 50])


def test_a_later_edit_is_judged_beside_what_the_earlier_left():
    edits = [Edit("2026-11-23", "2026-11-23", change, "orders") for change in ("+25%", "+4%")]
    table = score_edits(two_queues(), edits, came(1.25))
    assert table["wape_before"].tolist() == pytest.approx([0.2, 0.0])
    assert table["wape_after"].tolist() == pytest.approx([0.0, 0.04])


def test_edits_that_are_off_or_whose_days_are_unknown_have_no_score():
    off = Edit("2026-11-23", "2026-11-23", "+20%", "orders", on=False)
    assert score_edits(two_queues(), [off], came(1.0)).empty
    late = Edit("2026-11-24", "2026-11-24", "+20%", "orders")
    early = came(1.0)
    first = early.frame[early.frame["start"] < pd.Timestamp("2026-11-24", tz="Europe/Istanbul")]
    assert score_edits(two_queues(), [late], History(first, early.interval)).empty
