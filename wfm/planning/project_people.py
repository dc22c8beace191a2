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
_SPANS: dict[str, tuple[date, int]] = {}
"""First day and days of saved schedules by the hash of what is stored."""


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
    """The newest saved schedule that began before a day and reaches the day before it.

    One that was withdrawn counts no longer.
    """
    for version in _standing(store, project):
        begun, days = _span(version, store, load)
        if begun < first_day <= begun + timedelta(days=days):
            return _loaded(version, store, load)
    return None


def earlier_schedules(
    store: Store, project: int, first_day: date, load: Load | None = None
) -> list[Schedule]:
    """Saved schedules that began before a day, the newest last, for fairness over weeks.

    Of those of the same days the newest, and none that was withdrawn.
    """
    newest: dict[tuple[date, int], VersionInfo] = {}
    for version in _standing(store, project):
        span = _span(version, store, load)
        if span[0] < first_day:
            newest.setdefault(span, version)
    return [_loaded(version, store, load) for version in reversed(newest.values())]


def published_of(
    store: Store, project: int, version: VersionInfo, load: Load | None = None
) -> VersionInfo | None:
    """The newest published schedule of the same days, where a version is not published itself."""
    if version.state == "published":
        return None
    span = _span(version, store, load)
    for other in _standing(store, project):
        if other.state == "published" and _span(other, store, load) == span:
            return other
    return None


def _standing(store: Store, project: int) -> list[VersionInfo]:
    """Schedules that were not withdrawn, the newest first."""
    return [v for v in store.versions(project, "schedule") if v.state != "withdrawn"]


def _span(version: VersionInfo, store: Store, load: Load | None) -> tuple[date, int]:
    """First day and days of a saved schedule, read once for what is stored."""
    if version.data_hash not in _SPANS:
        schedule = _loaded(version, store, load)
        _SPANS[version.data_hash] = schedule.first_day, schedule.days
    return _SPANS[version.data_hash]


def _loaded(version: VersionInfo, store: Store, load: Load | None) -> Schedule:
    return load(version) if load else store.load(version.id)  # type: ignore[no-any-return]


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
