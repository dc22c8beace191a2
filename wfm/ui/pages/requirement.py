"""Requirement: how many agents each interval needs, and why."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd

from wfm.core.types import Requirement
from wfm.core.weeks import week_of
from wfm.core.work import CHANNELS
from wfm.planning.why import requirement_notes
from wfm.ui import parts, project, state
from wfm.ui.cells import lean
from wfm.ui.pages import requirement_ask, requirement_why
from wfm.ui.pages.requirement_names import MODELS
from wfm.ui.parts import charts_staff
from wfm.ui.said import say, st

BUSY = 0.88
ASSUMED = {
    "patience_s": "Patience",
    "aht_s": "AHT",
    "due_h": "Due in [h]",
    "chat_aht_s": "AHT by chats [s]",
}
SHOWN = {
    "start": st.column_config.DatetimeColumn("Interval", format="ddd HH:mm"),
    "queue": st.column_config.TextColumn("Queue"),
    "volume": st.column_config.NumberColumn("Contacts", format="%.1f"),
    "aht_s": st.column_config.NumberColumn("AHT [s]", format="%.0f"),
    "load": st.column_config.NumberColumn("Load [erl]", format="%.1f"),
    "agents_exact": st.column_config.NumberColumn("Exact need", format="%.2f"),
    "agents": st.column_config.NumberColumn("On contacts", format="%d"),
    "scheduled": st.column_config.NumberColumn("On the roster", format="%d"),
    "service_level": st.column_config.NumberColumn("Service level", format="percent"),
    "asa_s": st.column_config.NumberColumn("ASA [s]", format="%.0f"),
    "abandoned": st.column_config.NumberColumn("Abandoned", format="percent"),
    "occupancy": st.column_config.NumberColumn("Occupancy", format="percent"),
    "assumed": st.column_config.TextColumn("Assumed", width="medium"),
    "flags": st.column_config.TextColumn(
        "Look at",
        help="carry_over: contacts that began earlier change the need by more than one agent. "
        "busy: occupancy above 88 %.",
    ),
}


def page() -> None:
    """The page Requirement: agents that each interval needs."""
    if not parts.head("Requirement", "How many agents does each interval need, and why?"):
        return
    forecast = None
    with parts.beside():
        forecast = project.edited_forecast()[0]
    if forecast is None:
        parts.empty("No forecast yet.", "The requirement staffs a forecast.", "forecast")
        return
    with st.container(border=True):
        requirement_ask.ask(forecast)
    with parts.beside():
        made = project.requirement()
        if made is not None:
            parts.assumed(made)
            _show(made)


def _span(week: pd.Timestamp) -> str:
    """A week by its first and last day."""
    return f"{week:%d %b} to {week + pd.Timedelta(days=6):%d %b %Y}"


def _show(made: Requirement) -> None:
    row = st.columns([3, 2], vertical_alignment="bottom")
    queue = row[0].segmented_control(
        "Queue", made.queues, default=made.queues[0], key=f"need.queue.{state.project_id()}"
    )
    queue = queue or made.queues[0]
    frame = made.frame[made.frame["queue"] == queue]
    week = week_of(frame["start"], state.week_start())
    chosen = row[1].selectbox("Week", sorted(week.unique()), format_func=_span)
    part = frame[(week == chosen).to_numpy()]
    _numbers(made, part)
    parts.card(
        f"Agents for {queue}",
        charts_staff.requirement_steps(part),
        f"{_how(made, part, queue)} Exact need is the fraction that meets it; heads are rounded "
        "up once for contacts and once for the roster after shrinkage.",
    )
    requirement_why.show(part, made, queue)
    columns = [c for c in SHOWN if c in part.columns]
    with st.container(border=True):
        st.markdown("##### Every interval")
        st.dataframe(
            lean(part[columns].assign(start=part["start"].dt.tz_localize(None), **_assumed(part))),
            hide_index=True,
            height=380,
            column_config=SHOWN,
        )


def _assumed(part: pd.DataFrame) -> dict[str, pd.Series]:
    """What is assumed in each row, by its name on this page."""
    if "assumed" not in part:
        return {}
    marks = part["assumed"].fillna("").str.split("|")
    told = marks.map(lambda names: ", ".join(say(ASSUMED.get(n, n)) for n in names if n))
    return {"assumed": told}


def _how(made: Requirement, part: pd.DataFrame, queue: str) -> str:
    """What the queue's agents are for, in one sentence."""
    channel = str(part["channel"].iloc[0]) if "channel" in part else "voice"
    kind = CHANNELS.get(channel, "voice")
    if kind == "deferred":
        due_h = part["due_h"].iloc[0]
        if "quiet_h" in part and part["quiet_h"].notna().any():
            return f"Everything within {due_h:g} h, in quiet periods of the schedule."
        return f"Everything within {due_h:g} h, earliest due first, with level heads each week."
    if kind == "chat":
        chats = len(str(part["chat_aht_s"].iloc[0]).split("|"))
        return f"{made.targets.get(queue)}, up to {chats} chats at once."
    return f"{made.targets.get(queue, 'The promise')}, {MODELS.get(made.model, 'own model')}."


def _numbers(made: Requirement, part: pd.DataFrame) -> None:
    hours = made.interval / timedelta(hours=1)
    volume = part["volume"].sum()
    known = part["service_level"].notna().any()
    level = (part["service_level"] * part["volume"]).sum() / volume if volume else 1.0
    lost = (part["abandoned"] * part["volume"]).sum() / volume if volume else 0.0
    heads = part["agents"].sum()
    busy = (part["occupancy"] * part["agents"]).sum() / heads if heads else 0.0
    parts.metrics(
        {
            "Contact hours": f"{heads * hours:,.0f}",
            "Roster hours": f"{part['scheduled'].sum() * hours:,.0f}",
            "Most at once": f"{part['scheduled'].max():,.0f}",
            "Service level": (
                f"{level:.1%}" if known else "-",
                "Predicted for the week, weighted by contacts.",
            ),
            "Abandoned": f"{lost:.1%}",
            "Occupancy": (f"{busy:.0%}", f"Above {BUSY:.0%} agents tire; consider a limit."),
        }
    )
    if told := requirement_notes(part, made.interval):
        st.info("  \n".join(told), icon=":material/info:")
