"""A popover that closes when its button has been pressed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wfm.ui.said import st


def popover(name: str, label: str, **more: Any) -> tuple[Any, Callable[[], None]]:
    """A popover, and what its button does first (``on_click``) so that it closes.

    What the press brings, errors too, belongs outside: inside it would not be seen.

    Parameters
    ----------
    name
        Of this popover, unlike all others on the page.
    label, more
        As `st.popover` takes them.
    """
    key = f"popover.{name}"

    def close() -> None:
        st.session_state[key] = False

    return st.popover(label, key=key, on_change="rerun", **more), close
