"""Tables as they are read: numbers and days in the session's language, sorted by their values.

By themselves Streamlit's number formats write ``12.5`` and ``40.8%`` in every language, ``1089``
beside ``1,520``, and leave the marks of others to the browser's language instead of the page's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

import pandas as pd

from wfm.core.language import catalogue

STRFTIME = {
    "ddd": "%a", "D": "%d", "MMM": "%b", "YYYY": "%Y", "HH": "%H", "mm": "%M", "ss": "%S"
}  # fmt: skip
NAMED = re.compile("ddd|MMM")
MOMENT = re.compile("|".join(STRFTIME))
PRINTF = re.compile(r"%(?P<sign>\+?)(?:\.(?P<places>\d)f|d)(?P<share>%%)?")
SHARE, BEFORE = "%.0f%%", "%%%.0f"
"""A share beside its bar, and in a language that has the mark before the number."""
TRIMMED = ("", "localized", "%g")
"""Formats by which a number has as many decimals as it needs, four at most."""
MOST_ROWS = 5000
"""Rows of a table that are written here; longer ones are left to the browser."""
Write = Callable[[Any], str]


def written(
    frame: Any, config: Mapping[str, Any] | None, language: str = "en"
) -> tuple[Any, dict[str, Any] | None]:
    """A table whose cells are shown as they are read, and its columns without those formats.

    Parameters
    ----------
    frame
        What `st.dataframe` is given; all but a frame with one index a row comes back as it is.
    config
        Streamlit's column configuration.
    language
        In which numbers and days are written; a key of `wfm.core.language.LANGUAGES`.

    Returns
    -------
    tuple
        The styled table and the configuration that goes with it.

    Examples
    --------
    >>> table = pd.DataFrame({"share": [0.408], "contacts": [1089]})
    >>> config = {"share": {"type_config": {"type": "number", "format": "percent"}}}
    >>> shown, left = written(table, config, "tr")
    >>> shown.to_string(delimiter=" ").split()[-2:], left["share"]["type_config"]
    (['%40,8', '1.089'], {'type': 'number'})
    """
    small = isinstance(frame, pd.DataFrame) and 0 < len(frame) <= MOST_ROWS
    if not small or not frame.columns.is_unique:
        return frame, None if config is None else dict(config)
    shown, left = frame.reset_index(drop=True), dict(config or {})
    tell: Write = str if language == "en" else partial(catalogue(language).value, spec="%")
    writes: dict[str, Any] = {}
    for column in (c for c in shown.columns if isinstance(c, str)):
        own = left.get(column, {})
        if own is None:  # a column that is not shown
            continue
        kind, form = _type_of(own)
        if (kind, form) == ("progress", SHARE) and tell("5%") == "%5":
            left[column] = {**own, "type_config": {**own["type_config"], "format": BEFORE}}
        write = _write_of(shown[column], kind, form)
        if write is None:
            continue
        writes[column] = _cell(write, tell)
        if isinstance(own, Mapping) and own:
            held = {k: v for k, v in (own.get("type_config") or {}).items() if k != "format"}
            left[column] = {**own, "type_config": held or None}
    return shown.style.format(writes, na_rep=""), left


def lean(table: pd.DataFrame) -> pd.DataFrame:
    """A table without what is the same in every row: its queue, where there is but one, and voids.

    >>> list(lean(pd.DataFrame({"queue": ["a", "a"], "agents": [2, 2], "flags": ["", None]})))
    ['agents']
    """
    one = [c for c in ("queue",) if c in table and table[c].nunique() == 1]
    void = [c for c in table if _is_void(table[c])]
    return table.drop(columns=[*one, *void]) if len(table) else table


def _is_void(column: pd.Series) -> bool:
    unknown = column.isna()
    if pd.api.types.is_string_dtype(column) or column.dtype == object:
        unknown |= column.astype(str).eq("")
    return bool(unknown.all())


def _type_of(column: Any) -> tuple[str, str]:
    """Type and format of a column's configuration."""
    kind = (column.get("type_config") or {}) if isinstance(column, Mapping) else {}
    return str(kind.get("type") or ""), str(kind.get("format") or "")


def _cell(write: Write, tell: Write) -> Write:
    """How a value of a column is shown; one that is not known is empty."""
    return lambda value: "" if pd.isna(value) else tell(write(value))


def _write_of(values: pd.Series, kind: str, form: str) -> Write | None:
    """How a column's values are written in English; None where Streamlit's own way is kept."""
    if all(isinstance(value, date) for value in values.dropna()) and len(values.dropna()):
        return _day(form) if NAMED.search(form) else None
    number = pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
    return _number(form) if number and kind in ("", "number") else None


def _number(form: str) -> Write | None:
    """A number by a format of Streamlit.

    >>> [_number(form)(-0.5) for form in ("percent", "%+.2f", "%.1f%%", "localized")]
    ['-50.0%', '-0.50', '-0.5%', '-0.5']
    """
    if form in TRIMMED:
        return _trimmed
    if form == "percent":
        return lambda value: f"{value:,.1%}"
    if (found := PRINTF.fullmatch(form)) is None:
        return None
    spec, unit = f"{found['sign']},.{found['places'] or 0}f", "%" if found["share"] else ""
    return lambda value: f"{value:{spec}}{unit}"


def _trimmed(value: float) -> str:
    """A number with the decimals that it needs.

    >>> _trimmed(1089), _trimmed(0.25), _trimmed(12.0)
    ('1,089', '0.25', '12')
    """
    text = f"{value:,.4f}"
    return text.rstrip("0").rstrip(".")


def _day(form: str) -> Write:
    """A day or moment by a format of Streamlit that names weekdays or months.

    >>> _day("ddd D MMM HH:mm")(pd.Timestamp("2026-03-02 08:30"))
    'Mon 2 Mar 08:30'
    """
    pattern = MOMENT.sub(lambda m: STRFTIME[m[0]], form)
    if "D" not in MOMENT.findall(form):
        return lambda value: f"{value:{pattern}}"
    return lambda value: f"{value:{pattern.replace('%d', '{}')}}".format(value.day)
