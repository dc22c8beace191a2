"""A project from a zip or a plan folder: all of it or nothing."""

from __future__ import annotations

import io as streams
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

import pandas as pd

from wfm import io
from wfm.core import columns, tables
from wfm.core.errors import DataError
from wfm.core.intervals import parse_interval
from wfm.core.types import History, Schedule
from wfm.io import Repair
from wfm.planning.bundle_folder import (
    FILES,
    MORE,
    ORIGINAL,
    OWN,
    PLAN,
    REPAIRS,
    Folder,
    named_in,
    opened,
    settings_in,
)
from wfm.planning.bundle_tables import TYPES, typed_table
from wfm.planning.by_settings import calendar_of, history_of
from wfm.planning.offered import counted_words
from wfm.planning.repair_entries import read_repairs
from wfm.planning.settings import Settings
from wfm.planning.taken import with_repairs
from wfm.store import ProjectInfo, Store


def import_project(
    store: Store,
    source: str | Path | IO[bytes],
    *,
    name: str | None = None,
    author: str | None = None,
) -> ProjectInfo:
    """Make a project from a zip or a plan folder, all of it or nothing.

    Parameters
    ----------
    store
        Where it goes.
    source
        A zip, open or by its path, or the plan.toml of a folder.
    name
        Of the project; its own name when absent, with a number where that is taken.
    author
        Who does it, for the change log; None is the operating system's user.

    Returns
    -------
    ProjectInfo
        The new project: its settings, tables, history and the schedule of the days before, if
        there was one; forecast and schedule follow from them.

    Raises
    ------
    DataError
        It is no plan, too big, or a file in it cannot be read; nothing is kept then.
    """
    read = _read(opened(source))
    settings = read.settings
    taken = {info.name for info in store.projects()}
    base = name or settings.plan.name
    free = base if name else next(
        n for n in (base, *(f"{base} {i}" for i in range(2, 10**4))) if n not in taken
    )  # fmt: skip
    reason = f"import of {read.source}"
    info = store.create_project(
        free, settings.model_dump(mode="json"), author=author, reason=reason
    )
    try:
        for table, frame in read.tables.items():
            store.save_table(info.id, table, frame, author=author, reason=reason)
        if read.history is not None:
            made = with_repairs(store, info.id, read.history, read.original, read.repairs)
            store.save(
                info.id, "history", made.value, settings=made.settings, parents=made.parents,
                note=reason, author=author, reason=reason,
            )  # fmt: skip
        if read.previous is not None:
            store.save(
                info.id, "schedule", read.previous, note=reason, author=author, reason=reason
            )
    except BaseException:
        store.delete_project(info.id, author=author, reason=f"{reason} failed")
        raise
    return store.project(info.id)


@dataclass(frozen=True)
class _Read:
    """A project that was read whole, before anything of it is saved."""

    source: str
    settings: Settings
    tables: dict[str, pd.DataFrame]
    history: History | None
    original: History | None
    repairs: tuple[Repair, ...]
    previous: Schedule | None


def _read(folder: Folder) -> _Read:
    settings = settings_in(folder, PLAN)
    typed: dict[str, pd.DataFrame] = {}
    types: dict[tuple[str, str], str] = {}
    if TYPES in folder.files:
        listed = io.read_frame(folder.need(TYPES))
        keys = zip(listed["table"].map(str), listed["column"].map(str), strict=True)
        types = dict(zip(keys, listed["type"].map(str), strict=True))
    for table, (section, key) in FILES.items():
        held = named_in(settings, table)
        if held:
            typed[table] = typed_table(folder.need(held), table, types)
            setattr(getattr(settings, section), key, None)
    for name in folder.files:
        if name.startswith(f"{MORE}/") and name.endswith(".csv"):
            table = PurePosixPath(name).stem
            typed[table] = typed_table(folder.need(name), table, types)
    history, original = None, None
    repairs: tuple[Repair, ...] = ()
    if settings.history.file:
        file = folder.need(settings.history.file)
        if OWN in folder.files:
            own = settings_in(folder, OWN)
            history = _as_kept(file, own)
            if REPAIRS in folder.files:
                repairs = read_repairs(folder.need(REPAIRS), own.plan.time_zone)
                original = _as_kept(folder.need(ORIGINAL), own)
            settings.history = own.history
        else:
            events = tables.events_from(typed["events"]) if "events" in typed else ()
            queues = tables.queues_from(typed["queues"]) if "queues" in typed else ()
            history = history_of(settings, file, calendar_of(settings, events, queues), "report")
            settings.history.file = None
    elif OWN in folder.files:
        settings.history = settings_in(folder, OWN).history
    previous = settings.schedule.previous
    before = io.read_schedule(folder.need(previous)) if previous else None
    settings.people.fit, settings.schedule.previous = False, None
    return _Read(folder.source, settings, typed, history, original, repairs, before)


def _as_kept(file: streams.BytesIO, own: Settings) -> History:
    """The history row by row as the project kept it; nothing is filled in or added up."""
    try:
        frame = pd.read_csv(
            file,
            dtype={"queue": "str"},
            keep_default_na=False,
            na_values={name: [""] for name in columns.HISTORY.names if name != "queue"},
        )
        start = pd.to_datetime(frame["start"], format="ISO8601", utc=True)
    except (ValueError, KeyError, pd.errors.ParserError) as error:
        message = f"{file.name}: it is not as the app wrote it. Export the project again."
        raise DataError(message) from error
    frame["start"] = start.dt.tz_convert(own.plan.time_zone)
    frame["queue"] = frame["queue"].map(io.unguard)
    counted = counted_words(own.history.offered, own.history.short_s)
    return History(frame, parse_interval(own.plan.interval), counted=counted)
