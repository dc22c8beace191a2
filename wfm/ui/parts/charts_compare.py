"""Two versions by day."""

from __future__ import annotations

import altair as alt
import pandas as pd

from wfm.ui.palette import ACCENT, NEED, Chart, quiet


def days(table: pd.DataFrame, unit: str) -> Chart:
    """The second version as bars and the first as a stepped line, all queues together."""
    sums = table.groupby("day")[["first", "second"]].sum(min_count=1).reset_index()
    base = alt.Chart(sums).encode(
        x=alt.X("yearmonthdate(day):O", title=None, axis=alt.Axis(format="%a %d %b", labelAngle=0))
    )
    tips = [
        alt.Tooltip("day:T", title="Day", format="%a %d %b"),
        alt.Tooltip("first:Q", title="First", format=",.1f"),
        alt.Tooltip("second:Q", title="Second", format=",.1f"),
    ]
    bars = base.mark_bar(color=ACCENT, opacity=0.45).encode(
        y=alt.Y("second:Q", title=unit), tooltip=tips
    )
    line = base.mark_line(color=NEED, strokeWidth=2, point={"color": NEED}).encode(
        y=alt.Y("first:Q"), tooltip=tips
    )
    return quiet(bars + line, height=260)
