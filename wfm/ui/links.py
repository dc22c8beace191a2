"""Links between pages that are not lost, and lose nothing that was typed before them.

Streamlit's page in the browser sends a click on a link at once. What was typed or pressed before is
sent a moment later, with the page that is being left, and takes the reader back to it; and where it
is sent first, its run is broken off before it has saved anything.
"""

from __future__ import annotations

from pathlib import Path

from wfm.ui.said import st

SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")


def begin() -> None:
    """Let links of this page wait for what was done before them."""
    with st.sidebar:
        st.html(f"<script>{SCRIPT}</script>", unsafe_allow_javascript=True)
