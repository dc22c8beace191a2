"""Tables that a planner types or pastes into: saved at every change, checked on the server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from wfm import io
from wfm.store import ChangedMeanwhile
from wfm.ui import state
from wfm.ui.parts.basics import beside
from wfm.ui.said import st

Kind = str  # text, number, day
ROWS, TALL = 12, 450


def editor(
    name: str,
    columns: Mapping[str, Kind],
    *,
    config: Mapping[str, Any] | None = None,
    alt: str = "",
) -> pd.DataFrame:
    """An editable table of the project; returns what is typed, as saved.

    Rows can be added, deleted, and pasted as a block from Excel. Whatever is typed is saved, also
    when it is not yet valid: the page shows what is wrong beside it. What somebody else has saved
    meanwhile is not overwritten.

    Parameters
    ----------
    name
        Table in the store.
    columns
        Its columns and what each holds: `text`, `number` or `day`.
    config
        Streamlit's column configuration, by column.
    """
    project = state.project_id()
    key = f"base.{name}.{project}"
    if key not in st.session_state:
        saved = state.table(name)
        # An empty table shows one empty row, so that a pasted block has a cell to begin at.
        first = saved if len(saved) else saved.reindex([0])
        revision = saved.attrs.get("revision", 0)
        st.session_state[key] = (to_screen(first, columns), from_screen(saved, columns), revision)
    base, last, revision = st.session_state[key]
    count = st.session_state.get(f"count.{name}.{project}", 0)
    typed = st.data_editor(
        base,
        key=f"editor.{name}.{project}.{count}",
        num_rows="dynamic",
        hide_index=True,
        width="stretch",
        height=TALL if len(base) > ROWS else "auto",
        column_config=dict(config or {}),
        alt=alt or name,
        placeholder="",
    )
    frame = from_screen(pd.DataFrame(typed), columns)
    if not frame.equals(last):
        with beside():
            try:
                seen = state.store().save_table(project, name, frame, seen=revision)
                st.session_state[key] = (base, frame, seen)
            except ChangedMeanwhile as conflict:
                _settle(conflict, name, frame, key, base)
    return frame


def _settle(
    conflict: ChangedMeanwhile, name: str, mine: pd.DataFrame, key: str, base: pd.DataFrame
) -> None:
    """Both versions place by place, and the choice between them."""
    by = conflict.author or "someone else"
    st.error(
        f"This table was changed meanwhile by {by}; what you typed is not saved yet. Choose which "
        "of the two stays.",
        icon=":material/group:",
    )
    st.dataframe(conflict.rows, hide_index=True)
    left, right = st.columns(2)
    if left.button("Keep mine", key=f"mine.{key}", width="stretch"):
        seen = state.store().save_table(
            state.project_id(), name, mine, seen=conflict.revision, reason=f"kept over {by}'s"
        )
        st.session_state[key] = (base, mine, seen)
        st.rerun()
    if right.button("Take theirs", key=f"theirs.{key}", width="stretch"):
        state.renew(name)
        st.rerun()


def to_screen(frame: pd.DataFrame, columns: Mapping[str, Kind]) -> pd.DataFrame:
    """A frame with exactly these columns, typed for the editor.

    >>> to_screen(pd.DataFrame({"agent": ["a1"]}), {"agent": "text", "cost_per_h": "number"})
      agent  cost_per_h
    0    a1        <NA>
    """
    shown = frame.reindex(columns=list(columns)).reset_index(drop=True)
    for column, kind in columns.items():
        if kind == "number":
            shown[column] = pd.to_numeric(shown[column], errors="coerce").astype("Float64")
        elif kind == "day":
            days = pd.to_datetime(shown[column], errors="coerce", format="ISO8601")
            shown[column] = days.dt.tz_localize(None).dt.normalize()
        else:
            shown[column] = _texts(shown[column])
    return shown


def from_screen(frame: pd.DataFrame, columns: Mapping[str, Kind]) -> pd.DataFrame:
    """What was typed, as it is saved: texts without None, days as YYYY-MM-DD, no empty rows."""
    table = to_screen(frame, columns)
    for column, kind in columns.items():
        if kind == "number":
            table[column] = table[column].astype(float)
        if kind == "day":
            table[column] = table[column].dt.strftime("%Y-%m-%d").fillna("").astype("str")
    filled = pd.Series(False, index=table.index)
    for column in columns:
        values = table[column]
        filled |= values.notna() if columns[column] == "number" else values.ne("")
    return table[filled].reset_index(drop=True)


def _texts(values: pd.Series) -> pd.Series:
    texts = values.astype(object).where(values.notna(), "").astype(str)
    return texts.str.strip().astype("str")


def download_table(frame: pd.DataFrame, name: str, label: str) -> None:
    """A button that downloads a table as csv, with no cell that a spreadsheet would run."""
    st.download_button(
        label,
        data=lambda: io.csv_bytes(frame),
        file_name=f"{name}.csv",
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
        key=f"download.{name}",
    )
