"""Patience from data: what the estimate rests on, and one press to use it."""

from __future__ import annotations

import pandas as pd

from wfm.core import tables
from wfm.planning.measured import measured_patience
from wfm.planning.patience import estimate_patience
from wfm.ui import parts, project, state
from wfm.ui.parts.numbers import number
from wfm.ui.said import st

SHOWN = {
    "queue": st.column_config.TextColumn("Queue"),
    "mean_s": st.column_config.NumberColumn("Patience [s]", format="%.0f"),
    "low_s": st.column_config.NumberColumn("At least [s]", format="%.0f"),
    "high_s": st.column_config.NumberColumn("At most [s]", format="%.0f"),
    "abandonments": st.column_config.NumberColumn("Abandonments", format="%.0f"),
    "note": st.column_config.TextColumn("What it rests on", width="large"),
}


def _known() -> None:
    """What the project's own history tells of each queue, where it knows the waits."""
    history = project.history()
    found = {} if history is None else measured_patience(history)
    if not found:
        return
    rows = [{"queue": name, **vars(one)} for name, one in found.items()]
    st.markdown("**From the project's own calls**")
    st.dataframe(pd.DataFrame(rows)[list(SHOWN)], hide_index=True, column_config=SHOWN)
    if st.button("Use them for these queues", icon=":material/check:"):
        with parts.beside():
            known = {name: one.mean_s for name, one in found.items() if one.known}
            state.save_table("queues", tables.with_patience(state.table("queues"), known))
            state.refresh()
            st.rerun()


def estimate() -> None:
    """Take a table of calls or of interval counts and show the patience it tells of."""
    st.caption(
        "Most callers are answered before their patience ends, so the mean time to abandon is far "
        "too short. A table with one row a call (wait_s, abandoned), or one row an interval "
        "(answered, abandoned, asa_s, mean_wait_abandoned_s), gives the right mean."
    )
    _known()
    columns = st.columns([3, 1])
    file = columns[0].file_uploader(
        "Calls or interval counts", type=["csv", "tsv", "xlsx", "parquet"], key="patience.file"
    )
    short_s = number(
        "Leave out abandons within [s]",
        0.0,
        least=0,
        most=3600,
        key="patience.short",
        help="Callers who hang up at once say nothing about patience.",
        place=columns[1],
    )
    if file is None:
        return
    with parts.beside():
        found = estimate_patience(file, short_s=short_s or 0.0)
        if found.known:
            parts.metrics(
                {
                    "Patience": f"{found.mean_s:,.0f} s",
                    "Likely between": f"{found.low_s:,.0f} and {found.high_s:,.0f} s",
                    "Abandonments": f"{found.abandonments:,.0f} of {found.contacts:,.0f}",
                }
            )
        st.info(found.note, icon=":material/info:")
        if found.known and st.button("Use it for the plan", icon=":material/check:"):
            state.change("staff", patience_s=round(found.mean_s, 1))
            state.refresh()
            st.rerun()
