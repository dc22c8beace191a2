"""A project as one zip: plan.toml and csv files that the app takes back and ``wfm plan`` runs."""

from __future__ import annotations

import io as streams
import tempfile
import zipfile
from pathlib import Path

import pandas as pd

from wfm import io
from wfm.core.types import History, Schedule
from wfm.planning.bundle_folder import (
    FILES,
    HISTORY,
    MORE,
    ORIGINAL,
    OWN,
    PLAN,
    PREVIOUS,
    REPAIRS,
)
from wfm.planning.bundle_tables import TYPES, type_of
from wfm.planning.offered import Counted
from wfm.planning.project_people import first_day_of, previous_schedule
from wfm.planning.repair_entries import repairs_csv
from wfm.planning.settings import HistorySection, Settings, write_settings
from wfm.planning.settings import settings_from as checked
from wfm.planning.taken import layers
from wfm.store import Store, VersionInfo

_STILL = (1980, 1, 1, 0, 0, 0)  # the same project gives the same bytes


def project_files(store: Store, project: int | str) -> dict[str, bytes]:
    """The files of a project by name.

    `plan.toml` and the tables that it names are what ``wfm plan`` runs. `project.toml` tells how
    the app read the history and will read the next file; `repairs.csv` and `original.csv` are the
    repairs of the history and what it was before them, so that they can still be taken back;
    tables that a plan does not know lie in the folder `tables`.
    """
    settings = checked(store.settings(project), name="settings")
    files: dict[str, bytes] = {}
    version = store.latest(project, "history")
    own = Settings(history=settings.history.model_copy())
    own.plan.time_zone, own.plan.interval = settings.plan.time_zone, settings.plan.interval
    if version is not None:
        history: History = store.load(version.id)
        files[HISTORY] = io.csv_bytes(history.frame)
        files |= _repairs(store, version, history.time_zone)
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


def _repairs(store: Store, version: VersionInfo, time_zone: str) -> dict[str, bytes]:
    """The repairs of the history and what they were made on, where there are any."""
    under = layers(version)
    if not under.repairs:
        return {}
    original: History = store.load(under.original_id)
    return {
        REPAIRS: repairs_csv(under.repairs, time_zone),
        ORIGINAL: io.csv_bytes(original.frame),
    }


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
