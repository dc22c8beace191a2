"""What is wrong with the history, what it does to a plan, and repairs that can be taken back."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from wfm import io
from wfm.core.types import History
from wfm.io import Quality, Repair
from wfm.planning.taken import NOTES, add_repair, layers, take_back
from wfm.store import VersionInfo
from wfm.ui import parts, state
from wfm.ui.said import st

SHOWN = 25
DOES = {
    "unknown": "Leave out",
    "typical": "Put in the usual",
    "sum": "Offered = answered + abandoned",
    "aht_unknown": "Forget the handle time",
    "shift": "Shift",
}
CHECKS = {
    "gap": "Missing intervals",
    "zero run": "No contacts at a busy time",
    "outlier": "A day unlike others",
    "drift": "Slow change of the clock",
    "doubled rows": "Doubled rows",
    "clock change": "Clock change",
    "handled above offered": "More handled than offered",
    "suspected zone slip": "Suspected other time zone",
}


@st.cache_resource(show_spinner="Looking the history over", max_entries=8)
def _report(version_id: int, data_hash: str, _history: History) -> Quality:
    return io.quality(_history)


def quality(history: History, version: VersionInfo) -> None:
    """The report, each finding beside its repair, and the repairs made so far."""
    found = _report(version.id, version.data_hash, history).findings
    notes = state.table(NOTES)
    with st.container(border=True):
        st.markdown("##### Quality")
        if not found and notes.empty:
            st.success("Nothing unusual was found.", icon=":material/check_circle:")
        for number, finding in enumerate(found[:SHOWN]):
            left, right = st.columns([5, 2], vertical_alignment="center")
            span = _span(finding.first, finding.last)
            what = CHECKS.get(finding.check, finding.check)
            left.markdown(
                f"**{_named(finding.queue)}: {what}**, {span}{len(finding.rows):,} rows"
                f"  \n{parts.in_page_words(finding.effect)}"
            )
            if finding.repair is not None and right.button(
                _does(finding.repair),
                key=f"repair.{version.id}.{number}",
                icon=":material/build:",
                width="stretch",
                help="The original stays; a repair is listed below and can be taken back.",
            ):
                with parts.beside():
                    mine = replace(finding.repair, author=state.store().who)
                    add_repair(state.store(), state.project_id(), version, mine)
                    st.rerun()
        if len(found) > SHOWN:
            st.caption(f"and {len(found) - SHOWN:,} more findings, the smaller ones")
        _made(version)
        if len(notes):
            st.markdown("**Rows of the file that were not taken as they stand**")
            st.dataframe(notes, hide_index=True, height=min(400, 45 + 35 * len(notes)))
        if history.report:
            with st.popover("How the file was read", icon=":material/description:"):
                st.text(parts.in_page_words(str(history.report)).replace("*", ""))
        st.caption(f"Version {version.number}, {version.note}, {parts.when(version.created_at)}")


def _made(version: VersionInfo) -> None:
    """The repairs of this history, each with the way back."""
    repairs = layers(version).repairs
    if not repairs:
        return
    st.markdown("**Repairs made**")
    for number, one in enumerate(repairs):
        left, right = st.columns([5, 2], vertical_alignment="center")
        starts = pd.DatetimeIndex(one.starts).tz_convert(state.settings().plan.time_zone)
        left.markdown(
            f"{_does(one)}: {one.queue}, {_span(starts.min(), starts.max())}"
            f"{len(starts):,} intervals ({one.reason})"
        )
        if right.button(
            "Take back", key=f"back.{version.id}.{number}", icon=":material/undo:", width="stretch"
        ):
            with parts.beside():
                take_back(state.store(), state.project_id(), version, number)
                st.rerun()


def _named(queue: str) -> str:
    return queue or "The file"


def _does(one: Repair) -> str:
    by = f" by {one.minutes:+d} min" if one.action == "shift" else ""
    return f"{DOES[one.action]}{by}"


def _span(first: pd.Timestamp | None, last: pd.Timestamp | None) -> str:
    if first is None or last is None:
        return ""
    if first.date() == last.date():
        return f"{first:%a %d %b %Y %H:%M}, "
    return f"{first:%d %b %Y} to {last:%d %b %Y}, "
