"""Charts on the dark theme: what is quiet on white would be the loudest on black."""

from __future__ import annotations

from typing import Any

import altair as alt

from wfm.ui import palette

DARK = {
    palette.PAPER: "#10171a",
    palette.ACCENT: "#22b8cf",
    palette.INK: "#b4bfc4",
    palette.PALE: "#4a595f",
    palette.WHOLE: "#748ffc",
    palette.SHORT: "#f06470",
    palette.ENOUGH: "#29353a",
    palette.LONG: "#4dabf7",
}
"""Colours of the charts by what they are on white; those not named are seen on both."""


def chart_in_dark(chart: Any) -> Any:
    """The chart with its colours for the dark theme, and few contacts dark instead of many.

    Examples
    --------
    >>> bars = alt.Chart(alt.Data(values=[])).mark_bar(color=palette.ACCENT)
    >>> chart_in_dark(bars).mark.color, bars.mark.color
    ('#22b8cf', '#0c8599')
    """
    dark = chart.copy(deep=True)
    _turn(dark)
    return dark


def _turn(node: Any) -> None:
    """Walk a chart's tree and change its colours where they stand; the data stay."""
    if isinstance(node, list):
        for i, one in enumerate(node):
            node[i] = _turned(one)
        return
    items: Any = node._kwds if isinstance(node, alt.SchemaBase) else node
    if not isinstance(items, dict):
        return
    if isinstance(node, alt.Scale) and isinstance(node.scheme, str):
        items["reverse"] = True
    for key, value in items.items():
        if key not in ("data", "datasets"):
            items[key] = _turned(value)


def _turned(value: Any) -> Any:
    """A colour as it is in the dark; anything else is walked and comes back."""
    if isinstance(value, str):
        return DARK.get(value, value)
    _turn(value)
    return value
