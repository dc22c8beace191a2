"""The history of a project: files taken in, newer days joined, repairs made and taken back.

A repaired history is a version over an original that stays; its settings list the repairs, those
that reading the file made too, so that any of them can be taken back, and a newer file is joined
below them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from wfm import io
from wfm.core.errors import DataError
from wfm.core.types import History
from wfm.io import PUTS, Repair
from wfm.planning.offered import EVERYBODY
from wfm.planning.repair_entries import from_entry, to_entry
from wfm.store import ChangedMeanwhile, Store, VersionInfo

REPAIRS, ORIGINAL = "repairs", "original"
NOTES, MOST_NOTES = "history_notes", 2000


@dataclass(frozen=True)
class Layers:
    """A history as it is, what it was read as, and the repairs between the two."""

    version: VersionInfo
    original_id: int
    repairs: tuple[Repair, ...]


@dataclass(frozen=True)
class Taken:
    """What is to be saved when a file is taken in: value, settings and parents of a version."""

    value: History
    settings: dict[str, Any]
    parents: tuple[int, ...]
    said: str


def layers(version: VersionInfo) -> Layers:
    """The repairs that a version of a history carries."""
    listed = version.settings.get(REPAIRS, [])
    original = int(version.settings.get(ORIGINAL, version.id))
    return Layers(version, original, tuple(from_entry(entry) for entry in listed))


def taken(
    store: Store,
    project: int | str,
    history: History,
    settings: Mapping[str, Any],
    onto: VersionInfo | None,
) -> Taken:
    """A file's history as it goes into a project.

    Parameters
    ----------
    history
        As it was read.
    settings
        How it was read.
    onto
        The history that it is joined to: new days are added, corrected ones replace, none is
        counted twice, and repairs of days that are still there stay. None begins anew.

    Raises
    ------
    DataError
        The two do not fit together.
    """
    read = io.repaired(history)
    now = datetime.now(UTC)
    repairs = [replace(one, author=store.who, at=now) for one in read.repairs]
    whole, said = read.original, ""
    parents: tuple[int, ...] = ()
    if onto is not None:
        under = layers(onto)
        joined = io.append(_counted_alike(store.load(under.original_id), whole), whole)
        whole, parents, said = joined.history, (onto.id,), str(joined)
        repairs = _joined(under.repairs, repairs, history, whole)
    noted = history.report.notes["row"].nunique()
    if noted:
        said = f"{said} {noted:,} rows are not taken as they stand.".strip()
    whole = replace(whole, report=history.report)
    form = {**settings, NOTES: store.save_table(project, NOTES, notes_of(history), undo=False)}
    if not repairs:
        return Taken(whole, form, parents, said)
    base = store.save(project, "original", whole, settings=form, parents=parents, note=said)
    told = {**form, REPAIRS: [to_entry(one) for one in repairs], ORIGINAL: base.id}
    return Taken(io.repair(whole, repairs).history, told, (base.id,), said)


def _counted_alike(old: History, new: History) -> History:
    """The history in use, if its offered contacts are counted as those of a new file."""
    if old.counted != new.counted:
        message = (
            f"history: the file's offered contacts are {new.counted or EVERYBODY}, those of the "
            f"history in use are {old.counted or EVERYBODY}. Choose the same on the page Start, or "
            "take the file in in its place."
        )
        raise DataError(message)
    return old


def with_repairs(
    store: Store,
    project: int | str,
    history: History,
    original: History | None,
    repairs: Sequence[Repair],
) -> Taken:
    """A history as it came with its repairs; without them where they do not lead to it.

    Somebody may have changed the history by hand meanwhile: what it says counts then.
    """
    if original is None or not repairs:
        return Taken(history, {}, (), "")
    try:
        fits = io.repair(original, repairs).history.equals(history)
    except DataError:
        fits = False
    if not fits:
        return Taken(history, {}, (), "")
    base = store.save(project, "original", original)
    told = {REPAIRS: [to_entry(one) for one in repairs], ORIGINAL: base.id}
    return Taken(history, told, (base.id,), "")


def _joined(
    older: Sequence[Repair], newer: Sequence[Repair], file: History, whole: History
) -> list[Repair]:
    """Repairs that still fit, then those of the newer file.

    What an older one puts in place of rows goes where the file has these intervals anew; what was
    said of a repair before counts when it comes again.
    """
    found = []
    for one in older:
        left = one
        if one.action in PUTS:
            left = _without(one, file)
        if left.starts and _fits(left, whole):
            found.append(left)
    said = {(one.action, one.queue, one.starts): one for one in older if one.action in PUTS}
    for one in newer:
        before = said.get((one.action, one.queue, one.starts))
        if before is not None:
            one = replace(one, author=before.author, at=before.at, stands=before.stands)
        if not any(one.like(other) for other in found):
            found.append(one)
    return found


def _without(one: Repair, file: History) -> Repair:
    """A repair without the intervals that a file holds anew."""
    anew = pd.DatetimeIndex(file.frame.loc[file.frame["queue"] == one.queue, "start"])
    starts = pd.DatetimeIndex(one.starts)
    left = starts[~starts.isin(anew)]
    rows = one.rows
    if rows is not None:
        rows = rows[pd.DatetimeIndex(rows["start"]).isin(left)].reset_index(drop=True)
    return replace(one, starts=tuple(left), rows=rows)


def notes_of(history: History) -> pd.DataFrame:
    """The rows of a file that were not taken as they stand, the first ones, as a table to keep."""
    notes: pd.DataFrame = history.report.notes.head(MOST_NOTES)
    return notes.astype({"value": "str"})


def notes_with(store: Store, version: VersionInfo) -> pd.DataFrame:
    """The notes of the file that a version of the history was read from."""
    return store.table(version.project_id, NOTES, revision=version.settings.get(NOTES))


def add_repair(
    store: Store, project: int | str, seen: VersionInfo, one: Repair, *, author: str | None = None
) -> VersionInfo:
    """Repair the history; the original stays.

    Parameters
    ----------
    seen
        The version that was looked at.
    one
        What to do, as `wfm.io.quality` proposes it.

    Raises
    ------
    ChangedMeanwhile
        Somebody else has changed the history since.
    """
    under = layers(seen)
    others = [other for other in under.repairs if not other.like(one) or other.stands]
    mine = replace(one, author=author or store.who, at=datetime.now(UTC), stands=True)
    why = f"repair: {one.reason or one.action}, {one.queue}"
    return _relayer(store, project, under, [*others, mine], author, why)


def take_back(
    store: Store,
    project: int | str,
    seen: VersionInfo,
    number: int,
    *,
    again: bool = False,
    author: str | None = None,
) -> VersionInfo:
    """Take one repair back, or make it again; the others are made anew on the original.

    Parameters
    ----------
    seen
        The version that was looked at.
    number
        Which, counted from 0; it stays in the list.
    again
        Make it again.

    Raises
    ------
    DataError
        There is no such repair.
    ChangedMeanwhile
        Somebody else has changed the history since.
    """
    under = layers(seen)
    if not 0 <= number < len(under.repairs):
        message = f"repair {number}: there is none. The history has {len(under.repairs)}."
        raise DataError(message)
    repairs = list(under.repairs)
    one = repairs[number]
    repairs[number] = replace(one, stands=again, author=author or store.who, at=datetime.now(UTC))
    if again:
        why = f"repair: {one.reason or one.action}, {one.queue}"
    else:
        why = f"taken back: {one.reason or one.action}, {one.queue}"
    return _relayer(store, project, under, repairs, author, why)


def _relayer(
    store: Store,
    project: int | str,
    under: Layers,
    repairs: Sequence[Repair],
    author: str | None,
    why: str,
) -> VersionInfo:
    latest = store.latest(project, "history")
    if latest is None or latest.id != under.version.id:
        what = "history"
        raise ChangedMeanwhile(what)
    original = store.load(under.original_id)
    done = io.repair(original, repairs)
    told = {k: v for k, v in under.version.settings.items() if k not in (REPAIRS, ORIGINAL)}
    if repairs:
        told |= {REPAIRS: [to_entry(one) for one in repairs], ORIGINAL: under.original_id}
    return store.save(
        project,
        "history",
        done.history if repairs else original,
        settings=told,
        parents=(under.original_id,),
        note=under.version.note,
        author=author,
        reason=why,
    )


def _fits(one: Repair, history: History) -> bool:
    """Whether all intervals of a repair are still there."""
    held = history.frame.loc[history.frame["queue"] == one.queue, "start"]
    return bool(pd.DatetimeIndex(one.starts).isin(pd.DatetimeIndex(held)).all())
