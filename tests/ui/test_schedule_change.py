"""A planner changes, swaps, repairs, locks and explains a schedule in the app."""

from __future__ import annotations

import time

import pytest

from wfm.planning.changes import shift_days
from wfm.planning.project_people import typed_tables


def control(page, label):
    return next(c for c in page.app.segmented_control if c.label == label)


def doing(page, what):
    control(page, "What to do").set_value(what)
    return page.run()


def newest(store):
    return store.load(store.latest("Tiny", "schedule").id)


@pytest.fixture
def built(store):
    """The tiny schedule saved as a worker saves it, with what it read."""
    read = {name: t.attrs["revision"] for name, t in typed_tables(store, "Tiny").items()}
    made_with = {**store.settings("Tiny")["schedule"], "tables": read}
    parents = store.latest("Tiny", "schedule").parents
    store.save("Tiny", "schedule", newest(store), settings=made_with, parents=parents)
    return store


def test_a_schedule_says_whether_people_or_rules_changed_since(open_page, built):
    def said():
        return open_page("schedule", "Tiny").said()

    def out_of_date():
        return open_page("start", "Tiny").said().count("out of date")

    people = built.table("Tiny", "agents")
    assert "was made before" not in said()
    others = out_of_date()
    built.save_table("Tiny", "agents", people.assign(team="night"))
    assert "This schedule was made before the people, contracts, queues or campaigns" in said()
    assert out_of_date() == others + 1
    built.save_table("Tiny", "agents", people)
    assert "was made before" not in said()
    settings = built.settings("Tiny")
    settings["schedule"] |= {"seconds": 20.0, "rest_min": 600}
    built.save_settings("Tiny", settings)
    assert "This schedule was made before the rules or costs changed" in said()
    settings["schedule"]["rest_min"] = 660
    built.save_settings("Tiny", settings)
    assert "was made before" not in said()


def test_an_edit_shows_its_effect_and_is_kept_as_a_new_version(open_page, store):
    before = newest(store)
    page = open_page("schedule", "Tiny", tab="Change")
    agent, day, *_ = shift_days(before).iloc[0]
    page.field("selectbox", "Change").set_value("off")
    page.field("selectbox", "Agent").set_value(agent)
    page.app.selectbox(key=f"hand.day.{store.project('Tiny').id}").set_value(day)
    page.press("Show the effect")
    assert not page.app.exception
    assert f"{agent}, {day:%a %d %b}: day off" in page.said()
    page.press("Keep")
    after = newest(store)
    assert after.hours == pytest.approx(before.hours - 4)
    assert (agent, day) not in {(a, d) for a, d in shift_days(after)[["agent", "day"]].to_numpy()}
    assert "day off" in store.latest("Tiny", "schedule").note


def test_swap_partners_are_listed_with_the_rule_that_forbids(open_page):
    page = doing(open_page("schedule", "Tiny", tab="Change"), "Swap partners")
    page.press("List the partners")
    assert not page.app.exception
    assert "may swap by every rule" in page.said()


def test_a_sick_call_is_repaired_and_the_absence_entered(open_page, built):
    store, before = built, newest(built)
    page = doing(open_page("schedule", "Tiny", tab="Change"), "Sick call")
    number = store.project("Tiny").id
    agent, day, *_ = shift_days(before).iloc[0]
    page.app.selectbox(key=f"sick.agent.{number}").set_value(agent)
    page.app.selectbox(key=f"sick.day.{number}").set_value(day)
    page.press("Repair")
    assert not page.app.exception
    page.press("Keep and enter the absence")
    assert store.table("Tiny", "absences")["agent"].tolist() == [agent]
    table = shift_days(newest(store))
    assert not ((table["agent"] == agent) & (table["day"] == day)).any()
    assert "was made before" not in open_page("schedule", "Tiny").said()


def test_locked_days_stay_when_the_schedule_is_planned_again(open_page, store):
    before = newest(store)
    page = doing(open_page("schedule", "Tiny", tab="Change"), "Locks and planning again")
    page.field("multiselect", "Lock agents").set_value(["a1", "a2"])
    page.press("Lock as planned")
    assert len(store.table("Tiny", "locks")) == 2 * before.days
    doing(page, "Locks and planning again").press("Plan again")
    until = time.monotonic() + 40
    while not store.jobs("Tiny", kind="replan")[0].ended:
        assert time.monotonic() < until
        time.sleep(0.1)
    job = store.jobs("Tiny", kind="replan")[0]
    assert job.status == "done", job.message
    after = newest(store)
    for agent in ("a1", "a2"):
        mine, now = shift_days(before), shift_days(after)
        assert (
            mine.loc[mine["agent"] == agent, "start"].tolist()
            == now.loc[now["agent"] == agent, "start"].tolist()
        )
    assert "planned again" in store.latest("Tiny", "schedule").note


def test_a_meeting_is_typed_and_placed_in_the_schedule(open_page, store):
    before = newest(store)
    both = shift_days(before).groupby("day")["agent"].agg(list)
    day = next(d for d, who in both.items() if {"a1", "a2"} <= set(who))
    page = doing(open_page("schedule", "Tiny", tab="Change"), "Meetings")
    row = {"meeting": "team", "agents": "a1|a2", "minutes": 30, "from": str(day), "to": str(day)}
    page.type_rows("meetings", row)
    doing(page, "Meetings").press("Place in this schedule")
    assert not page.app.exception
    frame = newest(store).frame
    held = frame[frame["activity"] == "meeting"]
    assert held["agent"].tolist() == ["a1", "a2"]
    assert held["start"].nunique() == 1


def test_the_schedule_is_explained_on_its_page(open_page):
    page = open_page("schedule", "Tiny", tab="Why")
    page.press("Explain this schedule")
    assert not page.app.exception
    assert "What one more agent would save" in page.said()
    page.press("Price rules and locks")
    assert not page.app.exception
    prices = next(t.value for t in page.app.dataframe if {"saves", "without"} <= set(t.value))
    assert {"Rest between shifts, at least", "A shift starts at"} <= set(prices["rule"])
    assert not any("_" in name for name in prices["rule"])
    assert "not worked out within a minute" not in page.said()


def test_prices_that_were_not_reached_in_time_are_said(open_page, monkeypatch):
    monkeypatch.setattr("wfm.scheduling.finished.prices.relax", lambda *a, **k: None)
    page = open_page("schedule", "Tiny", tab="Why")
    page.press("Price rules and locks")
    assert not page.app.exception
    assert "not worked out within a minute" in page.said()


def test_a_limit_typed_on_the_page_shapes_the_next_schedule(open_page, store):
    page = open_page("schedule", "Tiny")
    page.type_rows("limits", {"limit": "seats", "most": 5, "team": "Team 1"})
    page.press("Build schedule")
    until = time.monotonic() + 40
    while not store.jobs("Tiny", kind="schedule")[0].ended:
        assert time.monotonic() < until
        time.sleep(0.1)
    assert store.jobs("Tiny", kind="schedule")[0].status == "done"
    assert "limits" in newest(store).terms
