"""Charts of prices: what one more agent is worth when."""

from __future__ import annotations

import altair as alt
import pandas as pd

from wfm.ui.parts.palette import LONG, Chart, quiet


def price_heat(prices: pd.DataFrame) -> Chart:
    """Day by interval: the darker, the more one more agent would save; all queues' best.

    Parameters
    ----------
    prices
        `start queue price` [cost units].
    """
    table = prices.groupby("start", as_index=False)["price"].max()
    table["day"] = table["start"].dt.strftime("%a %d %b")
    table["time"] = table["start"].dt.strftime("%H:%M")
    order = list(dict.fromkeys(table["day"]))
    hours = "substring(datum.value, 3, 5) == '00' ? datum.value : ''"
    chart = (
        alt.Chart(table[["day", "time", "price"]])
        .mark_rect()
        .encode(
            x=alt.X(
                "time:O",
                title=None,
                axis=alt.Axis(labelExpr=hours, labelAngle=0, labelOverlap=True, ticks=False),
            ),
            y=alt.Y("day:O", title=None, sort=order),
            color=alt.Color(
                "price:Q", title="Cost units", scale=alt.Scale(range=["#ffffff", LONG])
            ),
            tooltip=[
                alt.Tooltip("day:O", title="Day"),
                alt.Tooltip("time:O", title="Time"),
                alt.Tooltip("price:Q", title="One more agent saves", format=",.1f"),
            ],
        )
    )
    return quiet(chart, height=40 + 30 * max(len(order), 1))
