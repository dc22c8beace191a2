"""Each agent's shifts as a calendar (.ics) for a phone or Outlook."""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pandas as pd

from wfm.core.language import told
from wfm.core.types import Schedule
from wfm.io.write.atomic import write_bytes, write_folder
from wfm.io.write.shifts import Shift, shifts

PRODUCT = "-//wfm//shifts//EN"
SIGNATURE = f"PRODID:{PRODUCT}".encode()
_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$", re.IGNORECASE)
_LONGEST = 60
REFRESH = timedelta(hours=1)  # how often a calendar program may ask a feed again


def write_calendars(schedule: Schedule, folder: str | Path, *, project: str = "") -> list[Path]:
    """Write one .ics file for each agent who works.

    Parameters
    ----------
    schedule
        Whose shifts.
    folder
        Where they go; a name that ends in ``.zip`` gives one packed file.
    project
        Name of the plan. With the agent and the day it makes the events' identity, so that a
        calendar which takes in a later schedule changes its events and does not double them.

    Returns
    -------
    list of pathlib.Path
        What was written.

    Raises
    ------
    DataError
        They cannot be saved; what was there before is unchanged.
    """
    files = calendar_files(schedule, project=project)
    if str(folder).lower().endswith(".zip"):
        return [write_bytes(folder, zipped(files))]
    return write_folder(folder, files)


def zipped(files: dict[str, bytes]) -> bytes:
    """Files packed into one; the same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, data in files.items():
            pack.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def calendar_files(
    schedule: Schedule, *, project: str = "", language: str = "en"
) -> dict[str, bytes]:
    """The calendars by safe file name, one for each agent who works."""
    by_agent: dict[str, list[Shift]] = {}
    for shift in shifts(schedule):
        by_agent.setdefault(shift.agent, []).append(shift)
    names = file_names(sorted(by_agent))
    made = datetime.combine(schedule.first_day, time(), tzinfo=UTC)
    known = dict(zip(schedule.totals["agent"], schedule.totals["name"], strict=True))
    return {
        names[agent]: _calendar(
            agent, str(known.get(agent, agent)), held, project, made, language=language
        )
        for agent, held in sorted(by_agent.items())
    }


def agent_feed(
    schedules: Sequence[Schedule], agent: str, *, project: str = "", language: str = "en"
) -> bytes:
    """One agent's calendar from several schedules, to be asked for again and again.

    Parameters
    ----------
    schedules
        The newest first: of the days that two of them cover, the newer one counts.
    agent
        Whose shifts; somebody without any has an empty calendar.
    project
        Name of the plan, as `write_calendars` takes it, so that the events are the same.
    language
        ``en``, ``tr``, ``az`` or ``ka``.
    """
    held: list[Shift] = []
    names: dict[str, str] = {}
    known: set[date] = set()
    for schedule in schedules:
        days = {schedule.first_day + timedelta(days=i) for i in range(schedule.days)}
        held += [s for s in shifts(schedule) if s.agent == agent and s.day in days - known]
        known |= days
        named = zip(schedule.totals["agent"], schedule.totals["name"], strict=True)
        names = {str(a): str(n) for a, n in named} | names
    made = datetime.combine(max(known, default=date(2026, 1, 1)), time(), tzinfo=UTC)
    held.sort(key=lambda s: (s.day, s.start))
    name = names.get(agent, agent)
    return _calendar(agent, name, held, project, made, language=language, refresh=True)


def file_names(agents: Sequence[str]) -> dict[str, str]:
    """A file name for each agent that every system takes, and no two alike.

    >>> file_names(["Ada", "../x"])["Ada"]
    'Ada.ics'
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for agent in agents:
        plain = unicodedata.normalize("NFC", agent)
        safe = re.sub(r"[^\w.-]+", "_", plain).strip("._-")[:_LONGEST]
        name = safe
        if safe != agent or not safe or safe.casefold() in taken or _RESERVED.match(safe):
            digest = hashlib.sha256(agent.encode("utf-8", "surrogatepass")).hexdigest()[:8]
            name = f"{safe or 'agent'}-{digest}"
            name = f"agent-{name}" if _RESERVED.match(safe) else name
        taken.add(name.casefold())
        found[agent] = f"{name}.ics"
    return found


def _calendar(
    agent: str,
    name: str,
    held: Sequence[Shift],
    project: str,
    made: datetime,
    *,
    language: str = "en",
    refresh: bool = False,
) -> bytes:
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", clean(f"{project or told('Shifts', language)}: {name}"))
    if refresh:
        calendar.add("refresh-interval", REFRESH, {"value": "DURATION"})
        calendar.add("x-published-ttl", "PT1H")
    turns: dict[str, int] = {}
    for shift in held:
        day = shift.day.isoformat()
        turns[day] = turns.get(day, 0) + 1
        event = Event()
        event.add("uid", uid(project, agent, day, turns[day]))
        event.add("dtstamp", made)
        event.add("dtstart", _moment(shift.start))
        event.add("dtend", _moment(shift.end))
        event.add("summary", clean(f"{told('Shift', language)} {shift.hours()}"))
        lines = [clean(f"{b.hours()} {b.what(language)}") for b in shift.blocks]
        event.add("description", "\n".join(lines))
        if project:
            event.add("categories", [clean(project)])
        calendar.add_component(event)
    if held:
        first, last = held[0].day.year - 1, held[-1].day.year + 2
        calendar.add_missing_timezones(first_date=date(first, 1, 1), last_date=date(last, 1, 1))
    return bytes(calendar.to_ical())


def _moment(stamp: pd.Timestamp) -> datetime:
    """A time in its zone; in UTC in the second pass of a doubled hour, which a zone cannot say."""
    stamp = stamp.tz_convert("UTC") if stamp.fold else stamp
    return stamp.to_pydatetime(warn=False)


def uid(project: str, agent: str, day: str, turn: int) -> str:
    """Identity of the `turn`-th shift of an agent on a day, the same in every run.

    >>> uid("Demo", "a1", "2026-03-02", 1) == uid("Demo", "a1", "2026-03-02", 1)
    True
    """
    parts = "\0".join((project, agent, day, str(turn)))
    return hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()[:32] + "@wfm"


def clean(text: str) -> str:
    """Text without control characters, which a calendar may not hold."""
    return "".join(c if c.isprintable() else " " for c in text).strip()
