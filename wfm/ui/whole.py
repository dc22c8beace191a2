"""Clicks and saves that a second click does not break off half-way.

A run of a page ends at its next step when the planner presses something else, and the next run
begins. What had been pressed and was not reached yet would be lost, and what had just been saved
would look as if somebody else had saved it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Thread
from typing import Any, TypeVar

import streamlit
from streamlit.runtime.scriptrunner import add_script_run_ctx, get_script_run_ctx

T = TypeVar("T")
PRESSES, KEPT_S = "whole.presses", 60.0


def at_once(work: Callable[[], T]) -> T:
    """Do some work to its end, whatever is pressed meanwhile.

    A run is broken off in its own thread only, so the work is done in another one.

    Raises
    ------
    Exception
        What `work` raises.

    Examples
    --------
    >>> at_once(lambda: 7)
    7
    """
    context = get_script_run_ctx(suppress_warning=True)
    if context is None:
        return work()
    made: list[T] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            made.append(work())
        except BaseException as error:  # raised below, on the run's own thread
            failed.append(error)

    thread = Thread(target=run)
    add_script_run_ctx(thread, context)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
    return made[0]


def rerun() -> None:
    """Draw the page again; a page that was chosen meanwhile comes first.

    Streamlit's own forgets it when it asks for this page again.
    """
    streamlit.session_state.get(PRESSES)  # a step at which a run may end
    streamlit.rerun()


def presses() -> dict[str, float]:
    """When each button was pressed that no run has reached since, by its key."""
    held: dict[str, float] = streamlit.session_state.setdefault(PRESSES, {})
    return held


def pressed(draw: Callable[..., Any], *args: Any, **kwargs: Any) -> bool:
    """Draw a button; true in the first run that reaches it after it was pressed.

    By itself Streamlit tells of a press in one run only, which may be broken off before it comes
    to the button.
    """
    held, own = presses(), kwargs.pop("on_click", None)
    key = str(kwargs.pop("key", None) or f"button.{args[0]}")

    def press() -> None:  # no word with the session here: that could be broken off too
        held[key] = time.monotonic()
        if own is not None:
            own()

    now = bool(draw(*args, **kwargs, key=key, on_click=press))
    at = held.pop(key, None)
    waited = at is not None and time.monotonic() - at < KEPT_S
    return (now or waited) and not kwargs.get("disabled", False)
