"""From the tables and settings of the open project to the values that planning takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd

from wfm.core import tables
from wfm.core.calendars import Calendar
from wfm.core.errors import DataError, WfmError
from wfm.core.people import Agent, Contract
from wfm.core.shrinkage import Shrinkage
from wfm.core.types import Forecast, History, Requirement, Schedule
from wfm.core.work import Campaign, Queue
from wfm.planning.by_settings import calendar_of, centre_of, requirement_of
from wfm.planning.edits import apply_edits, edits_from
from wfm.planning.project_people import (
    PEOPLE_TABLES,
    earlier_schedules,
    people_of,
    previous_schedule,
    within,
)
from wfm.store import VersionInfo
from wfm.ui import state
from wfm.ui.said import language, st

FOR_A_SCHEDULE = ("locks", "meetings")
"""Tables that are filled for a schedule that is there, and put into it where they are typed."""
NO_RULES = {
    *("first_day", "days", "seconds", "seed", "change_cost"),
    *("previous", "locks", "meetings", "limits"),
}
"""Settings of a schedule that say how and for when it is made, or where a file lies."""


def newest() -> dict[str, VersionInfo]:
    """The newest version of each kind in the open project."""
    found: dict[str, VersionInfo] = {}
    for version in state.store().versions(state.project_id()):
        found.setdefault(version.kind, version)
    return found


def shrinkage() -> Shrinkage | None:
    """Shrinkage by component, None where the table is empty."""
    table = state.table("shrinkage")
    return tables.shrinkage_from(table) if len(table) else None


def queues() -> list[Queue]:
    """What each queue sets for itself."""
    return list(tables.queues_from(state.table("queues")))


def calendar() -> Calendar:
    """Holidays, own events and opening hours."""
    events = tables.events_from(state.table("events"))
    return calendar_of(state.settings(), events, queues())


def history() -> History | None:
    """The history that is in use."""
    found: History | None = state.value("history")
    return found


def edited_forecast() -> tuple[Forecast | None, VersionInfo | None]:
    """The newest forecast with the edits that are typed now, and its version."""
    version = state.latest("forecast")
    if version is None:
        return None, None
    return _edited(state.content(version), state.table("edits")), version


def _edited(forecast: Forecast, edits: pd.DataFrame) -> Forecast:
    if not len(edits):
        return forecast
    return apply_edits(forecast, edits_from(edits), state.week_start())


def requirement() -> Requirement | None:
    """The requirement of the forecast, its edits and the settings as they are now.

    It is worked out anew whenever one of them changed, and every new one is saved as a version.
    """
    version = state.latest("forecast")
    if version is None:
        return None
    section = _staffed()
    typed = tuple(
        _text(state.table(name)) for name in ("queues", "edits", "shrinkage", "callbacks")
    )
    made = _requirement(version.id, version.data_hash, section, *typed)
    parents = (version.id,)
    newest_one = state.latest("requirement")
    seen = f"requirement.{state.project_id()}"
    mark = (version.id, section, *typed)
    if newest_one is None or st.session_state.get(seen) != mark:
        promise = ", ".join(sorted({str(t) for t in made.targets.values()}))
        state.store().save(
            state.project_id(),
            "requirement",
            made,
            settings=state.settings().staff.model_dump(mode="json"),
            parents=parents,
            note=f"{promise}, {made.model.replace('_', ' ')}",
        )
        st.session_state[seen] = mark
    return made


def made_with() -> dict[str, object]:
    """What a forecast depends on beside the history, as it is set now."""
    settings = state.settings()
    section = settings.forecast.model_dump(mode="json", include={"horizon", "model", "start"})
    calendar = settings.calendar.model_dump(mode="json", include={"country", "subdiv"})
    return {
        **section,
        **calendar,
        "events": state.table("events").to_json(orient="values"),
        "hours": {q.queue: str(q.opening) for q in queues() if q.opening},
    }


def hours_by_day(edits: pd.DataFrame | None = None) -> pd.DataFrame:
    """Agent hours that the newest forecast asks for with some edits: `day hours`."""
    version = state.latest("forecast")
    assert version is not None
    section = _staffed()
    typed = tuple(_text(state.table(name)) for name in ("queues", "shrinkage"))
    table = pd.DataFrame() if edits is None else edits
    return _hours(version.data_hash, section, typed, _text(table), table)


@st.cache_resource(show_spinner="Working out the agents each interval needs", max_entries=16)
def _hours(
    data_hash: str, section: str, typed: tuple[str, ...], edits: str, _edits: pd.DataFrame
) -> pd.DataFrame:
    """Key of the cache: everything the hours depend on."""
    forecast: Forecast | None = state.value("forecast")
    assert forecast is not None
    made = _edited(forecast, _edits)
    need = requirement_of(state.settings(), made, queues(), shrinkage())
    day = need.frame["start"].dt.tz_localize(None).dt.normalize().rename("day")
    per_h = need.interval.total_seconds() / 3600
    return (need.frame["agents"] * per_h).groupby(day).sum().rename("hours").reset_index()


def _staffed() -> str:
    """The settings that a requirement depends on."""
    asked = state.settings()
    return f"{asked.staff.model_dump_json()} {asked.plan.week_start}"


def _text(frame: pd.DataFrame) -> str:
    return frame.to_json(orient="split") or ""


@st.cache_resource(show_spinner="Working out the agents each interval needs", max_entries=16)
def _requirement(
    version_id: int, data_hash: str, section: str, own: str, edits: str, away: str, promised: str
) -> Requirement:
    """Key of the cache: everything the requirement depends on."""
    forecast, _ = edited_forecast()
    assert forecast is not None
    callbacks = tables.callbacks_from(state.table("callbacks"))
    return requirement_of(state.settings(), forecast, queues(), shrinkage(), callbacks)


def people() -> tuple[list[Agent], list[Contract]]:
    """Agents with their absences, and contracts."""
    agents = tables.agents_from(state.table("agents"), state.table("absences"))
    return list(agents), contracts()


def contracts() -> list[Contract]:
    """Contracts with their further kinds of shift."""
    kinds = state.table("shifts")
    return list(tables.contracts_from(state.table("contracts"), kinds if len(kinds) else None))


def campaigns() -> Sequence[Campaign]:
    """Outbound work to place."""
    return list(tables.campaigns_from(state.table("campaigns")))


def schedule() -> tuple[Schedule | None, VersionInfo | None, Requirement | None]:
    """The newest schedule, its version, and the requirement it covers."""
    version = state.latest("schedule")
    if version is None:
        return None, None, None
    return state.content(version), version, covered(version)


def covered(version: VersionInfo) -> Requirement | None:
    """The requirement that a schedule was made for."""
    parents = [state.store().version(parent) for parent in version.parents]
    needed = next((p for p in parents if p.kind == "requirement"), None)
    found: Requirement | None = None if needed is None else state.content(needed)
    return found


def changed_since(version: VersionInfo) -> str:
    """What a schedule was made with that is otherwise now, in words; empty where nothing is."""
    if any(_other_rows(name, seen) for name, seen in version.settings.get("tables", {}).items()):
        return "the people, contracts, queues or campaigns changed"
    section = state.settings().schedule.model_dump(mode="json")
    asked = section.keys() & version.settings.keys() - NO_RULES
    if any(section[key] != version.settings[key] for key in asked):
        return "the rules or costs changed"
    return ""


def _other_rows(name: str, revision: int) -> bool:
    """Whether a table says something else than at a revision, as far as that is still known."""
    now = state.table(name)
    if name in FOR_A_SCHEDULE or now.attrs["revision"] == revision:
        return False
    if not revision:
        return bool(len(now))
    try:
        return not now.equals(state.store().table(state.project_id(), name, revision=revision))
    except DataError:
        return False


def centre(made: Schedule) -> dict[str, Any]:
    """Everything beside its requirement that a schedule of the open project depends on, by name."""
    typed = {name: state.table(name) for name in PEOPLE_TABLES}
    where = (state.store(), state.project_id(), made.first_day)
    before = previous_schedule(*where, load=state.content)
    people_, own = people_of(typed, before)
    locks = within(people_.locks, made.first_day, made.days)
    return centre_of(state.settings(), replace(people_, locks=locks), own)


def earlier(made: Schedule) -> list[Schedule]:
    """Schedules of the open project that began before a schedule."""
    return earlier_schedules(state.store(), state.project_id(), made.first_day, load=state.content)


def marked_days(first: date, last: date) -> pd.DataFrame:
    """`day name` of the holidays and events between two days, for charts."""
    try:
        known = calendar()
    except WfmError:
        return pd.DataFrame({"day": pd.to_datetime([]), "name": []})
    names = dict(known.holidays(first, last, language()))
    for event in known.events:
        for day in event.days():
            if first <= day <= last:
                names[day] = event.name
    return pd.DataFrame({"day": pd.to_datetime(list(names)), "name": list(names.values())})
