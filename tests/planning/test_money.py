"""The schedule's cost is split over its work, and none of it is lost."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import wfm
from tests.planning.test_compare import schedule
from wfm.planning.demo import demo_history
from wfm.planning.money import cost_by_work, cost_of_contact


def test_breaks_are_borne_by_the_work_beside_them() -> None:
    made = schedule(
        ("x", "2026-03-02 08:00", "2026-03-02 11:00", "inbound", "a"),
        ("x", "2026-03-02 11:00", "2026-03-02 11:30", "break", ""),
        ("x", "2026-03-02 11:30", "2026-03-02 12:30", "outbound", "c"),
    )
    table = wfm.contact_costs(made)
    assert table["work"].tolist() == ["inbound", "all inbound", "outbound", "all outbound"]
    assert table["cost"].tolist() == [60.0, 60.0, 20.0, 20.0]
    assert table["contacts"].isna().all()


def test_contacts_reached_divide_the_cost_of_a_campaign() -> None:
    made = schedule(("x", "2026-03-02 08:00", "2026-03-02 12:00", "outbound", "c"))
    made.outbound["connects"] = 40.0
    table = wfm.contact_costs(made)
    assert cost_of_contact(table, "outbound") == 80.0 / 40.0
    assert np.isnan(cost_of_contact(table, "inbound"))


def test_answered_contacts_are_those_predicted_for_the_roster() -> None:
    forecast = wfm.make_forecast(demo_history(12), "7D", model="seasonal_mean")
    need = wfm.staff(forecast, wfm.ServiceTarget(0.8))
    made = wfm.make_schedule(need, *wfm.people_to_fit(need), seconds=2)
    table = wfm.contact_costs(made, need)
    service = wfm.predict_service(made, need)
    answered = (service["volume"] * (1 - service["abandoned"])).sum()
    found = table[table["work"] == "all inbound"].iloc[0]
    assert found["contacts"] == pytest.approx(answered)
    assert found["cost_per_contact"] == pytest.approx(made.cost / answered)
    compared = wfm.compare(made, made, needs=(need, need)).set_index("measure")
    assert compared.loc["Cost of a contact answered", "first"] == found["cost_per_contact"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from("abc"),
            st.sampled_from(["inbound", "outbound", "break"]),
            st.integers(1, 9),
        ),
        max_size=12,
    ),
    st.lists(st.floats(0, 1e4), min_size=3, max_size=3),
)
def test_no_cost_is_lost(blocks: list[tuple[str, str, int]], costs: list[float]) -> None:
    start = pd.Timestamp("2026-03-02")
    frame = pd.DataFrame(
        [(a, start, start + pd.Timedelta(hours=h), kind, kind) for a, kind, h in blocks],
        columns=["agent", "start", "end", "activity", "queue"],
    ).astype({"start": "datetime64[us]", "end": "datetime64[us]"})
    totals = pd.DataFrame({"agent": list("abc"), "cost": costs})
    assert cost_by_work(frame, totals)["cost"].sum() == pytest.approx(sum(costs))
