"""More sheets for the workbook of a schedule: rules, money, fairness, levels, causes, outbound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from wfm.core.types import Requirement, Schedule
from wfm.planning.fairness import MEASURES, fairness
from wfm.planning.levels import served_levels
from wfm.planning.money import contact_costs
from wfm.planning.outbound import outbound_report
from wfm.planning.people import assumed_costs
from wfm.planning.rules_told import rules_table
from wfm.planning.service import predict_service
from wfm.planning.steps import explain_schedule
from wfm.planning.why import covered_curve


def workbook_parts(
    schedule: Schedule,
    requirement: Requirement,
    centre: Mapping[str, Any],
    history: Sequence[Schedule] = (),
) -> dict[str, Any]:
    """Everything that a workbook tells beside the schedule, as arguments of `write_schedule`.

    The app and `wfm plan` write it with these, so that their workbooks hold the same.

    Parameters
    ----------
    schedule, requirement, centre, history
        As for `schedule_sheets`.

    Returns
    -------
    dict
        `requirement`, `service` (None where no model can tell it), `curve`, `sheets` and `assumed`.
    """
    return {
        "requirement": requirement,
        "service": predict_service(schedule, requirement) if requirement.model else None,
        "curve": covered_curve(schedule, requirement),
        "sheets": schedule_sheets(schedule, requirement, centre, history),
        "assumed": assumed_costs(centre["agents"]),
    }


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
    found = fairness(schedule, centre["agents"], history, rules=centre.get("rules"))
    told = rules_table(
        centre.get("rules"), centre["contracts"], centre["agents"], centre.get("limits") or ()
    )
    sheets = {
        "Rules": told,
        "Cost per contact": contact_costs(schedule, requirement),
        "Fairness": found.people,
        "Fairness measures": found.measures.assign(measure=found.measures["measure"].map(MEASURES)),
    }
    levels = served_levels(
        schedule, centre["agents"], centre.get("skills"), centre.get("priorities")
    )
    if len(levels):
        sheets["Skill levels"] = levels
    if explain and not schedule.violations:
        explained = explain_schedule(schedule, requirement, **centre)
        sheets["Why short"] = explained.frame.drop(columns="cause", errors="ignore")
        sheets["What would help"] = explained.cures
        sheets["One more agent"] = explained.prices.merge(_open(schedule), on=["start", "queue"])
    if len(schedule.outbound):
        sheets["Outbound work"] = outbound_report(schedule, requirement, **centre)
    return sheets


def _open(schedule: Schedule) -> pd.DataFrame:
    """`start queue` of the intervals in which somebody is needed or there."""
    cover = schedule.coverage
    used = (cover["required"] > 0) | (cover["scheduled"] > 0)
    return cover.loc[used, ["start", "queue"]]
