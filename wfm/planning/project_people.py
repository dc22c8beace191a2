"""The people of a project in the store, what is locked, and what they bring from last week."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd

from wfm.core import tables
from wfm.core.edits import Lock
from wfm.core.types import Requirement, Schedule
from wfm.core.work import Queue
from wfm.planning.by_settings import People
from wfm.planning.settings import Settings
from wfm.store import Store, VersionInfo

PEOPLE_TABLES = (
    *("agents", "absences", "contracts", "shifts", "campaigns", "queues"),
    *("locks", "meetings", "limits"),
)
Load = Callable[[VersionInfo], Any]
LOOKED_AT = 24
"""Newest schedules among which the one of the days before is sought."""


def people_of(
    typed: Mapping[str, pd.DataFrame], carry_in: Schedule | None = None
) -> tuple[People, tuple[Queue, ...]]:
    """People, campaigns and locks from the tables of a project, and its queues."""
    people = People(
        tables.agents_from(typed["agents"], typed["absences"]),
        tables.contracts_from(
            typed["contracts"], typed["shifts"] if len(typed["shifts"]) else None
        ),
        tables.campaigns_from(typed["campaigns"]),
        tables.locks_from(typed["locks"]) if len(typed["locks"]) else (),
        carry_in,
        tables.meetings_from(typed["meetings"]) if len(typed["meetings"]) else (),
        tables.limits_from(typed["limits"]) if len(typed["limits"]) else (),
    )
    return people, tables.queues_from(typed["queues"])


def typed_tables(store: Store, project: int) -> dict[str, pd.DataFrame]:
    """The tables of `PEOPLE_TABLES` as they are saved."""
    return {name: store.table(project, name) for name in PEOPLE_TABLES}


def previous_schedule(
    store: Store, project: int, first_day: date, load: Load | None = None
) -> Schedule | None:
    """The newest saved schedule that began before a day and reaches the day before it."""
    for version in store.versions(project, "schedule")[:LOOKED_AT]:
        schedule = load(version) if load else store.load(version.id)
        end = schedule.first_day + timedelta(days=schedule.days)
        if schedule.first_day < first_day <= end:
            return schedule  # type: ignore[no-any-return]
    return None


def earlier_schedules(
    store: Store, project: int, first_day: date, load: Load | None = None
) -> list[Schedule]:
    """Saved schedules that began before a day, the newest last, for fairness over weeks."""
    newest = store.versions(project, "schedule")[:LOOKED_AT]
    found = [load(v) if load else store.load(v.id) for v in reversed(newest)]
    return [schedule for schedule in found if schedule.first_day < first_day]


def within(locks: Sequence[Lock], first_day: date, days: int) -> tuple[Lock, ...]:
    """Locks of the days that are planned; those of other weeks wait for theirs."""
    last = first_day + timedelta(days=days - 1)
    return tuple(lock for lock in locks if first_day <= lock.day <= last)


def first_day_of(
    requirement: Requirement, settings: Settings, *, today: date | None = None
) -> date:
    """First day of a schedule: as asked, else where `Requirement.first_day` has it begin.

    Parameters
    ----------
    today
        The centre's own day: a week that begins on it or later is taken where there is one.
    """
    section = settings.schedule
    return section.first_day or requirement.first_day(
        settings.plan.week_start, section.days, since=today
    )
