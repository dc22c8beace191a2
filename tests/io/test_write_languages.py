"""A workbook in the reader's language: every heading told, every number and name as in English."""

from __future__ import annotations

import io
from datetime import date, timedelta

import openpyxl
import pandas as pd
import pytest

from wfm.core.types import Schedule
from wfm.io import schedule_bytes

ENGLISH = ("Summary", "Coverage", "Agents", "Status", "Paid hours", "Interval", "Rostered [heads]")


def small_schedule() -> Schedule:
    """One agent, called as a heading of ours, for one day."""
    start = pd.date_range("2026-03-02 09:00", periods=4, freq="30min", tz="Europe/Istanbul")
    frame = pd.DataFrame(
        {
            "agent": "Agents",
            "start": [start[0]],
            "end": [start[-1] + timedelta(minutes=30)],
            "activity": "inbound",
            "queue": "Summary",
        }
    )
    coverage = pd.DataFrame(
        {"start": start, "queue": "Summary", "required": 1, "scheduled": 1, "under": 0, "over": 0}
    )
    totals = pd.DataFrame(
        {
            "agent": ["Agents"],
            "name": ["=1+1"],
            "team": ["Status"],
            "contract": ["full"],
            "days": [1],
            "paid_h": [2.0],
            "outbound_h": [0.0],
            "cost": [1234.5],
        }
    )
    return Schedule(
        frame=frame,
        coverage=coverage,
        totals=totals,
        outbound=pd.DataFrame(columns=["campaign", "target_h", "placed_h", "blocks"]),
        status="optimal",
        stopped_by="gap",
        objective=1.0,
        bound=1.0,
        min_labour=1.0,
        terms={},
        seconds=1.0,
        seed=0,
        interval=timedelta(minutes=30),
        first_day=date(2026, 3, 2),
        days=1,
    )


def cells(language: str) -> list[list[object]]:
    book = openpyxl.load_workbook(
        io.BytesIO(schedule_bytes(small_schedule(), ".xlsx", language=language))
    )
    told = [[sheet.title for sheet in book.worksheets]]
    return told + [  # a legend may be wider in another language
        [cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None]
        for sheet in book
    ]


def test_the_title_and_the_legend_of_a_day_are_told_and_the_queue_is_not():
    told = [value for sheet in cells("tr") for value in sheet]
    assert "Pazartesi 2 Mart 2026" in told
    assert "gelen Summary" in told


@pytest.mark.parametrize("language", ["tr", "az", "ka"])
def test_headings_are_told_and_numbers_and_names_stay(language):
    english, other = cells("en"), cells(language)
    changed = set()
    for one, two in zip(english, other, strict=True):
        for was, now in zip(one, two, strict=True):
            if isinstance(was, str):
                changed |= {was} if was != now else set()
            else:
                assert was == now
    assert set(ENGLISH) <= changed
    names = [value for sheet in other[1:] for value in sheet]
    assert "=1+1" in names
    assert "full" in names
    assert "Agents" in names
