"""Undo and redo of what the planner typed and took in, on top of the change log.

Each project has one row of edits. Undo takes back the last that stands, redo brings back the first
that was taken back; a new edit cuts off what was taken back. Both are logged as changes themselves,
and nothing leaves the log: every earlier content stays readable by its revision.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from wfm.core.errors import DataError
from wfm.store.changes import content_of, log, shown, what_is
from wfm.store.differences import Difference
from wfm.store.errors import ChangedMeanwhile
from wfm.store.models import Change, Json, Project
from wfm.store.typed import Typed, put, read
from wfm.store.versions import bring_back, mark_of


@dataclass(frozen=True)
class Step:
    """What an undo or redo would do, or has done.

    `change` is the edit that it is about: what `undo` and `redo` take as `seen`; `author` and `at`
    (UTC) are of that edit; `sentence` says it to a planner.
    """

    change: int
    what: str
    author: str
    at: datetime
    sentence: str


class Undo(Typed):
    """Take back edits of settings, tables and the history, and bring them back."""

    def can_undo(self, project: int | str) -> Step | None:
        """What `undo` would take back; None when there is nothing."""
        with self.transaction() as session:
            row = _next(session, self._project(session, project), "done")
            return None if row is None else _step(row, back=True)

    def can_redo(self, project: int | str) -> Step | None:
        """What `redo` would bring back; None when there is nothing."""
        with self.transaction() as session:
            row = _next(session, self._project(session, project), "undone")
            return None if row is None else _step(row, back=False)

    def undo(
        self,
        project: int | str,
        *,
        seen: int | None = None,
        author: str | None = None,
        reason: str = "",
    ) -> Step:
        """Take back the last edit of the project's settings, tables or history that still stands.

        An earlier history comes back as a new version, with its repairs.

        Parameters
        ----------
        seen
            `can_undo(...).change` when the button was shown: another edit since then is not taken
            back instead. None takes back whatever is last.
        author, reason
            Who does it and why, for the change log; None is the operating system's user.

        Raises
        ------
        DataError
            If there is nothing to take back.
        ChangedMeanwhile
            If someone else has edited, or taken back, since `seen`; nothing is changed then.

        Examples
        --------
        >>> import tempfile
        >>> from wfm.store import open_store
        >>> folder = tempfile.TemporaryDirectory()
        >>> store = open_store(f"{folder.name}/plans.db")
        >>> project = store.create_project("Istanbul", {"shrinkage": 0.1})
        >>> revision = store.save_settings("Istanbul", {"shrinkage": 0.3}, author="ayse")
        >>> print(store.can_undo("Istanbul").sentence)
        Undo: project settings, shrinkage from 0.3 back to 0.1 (changed by ayse)
        >>> step = store.undo("Istanbul")
        >>> store.settings("Istanbul"), store.can_undo("Istanbul")
        ({'shrinkage': 0.1}, None)
        >>> folder.cleanup()
        """
        return self._turn(project, "undo", seen, author, reason)

    def redo(
        self,
        project: int | str,
        *,
        seen: int | None = None,
        author: str | None = None,
        reason: str = "",
    ) -> Step:
        """Bring back the edit that the last `undo` took back; arguments and errors as there."""
        return self._turn(project, "redo", seen, author, reason)

    def _turn(
        self, project: int | str, action: str, seen: int | None, author: str | None, reason: str
    ) -> Step:
        back = action == "undo"
        with self.transaction(write=True, what="project") as session:
            owner = self._project(session, project, lock=True)
            row = _next(session, owner, "done" if back else "undone")
            if row is None and seen is None:
                message = f"there is nothing to {action} in project {owner.name!r}."
                raise DataError(message)
            if row is None or (seen is not None and seen != row.id):
                raise _overtaken(session, owner)
            ends = content_of(session, row.before_id), content_of(session, row.after_id)
            old, new = (end or {} for end in (ends[::-1] if back else ends))
            present, revision = _present(session, owner, row)
            if present != old:
                raise ChangedMeanwhile(
                    what_is(row.kind, row.name),
                    mine=shown(new),
                    theirs=shown(present),
                    base=shown(old),
                    revision=revision,
                )
            name, revision = _put(session, owner, row, new)
            row.undo = "undone" if back else "done"
            log(
                session,
                owner.id,
                row.kind,
                name,
                action,
                author=author,
                reason=reason,
                before=old,
                after=new,
                found=[Difference(name, "", row.name)] if row.kind == "version" else None,
                revision=revision,
                of_id=row.id,
            )
            return _step(row, back=back)


def _present(session: Session, owner: Project, row: Change) -> tuple[Json, int | None]:
    """What stands now where a change was made, and its revision."""
    if row.kind == "version":
        return mark_of(session, owner, (content_of(session, row.after_id) or {})["kind"]), None
    content, revision, _ = read(session, owner, row.kind, row.name)
    return content, revision


def _put(session: Session, owner: Project, row: Change, content: Json) -> tuple[str, int | None]:
    """Let a content stand where a change was made; its name and revision."""
    if row.kind == "version":
        return bring_back(session, owner, content), None
    return row.name, put(session, owner, row.kind, row.name, content)


def _next(session: Session, owner: Project, state: str) -> Change | None:
    """The last edit that stands, or the first of those taken back."""
    query = select(Change).where(Change.project_id == owner.id, Change.undo == state)
    order = Change.id.desc() if state == "done" else Change.id.asc()
    return session.scalar(query.order_by(order).limit(1))


def _overtaken(session: Session, owner: Project) -> ChangedMeanwhile:
    turned = Change.action.in_(("undo", "redo"))
    edited = or_(Change.revision.is_not(None), Change.undo != "", turned)
    typed = (Change.project_id == owner.id, edited)
    last = session.scalars(select(Change).where(*typed).order_by(Change.id.desc()).limit(1)).one()
    return ChangedMeanwhile(what_is(last.kind, last.name), author=last.author, at=last.at)


def _step(row: Change, *, back: bool) -> Step:
    what = what_is(row.kind, row.name)
    if row.kind == "version":
        why = f", {row.reason}" if row.reason else ""
        sentence = f"{'Undo' if back else 'Redo'}: {what}{why} (changed by {row.author})"
        return Step(row.id, what, row.author, row.at, sentence)
    lines, count = row.differences["shown"], row.differences["count"]
    place, before, after = lines[0] if lines else ("", "", "")
    if back:
        before, after = after, before
    way = "back to" if back else "to"
    if not before and not after:
        told = f" {place}"
    elif not before:
        told = f" {place} comes back as {after!r}" if back else f" {place} becomes {after!r}"
    elif not after:
        told = f" {place} goes: {before!r}" if back else f" {place}: {before!r} goes"
    else:
        told = f" {place} from {before} {way} {after}"
    more = f" and {count - 1} more" if count > 1 else ""
    sentence = f"{'Undo' if back else 'Redo'}: {what},{told}{more} (changed by {row.author})"
    return Step(row.id, what, row.author, row.at, sentence)
