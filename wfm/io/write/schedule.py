"""One way out for a schedule: the suffix of the path says what is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from wfm.core.errors import DataError
from wfm.core.types import Requirement, Schedule
from wfm.core.work import Campaign
from wfm.io.write.atomic import write_bytes
from wfm.io.write.calendars import calendar_files, write_calendars, zipped
from wfm.io.write.csv_table import csv_bytes
from wfm.io.write.json_schedule import schedule_json
from wfm.io.write.print_page import schedule_page
from wfm.io.write.workbook import schedule_workbook


@dataclass(frozen=True)
class Handout:
    """A schedule and what may be handed out with it."""

    schedule: Schedule
    requirement: Requirement | None = None
    service: pd.DataFrame | None = None
    curve: pd.DataFrame | None = None
    campaigns: Sequence[Campaign] | None = None
    project: str = ""
    sheets: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    language: str = "en"
    currency: str = ""
    assumed: str = ""


def _xlsx(handout: Handout) -> bytes:
    return schedule_workbook(
        handout.schedule,
        requirement=handout.requirement,
        service=handout.service,
        curve=handout.curve,
        campaigns=handout.campaigns,
        project=handout.project,
        sheets=handout.sheets,
        language=handout.language,
        currency=handout.currency,
        assumed=handout.assumed,
    )


def _csv(handout: Handout) -> bytes:
    return csv_bytes(handout.schedule.frame)


def _json(handout: Handout) -> bytes:
    return schedule_json(handout.schedule)


def _zip(handout: Handout) -> bytes:
    files = calendar_files(handout.schedule, project=handout.project, language=handout.language)
    return zipped(files)


def _html(handout: Handout) -> bytes:
    return schedule_page(handout.schedule, project=handout.project, language=handout.language)


WRITERS: Mapping[str, Callable[[Handout], bytes]] = {
    ".xlsx": _xlsx,
    ".csv": _csv,
    ".json": _json,
    ".zip": _zip,
    ".html": _html,
}


def schedule_bytes(
    schedule: Schedule,
    suffix: str,
    *,
    requirement: Requirement | None = None,
    service: pd.DataFrame | None = None,
    curve: pd.DataFrame | None = None,
    campaigns: Sequence[Campaign] | None = None,
    project: str = "",
    sheets: Mapping[str, pd.DataFrame] | None = None,
    language: str = "en",
    currency: str = "",
    assumed: str = "",
) -> bytes:
    """What `write_schedule` writes, as bytes: `suffix` is a key of `WRITERS`.

    Raises
    ------
    DataError
        The suffix is not known.
    """
    if suffix.lower() not in WRITERS:
        message = (
            f"schedule: {suffix or 'no suffix'} cannot be written. Use {', '.join(WRITERS)}, or a "
            "folder for one calendar (.ics) an agent."
        )
        raise DataError(message)
    handout = Handout(
        schedule,
        requirement,
        service,
        curve,
        campaigns,
        project,
        sheets or {},
        language,
        currency,
        assumed,
    )
    return WRITERS[suffix.lower()](handout)


def write_schedule(
    schedule: Schedule,
    path: str | Path,
    *,
    requirement: Requirement | None = None,
    service: pd.DataFrame | None = None,
    curve: pd.DataFrame | None = None,
    campaigns: Sequence[Campaign] | None = None,
    project: str = "",
    sheets: Mapping[str, pd.DataFrame] | None = None,
    language: str = "en",
    currency: str = "",
    assumed: str = "",
) -> Path:
    """Write a schedule for people or programs.

    Parameters
    ----------
    schedule
        What is handed out.
    path
        ``.xlsx`` a workbook with a summary, charts, the schedule by agent and by day, coverage and
        requirement; ``.html`` a page a team for the printer; ``.csv`` the blocks, one row each;
        ``.json`` everything, for `read_schedule`; ``.zip`` or a folder (no suffix) one calendar an
        agent.
    requirement
        Adds its sheet to the workbook, and says which queues customers wait in: of several queues
        the service told in one figure is theirs.
    service
        `start queue` and any of `service_level abandoned occupancy asa_s volume` for the rostered
        heads; it goes beside the coverage, and into the days with `volume`.
    curve
        What agents more or less would bring, as `service_around` gives it: a sheet of its own.
    campaigns
        Adds skill and deadline to the outbound table.
    project
        Name of the plan, for titles and the identity of calendar events.
    language
        ``en``, ``tr``, ``az`` or ``ka``: in which workbook, page and calendars are written.
    currency
        Of the costs, for their headings in the workbook.
    sheets
        More tables for the workbook by the name of their sheet, such as fairness and causes.
    assumed
        What beside the requirement was assumed, for the workbook's summary.

    Returns
    -------
    pathlib.Path
        Where it is.

    Raises
    ------
    DataError
        An unknown suffix, or it cannot be saved: a file of that name is then unchanged.
    """
    target = Path(path)
    if target.suffix == "" or target.is_dir():
        write_calendars(schedule, target, project=project)
        return target
    data = schedule_bytes(
        schedule,
        target.suffix,
        requirement=requirement,
        service=service,
        curve=curve,
        campaigns=campaigns,
        project=project,
        sheets=sheets,
        language=language,
        currency=currency,
        assumed=assumed,
    )
    return write_bytes(target, data)
