"""Outbound: work to be placed in the quiet periods, and where it was placed."""

from __future__ import annotations

from wfm.core import tables
from wfm.core.types import Schedule
from wfm.core.wording import parse_skills
from wfm.planning.outbound import left_undone
from wfm.ui import parts, project, state
from wfm.ui.pages import outbound_list, outbound_worth
from wfm.ui.parts import charts_roster
from wfm.ui.said import st

CAMPAIGNS = {
    "campaign": "text",
    "skill": "text",
    "weekdays": "text",
    "hours": "text",
    "target_h": "number",
    "set_up_s": "number",
    "talk_s": "number",
    "wrap_s": "number",
    "connect_rate": "number",
    "deadline": "day",
    "value": "number",
    "records": "number",
    "attempts": "number",
    "gap_days": "number",
    "right_party_rate": "number",
    "wrong_party_s": "number",
    "by_hour": "text",
    "time_zone": "text",
    "country": "text",
    "consent": "number",
    "do_not_call": "number",
}
CONFIG = {
    "campaign": st.column_config.TextColumn("Campaign", help="A name of your own, unique."),
    "skill": st.column_config.TextColumn("Skill", help="What an agent needs to work on it."),
    "weekdays": st.column_config.TextColumn("Weekdays", help="Mon-Fri; Mon,Wed"),
    "hours": st.column_config.TextColumn("Hours", help="Permitted calling hours: 10:00-20:00"),
    "target_h": st.column_config.NumberColumn(
        "Wanted [h]", format="%.1f", help="Agent hours to place within the schedule."
    ),
    "set_up_s": st.column_config.NumberColumn(
        "Set-up [s]", format="%.0f", help="Before each try: reading the record, dialling."
    ),
    "talk_s": st.column_config.NumberColumn(
        "Talk [s]", format="%.0f", help="With the right person."
    ),
    "wrap_s": st.column_config.NumberColumn(
        "Wrap-up [s]", format="%.0f", help="After talking to the right person."
    ),
    "connect_rate": st.column_config.NumberColumn(
        "Connect rate", format="percent", help="Answered / attempts, 0.35 is 35 %."
    ),
    "deadline": st.column_config.DateColumn(
        "Deadline",
        format="YYYY-MM-DD",
        help="Last day on which it may be placed: 2026-03-31. Empty: none.",
    ),
    "value": st.column_config.NumberColumn("Value", help="Worth of an hour beside the others."),
    "records": st.column_config.NumberColumn(
        "Records", format="%.0f", help="Length of the list; with it the wanted hours may be empty."
    ),
    "attempts": st.column_config.NumberColumn(
        "Most tries", format="%d", help="Of one record. Empty: 1."
    ),
    "gap_days": st.column_config.NumberColumn(
        "Days between", format="%d", help="From one try of a record to the next."
    ),
    "right_party_rate": st.column_config.NumberColumn(
        "Right person", format="percent", help="Of the answers."
    ),
    "wrong_party_s": st.column_config.NumberColumn(
        "Somebody else [s]", format="%.0f", help="Talk where another person answers. Empty: 0."
    ),
    "by_hour": st.column_config.TextColumn(
        "Rates by hour", help="Hour=answered/right person: 10=0.3/0.7|17=0.45/0.8"
    ),
    "time_zone": st.column_config.TextColumn(
        "Customers' zone", help="Their hours count: Europe/London. Empty: the plan's."
    ),
    "country": st.column_config.TextColumn(
        "Holidays of", help="Country of the customers: no calls on its holidays. TR, GB"
    ),
    "consent": st.column_config.NumberColumn(
        "With consent", format="percent", help="Share of the records that may be called."
    ),
    "do_not_call": st.column_config.NumberColumn(
        "Do not call", format="%.0f", help="Records that must not be called."
    ),
}
CALLBACKS = {"queue": "text", "day": "day", "time": "text", "minutes": "number"}
CALLBACK_CONFIG = {
    "queue": st.column_config.TextColumn("Queue", help="Whose caller it was."),
    "day": st.column_config.DateColumn("Day", help="When it was promised: 2026-03-02."),
    "time": st.column_config.TextColumn("Time", help="By the centre's clock: 10:30"),
    "minutes": st.column_config.NumberColumn("Minutes", format="%g", help="How long it takes."),
}
EXPECTED = "Expected, with the campaign's rates and handle times."
PLACED = {
    "campaign": st.column_config.TextColumn("Campaign"),
    "target_h": st.column_config.NumberColumn("Wanted [h]", format="%.2f"),
    "placed_h": st.column_config.NumberColumn("Placed [h]", format="%.2f"),
    "share": st.column_config.ProgressColumn(
        "Share placed", format="%.0f%%", min_value=0, max_value=100
    ),
    "blocks": st.column_config.NumberColumn("Blocks", format="%d"),
    "attempts": st.column_config.NumberColumn("Tries", format="localized", help=EXPECTED),
    "connects": st.column_config.NumberColumn("Contacts", format="localized", help=EXPECTED),
    "right_parties": st.column_config.NumberColumn("Results", format="localized", help=EXPECTED),
}


def page() -> None:
    """The page Outbound: calls made in the quiet periods."""
    if not parts.head("Outbound", "Which calls do we make in the quiet periods?"):
        return
    st.caption(
        "Campaigns are placed by the next schedule in unbroken blocks, inside their permitted "
        "hours, by agents who have the skill. Type them, or choose a cell and paste from Excel."
    )
    typed = parts.editor("campaigns", CAMPAIGNS, config=CONFIG)
    with parts.beside():
        campaigns = tables.campaigns_from(typed)
        if not campaigns:
            parts.empty(
                "No campaign yet.",
                "Enter surveys, reminders, callbacks or collections with the hours they need.",
            )
        else:
            _without_people({c.skill for c in campaigns})
    with st.expander("Promised callbacks", icon=":material/phone_callback:"):
        _callbacks()
    with st.expander("Hours that a list takes", icon=":material/calculate:"):
        outbound_list.calculator()
    schedule, version, covered = project.schedule()
    if schedule is None or version is None:
        if len(typed):
            parts.empty("Nothing is placed yet.", "The schedule places the campaigns.", "schedule")
        return
    if len(schedule.outbound):
        _placed(schedule)
        outbound_worth.show(schedule, version, covered)


def _callbacks() -> None:
    """Calls promised for a time: they take agents then, like inbound calls."""
    st.caption(
        "Each takes an agent of its queue at its time, beside the inbound calls: the requirement "
        "holds them, and the next schedule covers them."
    )
    typed = parts.editor("callbacks", CALLBACKS, config=CALLBACK_CONFIG)
    with parts.beside():
        if tables.callbacks_from(typed):
            project.requirement()  # says whether a queue is open then


def _without_people(skills: set[str]) -> None:
    """Warn of campaigns that nobody can work on."""
    held = state.table("agents")
    cells = held["skills"].dropna().astype(str) if "skills" in held else ()
    known = {skill for cell in cells for skill in parse_skills(cell)[0]}
    missing = sorted(skills - known)
    if missing and len(held):
        st.warning(
            f"No agent has the skill {', '.join(missing)}. Add it on the page People.",
            icon=":material/person_alert:",
        )


def _placed(schedule: Schedule) -> None:
    """Hours wanted and placed, and where they sit in the day."""
    table = schedule.outbound.assign(
        share=(schedule.outbound["placed_h"] / schedule.outbound["target_h"]).fillna(0.0) * 100
    )
    wanted, placed = table["target_h"].sum(), table["placed_h"].sum()
    work = schedule.frame[schedule.frame["activity"] == "outbound"]
    quiet = schedule.coverage.groupby("start")[["required", "scheduled", "over"]].sum()
    staffed = (quiet["required"] > 0) | (quiet["scheduled"] > 0)
    spare = quiet.loc[staffed, "over"].mean() if staffed.any() else 0.0
    parts.metrics(
        {
            "Wanted": (
                f"{wanted:,.0f} h",
                "Agent hours: campaigns, and e-mail and post that wait for quiet periods.",
            ),
            "Placed": f"{placed:,.0f} h",
            "Share placed": f"{placed / wanted:.0%}" if wanted else "-",
            "Blocks": f"{len(work):,}",
            "Agents": f"{work['agent'].nunique():,}",
            "Still spare": (
                f"{spare:,.1f} agents",
                "Mean agents above the inbound requirement while open.",
            ),
        }
    )
    table["campaign"] = table["campaign"].map(outbound_worth.named)
    whole = ["attempts", "connects", "right_parties"]
    table[whole] = table[whole].round()
    with st.container(border=True):
        st.markdown("##### Campaigns")
        columns = [c for c in PLACED if c in table]
        st.dataframe(table[columns], hide_index=True, column_config=PLACED)
        if told := left_undone(schedule.outbound):
            st.caption(told)
    if work.empty:
        return
    parts.card(
        "Where outbound work sits in the day",
        charts_roster.mean_day(schedule),
        "Bars: agents on campaigns, mean over the days. Dashed line: inbound agents required, on "
        "its own scale.",
    )
