"""Tabs of which only the open one is drawn, so that a page costs what one sees of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from wfm.ui.said import language, st

KEPT = "kept."
"""What a widget's key begins with that keeps its value while it is not on the screen."""


def tabs(name: str, drawn: Mapping[str, Callable[[], None]]) -> None:
    """Draw the open tab; the one that was open last is open again.

    Parameters
    ----------
    name
        Of this row of tabs, unlike all others.
    drawn
        What draws each tab, by its label.
    """
    places = st.tabs(list(drawn), key=key_of(name), on_change="rerun")
    for place, draw in zip(places, drawn.values(), strict=True):
        if place.open:
            with place:
                draw()


def key_of(name: str) -> str:
    """Key under which the session keeps the label of a row's open tab; labels have a language.

    >>> key_of("schedule")
    'kept.tab.schedule.en'
    """
    return KEPT + f"tab.{name}.{language()}"


def keep() -> None:
    """Let the widgets whose keys ask for it keep their values though this run may not draw them."""
    for key in [str(k) for k in st.session_state if str(k).startswith(KEPT)]:
        st.session_state[key] = st.session_state[key]


def kept_key(name: str, first: object) -> str:
    """The key of a widget that keeps its value, with what it shows at first."""
    st.session_state.setdefault(KEPT + name, first)
    return KEPT + name
