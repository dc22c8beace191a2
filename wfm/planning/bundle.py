"""A project as one zip: plan.toml and csv files that the app takes back and ``wfm plan`` runs."""

from __future__ import annotations

import io as streams
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

import pandas as pd

from wfm import io
from wfm.core import columns, tables
from wfm.core.errors import DataError
from wfm.core.intervals import parse_interval
from wfm.core.types import History, Schedule
from wfm.planning.bundle_tables import TYPES, type_of, typed_table
from wfm.planning.by_settings import calendar_of, history_of
from wfm.planning.offered import Counted, counted_words
from wfm.planning.project_people import first_day_of, previous_schedule
from wfm.planning.settings import HistorySection, Settings, read_settings, write_settings
from wfm.planning.settings import settings_from as checked
from wfm.store import ProjectInfo, Store

PLAN, OWN, HISTORY = "plan.toml", "project.toml", "history.csv"
PREVIOUS = "previous.json"
MORE = "tables"
# Table of a project: section and key of plan.toml that name its file.
FILES = {
    "agents": ("people", "agents"),
    "absences": ("people", "absences"),
    "contracts": ("people", "contracts"),
    "queues": ("people", "queues"),
    "campaigns": ("outbound", "campaigns"),
    "events": ("calendar", "events"),
    "locks": ("schedule", "locks"),
    "meetings": ("schedule", "meetings"),
    "limits": ("schedule", "limits"),
    "edits": ("forecast", "edits"),
    "shrinkage": ("staff", "shrinkage_table"),
}
MOST_FILES, MOST_BYTES = 200, 2**30
_STILL = (1980, 1, 1, 0, 0, 0)  # the same project gives the same bytes


def project_files(store: Store, project: int | str) -> dict[str, bytes]:
    """The files of a project by name.

    `plan.toml` and the tables that it names are what ``wfm plan`` runs. `project.toml` tells how
    the app read the history and will read the next file; tables that a plan does not know lie
    in the folder `tables`.
    """
    settings = checked(store.settings(project), name="settings")
    files: dict[str, bytes] = {}
    version = store.latest(project, "history")
    own = Settings(history=settings.history.model_copy())
    own.plan.time_zone, own.plan.interval = settings.plan.time_zone, settings.plan.interval
    if version is not None:
        history: History = store.load(version.id)
        files[HISTORY] = io.csv_bytes(history.frame)
        own.plan.time_zone = history.time_zone
        own.plan.interval = f"{int(history.interval.total_seconds()) // 60}min"
        kept = ("queues", "until", "opening", "threshold_s", "short_s", "bad_rows")
        again = {key: getattr(settings.history, key) for key in kept}
        counted: Counted = "no_short" if history.counted else "all"
        settings.history = HistorySection(file=HISTORY, offered=counted, **again)
    types = []
    for name in store.tables(project):
        frame = store.table(project, name)
        types += [(name, str(column), type_of(frame[column])) for column in frame.columns]
        if name not in FILES:
            files[f"{MORE}/{name}.csv"] = io.csv_bytes(frame)
        elif len(frame):
            files[f"{name}.csv"] = io.csv_bytes(frame)
            section, key = FILES[name]
            setattr(getattr(settings, section), key, f"{name}.csv")
    if types:
        listed = pd.DataFrame(types, columns=["table", "column", "type"])
        files[TYPES] = io.csv_bytes(listed)
    before = _before(store, store.project(project).id, settings)
    if before is not None:
        files[PREVIOUS] = io.schedule_bytes(before, ".json")
        settings.schedule.previous = PREVIOUS
    settings.people.fit = settings.people.agents is None
    return files | {PLAN: _toml(settings), OWN: _toml(own)}


def _before(store: Store, project: int, settings: Settings) -> Schedule | None:
    """The schedule of the days before the next one, which its people come from."""
    first_day, needed = settings.schedule.first_day, store.latest(project, "requirement")
    if first_day is None and needed is not None:
        first_day = first_day_of(store.load(needed.id), settings)
    if first_day is not None:
        return previous_schedule(store, project, first_day)
    newest = store.latest(project, "schedule")
    found: Schedule | None = None if newest is None else store.load(newest.id)
    return found


def project_zip(store: Store, project: int | str) -> bytes:
    """The same as one zip; a project that did not change gives the same bytes."""
    folder = folder_name(store.project(project).name)
    buffer = streams.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(project_files(store, project).items()):
            entry = zipfile.ZipInfo(f"{folder}/{name}", _STILL)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return buffer.getvalue()


def export_project(store: Store, project: int | str, path: str | Path) -> Path:
    """Write a project's zip; a file that is there is replaced once the new one is whole."""
    return io.write_bytes(path, project_zip(store, project))


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
    read = _read(_opened(source))
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
            store.save(info.id, "history", read.history, note=reason, author=author, reason=reason)
        if read.previous is not None:
            store.save(
                info.id, "schedule", read.previous, note=reason, author=author, reason=reason
            )
    except BaseException:
        store.delete_project(info.id, author=author, reason=f"{reason} failed")
        raise
    return store.project(info.id)


@dataclass(frozen=True)
class _Folder:
    """Files of a plan by their name relative to plan.toml."""

    source: str
    files: Mapping[str, bytes]

    def need(self, name: str) -> streams.BytesIO:
        if name not in self.files:
            message = (
                f"{self.source}: plan.toml names {name}, which is not there. Put the file beside "
                "plan.toml, or take its name out."
            )
            raise DataError(message)
        opened = streams.BytesIO(self.files[name])
        opened.name = PurePosixPath(name).name
        return opened


@dataclass(frozen=True)
class _Read:
    """A project that was read whole, before anything of it is saved."""

    source: str
    settings: Settings
    tables: dict[str, pd.DataFrame]
    history: History | None
    previous: Schedule | None


def _opened(source: str | Path | IO[bytes]) -> _Folder:
    if isinstance(source, str | Path):
        path = Path(source)
        if path.suffix.lower() == ".toml":
            return _from_disk(path)
        try:
            data = path.read_bytes()
        except OSError as error:
            message = f"{source}: it cannot be opened ({error.strerror}). Name a project's zip."
            raise DataError(message) from error
        return _from_zip(data, path.name)
    return _from_zip(source.read(), Path(str(getattr(source, "name", "zip"))).name)


def _from_zip(data: bytes, source: str) -> _Folder:
    try:
        with zipfile.ZipFile(streams.BytesIO(data)) as archive:
            entries = [e for e in archive.infolist() if not e.is_dir()]
            size = sum(e.file_size for e in entries)
            if len(entries) > MOST_FILES or size > MOST_BYTES:
                message = (
                    f"{source}: it holds {len(entries):,} files of {size / 2**20:,.0f} MB; a "
                    f"project has at most {MOST_FILES} of {MOST_BYTES // 2**20:,} MB. Unpack it "
                    "and take out what does not belong to the plan."
                )
                raise DataError(message)
            plans = sorted(
                (e.filename for e in entries if PurePosixPath(e.filename).name == PLAN), key=len
            )
            if not plans:
                message = f"{source}: there is no plan.toml in it. Choose the zip of a project."
                raise DataError(message)
            root = plans[0].removesuffix(PLAN)
            files = {}
            for entry in entries:
                if entry.filename.startswith(root):
                    with archive.open(entry) as part:
                        files[entry.filename.removeprefix(root)] = part.read(MOST_BYTES)
    except DataError:
        raise
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        message = f"{source}: it is no zip, or a broken one. Choose the zip of a project."
        raise DataError(message) from error
    except Exception as error:
        if type(error).__module__ != "zlib":
            raise
        message = f"{source}: it is a broken zip. Export the project again."
        raise DataError(message) from error
    return _Folder(source, files)


def _from_disk(path: Path) -> _Folder:
    settings = read_settings(path)
    named = [
        settings.history.file,
        settings.schedule.previous,
        *(_named(settings, table) for table in FILES),
    ]
    files = {PLAN: path.read_bytes()}
    for name in [n for n in named if n]:
        file = path.parent / name
        if file.is_file():
            files[name] = file.read_bytes()
    if (path.parent / OWN).is_file():
        files[OWN] = (path.parent / OWN).read_bytes()
    for file in sorted((path.parent / MORE).glob("*.csv")):
        files[f"{MORE}/{file.name}"] = file.read_bytes()
    return _Folder(path.name, files)


def _read(folder: _Folder) -> _Read:
    settings = _settings(folder, PLAN)
    typed: dict[str, pd.DataFrame] = {}
    types: dict[tuple[str, str], str] = {}
    if TYPES in folder.files:
        listed = io.read_frame(folder.need(TYPES))
        keys = zip(listed["table"].map(str), listed["column"].map(str), strict=True)
        types = dict(zip(keys, listed["type"].map(str), strict=True))
    for table, (section, key) in FILES.items():
        file = _named(settings, table)
        if file:
            typed[table] = typed_table(folder.need(file), table, types)
            setattr(getattr(settings, section), key, None)
    for name in folder.files:
        if name.startswith(f"{MORE}/") and name.endswith(".csv"):
            table = PurePosixPath(name).stem
            typed[table] = typed_table(folder.need(name), table, types)
    history = None
    if settings.history.file:
        opened = folder.need(settings.history.file)
        if OWN in folder.files:
            own = _settings(folder, OWN)
            history = _as_kept(opened, own)
            settings.history = own.history
        else:
            events = tables.events_from(typed["events"]) if "events" in typed else ()
            queues = tables.queues_from(typed["queues"]) if "queues" in typed else ()
            history = history_of(settings, opened, calendar_of(settings, events, queues), "report")
            settings.history.file = None
    elif OWN in folder.files:
        settings.history = _settings(folder, OWN).history
    previous = settings.schedule.previous
    before = io.read_schedule(folder.need(previous)) if previous else None
    settings.people.fit, settings.schedule.previous = False, None
    return _Read(folder.source, settings, typed, history, before)


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
        message = f"{HISTORY}: it is not as the app wrote it. Export the project again."
        raise DataError(message) from error
    frame["start"] = start.dt.tz_convert(own.plan.time_zone)
    frame["queue"] = frame["queue"].map(io.unguard)
    counted = counted_words(own.history.offered, own.history.short_s)
    return History(frame, parse_interval(own.plan.interval), counted=counted)


def _named(settings: Settings, table: str) -> str | None:
    section, key = FILES[table]
    name: str | None = getattr(getattr(settings, section), key)
    return name


def _settings(folder: _Folder, name: str) -> Settings:
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / name
        path.write_bytes(folder.files[name])
        return read_settings(path)


def folder_name(name: str) -> str:
    """The folder that a project's zip unpacks to.

    >>> folder_name("Demo service centre")
    'demo-service-centre'
    """
    plain = "".join(c if c.isalnum() else "-" for c in name).strip("-").lower()
    return plain or "plan"


def _toml(settings: Settings) -> bytes:
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / PLAN
        write_settings(settings, path)
        return path.read_bytes()
