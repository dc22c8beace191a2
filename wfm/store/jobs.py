"""Rows of long work: who asked for what, how far it is, and how it ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, text, update

from wfm.core.errors import DataError
from wfm.store.author import author_or_user
from wfm.store.database import Database
from wfm.store.models import Job, Json, now
from wfm.store.plain import plain

OPEN = ("queued", "running")
ENDED = ("done", "failed", "cancelled")
WAITING = (Job.status == "queued", Job.launched_at.is_(None))
LAUNCHED = and_(Job.status == "queued", Job.launched_at.is_not(None))
BUSY = (or_(Job.status == "running", LAUNCHED),)
TURNS = 7_238_915  # any number, as long as every wfm takes the same


@dataclass(frozen=True)
class JobInfo:
    """A job; times are UTC.

    `status` is `queued`, `running`, `done`, `failed` or `cancelled`; `progress` holds `phase
    seconds objective bound gap` as far as known; `version_id` is the saved result. `launched_at`
    is when a worker process was started for it on the machine `host`, `author` who asked for it.
    """

    id: int
    project_id: int
    kind: str
    arguments: Json
    status: str
    progress: Json
    message: str
    cancel_requested: bool
    version_id: int | None
    limit_s: float
    pid: int | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    heartbeat_at: datetime
    launched_at: datetime | None = None
    host: str = ""
    author: str = ""

    @property
    def waiting(self) -> bool:
        """Whether it waits for its turn: as many jobs as may run are running."""
        return self.status == "queued" and self.launched_at is None

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self.status in ENDED


_FIELDS = tuple(JobInfo.__dataclass_fields__)


def _info(row: Job) -> JobInfo:
    return JobInfo(**{name: getattr(row, name) for name in _FIELDS})


class Jobs(Database):
    """Queue, claim, watch and end jobs."""

    def create_job(
        self,
        project: int | str,
        kind: str,
        arguments: Mapping[str, Any] | None = None,
        *,
        limit_s: float = 7200.0,
        alone: bool = False,
        author: str | None = None,
    ) -> int:
        """Queue a job and return its id.

        Parameters
        ----------
        kind, arguments
            What to do and with what.
        limit_s
            Longest it may run [s].
        alone
            Refuse when the project has a job of this kind that has not ended.
        author
            Who asks for it; None is the operating system's user.

        Raises
        ------
        DataError
            If there is one.
        """
        row = Job(
            kind=kind,
            arguments=plain(arguments or {}, name="arguments"),
            status="queued",
            progress={},
            message="",
            cancel_requested=False,
            limit_s=limit_s,
            author=author_or_user(author or self.author),
            host="",
        )
        with self.transaction(write=True) as session:
            row.project_id = self._project(session, project, lock=True).id
            same = (Job.project_id == row.project_id, Job.kind == kind, Job.status.in_(OPEN))
            other = session.scalar(select(Job.status).where(*same).limit(1))
            if alone and other is not None:
                message = f"a {kind} job of this project is {other}. Wait for it or cancel it."
                raise DataError(message)
            session.add(row)
            session.flush()
            return row.id

    def launch_next(self, host: str, *, server: int, project: int) -> int | None:
        """Take the turn of the job that has waited longest; None when none may start now.

        Parameters
        ----------
        host
            The machine whose worker process it gets.
        server, project
            Most jobs at a time on this machine, and in one project.
        """
        with self.transaction() as session:
            if session.scalar(select(Job.id).where(*WAITING).limit(1)) is None:
                return None
        with self.transaction(write=True) as session:
            if session.get_bind().dialect.name == "postgresql":
                session.execute(text(f"SELECT pg_advisory_xact_lock({TURNS})"))
            running = session.execute(select(Job.host, Job.project_id).where(*BUSY)).all()
            if sum(row.host in ("", host) for row in running) >= server:
                return None
            taken = Counter(row.project_id for row in running)
            for row in session.scalars(select(Job).where(*WAITING).order_by(Job.id)):
                if taken[row.project_id] < project:
                    row.launched_at = row.heartbeat_at = now()
                    row.host = host
                    return row.id
        return None

    def claim(self, job_id: int, pid: int) -> bool:
        """Take a queued job for the process `pid`; False when it is no longer queued."""
        at = now()
        return self._change(
            job_id,
            Job.status == "queued",
            status="running",
            pid=pid,
            started_at=at,
            heartbeat_at=at,
        )

    def update_progress(self, job_id: int, progress: Mapping[str, Any] | None = None) -> bool:
        """Note that the job is alive and how far it is; returns whether it shall stop.

        It shall stop when a stop was requested, or when its row or project was deleted.
        """
        values: dict[str, Any] = {"heartbeat_at": now()}
        if progress is not None:
            values["progress"] = plain(progress, name="progress")
        if not self._change(job_id, **values):
            return True
        return self.job(job_id).cancel_requested

    def request_cancel(self, job_id: int) -> None:
        """Ask a job to stop: it ends soon, with its best result so far. Ended ones stay."""
        self._change(job_id, Job.status == "running", cancel_requested=True)
        self._change(
            job_id,
            Job.status == "queued",
            cancel_requested=True,
            status="cancelled",
            message="cancelled before it started",
            finished_at=now(),
        )

    def finish(
        self, job_id: int, status: str, message: str = "", version_id: int | None = None
    ) -> bool:
        """End a job with `done`, `failed` or `cancelled`, a sentence and its result."""
        if status not in ENDED:
            error = f"job: status {status!r} is not one of {', '.join(ENDED)}."
            raise DataError(error)
        at = now()
        return self._change(
            job_id,
            status=status,
            message=message,
            version_id=version_id,
            finished_at=at,
            heartbeat_at=at,
        )

    def fail_if_open(self, job_id: int, message: str) -> bool:
        """End a job as failed unless it has ended already."""
        return self._change(
            job_id, Job.status.in_(OPEN), status="failed", message=message, finished_at=now()
        )

    def fail_silent(self, message: str, *, after_s: float, start_s: float) -> list[int]:
        """End, as failed, the jobs whose worker is gone.

        Parameters
        ----------
        message
            What their rows say.
        after_s
            How long a running one may be silent [s].
        start_s
            How long a worker process may take to its first sign of life [s]: on a busy machine
            it is a while before it runs at all.
        """
        at = now()
        silent = or_(
            and_(Job.status == "running", Job.heartbeat_at < at - timedelta(seconds=after_s)),
            and_(LAUNCHED, Job.heartbeat_at < at - timedelta(seconds=start_s)),
        )
        with self.transaction() as session:
            found = session.scalars(select(Job.id).where(*BUSY, silent)).all()
        return [
            job_id
            for job_id in found
            if self._change(
                job_id,
                *BUSY,
                silent,
                status="failed",
                message=message,
                finished_at=now(),
            )
        ]

    def job(self, job_id: int) -> JobInfo:
        """One job by its id.

        Raises
        ------
        DataError
            If there is none.
        """
        with self.transaction() as session:
            row = session.get(Job, job_id)
            if row is None:
                message = f"job {job_id} does not exist. It was deleted with its project."
                raise DataError(message)
            return _info(row)

    def jobs(
        self,
        project: int | str | None = None,
        *,
        kind: str | None = None,
        status: str | tuple[str, ...] | None = None,
    ) -> list[JobInfo]:
        """Jobs of one project or all, of one kind or all, in some states or all; newest first."""
        query = select(Job).order_by(Job.id.desc())
        with self.transaction() as session:
            if project is not None:
                query = query.where(Job.project_id == self._project(session, project).id)
            if kind is not None:
                query = query.where(Job.kind == kind)
            if status is not None:
                query = query.where(
                    Job.status.in_((status,) if isinstance(status, str) else status)
                )
            return [_info(row) for row in session.scalars(query)]

    def _change(self, job_id: int, *only_if: ColumnElement[bool], **values: Any) -> bool:
        """Change a job in one statement; False when it is gone or in another state."""
        with self.transaction(write=True) as session:
            query = update(Job).where(Job.id == job_id, *only_if).values(**values)
            return session.execute(query.returning(Job.id)).first() is not None
