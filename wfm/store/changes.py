"""The change log: who changed what, when, from what to what, and why.

A line is written in the transaction of the change itself: there is never one without the other.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from wfm.core.errors import DataError, WfmError
from wfm.store.author import author_or_user
from wfm.store.database import Database
from wfm.store.differences import Difference, differences, is_table, summary
from wfm.store.models import Change, Content, Json
from wfm.store.plain import table_from_json

COLUMNS = (
    "change",
    "at",
    "author",
    "what",
    "action",
    "before",
    "after",
    "reason",
    "differences",
    "revision",
)


@dataclass(frozen=True)
class ChangeInfo:
    """One line of the change log with what was there before and after it, whole.

    `kind` is `settings`, `table`, `version`, `state` or `project`; `before` and `after` are frames
    for a table, mappings for settings, None where there was nothing or nothing is kept.
    """

    id: int
    project_id: int | None
    at: datetime
    author: str
    kind: str
    name: str
    action: str
    reason: str
    revision: int | None
    before: Any
    after: Any


def hash_of(content: Json) -> str:
    """SHA-256 of a content, whatever the order of its keys."""
    return sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def what_is(kind: str, name: str) -> str:
    """What a message calls the thing that a change is about.

    >>> what_is("table", "agents")
    "table 'agents'"
    """
    if kind == "table":
        return f"table '{name}'"
    return "project settings" if kind == "settings" else name


def log(
    session: Session,
    project_id: int | None,
    kind: str,
    name: str,
    action: str,
    *,
    author: str | None,
    reason: str,
    before: Json | None = None,
    after: Json | None = None,
    found: Sequence[Difference] | None = None,
    revision: int | None = None,
    of_id: int | None = None,
    undo: str = "",
) -> Change:
    """Write a line of the change log in the session of the change.

    Parameters
    ----------
    before, after
        Contents to keep whole; None where nothing is kept.
    found
        What differs; None works it out from `before` and `after`.
    of_id
        The line that an undo or redo is about.
    """
    if found is None:
        found = differences(before or {}, after or {})
    row = Change(
        project_id=project_id,
        kind=kind,
        name=name,
        action=action,
        author=author_or_user(author or session.info.get("author")),
        reason=reason,
        differences=summary(list(found)),
        revision=revision,
        before_id=_keep(session, project_id, before),
        after_id=_keep(session, project_id, after),
        of_id=of_id,
        undo=undo,
    )
    session.add(row)
    session.flush()
    return row


def content_of(session: Session, content_id: int | None) -> Json | None:
    """A kept content, checked against its hash."""
    if content_id is None:
        return None
    row = session.get_one(Content, content_id)
    try:
        content: Json = json.loads(zlib.decompress(row.body))
        sound = hash_of(content) == row.hash
    except (zlib.error, ValueError):
        sound = False
    if not sound:
        message = "an earlier content is damaged in the database. Restore a backup to see it."
        raise WfmError(message)
    return content


def shown(content: Json | None) -> Any:
    """A content as a reader takes it: a frame for a table, the mapping for settings."""
    return table_from_json(content) if content and is_table(content) else content


class Changes(Database):
    """Read the change log."""

    def changes(self, project: int | str | None = None, *, limit: int = 100) -> pd.DataFrame:
        """The newest lines of the change log of a project, or of all when None, newest first.

        Parameters
        ----------
        limit
            Most lines.

        Returns
        -------
        pandas.DataFrame
            `change` (its id), `at` (UTC), `author`, `what`, `action`, `before` and `after` (the
            first places that differ, as text), `reason`, `differences` (number of places) and
            `revision` (of the table or the settings after it). `change(id)` has the whole contents.
        """
        query = select(Change).order_by(Change.id.desc()).limit(limit)
        with self.transaction() as session:
            if project is not None:
                query = query.where(Change.project_id == self._project(session, project).id)
            rows = [_line(row) for row in session.scalars(query)]
        frame = pd.DataFrame(rows, columns=list(COLUMNS))
        texts = ("author", "what", "action", "before", "after", "reason")
        types = {"change": "int64", "differences": "int64", "revision": "Int64"}
        frame["at"] = pd.to_datetime(frame["at"], utc=True).astype("datetime64[us, UTC]")
        return frame.astype({**types, **dict.fromkeys(texts, "str")})

    def change(self, change_id: int) -> ChangeInfo:
        """One line of the change log with the whole contents before and after it.

        Raises
        ------
        DataError
            If there is none.
        """
        with self.transaction() as session:
            row = session.get(Change, change_id)
            if row is None:
                message = f"change {change_id} does not exist. Choose one from the change log."
                raise DataError(message)
            return ChangeInfo(
                row.id,
                row.project_id,
                row.at,
                row.author,
                row.kind,
                row.name,
                row.action,
                row.reason,
                row.revision,
                shown(content_of(session, row.before_id)),
                shown(content_of(session, row.after_id)),
            )


def _keep(session: Session, project_id: int | None, content: Json | None) -> int | None:
    """Id of a content of the project, kept now if it was not."""
    if content is None:
        return None
    digest = hash_of(content)
    query = select(Content.id).where(Content.project_id == project_id, Content.hash == digest)
    kept = session.scalar(query)
    if kept is None:
        row = Content(
            project_id=project_id, hash=digest, body=zlib.compress(json.dumps(content).encode())
        )
        session.add(row)
        session.flush()
        kept = row.id
    return kept


def _line(row: Change) -> tuple[Any, ...]:
    if set(row.differences) != {"count", "shown"}:
        message = f"line {row.id} of the change log is damaged. Restore a backup to see it."
        raise WfmError(message)
    return (
        row.id,
        row.at,
        row.author,
        what_is(row.kind, row.name),
        row.action,
        side(row, 1),
        side(row, 2),
        row.reason,
        row.differences["count"],
        row.revision,
    )


def side(row: Change, which: int) -> str:
    """The first places that differ with what they held before (1) or after (2)."""
    lines = row.differences["shown"]
    more = row.differences["count"] - len(lines)
    texts = [f"{line[0]}: {line[which]}" for line in lines if line[which]]
    return "; ".join([*texts, *([f"and {more} more"] if more and texts else [])])
