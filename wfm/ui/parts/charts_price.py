"""Charts of prices: what one more agent is worth when, and what more fairness costs."""

from __future__ import annotations

import altair as alt
import pandas as pd

from wfm.planning.fairness import BURDENS, MEASURES
from wfm.ui.palette import ENOUGH, LONG, Chart, quiet

LEAST = 0.005
"""Shifts by which the deviations fall at least to be told."""


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
    worth = table.loc[table["price"] > 0, "time"]
    if len(worth):  # from the first time of the day at which somebody is worth something
        table = table[table["time"].between(worth.min(), worth.max())]
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
                "price:Q",
                title="Cost units",
                scale=alt.Scale(range=[ENOUGH, LONG], interpolate="rgb"),
            ),
            tooltip=[
                alt.Tooltip("day:O", title="Day"),
                alt.Tooltip("time:O", title="Time"),
                alt.Tooltip("price:Q", title="One more agent saves", format=",.1f"),
            ],
        )
    )
    return quiet(chart, height=40 + 30 * max(len(order), 1))


def price_text(prices: pd.DataFrame) -> str:
    """The heat of prices in a sentence.

    >>> start = pd.DatetimeIndex(["2026-01-05 08:00", "2026-01-05 09:00"], tz="Asia/Baku")
    >>> price_text(pd.DataFrame({"start": start, "price": [2.0, 31.5]}))
    'One more agent would save most on Mon 05 Jan at 09:00: 31.5 cost units.'
    """
    best = prices.sort_values("price").iloc[-1]
    return (
        f"One more agent would save most on {best['start']:%a %d %b} at {best['start']:%H:%M}: "
        f"{best['price']:,.1f} cost units."
    )


def fairness_curve(curve: pd.DataFrame) -> Chart:
    """Cost against the deviation from the fair share, a line for each measure.

    Parameters
    ----------
    curve
        As `price_of_fairness` gives it.
    """
    chart = (
        alt.Chart(_by_measure(curve))
        .mark_line(point=True)
        .encode(
            x=alt.X("deviation:Q", title="Deviation from the fair share [shifts]"),
            y=alt.Y("change:Q", title="Cost units more"),
            color=alt.Color("measure:N", title=None, legend=alt.Legend(orient="top")),
            shape=alt.Shape("measure:N", title=None, legend=None),
            order=alt.Order("change:Q"),
            tooltip=[
                alt.Tooltip("measure:N", title="Measure"),
                alt.Tooltip("weight:Q", title="Weight"),
                alt.Tooltip("deviation:Q", title="Deviation", format=".2f"),
                alt.Tooltip("change:Q", title="Cost units more", format=",.1f"),
            ],
        )
    )
    return quiet(chart, height=280)


def fairness_text(curve: pd.DataFrame) -> str:
    """The curve in a sentence: what all measures together lose, and for how much."""
    total = curve[[f"{name}_deviation" for name in BURDENS]].sum(axis=1)
    if total.iloc[-1] > total.iloc[0] - LEAST:
        return "No fairer schedule was found."
    return (
        f"The deviations fall from {total.iloc[0]:.2f} to {total.iloc[-1]:.2f} shifts for "
        f"{curve['change'].iloc[-1]:,.0f} cost units more."
    )


def _by_measure(curve: pd.DataFrame) -> pd.DataFrame:
    names = [f"{name}_deviation" for name in BURDENS]
    table = curve.melt(["weight", "cost", "change"], names, "measure", "deviation")
    table["measure"] = table["measure"].str.removesuffix("_deviation").map(MEASURES)
    return table
