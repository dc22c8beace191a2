"""Charts of the requirement's steps, of the service around it, and of the price of confidence."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from wfm.planning.why import STEP_NAMES
from wfm.ui.palette import ACCENT, ACTUAL, INK, NEED, SHORT, WHOLE, Chart, quiet

TOTAL = "On the roster"
SMALL = 0.005  # a step that rounds to nothing is not drawn
MEASURES = {"service_level": ("Service level", ACCENT), "abandoned": ("Abandoned", SHORT)}
MEASURES["occupancy"] = ("Occupancy", ACTUAL)


def waterfall_rows(
    steps: Mapping[str, float], names: Mapping[str, str] = STEP_NAMES, total: str = TOTAL
) -> pd.DataFrame:
    """`step from to size kind` of the bars, one under the other; the last is the total.

    >>> waterfall_rows({"load": 5.0, "rounding": -1.0})[["from", "to"]].values.tolist()
    [[0.0, 5.0], [5.0, 4.0], [0.0, 4.0]]
    """
    rows, at = [], 0.0
    for number, (name, size) in enumerate(steps.items()):
        if abs(size) >= SMALL or not number:
            kind = "load" if not number else "more" if size > 0 else "fewer"
            rows.append((names[name], at, at + size, size, kind))
        at += size
    rows.append((total, 0.0, at, at, "total"))
    return pd.DataFrame(rows, columns=["step", "from", "to", "size", "kind"])


def waterfall(
    steps: Mapping[str, float],
    unit: str,
    names: Mapping[str, str] = STEP_NAMES,
    total: str = TOTAL,
    form: str = ",.1f",
) -> Chart:
    """Steps from the first to the total as bars that begin where the last one ended."""
    rows = waterfall_rows(steps, names, total)
    rows["label"] = [
        f"{size:{form}}" if kind in ("load", "total") else f"{size:+{form}}"
        for size, kind in zip(rows["size"], rows["kind"], strict=True)
    ]
    rows["end"] = rows[["from", "to"]].max(axis=1)
    axis = alt.Axis(labelLimit=260, ticks=False, domain=False)
    base = alt.Chart(rows).encode(y=alt.Y("step:N", sort=None, title=None, axis=axis))
    bars = base.mark_bar(height={"band": 0.7}).encode(
        x=alt.X("from:Q", title=unit, axis=alt.Axis(tickCount=10, format=",~f")),
        x2=alt.X2("to:Q"),
        color=alt.Color(
            "kind:N",
            scale=alt.Scale(
                domain=["load", "more", "fewer", "total"], range=[ACTUAL, NEED, ACCENT, WHOLE]
            ),
            legend=None,
        ),
        tooltip=[
            alt.Tooltip("step:N", title="Step"),
            alt.Tooltip("size:Q", title=unit, format="+,.2f"),
        ],
    )
    text = base.mark_text(align="left", dx=4, color=INK).encode(
        x=alt.X("end:Q"), text=alt.Text("label:N")
    )
    return quiet(bars + text, height=34 * len(rows) + 30)


def around(curve: pd.DataFrame) -> Chart:
    """Service level, abandonment and occupancy by agents on contacts; the requirement is marked."""
    names = [MEASURES[column][0] for column in MEASURES]
    long = curve.melt(["agents", "change"], list(MEASURES), "measure", "value")
    long["measure"] = long["measure"].map({c: MEASURES[c][0] for c in MEASURES})
    lines = (
        alt.Chart(long)
        .mark_line(point=True, strokeWidth=2)
        .encode(
            x=alt.X("agents:O", title="Agents on contacts", axis=alt.Axis(labelAngle=0)),
            y=alt.Y("value:Q", title=None, axis=alt.Axis(format=".0%")),
            color=alt.Color(
                "measure:N",
                title=None,
                scale=alt.Scale(domain=names, range=[MEASURES[c][1] for c in MEASURES]),
                legend=alt.Legend(orient="top"),
            ),
            shape=alt.Shape("measure:N", title=None, scale=alt.Scale(domain=names), legend=None),
            tooltip=[
                alt.Tooltip("agents:O", title="Agents"),
                alt.Tooltip("measure:N", title="Measure"),
                alt.Tooltip("value:Q", title="Share", format=".1%"),
            ],
        )
    )
    here = alt.Chart(curve[curve["change"] == 0]).mark_rule(color=NEED, strokeDash=[4, 3])
    return quiet(lines + here.encode(x=alt.X("agents:O")), height=300)


def price(table: pd.DataFrame) -> Chart:
    """Agent hours by the share of days on which the promise is kept."""
    chart = (
        alt.Chart(table)
        .mark_line(point=True, color=ACCENT, strokeWidth=2)
        .encode(
            x=alt.X("confidence:Q", title="Days kept", axis=alt.Axis(format=".0%")).scale(
                zero=False
            ),
            y=alt.Y("hours:Q", title="Agent hours").scale(zero=False),
            tooltip=[
                alt.Tooltip("confidence:Q", title="Days kept", format=".0%"),
                alt.Tooltip("hours:Q", title="Agent hours", format=",.0f"),
                alt.Tooltip("more:Q", title="More than now", format="+,.0f"),
            ],
        )
    )
    return quiet(chart, height=220)
