"""People: agents, absences, contracts, seats, and what each queue asks for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pandas as pd

from wfm import io
from wfm.core import tables
from wfm.core.errors import DataError, WfmError
from wfm.core.limits import StaffLimit
from wfm.core.people import Agent
from wfm.planning.people import people_to_fit
from wfm.ui import parts, project, state
from wfm.ui.pages import schedule_limits
from wfm.ui.pages.people_columns import COLUMNS, CONFIG
from wfm.ui.pages.people_workbook import take_in, values_of
from wfm.ui.parts.closing import popover
from wfm.ui.said import language, st
from wfm.ui.whole import at_once

NAMES = {
    "agents": "Agents",
    "absences": "Absences",
    "contracts": "Contracts",
    "shifts": "Kinds of shift",
    "queues": "Queues",
    "limits": "Seats and limits",
}
TEXTS = {
    "agents": "One row a person. To paste from Excel, choose a cell and press Ctrl+V; rows are "
    "added as needed.",
    "absences": "Whole days on which somebody is away, both ends included.",
    "contracts": "Hours, days and breaks that people owe. Each contract is checked on its own.",
    "shifts": "Further shifts that a contract may have, such as a short one. A split shift is one "
    "with a long unpaid break.",
    "queues": "What a queue sets for itself; empty cells take the plan's own values.",
}


def page() -> None:
    """The page People: who can work, and under which terms."""
    if not parts.head("People", "Who can work, and under which terms?"):
        return
    figures = st.container()  # filled when the tables below have been taken in
    _bring()
    for tab, (name, title) in zip(st.tabs(list(NAMES.values())), NAMES.items(), strict=True):
        with tab:
            typed = schedule_limits.show() if name == "limits" else _table(name)
            with parts.beside():
                _check(name, typed)
            if len(typed):
                parts.download_table(typed, name, f"{title} as csv")
    with figures:
        _numbers()


def _table(name: str) -> pd.DataFrame:
    """The editor of a table, with what it is for."""
    st.caption(TEXTS[name])
    return parts.editor(name, COLUMNS[name], config=CONFIG[name])


def _numbers() -> None:
    """How many, and how many hours they owe against those needed; errors show at the tables."""
    try:
        agents, contracts = project.people()
    except WfmError:
        return
    if not agents:
        return
    known = {c.contract: c for c in contracts}
    hours = [known[a.contract].most_hours_week for a in agents if a.contract in known]
    skills = sorted({skill for agent in agents for skill in agent.skills})
    parts.metrics(
        {
            "Agents": f"{len(agents):,}",
            "Teams": f"{len({a.team for a in agents if a.team}):,}",
            "Sites": f"{len({a.site for a in agents if a.site}):,}",
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
            help="A workbook with a sheet for each of these tables and an example in each.",
        )
        place, close = popover(
            "workbook", "Upload a filled-in workbook", icon=":material/upload_file:"
        )
        with place:
            upload = st.file_uploader(
                "Workbook (xlsx)", type=["xlsx"], key=f"people.{state.project_id()}"
            )
            taken = upload is not None and st.button("Take in", type="primary", on_click=close)
        place, close = popover("fit", "Make people to fit", icon=":material/group_add:")
        with place:
            st.markdown(
                "Makes agents and contracts who can carry the requirement and the campaigns. "
                "The tables Agents and Contracts are replaced."
            )
            made = st.button(
                "Make them", type="primary", icon=":material/group_add:", on_click=close
            )
    with parts.beside():
        if taken and upload is not None:
            name, content = upload.name, upload.getvalue()
            at_once(lambda: take_in(name, content))
        if made:
            at_once(fit)
        if taken or made:
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
        week_start=state.week_start(),
    )
    state.save_table("agents", tables.agents_table(agents))
    state.save_table("contracts", tables.contracts_table(contracts))
    state.save_table("shifts", tables.shifts_table(contracts))
    state.save_table("absences", pd.DataFrame(columns=list(COLUMNS["absences"]), dtype="str"))


def _check(name: str, typed: pd.DataFrame) -> None:
    """Check a table on the server, and against the others."""
    if name == "absences" and not _in_order("agents"):
        st.info("Checked once the table Agents is in order.", icon=":material/info:")
        return
    if name == "shifts" and not _in_order("contracts"):
        st.info("Checked once the table Contracts is in order.", icon=":material/info:")
        return
    values = values_of(name, typed)
    if not values:
        hint = {
            "agents": "Type or paste them, upload the filled-in template, or make people to fit.",
            "absences": "Everybody is there.",
            "contracts": "Each agent needs one. Upload the template, or make people to fit.",
            "shifts": "Each contract has the one shift of its own.",
            "queues": "Each queue asks for the skill of its own name and takes the plan's values.",
            "limits": "Without a row, any number may be at work.",
        }
        st.info(f"Nothing here yet. {hint[name]}", icon=":material/info:")
        return
    if name == "agents":
        tables.check_people(tables.agents_from(typed), project.contracts())
        _unused_skills(tables.agents_from(typed))
    if name == "limits":
        _of_nobody(values)
    st.success(f"{len(values):,} checked, all in order.", icon=":material/check_circle:")


def _in_order(name: str) -> bool:
    """Whether a saved table can be read; what is wrong with it stands beside it."""
    try:
        values_of(name, state.table(name))
    except WfmError:
        return False
    return True


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


def _of_nobody(limits: Sequence[StaffLimit]) -> None:
    """Warn of limits that count no agent: a typing error, often."""
    agents = tables.agents_from(state.table("agents"))
    idle = [n.limit for n in limits if not any(n.counts(agent) for agent in agents)]
    if idle and agents:
        st.warning(
            f"No agent is counted by {', '.join(idle)}. Compare its site, team and skill with the "
            "table Agents.",
            icon=":material/help:",
        )
