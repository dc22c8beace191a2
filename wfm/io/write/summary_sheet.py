"""The workbook's first sheet: how good a schedule is, what it costs, its days, queues, search."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd

from wfm.core.assumptions import assumed_text
from wfm.core.language import told
from wfm.core.served import weighed
from wfm.core.terms import term_name
from wfm.core.types import Requirement, Schedule
from wfm.core.work import Campaign
from wfm.io.write.book import Book, Field

SERVICE = ("service_level", "abandoned", "occupancy", "asa_s")
COSTS = "Cost per contact"
_STATUS = {
    "optimal": "optimal: proven that no schedule costs less",
    "feasible": "legal: every rule is kept",
    "nearest": "nearest: some rules had to give way, see below",
}
_STOPS = {
    "time": "the time limit",
    "first": "the first legal schedule took the time; more seconds improve it",
    "gap": "the gap asked for was reached",
    "stall": "no better one was found for a while",
    "cancel": "cancelled; the best so far was kept",
}
_DAYS = (
    Field("day", "Day", "day"),
    Field("people", "People", "whole"),
    Field("required_h", "Required [h]", "one"),
    Field("scheduled_h", "Rostered [h]", "one"),
    Field("under_h", "Under [h]", "one"),
    Field("over_h", "Over [h]", "one"),
    Field("service_level", "Service level", "share"),
    Field("abandoned", "Abandoned", "share"),
    Field("occupancy", "Occupancy", "share"),
    Field("asa_s", "ASA [s]", "one"),
)
_QUEUES = (Field("queue", "Queue"), Field("volume", "Contacts", "whole"), *_DAYS[-4:])
_OUTBOUND = (
    Field("campaign", "Campaign"),
    Field("target_h", "Target [h]", "one"),
    Field("placed_h", "Placed [h]", "one"),
    Field("placed", "Placed", "share"),
    Field("blocks", "Blocks", "whole"),
    Field("attempts", "Attempts expected", "whole"),
    Field("connects", "Connects expected", "whole"),
    Field("right_parties", "Right persons expected", "whole"),
    Field("skill", "Skill"),
    Field("deadline", "Deadline", "day"),
)


def summary_sheet(
    book: Book,
    schedule: Schedule,
    figures: dict[str, tuple[object, str]],
    days: pd.DataFrame,
    queues: pd.DataFrame,
    requirement: Requirement | None,
    campaigns: Sequence[Campaign] | None,
    project: str,
    assumed: str = "",
) -> None:
    """The first sheet: promise and plan, how good it is, the days and the outbound work."""
    sheet = book.sheet("Summary")
    sheet.fit_to_pages(1, 1)
    sheet.set_column(0, 0, 35)
    sheet.set_column(1, 9, 14)
    book.put(sheet, 0, 0, project or "Schedule", book.format("title"))
    last = schedule.first_day + timedelta(days=schedule.days - 1)
    dates = told(f"{schedule.first_day:%a %d %b %Y} to {last:%a %d %b %Y}", book.language)
    note = f"{dates}, {schedule.time_zone}"
    book.put(sheet, 1, 0, note, book.format("note"), tell=False)
    sheet.freeze_panes(2, 0)
    row = book.pairs(sheet, 3, figures)
    row = _promise(book, sheet, row, requirement, assumed)
    row = _heading(book, sheet, row + 1, "Day by day")
    row = book.table(sheet, days, _DAYS, row=row, freeze=None, filters=False, widths=False)
    if len(queues):
        row = _heading(book, sheet, row + 1, "Queue by queue")
        row = book.table(sheet, queues, _QUEUES, row=row, freeze=None, filters=False, widths=False)
    if len(schedule.outbound):
        row = _heading(book, sheet, row + 1, "Outbound work")
        work = _outbound(schedule.outbound, campaigns)
        row = book.table(sheet, work, _OUTBOUND, row=row, freeze=None, filters=False, widths=False)
    row = _heading(book, sheet, row + 1, "How it was found")
    row = book.pairs(sheet, row, _search(schedule))
    row = _heading(book, sheet, row + 1, "Parts of the objective [cost units]")
    row = book.pairs(sheet, row, {term_name(k): (v, "two") for k, v in schedule.terms.items()})
    if schedule.violations:
        row = _heading(book, sheet, row + 1, "Rules that give way")
        for violation in schedule.violations:
            book.put(sheet, row, 0, str(violation), book.format())
            row += 1


def key_figures(
    schedule: Schedule, coverage: pd.DataFrame, costs: pd.DataFrame | None, currency: str = ""
) -> dict[str, tuple[object, str]]:
    """What a manager asks first, each with its kind of number: how good, how dear, how sure.

    Parameters
    ----------
    schedule
        What is handed out.
    coverage
        Its coverage, with the predicted service where that is known.
    costs
        Cost of contacts as `wfm.contact_costs` gives it, None where nobody worked it out.
    currency
        Of the costs.
    """
    unit = f" [{currency}]" if currency else ""
    need, short = coverage["required"].sum(), coverage["under"].sum()
    whole = service_table(coverage.assign(every=""), "every")
    figures: dict[str, tuple[object, str]] = {
        "Status": (_STATUS[schedule.status], "text"),
        "Gap to the proven bound": (_known(schedule, schedule.gap), "share"),
        "Required hours covered": (1 - short / need if need else np.nan, "share"),
    }
    if len(whole):
        figures |= {
            "Service level, predicted": (whole["service_level"].iloc[0], "share"),
            "Abandoned, predicted": (whole["abandoned"].iloc[0], "share"),
        }
    figures |= {
        "People working": (int((schedule.totals["days"] > 0).sum()), "whole"),
        "Paid hours": (schedule.hours, "one"),
        cost_heading(currency): (schedule.cost, "two"),
    }
    if costs is not None:
        each = costs.set_index("work")["cost_per_contact"]
        figures |= {
            f"Cost of an inbound contact{unit}": (each.get("all inbound", np.nan), "two"),
            f"Cost of an outbound contact{unit}": (each.get("all outbound", np.nan), "two"),
        }
    if len(schedule.outbound):
        figures |= {
            "Outbound hours wanted": (schedule.outbound["target_h"].sum(), "one"),
            "Outbound hours placed": (schedule.outbound["placed_h"].sum(), "one"),
        }
    return figures


def cost_heading(currency: str) -> str:
    """Heading of a cost.

    >>> cost_heading("GEL")
    'Cost [GEL]'
    """
    return f"Cost [{currency}]" if currency else "Cost"


def _search(schedule: Schedule) -> dict[str, tuple[object, str]]:
    """What anybody needs to judge or repeat the search."""
    return {
        "Search ended by": (_STOPS[schedule.stopped_by], "text"),
        "Gap on what planning can change": (
            _known(schedule, schedule.gap_above_min_labour),
            "share",
        ),
        "Objective [cost units]": (schedule.objective, "two"),
        "Bound [cost units]": (_known(schedule, schedule.bound), "two"),
        "Labour nobody can avoid [cost units]": (schedule.min_labour, "two"),
        "Search [s]": (schedule.seconds, "one"),
        "Seed": (schedule.seed, "whole"),
    }


def _known(schedule: Schedule, value: float) -> float | str:
    """A gap or a bound, unless none was proven."""
    return value if schedule.bounded else "not proven"


def _promise(book: Book, sheet: Any, row: int, requirement: Requirement | None, more: str) -> int:
    """What callers of each queue are promised, and which numbers were assumed."""
    if requirement is None or not requirement.targets:
        return row
    row = _heading(book, sheet, row + 1, "Promise")
    told = {queue: (str(target), "text") for queue, target in requirement.targets.items()}
    if requirement.counted:
        told["Offered contacts"] = (requirement.counted, "text")
    if assumed := "; ".join(filter(None, (assumed_text(requirement), more))):
        told["Assumed, not measured"] = (assumed, "text")
    return book.pairs(sheet, row, told)


def _heading(book: Book, sheet: Any, row: int, text: str) -> int:
    book.put(sheet, row, 0, text, book.format("label", font_size=12))
    return row + 1


def _outbound(outbound: pd.DataFrame, campaigns: Sequence[Campaign] | None) -> pd.DataFrame:
    """The outbound table with the share placed and, where given, skill and deadline."""
    frame = outbound.copy()
    if {"target_h", "placed_h"} <= set(frame.columns):
        frame["placed"] = frame["placed_h"] / frame["target_h"].where(frame["target_h"] > 0)
    if campaigns and "campaign" in frame.columns:
        by_name = {c.campaign: c for c in campaigns}
        found = [by_name.get(name) for name in frame["campaign"]]
        frame["skill"] = [c.skill if c else "" for c in found]
        frame["deadline"] = pd.Series([c.deadline if c else None for c in found], dtype=object)
    return frame


def day_table(schedule: Schedule, coverage: pd.DataFrame) -> pd.DataFrame:
    """Hours required and rostered a day, and the day's predicted service where it is known.

    Where customers wait in line for some queue, service level, abandoned share and ASA are those
    of such queues on every day; occupancy is that of all heads.
    """
    hours = schedule.interval.total_seconds() / 3600
    day = coverage["start"].dt.tz_localize(None).dt.normalize()
    heads = coverage.groupby(day)[["required", "scheduled", "under", "over"]].sum() * hours
    heads.columns = [f"{c}_h" for c in heads.columns]
    start = schedule.frame["start"].dt.tz_localize(None).dt.normalize()
    heads["people"] = schedule.frame.groupby(start)["agent"].nunique().reindex(heads.index)
    heads["people"] = heads["people"].fillna(0)
    if "volume" in coverage and set(SERVICE) <= set(coverage.columns):
        weight = weighed(coverage["volume"].fillna(0.0), coverage["waited"])
        heads = heads.join(_service_by(coverage, day, weight))
    return heads.rename_axis("day").reset_index()


def service_table(coverage: pd.DataFrame, by: str) -> pd.DataFrame:
    """Contacts and predicted service for each value of a column; empty where it is not known."""
    if "volume" not in coverage or not set(SERVICE) <= set(coverage.columns):
        return pd.DataFrame()
    key = coverage[by]
    contacts = coverage.groupby(key)["volume"].sum()
    weight = weighed(coverage["volume"].fillna(0.0), coverage["waited"], key)
    return contacts.to_frame().join(_service_by(coverage, key, weight)).reset_index()


def _service_by(coverage: pd.DataFrame, key: pd.Series, volume: pd.Series) -> pd.DataFrame:
    """Means of the service by contacts that count, ASA by answered ones, occupancy by all heads."""
    weights = {
        "service_level": volume,
        "abandoned": volume,
        "occupancy": coverage["scheduled"],
        "asa_s": volume * (1 - coverage["abandoned"]),
    }
    found = {}
    for name, weight in weights.items():
        known = coverage[name].notna() & weight.notna()
        total = (coverage[name] * weight)[known].groupby(key[known]).sum()
        below = weight[known].groupby(key[known]).sum()
        found[name] = total / below.where(below > 0)
    return pd.DataFrame(found)
