"""Streamlit as the pages use it: whatever they say in English is shown in the session's language.

Pages write ``from wfm.ui.said import st`` and plain English. Every text, label, help, option,
column heading, chart title and error passes here on its way to the screen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import TYPE_CHECKING, Any

import streamlit
from streamlit.delta_generator import DeltaGenerator

from wfm.core.language import LANGUAGES, catalogue, told
from wfm.ui.cells import written
from wfm.ui.charts_dark import chart_in_dark
from wfm.ui.charts_told import chart_told
from wfm.ui.whole import pressed, rerun

KEY = "language"
TEXTS = (
    *("title", "header", "subheader", "markdown", "caption", "write", "text", "badge", "toast"),
    *("error", "warning", "info", "success", "button", "download_button", "form_submit_button"),
    *("text_input", "text_area", "number_input", "date_input", "time_input", "file_uploader"),
    *("selectbox", "multiselect", "radio", "segmented_control", "pills", "select_slider"),
    *("checkbox", "toggle", "slider", "expander", "popover", "spinner", "status", "metric"),
    *("page_link", "progress", "Page", "tabs", "table", "dataframe", "data_editor"),
    *("altair_chart", "link_button", "columns", "container", "empty", "form", "dialog"),
)
OPTIONS = ("selectbox", "multiselect", "radio", "segmented_control", "pills", "select_slider")
WORDS = ("label", "help", "placeholder", "text", "alt", "body", "title", "delta")
NAMES = (
    "agent",
    "name",
    "team",
    "site",
    "queue",
    "queues",
    "skill",
    "skills",
    "contract",
    "campaign",
)
MOST_TEXTS = 5000  # cells of a table that are told at most


def language() -> str:
    """The session's language."""
    return str(streamlit.session_state.get(KEY, "en"))


def say(text: str) -> str:
    """A text in the session's language, for places that do not pass here by themselves."""
    return told(text, language())


class Spoken:
    """Streamlit, or a place of a page, whose texts are told in the session's language."""

    def __init__(self, place: Any) -> None:
        self._place = place

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._place, name)
        if isinstance(found, DeltaGenerator):
            return Spoken(found)
        return _telling(name, found) if name in TEXTS else found

    def __enter__(self) -> Spoken:
        self._place.__enter__()
        return self

    def __exit__(self, *error: Any) -> Any:
        return self._place.__exit__(*error)


def _telling(name: str, draw: Callable[..., Any]) -> Callable[..., Any]:
    """A drawing function that tells its texts first."""

    @wraps(draw)
    def drawn(*args: Any, **kwargs: Any) -> Any:
        if name == "button":
            kwargs.setdefault("key", f"button.{args[0]}")  # the same in every language
        if (lang := language()) != "en":
            args, kwargs = _arguments(name, args, kwargs, lang)
        if name == "dataframe" and args:
            shown, config = written(args[0], kwargs.get("column_config"), language())
            args, kwargs = (
                (shown, *args[1:]),
                {"placeholder": "", **kwargs, "column_config": config},
            )
        if name == "altair_chart" and streamlit.context.theme.type == "dark":
            args = (chart_in_dark(args[0]), *args[1:])
        return (
            pressed(draw, *args, **kwargs) if name == "button" else _spoken(draw(*args, **kwargs))
        )

    return drawn


def _spoken(result: Any) -> Any:
    if isinstance(result, DeltaGenerator):
        return Spoken(result)
    if isinstance(result, list | tuple) and result and isinstance(result[0], DeltaGenerator):
        return [Spoken(place) for place in result]
    return result


def _arguments(
    name: str, args: tuple[Any, ...], kwargs: dict[str, Any], lang: str
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The same arguments with their texts told."""
    tell = catalogue(lang).told
    first: list[Any] = list(args)
    if name == "tabs":
        first[0] = [tell(label) for label in first[0]]
    elif name in ("dataframe", "table", "data_editor"):
        kwargs["column_config"] = _headings(first[0], kwargs.get("column_config"), tell)
        if name != "data_editor":
            first[0] = _cells(first[0], tell)
    elif name == "altair_chart":
        first[0] = chart_told(first[0], lang)
    elif name == "metric":
        first = [tell(a) if isinstance(a, str) else a for a in first]
    elif first and isinstance(first[0], str) and name not in ("Page", "page_link", "form"):
        first[0] = tell(first[0])
    kwargs = {k: tell(v) if k in WORDS and isinstance(v, str) else v for k, v in kwargs.items()}
    if name in OPTIONS:
        write = kwargs.get("format_func", str)
        kwargs["format_func"] = lambda option: _option(write(option), tell)
    return tuple(first), kwargs


class Name(str):
    """What somebody has called something: an option that is the same in every language."""


def _option(written: Any, tell: Callable[[str], str]) -> str:
    return written if isinstance(written, Name) else tell(str(written))


def _headings(frame: Any, config: Any, tell: Callable[[str], str]) -> dict[str, Any]:
    """Column headings and their help."""
    told_config: dict[str, Any] = {}
    for column in getattr(frame, "columns", ()):
        own = dict(config).get(column) if config else None
        if isinstance(own, str):
            told_config[column] = tell(own)
        elif isinstance(own, Mapping):
            words = {k: tell(own[k]) for k in ("label", "help") if isinstance(own.get(k), str)}
            if not own.get("label") and isinstance(column, str):
                words["label"] = tell(column)
            told_config[column] = {**own, **words}
        elif own is None and config is not None and column in config:
            told_config[column] = None
        elif isinstance(column, str) and tell(column) != column:
            told_config[column] = tell(column)
    return told_config


def _cells(frame: Any, tell: Callable[[str], str]) -> Any:
    """A table's sentences; names of people, teams, queues and skills stay as they are."""
    if not hasattr(frame, "columns") or len(frame) > MOST_TEXTS:
        return frame
    shown = frame.copy()
    for column in shown.columns:
        values = shown[column]
        if column in NAMES or not (
            values.dtype == object or str(values.dtype) in ("str", "string")
        ):
            continue
        shown[column] = [tell(v) if isinstance(v, str) else v for v in values]
    return shown


def cache_resource(**options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Streamlit's cache of values; its spinner says in the session's language what is made."""
    words = options.pop("show_spinner", False)

    def cached(make: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(make)
        def made(*args: Any, **kwargs: Any) -> Any:
            if not isinstance(words, str):
                return make(*args, **kwargs)
            with streamlit.spinner(say(words)):
                return make(*args, **kwargs)

        found: Callable[..., Any] = streamlit.cache_resource(show_spinner=False, **options)(made)
        return found

    return cached


if TYPE_CHECKING:
    import streamlit as st
else:
    st = Spoken(streamlit)
    st.cache_resource = cache_resource
    st.rerun = rerun

__all__ = ["LANGUAGES", "Name", "Spoken", "language", "say", "st"]
