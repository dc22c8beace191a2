"""A popover that closes when its button has been pressed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wfm.ui.said import st

USED = "closing.used"


def popover(name: str, label: str, **more: Any) -> tuple[Any, Callable[[], None]]:
    """A popover, and what its button does first (``on_click``) so that it closes.

    What the press brings, errors too, belongs outside: inside it would not be seen. It closes
    because it stands in a container after every other use, so that a browser draws it anew. One
    that tells the server when it is opened or closed would do so while another page is chosen, and
    that page would be forgotten.

    Parameters
    ----------
    name
        Of this popover, unlike all others.
    label, more
        As `st.popover` takes them.
    """
    used: dict[str, int] = st.session_state.setdefault(USED, {})

    def close() -> None:
        used[name] = used.get(name, 0) + 1

    place = st.container(width="content") if used.get(name, 0) % 2 else st
    return place.popover(label, **more), close
