"""Schedule and Outbound: the solve in a worker, and what is handed out."""

import io
import time
import zipfile

import pandas as pd
import pytest

from wfm.planning.bundle import project_zip
from wfm.planning.plan import run_plan


def wait(store, project: str, seconds: float = 60.0):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        job = store.jobs(project, kind="schedule")[0]
        if job.ended:
            return job
        time.sleep(0.1)
    pytest.fail("the job did not end")


def test_the_schedule_shows_how_good_it_is(open_page, store):
    page = open_page("schedule", "Tiny")
    shown = page.figures()
    assert {"Status", "Gap", "Gap above least labour", "Covered", "Paid hours"} <= set(shown)
    assert shown["Status"] in ("Legal", "Proven best")
    placed = store.load(store.latest("Tiny", "schedule").id).outbound["placed_h"].sum()
    assert placed >= 4
    assert shown["Outbound"] == f"{placed:,.0f} of 4 h"


def test_a_solve_runs_in_a_worker_and_its_result_is_shown(open_page, store):
    page = open_page("schedule", "Tiny")
    page.press("Build schedule")
    assert not page.app.exception
    assert page.field("button", "Build schedule").disabled
    job = wait(store, "Tiny")
    assert job.status == "done", job.message
    assert store.latest("Tiny", "schedule").id == job.version_id
    again = open_page("schedule", "Tiny")
    assert not again.field("button", "Build schedule").disabled
    assert again.figures()["Status"] in ("Legal", "Proven best")


def test_cancel_keeps_the_best_so_far(open_page, store):
    settings = store.settings("Tiny")
    settings["schedule"]["seconds"] = 600.0
    store.save_settings("Tiny", settings)
    page = open_page("schedule", "Tiny")
    page.press("Build schedule")
    job = store.jobs("Tiny", kind="schedule")[0]
    until = time.monotonic() + 30
    while store.job(job.id).progress.get("objective") is None and not store.job(job.id).ended:
        assert time.monotonic() < until
        time.sleep(0.1)
    page.run()
    if any(button.label == "Cancel" for button in page.app.button):
        page.press("Cancel")
    ended = wait(store, "Tiny")
    assert ended.version_id is not None
    assert ended.status in ("cancelled", "done")
    if ended.status == "cancelled":
        assert "best so far" in open_page("schedule", "Tiny").said()


def test_agents_without_a_known_contract_are_refused_before_the_worker_starts(open_page, store):
    agents = store.table("Tiny", "agents")
    agents.loc[0, "contract"] = "nights"
    store.save_table("Tiny", "agents", agents)
    page = open_page("schedule", "Tiny")
    page.press("Build schedule")
    assert "'nights'" in page.app.error[0].value
    assert store.jobs("Tiny", kind="schedule") == []


def test_a_new_requirement_marks_the_schedule_as_old(open_page):
    assert "Run it again" not in open_page("schedule", "Tiny").said()
    page = open_page("requirement", "Tiny")
    page.field("number_input", "Shrinkage %").set_value(25.0)
    page.run()
    assert "the requirement changed" in open_page("schedule", "Tiny").said()


def test_a_saved_schedule_is_shown_when_no_new_one_can_be_built(open_page, store):
    away = pd.DataFrame({"component": ["sickness"], "share": ["120 %"]})
    revision = store.save_table("Tiny", "shrinkage", away)
    page = open_page("schedule", "Tiny")
    assert not page.app.exception
    assert "below 0.95" in page.app.error[0].value
    assert "Paid hours" in page.figures()
    assert not {"Build schedule"} & {button.label for button in page.app.button}
    store.save_table("Tiny", "shrinkage", away.iloc[:0], seen=revision)
    store.save_table("Tiny", "agents", store.table("Tiny", "agents").iloc[:0])
    page = open_page("schedule", "Tiny")
    assert "Nobody to schedule yet." in page.said()
    assert "Paid hours" in page.figures()


def test_days_that_nobody_is_required_on_are_said_before_they_are_planned(open_page, store):
    assert "The requirement has no row on 1 of these days, first on Sun 15 Mar 2026" in (
        open_page("schedule", "Tiny").said()
    )
    settings = store.settings("Tiny")
    settings["schedule"]["days"] = 6
    store.save_settings("Tiny", settings)
    assert "has no row" not in open_page("schedule", "Tiny").said()


def test_outbound_shows_hours_wanted_and_placed(open_page, store):
    shown = open_page("outbound", "Tiny").figures()
    assert shown["Wanted"] == "4 h"
    placed = store.load(store.latest("Tiny", "schedule").id).outbound["placed_h"].sum()
    assert shown["Placed"] == f"{placed:,.0f} h"
    assert shown["Still spare"].endswith(" agents")


def test_a_campaign_without_people_is_told(open_page):
    page = open_page("outbound", "Tiny")
    row = {"campaign": "debt", "skill": "collections", "hours": "10:00-12:00", "target_h": 3.0}
    page.type_rows("campaigns", row)
    assert "No agent has the skill collections" in page.said()


def test_a_wrong_campaign_is_refused_with_its_row(open_page):
    page = open_page("outbound", "Tiny")
    row = {"campaign": "debt", "skill": "survey", "hours": "soon", "target_h": 3.0}
    page.type_rows("campaigns", row)
    assert not page.app.exception
    assert "soon" in page.app.error[0].value


def test_promised_callbacks_are_staffed_and_a_closed_time_is_refused(open_page, store):
    page = open_page("outbound", "Tiny")
    row = {"queue": "calls", "day": "2026-03-10", "time": "10:10", "minutes": 25.0}
    page.type_rows("callbacks", row)
    assert not page.app.error
    frame = store.load(store.latest("Tiny", "requirement").id).frame
    own = frame[frame["queue"] == "calls callbacks"]
    assert own["agents"].sum() == 1
    assert f"{own.loc[own['agents'].idxmax(), 'start']:%a %H:%M}" == "Tue 10:00"
    page.type_rows("callbacks", {**row, "time": "20:00"})
    assert "is closed at Tue 10 Mar 20:00" in page.app.error[0].value


def test_a_queue_of_mail_waits_for_quiet_periods_to_the_end(open_page, store):
    row = {"queue": "calls", "channel": "email", "skill": "calls", "due_h": 30.0, "worked": "quiet"}
    page = open_page("people", "Tiny")
    page.type_rows("queues", row)
    assert not page.app.exception
    shown = open_page("requirement", "Tiny")
    assert "hours of work wait for quiet periods" in shown.said()
    assert shown.figures()["Service level"] == "-"
    page = open_page("schedule", "Tiny")
    page.press("Build schedule")
    assert wait(store, "Tiny").status == "done"
    made = store.load(store.latest("Tiny", "schedule").id).outbound
    mail = made[made["campaign"].str.startswith("calls 2026-03-")]
    assert mail["placed_h"].sum() > 0.8 * mail["target_h"].sum() > 0
    shown = [table.value for table in open_page("outbound", "Tiny").app.dataframe]
    assert any("calls, 10 Mar" in table.to_string() for table in shown)


def test_the_plan_folder_makes_the_same_plan(store, tmp_path):
    data = zipfile.ZipFile(io.BytesIO(project_zip(store, "Tiny")))
    data.extractall(tmp_path)
    plan = run_plan(tmp_path / "tiny" / "plan.toml")
    forecast = store.load(store.latest("Tiny", "forecast").id)
    requirement = store.load(store.latest("Tiny", "requirement").id)
    pd.testing.assert_frame_equal(plan.forecast.frame, forecast.frame)
    pd.testing.assert_frame_equal(plan.requirement.frame, requirement.frame)
    assert plan.schedule.status in ("optimal", "feasible")


def test_the_hours_of_a_list_are_worked_out(open_page):
    page = open_page("outbound", "Tiny")
    before = page.figures()["Agent hours"]
    page.field("number_input", "Records on the list").set_value(2000)
    page.run()
    assert not page.app.exception
    after = page.figures()["Agent hours"]
    assert float(after) == pytest.approx(2 * float(before), abs=0.1)


def test_a_preset_sets_every_price_and_the_schedule_is_searched_by_them(open_page, store):
    page = open_page("schedule", "Tiny")
    page.press("Wishes first")
    assert not page.app.exception
    assert store.settings("Tiny")["schedule"]["wish_cost"] == 20.0
    page.field("number_input", "Missing agent").set_value(50.0)
    page.run()
    page.press("Balanced")
    section = store.settings("Tiny")["schedule"]
    assert (section["wish_cost"], section["missing_cost"]) == (4.0, 10.0)


def test_a_schedule_is_published_where_it_is_made(open_page, store):
    page = open_page("schedule", "Tiny")
    assert "nobody has been told" in page.said()
    page.press("Publish the newest version")
    assert not page.app.exception
    assert store.latest("Tiny", "schedule").state == "published"
    assert "people have been told" in page.said()
