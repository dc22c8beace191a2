"""Predicted service: every interval of a schedule is found in its requirement, on any day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

import wfm
from wfm.core.errors import DataError
from wfm.core.intervals import day_grid
from wfm.core.types import Requirement, Schedule
from wfm.io.write.summary_sheet import day_table, key_figures, service_table
from wfm.io.write.workbook import with_service
from wfm.planning.service import erlang_table

HEADS = 6
BLOCK = {"agent": ["ada"], "activity": ["inbound"], "queue": ["calls"]}


def required(time_zone: str, first: date, minutes: int) -> Requirement:
    grid = day_grid(first, 1, timedelta(minutes=minutes), time_zone)
    frame = pd.DataFrame({"start": grid, "queue": "calls", "volume": 10.0, "aht_s": 300.0})
    frame["volume_q10"], frame["volume_q90"] = 6.0, 14.0
    forecast = wfm.Forecast(frame=frame, interval=timedelta(minutes=minutes))
    return wfm.staff(forecast, wfm.ServiceTarget(0.80, within_s=20), shrinkage=0.0)


def rostered(time_zone: str, first: date) -> Schedule:
    grid = day_grid(first, 1, timedelta(minutes=15), time_zone)
    heads = np.full(len(grid), HEADS)
    heads[::2] -= 1
    coverage = pd.DataFrame({"start": grid, "queue": "calls", "scheduled": heads})
    return Schedule(
        frame=pd.DataFrame(BLOCK).assign(start=grid[:1], end=grid[1:2]),
        interval=timedelta(minutes=15),
        first_day=first,
        days=1,
        status="feasible",
        stopped_by="time",
        objective=0.0,
        bound=0.0,
        min_labour=0.0,
        terms={},
        coverage=coverage,
        outbound=pd.DataFrame(),
        totals=pd.DataFrame(),
        seconds=1.0,
        seed=0,
    )


@pytest.mark.parametrize(
    ("time_zone", "day", "minutes"),
    [
        ("Europe/Berlin", date(2026, 10, 25), 30),
        ("Europe/Berlin", date(2026, 10, 25), 60),
        ("Europe/Berlin", date(2026, 3, 29), 60),
        ("Asia/Kolkata", date(2026, 3, 29), 60),
        ("Asia/Kathmandu", date(2026, 3, 29), 30),
    ],
)
def test_every_interval_is_predicted_also_when_the_clock_changes(
    time_zone: str, day: date, minutes: int
) -> None:
    requirement = required(time_zone, day, minutes)
    service = wfm.predict_service(rostered(time_zone, day), requirement)
    assert service["start"].tolist() == requirement.frame["start"].tolist()
    assert (service["heads"] == HEADS - 0.5).all()


def test_mail_that_waits_when_the_schedule_begins_is_not_forgotten() -> None:
    """A letter of the day before is due on the day that is rostered."""
    grid = day_grid(date(2026, 3, 2), 2, timedelta(minutes=30), "UTC")
    frame = pd.DataFrame({"start": grid, "queue": "calls", "volume": 0.0, "aht_s": 600.0})
    frame["volume_q10"] = frame["volume_q90"] = 0.0
    frame.loc[44:47, "volume"] = 30.0  # 20 h of work from 22:00 on, due within 10 h: two heads
    mail = [wfm.Queue("calls", "calls", "email", due_h=10.0)]
    need = wfm.staff(
        wfm.Forecast(frame, timedelta(minutes=30)), wfm.ServiceTarget(0.8),
        shrinkage=0.0, queues=mail,
    )  # fmt: skip
    assert need.frame["agents"].unique().tolist() == [2]
    plan = rostered("UTC", date(2026, 3, 3))
    few = replace(plan, coverage=plan.coverage.assign(scheduled=1))
    enough = replace(plan, coverage=plan.coverage.assign(scheduled=2))
    assert (wfm.predict_service(enough, need)["service_level"] == 1.0).all()
    late = wfm.predict_service(few, need)
    assert len(late) == 48
    assert (late["service_level"] < 0.7).all()
    assert late["overloaded"].sum() == 0  # nothing comes in on that day


def calls_and_mail() -> tuple[Schedule, Requirement]:
    grid = day_grid(date(2026, 3, 2), 1, timedelta(minutes=30), "UTC")
    frame = pd.concat(
        pd.DataFrame({"start": grid, "queue": queue, "volume": volume, "aht_s": 300.0})
        for queue, volume in (("calls", 10.0), ("mail", 40.0))
    )
    frame["volume_q10"] = frame["volume_q90"] = frame["volume"]
    need = wfm.staff(
        wfm.Forecast(frame.reset_index(drop=True), timedelta(minutes=30)),
        wfm.ServiceTarget(0.8), shrinkage=0.0, queues=[wfm.Queue("mail", "mail", "email", due_h=9)],
    )  # fmt: skip
    plan = rostered("UTC", date(2026, 3, 2))
    cover = plan.coverage.assign(scheduled=2, required=2, under=0, over=0)
    both = pd.concat([cover, cover.assign(queue="mail", scheduled=9)], ignore_index=True)
    outbound = pd.DataFrame({"target_h": [], "placed_h": []})
    totals = pd.DataFrame({"agent": ["ada"], "paid_h": [0.25], "cost": [5.0], "days": [1]})
    return replace(plan, coverage=both, outbound=outbound, totals=totals), need


def test_mail_answered_when_due_is_no_part_of_the_level_of_callers() -> None:
    plan, need = calls_and_mail()
    service = wfm.predict_service(plan, need)
    callers = service[service["queue"] == "calls"]
    level = np.average(callers["service_level"], weights=callers["volume"])
    assert level < 0.7 < service.loc[service["queue"] == "mail", "service_level"].min()
    coverage = with_service(plan.coverage, service, need)
    figures = key_figures(plan, coverage, None)
    assert figures["Service level, predicted"][0] == pytest.approx(level)
    table = wfm.compare(plan, plan, needs=(need, need)).set_index("measure")
    assert table.loc["Service level", "first"] == pytest.approx(level)
    days = day_table(plan, coverage)
    assert days["service_level"].tolist() == pytest.approx([level])


def test_mail_alone_and_each_queue_have_their_own_level() -> None:
    plan, need = calls_and_mail()
    service = wfm.predict_service(plan, need)
    by_queue = service_table(with_service(plan.coverage, service, need), "queue")
    mail = service[service["queue"] == "mail"]
    level = np.average(mail["service_level"], weights=mail["volume"])
    assert by_queue.set_index("queue").loc["mail", "service_level"] == pytest.approx(level)
    only = replace(plan, coverage=plan.coverage[plan.coverage["queue"] == "mail"])
    figures = key_figures(only, with_service(only.coverage, mail, need), None)
    assert figures["Service level, predicted"][0] == pytest.approx(level)


@pytest.mark.parametrize(
    ("model", "rest", "least"),
    [
        ("erlang_c", {}, 14),
        ("erlang_a", {}, 12),
        ("erlang_x", {"redial": 0.5}, 13),
        ("mmnk", {"lines": 20}, 14),
        ("erlang_a_k", {"lines": 20}, 12),
    ],
)
def test_every_queueing_model_has_a_table_around_its_least_agents(model, rest, least) -> None:
    table = erlang_table(10.0, wfm.ServiceTarget(0.8), model=model, **rest)
    kept = table["service_level"] >= 0.8
    assert table.loc[kept, "agents"].min() == least
    assert table.loc[table["needed"] == "least", "agents"].tolist() == [least]
    assert table["service_level"].is_monotonic_increasing
    assert ("p_block" in table) == ("lines" in rest)


def test_a_table_needs_what_its_model_needs() -> None:
    with pytest.raises(DataError, match="mmnk: lines missing"):
        erlang_table(10.0, wfm.ServiceTarget(0.8), model="mmnk")
