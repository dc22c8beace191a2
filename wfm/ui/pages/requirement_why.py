"""Why 52 agents? One interval or day step by step, a few agents around it, the price of surety."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
from streamlit.delta_generator import DeltaGenerator

from wfm.core.columns import STEPS
from wfm.core.types import Requirement
from wfm.core.work import CHANNELS
from wfm.planning.by_settings import price_of
from wfm.planning.service import kept_free_table
from wfm.planning.why import (
    STEP_NAMES,
    explain_requirement,
    service_curve,
)
from wfm.ui import parts, project, state
from wfm.ui.parts import charts_why
from wfm.ui.said import st

CURVE = {
    "agents": st.column_config.NumberColumn("Agents", format="%d"),
    "change": st.column_config.NumberColumn("Change", format="%+d"),
    "service_level": st.column_config.NumberColumn("Service level", format="percent"),
    "asa_s": st.column_config.NumberColumn("ASA [s]", format="%.0f"),
    "abandoned": st.column_config.NumberColumn("Abandoned", format="percent"),
    "occupancy": st.column_config.NumberColumn("Occupancy", format="percent"),
}
FREE = {
    "p_wait": None,
    "kept_free": st.column_config.NumberColumn("Agents kept free", format="%d"),
    "service_level": st.column_config.NumberColumn("Service level", format="percent"),
    "asa_s": st.column_config.NumberColumn("ASA [s]", format="%.0f"),
    "outbound_load": st.column_config.NumberColumn("On outbound, mean agents", format="%.1f"),
    "occupancy": st.column_config.NumberColumn("Occupancy", format="percent"),
}


def show(part: pd.DataFrame, made: Requirement, queue: str) -> None:
    """The steps of one interval or day of the shown week, and what lies around it."""
    if not {f"step_{name}" for name in STEPS} <= set(part.columns):
        return
    with st.container(border=True):
        left, middle, right = st.columns([3, 2, 2], vertical_alignment="center")
        by = middle.segmented_control(
            "Of", ["Interval", "Day"], default="Interval", label_visibility="collapsed"
        )
        show_one = _day if by == "Day" else _interval
        show_one(part, made, queue, left, right)
    _confidence()


def _interval(
    part: pd.DataFrame, made: Requirement, queue: str, title: DeltaGenerator, place: DeltaGenerator
) -> None:
    """The steps of one interval, and the service with a few agents less and more."""
    rows = part.sort_values("scheduled", ascending=False).head(200)
    names = dict(zip(rows.index, rows["start"].dt.strftime("%a %d %b %H:%M"), strict=True))
    chosen = place.selectbox(
        "Interval",
        list(names),
        format_func=names.__getitem__,
        label_visibility="collapsed",
    )
    row = part.loc[chosen]
    title.markdown(f"##### Why {row['scheduled']:,.0f} agents?")
    _words(row, made, queue)
    steps = {name: float(row[f"step_{name}"]) for name in STEPS}
    drawn, near = st.columns(2)
    with drawn:
        st.altair_chart(
            charts_why.waterfall(steps, "Agents"), alt=_told(steps, row["scheduled"], "agents")
        )
    curve = service_curve(made, queue, row["start"])
    with near:
        st.altair_chart(
            charts_why.around(curve), alt="Service with three agents less to three more"
        )
    st.dataframe(curve.drop(columns="overloaded"), hide_index=True, column_config=CURVE)
    _outbound(row, made, queue)


def _day(
    part: pd.DataFrame, made: Requirement, queue: str, title: DeltaGenerator, place: DeltaGenerator
) -> None:
    """The steps of one day, in agent hours."""
    days = explain_requirement(made, by="day")
    days = days[(days["queue"] == queue) & days["day"].isin(_days(part))]
    chosen: pd.Timestamp = place.selectbox(
        "Day",
        list(days["day"]),
        format_func=lambda d: f"{d:%a %d %b}",
        label_visibility="collapsed",
    )
    row = days[days["day"] == chosen].iloc[0]
    title.markdown(f"##### Why {row['scheduled']:,.0f} agent hours?")
    steps = {name: float(row[name]) for name in STEPS}
    st.altair_chart(
        charts_why.waterfall(steps, "Agent hours"),
        alt=_told(steps, float(row["scheduled"]), "agent hours"),
    )


def _days(part: pd.DataFrame) -> pd.Series:
    days: pd.Series = part["start"].dt.tz_localize(None).dt.normalize()
    return days


def _words(row: pd.Series, made: Requirement, queue: str) -> None:
    """The interval in a few sentences."""
    minutes = made.interval / timedelta(minutes=1)
    promise = made.targets.get(queue)
    asked = f"{promise}" if promise else f"Every contact within {row.get('due_h', 0):g} h"
    lines = [
        f"**{row['volume']:.1f}** contacts of **{row['aht_s']:.0f} s** in {minutes:g} minutes are "
        f"**{row['volume'] * row['aht_s'] / (60 * minutes):.2f} erlangs** of work. {asked} needs "
        f"**{row['agents_exact']:.2f}** agents, so **{row['agents']:.0f}** on contacts: service "
        f"level {row['service_level']:.1%}, occupancy {row['occupancy']:.0%}.",
        f"Shrinkage of {row['shrinkage']:.0%} makes it **{row['scheduled']:.0f}** on the roster.",
    ]
    st.markdown("  \n".join(lines))


def _told(steps: dict[str, float], total: float, unit: str) -> str:
    """The waterfall in words, for those who cannot see it."""
    told = ", ".join(f"{STEP_NAMES[n]} {v:+.1f}" for n, v in steps.items() if abs(v) >= 0.05)
    return f"{told}: {total:g} {unit}"


def _outbound(row: pd.Series, made: Requirement, queue: str) -> None:
    """What the interval's agents could call out in between, by how many are kept free."""
    callers = CHANNELS.get(str(row.get("channel", "voice")), "voice") == "voice"
    promise = made.targets.get(queue)
    if not callers or promise is None or not 0 < row["load"] < row["agents"]:
        return
    if promise.service_level is None and promise.asa_s is None:
        return
    with st.expander("Outbound calls in between", icon=":material/phone_forwarded:"):
        table, best = kept_free_table(
            float(row["load"]), int(row["agents"]), float(row["aht_s"]), promise
        )
        idle = row["agents"] * (1 - row["occupancy"])
        notes = [
            f"On average {idle:.1f} of {row['agents']:.0f} agents are free. A dialler can use them "
            "if it keeps some free for callers. This table takes it that nobody hangs up, so its "
            "service level is lower than the one above."
        ]
        if best is not None:
            notes.append(f"Keeping {best} free still keeps the promise.")
        else:
            notes.append("However many are kept free, the promise is not kept that way.")
        st.caption(" ".join(notes))
        st.dataframe(table, hide_index=True, column_config=FREE)


def _confidence() -> None:
    """What it costs to keep the promise on more days."""
    with st.expander("The price of keeping it on more days", icon=":material/shield:"):
        if not st.toggle("Work it out", key=f"confidence.{state.project_id()}"):
            st.caption("Agent hours on contacts over the whole forecast, for each share of days.")
            return
        with parts.beside():
            forecast, _ = project.edited_forecast()
            assert forecast is not None
            table = price_of(state.settings(), forecast, project.queues(), project.shrinkage())
            st.altair_chart(
                charts_why.price(table), alt="Agent hours by share of days the promise is kept"
            )
            st.dataframe(
                table,
                hide_index=True,
                column_config={
                    "confidence": st.column_config.NumberColumn("Kept on", format="percent"),
                    "hours": st.column_config.NumberColumn("Agent hours", format="%,.0f"),
                    "more": st.column_config.NumberColumn("More than now", format="%+,.0f"),
                },
            )
