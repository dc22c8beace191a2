"""The reader's language: chosen in the sidebar, kept in the address.

The choice of this session comes first, then the address of the page (``?lang=tr``), then the
browser's language.
"""

from __future__ import annotations

from wfm.core.language import LANGUAGES
from wfm.ui import state
from wfm.ui.said import KEY, st

PARAMETER = "lang"
CHOICE = "language.choice"


def begin() -> None:
    """Find the session's language, before anything is said."""
    asked = (
        st.session_state.get(CHOICE),
        st.query_params.get(PARAMETER),
        st.session_state.get(KEY),
        _browser(),
    )
    st.session_state[KEY] = next((code for code in asked if code in LANGUAGES), "en")


def _browser() -> str:
    return str(st.context.locale or "en").split("-")[0].lower()


def choose() -> None:
    """The switch of languages in the sidebar, each by its own name."""
    now = st.session_state[KEY]
    with st.sidebar:
        st.selectbox(
            "Language",
            list(LANGUAGES),
            index=list(LANGUAGES).index(now),
            format_func=LANGUAGES.__getitem__,
            key=CHOICE,
        )
    if now != "en" or PARAMETER in st.query_params:
        st.query_params[PARAMETER] = now


def query() -> dict[str, str]:
    """What the address of another page must carry: the project and the language."""
    info = state.project()
    kept = {state.PARAMETER: str(info.id)} if info else {}
    now = st.session_state.get(KEY, "en")
    return kept | ({PARAMETER: now} if now != "en" else {})
