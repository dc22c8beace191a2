"""The process behind one job: ``python -m wfm.planning.worker JOB_ID``.

It finds the database in WFM_DATABASE, so that no password stands on a command line.
"""

from __future__ import annotations

import argparse
import importlib
import math
import os
import threading
import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from wfm.core.errors import DataError, WfmError
from wfm.planning.jobs import TABLE, Run
from wfm.store import JobInfo, Store, open_store

BEAT_S = 1.0
GRACE_S = 60.0
FIELDS = ("phase", "seconds", "objective", "bound", "gap")


class Pulse:
    """Tells the store once a second that the job lives and how far it is, and hears of a cancel.

    It has a thread of its own: the work neither waits for the database nor, when it is silent for
    a while, counts as dead. A job over its time limit is asked to stop, and ended `GRACE_S` later.
    """

    def __init__(self, store: Store, job: JobInfo) -> None:
        self._store, self._job = store, job
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
            over_s = time.monotonic() - self._started - self._job.limit_s
            if over_s > 0:
                self._cancel.set()
            if over_s > GRACE_S:
                message = f"it took longer than its limit of {self._job.limit_s:g} s and was ended."
                try:
                    self._store.fail_if_open(self._job.id, message)
                finally:
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


def run_job(store: Store, job_id: int, table: Mapping[str, Run]) -> None:
    """Do one queued job and save what it made; one that is not queued is left alone.

    A `WfmError` ends the job as failed with its sentence. Anything else is a bug: it is raised
    again, for the log.
    """
    if not store.claim(job_id, os.getpid()):
        return
    job = store.job(job_id)
    with Pulse(store, job) as pulse:
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


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the job that the command line names, on the database of WFM_DATABASE."""
    parser = argparse.ArgumentParser(prog="python -m wfm.planning.worker", description=__doc__)
    parser.add_argument("job", type=int, help="id of a queued job")
    parser.add_argument("--jobs", default=TABLE, metavar="MODULE:NAME", help="table of job kinds")
    chosen = parser.parse_args(arguments)
    run_job(open_store(), chosen.job, load_table(chosen.jobs))


if __name__ == "__main__":
    main()
