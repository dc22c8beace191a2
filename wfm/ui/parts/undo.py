"""Undo and redo of what was typed, and the log of every change."""

from __future__ import annotations

from wfm.store import Step
from wfm.ui import state
from wfm.ui.cells import lean
from wfm.ui.parts.basics import beside
from wfm.ui.parts.headings import TITLES, change_in_headings
from wfm.ui.said import st
from wfm.ui.whole import at_once

SHOWN = {
    "at": st.column_config.DatetimeColumn("When", format="ddd D MMM HH:mm:ss"),
    "author": st.column_config.TextColumn("Who"),
    "what": st.column_config.TextColumn("What"),
    "action": st.column_config.TextColumn("Action"),
    "before": st.column_config.TextColumn("Before", width=240),
    "after": st.column_config.TextColumn("After", width=340),
    "reason": st.column_config.TextColumn("Why", width="medium"),
    "differences": st.column_config.NumberColumn("Cells changed", format="%d"),
}
LINES = 200


def buttons() -> None:
    """Two buttons that say what they would take back or bring back."""
    if state.project() is None:
        return
    store, project = state.store(), state.project_id()
    back, forth = store.can_undo(project), store.can_redo(project)
    left, right = st.columns(2)
    with left:
        _button("Undo", ":material/undo:", back)
    with right:
        _button("Redo", ":material/redo:", forth)


def _button(label: str, icon: str, step: Step | None) -> None:
    count = st.session_state.setdefault("turns", {"Undo": 0, "Redo": 0})

    def press() -> None:
        count[label] += 1

    pressed = st.button(
        label,
        icon=icon,
        disabled=step is None,
        help=step.sentence if step else None,
        width="stretch",
        key=f"{label.lower()}.button",
        on_click=press,
    )
    times, count[label] = max(count[label], int(pressed)), 0
    if not pressed or step is None:
        return
    with beside():
        at_once(lambda: _turn(label, step, times))
        st.rerun()


def _turn(label: str, step: Step | None, times: int) -> None:
    """Take back or bring back, as often as it was pressed, and show what is saved then."""
    store, project = state.store(), state.project_id()
    turn, following = (
        (store.undo, store.can_undo) if label == "Undo" else (store.redo, store.can_redo)
    )
    for _ in range(times):
        if step is not None:
            turn(project, seen=step.change)
            step = following(project)
    state.refresh()


def log() -> None:
    """Who changed what, when, before, after and why; the newest first."""
    lines = state.store().changes(state.project_id(), limit=LINES)
    zone = state.settings().plan.time_zone
    lines["at"] = lines["at"].dt.tz_convert(zone).dt.tz_localize(None)
    tables = {f"table '{name}'": name for name in TITLES}
    names = [tables.get(text, text) for text in lines["what"]]
    for side in ("before", "after"):
        lines[side] = [
            change_in_headings(name, text) for name, text in zip(names, lines[side], strict=True)
        ]
    lines["what"] = [TITLES.get(name, name) for name in names]
    columns = [name for name in SHOWN if name in lines]
    st.dataframe(lean(lines[columns]), hide_index=True, column_config=SHOWN)
