"""What is wrong with the history, what it does to a plan, and repairs that can be taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import pandas as pd

from wfm import io
from wfm.core.types import History
from wfm.io import Finding, Quality, Repair
from wfm.planning.taken import add_repair, notes_with
from wfm.store import VersionInfo
from wfm.ui import parts, project, state
from wfm.ui.pages.data_repairs import does, made, period
from wfm.ui.parts.numbers import number as typed_number
from wfm.ui.said import st

SHOWN = 25
DAY_MIN = 24 * 60
CHECKS = {
    "gap": "Missing intervals",
    "zero run": "No contacts at a busy time",
    "outlier": "A day unlike others",
    "drift": "Slow change of the clock",
    "doubled rows": "Doubled rows",
    "clock change": "Clock change",
    "handled above offered": "More handled than offered",
    "sum of the others": "Sum of the other queues",
    "odd handle time": "Odd handle time",
    "suspected zone slip": "Suspected other time zone",
}
DAYS = {
    "day": st.column_config.DateColumn("Day", format="ddd D MMM YYYY"),
    "name": st.column_config.TextColumn("Holiday or event"),
    "queues": st.column_config.TextColumn("Queues"),
}


@st.cache_resource(show_spinner="Looking the history over", max_entries=8)
def _report(version_id: int, data_hash: str, _history: History) -> Quality:
    return io.quality(_history)


def quality(history: History, version: VersionInfo) -> None:
    """The report, each finding beside its repair, and the repairs made so far."""
    found: Sequence[Finding] = _report(version.id, version.data_hash, history).findings
    notes = notes_with(state.store(), version)
    with st.container(border=True):
        st.markdown("##### Quality")
        named = _named_days(history)
        known, found = _parted(found, named)
        if not found and notes.empty:
            st.success("Nothing needs mending.", icon=":material/check_circle:")
        for number, finding in enumerate(found[:SHOWN]):
            left, right = st.columns([5, 2], vertical_alignment="center")
            span = period(finding.first, finding.last)
            what = CHECKS.get(finding.check, finding.check)
            left.markdown(
                f"**{_named(finding.queue)}: {what}**, {span}{len(finding.rows):,} rows"
                f"  \n{parts.in_page_words(finding.effect)}"
            )
            if finding.repair is not None:
                with right:
                    _mend(finding.repair, version, number)
        if len(found) > SHOWN:
            st.caption(f"and {len(found) - SHOWN:,} more findings, the smaller ones")
        if known:
            _explained(known, named)
        made(version)
        if len(notes):
            st.markdown("**Rows of the file that were not taken as they stand**")
            st.dataframe(notes, hide_index=True, height=min(400, 45 + 35 * len(notes)))
        if history.report:
            with st.popover("How the file was read", icon=":material/description:"):
                st.text(parts.in_page_words(str(history.report)).replace("*", ""))
        st.caption(f"Version {version.number}, {version.note}, {parts.when(version.created_at)}")


def _named_days(history: History) -> dict[date, str]:
    """Holidays and events of the project's calendar within a history, each by its name."""
    starts = history.frame["start"]
    marks = project.marked_days(starts.min().date(), starts.max().date())
    return {day.date(): name for day, name in zip(marks["day"], marks["name"], strict=True)}


def _parted(
    found: Sequence[Finding], named: Mapping[date, str]
) -> tuple[dict[date, list[str]], list[Finding]]:
    """Queues by unusual day that the calendar names, and the findings that it does not explain."""
    known: dict[date, list[str]] = {}
    others = []
    for one in found:
        day = one.first.date() if one.check == "outlier" else None
        if day is not None and day in named:
            known.setdefault(day, []).append(one.queue)
        else:
            others.append(one)
    return known, others


def _explained(known: Mapping[date, Sequence[str]], named: Mapping[date, str]) -> None:
    """Unusual days and queues that the calendar names: no fault, and learned as what they are."""
    days = sorted(known, reverse=True)
    with st.expander(
        f"{len(days):,} unusual days are holidays or events of the calendar: nothing to mend",
        icon=":material/event_available:",
    ):
        table = pd.DataFrame(
            {
                "day": pd.to_datetime(days),
                "name": [named[day] for day in days],
                "queues": [", ".join(known[day]) for day in days],
            }
        )
        st.dataframe(table, hide_index=True, column_config=DAYS)


def _mend(proposed: Repair, version: VersionInfo, number: int) -> None:
    """The button that repairs a finding; how far stamps are shifted is the planner's to say."""
    one = proposed
    if one.action == "shift":
        minutes = typed_number(
            "Minutes later",
            one.minutes,
            key=f"minutes.{version.id}.{number}",
            least=-DAY_MIN,
            most=DAY_MIN,
            whole=True,
            help="Below 0: earlier.",
        )
        one = replace(one, minutes=int(minutes or 0))
    if st.button(
        does(one),
        key=f"repair.{version.id}.{number}",
        icon=":material/build:",
        width="stretch",
        help="The original stays; a repair is listed below and can be taken back.",
    ):
        with parts.beside():
            add_repair(state.store(), state.project_id(), version, one)
            st.rerun()


def _named(queue: str) -> str:
    return queue or "The file"
