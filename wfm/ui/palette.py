"""The colours of the charts, one meaning each; they stay apart for colour-blind readers."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd
from altair.utils import schemapi

schemapi.disable_debug_mode()  # a chart is checked as a whole when it is drawn, not part by part

ACCENT = "#0c8599"  # seen on white and on black alike
NEED = "#e8710a"
ACTUAL = "#868e96"
INK = "#737b82"  # of words in a chart: read on white and on black alike
PAPER = "white"  # between the cells of a heat map
PALE = "#c3ced2"  # of bars beside the one that is meant
WHOLE = "#364fc7"  # of what steps add up to
SHORT, ENOUGH, LONG = "#b2182b", "#eef1f2", "#2166ac"
OUTBOUND = ("#7950f2", "#c2255c", "#e599f7", "#846358", "#f06595", "#b08d00")
INBOUND = ("#0b7285", "#2b8a3e", "#3b5bdb", "#74c0fc", "#a9e34b", "#20c997")
BREAK, LUNCH = "#adb5bd", "#868e96"
AREA = 0.4
"""How much of an area's colour covers what lies behind, enough to see it on black."""
HEIGHT = 300
FRAME = alt.Config(
    view=alt.ViewConfig(strokeWidth=0),
    axis=alt.AxisConfig(labelFlush=False),
    axisBand=alt.AxisConfig(labelFlush=False),
    legend=alt.LegendConfig(padding=0, offset=10),
)
"""Of every chart: no border, each label at the middle of its tick, its legend close to it."""
PADDING = {"left": 5, "right": 10, "top": 10, "bottom": 5}
"""Room around a chart for the labels at its corners [px]."""


def local(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """A copy whose stamps are wall-clock times, so that a browser elsewhere shows the centre's.

    >>> start = pd.DatetimeIndex(["2026-01-05 08:00"], tz="Asia/Baku")
    >>> str(local(pd.DataFrame({"start": start}))["start"].iloc[0])
    '2026-01-05 08:00:00'
    """
    shown = frame.copy()
    for column in columns or ("start",):
        if isinstance(shown[column].dtype, pd.DatetimeTZDtype):
            shown[column] = shown[column].dt.tz_localize(None)
    return shown


Chart = alt.Chart | alt.LayerChart


def quiet(chart: alt.Chart | alt.LayerChart | alt.FacetChart, *, height: int = HEIGHT) -> Chart:
    """The shared frame of a chart: its height, no border, each label at the middle of its tick."""
    shown: Any = chart.properties(height=height, padding=PADDING, config=FRAME)
    framed: Chart = shown
    return framed
