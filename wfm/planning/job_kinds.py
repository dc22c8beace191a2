"""What a worker can do: each kind of job takes its inputs from the store and returns a value."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from inspect import signature
from pathlib import Path
from typing import Any

import pandas as pd

from wfm import io
from wfm.core import tables
from wfm.core.errors import DataError, InfeasibleError, WfmError
from wfm.core.types import History, Schedule
from wfm.planning import steps
from wfm.planning.by_settings import calendar_of, centre_of, history_of, schedule_of
from wfm.planning.changes import replan_schedule
from wfm.planning.jobs import Outcome, Report, Run, Stop
from wfm.planning.project_people import (
    first_day_of,
    people_of,
    previous_schedule,
    typed_tables,
    within,
)
from wfm.planning.settings import Settings, settings_from
from wfm.planning.taken import Taken, taken
from wfm.planning.uploads import drop_upload
from wfm.store import Store, VersionInfo


def run_schedule(
    store: Store, project: int, arguments: Mapping[str, Any], progress: Report, stop: Stop
) -> Outcome:
    """Schedule the project's agents by its settings and tables.

    Parameters
    ----------
    arguments
        `requirement`: id of a version, the latest when absent; any key of the settings' section
        [schedule] for this run alone.
    progress, stop
        As in `steps.make_schedule`.

    Raises
    ------
    WfmError
        No requirement yet, or what `make_schedule` refuses.
    """
    settings = _settings(store, project, "schedule", arguments, but=("requirement",))
    version = _input(store, project, "requirement", arguments)
    typed = typed_tables(store, project)
    read = {name: frame.attrs["revision"] for name, frame in typed.items()}
    requirement = store.load(version.id)
    first_day = first_day_of(requirement, settings)
    people, queues = people_of(typed, previous_schedule(store, project, first_day))
    people = replace(people, locks=within(people.locks, first_day, settings.schedule.days))
    note = ""
    try:
        schedule = schedule_of(settings, requirement, people, queues, progress=progress, stop=stop)
    except InfeasibleError as error:
        if not isinstance(error.nearest, Schedule):
            raise
        schedule, note = error.nearest, str(error)
    made_with = {**settings.schedule.model_dump(mode="json"), "tables": read}
    return Outcome("schedule", schedule, made_with, (version.id,), note)


def run_replan(
    store: Store, project: int, arguments: Mapping[str, Any], progress: Report, stop: Stop
) -> Outcome:
    """Plan the newest schedule again with the tables of now and few changes.

    Parameters
    ----------
    arguments
        `requirement`: id of a version, the latest when absent; any key of [schedule].
    """
    settings = _settings(store, project, "schedule", arguments, but=("requirement",))
    version = _input(store, project, "requirement", arguments)
    published = _input(store, project, "schedule", {})
    before: Schedule = store.load(published.id)
    typed = typed_tables(store, project)
    people, queues = people_of(typed, previous_schedule(store, project, before.first_day))
    people = replace(people, locks=within(people.locks, before.first_day, before.days))
    note = f"planned again from version {published.number}"
    try:
        schedule = replan_schedule(
            before,
            store.load(version.id),
            **centre_of(settings, people, queues),
            change_cost=settings.schedule.change_cost,
            seconds=settings.schedule.seconds,
            progress=progress,
            stop=stop,
        )
    except InfeasibleError as error:
        if not isinstance(error.nearest, Schedule):
            raise
        schedule, note = error.nearest, str(error)
    read = {name: frame.attrs["revision"] for name, frame in typed.items()}
    made_with = {**settings.schedule.model_dump(mode="json"), "tables": read}
    return Outcome("schedule", schedule, made_with, (version.id, published.id), note)


def run_backtest(
    store: Store, project: int, arguments: Mapping[str, Any], progress: Report, stop: Stop
) -> Outcome:
    """Compare forecasting models on the project's history; the board is saved as a frame.

    Its rows of `lead` ``all`` are the board, the others how the error grows with the days ahead.

    Parameters
    ----------
    arguments
        `history`: id of a version, the latest when absent; `horizon`, `origins` and `models` as in
        `steps.backtest`.
    """
    settings = _settings(store, project, "forecast", {})
    version = _input(store, project, "history", arguments)
    keys = ("horizon", "origins", "models")
    chosen = {key: arguments[key] for key in keys if key in arguments}
    chosen.setdefault("horizon", settings.forecast.horizon)
    events = tables.events_from(store.table(project, "events"))
    calendar = calendar_of(settings, events, tables.queues_from(store.table(project, "queues")))
    started = time.monotonic()

    def told(done: int, total: int) -> None:
        seconds = time.monotonic() - started
        progress({"phase": f"{done} of {total} forecasts", "seconds": seconds})
        if stop():
            message = "stopped before all forecasts were compared; nothing was kept."
            raise WfmError(message)

    board = steps.backtest(store.load(version.id), calendar=calendar, progress=told, **chosen)
    table = pd.concat([board.frame.assign(lead="all"), board.by_lead], ignore_index=True)
    return Outcome("board", table, chosen, (version.id,))


def run_import(
    store: Store, project: int, arguments: Mapping[str, Any], progress: Report, stop: Stop
) -> Outcome:
    """Read a file into a history; what stood in the file and was not as expected is in its report.

    Parameters
    ----------
    arguments
        `file`: its path on this machine, removed afterwards when a page has uploaded it; `how`:
        ``"join"`` or ``"replace"`` reads it as the project's settings say and joins it to its
        history (or to the version `onto`) or begins anew. Without `how`, `rows`:
        ``"intervals"`` (the default) or ``"calls"``, one row a call; anything else as
        `io.read_history` or `io.read_records` takes it.
    """
    options = dict(arguments)
    how, onto = options.pop("how", None), options.pop("onto", None)
    file, rows = Path(str(options.pop("file", ""))), options.pop("rows", "intervals")
    if rows not in READERS:
        message = f"import: rows={rows!r} is not known. Use one of {', '.join(READERS)}."
        raise DataError(message)
    if not file.is_file():
        message = f"import: the file {file} is not there. Upload it again."
        raise DataError(message)
    unknown = sorted(set(options) - set(signature(READERS[rows]).parameters))
    if unknown:
        message = (
            f"import: the option {unknown[0]!r} is not known for rows of {rows}. Leave it out."
        )
        raise DataError(message)
    started = time.monotonic()
    progress({"phase": f"reading {file.name}", "seconds": 0.0})

    def go_on() -> None:
        if stop():
            message = "stopped; nothing was imported."
            raise WfmError(message)

    try:
        if how is None:
            history = READERS[rows](file, **options)
            made = Taken(history, dict(arguments), (), "")
        else:
            history = _by_settings(store, project, file)
            go_on()
            progress({"phase": "joining", "seconds": time.monotonic() - started})
            made = _onto(store, project, history, how, onto)
    finally:
        drop_upload(store, file)
    go_on()
    progress({"phase": "saving", "seconds": time.monotonic() - started})
    note = f"imported from {file.name}{f': {made.said}' if made.said else ''}"
    return Outcome("history", made.value, made.settings, made.parents, note)


def _by_settings(store: Store, project: int, file: Path) -> History:
    """A file read as the project's settings say."""
    settings = _settings(store, project, "history", {})
    events = tables.events_from(store.table(project, "events"))
    calendar = calendar_of(settings, events, tables.queues_from(store.table(project, "queues")))
    return history_of(settings, file, calendar, "report")


def _onto(store: Store, project: int, history: History, how: str, onto: int | None) -> Taken:
    """A history joined to the project's, or in its place."""
    if how not in ("join", "replace"):
        message = f"import: how={how!r} is not known. Use join or replace."
        raise DataError(message)
    settings = _settings(store, project, "history", {})
    under = None
    if how == "join" and onto is not None:
        under = _input(store, project, "history", {"history": onto})
    elif how == "join":
        under = store.latest(project, "history")
    return taken(store, project, history, settings.history.model_dump(mode="json"), under)


READERS: dict[str, Callable[..., History]] = {
    "intervals": io.read_history,
    "calls": io.read_records,
}
JOBS: dict[str, Run] = {
    "schedule": run_schedule,
    "replan": run_replan,
    "backtest": run_backtest,
    "import": run_import,
}


def _settings(
    store: Store, project: int, section: str, own: Mapping[str, Any], but: tuple[str, ...] = ()
) -> Settings:
    """Settings of the project, with a job's own values in one section."""
    data = store.settings(project)
    data[section] = {
        **data.get(section, {}),
        **{key: value for key, value in own.items() if key not in but},
    }
    return settings_from(data, name="settings")


def _input(store: Store, project: int, kind: str, arguments: Mapping[str, Any]) -> VersionInfo:
    """The version that a job names, or the latest of its kind."""
    if arguments.get(kind) is not None:
        version = store.version(int(arguments[kind]))
        if (version.project_id, version.kind) != (project, kind):
            message = f"version {version.id} is not a {kind} of this project. Choose one that is."
            raise DataError(message)
        return version
    latest = store.latest(project, kind)
    if latest is None:
        message = f"the project has no {kind} yet. Make one first."
        raise DataError(message)
    return latest
