"""Publish the newest version of a kind, or withdraw it."""

from __future__ import annotations

from wfm.store import VersionInfo
from wfm.ui import state
from wfm.ui.said import st


def button(version: VersionInfo, help: str) -> None:
    """The button that changes a version's state; the change log tells who pressed it."""
    published = version.state == "published"
    if st.button(
        "Withdraw the newest version" if published else "Publish the newest version",
        icon=":material/unpublished:" if published else ":material/publish:",
        help=help,
        key=f"publish.{version.kind}",
    ):
        state.store().set_state(version.id, "withdrawn" if published else "published")
        st.rerun()
