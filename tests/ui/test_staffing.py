"""Requirement and People: what is typed counts at once, and is checked."""

import pandas as pd
import pytest

from wfm import io
from wfm.core import tables
from wfm.core.errors import DataError
from wfm.planning.by_settings import requirement_of
from wfm.planning.settings import settings_from
from wfm.planning.why import service_curve


def test_a_changed_shrinkage_makes_a_new_requirement_at_once(open_page, store):
    page = open_page("requirement", "Tiny")
    page.field("number_input", "Shrinkage %").set_value(30.0)
    page.run()
    assert not page.app.exception
    settings = settings_from(store.settings("Tiny"))
    assert settings.staff.shrinkage == pytest.approx(0.30)
    version = store.latest("Tiny", "requirement")
    assert version.number == 2
    forecast = store.load(store.latest("Tiny", "forecast").id)
    expected = requirement_of(settings, forecast)
    pd.testing.assert_frame_equal(store.load(version.id).frame, expected.frame)


def test_an_edit_of_the_agents_keeps_their_hours_and_wishes(open_page, store):
    agents = store.table("Tiny", "agents").assign(hours="Mon-Fri 09:00-13:00", preferred_start="")
    agents.loc[0, "preferred_start"] = "09:30"
    store.save_table("Tiny", "agents", agents)
    page = open_page("people", "Tiny")
    page.type_rows("agents", edited={1: {"name": "Ada"}})
    assert not page.app.exception
    saved = store.table("Tiny", "agents")
    assert saved["name"][1] == "Ada"
    assert set(saved["hours"]) == {"Mon-Fri 09:00-13:00"}
    assert saved["preferred_start"][0] == "09:30"


def test_looking_again_makes_no_new_version(open_page, store):
    open_page("requirement", "Tiny")
    open_page("requirement", "Tiny")
    assert len(store.versions("Tiny", "requirement")) == 1


def test_a_promise_of_0_percent_is_refused_beside_its_field(open_page, store):
    page = open_page("requirement", "Tiny")
    page.field("number_input", "% of contacts").set_value(0.0)
    page.run()
    assert not page.app.exception
    assert "above 0" in page.app.error[0].value
    assert store.settings("Tiny")["staff"]["target"] == "80/20"


@pytest.mark.parametrize(
    ("kind", "target"),
    [("asa_s", "ASA 30"), ("abandoned", "abandoned 5%"), ("occupancy", "occupancy 85%")],
)
def test_every_kind_of_promise_can_be_chosen(open_page, store, kind, target):
    page = open_page("requirement", "Tiny")
    page.field("selectbox", "Promise").select(kind)
    page.run()
    assert not page.app.exception
    assert not page.app.error
    assert store.settings("Tiny")["staff"]["target"] == target


def test_patience_is_shown_as_assumed_until_it_is_typed(open_page):
    page = open_page("requirement", "Tiny")
    assert "patience of 120 s (" in page.said()
    page.field("number_input", "Patience [s]").set_value(90.0)
    page.run()
    assert "Assumed, not measured" not in page.said()


def test_surety_scope_and_carry_over_are_settings_like_any_other(open_page, store):
    page = open_page("requirement", "Tiny")
    page.field("number_input", "Kept on % of days").set_value(90.0)
    page.field("selectbox", "Kept").select("day")
    page.field("selectbox", "Carry-over").select("carried")
    page.run()
    assert not page.app.exception
    assert not page.app.error
    settings = settings_from(store.settings("Tiny"))
    section = settings.staff
    assert (section.confidence, section.scope, section.carry_over) == (0.9, "day", "carried")
    forecast = store.load(store.latest("Tiny", "forecast").id)
    made = store.load(store.latest("Tiny", "requirement").id)
    assert made.frame.equals(requirement_of(settings, forecast).frame)
    assert "saves" in page.said()


def test_shrinkage_by_component_goes_before_the_single_share(open_page, store):
    page = open_page("requirement", "Tiny")
    page.type_rows(
        "shrinkage",
        {"component": "sickness", "share": "5 %"},
        {"component": "coaching", "share": "10 %", "weekdays": "Mon"},
        {"component": "breaks", "share": "9 %", "placed": "yes"},
    )
    assert not page.app.exception
    assert "Mon 15.0%, Tue 5.0%" in page.said()
    assert "The schedule places breaks." in page.said()
    page.run()
    frame = store.load(store.latest("Tiny", "requirement").id).frame
    monday = frame["start"].dt.day_of_week == 0
    assert frame.loc[monday, "shrinkage"].round(9).unique().tolist() == [0.15]
    assert frame.loc[~monday, "shrinkage"].round(9).unique().tolist() == [0.05]


def test_a_component_that_cannot_be_is_refused_beside_the_table(open_page):
    page = open_page("requirement", "Tiny")
    page.type_rows("shrinkage", {"component": "sickness", "share": "120 %"})
    assert not page.app.exception
    assert "below 0.95" in page.app.error[0].value


def test_the_steps_of_an_interval_and_of_a_day_are_shown(open_page, store):
    page = open_page("requirement", "Tiny")
    assert "Why " in page.said()
    assert " agents?" in page.said()
    made = store.load(store.latest("Tiny", "requirement").id)
    top = made.frame.sort_values("scheduled", ascending=False).iloc[0]
    curve = service_curve(made, top["queue"], top["start"])
    shown = next(t.value for t in page.app.dataframe if "change" in t.value)
    assert shown["change"].tolist() == [-3, -2, -1, 0, 1, 2, 3]
    for measure in ("agents", "asa_s"):
        assert shown[measure].tolist() == pytest.approx(curve[measure].tolist()), measure
    for share in ("service_level", "abandoned", "occupancy"):
        assert shown[share].tolist() == pytest.approx(curve[share].tolist()), share
    page.app.segmented_control[-1].set_value("Day")
    page.run()
    assert not page.app.exception
    assert " agent hours?" in page.said()


def test_the_price_of_surety_is_worked_out_on_request(open_page):
    page = open_page("requirement", "Tiny")
    page.app.toggle[0].set_value(True)
    page.run()
    assert not page.app.exception
    assert not page.app.error


def test_people_to_fit_replace_the_tables(open_page, store):
    page = open_page("people", "Tiny")
    page.press("Make them")
    assert not page.app.exception
    assert not page.app.error
    agents = tables.agents_from(store.table("Tiny", "agents"))
    assert {a.contract for a in agents} <= set(store.table("Tiny", "contracts")["contract"])
    assert all("calls" in a.skills for a in agents)
    assert {skill for a in agents for skill in a.skills} == {"calls", "survey"}


def test_a_contract_nobody_can_fulfil_is_told_at_once(open_page, store):
    page = open_page("people", "Tiny")
    page.type_rows("contracts", edited={0: {"paid_min": 300.0}})
    assert not page.app.exception
    assert "leave 240" in page.app.error[0].value
    assert store.table("Tiny", "contracts")["paid_min"].tolist() == [300.0]


def test_an_unknown_contract_is_told_with_the_known_ones(open_page):
    page = open_page("people", "Tiny")
    row = {"agent": "b1", "contract": "nights", "skills": "calls"}
    page.type_rows("agents", row)
    assert "'nights'" in page.app.error[0].value
    assert "half" in page.app.error[0].value


def test_typed_rows_are_there_after_a_reload(open_page, store):
    page = open_page("people", "Tiny")
    page.type_rows("agents", {"agent": "b1", "contract": "half", "skills": "calls"})
    page.type_rows(
        "agents",
        {"agent": "b1", "contract": "half", "skills": "calls"},
        {"agent": "b2", "contract": "half", "skills": "calls"},
    )
    assert store.table("Tiny", "agents")["agent"].tolist()[-2:] == ["b1", "b2"]
    assert open_page("people", "Tiny").figures()["Agents"] == "10"


def test_a_filled_in_template_is_taken_in(store, open_page, monkeypatch):
    from wfm.ui import state
    from wfm.ui.pages import people_workbook

    project = store.project("Empty").id
    monkeypatch.setattr(state, "project_id", lambda: project)
    people_workbook.take_in("people.xlsx", io.template_bytes())
    assert len(store.table("Empty", "agents")) > 0
    page = open_page("people", "Empty")
    assert not page.app.exception
    assert int(page.figures()["Agents"]) == len(store.table("Empty", "agents"))


def test_a_workbook_without_the_sheets_changes_nothing(store, monkeypatch):
    from wfm.ui import state
    from wfm.ui.pages import people_workbook

    project = store.project("Empty").id
    monkeypatch.setattr(state, "project_id", lambda: project)
    with pytest.raises(DataError, match="no sheet is called"):
        people_workbook.take_in("people.xlsx", b"a,b\n1,2\n")
    assert store.tables("Empty") == []


def test_what_somebody_else_saved_meanwhile_is_not_overwritten(open_page, store):
    page = open_page("people", "Tiny")
    agents = store.table("Tiny", "agents")
    store.save_table("Tiny", "agents", agents.iloc[:3])
    page.type_rows("agents", {"agent": "b1", "contract": "half", "skills": "calls"})
    assert not page.app.exception
    assert "This table was changed meanwhile by" in page.said()
    assert {"Keep mine", "Take theirs"} <= {button.label for button in page.app.button}
    assert len(store.table("Tiny", "agents")) == 3


def test_the_seats_of_a_site_are_typed_beside_the_people_of_the_site(open_page, store):
    page = open_page("people", "Tiny")
    page.type_rows("agents", edited={0: {"site": "Baku"}, 1: {"site": "Izmir"}})
    assert page.figures()["Sites"] == "2"
    page.type_rows("limits", {"limit": "Seats in Baku", "most": 1, "site": "Baku"})
    assert not page.app.exception
    assert not page.app.error
    assert tables.limits_from(store.table("Tiny", "limits"))[0].site == "Baku"
    page.type_rows("limits", {"limit": "Seats in Baku", "most": 1, "site": "Bakoo"})
    assert "No agent is counted by Seats in Baku" in page.said()


def test_a_limit_that_cannot_be_is_refused_beside_its_table(open_page):
    page = open_page("people", "Tiny")
    page.type_rows("limits", {"limit": "Seats", "least": 3, "most": 1})
    assert not page.app.exception
    assert "Write the fewest first" in page.app.error[0].value


def test_what_is_wrong_with_agents_stands_beside_agents_alone(open_page, store):
    store.save_table("Tiny", "absences", pd.DataFrame({"agent": ["a1"], "from": ["2026-03-02"]}))
    page = open_page("people", "Tiny")
    page.type_rows("agents", {"agent": "z1", "contract": "half", "skills": "calls", "hours": "???"})
    (error,) = page.app.error
    assert error.value.startswith("*Agents*, row 9, column *Available*: ")
    assert "Checked once the table Agents is in order." in page.said()


def test_a_million_agents_at_least_are_not_taken(open_page, store):
    page = open_page("requirement", "Tiny")
    page.field("number_input", "Minimum agents").set_value(1_000_000)
    page.run()
    assert not page.app.exception
    assert store.settings("Tiny")["staff"]["min_agents"] == 0
    with pytest.raises(DataError, match="at most 10000"):
        settings_from({"staff": {"min_agents": 1_000_000}})


def test_a_contract_gets_further_kinds_of_shift(open_page, store):
    page = open_page("people", "Tiny")
    page.type_rows("shifts", {"contract": "half", "shift": "short", "shift_min": 120})
    assert not page.app.exception
    assert not page.app.error
    contracts = tables.contracts_from(
        store.table("Tiny", "contracts"), store.table("Tiny", "shifts")
    )
    kinds = {c.contract: [k.shift for k in c.shifts] for c in contracts}
    assert kinds["half"] == ["half", "short"]
    page.type_rows("shifts", {"contract": "nobody", "shift": "long", "shift_min": 600})
    assert "'nobody' is none of the contracts" in page.app.error[0].value


def test_paid_hours_that_no_days_can_meet_are_typed_and_told(open_page, store):
    contracts = store.table("Tiny", "contracts")
    page = open_page("people", "Tiny")
    page.type_rows("contracts", edited={0: {"max_hours_week": 40}})
    assert not page.app.error
    typed = tables.contracts_from(store.table("Tiny", "contracts"))
    assert typed[0].max_hours_week == 40
    assert len(typed) == len(contracts)
    page.type_rows("contracts", edited={0: {"min_hours_week": 50, "max_hours_week": 40}})
    assert "50 to 40 paid hours a week is impossible" in page.app.error[0].value
