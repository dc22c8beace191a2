"""Charts of the requirement and of the roster against it."""

from __future__ import annotations

import altair as alt
import pandas as pd

from wfm.ui.palette import (
    ACCENT,
    ACTUAL,
    AREA,
    ENOUGH,
    LONG,
    NEED,
    PAPER,
    SHORT,
    Chart,
    local,
    quiet,
)
from wfm.ui.parts.charts_time import clock_labels, time_axis, unbroken, with_ends

HEADS = {
    "agents_exact": ("Exact need", ACTUAL),
    "agents": ("On contacts", ACCENT),
    "scheduled": ("On the roster", NEED),
}


def requirement_steps(frame: pd.DataFrame) -> Chart:
    """Heads by interval: the fraction, whole heads on contacts, heads on the roster."""
    shown = local(frame)
    columns = [column for column in HEADS if column in shown]
    shown["piece"] = shown["start"].map(unbroken(shown["start"]))
    long = with_ends(shown).melt(["start", "piece"], columns, "kind", "heads")
    long["kind"] = long["kind"].map({column: HEADS[column][0] for column in columns})
    names = [HEADS[column][0] for column in columns]
    chart = (
        alt.Chart(long)
        .mark_line(interpolate="step-after", strokeWidth=2)
        .encode(
            x=time_axis(shown),
            y=alt.Y("heads:Q", title="Agents"),
            detail=alt.Detail("piece:N"),
            color=alt.Color(
                "kind:N",
                title=None,
                scale=alt.Scale(domain=names, range=[HEADS[column][1] for column in columns]),
                legend=alt.Legend(orient="top"),
            ),
            tooltip=[
                alt.Tooltip("start:T", title="Interval", format="%a %d %b %H:%M"),
                alt.Tooltip("kind:N", title="Heads"),
                alt.Tooltip("heads:Q", title="Agents", format=",.1f"),
            ],
        )
    )
    return quiet(chart, height=320)


def need_and_roster(coverage: pd.DataFrame) -> Chart:
    """Heads rostered as an area, heads required as a step line, by interval, queues together."""
    sums = coverage.groupby("start", as_index=False)[["required", "scheduled"]].sum()
    shown = local(sums)
    shown["piece"] = shown["start"].map(unbroken(shown["start"]))
    base = alt.Chart(with_ends(shown)).encode(x=time_axis(shown), detail=alt.Detail("piece:N"))
    area = base.mark_area(color=ACCENT, opacity=AREA, interpolate="step-after").encode(
        y=alt.Y("scheduled:Q", title="Agents")
    )
    line = base.mark_line(color=NEED, strokeWidth=2, interpolate="step-after").encode(
        y=alt.Y("required:Q", title="Agents"),
        tooltip=[
            alt.Tooltip("start:T", title="Interval", format="%a %d %b %H:%M"),
            alt.Tooltip("required:Q", title="Required", format=",.0f"),
            alt.Tooltip("scheduled:Q", title="Scheduled", format=",.1f"),
        ],
    )
    return quiet(area + line, height=260)


def coverage_gaps(coverage: pd.DataFrame) -> pd.DataFrame:
    """`day time gap` of a coverage table: heads above the requirement, or below it on some queue.

    People of one queue do not fill another, so what is missing anywhere shows. Times at which
    nobody is needed or there are left out: the centre is closed then.
    """
    shown = local(coverage)
    table = pd.DataFrame(
        {
            "date": shown["start"].dt.normalize(),
            "time": clock_labels(shown["start"]),
            "missing": (shown["required"] - shown["scheduled"]).clip(lower=0),
            "over": (shown["scheduled"] - shown["required"]).clip(lower=0),
            "required": shown["required"],
            "scheduled": shown["scheduled"],
        }
    )
    sums = table.groupby(["date", "time"], as_index=False).sum()
    gap = sums["over"].where(sums["missing"] <= 0, -sums["missing"])
    sums = sums.assign(day=sums["date"].dt.strftime("%a %d %b"), gap=gap)
    return sums[(sums["required"] > 0) | (sums["scheduled"] > 0)]


def colour_reach(gap: pd.Series) -> float:
    """Heads at which the colours are full, the same both ways.

    The worst shortage always counts; of what is over, only the usual, so that one rich hour does
    not make shortages pale.

    >>> colour_reach(pd.Series([-4.0, 0.0, 2.0, 2.0, 2.0, 30.0]))
    4.0
    """
    over = gap[gap > 0]
    usual = float(over.median()) if len(over) else 0.0
    return max(3.0, usual, -float(gap.min()) if len(gap) else 0.0)


def coverage_heat(gaps: pd.DataFrame) -> Chart:
    """Day by interval: red where heads are missing, blue where there are too many, 0 is neutral."""
    reach = colour_reach(gaps["gap"])
    order = list(dict.fromkeys(gaps.sort_values("date")["day"]))
    chart = (
        alt.Chart(gaps)
        .mark_rect(stroke=PAPER, strokeWidth=0.4)
        .encode(
            x=alt.X(
                "time:O",
                title=None,
                axis=alt.Axis(
                    labelExpr="substring(datum.value, 3, 5) == '00' ? datum.value : ''",
                    labelAngle=0,
                    labelOverlap=True,
                    ticks=False,
                ),
            ),
            y=alt.Y("day:O", title=None, sort=order, axis=alt.Axis(labelOverlap=False)),
            color=alt.Color(
                "gap:Q",
                title="Agents over or short",
                scale=alt.Scale(
                    domain=[-reach, 0, reach],
                    range=[SHORT, ENOUGH, LONG],
                    interpolate="rgb",
                    clamp=True,
                ),
                legend=alt.Legend(orient="top", gradientLength=220, titleLimit=400),
            ),
            tooltip=[
                alt.Tooltip("day:O", title="Day"),
                alt.Tooltip("time:O", title="Time"),
                alt.Tooltip("required:Q", title="Required", format=",.0f"),
                alt.Tooltip("scheduled:Q", title="Scheduled", format=",.1f"),
                alt.Tooltip("gap:Q", title="Over or short", format="+,.1f"),
            ],
        )
    )
    return quiet(chart, height=40 + 30 * max(len(order), 1))
