"""The service that callers will meet with the heads really rostered."""

from __future__ import annotations

import pandas as pd

from wfm.core.served import in_line, weighed
from wfm.core.types import Requirement, Schedule
from wfm.core.work import CHANNELS
from wfm.planning.service import predict_service, queue_service
from wfm.store import VersionInfo
from wfm.ui import parts
from wfm.ui.said import st

SERVICE = {
    "day": st.column_config.DateColumn("Day", format="ddd D MMM"),
    "queue": st.column_config.TextColumn("Queue"),
    "volume": st.column_config.NumberColumn("Contacts", format="%.0f"),
    "promise": st.column_config.TextColumn("Promise"),
    "required": st.column_config.NumberColumn("Required, mean", format="%.1f"),
    "scheduled": st.column_config.NumberColumn("Scheduled, mean", format="%.1f"),
    "agents": st.column_config.NumberColumn("On contacts, mean", format="%.1f"),
    "service_level": st.column_config.NumberColumn("Service level", format="percent"),
    "abandoned": st.column_config.NumberColumn("Abandoned", format="percent"),
    "occupancy": st.column_config.NumberColumn("Occupancy", format="percent"),
    "asa_s": st.column_config.NumberColumn("ASA [s]", format="%.0f"),
}


@st.cache_resource(show_spinner="Predicting the service of the roster", max_entries=8)
def _predicted(
    version_id: int, data_hash: str, by: str, _schedule: Schedule, _covered: Requirement
) -> pd.DataFrame:
    return predict_service(_schedule, _covered, by=by)


def predicted(
    schedule: Schedule, version: VersionInfo, covered: Requirement, by: str = "day"
) -> pd.DataFrame:
    """Service with the heads really rostered, worked out once for each schedule."""
    return _predicted(version.id, version.data_hash, by, schedule, covered)


def week_level(
    schedule: Schedule, version: VersionInfo, covered: Requirement | None
) -> float | None:
    """Service level of the queues that callers wait in, over the days of the schedule."""
    if covered is None or not covered.model:
        return None
    table = predicted(schedule, version, covered)
    volume = weighed(table["volume"], in_line(table["queue"], covered))
    total = volume.sum()
    return float((table["service_level"] * volume).sum() / total) if total else None


def show(schedule: Schedule, version: VersionInfo, covered: Requirement | None) -> None:
    """The tab Service."""
    if covered is None or not covered.model:
        st.info("The service is predicted for requirements made here.", icon=":material/info:")
        return
    with parts.beside():
        table = predicted(schedule, version, covered).copy()
        st.caption(
            "Service that callers can expect with the agents really rostered, less shrinkage, by "
            f"{covered.model.replace('_', ' ').title()}."
        )
        parts.assumed(covered)
        whole = queue_service(table)
        whole["promise"] = whole["queue"].map(lambda q: str(covered.targets.get(q, "")))
        due = _due(covered)
        for shown in (table, whole):
            shown[["abandoned", "asa_s"]] = shown[["abandoned", "asa_s"]].mask(
                shown["queue"].isin(due), axis=0
            )
        late = whole["queue"].isin(due)
        whole.loc[late, "promise"] = [f"within {due[q]:g} h" for q in whole["queue"][late]]
        _table("Each queue", whole)
        if due:
            st.caption("E-mail and post: the share answered in time; nobody waits or hangs up.")
        _table("Each queue by day", table)


def _due(covered: Requirement) -> dict[str, float]:
    """Hours in which the queues are to be answered that nobody waits in."""
    if not {"channel", "due_h"} <= set(covered.frame):
        return {}
    later = covered.frame[covered.frame["channel"].map(CHANNELS).eq("deferred")]
    return {
        str(queue): float(hours) for queue, hours in later.groupby("queue")["due_h"].max().items()
    }


def _table(title: str, table: pd.DataFrame) -> None:
    st.markdown(f"##### {title}")
    st.dataframe(
        table[[c for c in SERVICE if c in table]],
        hide_index=True,
        height="content",
        column_config=SERVICE,
    )
