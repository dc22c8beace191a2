"""The planner's own changes of the forecast: a layer that every new run gets again."""

from __future__ import annotations

from typing import Any

import pandas as pd

from wfm.core.errors import WfmError
from wfm.core.types import Forecast
from wfm.core.weeks import week_of
from wfm.planning.edit_scores import score_edits
from wfm.planning.edits import COLUMNS, apply_edits, edits_from
from wfm.store import VersionInfo
from wfm.ui import parts, project, state
from wfm.ui.pages import forecast_edit_new
from wfm.ui.parts.editor import from_screen
from wfm.ui.said import st

EDITS = dict.fromkeys(COLUMNS, "text")
CONFIG = {
    "from": st.column_config.TextColumn("From", help="2026-11-20, or 2026-11-20 10:30"),
    "to": st.column_config.TextColumn("To", help="A day is included; a time is the end."),
    "queue": st.column_config.TextColumn("Queue", help="Empty means all queues."),
    "change": st.column_config.TextColumn(
        "Change",
        help="+10% or -5% of every interval; +30 or -30 contacts; =500 sets the total; min 5; "
        "max 40; smooth 3; move 20% to 2026-11-25. Add: a day, a week, an interval, flat.",
    ),
    "reason": st.column_config.TextColumn(
        "Reason", help="Why: stands beside the edit and in the log."
    ),
    "made": st.column_config.TextColumn("Entered", help="When: 2026-11-20 10:30."),
    "on": st.column_config.SelectboxColumn(
        "In use", options=["yes", "no"], help="Empty means yes."
    ),
}


def editor() -> pd.DataFrame:
    """The table of edits; it is drawn before the forecast is edited, so that both agree."""
    mine = st.column_config.TextColumn("Author", default=state.store().who)
    return parts.editor("edits", EDITS, config=CONFIG | {"author": mine})


def show(version: VersionInfo, used: pd.DataFrame) -> None:
    """Edits and what they change, beside the model's own forecast.

    `used` is the table that the page began with: when another one is typed, it is drawn again.
    """
    st.caption(
        "What you know and the model cannot: a campaign, a price change, a strike. Edits stay and "
        "are applied again to every new forecast. Write +10%, -5%, +30, =500, min 5, max 40, "
        "smooth 3 or move 20% to 2026-11-25."
    )
    plain: Forecast = state.content(version)
    forecast_edit_new.form(plain)
    typed = editor()
    timed = forecast_edit_new.stamped(typed, used, forecast_edit_new.now_of(plain))
    if timed is not None:
        state.save_table("edits", timed)
    if timed is not None or not typed.equals(from_screen(used, EDITS)):
        st.rerun()
    if typed.empty:
        return
    try:
        edited = apply_edits(plain, edits_from(typed), state.week_start())
    except WfmError as error:
        st.error(str(error), icon=":material/error:")
        return
    if edited.edits is None:
        st.info("No edit lies within the days of this forecast.", icon=":material/info:")
        return
    before, after = plain.frame["volume"].sum(), edited.frame["volume"].sum()
    parts.metrics(
        {
            "Before edits": f"{before:,.0f}",
            "After edits": f"{after:,.0f}",
            "Change": f"{after - before:+,.0f}",
            "Intervals changed": f"{len(edited.edits):,}",
        }
    )
    log = edited.edits
    day = log["start"].dt.tz_localize(None).dt.normalize().rename("day")
    sums = log.groupby([day, "queue"])[["before", "after"]].sum().reset_index()
    st.dataframe(
        sums.assign(change=sums["after"] - sums["before"]),
        hide_index=True,
        column_config={
            "day": st.column_config.DateColumn("Day", format="ddd D MMM YYYY"),
            **_numbers("Before", "After"),
        },
    )
    with parts.beside():
        _agents(plain, edited)
        _helped(plain, typed)


def _numbers(before: str, after: str) -> dict[str, Any]:
    return {
        "before": st.column_config.NumberColumn(before, format="%.0f"),
        "after": st.column_config.NumberColumn(after, format="%.0f"),
        "change": st.column_config.NumberColumn("Change", format="%+.0f"),
    }


def _agents(plain: Forecast, edited: Forecast) -> None:
    """Contacts and agents' hours of each week, before the edits and after."""
    hours = [
        project.hours_by_day(edits).set_index("day")["hours"]
        for edits in (None, state.table("edits"))
    ]
    contacts = [f.days().groupby("day")["volume"].sum() for f in (plain, edited)]
    weeks = []
    for what, (before, after) in {"contacts": contacts, "agent hours": hours}.items():
        table = pd.DataFrame({"before": before, "after": after}).fillna(0.0)
        week = week_of(pd.DatetimeIndex(table.index), state.week_start()).rename("week")
        weeks.append(table.groupby(week).sum().assign(what=what).reset_index())
    shown = pd.concat(weeks, ignore_index=True)
    st.markdown("##### What the edits ask for, week by week")
    st.dataframe(
        shown.assign(change=shown["after"] - shown["before"])[
            ["week", "what", "before", "after", "change"]
        ],
        hide_index=True,
        column_config={
            "week": st.column_config.DateColumn("Week from", format="D MMM YYYY"),
            "what": st.column_config.TextColumn("What"),
            **_numbers("Before edits", "After edits"),
        },
    )


def _helped(plain: Forecast, typed: pd.DataFrame) -> None:
    """Which edits brought the forecast nearer to what has come since."""
    history = project.history()
    if history is None:
        return
    scores = score_edits(plain, edits_from(typed), history, state.week_start())
    if scores.empty:
        return
    st.markdown("##### Did they help?")
    share = {"wape_before": "WAPE before", "wape_after": "WAPE after"}
    st.dataframe(
        scores,
        hide_index=True,
        column_config={
            name: st.column_config.NumberColumn(title, format="percent")
            for name, title in share.items()
        },
    )
