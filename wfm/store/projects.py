"""Projects: create, list, rename and delete them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from wfm.core.errors import DataError, WfmError
from wfm.store.changes import Changes, hash_of, log
from wfm.store.differences import Difference
from wfm.store.models import Change, Json, Project, now
from wfm.store.plain import plain


@dataclass(frozen=True)
class ProjectInfo:
    """A project; `revision` counts the changes of its settings, times are UTC."""

    id: int
    name: str
    settings: Json
    created_at: datetime
    updated_at: datetime
    revision: int


def _info(row: Project) -> ProjectInfo:
    return ProjectInfo(
        row.id, row.name, dict(row.settings), row.created_at, row.updated_at, row.revision
    )


def touch(session: Session, project_id: int) -> None:
    """Note that something in the project changed, without a new revision of its settings."""
    session.execute(update(Project).where(Project.id == project_id).values(updated_at=now()))


class Projects(Changes):
    """Create, list, rename and delete projects."""

    def projects(self) -> list[ProjectInfo]:
        """All projects, the last changed first."""
        with self.transaction() as session:
            rows = session.scalars(select(Project).order_by(Project.updated_at.desc(), Project.id))
            return [_info(row) for row in rows]

    def project(self, project: int | str) -> ProjectInfo:
        """One project by id or name.

        Raises
        ------
        DataError
            If there is none.
        WfmError
            If its settings are not as they were saved.
        """
        with self.transaction() as session:
            row = self._project(session, project)
            if hash_of(row.settings) != row.settings_hash:
                message = (
                    f"project {row.name!r}: its settings are damaged in the database. "
                    "Take their last state from the change log, or restore a backup."
                )
                raise WfmError(message)
            return _info(row)

    def create_project(
        self,
        name: str,
        settings: Mapping[str, Any] | None = None,
        *,
        author: str | None = None,
        reason: str = "",
    ) -> ProjectInfo:
        """Create an empty project.

        Parameters
        ----------
        author, reason
            Who creates it and why, for the change log; None is the operating system's user.

        Raises
        ------
        DataError
            If the name is empty, longer than 200 characters or taken.
        """
        name = _project_name(name)
        content = plain(settings or {}, name="settings")
        row = Project(name=name, settings=content, settings_hash=hash_of(content))
        with self.transaction(write=True) as session:
            session.add(row)
            _flush_name(session, name)
            log(
                session,
                row.id,
                "settings",
                "",
                "start",
                author=author,
                reason=reason,
                after=content,
                found=[Difference("project", "", name)],
                revision=row.revision,
            )
            return _info(row)

    def rename_project(
        self, project: int | str, name: str, *, author: str | None = None, reason: str = ""
    ) -> ProjectInfo:
        """Give a project another name."""
        name = _project_name(name)
        with self.transaction(write=True) as session:
            row = self._project(session, project, lock=True)
            renamed = [Difference("name", row.name, name)]
            row.name, row.updated_at = name, now()
            _flush_name(session, name)
            log(
                session,
                row.id,
                "project",
                "project",
                "rename",
                author=author,
                reason=reason,
                found=renamed,
            )
            return _info(row)

    def delete_project(
        self, project: int | str, *, author: str | None = None, reason: str = ""
    ) -> None:
        """Delete a project with its tables, versions, jobs and change log, for good.

        One line stays in the change log: who deleted it, when and why.
        """
        with self.transaction(write=True) as session:
            row = self._project(session, project, lock=True)
            gone = [Difference("project", row.name, "")]
            # Its lines first: they point at contents that go with the project.
            session.execute(update(Change).where(Change.project_id == row.id).values(of_id=None))
            session.execute(delete(Change).where(Change.project_id == row.id))
            session.execute(delete(Project).where(Project.id == row.id))
            log(
                session,
                None,
                "project",
                "project",
                "delete",
                author=author,
                reason=reason,
                found=gone,
            )


def _project_name(name: str) -> str:
    name = name.strip()
    if not 0 < len(name) <= 200:
        message = f"project name: {len(name)} characters. Give it a name of 1 to 200 characters."
        raise DataError(message)
    if not name.isprintable():
        message = f"project name: {name!r} holds a character that cannot be shown. Remove it."
        raise DataError(message)
    return name


def _flush_name(session: Session, name: str) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        message = f"project {name!r} exists already. Choose another name or open that one."
        raise DataError(message) from error
