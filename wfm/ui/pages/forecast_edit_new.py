"""A new edit of the forecast: what it would change is seen before it is kept."""

from __future__ import annotations

import pandas as pd

from wfm.core.errors import WfmError
from wfm.core.types import Forecast
from wfm.core.weeks import week_of
from wfm.planning.edits import COLUMNS, apply_edits, edits_from
from wfm.ui import project, state
from wfm.ui.parts.basics import refused
from wfm.ui.parts.fields import day_format
from wfm.ui.said import say, st


def form(plain: Forecast) -> None:
    """Fields of one edit, its preview, and the button that keeps it."""
    with st.expander("New edit", icon=":material/edit:"):
        row = _fields(plain)
        if not row["change"]:
            st.caption("Write a change to see what it does to days, weeks and agents.")
            return
        kept = state.table("edits")
        tried = pd.concat([kept, pd.DataFrame([row])], ignore_index=True)[list(COLUMNS)]
        try:
            before = (
                apply_edits(plain, edits_from(kept), state.week_start()) if len(kept) else plain
            )
            after = apply_edits(plain, edits_from(tried), state.week_start())
        except WfmError as error:
            refused("Change", str(error))
            return
        st.markdown("##### What this edit would change")
        preview(before, after, kept, tried)
        if st.button("Keep this edit", type="primary", icon=":material/check:"):
            state.save_table("edits", tried.assign(made=_made(tried, now_of(plain))))
            st.session_state["edit.number"] = _number() + 1  # the fields are empty again
            st.rerun()


def _number() -> int:
    return int(st.session_state.get("edit.number", 0))


def _fields(plain: Forecast) -> dict[str, str]:
    """What is typed, as a row of the table of edits."""
    first = plain.frame["start"].iloc[0].date()
    last = plain.frame["start"].max().date()
    key = f"edit.{state.project_id()}.{_number()}"
    shown = day_format()
    a, b, c = st.columns(3)
    since = a.date_input("From", first, first, last, key=f"{key}.from", format=shown)
    until = b.date_input("To", since, since, last, key=f"{key}.to", format=shown)
    names = ["", *plain.queues]
    queue = c.selectbox("Queue", names, format_func=lambda q: q or say("All"), key=f"{key}.queue")
    a, b, c = st.columns(3)
    change = a.text_input(
        "Change", key=f"{key}.change", placeholder="+10%", help="+10%, -5%, +30, =500 a day, min 5"
    )
    reason = b.text_input("Reason", key=f"{key}.reason")
    author = c.text_input("Author", key=f"{key}.author")
    texts = (str(since), str(until), queue, change.strip(), author, reason, "", "yes")
    return dict(zip(COLUMNS, texts, strict=True))


def now_of(plain: Forecast) -> str:
    """The time on the centre's clock, as it stands in the table."""
    return f"{pd.Timestamp.now(plain.time_zone):%Y-%m-%d %H:%M}"


def _made(table: pd.DataFrame, now: str) -> pd.Series:
    """When each edit was written; now where that is empty."""
    made = table["made"].fillna("").astype(str)
    return made.where(made != "", now)


def stamped(table: pd.DataFrame, before: pd.DataFrame, now: str) -> pd.DataFrame | None:
    """The table with the time of edits that are new, whole and have none; None without any.

    `before` is the table as it was: what stood in it without a time stays without one.

    >>> day = {"from": ["2026-11-20"], "to": ["2026-11-20"], "change": ["+5%"], "made": [""]}
    >>> table = pd.DataFrame(day)
    >>> stamped(table, table.iloc[:0], "2026-11-01 08:00")["made"].tolist()
    ['2026-11-01 08:00']
    >>> stamped(table, table, "2026-11-01 08:00") is None
    True
    """
    key = ["from", "to", "change"]
    texts = table.reindex(columns=list(COLUMNS)).astype(object).fillna("").astype(str)
    old = before.reindex(columns=key).astype(object).fillna("").astype(str)
    known = set(old.itertuples(index=False, name=None))
    rows = list(texts[key].itertuples(index=False, name=None))
    new = pd.Series([all(r) and r not in known for r in rows], index=table.index, dtype=bool)
    new &= texts["made"] == ""
    return table.assign(made=texts["made"].where(~new, now)) if new.any() else None


def preview(
    before: Forecast, after: Forecast, kept: pd.DataFrame | None, tried: pd.DataFrame
) -> None:
    """Contacts and agent hours of each changed day and its week, before and after."""
    hours = [project.hours_by_day(edits).set_index("day")["hours"] for edits in (kept, tried)]
    contacts = [f.days().groupby("day")["volume"].sum() for f in (before, after)]
    table = pd.DataFrame(
        {
            "before": contacts[0],
            "after": contacts[1],
            "hours_before": hours[0],
            "hours_after": hours[1],
        }
    ).fillna(0.0)
    days = pd.DatetimeIndex(table.index)
    week = week_of(days, state.week_start()).rename("week")
    hit = (table["before"] - table["after"]).abs() > 1e-9
    if not hit.any():
        st.info("No edit lies within the days of this forecast.", icon=":material/info:")
        return
    weeks = table.groupby(week).sum()
    for shown, title, name in (
        (table[hit.to_numpy()].rename_axis("day"), "Day", "day"),
        (weeks[weeks.index.isin(week[hit.to_numpy()])], "Week from", "week"),
    ):
        st.dataframe(
            shown.reset_index(),
            hide_index=True,
            column_config={
                name: st.column_config.DateColumn(title, format="ddd D MMM YYYY"),
                "before": st.column_config.NumberColumn("Contacts before", format="%.0f"),
                "after": st.column_config.NumberColumn("Contacts after", format="%.0f"),
                "hours_before": st.column_config.NumberColumn("Agent hours before", format="%.1f"),
                "hours_after": st.column_config.NumberColumn("Agent hours after", format="%.1f"),
            },
        )
