"""Commands on a published schedule: plan again, repair, swap, explain, fairness."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from wfm import io
from wfm.cli.app import Seconds, Zone, app
from wfm.cli.given import day
from wfm.cli.show import progress, show
from wfm.core.errors import WfmError
from wfm.core.types import Requirement, Schedule
from wfm.planning.changes import compare_figures, replan_schedule, sick_call, swap_partners
from wfm.planning.fairness import fairness
from wfm.planning.rule_prices import price_rules
from wfm.planning.steps import explain_schedule

Published = Annotated[Path, typer.Argument(help="The schedule as .json, by write_schedule.")]
Needed = Annotated[Path, typer.Argument(help="The requirement: start, queue, agents, scheduled.")]
Agents = Annotated[Path, typer.Option(help="agents.csv or a workbook's sheet.")]
Contracts = Annotated[Path, typer.Option(help="contracts.csv")]
Shifts = Annotated[Path | None, typer.Option(help="shifts.csv: further kinds of shift.")]
Absences = Annotated[Path | None, typer.Option(help="absences.csv, as they are now.")]
Campaigns = Annotated[Path | None, typer.Option(help="campaigns.csv")]
Locks = Annotated[Path | None, typer.Option(help="locks.csv: agent, day, shift.")]


def _read(
    schedule: Path,
    requirement: Path,
    agents: Path,
    contracts: Path,
    shifts: Path | None,
    absences: Path | None,
    campaigns: Path | None,
    locks: Path | None,
    time_zone: str | None,
) -> tuple[Schedule, Requirement, dict[str, Any]]:
    """The schedule, what it covers, and everything else that shapes it."""
    made = io.read_schedule(schedule)
    need = io.read_requirement(requirement, time_zone=time_zone or made.time_zone)
    return (
        made,
        need,
        {
            "agents": io.read_agents(agents, absences=absences),
            "contracts": io.read_contracts(contracts, shifts=shifts),
            "campaigns": io.read_campaigns(campaigns) if campaigns else (),
            "locks": io.read_locks(locks) if locks else (),
        },
    )


@app.command()
def replan(
    schedule: Published,
    requirement: Needed,
    agents: Agents,
    contracts: Contracts,
    shifts: Shifts = None,
    absences: Absences = None,
    campaigns: Campaigns = None,
    locks: Locks = None,
    sick: Annotated[str | None, typer.Option(help="agent:first[:last], days included.")] = None,
    change_cost: Annotated[float, typer.Option(help="Cost units a day that differs.")] = 40.0,
    seconds: Seconds = 20.0,
    time_zone: Zone = None,
    out: Annotated[Path, typer.Option(help=".xlsx, .csv or .json")] = Path("schedule.json"),
) -> None:
    """Plan a published schedule again with few changes, or repair it after a sick call.

    Example: wfm replan schedule.json requirement.csv --agents agents.csv --contracts contracts.csv
    --sick a007:2027-01-06 --out new.json
    """
    made, need, centre = _read(
        schedule, requirement, agents, contracts, shifts, absences, campaigns, locks, time_zone
    )
    if sick is None:
        with progress() as report:
            new = replan_schedule(
                made,
                need,
                **centre,
                change_cost=change_cost,
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
    requirement: Needed,
    agent: Annotated[str, typer.Option(help="Whose day.")],
    on: Annotated[str, typer.Option(help="Which day, 2027-01-06.")],
    agents: Agents,
    contracts: Contracts,
    shifts: Shifts = None,
    absences: Absences = None,
    campaigns: Campaigns = None,
    locks: Locks = None,
    time_zone: Zone = None,
) -> None:
    """List with whom an agent may swap a day, what that changes, and why others may not.

    Example: wfm swap schedule.json requirement.csv --agent a007 --on 2027-01-06
    --agents agents.csv --contracts contracts.csv
    """
    made, need, centre = _read(
        schedule, requirement, agents, contracts, shifts, absences, campaigns, locks, time_zone
    )
    asked = day(on)
    assert asked is not None
    table = swap_partners(made, agent, asked, need, **centre)
    show(table.drop(columns=["team"]), f"Swap partners of {agent} on {asked}")


@app.command()
def explain(
    schedule: Published,
    requirement: Needed,
    agents: Agents,
    contracts: Contracts,
    shifts: Shifts = None,
    absences: Absences = None,
    campaigns: Campaigns = None,
    locks: Locks = None,
    rules: Annotated[bool, typer.Option("--rules", help="Price rules and locks too.")] = False,
    time_zone: Zone = None,
) -> None:
    """Say why intervals are short, what mends it, how fair the schedule is, what rules cost.

    Example: wfm explain schedule.json requirement.csv --agents agents.csv --contracts contracts.csv
    """
    made, need, centre = _read(
        schedule, requirement, agents, contracts, shifts, absences, campaigns, locks, time_zone
    )
    found = explain_schedule(made, need, **centre).frame
    if found.empty:
        show(pd.DataFrame({"": ["no interval is short of staff"]}), "Coverage")
    else:
        by = found.groupby("why")["under"].sum().sort_values(ascending=False)
        show(by.reset_index(), "Why agents are missing [intervals]")
        show(found.drop(columns="cause").head(20), "Short intervals, the first 20")
    show(fairness(made, centre["agents"]).measures, "Fairness")
    if rules:
        days: dict[str, Any] = {"first_day": made.first_day, "days": made.days}
        show(price_rules(need, **centre, **days), "What rules and locks cost")
