"""People: agents, absences, contracts and what each queue asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from io import BytesIO
from typing import Any

import pandas as pd

from wfm import io
from wfm.core import tables
from wfm.core.errors import DataError, WfmError
from wfm.core.people import Agent
from wfm.core.shrinkage import Shrinkage
from wfm.core.work import CHANNELS, WORKED
from wfm.io.read.workbook import sheet_names
from wfm.planning.people import people_to_fit
from wfm.ui import parts, project, state
from wfm.ui.said import language, st

SHEETS = ("agents", "absences", "contracts", "queues", "campaigns", "events", "shrinkage")
COLUMNS: dict[str, dict[str, str]] = {
    "agents": {
        "agent": "text",
        "name": "text",
        "team": "text",
        "contract": "text",
        "skills": "text",
        "start_date": "day",
        "end_date": "day",
        "cost_per_h": "number",
        "time_zone": "text",
        "hours": "text",
        "preferred_start": "text",
    },
    "absences": {"agent": "text", "from": "day", "to": "day", "reason": "text"},
    "contracts": {
        "contract": "text",
        "shift_min": "number",
        "paid_min": "number",
        "min_days_week": "number",
        "max_days_week": "number",
        "starts": "text",
        "breaks": "text",
    },
    "queues": {
        "queue": "text",
        "channel": "text",
        "skill": "text",
        "target": "text",
        "patience_s": "number",
        "aht_s": "number",
        "opening": "text",
        "chats": "number",
        "chat_aht_s": "text",
        "due_h": "number",
        "backlog": "number",
        "deflection": "number",
        "deflected_aht_s": "number",
        "callback_at": "number",
        "callback_share": "number",
        "priority": "number",
        "worked": "text",
    },
}
CONFIG: dict[str, dict[str, Any]] = {
    "agents": {
        "agent": st.column_config.TextColumn("Agent", help="A short id of your own, unique."),
        "name": st.column_config.TextColumn("Name"),
        "team": st.column_config.TextColumn("Team"),
        "contract": st.column_config.TextColumn("Contract", help="One of the table Contracts."),
        "skills": st.column_config.TextColumn(
            "Skills", help="Separated by |; sales:2 is a second choice", width="medium"
        ),
        "start_date": st.column_config.DateColumn("Starts on", format="YYYY-MM-DD"),
        "end_date": st.column_config.DateColumn("Leaves on", format="YYYY-MM-DD"),
        "cost_per_h": st.column_config.NumberColumn("Cost per hour", format="%.2f", min_value=0),
        "time_zone": st.column_config.TextColumn("Time zone", help="Empty: the centre's."),
        "hours": st.column_config.TextColumn(
            "Available", help="Hours in which whole shifts lie: Mon-Fri 08:00-16:00. Empty: any."
        ),
        "preferred_start": st.column_config.TextColumn(
            "Wished start", help="The start she would like, such as 08:30. Empty: any."
        ),
    },
    "absences": {
        "agent": st.column_config.TextColumn("Agent"),
        "from": st.column_config.DateColumn("From", format="YYYY-MM-DD"),
        "to": st.column_config.DateColumn("To", format="YYYY-MM-DD", help="Included."),
        "reason": st.column_config.TextColumn("Reason"),
    },
    "contracts": {
        "contract": st.column_config.TextColumn("Contract"),
        "shift_min": st.column_config.NumberColumn(
            "Shift [min]", format="%d", help="Length of a shift, breaks included."
        ),
        "paid_min": st.column_config.NumberColumn(
            "Paid [min]", format="%d", help="The shift less its unpaid breaks."
        ),
        "min_days_week": st.column_config.NumberColumn("Least days a week", format="%d"),
        "max_days_week": st.column_config.NumberColumn("Most days a week", format="%d"),
        "starts": st.column_config.TextColumn(
            "Starts", help="Earliest-latest/grid in minutes: 07:00-14:30/30"
        ),
        "breaks": st.column_config.TextColumn(
            "Breaks",
            width="large",
            help="name:length:earliest:latest:paid, counted in minutes from the shift's start; "
            "several separated by commas: break:15:60:150:paid, lunch:30:210:300:unpaid",
        ),
    },
    "queues": {
        "queue": st.column_config.TextColumn("Queue", help="As in the history."),
        "channel": st.column_config.SelectboxColumn(
            "Channel", options=list(CHANNELS), help="How its contacts come; empty: voice."
        ),
        "skill": st.column_config.TextColumn("Skill", help="What agents need to serve it."),
        "target": st.column_config.TextColumn("Promise", help="80/20, ASA 30; empty: the plan's."),
        "patience_s": st.column_config.NumberColumn("Patience [s]", format="%.0f"),
        "aht_s": st.column_config.NumberColumn("AHT [s]", format="%.0f"),
        "opening": st.column_config.TextColumn(
            "Opening hours",
            width="large",
            help="Mon-Fri 08:00-18:00; Sat 09:00-13:00. Hours that change: "
            "08:00-18:00 from 2026-03-01: 08:00-20:00",
        ),
        "chats": st.column_config.NumberColumn(
            "Chats at once", format="%d", help="Chat: at most, by one agent. Empty: 2."
        ),
        "chat_aht_s": st.column_config.TextColumn(
            "AHT by chats [s]", help="Chat: with 1, 2, ... at once, as 300|340."
        ),
        "due_h": st.column_config.NumberColumn(
            "Due in [h]", format="%g", help="E-mail, post, callback: answered within. Empty: 24."
        ),
        "backlog": st.column_config.NumberColumn(
            "Backlog", format="%g", help="E-mail, post, callback: contacts that wait at the start."
        ),
        "deflection": st.column_config.NumberColumn(
            "Self-service", format="percent", help="Share of the contacts that it takes."
        ),
        "deflected_aht_s": st.column_config.NumberColumn(
            "Their AHT [s]", format="%g", help="Of what self-service takes; empty: as all."
        ),
        "callback_at": st.column_config.NumberColumn(
            "Callback from", format="%d", help="Callers waiting from which it is offered."
        ),
        "callback_share": st.column_config.NumberColumn(
            "Callback taken", format="percent", help="Share of callers who take it."
        ),
        "priority": st.column_config.NumberColumn(
            "Priority", format="%d", help="1 to 9: 1 gets spare people first. Empty: 5."
        ),
        "worked": st.column_config.SelectboxColumn(
            "Worked by",
            options=list(WORKED),
            help="E-mail, post, callback: heads of its own, or quiet: in quiet periods of the "
            "schedule. Empty: heads.",
        ),
    },
}
TEXTS = {
    "agents": "One row a person. To paste from Excel, choose a cell and press Ctrl+V; rows are "
    "added as needed.",
    "absences": "Whole days on which somebody is away, both ends included.",
    "contracts": "What people owe. Each one is checked to be possible on its own.",
    "queues": "What a queue sets for itself; empty cells take the plan's own values.",
}


def page() -> None:
    """The page People: who can work, and under which terms."""
    if not parts.head("People", "Who can work, and under which terms?"):
        return
    figures = st.container()  # filled when the tables below have been taken in
    _bring()
    names = {
        "agents": "Agents",
        "absences": "Absences",
        "contracts": "Contracts",
        "queues": "Queues",
    }
    for tab, name in zip(st.tabs(list(names.values())), names, strict=True):
        with tab:
            st.caption(TEXTS[name])
            typed = parts.editor(
                name,
                COLUMNS[name],
                config=CONFIG[name],
            )
            with parts.beside():
                _check(name, typed)
            if len(typed):
                parts.download_table(typed, name, f"{names[name]} as csv")
    with figures:
        _numbers()


def _numbers() -> None:
    """How many, and how many hours they owe against those needed; errors show at the tables."""
    try:
        agents, contracts = project.people()
    except WfmError:
        return
    if not agents:
        return
    known = {c.contract: c for c in contracts}
    hours = [
        known[a.contract].paid_min * known[a.contract].max_days_week / 60
        for a in agents
        if a.contract in known
    ]
    skills = sorted({skill for agent in agents for skill in agent.skills})
    parts.metrics(
        {
            "Agents": f"{len(agents):,}",
            "Teams": f"{len({a.team for a in agents if a.team}):,}",
            "Contracts": f"{len(contracts):,}",
            "Paid hours a week": (f"{sum(hours):,.0f}", "At most, by their contracts."),
            "Skills": (f"{len(skills)}", ", ".join(skills)),
        }
    )


def _bring() -> None:
    """Ways to fill the tables: the template, an upload, people made to fit."""
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.download_button(
            "Template to fill in",
            data=partial(io.template_bytes, language=language()),
            file_name="people.xlsx",
            icon=":material/table:",
            on_click="ignore",
            help="A workbook with the sheets agents, absences, contracts, queues and campaigns.",
        )
        with st.popover("Upload a filled-in workbook", icon=":material/upload_file:"):
            upload = st.file_uploader(
                "Workbook (xlsx)", type=["xlsx"], key=f"people.{state.project_id()}"
            )
            if upload is not None and st.button("Take in", type="primary"):
                with parts.beside():
                    take_in(upload.name, upload.getvalue())
                    st.rerun()
        with st.popover("Make people to fit", icon=":material/group_add:"):
            st.markdown(
                "Makes agents and contracts who can carry the requirement and the campaigns. "
                "The tables Agents and Contracts are replaced."
            )
            if st.button("Make them", type="primary", icon=":material/group_add:"):
                with parts.beside():
                    fit()
                    st.rerun()


def fit() -> None:
    """Replace agents and contracts by people who can carry the requirement."""
    needed = project.requirement()
    if needed is None:
        message = "people: there is no requirement to fit yet. Run a forecast first."
        raise DataError(message)
    section = state.settings().schedule
    agents, contracts = people_to_fit(
        needed,
        campaigns=project.campaigns(),
        days=section.days,
        skills={queue.queue: queue.skill for queue in project.queues()},
        seed=section.seed,
    )
    state.save_table("agents", tables.agents_table(agents))
    state.save_table("contracts", tables.contracts_table(contracts))
    state.save_table("absences", pd.DataFrame(columns=list(COLUMNS["absences"]), dtype="str"))


def take_in(name: str, content: bytes) -> None:
    """Replace the tables that a workbook holds; nothing is saved when one of them is wrong."""
    held = {sheet.strip().lower(): sheet for sheet in sheet_names(content)}
    found = {
        table: io.read_frame(BytesIO(content), sheet=held[table])
        for table in SHEETS
        if table in held
    }
    if not found:
        message = f"{name}: no sheet is called {', '.join(SHEETS)}. Fill in the template."
        raise DataError(message)
    made = {table: values_of(table, frame, found) for table, frame in found.items()}
    for table, values in made.items():
        state.save_table(table, AS_TABLE[table](values))


def values_of(
    name: str, frame: pd.DataFrame, others: Mapping[str, pd.DataFrame] | None = None
) -> Sequence[Any]:
    """The checked rows of a table; for absences the agents who have some.

    Raises
    ------
    DataError
        The first cell that cannot be, with its row and column.
    """
    if name == "absences":
        known = (others or {}).get("agents")
        agents = tables.agents_from(state.table("agents") if known is None else known, frame)
        return [agent for agent in agents if agent.absences]
    return CHECKS[name](frame)


CHECKS: Mapping[str, Callable[[pd.DataFrame], Sequence[Any]]] = {
    "agents": tables.agents_from,
    "contracts": tables.contracts_from,
    "queues": tables.queues_from,
    "campaigns": tables.campaigns_from,
    "events": tables.events_from,
    "shrinkage": lambda frame: tables.shrinkage_from(frame).components,
}
AS_TABLE: Mapping[str, Callable[[Sequence[Any]], pd.DataFrame]] = {
    "agents": tables.agents_table,
    "absences": tables.absences_table,
    "contracts": tables.contracts_table,
    "queues": tables.queues_table,
    "campaigns": tables.campaigns_table,
    "events": tables.events_table,
    "shrinkage": lambda components: tables.shrinkage_table(Shrinkage(tuple(components))),
}


def _check(name: str, typed: pd.DataFrame) -> None:
    """Check a table on the server, and against the others."""
    values = values_of(name, typed)
    if not values:
        hint = {
            "agents": "Type or paste them, upload the filled-in template, or make people to fit.",
            "absences": "Everybody is there.",
            "contracts": "Each agent needs one. Upload the template, or make people to fit.",
            "queues": "Each queue asks for the skill of its own name and takes the plan's values.",
        }
        st.info(f"Nothing here yet. {hint[name]}", icon=":material/info:")
        return
    if name == "agents":
        tables.check_people(
            tables.agents_from(typed), tables.contracts_from(state.table("contracts"))
        )
        _unused_skills(tables.agents_from(typed))
    st.success(f"{len(values):,} checked, all possible.", icon=":material/check_circle:")


def _unused_skills(agents: Sequence[Agent]) -> None:
    """Warn of skills that no queue and no campaign asks for: a typing error, often."""
    own = project.queues()
    asked = {queue.skill for queue in own} | {c.skill for c in project.campaigns()}
    history = project.history()
    named = {queue.queue for queue in own}
    asked |= {q for q in (history.queues if history else []) if q not in named}
    strange = sorted({skill for agent in agents for skill in agent.skills} - asked)
    if strange and asked:
        st.warning(
            f"No queue or campaign asks for {', '.join(strange)}. Known are "
            f"{', '.join(sorted(asked))}.",
            icon=":material/help:",
        )
