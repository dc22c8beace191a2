"""Tables that a planner types or pastes into: saved at every change, checked on the server."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any

import pandas as pd

from wfm import io
from wfm.core.cell import Row, as_day, as_number, as_text, blank, rows
from wfm.store import ChangedMeanwhile
from wfm.ui import state
from wfm.ui.parts import headings
from wfm.ui.parts.basics import beside
from wfm.ui.parts.numbers import write_number
from wfm.ui.said import st
from wfm.ui.whole import at_once

Kind = str  # text, number, share (a number shown as a percentage), day
ROWS, TALL = 12, 450


def editor(
    name: str,
    columns: Mapping[str, Kind],
    *,
    config: Mapping[str, Any] | None = None,
    alt: str = "",
) -> pd.DataFrame:
    """An editable table of the project; returns what is typed, as saved.

    Rows can be added, deleted, and pasted as a block from Excel. Whatever is typed is saved, also
    when it is not yet valid: the page shows what is wrong beside it. What somebody else has saved
    meanwhile is not overwritten.

    Parameters
    ----------
    name
        Table in the store.
    columns
        Its columns and what each holds: `text`, `number` or `day`.
    config
        Streamlit's column configuration, by column: heading, help, width; numbers and days are
        typed as texts and read here, so that nothing that was typed is lost.
    """
    project = state.project_id()
    columns, asked = _kinds(columns, config or {}), dict(config or {})
    headings.register(name, asked)
    key = f"base.{name}.{project}"
    if key not in st.session_state:
        saved = state.table(name)
        # An empty table shows one empty row, so that a pasted block has a cell to begin at.
        first = saved if len(saved) else saved.reindex([0])
        revision = saved.attrs.get("revision", 0)
        st.session_state[key] = (to_screen(first, columns), from_screen(saved, columns), revision)
    base, last, revision = st.session_state[key]
    count = st.session_state.get(f"count.{name}.{project}", 0)
    typed = _texts(
        base,
        columns,
        asked,
        key=f"editor.{name}.{project}.{count}",
        num_rows="dynamic",
        width="stretch",
        height=TALL if len(base) > ROWS else "auto",
        alt=alt or name,
        placeholder="",
    )
    frame = from_screen(typed, columns)
    if not frame.equals(last):
        with beside():
            try:
                at_once(lambda: _save(name, frame, key, base, revision))
                if _plain_share(typed, columns):
                    state.renew(name)  # the table shows what was understood: 20 is 2000 %
                    st.rerun()
            except ChangedMeanwhile as conflict:
                _settle(conflict, name, frame, key, base)
    return frame


def edited(
    name: str,
    frame: pd.DataFrame,
    columns: Mapping[str, Kind],
    *,
    config: Mapping[str, Any],
    key: str,
    alt: str = "",
) -> Iterator[Row]:
    """A table of the page's own whose cells are changed; its rows as they are typed.

    Parameters
    ----------
    name
        What messages call it, see `headings.TITLES`.
    frame
        What stands in it at first.
    columns, config
        As for `editor`.

    Raises
    ------
    DataError
        From the rows, where a cell cannot be read.
    """
    kinds = _kinds(columns, config)
    headings.register(name, config)
    typed = _texts(to_screen(frame, kinds), kinds, config, key=key, alt=alt or name)
    return rows(typed, name, list(columns), ())


def _texts(
    base: pd.DataFrame, columns: Mapping[str, Kind], config: Mapping[str, Any], **more: Any
) -> pd.DataFrame:
    """Draw a table of texts to type in; what is typed."""
    told = {name: _texts_only(own, columns[name]) for name, own in config.items()}
    return pd.DataFrame(st.data_editor(base, hide_index=True, column_config=told, **more))


def _plain_share(typed: pd.DataFrame, columns: Mapping[str, Kind]) -> bool:
    """Whether a share was typed as a number without its mark.

    >>> _plain_share(pd.DataFrame({"consent": ["35 %", "0.2"]}), {"consent": "share"})
    True
    >>> _plain_share(pd.DataFrame({"consent": ["35 %", None, "many"]}), {"consent": "share"})
    False
    """
    shares = [c for c, kind in columns.items() if kind == "share" and c in typed]
    cells = [str(v).strip() for c in shares for v in typed[c] if not blank(v)]
    return any(re.fullmatch(r"[+-]?[\d.,]*\d[\d.,]*", cell) for cell in cells)


def _save(
    name: str, frame: pd.DataFrame, key: str, base: pd.DataFrame, seen: int | None, reason: str = ""
) -> None:
    """Save what is typed, and that the editor shows what is saved."""
    now = state.store().save_table(state.project_id(), name, frame, seen=seen, reason=reason)
    st.session_state[key] = (base, frame, now)


def _settle(
    conflict: ChangedMeanwhile, name: str, mine: pd.DataFrame, key: str, base: pd.DataFrame
) -> None:
    """Both versions place by place, and the choice between them."""
    by = conflict.author or "someone else"
    st.error(
        f"This table was changed meanwhile by {by}; what you typed is not saved yet. Choose which "
        "of the two stays.",
        icon=":material/group:",
    )
    st.dataframe(conflict.rows, hide_index=True)
    left, right = st.columns(2)
    if left.button("Keep mine", key=f"mine.{key}", width="stretch"):
        reason = f"kept over {by}'s"
        at_once(lambda: _save(name, mine, key, base, conflict.revision, reason))
        st.rerun()
    if right.button("Take theirs", key=f"theirs.{key}", width="stretch"):
        state.renew(name)
        st.rerun()


def to_screen(frame: pd.DataFrame, columns: Mapping[str, Kind]) -> pd.DataFrame:
    """A frame with exactly these columns, each cell as a text.

    >>> table = pd.DataFrame({"agent": ["a1"], "cost_per_h": [31.5], "consent": [0.35]})
    >>> columns = {"agent": "text", "cost_per_h": "number", "consent": "share"}
    >>> to_screen(table, columns).to_dict("records")
    [{'agent': 'a1', 'cost_per_h': '31.5', 'consent': '35 %'}]
    """
    shown = frame.reindex(columns=list(columns)).reset_index(drop=True)
    for column, kind in columns.items():
        write = WRITTEN.get(kind, as_text)
        texts = [("" if blank(v) else write(v)) for v in shown[column].astype(object)]
        shown[column] = pd.Series(texts, index=shown.index, dtype="str")
    return shown


def _number(value: object) -> str:
    """A number in the reader's way, but for one that could then be read two ways, such as 1,125."""
    if isinstance(value, str):
        return value.strip()
    shown = write_number(float(value))  # type: ignore[arg-type]
    with suppress(ValueError):
        as_number(shown)
        return shown
    return shown.replace(",", ".")


def _share(value: object) -> str:
    return value.strip() if isinstance(value, str) else f"{_number(100 * float(value))} %"  # type: ignore[arg-type]


WRITTEN: Mapping[Kind, Callable[[object], str]] = {"number": _number, "share": _share}


def from_screen(frame: pd.DataFrame, columns: Mapping[str, Kind]) -> pd.DataFrame:
    """What was typed, as it is saved: numbers as such, days as YYYY-MM-DD, no empty rows.

    A column of numbers in which one cannot be read stays as it was typed, so that the table's own
    check can name it.
    """
    table = to_screen(frame, columns)
    table = table[(table != "").any(axis=1)].reset_index(drop=True)
    for column, kind in columns.items():
        if kind in WRITTEN:
            with suppress(ValueError):
                numbers = [as_number(text) if text else None for text in table[column]]
                table[column] = pd.Series(numbers, index=table.index, dtype=float)
        elif kind == "day":
            table[column] = table[column].map(_day).astype("str")
    return table


def _day(text: str) -> str:
    """A day as it is saved; what is none stays as it was typed."""
    with suppress(ValueError):
        return as_day(text).isoformat()
    return text


def _texts_only(own: Any, kind: Kind) -> Any:
    """The column of a table in which numbers, days and choices are typed as texts.

    A browser's own columns of those leave out what they cannot read without a word. What there is
    to choose from stands in the help.
    """
    if not isinstance(own, Mapping):
        return own
    held = own.get("type_config") or {}
    options = [str(option) for option in held.get("options") or ()]
    if kind == "text" and not options:
        return own
    help_ = " ".join(filter(None, (own.get("help"), ", ".join(options))))
    side = "right" if kind in WRITTEN else "left"
    return {**own, "help": help_ or None, "alignment": side, "type_config": {"type": "text"}}


def _kinds(columns: Mapping[str, Kind], config: Mapping[str, Any]) -> dict[str, Kind]:
    """What each column holds; numbers shown as percentages are shares."""
    shares = {
        name
        for name, own in config.items()
        if isinstance(own, Mapping) and (own.get("type_config") or {}).get("format") == "percent"
    }
    return {n: "share" if kind == "number" and n in shares else kind for n, kind in columns.items()}


def download_table(frame: pd.DataFrame, name: str, label: str) -> None:
    """A button that downloads a table as csv, with no cell that a spreadsheet would run."""
    st.download_button(
        label,
        data=lambda: io.csv_bytes(frame),
        file_name=f"{name}.csv",
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
        key=f"download.{name}",
    )
