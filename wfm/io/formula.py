"""Texts that a spreadsheet would run as a formula: made harmless in csv, and read back."""

from __future__ import annotations

import pandas as pd

_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
_BEFORE = "' "  # what a spreadsheet may take away from the front of a text


def guard(text: str) -> str:
    """The text with a leading ``'`` when a spreadsheet would take it for a formula.

    >>> guard("=1+1"), guard("Ada")
    ("'=1+1", 'Ada')
    """
    return f"'{text}" if text.lstrip(_BEFORE).startswith(_RUNS) else text


def unguard(text: str) -> str:
    """The text that was guarded.

    >>> unguard(guard("'=1")) == "'=1"
    True
    """
    return text[1:] if text.startswith("'") and text.lstrip(_BEFORE).startswith(_RUNS) else text


def guarded(frame: pd.DataFrame) -> pd.DataFrame:
    """A copy with every text and heading guarded; numbers and times stay as they are."""
    safe = frame.copy()
    for i in range(frame.shape[1]):
        column = frame.iloc[:, i]
        if column.dtype == object or isinstance(column.dtype, pd.StringDtype):
            texts = column.map(lambda v: guard(v) if isinstance(v, str) else v)
            safe.isetitem(i, texts.array)
    safe.columns = pd.Index([guard(str(name)) for name in frame.columns])
    return safe
