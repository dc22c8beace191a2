"""Commands on a published schedule: plan again, repair, swap, explain, fairness."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from wfm import io
from wfm.cli.app import Seconds, Zone, app
from wfm.cli.given import day, words_of_plan
from wfm.cli.show import progress, show
from wfm.core.errors import WfmError
from wfm.core.types import Requirement, Schedule
from wfm.core.working_time import working_time_rules
from wfm.planning.by_settings import centre_of
from wfm.planning.changes import compare_figures, replan_schedule, sick_call, swap_partners
from wfm.planning.fairness import fairness
from wfm.planning.plan import read_inputs
from wfm.planning.rule_prices import price_rules
from wfm.planning.settings import Settings, read_settings, settings_from
from wfm.planning.steps import explain_schedule

Published = Annotated[Path, typer.Argument(help="The schedule as .json, by write_schedule.")]
Needed = Annotated[
    Path | None,
    typer.Argument(help="The requirement: start, queue, agents, scheduled; else the plan's own."),
]
Planned = Annotated[
    Path | None,
    typer.Option("--plan", help="The plan.toml it was made by: its people, rules and work hold."),
]
Agents = Annotated[Path | None, typer.Option(help="agents.csv or a workbook's sheet.")]
Contracts = Annotated[Path | None, typer.Option(help="contracts.csv")]
Shifts = Annotated[Path | None, typer.Option(help="shifts.csv: further kinds of shift.")]
Absences = Annotated[Path | None, typer.Option(help="absences.csv, as they are now.")]
Campaigns = Annotated[Path | None, typer.Option(help="campaigns.csv")]
Locks = Annotated[Path | None, typer.Option(help="locks.csv: agent, day, shift.")]
Previous = Annotated[
    Path | None, typer.Option(help="The schedule before as .json: its last shifts count.")
]
WeekStart = Annotated[str | None, typer.Option(help="Weeks begin on Mon, Sun or Sat.")]
WorkingTime = Annotated[
    str | None,
    typer.Option(help="Rules of a preset: EU, Türkiye, Georgia or Azerbaijan; not verified."),
]
FILES = {
    "requirement": ("staff", "file"),
    "agents": ("people", "agents"),
    "contracts": ("people", "contracts"),
    "shifts": ("people", "shifts"),
    "absences": ("people", "absences"),
    "campaigns": ("outbound", "campaigns"),
    "locks": ("schedule", "locks"),
    "previous": ("schedule", "previous"),
}
"""Section and key of plan.toml that a file stands for."""


@dataclass(frozen=True)
class Given:
    """A published schedule, what it covers, and everything else that shapes it."""

    schedule: Schedule
    requirement: Requirement
    centre: dict[str, Any]
    settings: Settings


def _read(
    schedule: Path,
    plan: Path | None,
    time_zone: str | None,
    week_start: str | None,
    working_time: str | None,
    **files: Path | None,
) -> Given:
    """Read as `wfm plan` does; what is named goes before the plan's own."""
    own_people = files["agents"] and files["contracts"]
    if plan is None and not (files["requirement"] and own_people):
        message = (
            "Name --plan, the plan.toml that the schedule was made by, or else the requirement, "
            "--agents and --contracts."
        )
        raise WfmError(message)
    made = io.read_schedule(schedule)
    settings = read_settings(plan) if plan else Settings()
    if settings.people.fit and not own_people:
        message = (
            "plan.toml, [people] fit: people made anew need not be those of the schedule. Name "
            "--agents and --contracts, the files that the plan wrote beside it."
        )
        raise WfmError(message)
    asked: dict[str, dict[str, Any]] = {name: {} for name in Settings.model_fields}
    asked["people"]["fit"] = False
    if time_zone or not plan:
        asked["plan"]["time_zone"] = time_zone or made.time_zone
    if week_start:
        asked["plan"]["week_start"] = week_start
    if working_time:
        asked["schedule"] |= working_time_rules(working_time)
    for name, file in files.items():
        if file is not None:
            section, key = FILES[name]
            asked[section][key] = str(file.absolute())
    known = settings.model_dump(exclude_unset=True)
    settings = settings_from(
        {name: {**known.get(name, {}), **values} for name, values in asked.items()},
        name="wfm" if plan is None else plan.name,
    )
    with progress() as report, words_of_plan() if plan else nullcontext():
        read = read_inputs(settings, plan.parent if plan else Path(), tell=report.tell)
    centre = centre_of(settings, read.people, read.queues)
    return Given(made, read.requirement, centre, settings)


@app.command()
def replan(
    schedule: Published,
    requirement: Needed = None,
    plan: Planned = None,
    agents: Agents = None,
    contracts: Contracts = None,
    shifts: Shifts = None,
    absences: Absences = None,
    campaigns: Campaigns = None,
    locks: Locks = None,
    previous: Previous = None,
    week_start: WeekStart = None,
    working_time: WorkingTime = None,
    sick: Annotated[str | None, typer.Option(help="agent:first[:last], days included.")] = None,
    change_cost: Annotated[
        float | None, typer.Option(help="Cost units a day that differs; else the plan's, or 40.")
    ] = None,
    seconds: Seconds = 20.0,
    time_zone: Zone = None,
    out: Annotated[Path, typer.Option(help=".xlsx, .csv or .json")] = Path("schedule.json"),
) -> None:
    """Plan a published schedule again with few changes, or repair it after a sick call.

    Example: wfm replan demo/out/schedule.json --plan demo/plan.toml --sick a007:2026-11-18
    --out new.json
    """
    given = _read(
        schedule,
        plan,
        time_zone,
        week_start,
        working_time,
        requirement=requirement,
        agents=agents,
        contracts=contracts,
        shifts=shifts,
        absences=absences,
        campaigns=campaigns,
        locks=locks,
        previous=previous,
    )
    made, need, centre = given.schedule, given.requirement, given.centre
    if sick is None:
        with progress() as report:
            new = replan_schedule(
                made,
                need,
                **centre,
                change_cost=given.settings.schedule.change_cost
                if change_cost is None
                else change_cost,
                seconds=seconds,
                progress=report.solver,
            )
    else:
        who, first, last = _sick(sick)
        new = sick_call(made, who, first, last, need, **centre)
    io.write_schedule(new, out, requirement=need)
    show(compare_figures(made, new), f"Planned again: {new.status}, written to {out}")


def _sick(text: str) -> tuple[str, Any, Any]:
    """Agent, first and last day of ``agent:first[:last]``."""
    who, *days = text.split(":")
    if not who or len(days) not in (1, 2):
        message = f"--sick {text!r} is not known. Write agent:2027-01-06 or agent:first:last."
        raise WfmError(message)
    return who, day(days[0]), day(days[-1])


@app.command()
def swap(
    schedule: Published,
    agent: Annotated[str, typer.Option(help="Whose day.")],
    on: Annotated[str, typer.Option(help="Which day, 2027-01-06.")],
    requirement: Needed = None,
    plan: Planned = None,
    agents: Agents = None,
    contracts: Contracts = None,
    shifts: Shifts = None,
    absences: Absences = None,
    campaigns: Campaigns = None,
    locks: Locks = None,
    previous: Previous = None,
    week_start: WeekStart = None,
    working_time: WorkingTime = None,
    time_zone: Zone = None,
) -> None:
    """List with whom an agent may swap a day, what that changes, and why others may not.

    Example: wfm swap demo/out/schedule.json --plan demo/plan.toml --agent a007 --on 2026-11-18
    """
    given = _read(
        schedule,
        plan,
        time_zone,
        week_start,
        working_time,
        requirement=requirement,
        agents=agents,
        contracts=contracts,
        shifts=shifts,
        absences=absences,
        campaigns=campaigns,
        locks=locks,
        previous=previous,
    )
    made, need, centre = given.schedule, given.requirement, given.centre
    asked = day(on)
    assert asked is not None
    table = swap_partners(made, agent, asked, need, **centre)
    show(table.drop(columns=["team"]), f"Swap partners of {agent} on {asked}")


@app.command()
def explain(
    schedule: Published,
    requirement: Needed = None,
    plan: Planned = None,
    agents: Agents = None,
    contracts: Contracts = None,
    shifts: Shifts = None,
    absences: Absences = None,
    campaigns: Campaigns = None,
    locks: Locks = None,
    previous: Previous = None,
    week_start: WeekStart = None,
    working_time: WorkingTime = None,
    rules: Annotated[bool, typer.Option("--rules", help="Price rules and locks too.")] = False,
    time_zone: Zone = None,
) -> None:
    """Say why intervals are short, what mends it, how fair the schedule is, what rules cost.

    Example: wfm explain demo/out/schedule.json --plan demo/plan.toml
    """
    given = _read(
        schedule,
        plan,
        time_zone,
        week_start,
        working_time,
        requirement=requirement,
        agents=agents,
        contracts=contracts,
        shifts=shifts,
        absences=absences,
        campaigns=campaigns,
        locks=locks,
        previous=previous,
    )
    made, need, centre = given.schedule, given.requirement, given.centre
    explained = explain_schedule(made, need, **centre)
    found = explained.frame
    if found.empty:
        show(pd.DataFrame({"": ["no interval is short of staff"]}), "Coverage")
    else:
        by = found.groupby("why")["under"].sum().sort_values(ascending=False)
        show(by.reset_index(), "Why agents are missing [intervals]")
        show(found.drop(columns="cause").head(20), "Short intervals, the first 20")
        show(explained.cures.head(10), "What would help most, each change once")
    even = fairness(made, centre["agents"], rules=centre.get("rules"))
    show(even.measures, "Fairness")
    if rules:
        days: dict[str, Any] = {"first_day": made.first_day, "days": made.days}
        show(price_rules(need, **centre, **days), "What rules and locks cost")
