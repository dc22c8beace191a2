"""The commands of one step: each reads and writes files, and prints a short table."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from wfm import io
from wfm.cli.app import Jobs, Out, Seconds, Seed, Shown, Zone, app
from wfm.cli.given import (
    Columns,
    Reading,
    borrowed,
    calendar,
    day,
    read_history,
)
from wfm.cli.show import err, progress, show, write
from wfm.core.assumptions import assumed_text
from wfm.core.errors import WfmError
from wfm.core.types import ServiceTarget
from wfm.core.working_time import working_time_rules
from wfm.planning import steps
from wfm.planning.by_settings import requirement_of
from wfm.planning.edits import apply_edits, edits_from
from wfm.planning.outbound import left_undone
from wfm.planning.people import assumed_costs, people_to_fit
from wfm.planning.rules_told import rules_table
from wfm.planning.service import erlang_table
from wfm.planning.settings import settings_from
from wfm.planning.why import requirement_notes


@app.command()
def forecast(
    history: Annotated[Path, typer.Argument(help="Interval history: csv, tsv, xlsx or parquet.")],
    horizon: Annotated[
        str, typer.Option(help="Days, weeks or intervals: 28D, 4W, 48x30min.")
    ] = "28D",
    start: Annotated[
        str | None, typer.Option(help="First day; else the day after the last.")
    ] = None,
    model: Annotated[str, typer.Option(help="auto, or one model by name.")] = "auto",
    time_zone: Zone = None,
    interval: Annotated[str, typer.Option(help="5, 10, 15, 20, 30 or 60min.")] = "30min",
    opening: Annotated[str | None, typer.Option(help="Opening hours, e.g. 07:00-21:00.")] = None,
    country: Annotated[str | None, typer.Option(help="Country of the holidays, e.g. TR.")] = None,
    column: Columns = None,
    reading: Reading = None,
    edits: Annotated[
        Path | None, typer.Option(help="Edits by hand: from, to, queue, change.")
    ] = None,
    borrow: Annotated[
        list[str] | None,
        typer.Option(help="For a new queue: new=support, new=support:0.2 or new=pool:0.1."),
    ] = None,
    seed: Seed = 0,
    jobs: Jobs = 1,
    shown: Shown = None,
    out: Out = None,
) -> None:
    """Forecast contacts and handle time per interval.

    Example: wfm forecast history.csv --horizon 7D --out forecast.csv
    """
    read = read_history(history, time_zone, interval, opening, column, reading)
    with progress(shown) as report:
        report.tell(f"forecasting {horizon}, queues")
        made = steps.make_forecast(
            read,
            horizon=horizon,
            start=day(start),
            model=model,
            calendar=calendar(country, opening),
            seed=seed,
            n_jobs=jobs,
            borrow=borrowed(borrow or []),
            progress=report.count,
        )
    if edits:
        made = apply_edits(made, edits_from(io.read_frame(edits)))
    write(made.frame, out)
    show(
        made.days().assign(day=lambda f: f["day"].dt.strftime("%a %d %b %Y")),
        f"Contacts a day, {', '.join(made.queues)}",
    )


@app.command()
def backtest(
    history: Annotated[Path, typer.Argument(help="Interval history: csv, tsv, xlsx or parquet.")],
    horizon: Annotated[str, typer.Option(help="Days or weeks: 28D, 4W.")] = "28D",
    origins: Annotated[int, typer.Option(min=1, max=60, help="Past days to forecast from.")] = 8,
    models: Annotated[str, typer.Option(help="Models, separated by commas.")] = ",".join(
        steps.BASELINES
    ),
    time_zone: Zone = None,
    interval: Annotated[str, typer.Option(help="5, 10, 15, 20, 30 or 60min.")] = "30min",
    opening: Annotated[str | None, typer.Option(help="Opening hours, e.g. 07:00-21:00.")] = None,
    country: Annotated[str | None, typer.Option(help="Country of the holidays, e.g. TR.")] = None,
    column: Columns = None,
    reading: Reading = None,
    shown: Shown = None,
    out: Out = None,
) -> None:
    """Compare models on the history itself: WAPE, bias and coverage by interval and by day.

    Example: wfm backtest history.csv --horizon 28D --origins 8
    """
    read = read_history(history, time_zone, interval, opening, column, reading)
    with progress(shown) as report:
        report.tell(f"forecasting from {origins} past days")
        board = steps.backtest(
            read,
            horizon=horizon,
            origins=origins,
            models=[name.strip() for name in models.split(",")],
            calendar=calendar(country, opening),
            progress=report.count,
        )
    write(board.frame, out)
    show(board.frame, "Accuracy")


@app.command()
def staff(
    forecast: Annotated[Path, typer.Argument(help="A forecast: start, queue, volume, aht_s.")],
    target: Annotated[
        str, typer.Option(help="80/20, ASA 30, abandoned 5%, occupancy 85%.")
    ] = "80/20",
    model: Annotated[str, typer.Option(help="erlang_a or erlang_c.")] = "erlang_a",
    aht: Annotated[
        float | None, typer.Option(help="AHT where the forecast has none, in seconds.")
    ] = None,
    patience: Annotated[
        float | None, typer.Option(help="Mean patience in seconds, Erlang A; 120 is assumed.")
    ] = None,
    shrinkage: Annotated[float, typer.Option(help="Share of paid time away, e.g. 0.10.")] = 0.10,
    min_agents: Annotated[int, typer.Option(min=0, help="Least agents on an open queue.")] = 0,
    max_occupancy: Annotated[
        float | None, typer.Option(help="Most share of time on contacts, e.g. 0.85.")
    ] = None,
    variant: Annotated[
        str, typer.Option(help="How the service level is counted; see docs/columns.md.")
    ] = "sl_offered",
    short: Annotated[float, typer.Option(help="Seconds of a short abandon.")] = 5.0,
    scope: Annotated[str, typer.Option(help="interval, or day: kept over its contacts.")] = (
        "interval"
    ),
    floor: Annotated[
        float | None, typer.Option(help="With --scope day: what every interval keeps.")
    ] = None,
    confidence: Annotated[
        float | None, typer.Option(help="Share of days kept, e.g. 0.90; needs a forecast's bands.")
    ] = None,
    carry_over: Annotated[str, typer.Option(help="auto, carried or steady.")] = "auto",
    queues: Annotated[
        Path | None, typer.Option(help="queues.csv: channels, own targets, due times.")
    ] = None,
    shrinkage_table: Annotated[
        Path | None, typer.Option(help="Shrinkage by component, instead of --shrinkage.")
    ] = None,
    time_zone: Zone = None,
    out: Out = None,
) -> None:
    """Turn a forecast into required agents per interval.

    Example: wfm staff forecast.csv --target 80/20 --aht 300 --time-zone Europe/Istanbul
    --out requirement.csv
    """
    asked = {
        "target": target,
        "variant": variant,
        "short_s": short,
        "scope": scope,
        "floor": floor,
        "confidence": confidence,
        "carry_over": carry_over,
        "model": model,
        "aht_s": aht,
        "patience_s": patience,
        "shrinkage": shrinkage,
        "min_agents": min_agents,
        "max_occupancy": max_occupancy,
    }
    made = requirement_of(
        settings_from({"staff": asked}, name="wfm staff"),
        io.read_forecast(forecast, time_zone=time_zone),
        io.read_queues(queues) if queues else (),
        io.read_shrinkage(shrinkage_table) if shrinkage_table else None,
    )
    write(made.frame, out)
    hours = made.interval.total_seconds() / 3600
    day = made.frame["start"].dt.strftime("%a %d %b %Y").rename("day")
    table = made.frame.groupby([day, made.frame["queue"]], sort=False).agg(
        base_h=("agents", lambda s: s.sum() * hours),
        scheduled_h=("scheduled", lambda s: s.sum() * hours),
        most_agents=("agents", "max"),
    )
    show(table.reset_index(), f"Required agents for {target}, {model}")
    for note in requirement_notes(made.frame, made.interval):
        err.print(note, markup=False, highlight=False)
    if assumed := assumed_text(made):
        err.print(f"Assumed, not measured: {assumed}.")


@app.command()
def schedule(
    requirement: Annotated[Path, typer.Argument(help="A requirement: start, queue, agents.")],
    agents: Annotated[Path | None, typer.Option(help="agents.csv or a workbook's sheet.")] = None,
    contracts: Annotated[Path | None, typer.Option(help="contracts.csv")] = None,
    shifts: Annotated[Path | None, typer.Option(help="shifts.csv: further kinds of shift.")] = None,
    absences: Annotated[Path | None, typer.Option(help="absences.csv")] = None,
    campaigns: Annotated[Path | None, typer.Option(help="campaigns.csv")] = None,
    locks: Annotated[Path | None, typer.Option(help="locks.csv: agent, day, shift.")] = None,
    previous: Annotated[
        Path | None, typer.Option(help="Last week's schedule as .json: its last shifts count.")
    ] = None,
    fit: Annotated[bool, typer.Option("--fit", help="Make people who fit, instead.")] = False,
    first_day: Annotated[
        str | None, typer.Option(help="First day; else that of the first whole week.")
    ] = None,
    week_start: Annotated[str, typer.Option(help="Weeks begin on Mon, Sun or Sat.")] = "Mon",
    days: Annotated[int, typer.Option(min=1, max=35, help="Days to schedule.")] = 7,
    shrinkage: Annotated[float, typer.Option(help="Only where the file lacks 'scheduled'.")] = 0.10,
    seconds: Seconds = 60.0,
    seed: Seed = 0,
    time_zone: Zone = None,
    working_time: Annotated[
        str | None,
        typer.Option(help="Rules of a preset: EU, Türkiye, Georgia or Azerbaijan; not verified."),
    ] = None,
    out: Annotated[Path, typer.Option(help=".xlsx, .csv or .json")] = Path("schedule.xlsx"),
) -> None:
    """Build a schedule of named people with breaks and outbound work.

    Example: wfm schedule requirement.csv --agents agents.csv --contracts contracts.csv
    --campaigns campaigns.csv --out week.xlsx
    """
    if out.suffix.lower() not in io.WRITERS:
        message = f"{out}: {out.suffix or 'no suffix'} is not known. Use {', '.join(io.WRITERS)}."
        raise WfmError(message)
    weeks = settings_from({"plan": {"week_start": week_start}}, name="wfm schedule").plan.week_start
    preset = working_time_rules(working_time) if working_time else {}
    need = io.read_requirement(requirement, time_zone=time_zone, shrinkage=shrinkage)
    work = io.read_campaigns(campaigns) if campaigns else ()
    if fit:
        people, terms = people_to_fit(
            need, campaigns=work, days=days, seed=seed, week_start=week_start
        )
    elif agents and contracts:
        people = list(io.read_agents(agents, absences=absences))
        terms = list(io.read_contracts(contracts, shifts=shifts))
    else:
        message = "schedule: name --agents and --contracts, or --fit to have people made who fit."
        raise WfmError(message)
    rules = steps.schedule_rules(**preset, week_start=weeks)
    with progress() as report:
        made = steps.make_schedule(
            need,
            people,
            terms,
            rules=rules,
            campaigns=work,
            locks=io.read_locks(locks) if locks else (),
            carry_in=io.read_schedule(previous) if previous else None,
            first_day=day(first_day),
            days=days,
            seconds=seconds,
            seed=seed,
            progress=report.solver,
        )
    sheets = {"Rules": rules_table(rules, terms, people)}
    io.write_schedule(made, out, requirement=need, sheets=sheets)
    last = made.first_day + timedelta(days=made.days - 1)
    figures = {
        "days": f"{made.first_day:%a %d %b %Y} to {last:%a %d %b %Y}, weeks from {weeks}",
        "status": f"{made.status}, stopped by {made.stopped_by}",
        "gap": f"{made.gap:.2%}, above minimum labour {made.gap_above_min_labour:.1%}"
        if made.bounded
        else "not proven: search longer",
        "objective": f"{made.objective:,.0f}, bound {made.bound:,.0f}",
        "paid hours": f"{made.hours:,.1f}, cost {made.cost:,.0f}",
        "seconds": f"{made.seconds:.1f}, seed {made.seed}",
        "written": str(out),
    }
    if costs := assumed_costs(people):
        figures["assumed"] = costs
    show(pd.DataFrame(figures.items(), columns=["", "schedule"]), "Schedule")
    if len(made.outbound):
        show(made.outbound, "Outbound")
        if told := left_undone(made.outbound):
            typer.echo(told)


@app.command()
def erlang(
    load: Annotated[float, typer.Option(help="Offered load in erlangs.")],
    aht: Annotated[float, typer.Option(help="Mean handle time in seconds.")] = 300.0,
    target: Annotated[
        str, typer.Option(help="80/20, ASA 30, abandoned 5%, occupancy 85%.")
    ] = "80/20",
    model: Annotated[
        str, typer.Option(help="erlang_a, erlang_c, erlang_x, or with --lines mmnk, erlang_a_k.")
    ] = "erlang_a",
    patience: Annotated[
        float, typer.Option(help="Mean patience in seconds, where callers hang up.")
    ] = 120.0,
    lines: Annotated[int | None, typer.Option(help="Most calls in progress and waiting.")] = None,
    redial: Annotated[
        float | None, typer.Option(help="erlang_x: share of the abandoned who call again.")
    ] = None,
    reconnect: Annotated[
        float | None, typer.Option(help="erlang_x: share of the answered who call again.")
    ] = None,
    around: Annotated[int, typer.Option(min=0, max=50, help="Agents to show either side.")] = 3,
) -> None:
    """Show the least agents for a target, and what a few more or fewer would do.

    Example: wfm erlang --load 10 --aht 300 --target 80/20 --model erlang_c
    """
    table = erlang_table(
        load,
        ServiceTarget.parse(target),
        model=model,
        aht_s=aht,
        patience_s=patience,
        lines=lines,
        redial=redial,
        reconnect=reconnect,
        around=around,
    )
    show(table, f"{model}, {load:g} erlangs, {target}")
