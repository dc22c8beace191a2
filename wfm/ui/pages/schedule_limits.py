"""Fewest and most heads at work: a supervisor at any time, the seats of a site."""

from __future__ import annotations

import pandas as pd

from wfm.ui import parts
from wfm.ui.said import st

LIMITS = {
    "limit": "text",
    "least": "number",
    "most": "number",
    "skill": "text",
    "team": "text",
    "hours": "text",
    "site": "text",
}
CONFIG = {
    "limit": st.column_config.TextColumn("Limit", help="A name of your own, unique."),
    "least": st.column_config.NumberColumn(
        "Fewest at work", format="%d", help="At any time in its hours. Empty: 0."
    ),
    "most": st.column_config.NumberColumn(
        "Most at work", format="%d", help="At any time in its hours. Empty: no limit."
    ),
    "skill": st.column_config.TextColumn(
        "With the skill", help="Counts those who have it. Empty: everybody."
    ),
    "team": st.column_config.TextColumn(
        "Of the team", help="Counts this team alone. Empty: every team."
    ),
    "site": st.column_config.TextColumn("At the site", help="Its seats are the most at work."),
    "hours": st.column_config.TextColumn("Hours", help="Mon-Fri 09:00-17:00; empty: while open."),
}


def show() -> pd.DataFrame:
    """The table of staff limits, for the next schedule; what is typed."""
    st.caption(
        "At least one supervisor, at most the seats of a site: heads at work, breaks left out. A "
        "skill here may be one that no queue asks for."
    )
    return parts.editor("limits", LIMITS, config=CONFIG)
