"""The reader's language: chosen in the sidebar, kept in the address, the browser and the project.

The choice of this session comes first, then the address of the page (``?lang=tr``), then what this
browser chose last, then what the project was last read in, then the browser's own language.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from wfm.core.errors import WfmError
from wfm.core.language import LANGUAGES
from wfm.ui import state
from wfm.ui.said import KEY, st

PARAMETER = "lang"
CHOICE = "language.choice"
KEPT = "language"  # under which a project and a browser (its cookie) keep it
YEAR_S = 365 * 24 * 3600
_NEW = "language.new"


def begin() -> None:
    """Find the session's language, before anything is said."""
    st.session_state[KEY] = next((code for code in _asked() if code in LANGUAGES), "en")


def _asked() -> Iterator[str | None]:
    """What may say the language, the strongest first; each is asked only when it counts."""
    yield st.session_state.get(CHOICE)
    yield st.query_params.get(PARAMETER)
    yield st.session_state.get(KEY)
    yield st.context.cookies.get(f"wfm_{KEPT}")
    yield state.fact(KEPT)
    yield _browser()


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
            on_change=_chosen,
        )
    if st.session_state.pop(_NEW, False):
        keep_cookie(KEPT, now)
    if now != "en" or PARAMETER in st.query_params:
        st.query_params[PARAMETER] = now


def keep_cookie(name: str, value: str) -> None:
    """Let the browser keep a value for a year; an empty one goes at once."""
    cookie = f"wfm_{name}={value};max-age={YEAR_S if value else 0};path=/;samesite=lax"
    st.html(f"<script>document.cookie = {cookie!r}</script>", unsafe_allow_javascript=True)


def _chosen() -> None:
    """Keep the language that was just chosen, for the next session."""
    st.session_state[_NEW] = True
    if state.project() is not None:
        with suppress(WfmError):  # a database that is only read keeps nothing
            state.store().keep(state.project_id(), KEPT, st.session_state[CHOICE])


def query() -> dict[str, str]:
    """What the address of another page must carry: the project and the language."""
    info = state.project()
    kept = {state.PARAMETER: str(info.id)} if info else {}
    now = st.session_state.get(KEY, "en")
    return kept | ({PARAMETER: now} if now != "en" else {})
