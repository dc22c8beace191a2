"""What the planner types: the settings and tables of a project, each change logged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from wfm.core.errors import DataError, WfmError
from wfm.core.tables import ORDER
from wfm.store.changes import content_of, hash_of, log, shown, what_is
from wfm.store.differences import merged, three_ways
from wfm.store.errors import ChangedMeanwhile
from wfm.store.models import Change, Json, PlanTable, Project, now
from wfm.store.plain import plain, table_from_json, table_to_json
from wfm.store.projects import Projects, touch
from wfm.store.versions import cut_undone


class Typed(Projects):
    """Save and read what the planner types."""

    def settings(self, project: int | str, *, revision: int | None = None) -> Json:
        """Settings of a project, now or as they were at an earlier revision.

        `project(...).revision` tells which state they are in now.
        """
        if revision is None:
            return self.project(project).settings
        with self.transaction() as session:
            return _earlier(session, self._project(session, project), "settings", "", revision)

    def save_settings(
        self,
        project: int | str,
        settings: Mapping[str, Any],
        *,
        seen: int | None = None,
        author: str | None = None,
        reason: str = "",
    ) -> int:
        """Replace the settings of a project.

        Parameters
        ----------
        settings
            Text, numbers, dates, lists and mappings by name.
        seen
            Revision on which the change is based: `project(...).revision` when it was read. None
            replaces whatever is there.
        author, reason
            Who changes it and why, for the change log; None is the operating system's user.

        Returns
        -------
        int
            The revision now; saving the same content again does not raise it.

        Raises
        ------
        ChangedMeanwhile
            If someone else has saved other settings since `seen`; nothing is changed then, and the
            error carries both versions.
        """
        content = plain(settings, name="settings")
        return self._edit(project, "settings", "", content, seen, author, reason)

    def tables(self, project: int | str) -> list[str]:
        """Names of the tables saved in a project, sorted."""
        with self.transaction() as session:
            row = self._project(session, project)
            saved = cast(PlanTable.content, Text) != "{}"  # an undone first save leaves that
            query = select(PlanTable.name).where(PlanTable.project_id == row.id, saved)
            return list(session.scalars(query.order_by(PlanTable.name)))

    def table(self, project: int | str, name: str, *, revision: int | None = None) -> pd.DataFrame:
        """A table as it is saved, or was; one that never was saved has its columns and no row.

        Parameters
        ----------
        revision
            An earlier state of it, as the change log lists them; None is the present one.

        Returns
        -------
        pandas.DataFrame
            With ``attrs["revision"]``, 0 for a table that was never saved: what `save_table` takes
            as `seen`.

        Raises
        ------
        DataError
            If there is no such project or revision.
        """
        with self.transaction() as session:
            owner = self._project(session, project)
            if revision is None:
                content, found, sound = read(session, owner, "table", name)
                check(sound, what_is("table", name))
            else:
                content = _earlier(session, owner, "table", name, revision)
                found = revision
            frame = table_from_json(content) if content else _unsaved(name)
            frame.attrs["revision"] = found
            return frame

    def save_table(
        self,
        project: int | str,
        name: str,
        frame: pd.DataFrame,
        *,
        seen: int | None = None,
        author: str | None = None,
        reason: str = "",
        undo: bool = True,
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
        author, reason
            Who changes it and why, for the change log; None is the operating system's user.
        undo
            Whether it is an edit that undo takes back; what goes with a saved value is none.

        Returns
        -------
        int
            The revision now; saving the same content again does not raise it.

        Raises
        ------
        ChangedMeanwhile
            If someone else has saved the table otherwise since `seen`; nothing is changed then,
            and the error carries both versions.
        DataError
            A cell that cannot be saved, or two columns of one name.
        """
        content = table_to_json(frame, name=name)
        return self._edit(project, "table", name, content, seen, author, reason, undo)

    def _edit(
        self,
        project: int | str,
        kind: str,
        name: str,
        content: Json,
        seen: int | None,
        author: str | None,
        reason: str,
        undo: bool = True,
    ) -> int:
        what = what_is(kind, name)
        with self.transaction(write=True, what=what) as session:
            owner = self._project(session, project, lock=True)
            before, revision, sound = read(session, owner, kind, name)
            if before == content and sound:
                return revision
            if seen is not None and seen != revision:
                base = _seen(session, owner, kind, name, seen)
                if base != before:
                    raise _conflict(session, owner, kind, name, base, content)
            revision = put(session, owner, kind, name, content)
            if undo:
                cut_undone(session, owner.id)
            log(
                session,
                owner.id,
                kind,
                name,
                "edit",
                author=author,
                reason=reason,
                before=before,
                after=content,
                revision=revision,
                undo="done" if undo else "",
            )
            return revision


def read(session: Session, owner: Project, kind: str, name: str) -> tuple[Json, int, bool]:
    """A content, its revision, and whether it is what was saved; ``{}``, 0 for one that never was.

    Parameters
    ----------
    kind, name
        ``"settings", ""`` or ``"table"`` and its name.
    """
    if kind == "settings":
        settings = dict(owner.settings)
        return settings, owner.revision, hash_of(settings) == owner.settings_hash
    row = session.get(PlanTable, (owner.id, name))
    if row is None:
        return {}, 0, True
    return row.content, row.revision, hash_of(row.content) == row.content_hash


def put(session: Session, owner: Project, kind: str, name: str, content: Json) -> int:
    """Make a content the present one; returns its revision."""
    row: Project | PlanTable
    if kind == "settings":
        row = owner
        owner.settings, owner.settings_hash, owner.updated_at = content, hash_of(content), now()
    else:
        found = session.get(PlanTable, (owner.id, name))
        row = PlanTable(project_id=owner.id, name=name) if found is None else found
        row.content, row.content_hash, row.updated_at = content, hash_of(content), now()
        session.add(row)
        touch(session, owner.id)
    session.flush()
    return row.revision


def check(sound: bool, what: str) -> None:
    """Refuse what is not as it was saved."""
    if not sound:
        message = (
            f"{what}: damaged in the database. "
            "Take its last state from the change log, or restore a backup."
        )
        raise WfmError(message)


def _earlier(session: Session, owner: Project, kind: str, name: str, revision: int) -> Json:
    row = _change_to(session, owner, kind, name, revision)
    if row is None:
        message = (
            f"{what_is(kind, name)}: revision {revision} is not kept. "
            "Choose one from the change log."
        )
        raise DataError(message)
    return content_of(session, row.after_id) or {}


def _change_to(
    session: Session, owner: Project, kind: str, name: str, revision: int
) -> Change | None:
    query = select(Change).where(
        Change.project_id == owner.id,
        Change.kind == kind,
        Change.name == name,
        Change.revision <= revision,
        Change.after_id.is_not(None),
    )
    exact = query if kind == "settings" else query.where(Change.revision == revision)
    return session.scalar(exact.order_by(Change.revision.desc(), Change.id.desc()).limit(1))


def _seen(session: Session, owner: Project, kind: str, name: str, seen: int) -> Json | None:
    """What a planner saw at a revision; None when it is not kept."""
    if kind == "table" and seen == 0:
        return {}
    row = _change_to(session, owner, kind, name, seen)
    return None if row is None else content_of(session, row.after_id)


def _conflict(
    session: Session, owner: Project, kind: str, name: str, base: Json | None, mine: Json
) -> ChangedMeanwhile:
    theirs, revision, _ = read(session, owner, kind, name)
    last = _change_to(session, owner, kind, name, revision)
    return ChangedMeanwhile(
        what_is(kind, name),
        mine=shown(mine),
        theirs=shown(theirs),
        base=shown(base),
        merged=None if kind == "table" or base is None else merged(base, theirs, mine),
        revision=revision,
        author="" if last is None else last.author,
        at=None if last is None else last.at,
        rows=three_ways(base, theirs, mine),
    )


def _unsaved(name: str) -> pd.DataFrame:
    return pd.DataFrame(columns=list(ORDER.get(name, ())), dtype="str")
