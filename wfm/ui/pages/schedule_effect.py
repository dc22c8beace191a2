"""What a change does to a schedule: its figures, heads by interval, and everybody's shifts."""

from __future__ import annotations

from typing import Any

import pandas as pd

from wfm.core.types import Schedule
from wfm.planning.changes import shift_days
from wfm.ui.said import st

EFFECT = {
    "what": st.column_config.TextColumn("What", width=270),
    "before": st.column_config.NumberColumn("Before", format="%.1f"),
    "after": st.column_config.NumberColumn("After", format="%.1f"),
    "change": st.column_config.NumberColumn("Change", format="%+.1f"),
}
HEADS = {
    "start": st.column_config.DatetimeColumn("Interval", format="ddd D MMM HH:mm"),
    "queue": st.column_config.TextColumn("Queue"),
    "required": st.column_config.NumberColumn("Required"),
    "before": st.column_config.NumberColumn("Before"),
    "after": st.column_config.NumberColumn("After"),
}
MOVED = {
    "name": st.column_config.TextColumn("Name"),
    "agent": st.column_config.TextColumn("Agent"),
    "day": st.column_config.DateColumn("Day", format="ddd D MMM"),
    "before": st.column_config.TextColumn("Shift before"),
    "after": st.column_config.TextColumn("Shift after"),
}


def figures(effect: pd.DataFrame, beside: pd.DataFrame, config: dict[str, Any], note: str) -> None:
    """What changes in figures, and beside it where."""
    left, right = st.columns(2)
    moved = effect["change"].abs() > 1e-9
    if moved.any():
        left.dataframe(effect[moved], hide_index=True, column_config=EFFECT)
    else:
        left.caption("Neither hours nor cost change.")
    if len(beside):
        right.dataframe(beside, hide_index=True, column_config=config, height="auto")
        right.caption(note)


def moved(before: Schedule, after: Schedule) -> pd.DataFrame:
    """`name agent day before after` of every agent and day whose shift differs."""
    both = pd.concat({"before": _shifts(before), "after": _shifts(after)}, axis=1).fillna("off")
    changed = both[both["before"] != both["after"]].rename_axis(["agent", "day"]).reset_index()
    names = before.totals.set_index("agent")["name"]
    return changed.assign(name=changed["agent"].map(names))[list(MOVED)]


def _shifts(schedule: Schedule) -> pd.Series:
    """The hours of each shift by agent and day."""
    table = shift_days(schedule)
    hours = table["start"].dt.strftime("%H:%M") + "-" + table["end"].dt.strftime("%H:%M")
    joined: pd.Series = hours.groupby([table["agent"], table["day"]]).agg(", ".join)
    return joined
