"""Charts in the session's language: titles, legends, tooltips, numbers and days."""

from __future__ import annotations

from functools import cache
from typing import Any

import altair as alt

from wfm.core.language import catalogue

WORDS = ("title", "text", "description")


def chart_told(chart: Any, language: str) -> Any:
    """The chart with its words told; the data stay, but for texts that are words of ours."""
    told = chart.copy(deep=True)
    _tell(told, catalogue(language).told)
    locale = locale_of(language)
    own = told.config.to_dict() if isinstance(told.config, alt.Config) else {}
    return told.configure(**own, locale=locale)


def _tell(node: Any, tell: Any) -> None:
    """Walk a chart's tree and tell its words where they stand."""
    if isinstance(node, alt.SchemaBase):
        items: Any = node._kwds
    elif isinstance(node, dict):
        items = node
    elif isinstance(node, list):
        for one in node:
            _tell(one, tell)
        return
    else:
        return
    if isinstance(node, alt.Axis) and tell("50%") == "%50":
        _percent_before(items)
    for key, value in items.items():
        if key == "data":
            items[key] = _data(value, tell)
        elif key in WORDS and isinstance(value, str):
            items[key] = tell(value)
        elif key in ("domain", "sort") and isinstance(value, list):
            items[key] = [tell(v) if isinstance(v, str) else v for v in value]
        else:
            _tell(value, tell)


def _percent_before(axis: dict[str, Any]) -> None:
    """Labels such as %50, which Vega's own locales cannot write."""
    form = axis.get("format")
    if isinstance(form, str) and form.endswith("%"):
        axis["labelExpr"] = f"'%' + format(100 * datum.value, '{form[:-1]}f')"


def _data(data: Any, tell: Any) -> Any:
    if not hasattr(data, "columns"):
        return data
    shown = data.copy()
    for column in shown.columns:
        if shown[column].dtype == object or str(shown[column].dtype) in ("str", "string"):
            shown[column] = [tell(v) if isinstance(v, str) else v for v in shown[column]]
    return shown


@cache
def locale_of(language: str) -> dict[str, Any]:
    """Vega's locale of a language, from Babel."""
    from babel.numbers import get_decimal_symbol, get_group_symbol

    known = catalogue(language).locale

    def days(width: str) -> list[str]:
        names = known.days["format"][width]
        return [names[i] for i in (6, 0, 1, 2, 3, 4, 5)]

    def months(width: str) -> list[str]:
        names = known.months["format"][width]
        return [names[i] for i in range(1, 13)]

    return {
        "number": {
            "decimal": get_decimal_symbol(known),
            "thousands": get_group_symbol(known),
            "grouping": [3],
            "currency": ["", ""],
        },
        "time": {
            "dateTime": "%A, %e %B %Y %X",
            "date": "%d.%m.%Y",
            "time": "%H:%M:%S",
            "periods": ["AM", "PM"],
            "days": days("wide"),
            "shortDays": days("abbreviated"),
            "months": months("wide"),
            "shortMonths": months("abbreviated"),
        },
    }
