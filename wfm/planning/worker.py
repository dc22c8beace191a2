"""The process behind one job: ``python -m wfm.planning.worker JOB_ID``.

It finds the database in WFM_DATABASE, so that no password stands on a command line.
"""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import importlib
import math
import os
import threading
import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from wfm.core.errors import DataError, WfmError
from wfm.planning.jobs import LIMIT, TABLE, Run, drop_empty_log, end_group, launch_waiting, limits
from wfm.planning.priority import give_way
from wfm.store import JobInfo, Store, open_store

BEAT_S = 1.0
STUCK_S = 5.0
FIELDS = ("phase", "seconds", "objective", "bound", "gap")


class Pulse:
    """Tells the store once a second that the job lives and how far it is, and hears of a cancel.

    It has a thread of its own: the work neither waits for the database nor, when it is silent for
    a while, counts as dead. A job over its time limit is asked to stop; one that was asked, for
    whatever reason, and goes on is ended after the grace of `Limits`.
    """

    def __init__(self, store: Store, job: JobInfo, table: str = TABLE) -> None:
        self._store, self._job, self._table = store, job, table
        self._grace_s = limits().grace_s
        self._asked_at: float | None = None
        self._latest: dict[str, Any] | None = None
        self._cancel, self._end = threading.Event(), threading.Event()
        self._started = time.monotonic()
        self._thread = threading.Thread(target=self._beat, daemon=True)
        self.obeyed = False

    def progress(self, report: object) -> None:
        """Take note of a report: an object or mapping with some of `FIELDS`."""
        self._latest = progress_fields(report)

    def stop(self) -> bool:
        """Whether the work shall end now with the best it has."""
        self.obeyed = self.obeyed or self._cancel.is_set()
        return self.obeyed

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end.set()
        self._thread.join()
        if error is not None:
            name = type(error).__name__
            message = f"internal error ({name}); the details are in the log. Please report it."
            self._store.fail_if_open(self._job.id, message)

    def _beat(self) -> None:
        while not self._end.wait(BEAT_S):
            self.tell()
            at = time.monotonic()
            over = at - self._started > self._job.limit_s
            if over:
                self._cancel.set()
            if self._cancel.is_set() and self._asked_at is None:
                self._asked_at = at
            if self._asked_at is not None and at - self._asked_at > self._grace_s:
                self._give_up(over)

    def _give_up(self, over: bool) -> None:
        """End this process and what it started; the job's row says why."""
        try:
            if over:
                self._store.fail_if_open(self._job.id, LIMIT.format(limit_s=self._job.limit_s))
            else:
                message = "cancelled; nothing was kept."
                self._store.finish(self._job.id, "cancelled", message)
            launch_waiting(self._store, self._table)
        finally:
            end_group(os.getpid())
            os._exit(1)

    def tell(self) -> None:
        """Write the latest report; a database that is busy hears the next one."""
        try:
            if self._store.update_progress(self._job.id, self._latest):
                self._cancel.set()
        except WfmError as error:
            print(f"progress not written: {error}", flush=True)


def progress_fields(report: object) -> dict[str, Any]:
    """The known fields of a report as plain numbers and text; what is not finite is None.

    >>> progress_fields({"phase": "improve", "seconds": 2.0, "bound": float("-inf"), "x": 1})
    {'phase': 'improve', 'seconds': 2.0, 'bound': None}
    """
    values = report if isinstance(report, Mapping) else _attributes(report)
    known = {name: values[name] for name in FIELDS if name in values}
    return {
        name: value if value is None or isinstance(value, str) else _finite(float(value))
        for name, value in known.items()
    }


def _attributes(report: object) -> dict[str, Any]:
    return {name: getattr(report, name) for name in FIELDS if hasattr(report, name)}


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def run_job(store: Store, job_id: int, table: Mapping[str, Run], name: str = TABLE) -> None:
    """Do one queued job and save what it made; one that is not queued is left alone.

    A `WfmError` ends the job as failed with its sentence. Anything else is a bug: it is raised
    again, for the log.
    """
    if not store.claim(job_id, os.getpid()):
        return
    job = store.job(job_id)
    store = store.by(job.author)
    with Pulse(store, job, name) as pulse:
        try:
            if job.kind not in table:
                message = f"job kind {job.kind!r} is not known. Use one of {', '.join(table)}."
                raise DataError(message)
            outcome = table[job.kind](
                store, job.project_id, job.arguments, pulse.progress, pulse.stop
            )
            version = store.save(
                job.project_id,
                outcome.kind,
                outcome.value,
                settings=outcome.settings,
                parents=outcome.parents,
                note=outcome.note,
                author=job.author,
                reason=f"job {job_id} ({job.kind})",
            )
        except WfmError as error:
            pulse.tell()
            store.finish(job_id, "cancelled" if pulse.obeyed else "failed", str(error))
            return
        pulse.tell()
        message = outcome.note
        if pulse.obeyed:
            message = f"stopped early; the best so far is saved. {message}".strip()
        store.finish(job_id, "cancelled" if pulse.obeyed else "done", message, version.id)


def load_table(path: str) -> Mapping[str, Run]:
    """The table of job kinds at ``module:NAME``."""
    module, _, name = path.partition(":")
    table: Mapping[str, Run] = getattr(importlib.import_module(module), name)
    return table


def watch_over(job: JobInfo) -> None:
    """Let this process end for sure, even when no Python can run in it any more.

    Work inside a library may hold the interpreter, and the pulse with it; the system's own timer
    ends the process then and writes to the log where it hung.
    """
    faulthandler.dump_traceback_later(job.limit_s + limits().grace_s + STUCK_S, exit=True)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the job that the command line names, on the database of WFM_DATABASE."""
    parser = argparse.ArgumentParser(prog="python -m wfm.planning.worker", description=__doc__)
    parser.add_argument("job", type=int, help="id of a queued job")
    parser.add_argument("--jobs", default=TABLE, metavar="MODULE:NAME", help="table of job kinds")
    chosen = parser.parse_args(arguments)
    give_way()
    store = open_store()
    with contextlib.suppress(DataError):  # deleted with its project: run_job leaves it alone
        watch_over(store.job(chosen.job))
    try:
        run_job(store, chosen.job, load_table(chosen.jobs), chosen.jobs)
    finally:
        launch_waiting(store, chosen.jobs)
    drop_empty_log(store, chosen.job)  # not after a bug: its trace is still to be written


if __name__ == "__main__":
    main()
