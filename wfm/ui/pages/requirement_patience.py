"""Patience from data: what the estimate rests on, and one press to use it."""

from __future__ import annotations

import streamlit as st

from wfm.planning.patience import estimate_patience
from wfm.ui import parts, state


def estimate() -> None:
    """Take a table of calls or of interval counts and show the patience it tells of."""
    st.caption(
        "Most callers are answered before their patience ends, so the mean time to abandon is far "
        "too short. A table with one row a call (wait_s, abandoned), or one row an interval "
        "(answered, abandoned, asa_s, mean_wait_abandoned_s), gives the right mean."
    )
    columns = st.columns([3, 1])
    file = columns[0].file_uploader(
        "Calls or interval counts", type=["csv", "tsv", "xlsx", "parquet"], key="patience.file"
    )
    short_s = columns[1].number_input(
        "Leave out abandons within [s]", 0.0, value=0.0, step=1.0, format="%g", key="patience.short"
    )
    if file is None:
        return
    with parts.beside():
        found = estimate_patience(file, short_s=short_s)
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
