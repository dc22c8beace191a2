"""Long work in a process of its own: start it, watch it, cancel it, clear up after it.

The page that started a job may close and the server may restart: the worker goes on, and its row in
the store tells how far it is. Nothing here waits for it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wfm.core.errors import WfmError
from wfm.store import JobInfo, Store, default_url

TABLE = "wfm.planning.job_kinds:JOBS"
SILENT_S = 30.0
GONE = "the worker ended unexpectedly; start it again"

Report = Callable[[object], None]
Stop = Callable[[], bool]


@dataclass(frozen=True)
class Outcome:
    """What a job made: saved as a version of `kind`, with the settings and versions behind it."""

    kind: str
    value: Any
    settings: Mapping[str, Any] = field(default_factory=dict)
    parents: tuple[int, ...] = ()
    note: str = ""


Run = Callable[[Store, int, Mapping[str, Any], Report, Stop], Outcome]


def start_job(
    store: Store,
    project: int | str,
    kind: str,
    arguments: Mapping[str, Any] | None = None,
    *,
    limit_s: float = 7200.0,
    table: str = TABLE,
) -> int:
    """Start long work in a worker process and return the id of its job.

    Parameters
    ----------
    store
        Where its inputs are and its result goes.
    kind
        A name in the table of jobs: `schedule` or `backtest`.
    arguments
        What the kind's function takes; see `wfm.planning.job_kinds`.
    limit_s
        Longest it may run [s]: it is asked to stop then, and ended when it does not.
    table
        Where the worker finds the kinds, as ``module:NAME``.

    Raises
    ------
    DataError
        If the project has a job of this kind that has not ended.
    """
    sweep(store)
    job_id = store.create_job(project, kind, arguments, limit_s=limit_s, alone=True)
    log = log_file(store, job_id)
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "wfm.planning.worker", str(job_id), "--jobs", table],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, "WFM_DATABASE": store.url},
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )
    except OSError as error:
        message = f"the worker could not be started ({error.strerror}). Free memory or disk space."
        store.fail_if_open(job_id, message)
        raise WfmError(message) from error
    threading.Thread(target=_see_off, args=(store, job_id, process), daemon=True).start()
    return job_id


def cancel_job(store: Store, job_id: int) -> None:
    """Ask a job to stop. It ends within seconds and saves its best result so far."""
    store.request_cancel(job_id)


def job_state(store: Store, job_id: int) -> JobInfo:
    """How far a job is; a job whose worker is gone has failed."""
    sweep(store)
    return store.job(job_id)


def sweep(store: Store) -> list[int]:
    """End, as failed, the jobs whose worker gave no sign of life for `SILENT_S` seconds.

    A worker that was only held up, by a sleeping laptop for example, still saves its result later.
    """
    return store.fail_silent(GONE, after_s=SILENT_S)


def log_file(store: Store, job_id: int) -> Path:
    """Where a worker writes what nobody expected: beside the database file."""
    url = store.url
    place = Path(store.place if url.startswith("sqlite") else default_url()).absolute()
    return place.parent / "logs" / f"{place.stem}-job-{job_id}.log"


def _see_off(store: Store, job_id: int, process: subprocess.Popen[bytes]) -> None:
    """Wait for a worker's end, so that a killed one is seen at once; an empty log goes."""
    process.wait()
    log = log_file(store, job_id)
    if log.exists() and log.stat().st_size == 0:
        log.unlink(missing_ok=True)
    store.fail_if_open(job_id, GONE)
