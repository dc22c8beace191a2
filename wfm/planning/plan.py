"""A plan folder, from its plan.toml to everything that is handed out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pandas as pd

from wfm import io
from wfm.core import intervals
from wfm.core.assumptions import assumed_text
from wfm.core.calendars import Calendar
from wfm.core.errors import DataError
from wfm.core.served import in_line, weighed
from wfm.core.types import Forecast, History, Requirement, Schedule
from wfm.core.work import Queue
from wfm.planning import steps
from wfm.planning.by_settings import People, calendar_of, history_of, requirement_of, schedule_of
from wfm.planning.edits import apply_edits, edits_from
from wfm.planning.outbound import left_undone
from wfm.planning.people import assumed_costs, people_to_fit
from wfm.planning.service import predict_service
from wfm.planning.settings import Settings, read_settings

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Inputs:
    """What a plan's schedule is made of; history and forecast are None when it began later."""

    history: History | None
    forecast: Forecast | None
    requirement: Requirement
    people: People
    queues: Sequence[Queue] = ()


@dataclass(frozen=True)
class Plan:
    """Everything one run of a plan made; history and forecast are None when it began later."""

    settings: Settings
    history: History | None
    forecast: Forecast | None
    requirement: Requirement
    people: People
    schedule: Schedule
    service: pd.DataFrame | None
    queues: Sequence[Queue] = ()

    def summary(self) -> str:
        """Return a few lines for the terminal: what was forecast, needed and scheduled."""
        schedule, lines = self.schedule, [self.settings.plan.name]
        if self.history is not None:
            starts = self.history.frame["start"]
            first, last = starts.min(), starts.max()
            offered = self.history.frame["offered"].sum()
            queues = ", ".join(self.history.queues)
            lines.append(
                f"history      {offered:,.0f} contacts, {first:%d %b %Y} to {last:%d %b %Y}"
            )
            lines.append(f"queues       {queues}")
        if self.forecast is not None:
            days = self.forecast.frame["start"].dt.date
            total = self.forecast.frame["volume"].sum()
            lines.append(
                f"forecast     {total:,.0f} contacts, {days.min():%d %b} to {days.max():%d %b}"
            )
        need = self.requirement.frame
        hours = need["scheduled"].sum() * (self.requirement.interval / timedelta(hours=1))
        targets = {str(t) for t in self.requirement.targets.values()}
        promise = f" for {', '.join(sorted(targets))}" if targets else ""
        lines.append(
            f"requirement  {hours:,.0f} h on the roster{promise}, "
            f"at most {need['scheduled'].max()} agents on a queue"
        )
        last_day = schedule.first_day + timedelta(days=schedule.days - 1)
        lines.append(
            f"schedule     {schedule.first_day:%a %d %b} to {last_day:%a %d %b}, "
            f"{len(self.people.agents)} agents, {schedule.hours:,.0f} paid h, {schedule.status} "
            f"(stopped by {schedule.stopped_by} after {schedule.seconds:.0f} s)"
        )
        lines.append(
            f"             gap {schedule.gap:.2%} of the cost, "
            f"{schedule.gap_above_min_labour:.1%} above minimum labour"
            if schedule.bounded
            else "             gap not proven: search longer"
        )
        for row in schedule.outbound.itertuples():
            lines.append(f"outbound     {row.campaign}: {row.placed_h:.1f} of {row.target_h:.1f} h")
        if len(schedule.outbound) and (told := left_undone(schedule.outbound)):
            lines.append(f"             {told}")
        if self.service is not None:
            waited = in_line(self.service["queue"], self.requirement)
            volume = weighed(self.service["volume"], waited)
            level, lost = (
                (self.service[name] * volume).sum() / max(volume.sum(), 1e-9)
                for name in ("service_level", "abandoned")
            )
            lines.append(
                f"service      {level:.1%} predicted with the heads rostered, {lost:.1%} abandoned"
            )
        if self.requirement.counted:
            lines.append(f"offered      {self.requirement.counted}")
        if assumed := assumed_text(self.requirement):
            lines.append(f"assumed      {assumed} (not measured; set it in [staff] or by queue)")
        if costs := assumed_costs(self.people.agents):
            lines.append(f"assumed      {costs}: name your own in [people] agents")
        return "\n".join(lines)


def run_plan(
    path: str | Path,
    *,
    tell: Tell = lambda text: None,
    progress: Callable[[object], None] | None = None,
) -> Plan:
    """Rebuild a plan from its plan.toml.

    Parameters
    ----------
    path
        The plan.toml; the files it names are relative to it.
    tell
        Called with a line as each step begins.
    progress
        Passed on to the solver.

    Returns
    -------
    Plan
        All values; `write_plan` writes the files.

    Raises
    ------
    DataError, ForecastError, InfeasibleError
        One sentence that names the file or the section.
    """
    file = Path(path)
    settings = read_settings(file)
    given = read_inputs(settings, file.parent, tell=tell)
    people, queues = given.people, given.queues
    tell(f"scheduling {len(people.agents)} agents, at most {settings.schedule.seconds:g} s")
    need = given.requirement
    schedule = schedule_of(settings, need, people, queues, progress=progress)
    service = predict_service(schedule, need) if need.model else None
    return Plan(settings, given.history, given.forecast, need, people, schedule, service, queues)


def read_inputs(settings: Settings, folder: Path, *, tell: Tell = lambda text: None) -> Inputs:
    """Everything that shapes a plan's schedule, from the files that its settings name.

    Parameters
    ----------
    settings, folder
        The plan's sections, and the folder that its files are relative to.
    tell
        Called with a line as each step begins.
    """
    queues = _queues(settings, folder)
    events = folder / settings.calendar.events if settings.calendar.events else None
    calendar = calendar_of(settings, io.read_events(events) if events else (), queues)
    history, forecast, requirement = None, None, None
    if settings.staff.file:
        tell(f"reading the requirement {settings.staff.file}")
        requirement = io.read_requirement(
            folder / settings.staff.file,
            time_zone=settings.plan.time_zone,
            shrinkage=settings.staff.shrinkage,
        )
    else:
        if settings.forecast.file:
            tell(f"reading the forecast {settings.forecast.file}")
            forecast = io.read_forecast(
                folder / settings.forecast.file, time_zone=settings.plan.time_zone
            )
        else:
            tell(f"reading {settings.history.file}")
            history = plan_history(settings, folder, calendar)
            tell(f"forecasting {settings.forecast.horizon}")
            forecast = steps.make_forecast(
                history,
                horizon=settings.forecast.horizon,
                start=settings.forecast.start,
                model=settings.forecast.model,
                calendar=calendar,
            )
        if settings.forecast.edits:
            edits = edits_from(io.read_frame(folder / settings.forecast.edits))
            forecast = apply_edits(forecast, edits, settings.plan.week_start)
        tell("staffing")
        table = settings.staff.shrinkage_table
        shrinkage = io.read_shrinkage(folder / table) if table else None
        promised = settings.outbound.callbacks
        callbacks = io.read_callbacks(folder / promised) if promised else ()
        requirement = requirement_of(settings, forecast, queues, shrinkage, callbacks)
    people = _people(settings, folder, requirement, queues)
    return Inputs(history, forecast, requirement, people, queues)


def plan_history(settings: Settings, folder: Path, calendar: Calendar) -> History:
    """Read the plan's history: the queues and days it asks for."""
    section = settings.history
    if not section.file:
        message = (
            "plan.toml: no [history] file, no [forecast] file and no [staff] file. "
            "Name one of them to start from."
        )
        raise DataError(message)
    history = history_of(settings, folder / section.file, calendar, bad_rows=section.bad_rows)
    unknown = sorted(set(section.queues) - set(history.queues))
    if unknown:
        message = (
            f"plan.toml, [history] queues: {', '.join(unknown)} not in {section.file}. "
            f"It holds {', '.join(history.queues)}."
        )
        raise DataError(message)
    kept = history.frame
    if section.queues:
        kept = kept[kept["queue"].isin(section.queues)]
    if section.until is not None:
        kept = kept[kept["start"] < intervals.day_start(section.until, history.time_zone)]
    if kept.empty:
        message = f"plan.toml, [history] until = {section.until}: no row lies before it."
        raise DataError(message)
    return replace(history, frame=kept)


def _queues(settings: Settings, folder: Path) -> Sequence[Queue]:
    file = settings.people.queues
    return io.read_queues(folder / file) if file else ()


def _people(
    settings: Settings, folder: Path, requirement: Requirement, queues: Sequence[Queue]
) -> People:
    """Read the plan's people, or make some that fit."""
    section = settings.people
    file = settings.outbound.campaigns
    campaigns = io.read_campaigns(folder / file) if file else ()
    locked, before = settings.schedule.locks, settings.schedule.previous
    held, heads = settings.schedule.meetings, settings.schedule.limits
    limits = io.read_limits(folder / heads) if heads else ()
    meetings = io.read_meetings(folder / held) if held else ()
    locks = io.read_locks(folder / locked) if locked else ()
    carry_in = io.read_schedule(folder / before) if before else None
    if section.fit:
        agents, contracts = people_to_fit(
            requirement,
            campaigns=campaigns,
            days=settings.schedule.days,
            skills={q.queue: q.skill for q in queues},
            seed=settings.schedule.seed,
            week_start=settings.plan.week_start,
        )
        return People(agents, contracts, campaigns, locks, carry_in, meetings, limits)
    if not section.agents or not section.contracts:
        message = (
            "plan.toml, [people]: agents and contracts are not named. Name both files, or write "
            "fit = true to have people made who fit the requirement."
        )
        raise DataError(message)
    absences = folder / section.absences if section.absences else None
    kinds = folder / section.shifts if section.shifts else None
    return People(
        io.read_agents(folder / section.agents, absences=absences),
        io.read_contracts(folder / section.contracts, shifts=kinds),
        campaigns,
        locks,
        carry_in,
        meetings,
        limits,
    )
