"""Charts of what arrives: history, accuracy and forecast. Each takes a frame, returns a chart."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Literal

import altair as alt
import pandas as pd

from wfm.core.calendars import WEEKDAYS
from wfm.core.weeks import weekdays_from
from wfm.ui import state
from wfm.ui.palette import ACCENT, ACTUAL, NEED, PALE, PAPER, Chart, local, quiet
from wfm.ui.parts.charts_time import clock_labels, with_ends

MOST_TICKS = 16
"""Named days below a chart of days at most."""
MEAN_WIDTH_PX = 900
"""How wide a chart of days is at most sizes of the window."""


def weekday_means(history: pd.DataFrame, interval: timedelta) -> pd.DataFrame:
    """Mean contacts of all queues by `weekday` and `time`; unknown intervals do not count."""
    sums = history.groupby("start")["offered"].sum(min_count=1).reset_index()
    frame = local(sums)
    table = pd.DataFrame(
        {
            "weekday": frame["start"].dt.day_of_week.map(dict(enumerate(WEEKDAYS))),
            "time": clock_labels(frame["start"]),
            "offered": frame["offered"],
        }
    )
    means = table.groupby(["weekday", "time"])["offered"].mean().reset_index()
    return means.assign(minutes=interval / timedelta(minutes=1))


def weekday_heat(means: pd.DataFrame, week_start: str | None = None) -> Chart:
    """Heat map of mean contacts, weekday by time of day.

    Parameters
    ----------
    means
        As `weekday_means` gives them.
    week_start
        Weekday of the first row; None takes that of the open project.
    """
    order = weekdays_from(state.week_start() if week_start is None else week_start)
    chart = (
        alt.Chart(means)
        .mark_rect(stroke=PAPER, strokeWidth=0.4)
        .encode(
            x=alt.X("time:O", title=None, axis=_hours()),
            y=alt.Y("weekday:O", title=None, sort=list(order)),
            color=alt.Color(
                "offered:Q",
                title="Contacts",
                scale=alt.Scale(scheme="tealblues"),
                legend=alt.Legend(orient="right", gradientLength=150),
            ),
            tooltip=[
                alt.Tooltip("weekday:O", title="Weekday"),
                alt.Tooltip("time:O", title="Time"),
                alt.Tooltip("offered:Q", title="Mean contacts", format=",.1f"),
            ],
        )
    )
    return quiet(chart, height=220)


def _hours() -> alt.Axis:
    """An axis of HH:MM texts that labels full hours only."""
    return alt.Axis(
        labelExpr="substring(datum.value, 3, 5) == '00' ? datum.value : ''",
        labelAngle=0,
        labelOverlap=True,
        ticks=False,
    )


def day_totals(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """`day` and the total of a column; a day without any known value is left out."""
    naive = local(frame)
    day = naive["start"].dt.normalize().rename("day")
    return naive.groupby(day)[column].sum(min_count=1).dropna().reset_index()


def history_days(history: pd.DataFrame, marks: pd.DataFrame | None = None) -> Chart:
    """Contacts a day over the whole history, with the mean of four weeks and marked days.

    Parameters
    ----------
    history
        `start offered` of some queues.
    marks
        `day name` of holidays and events.
    """
    totals = day_totals(history, "offered")
    totals["smooth"] = totals["offered"].rolling(28, min_periods=7, center=True).mean()
    months = (totals["day"].max() - totals["day"].min()).days / 30 if len(totals) else 0.0
    unit: Literal["month", "week"] = "month" if months > 3 else "week"
    length = months / 12 if months > 3 else 1.0
    ticks = alt.TimeIntervalStep(interval=unit, step=max(1, math.ceil(length)))
    axis = alt.Axis(format="%b %Y" if unit == "month" else "%d %b %Y", tickCount=ticks)
    base = alt.Chart(totals).encode(x=alt.X("day:T", title=None, axis=axis))
    width = min(12.0, max(1.5, MEAN_WIDTH_PX / max(len(totals), 1)))
    days = base.mark_bar(color=ACTUAL, opacity=0.7, size=width).encode(
        y=alt.Y("offered:Q", title="Contacts a day"),
        tooltip=[
            alt.Tooltip("day:T", title="Day", format="%a %d %b %Y"),
            alt.Tooltip("offered:Q", title="Contacts", format=",.0f"),
        ],
    )
    smooth = base.mark_line(color=ACCENT, strokeWidth=2.5).encode(y=alt.Y("smooth:Q"))
    layers = [days, smooth]
    if marks is not None and len(marks):
        layers.insert(0, _marked(marks, alt.X("day:T", title=None, axis=axis)))
    return quiet(alt.layer(*layers), height=220)


def _marked(marks: pd.DataFrame, x: alt.X) -> alt.Chart:
    """A dotted line at each holiday and event."""
    rules = alt.Chart(marks).mark_rule(color=NEED, strokeDash=[3, 3], opacity=0.8)
    tips = [alt.Tooltip("name:N"), alt.Tooltip("day:T", format="%a %d %b %Y")]
    drawn: alt.Chart = rules.encode(x=x, tooltip=tips)
    return drawn


def forecast_days(
    actual: pd.DataFrame,
    expected: pd.DataFrame,
    marks: pd.DataFrame | None = None,
    share: float = 0.80,
) -> Chart:
    """Day totals: dots for what came, line and band for what is expected, marked days.

    Parameters
    ----------
    actual
        `day offered`.
    expected
        `day volume`, where there is a band `low high`, and after edits `model`.
    marks
        `day name` of holidays and events.
    share
        Of days that end inside the band.
    """
    shown = pd.concat([frame["day"] for frame in (actual, expected) if len(frame)])
    axis = alt.Axis(format="%d %b", values=_weeks(shown, expected["day"].min()))
    x = alt.X("day:T", title=None, axis=axis)
    layers: list[alt.Chart] = []
    if marks is not None and len(marks):
        layers.append(_marked(marks, x))
    if {"low", "high"} <= set(expected.columns):
        layers.append(
            alt.Chart(expected)
            .mark_area(color=ACCENT, opacity=0.25)
            .encode(x=x, y=alt.Y("low:Q", title="Contacts a day"), y2=alt.Y2("high:Q"))
        )
    if "model" in expected.columns:
        layers.append(
            alt.Chart(expected)
            .mark_line(color=ACTUAL, strokeDash=[5, 4])
            .encode(x=x, y=alt.Y("model:Q", title="Contacts a day"))
        )
    layers.append(
        alt.Chart(expected)
        .mark_line(color=ACCENT, strokeWidth=2.5, point={"color": ACCENT, "size": 18})
        .encode(
            x=x, y=alt.Y("volume:Q", title="Contacts a day"), tooltip=_day_tips(expected, share)
        )
    )
    if len(actual):
        layers.append(
            alt.Chart(actual)
            .mark_circle(color=ACTUAL, size=26, opacity=0.9)
            .encode(
                x=x,
                y=alt.Y("offered:Q", title="Contacts a day"),
                tooltip=[
                    alt.Tooltip("day:T", title="Day", format="%a %d %b %Y"),
                    alt.Tooltip("offered:Q", title="Came", format=",.0f"),
                ],
            )
        )
    return quiet(alt.layer(*layers), height=330)


def _weeks(days: pd.Series, first: pd.Timestamp) -> list[alt.DateTime]:
    """The days of some that lie whole weeks from the first of a forecast, so many as are read."""
    week = pd.Timedelta(days=7)
    every = week * math.ceil((days.max() - days.min()) / week / MOST_TICKS)
    marked = [day for day in sorted(set(days)) if not (day - first) % (every or week)]
    return [alt.DateTime(year=d.year, month=d.month, date=d.day) for d in marked]


def _day_tips(expected: pd.DataFrame, share: float) -> list[alt.Tooltip]:
    tips = [
        alt.Tooltip("day:T", title="Day", format="%a %d %b %Y"),
        alt.Tooltip("volume:Q", title="Expected", format=",.0f"),
    ]
    names = {"low": f"{share:.0%} band from", "high": "to", "model": "Before edits"}
    return tips + [
        alt.Tooltip(f"{column}:Q", title=title, format=",.0f")
        for column, title in names.items()
        if column in expected.columns
    ]


def forecast_intervals(frame: pd.DataFrame, share: float = 0.80) -> Chart:
    """One day by interval: expected contacts, stepwise, with the band of a single queue.

    Parameters
    ----------
    frame
        `start queue volume low high`.
    share
        Of intervals that end inside the band.
    """
    columns = ["volume", "low", "high"]
    sums = frame.groupby("start", as_index=False)[columns].sum(min_count=1)
    if frame["queue"].nunique() > 1:
        sums[columns[1:]] = float("nan")
    base = alt.Chart(with_ends(local(sums))).encode(
        x=alt.X("start:T", title=None, axis=alt.Axis(format="%H:%M"))
    )
    band = base.mark_area(color=ACCENT, opacity=0.25, interpolate="step-after").encode(
        y=alt.Y("low:Q", title="Contacts an interval"), y2=alt.Y2("high:Q")
    )
    line = base.mark_line(color=ACCENT, strokeWidth=2.5, interpolate="step-after").encode(
        y=alt.Y("volume:Q", title="Contacts an interval"),
        tooltip=[
            alt.Tooltip("start:T", title="Interval", format="%a %d %b %H:%M"),
            alt.Tooltip("volume:Q", title="Expected", format=",.1f"),
            alt.Tooltip("low:Q", title=f"{share:.0%} band from", format=",.0f"),
            alt.Tooltip("high:Q", title="to", format=",.0f"),
        ],
    )
    return quiet(band + line, height=240)


def accuracy_bars(board: pd.DataFrame) -> Chart:
    """Error of each model (`model wape`, `chosen` true for the one in use), best first."""
    chart = (
        alt.Chart(board)
        .mark_bar(cornerRadiusEnd=3)
        .encode(
            x=alt.X(
                "wape:Q", title="Error by interval (WAPE)", axis=alt.Axis(format=".0%", tickCount=8)
            ),
            y=alt.Y("model:N", title=None, sort="x", axis=alt.Axis(labelLimit=240)),
            color=alt.ColorValue(PALE, condition={"test": "datum.chosen", "value": ACCENT}),
            tooltip=[alt.Tooltip("model:N"), alt.Tooltip("wape:Q", title="WAPE", format=".1%")],
        )
    )
    return quiet(chart, height=max(120, 42 * board["model"].nunique()))
