"""A damaged database: what can still be read is shown, and its last backup is one press away."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit

from wfm.store import DamagedError, restore_backup
from wfm.ui.parts.basics import beside, when
from wfm.ui.said import st


def restore(damage: DamagedError) -> None:
    """Say what is wrong, and offer the last sound backup."""
    st.error(
        f"The database file {damage.place} is damaged. What can still be read of it is shown; "
        "nothing can be saved until a backup is restored.",
        icon=":material/database_off:",
    )
    if damage.backup is None:
        st.caption("There is no backup in its folder 'backups'. Name another file: WFM_DATABASE.")
        return
    made = datetime.fromtimestamp(damage.backup.stat().st_mtime, UTC)
    st.caption(
        f"The last sound backup is of {when(made)}: {damage.backup}. The damaged file is set aside."
    )
    if st.button("Restore this backup", type="primary", icon=":material/settings_backup_restore:"):
        with beside():
            restore_backup(damage.backup, damage.place)
            streamlit.cache_resource.clear()
            st.rerun()
