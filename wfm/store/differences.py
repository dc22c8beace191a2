"""What differs between two contents of a table or of settings, place by place, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import pandas as pd

from wfm.store.models import Json

SHOWN = 5
LONGEST = 80
_ABSENT = object()


class Difference(NamedTuple):
    """One place and what it holds before and after, as text; empty where there is nothing."""

    place: str
    before: str
    after: str


def differences(before: Json, after: Json) -> list[Difference]:
    """What differs between two contents: both tables as `table_to_json` makes them, or settings.

    An empty mapping is a table that was never saved, or no settings.

    >>> differences({"staff": {"target": 80}}, {"staff": {"target": 90}})
    [Difference(place='staff.target', before='80', after='90')]
    >>> old = {"columns": ["agent", "cost_per_h"], "types": [], "rows": [["Ada", 9.5]]}
    >>> new = {**old, "rows": [["Ada", 10.0], ["Bo", 9.0]]}
    >>> for line in differences(old, new):
    ...     print(line.place, "|", line.before, "|", line.after)
    Ada, cost_per_h | 9.5 | 10.0
    Bo | | Bo, 9.0
    """
    if is_table(before) or is_table(after):
        return _tables(before, after)
    return list(_mappings(before, after, ""))


def is_table(content: Json) -> bool:
    """Whether a content is a table's."""
    return set(content) == {"columns", "types", "rows"}


def summary(found: list[Difference]) -> Json:
    """The first differences and their number, as a change keeps them."""
    return {"count": len(found), "shown": [list(line) for line in found[:SHOWN]]}


def three_ways(base: Json | None, theirs: Json, mine: Json) -> pd.DataFrame:
    """Where two contents part from each other: `place before theirs mine`, as text.

    `before` is empty where the common content is not known.
    """
    if base is None:
        rows = [(place, "", old, new) for place, old, new in differences(theirs, mine)]
    else:
        before: dict[str, str] = {}
        sides: list[dict[str, str]] = []
        for content in (theirs, mine):
            found = differences(base, content)
            before |= {line.place: line.before for line in found}
            sides.append(_whole_rows(content) | {line.place: line.after for line in found})
        rows = [
            (place, old, sides[0].get(place, old), sides[1].get(place, old))
            for place, old in before.items()
        ]
    return pd.DataFrame(rows, columns=["place", "before", "theirs", "mine"], dtype="str")


def _whole_rows(content: Json) -> dict[str, str]:
    """Each row of a table in one line, by the first cell that names it."""
    if not is_table(content) or not content["columns"]:
        return {}
    rows = [dict(zip(content["columns"], row, strict=True)) for row in content["rows"]]
    named = _labelled(rows, content["columns"][0]) or {}
    return {label: _line(row) for label, row in named.items()}


def merged(base: Json, theirs: Json, mine: Json) -> Json | None:
    """Settings with the changes of both sides; None when both changed one place, and differently.

    >>> merged({"x": 1, "y": {"z": 1}}, {"x": 2, "y": {"z": 1}}, {"x": 1, "y": {"z": 3}})
    {'x': 2, 'y': {'z': 3}}
    >>> merged({"x": 1}, {"x": 2}, {"x": 3}) is None
    True
    """
    result: Json = {}
    for key in dict.fromkeys([*theirs, *mine]):
        old, other, own = (side.get(key, _ABSENT) for side in (base, theirs, mine))
        chosen = other
        if own not in (old, other):
            if all(isinstance(side, Mapping) for side in (old, other, own)):
                chosen = merged(old, other, own)
            else:
                chosen = own if other == old else None
            if chosen is None and not (own is None and other == old):
                return None
        if chosen is not _ABSENT:
            result[key] = chosen
    return result


def _mappings(before: Mapping[str, Any], after: Mapping[str, Any], at: str) -> Iterable[Difference]:
    for key in dict.fromkeys([*before, *after]):
        old, new = before.get(key), after.get(key)
        place = f"{at}.{key}" if at else str(key)
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            yield from _mappings(old, new, place)
        elif (old, key in before) != (new, key in after):
            yield Difference(place, _text(old), _text(new))


def _tables(before: Json, after: Json) -> list[Difference]:
    old_columns, new_columns = before.get("columns", []), after.get("columns", [])
    found = []
    if before and after:
        found += [Difference(f"column {c}", c, "") for c in old_columns if c not in new_columns]
        found += [Difference(f"column {c}", "", c) for c in new_columns if c not in old_columns]
    old_rows = [dict(zip(old_columns, row, strict=True)) for row in before.get("rows", [])]
    new_rows = [dict(zip(new_columns, row, strict=True)) for row in after.get("rows", [])]
    key = next((c for c in old_columns or new_columns if c in new_columns or not after), None)
    old, new = _labelled(old_rows, key), _labelled(new_rows, key)
    if old is None or new is None:
        old = {f"row {i}": row for i, row in enumerate(old_rows, 1)}
        new = {f"row {i}": row for i, row in enumerate(new_rows, 1)}
    for label in dict.fromkeys([*old, *new]):
        found += _rows(label, old.get(label), new.get(label))
    if not found and before != after:
        found.append(Difference("order or kind of the columns and rows", "", ""))
    return found


def _labelled(rows: list[dict[str, Any]], key: str | None) -> dict[str, dict[str, Any]] | None:
    """Rows by the first column when it names each of them once, else None."""
    if key is None:
        return None
    labels = [_text(row.get(key)) for row in rows]
    if len(set(labels)) < len(labels) or "" in labels:
        return None
    return dict(zip(labels, rows, strict=True))


def _rows(
    label: str, old: dict[str, Any] | None, new: dict[str, Any] | None
) -> Iterable[Difference]:
    if old is None or new is None:
        yield Difference(label, _line(old), _line(new))
        return
    for column, value in old.items():
        if column in new and new[column] != value and (_text(value) or _text(new[column])):
            yield Difference(f"{label}, {column}", _text(value), _text(new[column]))


def _line(row: dict[str, Any] | None) -> str:
    texts = [_text(value) for value in (row or {}).values()]
    return _short(", ".join(text for text in texts if text))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return ", ".join(_text(item) for item in value.values())
    if isinstance(value, (list, tuple)):
        return _short(", ".join(_text(item) for item in value))
    return _short(str(value))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
