"""What the pages share: heads, empty states, fields, editors, charts."""

from wfm.ui.parts.basics import (
    FIELDS,
    assumed,
    beside,
    card,
    empty,
    go,
    head,
    in_page_words,
    link,
    metrics,
    minutes,
    onward,
    refused,
    stale,
    today,
    today_or_first,
    when,
)
from wfm.ui.parts.editor import download_table, editor

__all__ = [
    "FIELDS",
    "assumed",
    "beside",
    "card",
    "download_table",
    "editor",
    "empty",
    "go",
    "head",
    "in_page_words",
    "link",
    "metrics",
    "minutes",
    "onward",
    "refused",
    "stale",
    "today",
    "today_or_first",
    "when",
]
