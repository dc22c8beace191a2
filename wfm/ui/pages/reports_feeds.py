"""Calendars that agents subscribe to: what is published, and each agent's address."""

from __future__ import annotations

from urllib.parse import urlsplit

import pandas as pd

from wfm.core.types import Schedule
from wfm.planning.feeds import feed_paths, published, renew_feeds
from wfm.store import VersionInfo
from wfm.ui import feeds, parts, state
from wfm.ui.parts import publish
from wfm.ui.parts.closing import popover
from wfm.ui.said import st

SHOWN = {
    "agent": st.column_config.TextColumn("Agent"),
    "name": st.column_config.TextColumn("Name"),
    "team": st.column_config.TextColumn("Team"),
    "address": st.column_config.TextColumn("Address of the calendar", width="large"),
}


def show(schedule: Schedule, version: VersionInfo) -> None:
    """Publish, addresses, and new ones."""
    st.subheader("Calendars to subscribe to")
    st.caption(
        "Each agent has an address for Outlook, Google Calendar or a phone (add a calendar from "
        "the internet). The calendar there follows every schedule that is published; drafts are "
        "never shown there. Whoever has an address can read its shifts: give each agent only "
        "their own."
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        publish.button(version, "Published schedules are what the calendars tell.")
        place, close = popover("feeds", "New addresses", icon=":material/key:")
        with place:
            st.markdown("Every address changes, and the old ones end at once.")
            pressed = st.button(
                "Make new addresses", type="primary", key="feeds.renew", on_click=close
            )
        _told(version)
    if pressed:
        with parts.beside():
            renew_feeds(state.store(), state.project_id())
            st.rerun()
    if not feeds.served:
        st.info(
            "This server only shows pages. Start it with `wfm app` or `streamlit run app.py` to "
            "answer for calendars too.",
            icon=":material/info:",
        )
    if not reachable():
        st.caption(
            "These addresses answer on this machine only. Agents reach them when the app runs on a "
            "server of your network; until then give them the calendars above.",
        )
    with st.expander("Addresses", icon=":material/link:"), parts.beside():
        table = _addresses(schedule)
        st.dataframe(table, hide_index=True, column_config=SHOWN)
        parts.download_table(table, "calendar-addresses", "Download the addresses")


def reachable() -> bool:
    """Whether the address in this browser is one that other machines know."""
    return urlsplit(st.context.url or "").hostname not in (None, "localhost", "127.0.0.1", "::1")


def _told(version: VersionInfo) -> None:
    """What the calendars hold now."""
    out = published(state.store(), state.project_id())
    if not out:
        st.badge("Nothing is published: the calendars are empty.", color="orange")
    elif out[0].id == version.id:
        st.badge("The calendars tell the newest schedule.", color="green")
    else:
        st.badge(f"The calendars tell version {out[0].number}, not the newest.", color="orange")


def _addresses(schedule: Schedule) -> pd.DataFrame:
    """Address of each agent of the schedule, as this browser reaches the server."""
    here = urlsplit(st.context.url or "")
    base = f"{here.scheme}://{here.netloc}/" if here.netloc else "/"
    totals = schedule.totals.drop_duplicates("agent")
    paths = feed_paths(state.store(), state.project_id(), totals["agent"])
    table = totals[["agent", "name", "team"]].copy()
    table["address"] = [base + paths[agent] for agent in table["agent"]]
    return table
