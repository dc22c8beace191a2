"""Shrinkage by component: the table, and what it comes to on each weekday."""

from __future__ import annotations

import pandas as pd

from wfm.core import tables
from wfm.ui import parts
from wfm.ui.said import st

AWAY = {
    "component": "text",
    "share": "text",
    "weekdays": "text",
    "months": "text",
    "placed": "text",
}
AWAY_CONFIG = {
    "component": st.column_config.TextColumn(
        "Component", help="Sickness, training, coaching: a name of your own."
    ),
    "share": st.column_config.TextColumn("Share", help="Of paid time, such as 5 %."),
    "weekdays": st.column_config.TextColumn("Weekdays", help="Mon-Fri; empty: all."),
    "months": st.column_config.TextColumn("Months", help="Dec-Feb; empty: all."),
    "placed": st.column_config.TextColumn(
        "Placed by the schedule", help="yes for breaks and whatever the schedule places itself."
    ),
}


def show() -> None:
    """The table of shrinkage by component, checked as it is typed."""
    st.caption(
        "Shares of paid time add up. While the table is empty the single share above counts. Mark "
        "with yes what the schedule places itself: it is shown here and counted there, once."
    )
    typed = parts.editor("shrinkage", AWAY, config=AWAY_CONFIG, alt="Shrinkage by component")
    with parts.beside():
        found = tables.shrinkage_from(typed)
        if found.components:
            days = pd.date_range("2026-01-05", periods=7)
            shares = ", ".join(
                f"{day:%a} {share:.1%}" for day, share in zip(days, found.on(days), strict=True)
            )
            placed = [item.component for item in found.components if item.placed]
            note = f" The schedule places {', '.join(placed)}." if placed else ""
            st.info(f"In a week of January: {shares}.{note}", icon=":material/functions:")
