"""Long work in a process of its own: start it, watch it, cancel it, clear up after it.

The page that started a job may close and the server may restart: the worker goes on, and its row in
the store tells how far it is. Nothing here waits for it. When as many jobs run as may, further ones
wait for their turn; whoever ends or looks next starts them, a worker that ends among them.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wfm.core.errors import DataError, WfmError
from wfm.core.foreign import reason
from wfm.store import JobInfo, Store

TABLE = "wfm.planning.job_kinds:JOBS"
SILENT_S = 60.0  # of a worker that tells every second how far it is
START_S = 600.0  # until its first sign of life; its end before that is seen at once
GONE = "the worker ended unexpectedly; start it again"

LIMIT = "it took longer than its limit of {limit_s:g} s and was ended."

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


@dataclass(frozen=True)
class Limits:
    """How many jobs run at a time, and how long one that shall stop may take to do so.

    `server` counts on this machine, `project` in one project; `grace_s` [s] runs from a Cancel or
    the end of a job's own time, then its process is ended.
    """

    server: int = 2
    project: int = 2
    grace_s: float = 60.0


def limits() -> Limits:
    """The limits of this server: WFM_JOBS, WFM_JOBS_PROJECT and WFM_JOBS_GRACE_S, if set.

    Raises
    ------
    DataError
        If one of them is not a number above 0.

    Examples
    --------
    >>> limits().server >= 1
    True
    """
    return Limits(
        int(_number("WFM_JOBS", Limits.server)),
        int(_number("WFM_JOBS_PROJECT", Limits.project)),
        _number("WFM_JOBS_GRACE_S", Limits.grace_s),
    )


def _number(name: str, otherwise: float) -> float:
    given = os.environ.get(name, "")
    try:
        number = float(given or otherwise)
    except ValueError:
        number = 0.0
    if not 0 < number < 1e6 or (name != "WFM_JOBS_GRACE_S" and number != int(number)):
        message = f"{name}={given}: not a number above 0. Write, for example, {name}=2."
        raise DataError(message)
    return number


Run = Callable[[Store, int, Mapping[str, Any], Report, Stop], Outcome]


def start_job(
    store: Store,
    project: int | str,
    kind: str,
    arguments: Mapping[str, Any] | None = None,
    *,
    limit_s: float = 7200.0,
    table: str = TABLE,
    alone: bool = True,
    author: str | None = None,
) -> int:
    """Start long work in a worker process, or let it wait for its turn; returns the job's id.

    Parameters
    ----------
    store
        Where its inputs are and its result goes.
    kind
        A name in the table of jobs: `schedule`, `backtest` or `import`.
    arguments
        What the kind's function takes; see `wfm.planning.job_kinds`.
    limit_s
        Longest it may run [s]: it is asked to stop then, and ended when it does not.
    table
        Where the worker finds the kinds, as ``module:NAME``.
    alone
        Refuse when the project has a job of this kind that has not ended.
    author
        Who asks for it, for the change log; None is the operating system's user.

    Raises
    ------
    DataError
        If there is one.
    WfmError
        If no worker can be started.
    """
    limits()  # a wrong setting is told before anything is asked for
    sweep(store, table=table)
    job_id = store.create_job(project, kind, arguments, limit_s=limit_s, alone=alone, author=author)
    launch_waiting(store, table)
    job = store.job(job_id)
    if job.status == "failed" and job.started_at is None:
        raise WfmError(job.message)
    return job_id


def launch_waiting(store: Store, table: str = TABLE) -> list[int]:
    """Start a worker for each job whose turn has come; returns their ids."""
    most, launched = limits(), []
    host = socket.gethostname()
    while (job_id := store.launch_next(host, server=most.server, project=most.project)) is not None:
        _spawn(store, job_id, table)
        launched.append(job_id)
    return launched


def _spawn(store: Store, job_id: int, table: str) -> None:
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
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
                | getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0),
            )
    except OSError as error:
        message = f"the worker could not be started ({reason(error)}). Free memory or disk space."
        store.fail_if_open(job_id, message)
        return
    threading.Thread(target=_see_off, args=(store, job_id, process, table), daemon=True).start()


def cancel_job(store: Store, job_id: int) -> None:
    """Ask a job to stop. It ends within seconds and saves its best result so far."""
    store.request_cancel(job_id)


def job_state(store: Store, job_id: int, *, table: str = TABLE) -> JobInfo:
    """How far a job is; a job whose worker is gone has failed."""
    sweep(store, table=table)
    return store.job(job_id)


def sweep(store: Store, *, table: str = TABLE) -> list[int]:
    """End, as failed, the jobs whose worker was silent for `SILENT_S`, or never began in `START_S`.

    A worker that was only held up, by a sleeping laptop for example, still saves its result later.
    Jobs that waited for the places that become free are started.
    """
    gone = store.fail_silent(GONE, after_s=SILENT_S, start_s=START_S)
    launch_waiting(store, table)
    return gone


def log_file(store: Store, job_id: int) -> Path:
    """Where a worker writes what nobody expected: beside the database file."""
    return store.file.parent / "logs" / f"{store.file.stem}-job-{job_id}.log"


def drop_empty_log(store: Store, job_id: int) -> None:
    """Remove the log of a job that wrote nothing."""
    log = log_file(store, job_id)
    with contextlib.suppress(OSError):  # not there, or still open on Windows
        if log.stat().st_size == 0:
            log.unlink()


def end_group(pid: int) -> None:
    """End every process that a worker has started, itself included; gone ones are no error."""
    with contextlib.suppress(ProcessLookupError, PermissionError, AttributeError):
        os.killpg(pid, signal.SIGKILL)  # the worker leads a group of its own; not on Windows


def _see_off(store: Store, job_id: int, process: subprocess.Popen[bytes], table: str) -> None:
    """Wait for a worker's end, so that a killed one is seen at once; an empty log goes."""
    if hasattr(os, "waitid"):  # while its number is still its own
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        end_group(process.pid)
    process.wait()
    drop_empty_log(store, job_id)
    try:
        store.fail_if_open(job_id, GONE)
        launch_waiting(store, table)
    except WfmError as error:  # the database is busy or gone: the next look at the jobs does it
        log = log_file(store, job_id)
        with contextlib.suppress(OSError), log.open("a", encoding="utf-8") as output:
            print(f"job {job_id} not seen off: {error}", file=output)
