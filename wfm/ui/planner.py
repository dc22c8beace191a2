"""Whose changes these are: a name typed in the sidebar, kept in the address and the browser."""

from __future__ import annotations

from urllib.parse import quote, unquote

from wfm.ui import state
from wfm.ui.reader import keep_cookie
from wfm.ui.said import st

PARAMETER, MOST = "name", 80
_NEW = "planner.new"


def begin() -> None:
    """Take the name from the address, else from this browser, before anything is changed."""
    if state.NAME not in st.session_state:
        kept = unquote(st.context.cookies.get(f"wfm_{PARAMETER}") or "")
        st.session_state[state.NAME] = str(st.query_params.get(PARAMETER) or kept)[:MOST]


def choose() -> None:
    """The field in the sidebar; empty means WFM_USER, or the user of the machine."""
    with st.sidebar:
        typed = st.text_input(
            "Your name",
            key=state.NAME,
            max_chars=MOST,
            on_change=_typed,
            placeholder=state.store().who,
            help="Stands beside each of your changes in the change log. Without it they carry the "
            "name of the machine's user.",
        )
    if typed.strip():
        st.query_params[PARAMETER] = typed.strip()
    elif PARAMETER in st.query_params:
        del st.query_params[PARAMETER]

    if st.session_state.pop(_NEW, False):
        keep_cookie(PARAMETER, quote(typed.strip(), safe=""))


def _typed() -> None:
    """Let the browser keep the name for its next visit."""
    st.session_state[_NEW] = True


def query() -> dict[str, str]:
    """What the address of another page must carry."""
    name = str(st.session_state.get(state.NAME) or "").strip()
    return {PARAMETER: name} if name else {}
