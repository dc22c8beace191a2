"""Widgets bound to a setting of the project: shown as saved, saved when changed.

Each widget saves at once, so a reload loses nothing; a value that is refused shows its reason
beneath the widget and the saved one stays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from wfm.ui import state
from wfm.ui.parts import headings, numbers
from wfm.ui.parts.basics import below, beside
from wfm.ui.said import language, st


@dataclass(frozen=True)
class Field:
    """One setting as a page asks for it.

    Parameters
    ----------
    draw
        `text`, `number`, `percent`, `choice` or `day`.
    name, label
        The setting and what stands above it.
    more
        Whatever else `draw` takes: its help, bounds, options.
    """

    draw: Callable[..., None]
    name: str
    label: str
    more: Mapping[str, Any] = field(default_factory=dict)


def grid(section: str, asked: Sequence[Field], across: int = 3) -> None:
    """Fields of a section beside each other, so many in a row."""
    for first in range(0, len(asked), across):
        row(section, asked[first : first + across], [1] * across)


def row(section: str, asked: Sequence[Field], widths: Sequence[int]) -> list[Any]:
    """Fields beside each other; all columns come back, for what else stands in them."""
    places: list[Any] = st.columns(widths, vertical_alignment="bottom")
    with below():
        for place, one in zip(places, asked, strict=False):
            with place:
                one.draw(section, one.name, one.label, **one.more)
    return places


def key_of(section: str, name: str) -> str:
    """Key of a setting's widget, one for each project, and a new one after an undo."""
    return f"{section}.{name}.{state.project_id()}.{state.turn()}"


def _key(section: str, name: str, label: str) -> str:
    """The key, and the label remembered for messages about the setting."""
    headings.name_field(section, name, label)
    return key_of(section, name)


def stored(section: str, name: str) -> Any:
    """The saved value of a setting."""
    return getattr(getattr(state.settings(), section), name)


def _save(section: str, name: str, value: Any, label: str) -> None:
    if value != stored(section, name):
        with beside(label):
            state.change(section, **{name: value})


def text(section: str, name: str, label: str, *, help: str | None = None, empty: str = "") -> None:
    """A setting that is text; nothing typed means `empty` (None when that is "")."""
    typed = st.text_input(
        label,
        value=stored(section, name) or "",
        key=_key(section, name, label),
        help=help,
        placeholder=empty or None,
    )
    _save(section, name, typed.strip() or None, label)


def number(
    section: str,
    name: str,
    label: str,
    *,
    help: str | None = None,
    least: float | None = None,
    most: float | None = None,
    step: float = 1.0,
    placeholder: str | None = None,
) -> None:
    """A number, a whole one where `step` is; empty means None where the setting has that."""
    typed = numbers.number(
        label,
        stored(section, name),
        key=_key(section, name, label),
        least=least,
        most=most,
        whole=isinstance(step, int),
        help=help,
        placeholder=placeholder,
    )
    _save(section, name, typed, label)


def percent(
    section: str,
    name: str,
    label: str,
    *,
    help: str | None = None,
    least: float = 0.0,
    most: float = 100.0,
    placeholder: str | None = None,
) -> None:
    """A share between 0 and 1, typed as a percentage."""
    saved = stored(section, name)
    typed = numbers.number(
        label,
        None if saved is None else round(100 * float(saved), 6),
        key=_key(section, name, label),
        least=least,
        most=most,
        percent=True,
        help=help,
        placeholder=placeholder,
    )
    _save(section, name, None if typed is None else round(typed / 100, 8), label)


def choice(
    section: str,
    name: str,
    label: str,
    options: Sequence[Any],
    *,
    names: Callable[[Any], str] = str,
    help: str | None = None,
    new: bool = False,
) -> None:
    """One of some values, or with `new` one that is typed; a saved one is offered in any case."""
    saved = stored(section, name)
    known = list(options) if saved in options else [saved, *options]
    typed = st.selectbox(
        label,
        known,
        index=known.index(saved),
        format_func=names,
        key=_key(section, name, label),
        help=help,
        accept_new_options=new,
    )
    _save(section, name, typed, label)


def day_format() -> str:
    """How a day is typed in the session's language."""
    return "YYYY-MM-DD" if language() == "en" else "DD.MM.YYYY"


def day(section: str, name: str, label: str, *, help: str | None = None) -> None:
    """A day, or nothing."""
    typed = st.date_input(
        label,
        value=stored(section, name),
        key=_key(section, name, label),
        help=help,
        format=day_format(),
    )
    if typed is None or isinstance(typed, date):
        _save(section, name, typed, label)
