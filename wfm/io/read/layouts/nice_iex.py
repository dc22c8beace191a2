"""NICE IEX results: pipes, a first line that may begin with #fields, local times beside a TZ."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from wfm.io.read.cells import Cells, Raw
from wfm.io.read.layout import key
from wfm.io.read.layouts.base import Layout


def dated(raw: Raw) -> Raw:
    """Dates of eight digits, MMDDYYYY unless they say otherwise, as YYYY-MM-DD."""
    at = next(i for i, name in enumerate(raw.names) if key(name) == "date")
    texts = [_digits(v) for v in raw.cells[at].values]
    packed = [t for t in texts if t]
    if not packed or all("1900" <= t[:4] <= "2200" and t[4:6] <= "12" for t in packed):
        return raw
    month_first = all(t[:2] <= "12" for t in packed)
    shown = [
        (f"{t[4:]}-{t[:2]}-{t[2:4]}" if month_first else f"{t[4:]}-{t[2:4]}-{t[:2]}") if t else v
        for t, v in zip(texts, raw.cells[at].values, strict=True)
    ]
    cells = list(raw.cells)
    cells[at] = Cells(raw.cells[at].codes, pd.Series(shown, dtype=object))
    return replace(raw, cells=tuple(cells))


def _digits(value: object) -> str:
    """Eight digits of a cell, or nothing; a leading zero may be lost."""
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    text = text.strip()
    return text.zfill(8) if text.isdigit() and len(text) in (7, 8) else ""


LAYOUT = Layout(
    "nice_iex",
    "NICE IEX results",
    marks=("date", "period", "TZ"),
    columns={
        "date": ("date",),
        "time": ("period",),
        "queue": ("ctName", "queue", "ctID"),
    },
    zone_column="TZ",
    prepare=dated,
)
