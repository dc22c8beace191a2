"""What each campaign needs, what was free for it, and what one more agent hour would bring."""

from __future__ import annotations

from wfm.core.types import Requirement, Schedule
from wfm.core.wording import piece_of, work_name
from wfm.planning.outbound import outbound_report
from wfm.store import VersionInfo
from wfm.ui import parts, project
from wfm.ui.said import say, st

WORTH = {
    "campaign": st.column_config.TextColumn("Campaign"),
    "needed_h": st.column_config.NumberColumn("Needed [h]", format="%.1f"),
    "free_h": st.column_config.NumberColumn(
        "Free [h]", format="%.1f", help="Agent hours with the skill beyond the inbound requirement."
    ),
    "placed_h": st.column_config.NumberColumn("Placed [h]", format="%.1f"),
    "connects": st.column_config.NumberColumn("Contacts", format="%.0f"),
    "right_parties": st.column_config.NumberColumn("Results", format="%.0f"),
    "more_connects": st.column_config.NumberColumn("One hour more: contacts", format="%.1f"),
    "more_right_parties": st.column_config.NumberColumn("One hour more: results", format="%.1f"),
    "more_cost": st.column_config.NumberColumn("One hour more saves", format="%.1f"),
}


def show(schedule: Schedule, version: VersionInfo, covered: Requirement | None) -> None:
    """Needed, free and placed hours, on demand."""
    if covered is None:
        return
    key = f"worth.{version.id}"
    if st.button("What one more agent hour brings", icon=":material/more_time:"):
        with parts.beside(), st.spinner("Working out needs, free hours and prices"):
            centre = project.centre(schedule)
            st.session_state[key] = outbound_report(schedule, covered, **centre)
    if key in st.session_state:
        table = st.session_state[key]
        shown = table[list(WORTH)].assign(campaign=table["campaign"].map(named))
        st.dataframe(shown, hide_index=True, column_config=WORTH)
        st.caption(
            "Needed: by the list, or as wanted. One hour more brings nothing once all wanted hours "
            "are placed; what it saves is in cost units, by the price of the linear programme."
        )


def named(campaign: str) -> str:
    """A campaign as it is called, a piece of a queue's work by its queue and day."""
    piece = piece_of(campaign)
    if piece is None:
        return campaign
    day, clock = piece
    return f"{work_name(campaign)}, {say(f'{day:%d %b}')} {clock}".strip()
