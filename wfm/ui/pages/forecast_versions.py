"""Every forecast made: how it did since, which one is published, and the way back to one."""

from __future__ import annotations

import pandas as pd

from wfm.core.types import History
from wfm.planning import steps
from wfm.store import VersionInfo
from wfm.ui import parts, state
from wfm.ui.parts import publish
from wfm.ui.said import st

SCORED = 12
"""Newest versions that are scored against what came."""
SHOWN = {
    "version": st.column_config.NumberColumn("Version", format="%d"),
    "made": st.column_config.TextColumn("Made"),
    "by": st.column_config.TextColumn("Note"),
    "state": st.column_config.TextColumn("State"),
    "days": st.column_config.NumberColumn(
        "Days known", format="%d", help="Days of this forecast of which it is known what came."
    ),
    "wape": st.column_config.NumberColumn("WAPE", format="percent"),
    "day_wape": st.column_config.NumberColumn("WAPE, days", format="percent"),
    "bias": st.column_config.NumberColumn("Bias", format="percent"),
    "coverage80": st.column_config.NumberColumn("In the band", format="percent"),
    "data": st.column_config.TextColumn(
        "Fingerprint", help="Of what is stored: the same letters, the same numbers."
    ),
    "program": st.column_config.TextColumn("Program"),
}


def show(current: VersionInfo, history: History | None) -> None:
    """The versions with their scores; publish the newest, use an older one again."""
    versions = state.store().versions(state.project_id(), "forecast")
    table = pd.DataFrame(
        {
            "version": [v.number for v in versions],
            "made": [parts.when(v.created_at) for v in versions],
            "by": [v.note for v in versions],
            "state": [v.state for v in versions],
            "data": [v.data_hash[:8] for v in versions],
            "program": [v.program for v in versions],
        }
    )
    if history is not None:
        newest = state.latest("history")
        mark = "" if newest is None else newest.data_hash
        scores = [_scores(v.id, mark, v, history) for v in versions[:SCORED]]
        table = table.join(pd.DataFrame(scores))
    st.dataframe(table[[c for c in SHOWN if c in table]], hide_index=True, column_config=SHOWN)
    publish.button(
        current, "A published forecast is the one that others plan with; the log tells who did it."
    )
    older = [v for v in versions if v.id != current.id]
    if not older:
        return
    row = st.columns([3, 1], vertical_alignment="bottom")
    chosen = row[0].selectbox("Version", older, format_func=parts.version_name)
    if row[1].button("Use it again", icon=":material/history:", width="stretch"):
        state.store().save(
            state.project_id(),
            "forecast",
            state.content(chosen),
            settings=chosen.settings,
            parents=chosen.parents,
            note=f"version {chosen.number} again",
        )
        st.rerun()


@st.cache_resource(show_spinner="Scoring versions against what came", max_entries=64)
def _scores(
    version_id: int, data_hash: str, _version: VersionInfo, _history: History
) -> dict[str, float]:
    """Scores of one version over all queues, by contacts; empty while nothing is known."""
    scores = steps.score_forecast(state.content(_version), _history)
    scores = scores[scores["lead"] == "all"]
    if scores.empty:
        return {}
    names = ["wape", "day_wape", "bias", "coverage80"]
    weight = scores["n"] / scores["n"].sum()
    means = {name: float((scores[name] * weight).sum()) for name in names}
    return {"days": float(scores["days"].max()), **means}
