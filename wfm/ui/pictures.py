"""Every chart of the open project as pictures, drawn here without a browser or any other host."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from xml.sax.saxutils import escape

import altair as alt
import pandas as pd

from wfm.core.columns import STEPS
from wfm.core.types import Forecast, History, Requirement, Schedule
from wfm.planning.band import band_of
from wfm.planning.compare import compare_days
from wfm.planning.fairer import price_of_fairness
from wfm.planning.steps import explain_forecast, explain_schedule
from wfm.planning.why import service_curve
from wfm.ui import project, state
from wfm.ui.charts_told import chart_told
from wfm.ui.pages import compare, forecast, forecast_accuracy, forecast_why
from wfm.ui.palette import Chart
from wfm.ui.parts import (
    charts_compare,
    charts_demand,
    charts_price,
    charts_roster,
    charts_staff,
    charts_why,
)
from wfm.ui.said import language, say

WIDTH = 900
SHARP = 2.0
"""Dots of a PNG for each point of the chart."""
MOST_ROWS = 60
FAIR_S = 2.0
"""Search for each point of the price of fairness [s]."""
Titled = tuple[str, Chart] | tuple[str, Chart, str]


def charts() -> Iterator[Titled]:
    """Title, chart and often a sentence, in the order of the pages; without what is not made."""
    history: History | None = state.value("history")
    if history is not None:
        yield from _history(history)
    made, version = project.edited_forecast()
    if made is not None and version is not None:
        for queue in made.queues:
            drawn, *_ = forecast.days_chart(made, version, history, [queue])
            yield say("Contacts a day") + f" {queue}", drawn
            yield _busiest_day(made, queue)
        yield from _why(made)
    board = state.value("board")
    if board is not None and len(board):
        chart, told = forecast_accuracy.board_chart(forecast_accuracy.parted(board)[0])
        yield say(forecast_accuracy.TITLE), chart, told
    needed = project.requirement()
    if needed is not None:
        for queue in needed.queues:
            yield from _requirement(needed, queue)
    schedule, _, covered = project.schedule()
    if schedule is not None:
        yield from _schedule(schedule)
        if covered is not None and not schedule.violations:
            yield from _prices(schedule, covered)
    yield from _compared()


def pictures() -> bytes:
    """All charts as one zip: a PNG and an SVG of each, numbered in the order of the pages."""
    import vl_convert

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as pack:
        for number, (title, chart, *told) in enumerate(charts(), start=1):
            spec = _spec(title, chart)
            words = re.sub(r"\W+", "-", title).strip("-").lower()
            name = f"{number:02d}-{words}"
            svg = _told(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]), title, *told)
            pack.writestr(zipfile.ZipInfo(f"{name}.svg"), svg, zipfile.ZIP_DEFLATED)
            png = vl_convert.vegalite_to_png(spec, scale=SHARP, allowed_base_urls=[])
            pack.writestr(zipfile.ZipInfo(f"{name}.png"), png)
    return buffer.getvalue()


def _told(svg: str, title: str, text: str = "") -> str:
    """An SVG with its title and its sentence for those who do not see it."""
    words = f"<title>{escape(title)}</title>"
    words += f"<desc>{escape(say(text))}</desc>" if text else ""
    return svg.replace(">", f">{words}", 1)


def _spec(title: str, chart: Chart) -> dict[str, Any]:
    """A chart on white paper with its title, in the session's language."""
    shown = chart.properties(width=WIDTH, title=title, background="white", padding=12)
    lang = language()
    with alt.data_transformers.enable("default", max_rows=None):
        spec: dict[str, Any] = (shown if lang == "en" else chart_told(shown, lang)).to_dict()
    return spec


def _history(history: History) -> Iterator[Titled]:
    yield say("Contacts that came"), charts_demand.history_days(history.frame)
    means = charts_demand.weekday_means(history.frame, history.interval)
    yield say("When contacts arrive"), charts_demand.weekday_heat(means)


def _busiest_day(made: Forecast, queue: str) -> Titled:
    """The queue's busiest day by interval."""
    share = state.settings().forecast.band
    frame = band_of(made, share)
    frame = frame[frame["queue"] == queue]
    day = frame["start"].dt.tz_localize(None).dt.normalize()
    busiest = frame["volume"].groupby(day).sum().idxmax()
    chart = charts_demand.forecast_intervals(frame[day == busiest], share)
    return say("One day by interval") + f" {queue} {busiest:%Y-%m-%d}", chart


def _why(made: Forecast) -> Iterator[Titled]:
    """What each queue's busiest day is made of, where the model tells it."""
    if made.parts is None:
        return
    table = explain_forecast(made)
    for queue, days in table.groupby("queue"):
        row = days.sort_values("volume").iloc[-1]
        chart, told = forecast_why.day_chart(row)
        yield say("Why") + f" {queue} {row['day']:%Y-%m-%d}", chart, told


def _prices(schedule: Schedule, covered: Requirement) -> Iterator[Titled]:
    """What one more agent would save in each interval, and what more fairness costs."""
    centre = project.centre(schedule)
    prices = explain_schedule(schedule, covered, **centre).prices
    if len(prices):
        text = charts_price.price_text(prices)
        yield say("What one more agent would save"), charts_price.price_heat(prices), text
    history = project.earlier(schedule)
    curve = price_of_fairness(schedule, covered, **centre, history=history, seconds=FAIR_S)
    text = charts_price.fairness_text(curve)
    yield say("What more fairness costs"), charts_price.fairness_curve(curve), text


def _requirement(needed: Requirement, queue: str) -> Iterator[Titled]:
    """The first week's agents, and why the busiest interval needs so many."""
    frame = needed.frame[needed.frame["queue"] == queue]
    week = frame[frame["start"] < frame["start"].min() + pd.Timedelta(weeks=1)]
    yield say("Agents") + f" {queue}", charts_staff.requirement_steps(week)
    if {f"step_{name}" for name in STEPS} <= set(frame.columns):
        row = week.loc[week["scheduled"].idxmax()]
        when = f"{queue} {row['start']:%Y-%m-%d %H:%M}"
        steps = {name: float(row[f"step_{name}"]) for name in STEPS}
        yield say("Why") + f" {when}", charts_why.waterfall(steps, "Agents")
        curve = service_curve(needed, queue, row["start"])
        yield say("More or fewer") + f" {when}", charts_why.around(curve)


def _schedule(schedule: Schedule) -> Iterator[Titled]:
    """Coverage, each day's plan by team, and the outbound work."""
    gaps = charts_staff.coverage_gaps(schedule.coverage)
    yield say("Over and short"), charts_staff.coverage_heat(gaps)
    yield say("Required and scheduled"), charts_staff.need_and_roster(schedule.coverage)
    labels = charts_roster.labels(schedule.totals)
    tasks = charts_roster.colours(schedule.frame)
    began = charts_roster.shift_days(schedule.frame)
    team_of = schedule.totals.drop_duplicates("agent").set_index("agent")["team"]
    many = len(schedule.totals) > MOST_ROWS
    teams = schedule.frame["agent"].map(team_of) if many else pd.Series("", schedule.frame.index)
    for i in range(schedule.days):
        day = pd.Timestamp(schedule.first_day + timedelta(days=i))
        for team in sorted(teams[began == day].unique()):
            blocks = schedule.frame[(began == day) & (teams == team)]
            title = say("Day plan") + f" {day:%Y-%m-%d} {team}".rstrip()
            yield title, charts_roster.gantt(blocks, labels, tasks, charts_roster.span(blocks))
    if (schedule.frame["activity"] == "outbound").any():
        yield say("Where outbound work sits in the day"), charts_roster.mean_day(schedule)


def _compared() -> Iterator[Titled]:
    """The newest version beside the one before, by kind."""
    for kind, (title, unit) in compare.ABOUT.items():
        versions = state.store().versions(state.project_id(), kind)
        if len(versions) > 1:
            two, one = state.content(versions[0]), state.content(versions[1])
            numbers = f"{versions[1].number} - {versions[0].number}"
            yield f"{say(title)} {numbers}", charts_compare.days(compare_days(one, two), unit)
