"""What a worker can do: each kind of job takes its inputs from the store and returns a value."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from wfm.core import tables
from wfm.core.errors import DataError, InfeasibleError, WfmError
from wfm.core.types import Schedule
from wfm.planning import steps
from wfm.planning.by_settings import People, calendar_of, schedule_of
from wfm.planning.jobs import Outcome, Report, Run, Stop
from wfm.planning.settings import Settings, settings_from
from wfm.store import Store, VersionInfo

PEOPLE_TABLES = ("agents", "absences", "contracts", "campaigns", "queues")


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
    typed = {name: store.table(project, name) for name in PEOPLE_TABLES}
    read = {name: frame.attrs["revision"] for name, frame in typed.items()}
    people = People(
        tables.agents_from(typed["agents"], typed["absences"]),
        tables.contracts_from(typed["contracts"]),
        tables.campaigns_from(typed["campaigns"]),
    )
    queues = tables.queues_from(typed["queues"])
    note = ""
    try:
        requirement = store.load(version.id)
        schedule = schedule_of(settings, requirement, people, queues, progress=progress, stop=stop)
    except InfeasibleError as error:
        if not isinstance(error.nearest, Schedule):
            raise
        schedule, note = error.nearest, str(error)
    made_with = {**settings.schedule.model_dump(mode="json"), "tables": read}
    return Outcome("schedule", schedule, made_with, (version.id,), note)


def run_backtest(
    store: Store, project: int, arguments: Mapping[str, Any], progress: Report, stop: Stop
) -> Outcome:
    """Compare forecasting models on the project's history; the board is saved as a frame.

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
    return Outcome("board", board.frame, chosen, (version.id,))


JOBS: dict[str, Run] = {"schedule": run_schedule, "backtest": run_backtest}


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
