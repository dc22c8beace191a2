"""The steps with the arguments that a plan's settings hold, for plan folders, jobs and pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from wfm import io
from wfm.core.calendars import Calendar, Event, Opening
from wfm.core.callbacks import Callback
from wfm.core.edits import Lock
from wfm.core.limits import StaffLimit
from wfm.core.meetings import Meeting
from wfm.core.people import Agent, Contract
from wfm.core.shrinkage import Shrinkage
from wfm.core.target import SHORT_VARIANTS
from wfm.core.types import Forecast, History, Requirement, Schedule, ServiceTarget
from wfm.core.work import Campaign, OfTable, Queue
from wfm.io.read.source import Source
from wfm.planning import steps
from wfm.planning.callbacks import add_callbacks, callbacks_within
from wfm.planning.offered import counted_as
from wfm.planning.settings import Settings
from wfm.planning.why import price_table

if TYPE_CHECKING:
    from wfm.scheduling.solve import Progress


@dataclass(frozen=True)
class People:
    """Who works and on what."""

    agents: Sequence[Agent]
    contracts: Sequence[Contract]
    campaigns: Sequence[Campaign] = ()
    locks: Sequence[Lock] = ()
    carry_in: Schedule | None = None
    meetings: Sequence[Meeting] = ()
    limits: Sequence[StaffLimit] = ()


def calendar_of(
    settings: Settings, events: Sequence[Event] = (), queues: Sequence[Queue] = ()
) -> Calendar:
    """Return the calendar: country, events, and the queues' hours or else those of [history]."""
    section = settings.calendar
    hours = {q.queue: q.opening for q in queues if q.opening is not None}
    plain = Opening.parse(settings.history.opening) if settings.history.opening else None
    return Calendar(section.country, section.subdiv, tuple(events), hours or plain)


def history_of(
    settings: Settings, source: Source, calendar: Calendar, bad_rows: Literal["refuse", "report"]
) -> History:
    """Read a file as [history] says: a row an interval or a call, and what counts as offered."""
    section = settings.history
    shared: dict[str, Any] = {
        "time_zone": settings.plan.time_zone,
        "interval": settings.plan.interval,
        "opening": calendar.opening,
        "columns": section.columns or None,
        "source_zone": section.source_zone,
        "bad_rows": bad_rows,
        "decimal": section.decimal,
        "dates": section.dates,
        "encoding": section.encoding,
    }
    if section.rows == "call":
        history = io.read_records(
            source,
            threshold_s=section.threshold_s,
            short_s=section.short_s,
            unit=section.handle_unit,
            **shared,
        )
    else:
        history = io.read_history(
            source,
            stamps=section.stamps,
            source_interval=section.source_interval,
            handle_unit=section.handle_unit,
            sheet=section.sheet,
            **shared,
        )
    return counted_as(history, section.offered, section.short_s)


def requirement_of(
    settings: Settings,
    forecast: Forecast,
    queues: Sequence[Queue] = (),
    shrinkage: Shrinkage | None = None,
    callbacks: Sequence[Callback] = (),
) -> Requirement:
    """Staff the forecast by [staff], with what a queue sets for itself, and promised callbacks.

    A table of shrinkage by component goes before the single share of [staff].
    """
    section = settings.staff
    kinds = {q.queue: q.kind for q in queues}
    own = {q.queue: q.target for q in queues if q.target}
    targets = {
        name: target_of(settings, own.get(name, section.target), kinds.get(name, "voice"))
        for name in forecast.queues
    }
    aht_s = {n: section.aht_s for n in forecast.queues}
    aht_s |= {q.queue: q.aht_s for q in queues if q.aht_s is not None}
    patience_s = {n: section.patience_s for n in forecast.queues}
    patience_s |= {q.queue: q.patience_s for q in queues if q.patience_s is not None}
    made = steps.staff(
        forecast,
        targets,
        model=section.model,
        aht_s={n: value for n, value in aht_s.items() if value is not None},
        patience_s={n: value for n, value in patience_s.items() if value is not None},
        shrinkage=section.shrinkage if shrinkage is None else shrinkage,
        min_agents=section.min_agents,
        max_occupancy=section.max_occupancy,
        carry_over=section.carry_over,
        queues=queues,
        week_start=settings.plan.week_start,
    )
    return add_callbacks(made, callbacks_within(made, callbacks))


def price_of(
    settings: Settings,
    forecast: Forecast,
    queues: Sequence[Queue] = (),
    shrinkage: Shrinkage | None = None,
) -> pd.DataFrame:
    """Agent hours of the plan at each confidence, beside those of its own setting."""

    def need(confidence: float | None) -> Requirement:
        asked = settings.model_copy(deep=True)
        asked.staff.confidence = confidence
        return requirement_of(asked, forecast, queues, shrinkage)

    return price_table(need, now=settings.staff.confidence)


def target_of(settings: Settings, text: str, kind: str = "voice") -> ServiceTarget:
    """A promise as [staff] counts and keeps it; chats in every interval, work by its due times."""
    section = settings.staff
    promise = ServiceTarget.parse(text)
    if kind == "deferred":
        return promise
    kept_over = section.scope if kind != "chat" else "interval"
    over_day = kept_over == "day" and (promise.service_level or promise.abandoned)
    return replace(
        promise,
        variant=section.variant,
        short_s=section.short_s if section.variant in SHORT_VARIANTS else None,
        scope="day" if over_day else "interval",
        floor=section.floor if over_day else None,
        confidence=section.confidence,
    )


def centre_of(settings: Settings, people: People, queues: Sequence[Queue] = ()) -> dict[str, Any]:
    """Everything beside the requirement that shapes a schedule, as arguments by name.

    `make_schedule`, `check_schedule`, `edit_schedule` and all others on schedules take them.
    """
    section = settings.schedule
    return {
        "agents": people.agents,
        "contracts": people.contracts,
        "campaigns": people.campaigns,
        "locks": people.locks,
        "carry_in": people.carry_in,
        "meetings": people.meetings,
        "limits": people.limits,
        "skills": OfTable({q.queue: q.skill for q in queues}) or None,
        "priorities": OfTable({q.queue: q.priority for q in queues}) or None,
        "rules": steps.schedule_rules(
            rest_min=section.rest_min,
            band_min=section.band_min,
            outbound_block_min=section.outbound_block_min,
            max_days_in_row=section.max_days_in_row,
            weekends_off_in=section.weekends_off_in,
            preferred_within_min=section.preferred_within_min,
            break_gap_min=section.break_gap_min,
            break_gap_max=section.break_gap_max,
            break_share_max=section.break_share_max,
            break_heads_max=section.break_heads_max,
            break_by_team=section.break_by_team,
            weekly_rest_min=section.weekly_rest_min,
            night=(section.night_from, section.night_to),
            night_least_min=section.night_least_min,
            max_nights_week=section.max_nights_week,
            max_nights_in_row=section.max_nights_in_row,
            rest_after_nights_min=section.rest_after_nights_min,
            max_hours_average_week=section.max_hours_average_week,
            late_end=section.late_end if section.start_after_late else None,
            start_after_late=section.start_after_late if section.late_end else None,
            week_start=settings.plan.week_start,
        ),
        "weights": steps.schedule_weights(
            missing=section.missing_cost,
            over=section.over_cost,
            labour=section.labour_cost,
            outbound=section.outbound_cost,
            wish=section.wish_cost,
            switch=section.switch_cost,
        ),
    }


def schedule_of(
    settings: Settings,
    requirement: Requirement,
    people: People,
    queues: Sequence[Queue] = (),
    *,
    progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Schedule:
    """Schedule the people by [schedule]; a queue asks for the skill that its table names."""
    section = settings.schedule
    return steps.make_schedule(
        requirement,
        **centre_of(settings, people, queues),
        first_day=section.first_day,
        days=section.days,
        seconds=section.seconds,
        seed=section.seed,
        progress=progress,
        stop=stop,
    )
