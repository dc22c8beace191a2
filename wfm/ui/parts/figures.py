"""Figures as they are read: shares as percentages, money with its currency, hours and seconds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from wfm.ui.said import st

FORMS: Mapping[str, str] = {
    "share": ".1%",
    "money": ",.2f",
    "contacts": ",.0f",
    "h": ",.2f",
    "s": ",.0f",
}


def written(value: float, unit: str, currency: str, *, sign: bool = False) -> str:
    """A figure of a comparison with its unit, a difference with its sign.

    >>> written(0.256, "share", "EUR"), written(-0.001, "money", "EUR", sign=True)
    ('25.6%', '±0.00 EUR')
    >>> written(0.0134, "share", "EUR", sign=True)
    '+1.3 points'
    """
    if pd.isna(value):
        return "-"
    units: Mapping[str, str] = {"money": f" {currency}", "h": " h", "s": " s"}
    write: Callable[[float], str] = lambda v: f"{v:{FORMS.get(unit, ',.0f')}}"  # noqa: E731
    if not sign:
        return write(value) + units.get(unit, "")
    size = f"{abs(value) * 100:.1f}" if unit == "share" else write(abs(value))
    nothing = not any(letter in "123456789" for letter in size)
    mark = "±" if nothing else "+" if value > 0 else "-"
    if unit == "share":
        return f"{mark}{size} points"
    return f"{mark}{size}{units.get(unit, '')}"


def right(*columns: str) -> dict[str, Any]:
    """Columns of a table that hold such figures, which stand below each other by their ends."""
    return {name: st.column_config.TextColumn(name, alignment="right") for name in columns}
