"""More sheets for the workbook of a schedule: money, fairness, levels, causes, outbound work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from wfm.core.types import Requirement, Schedule
from wfm.planning.fairness import fairness
from wfm.planning.levels import served_levels
from wfm.planning.money import contact_costs
from wfm.planning.outbound import outbound_report
from wfm.planning.steps import explain_schedule


def schedule_sheets(
    schedule: Schedule,
    requirement: Requirement,
    centre: Mapping[str, Any],
    history: Sequence[Schedule] = (),
    *,
    explain: bool = True,
) -> dict[str, pd.DataFrame]:
    """Tables by the name of their sheet, for `write_schedule(sheets=...)`.

    Parameters
    ----------
    schedule, requirement
        What is handed out.
    centre
        Agents, contracts and all else that shapes the schedule, as `by_settings.centre_of` gives.
    history
        Earlier schedules, for fairness.
    explain
        Whether to look for causes, cures and prices, which takes some seconds.
    """
    found = fairness(schedule, centre["agents"], history)
    sheets = {
        "Cost per contact": contact_costs(schedule, requirement),
        "Fairness": found.people,
        "Fairness measures": found.measures,
    }
    levels = served_levels(schedule, centre["agents"], centre["skills"], centre["priorities"])
    if len(levels):
        sheets["Skill levels"] = levels
    if explain and not schedule.violations:
        explained = explain_schedule(schedule, requirement, **centre)
        sheets["Why short"] = explained.frame
        sheets["One more agent"] = explained.prices
    if len(schedule.outbound):
        sheets["Outbound work"] = outbound_report(schedule, requirement, **centre)
    return sheets
