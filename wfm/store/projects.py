"""Projects, their settings and the tables that the planner types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from wfm.core.errors import DataError, WfmError
from wfm.core.tables import ORDER
from wfm.store.database import CHANGED, Database
from wfm.store.models import Json, PlanTable, Project, now
from wfm.store.plain import plain, table_from_json, table_to_json


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


class Projects(Database):
    """Create, list and delete projects; save and read what the planner types."""

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
        """
        with self.transaction() as session:
            return _info(self._project(session, project))

    def create_project(self, name: str, settings: Mapping[str, Any] | None = None) -> ProjectInfo:
        """Create an empty project.

        Raises
        ------
        DataError
            If the name is empty, longer than 200 characters or taken.
        """
        name = _project_name(name)
        row = Project(name=name, settings=plain(settings or {}, name="settings"))
        with self.transaction(write=True) as session:
            session.add(row)
            _flush_name(session, name)
            return _info(row)

    def rename_project(self, project: int | str, name: str) -> ProjectInfo:
        """Give a project another name."""
        name = _project_name(name)
        with self.transaction(write=True) as session:
            row = self._project(session, project)
            row.name, row.updated_at = name, now()
            _flush_name(session, name)
            return _info(row)

    def delete_project(self, project: int | str) -> None:
        """Delete a project with its tables, versions and jobs, for good."""
        with self.transaction(write=True) as session:
            row = self._project(session, project)
            session.execute(delete(Project).where(Project.id == row.id))

    def settings(self, project: int | str) -> Json:
        """Settings of a project; `project(...).revision` tells which state of them."""
        return self.project(project).settings

    def save_settings(
        self, project: int | str, settings: Mapping[str, Any], *, seen: int | None = None
    ) -> int:
        """Replace the settings of a project.

        Parameters
        ----------
        settings
            Text, numbers, dates, lists and mappings by name.
        seen
            Revision on which the change is based: `project(...).revision` when it was read. None
            replaces whatever is there.

        Returns
        -------
        int
            The revision now.

        Raises
        ------
        WfmError
            If someone else has saved settings since `seen`; nothing is changed then.
        """
        content = plain(settings, name="settings")
        what = "project settings"
        with self.transaction(write=True, what=what) as session:
            row = self._project(session, project, lock=True)
            if seen is not None and row.revision != seen:
                raise WfmError(CHANGED.format(what=what))
            if row.settings != content:
                row.settings, row.updated_at = content, now()
                session.flush()
            return row.revision

    def tables(self, project: int | str) -> list[str]:
        """Names of the tables saved in a project, sorted."""
        with self.transaction() as session:
            row = self._project(session, project)
            query = select(PlanTable.name).where(PlanTable.project_id == row.id)
            return list(session.scalars(query.order_by(PlanTable.name)))

    def table(self, project: int | str, name: str) -> pd.DataFrame:
        """A table as it was saved; one that never was has its columns and no row.

        Returns
        -------
        pandas.DataFrame
            With ``attrs["revision"]``, 0 for a table that was never saved: what `save_table` takes
            as `seen`.
        """
        with self.transaction() as session:
            row = session.get(PlanTable, (self._project(session, project).id, name))
            frame = _unsaved(name) if row is None else table_from_json(row.content)
            frame.attrs["revision"] = 0 if row is None else row.revision
            return frame

    def save_table(
        self, project: int | str, name: str, frame: pd.DataFrame, *, seen: int | None = None
    ) -> int:
        """Replace a table of a project by a frame; its index is not kept.

        Parameters
        ----------
        name
            For example ``"agents"``.
        frame
            Text, numbers, dates, times and truth values in any column.
        seen
            Revision on which the change is based: ``table(...).attrs["revision"]`` when it was
            read. None replaces whatever is there.

        Returns
        -------
        int
            The revision now; saving the same content again does not raise it.

        Raises
        ------
        WfmError
            If someone else has saved the table since `seen`; nothing is changed then.
        DataError
            A cell that cannot be saved, or two columns of one name.
        """
        content = table_to_json(frame, name=name)
        what = f"table '{name}'"
        with self.transaction(write=True, what=what) as session:
            project_id = self._project(session, project, lock=True).id
            row = session.get(PlanTable, (project_id, name))
            if seen is not None and seen != (0 if row is None else row.revision):
                raise WfmError(CHANGED.format(what=what))
            if row is not None and row.content == content:
                return row.revision
            if row is None:
                row = PlanTable(project_id=project_id, name=name)
                session.add(row)
            row.content, row.updated_at = content, now()
            touch(session, project_id)
            session.flush()
            return row.revision


def _unsaved(name: str) -> pd.DataFrame:
    return pd.DataFrame(columns=list(ORDER.get(name, ())), dtype="str")


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
