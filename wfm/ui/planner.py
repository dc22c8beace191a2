"""Whose changes these are: a name typed in the sidebar, kept in the address."""

from __future__ import annotations

from wfm.ui import state
from wfm.ui.said import st

PARAMETER, MOST = "name", 80


def begin() -> None:
    """Take the name from the address, before anything is changed."""
    if state.NAME not in st.session_state:
        st.session_state[state.NAME] = str(st.query_params.get(PARAMETER) or "")[:MOST]


def choose() -> None:
    """The field in the sidebar; empty means WFM_USER, or the user of the machine."""
    with st.sidebar:
        typed = st.text_input(
            "Your name",
            key=state.NAME,
            max_chars=MOST,
            placeholder=state.store().who,
            help="Stands beside each of your changes in the change log. Without it they carry the "
            "name of the machine's user.",
        )
    if typed.strip():
        st.query_params[PARAMETER] = typed.strip()
    elif PARAMETER in st.query_params:
        del st.query_params[PARAMETER]


def query() -> dict[str, str]:
    """What the address of another page must carry."""
    name = str(st.session_state.get(state.NAME) or "").strip()
    return {PARAMETER: name} if name else {}
