"""The schedule as a workbook: summary, charts, by agent, by day, coverage, requirement, more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd

from wfm.core.served import in_line
from wfm.core.types import Requirement, Schedule
from wfm.core.work import Campaign
from wfm.io.write.book import Book, Field
from wfm.io.write.charts_sheet import agent_sheet, charts_sheet
from wfm.io.write.day_sheet import day_sheet
from wfm.io.write.shifts import shifts
from wfm.io.write.summary_sheet import (
    COSTS,
    SERVICE,
    cost_heading,
    day_table,
    key_figures,
    service_table,
    summary_sheet,
)

_COVERAGE = (
    Field("start", "Interval", "stamp", 21),
    Field("utc_offset", "UTC offset", "text", 9),
    Field("queue", "Queue", "text", 18),
    Field("required", "Required [heads]", "whole", 10),
    Field("scheduled", "Rostered [heads]", "whole", 10),
    Field("under", "Under [heads]", "whole", 9),
    Field("over", "Over [heads]", "whole", 9),
    Field("service_level", "Service level", "share", 10),
    Field("abandoned", "Abandoned", "share", 11),
    Field("occupancy", "Occupancy", "share", 11),
    Field("asa_s", "ASA [s]", "one", 9),
)
_TOTALS = (
    Field("agent", "Agent", "text", 14),
    Field("name", "Name", "text", 24),
    Field("team", "Team", "text", 16),
    Field("site", "Site", "text", 16),
    Field("contract", "Contract", "text", 16),
    Field("days", "Days", "whole", 8),
    Field("paid_h", "Paid [h]", "two", 10),
    Field("outbound_h", "Outbound [h]", "two", 12),
    Field("cost", "Cost", "two", 12),
)
_REQUIREMENT = (
    Field("start", "Interval", "stamp", 21),
    Field("utc_offset", "UTC offset", "text", 9),
    Field("queue", "Queue", "text", 18),
    Field("volume", "Volume [contacts]", "one", 11),
    Field("aht_s", "AHT [s]", "one", 9),
    Field("load", "Load [erlangs]", "two", 10),
    Field("agents_exact", "Agents, exact", "two", 10),
    Field("agents", "Agents [heads]", "whole", 9),
    Field("shrinkage", "Shrinkage", "share", 10),
    Field("scheduled", "To roster [heads]", "whole", 10),
    Field("service_level", "Service level", "share", 10),
    Field("abandoned", "Abandoned", "share", 11),
    Field("occupancy", "Occupancy", "share", 11),
    Field("asa_s", "ASA [s]", "one", 9),
    Field("assumed", "Assumed", "text", 24),
    Field("flags", "Look at", "text", 18),
)
STEPS = {
    "load": "Contacts x AHT",
    "deflection": "Self-service",
    "carry_over": "Carried over",
    "channel": "Several at once, due times",
    "randomness": "Randomness, hanging up",
    "risk": "Forecast risk",
    "rules": "Occupancy, minimum",
    "scope": "Over the day",
    "shrinkage": "Shrinkage",
    "rounding": "Rounding up",
}
_WHY = tuple(Field(f"step_{name}", title, "two", 13) for name, title in STEPS.items())
_WHY_INTERVAL = (
    *_REQUIREMENT[:3],
    *_WHY,
    Field("scheduled", "To roster [heads]", "whole", 10),
)
_WHY_DAY = (
    Field("day", "Day", "day", 12),
    Field("queue", "Queue", "text", 18),
    *_WHY,
    Field("scheduled", "To roster [agent hours]", "two", 12),
)
_CURVE = {
    "service_level": ("Service level", "", "share"),
    "asa_s": ("ASA", " [s]", "one"),
    "abandoned": ("Abandoned", "", "share"),
    "occupancy": ("Occupancy", "", "share"),
}
HEADINGS = {
    "under": "Missing",
    "saves": "Saves [cost units]",
    "price": "Saves [cost units]",
    "weekends": "Weekend days",
    "weekends_fair": "Weekend days, fair share",
    "nights": "Night shifts",
    "nights_fair": "Night shifts, fair share",
    "late": "Late starts",
    "late_fair": "Late starts, fair share",
    "wishes": "Wishes granted",
    "wished": "Shifts with a wish",
    "statement": "In words",
    "rule": "Rule",
    "holds_for": "Holds for",
    "value": "Its value",
    "unit": "Unit",
    "comes_from": "Comes from",
    "as_in_preset": "As in preset (not verified)",
}
"""Headings of the columns of further sheets, where the column's own name does not say it."""
WIDTHS = {"rule": 38.0, "holds_for": 22.0, "as_in_preset": 26.0}
"""Of columns of further sheets that need more room than a name [letters]."""
COUNTS = ("contacts", "attempts", "connects", "right_parties")
"""Columns of further sheets that are shown without decimals, expectations though they are."""


def schedule_workbook(
    schedule: Schedule,
    *,
    requirement: Requirement | None = None,
    service: pd.DataFrame | None = None,
    curve: pd.DataFrame | None = None,
    campaigns: Sequence[Campaign] | None = None,
    project: str = "",
    sheets: Mapping[str, pd.DataFrame] | None = None,
    language: str = "en",
    currency: str = "",
    assumed: str = "",
) -> bytes:
    """The workbook's bytes; see `write_schedule`."""
    book = Book(schedule.first_day, language)
    people = schedule.totals.drop_duplicates("agent").set_index("agent")
    coverage = with_service(schedule.coverage, service, requirement)
    every = shifts(schedule)
    days = [schedule.first_day + timedelta(days=i) for i in range(schedule.days)]
    by_day = day_table(schedule, coverage)
    costs = (sheets or {}).get(COSTS)
    figures = key_figures(schedule, coverage, costs, currency)
    by_queue = service_table(coverage, "queue")
    summary_sheet(
        book, schedule, figures, by_day, by_queue, requirement, campaigns, project, assumed
    )
    charts_sheet(book, schedule, by_day, coverage)
    agent_sheet(book, schedule, days, every)
    for day in days:
        today = [s for s in every if s.day == day]
        day_sheet(book, schedule, day, today, people=people, project=project)
    sheet = book.sheet("Coverage")
    table = coverage[(coverage["required"] > 0) | (coverage["scheduled"] > 0)]
    book.table(sheet, _with_offset(table), _COVERAGE, freeze=(1, 3))
    _mark_short(book, sheet, len(table))
    totals = (*_TOTALS[:-1], replace(_TOTALS[-1], heading=cost_heading(currency)))
    book.table(book.sheet("Agents", portrait=True), schedule.totals, totals, freeze=(1, 2))
    if requirement is not None:
        frame = _with_offset(requirement.frame)
        book.table(book.sheet("Requirement"), frame, _REQUIREMENT, freeze=(1, 3))
        if {field.column for field in _WHY} <= set(frame.columns):
            book.table(book.sheet("Why by day"), why_by_day(requirement), _WHY_DAY, freeze=(1, 2))
            book.table(book.sheet("Why by interval"), frame, _WHY_INTERVAL, freeze=(1, 3))
    if curve is not None:
        book.table(book.sheet("More or fewer"), _with_offset(curve), _around(curve), freeze=(1, 4))
    for name, frame in (sheets or {}).items():
        book.table(book.sheet(name), *_plain(frame, currency), freeze=(1, 1))
    return book.bytes()


def _around(curve: pd.DataFrame) -> tuple[Field, ...]:
    """Headings of the curve: each measure with so many agents less and more."""
    start, offset, queue, agents = (_REQUIREMENT[k] for k in (0, 1, 2, 7))
    fields = [start, offset, queue, agents]
    for measure, (title, unit, kind) in _CURVE.items():
        names = [name for name in curve.columns if name[:-2] == measure]
        fields += [Field(name, f"{title} {name[-2:]}{unit}", kind, 11) for name in names]
    return tuple(fields)


def _plain(frame: pd.DataFrame, currency: str) -> tuple[pd.DataFrame, tuple[Field, ...]]:
    """Any table with its columns as they are named, shown by their kind."""
    fields = []
    for column in map(str, frame.columns):
        values = frame[column]
        wide = column in ("statement", "why", "cure", "comes_from")
        kind, width = ("wrap", 60.0) if wide else ("text", WIDTHS.get(column, 16.0))
        if isinstance(values.dtype, pd.DatetimeTZDtype):
            kind, width = "stamp", 21.0
        elif pd.api.types.is_bool_dtype(values.dtype):
            frame = frame.assign(**{column: np.where(values, "yes", "no")})
        elif pd.api.types.is_integer_dtype(values.dtype):
            kind = "whole"
        elif pd.api.types.is_numeric_dtype(values.dtype):
            known = values.dropna()
            kind = "whole" if (known == known.round()).all() or column in COUNTS else "two"
        width = 12.0 if kind in ("whole", "two") else width
        heading = HEADINGS.get(column, column.replace("_", " ").capitalize())
        if column == "cost":
            heading = cost_heading(currency)
        elif column == "cost_per_contact" and currency:
            heading = f"Cost per contact [{currency}]"
        fields.append(Field(column, heading, kind, width))
    return frame, tuple(fields)


def why_by_day(requirement: Requirement) -> pd.DataFrame:
    """The steps to the roster as agent hours of each local day and queue."""
    frame = requirement.frame
    day = frame["start"].dt.tz_localize(None).dt.normalize().rename("day")
    columns = [*(field.column for field in _WHY), "scheduled"]
    hours = requirement.interval / timedelta(hours=1)
    return (frame.groupby([day, "queue"])[columns].sum() * hours).reset_index()


def with_service(
    coverage: pd.DataFrame, service: pd.DataFrame | None, requirement: Requirement | None
) -> pd.DataFrame:
    """Coverage with what the rostered heads are predicted to give, by interval and queue.

    `waited` says whether customers wait in line for the queue.
    """
    coverage = coverage.assign(waited=in_line(coverage["queue"], requirement))
    if service is None:
        return coverage
    held = [c for c in (*SERVICE, "volume") if c in service.columns and c not in coverage.columns]
    told = service[["start", "queue", *held]]
    return coverage.merge(told, on=["start", "queue"], how="left", validate="one_to_one")


def _with_offset(frame: pd.DataFrame) -> pd.DataFrame:
    """A sheet knows no zones: the offset tells the two passes of a doubled hour apart."""
    offset = frame["start"].map(lambda s: f"{s:%z}"[:3] + ":" + f"{s:%z}"[3:5])
    return frame.assign(utc_offset=offset)


def _mark_short(book: Book, sheet: Any, rows: int) -> None:
    """Red where heads are missing, blue where there are more than needed."""
    if not rows:
        return
    for column, ink, paper in ((5, "#C00000", "#FBE5E5"), (6, "#1F4E79", "#E8F1FA")):
        form = book.book.add_format({"font_color": ink, "bg_color": paper})
        rule = {"type": "cell", "criteria": ">", "value": 0, "format": form}
        sheet.conditional_format(1, column, rows, column, rule)
