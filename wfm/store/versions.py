"""Versions of the values: each save is a new one, and none is ever changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from wfm.core.errors import DataError, WfmError
from wfm.store.changes import hash_of, log
from wfm.store.codec import decode, encode
from wfm.store.database import Database
from wfm.store.differences import Difference
from wfm.store.models import Change, Json, Project, Version
from wfm.store.plain import plain
from wfm.store.projects import touch

STATES = ("draft", "published", "withdrawn")
KINDS = ("history", "original", "forecast", "requirement", "schedule", "board")
EDITS = ("history",)  # each save after the first is an edit that undo takes back


@dataclass(frozen=True)
class VersionInfo:
    """A saved value without the value: where it comes from, and when it was made (UTC).

    `number` counts from 1 within its project and kind, `parents` are the ids of the versions it
    was made from, `data_hash` is the SHA-256 of what is stored, `state` one of `STATES`.
    """

    id: int
    project_id: int
    kind: str
    number: int
    created_at: datetime
    note: str
    settings: Json
    parents: tuple[int, ...]
    data_hash: str
    program: str
    state: str = "draft"


def _info(row: Version) -> VersionInfo:
    return VersionInfo(
        row.id,
        row.project_id,
        row.kind,
        row.number,
        row.created_at,
        row.note,
        dict(row.settings),
        tuple(row.parents),
        row.data_hash,
        row.program,
        row.state,
    )


@cache
def program_version() -> str:
    """Version of this program, as it is noted beside every saved value."""
    try:
        return version("wfm")
    except PackageNotFoundError:
        return "unknown"


class Versions(Database):
    """Save values and read them back."""

    def save(
        self,
        project: int | str,
        kind: str,
        value: Any,
        *,
        settings: Mapping[str, Any] | None = None,
        parents: Sequence[int] = (),
        note: str = "",
        author: str | None = None,
        reason: str = "",
    ) -> VersionInfo:
        """Save a value as the latest version of its kind.

        Parameters
        ----------
        kind
            One of `KINDS`.
        value
            A History, Forecast, Requirement, Schedule or frame.
        settings
            What it was made with.
        parents
            Ids of the versions it was made from.
        note
            The planner's own words.
        author, reason
            Who saves it and why, for the change log; None is the operating system's user.

        Returns
        -------
        VersionInfo
            The new version; the latest one when that has the same content, settings and parents.

        Raises
        ------
        DataError
            An unknown kind or parent, or a value that cannot be saved.
        """
        if kind not in KINDS:
            message = f"version: kind {kind!r} is not known. Use one of {', '.join(KINDS)}."
            raise DataError(message)
        payload = encode(value)
        row = Version(
            kind=kind,
            note=note,
            settings=plain(settings or {}, name="settings"),
            parents=list(parents),
            data_hash=sha256(payload).hexdigest(),
            program=program_version(),
            state=STATES[0],
            payload=payload,
        )
        with self.transaction(write=True) as session:
            row.project_id = self._project(session, project, lock=True).id
            _check_parents(session, row)
            last = session.scalar(_newest_first(row.project_id, kind).limit(1))
            if last is not None and _same(last, row):
                return _info(last)
            row.number = 1 if last is None else last.number + 1
            session.add(row)
            touch(session, row.project_id)
            session.flush()
            name = f"{kind} {row.number}"
            edit = last is not None and kind in EDITS
            if edit:
                cut_undone(session, row.project_id)
            log(
                session,
                row.project_id,
                "version",
                name,
                "save",
                author=author,
                reason=reason,
                before=_mark(last) if edit else None,
                after=_mark(row) if edit else None,
                found=[Difference(name, "", note or "saved")],
                undo="done" if edit else "",
            )
            return _info(row)

    def set_state(
        self, version_id: int, state: str, *, author: str | None = None, reason: str = ""
    ) -> VersionInfo:
        """Publish a version or withdraw it; its value never changes.

        Parameters
        ----------
        state
            `draft`, `published` or `withdrawn`.
        author, reason
            Who does it and why, for the change log; None is the operating system's user.

        Raises
        ------
        DataError
            An unknown version or state.
        """
        if state not in STATES:
            message = f"version: state {state!r} is not known. Use one of {', '.join(STATES)}."
            raise DataError(message)
        with self.transaction(write=True) as session:
            row = _version(session, version_id)
            self._project(session, row.project_id, lock=True)
            session.refresh(row, ["state"])
            if row.state != state:
                name = f"{row.kind} {row.number}"
                found = [Difference(name, row.state, state)]
                row.state = state
                touch(session, row.project_id)
                log(
                    session,
                    row.project_id,
                    "state",
                    name,
                    state,
                    author=author,
                    reason=reason,
                    found=found,
                )
            return _info(row)

    def versions(self, project: int | str, kind: str | None = None) -> list[VersionInfo]:
        """Versions of a project, of one kind or all, the newest first."""
        with self.transaction() as session:
            query = _newest_first(self._project(session, project).id, kind)
            return [_info(row) for row in session.scalars(query)]

    def latest(self, project: int | str, kind: str) -> VersionInfo | None:
        """The newest version of a kind, None before the first save."""
        with self.transaction() as session:
            query = _newest_first(self._project(session, project).id, kind)
            row = session.scalar(query.limit(1))
            return None if row is None else _info(row)

    def version(self, version_id: int) -> VersionInfo:
        """One version by its id.

        Raises
        ------
        DataError
            If there is none.
        """
        with self.transaction() as session:
            return _info(_version(session, version_id))

    def load(self, version_id: int) -> Any:
        """The value of a version, exactly as it was saved.

        Raises
        ------
        DataError
            If there is no such version.
        WfmError
            If what is stored is not what was saved.
        """
        with self.transaction() as session:
            row = _version(session, version_id)
            payload, name = row.payload, f"{row.kind} version {row.number}"
            if sha256(payload).hexdigest() != row.data_hash:
                message = f"{name} is damaged in the database. Restore a backup, or make it again."
                raise WfmError(message)
        try:
            return decode(payload)
        except WfmError as error:
            message = f"{name}: {error}"
            raise WfmError(message) from error


def cut_undone(session: Session, project_id: int) -> None:
    """A new edit cuts off what was taken back."""
    undone = (Change.project_id == project_id, Change.undo == "undone")
    session.execute(update(Change).where(*undone).values(undo="cut"))


def mark_of(session: Session, owner: Project, kind: str) -> Json:
    """What the latest version of a kind holds, by its hashes; the same for a copy of it."""
    return _mark(session.scalar(_newest_first(owner.id, kind).limit(1)))


def bring_back(session: Session, owner: Project, mark: Json) -> str:
    """Save what a mark stands for as the latest version again; returns the name of that.

    Raises
    ------
    WfmError
        It is not kept any more.
    """
    query = _newest_first(owner.id, mark["kind"]).where(Version.data_hash == mark["data_hash"])
    row = next((row for row in session.scalars(query) if _mark(row) == mark), None)
    if row is None:
        message = f"the earlier {mark['kind']} is not kept any more. Take its file in again."
        raise WfmError(message)
    last = session.scalars(_newest_first(owner.id, row.kind).limit(1)).one()
    session.add(
        Version(
            project_id=owner.id,
            kind=row.kind,
            number=last.number + 1,
            note=row.note,
            settings=row.settings,
            parents=row.parents,
            data_hash=row.data_hash,
            program=row.program,
            state=STATES[0],
            payload=row.payload,
        )
    )
    touch(session, owner.id)
    session.flush()
    return f"{row.kind} {last.number + 1}"


def _mark(row: Version | None) -> Json:
    if row is None:
        return {}
    made = hash_of({"settings": row.settings, "parents": row.parents})
    return {"kind": row.kind, "data_hash": row.data_hash, "made": made}


def _newest_first(project_id: int, kind: str | None) -> Select[Version]:
    query = select(Version).where(Version.project_id == project_id).order_by(Version.id.desc())
    return query if kind is None else query.where(Version.kind == kind)


def _same(last: Version, row: Version) -> bool:
    return (last.data_hash, last.settings, last.parents) == (
        row.data_hash,
        row.settings,
        row.parents,
    )


def _version(session: Session, version_id: int) -> Version:
    row = session.get(Version, version_id)
    if row is None:
        message = f"version {version_id} does not exist. Choose one from the project's list."
        raise DataError(message)
    return row


def _check_parents(session: Session, row: Version) -> None:
    query = select(Version.id).where(
        Version.project_id == row.project_id, Version.id.in_(row.parents)
    )
    missing = sorted(set(row.parents) - set(session.scalars(query)))
    if missing:
        message = f"version: parent {missing[0]} is not a version of this project. Save it first."
        raise DataError(message)
