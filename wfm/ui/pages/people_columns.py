"""The columns of the tables of the page People: what each holds, its heading and its help."""

from __future__ import annotations

from typing import Any

from wfm.core.work import CHANNELS, WORKED
from wfm.ui.said import st

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
        "site": "text",
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
        "min_hours_week": "number",
        "max_hours_week": "number",
    },
    "shifts": {
        "contract": "text",
        "shift": "text",
        "shift_min": "number",
        "paid_min": "number",
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
LENGTH = {
    "shift_min": st.column_config.NumberColumn(
        "Shift [min]", format="%d", help="Length of a shift, breaks included."
    ),
    "paid_min": st.column_config.NumberColumn(
        "Paid [min]", format="%d", help="The shift less its unpaid breaks."
    ),
}
CONFIG: dict[str, dict[str, Any]] = {
    "agents": {
        "agent": st.column_config.TextColumn("Agent", help="A short id of your own, unique."),
        "name": st.column_config.TextColumn(
            "Name", help="As it stands in schedules and calendars. Empty: the id."
        ),
        "team": st.column_config.TextColumn(
            "Team", help="Limits, fairness and printed pages go by team. May be empty."
        ),
        "contract": st.column_config.TextColumn("Contract", help="One of the table Contracts."),
        "skills": st.column_config.TextColumn(
            "Skills", help="Separated by |; sales:2 is a second choice", width="medium"
        ),
        "start_date": st.column_config.DateColumn(
            "Starts on",
            format="YYYY-MM-DD",
            help="First day that may be scheduled: 2026-03-02. Empty: already here.",
        ),
        "end_date": st.column_config.DateColumn(
            "Leaves on",
            format="YYYY-MM-DD",
            help="Last day that may be scheduled: 2026-12-31. Empty: stays.",
        ),
        "cost_per_h": st.column_config.NumberColumn(
            "Cost per hour", help="Of a paid hour, in the plan's currency. Empty: 0."
        ),
        "time_zone": st.column_config.TextColumn("Time zone", help="Empty: the centre's."),
        "hours": st.column_config.TextColumn(
            "Available", help="Hours in which whole shifts lie: Mon-Fri 08:00-16:00. Empty: any."
        ),
        "preferred_start": st.column_config.TextColumn(
            "Wished start", help="The start that the agent would like, such as 08:30. Empty: any."
        ),
        "site": st.column_config.TextColumn(
            "Site", help="Where the agent sits. Limits count the seats of a site."
        ),
    },
    "absences": {
        "agent": st.column_config.TextColumn("Agent", help="An id of the table Agents."),
        "from": st.column_config.DateColumn(
            "From", format="YYYY-MM-DD", help="First day away: 2026-03-02."
        ),
        "to": st.column_config.DateColumn("To", format="YYYY-MM-DD", help="Included."),
        "reason": st.column_config.TextColumn(
            "Reason", help="Vacation, training, sick: for the log and the change table."
        ),
    },
    "contracts": {
        "contract": st.column_config.TextColumn(
            "Contract", help="A name of your own, unique; agents name it."
        ),
        **LENGTH,
        "min_days_week": st.column_config.NumberColumn(
            "Least days a week", format="%d", help="Shifts that are owed each week. Empty: 0."
        ),
        "max_days_week": st.column_config.NumberColumn(
            "Most days a week", format="%d", help="Shifts that may be given each week, 1 to 7."
        ),
        "starts": st.column_config.TextColumn(
            "Starts", help="Earliest-latest/grid in minutes: 07:00-14:30/30"
        ),
        "breaks": st.column_config.TextColumn(
            "Breaks",
            width=480,
            help="name:length:earliest:latest:paid, counted in minutes from the shift's start; "
            "several separated by commas: break:15:60:150:paid, lunch:30:210:300:unpaid",
        ),
        "min_hours_week": st.column_config.NumberColumn(
            "Least hours a week", format="%g", help="Paid hours. Empty: no limit."
        ),
        "max_hours_week": st.column_config.NumberColumn(
            "Most hours a week", format="%g", help="Paid hours. Empty: no limit."
        ),
    },
    "shifts": {
        "contract": st.column_config.TextColumn("Contract", help="One of the table Contracts."),
        "shift": st.column_config.TextColumn("Shift", help="A name of its own, such as short."),
        **LENGTH,
        "starts": st.column_config.TextColumn(
            "Starts", help="Earliest-latest/grid in minutes: 07:00-14:30/30. Empty: the contract's."
        ),
        "breaks": st.column_config.TextColumn(
            "Breaks",
            width=480,
            help="As in the table Contracts. A split shift: gap:180:240:240:unpaid",
        ),
    },
    "queues": {
        "queue": st.column_config.TextColumn("Queue", help="As in the history."),
        "channel": st.column_config.SelectboxColumn(
            "Channel", options=list(CHANNELS), help="How its contacts come; empty: voice."
        ),
        "skill": st.column_config.TextColumn("Skill", help="What agents need to serve it."),
        "target": st.column_config.TextColumn("Promise", help="80/20, ASA 30; empty: the plan's."),
        "patience_s": st.column_config.NumberColumn(
            "Patience [s]", format="%.0f", help="Mean time a caller would wait. Empty: the plan's."
        ),
        "aht_s": st.column_config.NumberColumn(
            "AHT [s]",
            format="%.0f",
            help="Mean handle time where the history has none. Empty: the plan's.",
        ),
        "opening": st.column_config.TextColumn(
            "Opening hours",
            width="medium",
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
