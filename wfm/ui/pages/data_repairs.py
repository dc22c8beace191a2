"""The repairs of a history: what each does, to which rows, who made it, and the way back."""

from __future__ import annotations

import pandas as pd

from wfm import io
from wfm.io import Repair
from wfm.planning.taken import layers, take_back
from wfm.store import VersionInfo
from wfm.ui import parts, state
from wfm.ui.said import st

SHOWN, ROWS = 25, 1000
DOES = {
    "unknown": "Leave out",
    "typical": "Put in the usual",
    "sum": "Offered = answered + abandoned",
    "aht_unknown": "Forget the handle time",
    "shift": "Shift",
    "once": "Count once",
    "contradicted": "Leave unknown",
    "skip": "Leave out",
}
ROW_CONFIG = {
    "start": st.column_config.DatetimeColumn("Start", format="ddd D MMM HH:mm"),
    "column": st.column_config.TextColumn("Column"),
    "before": st.column_config.NumberColumn("As it was", format="%.6g"),
    "after": st.column_config.NumberColumn("Repaired", format="%.6g"),
}


@st.cache_resource(show_spinner=False, max_entries=8)
def _changes(version_id: int, data_hash: str, _version: VersionInfo) -> pd.DataFrame:
    """Every value that the repairs of a version changed, before and after."""
    under = layers(_version)
    return io.repair(state.store().load(under.original_id), under.repairs).changes


def made(version: VersionInfo) -> None:
    """The repairs of this history, those of its file too, each with the way back."""
    repairs = layers(version).repairs
    if not repairs:
        return
    changes = _changes(version.id, version.data_hash, version)
    st.markdown("**Repairs made**")
    for number, one in enumerate(repairs[:SHOWN]):
        _line(version, number, one, changes[changes["repair"] == number])
    if len(repairs) > SHOWN:
        with st.expander(f"{len(repairs) - SHOWN:,} more repairs"):
            for number, one in enumerate(repairs[SHOWN:], start=SHOWN):
                _line(version, number, one, changes[changes["repair"] == number])


def _line(version: VersionInfo, number: int, one: Repair, changes: pd.DataFrame) -> None:
    left, right = st.columns([5, 2], vertical_alignment="center")
    zone = state.settings().plan.time_zone
    starts = pd.DatetimeIndex(one.starts).tz_convert(zone)
    with left:
        st.markdown(
            f"{does(one)}: {one.queue}, {period(starts.min(), starts.max())}"
            f"{len(starts):,} intervals ({one.reason})"
        )
        if one.effect:
            st.caption(parts.in_page_words(one.effect))
        offered = changes.loc[changes["column"] == "offered", ["before", "after"]].sum()
        if one.stands and len(changes):
            st.caption(f"Contacts: {offered['before']:,.0f} became {offered['after']:,.0f}")
        if one.at is not None:
            st.caption(
                f"{'Made' if one.stands else 'Taken back'}: {one.author}, {parts.when(one.at)}"
            )
        if len(changes):
            with st.popover("Rows as they were", icon=":material/table_rows:"):
                _rows(changes, zone)
    label, icon = ("Take back", "undo") if one.stands else ("Repair again", "build")
    if right.button(
        label, key=f"back.{version.id}.{number}", icon=f":material/{icon}:", width="stretch"
    ):
        with parts.beside():
            take_back(state.store(), state.project_id(), version, number, again=not one.stands)
            st.rerun()


def _rows(changes: pd.DataFrame, zone: str) -> None:
    """What each value was and is; the first ones."""
    shown = changes[list(ROW_CONFIG)].head(ROWS).copy()
    shown["start"] = shown["start"].dt.tz_convert(zone).dt.tz_localize(None)
    st.dataframe(shown, hide_index=True, column_config=ROW_CONFIG)
    if len(changes) > ROWS:
        st.caption(f"and {len(changes) - ROWS:,} more values")


def does(one: Repair) -> str:
    """What a repair does, in a few words."""
    by = f" by {one.minutes:+d} min" if one.action == "shift" else ""
    return f"{DOES[one.action]}{by}"


def period(first: pd.Timestamp | None, last: pd.Timestamp | None) -> str:
    """From when to when, in the words of a list."""
    if first is None or last is None:
        return ""
    if first.date() == last.date():
        return f"{first:%a %d %b %Y %H:%M}, "
    return f"{first:%d %b %Y} to {last:%d %b %Y}, "
