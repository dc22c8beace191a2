"""Charts of people's days: who does what when, and where outbound work sits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from wfm.core.types import Schedule
from wfm.core.wording import work_name
from wfm.ui.palette import (
    ACCENT,
    AREA,
    BREAK,
    INBOUND,
    LUNCH,
    NEED,
    OUTBOUND,
    Chart,
    local,
    quiet,
)
from wfm.ui.parts.charts_time import clock_labels, with_ends

NAMES_PX = 190  # room for names beside a day's chart
TALL = 360  # holds the longest title of its axes, in Georgian
Span = tuple[pd.Timestamp, pd.Timestamp]


def task(frame: pd.DataFrame) -> pd.Series:
    """What a block is called on screen: its queue or campaign, else its activity.

    E-mail and post that wait for quiet periods come in pieces of a day, all called by the queue.

    >>> blocks = {"queue": ["post 2026-11-20 09:00", ""], "activity": ["outbound", "lunch"]}
    >>> task(pd.DataFrame(blocks)).tolist()
    ['post', 'lunch']
    """
    work = frame["queue"].where(frame["queue"].ne(""), frame["activity"])
    outbound = frame["activity"].eq("outbound")
    return work.astype(object).where(~outbound, work.map(work_name))


def colours(frame: pd.DataFrame) -> dict[str, str]:
    """A colour for each task of a schedule: queues cool, campaigns warm, breaks grey."""
    kinds = frame.assign(task=task(frame)).groupby("task")["activity"].first()
    chosen: dict[str, str] = {}
    for activity, range_ in (("inbound", INBOUND), ("outbound", OUTBOUND)):
        names = sorted(kinds.index[kinds == activity])
        chosen |= {name: range_[i % len(range_)] for i, name in enumerate(names)}
    for name in sorted(kinds.index):
        chosen.setdefault(str(name), LUNCH if "lunch" in str(name).lower() else BREAK)
    return chosen


def labels(totals: pd.DataFrame) -> dict[str, str]:
    """How each agent is called on a chart: name and id."""
    named = zip(totals["agent"], totals["name"], strict=True)
    return {str(a): f"{n} ({a})" if n else str(a) for a, n in named}


def shift_days(frame: pd.DataFrame) -> pd.Series:
    """Day on which the shift of each block began: a pause of 4 hours ends a shift."""
    end = frame["end"].dt.tz_convert("UTC")
    same = frame["agent"].eq(frame["agent"].shift())
    pause = frame["start"].dt.tz_convert("UTC") - end.shift()
    new = ~(same & (pause < pd.Timedelta(hours=4)))
    days: pd.Series = frame["start"].dt.tz_localize(None).where(new).ffill().dt.normalize()
    return days


def span(blocks: pd.DataFrame) -> tuple[pd.Timestamp, pd.Timestamp]:
    """From when to when somebody works, by the clock on the wall."""
    shown = local(blocks, "start", "end")
    return shown["start"].min(), shown["end"].max()


def _clock(span: Span, **axis: Any) -> alt.X:
    """The hours of a day that two charts below each other share."""
    scale = alt.Scale(domain=[alt.DateTime(**_parts(stamp)) for stamp in span], nice=False)
    hours = round((span[1] - span[0]) / pd.Timedelta(hours=1))
    shown = alt.Axis(format="%H:%M", tickCount=max(hours, 2), labelOverlap=True, **axis)
    return alt.X("start:T", title=None, axis=shown, scale=scale)


def _parts(stamp: pd.Timestamp) -> dict[str, Any]:
    """A stamp as Vega takes it: the clock on the wall, wherever the browser is."""
    names = ("year", "month", "date", "hours", "minutes")
    values = (stamp.year, stamp.month, stamp.day, stamp.hour, stamp.minute)
    return dict(zip(names, values, strict=True))


def day_cover(coverage: pd.DataFrame, span: Span) -> Chart:
    """Heads required (line) and scheduled (area) between two times, above a chart of people."""
    sums = coverage.groupby("start", as_index=False)[["required", "scheduled"]].sum()
    shown = local(sums)
    shown = with_ends(shown[shown["start"].between(*span, inclusive="left")])
    y = alt.Axis(minExtent=NAMES_PX, maxExtent=NAMES_PX, tickCount=3)
    base = alt.Chart(shown).encode(x=_clock(span, labelColor="transparent", ticks=False))
    area = base.mark_area(color=ACCENT, opacity=AREA, interpolate="step-after").encode(
        y=alt.Y("scheduled:Q", title=None, axis=y)
    )
    line = base.mark_line(color=NEED, strokeWidth=2, interpolate="step-after").encode(
        y=alt.Y("required:Q", title=None, axis=y),
        tooltip=[
            alt.Tooltip("start:T", title="Interval", format="%a %d %b %H:%M"),
            alt.Tooltip("required:Q", title="Required", format=",.0f"),
            alt.Tooltip("scheduled:Q", title="Scheduled", format=",.1f"),
        ],
    )
    return quiet(area + line, height=110)


def gantt(
    blocks: pd.DataFrame, labels: Mapping[str, str], palette: Mapping[str, str], span: Span
) -> Chart:
    """One day of some agents: a row each, in the order of their first start."""
    shown = local(blocks, "start", "end").assign(task=task(blocks))
    shown["who"] = shown["agent"].map(lambda agent: labels.get(agent, agent))
    first = shown.groupby("who")["start"].min()
    order = sorted(first.index, key=lambda who: (first[who], who))
    seen = set(shown["task"])
    tasks = [name for name in palette if name in seen]
    names = alt.Axis(
        labelLimit=NAMES_PX - 10, labelOverlap=False, minExtent=NAMES_PX, maxExtent=NAMES_PX
    )
    chart = (
        alt.Chart(shown)
        .mark_bar(height={"band": 0.78}, cornerRadius=2)
        .encode(
            x=_clock(span, orient="top"),
            x2=alt.X2("end:T"),
            y=alt.Y("who:N", title=None, sort=order, axis=names),
            color=alt.Color(
                "task:N",
                title=None,
                scale=alt.Scale(domain=tasks, range=[palette[name] for name in tasks]),
                legend=alt.Legend(orient="bottom", columns=5),
            ),
            tooltip=[
                alt.Tooltip("who:N", title="Agent"),
                alt.Tooltip("task:N", title="Task"),
                alt.Tooltip("start:T", title="From", format="%H:%M"),
                alt.Tooltip("end:T", title="To", format="%H:%M"),
            ],
        )
    )
    return quiet(chart, height=70 + 22 * max(len(order), 1))


def heads_by_time(blocks: pd.DataFrame, minutes: int) -> pd.DataFrame:
    """`date time task heads`: agents on each task at the beginning of every slice of the day."""
    shown = local(blocks, "start", "end").assign(task=task(blocks))
    step = pd.Timedelta(minutes=minutes)
    seconds = (shown["end"] - shown["start"]).dt.total_seconds()
    counts = (seconds / step.total_seconds()).round().astype(int)
    rows = shown.loc[shown.index.repeat(counts)]
    offset = rows.groupby(level=0).cumcount()
    at = rows["start"] + offset * step
    table = pd.DataFrame(
        {"date": at.dt.normalize(), "time": clock_labels(at), "task": rows["task"], "heads": 1}
    )
    return table.groupby(["date", "time", "task"])["heads"].sum().reset_index()


def mean_day(schedule: Schedule) -> Chart:
    """Where a schedule's outbound work sits in the day: means over its days."""
    work = schedule.frame[schedule.frame["activity"] == "outbound"]
    heads = heads_by_time(work, int(schedule.interval.total_seconds() // 60))
    means = heads.groupby(["time", "task"])["heads"].sum().div(schedule.days).reset_index()
    cover = schedule.coverage
    clock = cover["start"].dt.strftime("%H:%M").rename("time")
    need = cover.groupby(clock)["required"].sum().div(schedule.days).reset_index()
    return outbound_in_day(means, need[need["required"] > 0], colours(schedule.frame))


def outbound_in_day(
    outbound: pd.DataFrame, need: pd.DataFrame, palette: Mapping[str, str]
) -> Chart:
    """Mean heads on each campaign by time of day, with the mean inbound requirement as a line.

    Parameters
    ----------
    outbound
        `time task heads`, means over the days.
    need
        `time required`, means over the days.
    """
    x = alt.X(
        "time:O",
        title=None,
        axis=alt.Axis(
            labelExpr="substring(datum.value, 3, 5) == '00' ? datum.value : ''",
            labelAngle=0,
            labelOverlap=True,
            ticks=False,
        ),
    )
    names = [name for name in palette if name in set(outbound["task"])]
    bars = (
        alt.Chart(outbound)
        .mark_bar()
        .encode(
            x=x,
            y=alt.Y("heads:Q", title="Agents on outbound", stack="zero"),
            color=alt.Color(
                "task:N",
                title=None,
                scale=alt.Scale(domain=names, range=[palette[name] for name in names]),
                legend=alt.Legend(orient="top"),
            ),
            tooltip=[
                alt.Tooltip("time:O", title="Time"),
                alt.Tooltip("task:N", title="Campaign"),
                alt.Tooltip("heads:Q", title="Mean agents", format=",.1f"),
            ],
        )
    )
    line = (
        alt.Chart(need)
        .mark_line(color=NEED, strokeWidth=2, strokeDash=[4, 3], interpolate="step")
        .encode(
            x=x,
            y=alt.Y("required:Q", title="Inbound agents required"),
            tooltip=[
                alt.Tooltip("time:O", title="Time"),
                alt.Tooltip("required:Q", title="Inbound required", format=",.1f"),
            ],
        )
    )
    return quiet(alt.layer(bars, line).resolve_scale(y="independent"), height=TALL)
