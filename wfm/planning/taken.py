"""The history of a project: files taken in, newer days joined, repairs made and taken back.

A repaired history is a version beside the one it was made from; its settings list the repairs, so
that any of them can be taken back, and a newer file is joined below them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from wfm import io
from wfm.core.errors import DataError
from wfm.core.types import History
from wfm.io import Repair
from wfm.planning.offered import EVERYBODY
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
    return Layers(version, original, tuple(_repair(entry) for entry in listed))


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
    if onto is None:
        return Taken(history, dict(settings), (), "")
    under = layers(onto)
    original = store.load(under.original_id)
    if original.counted != history.counted:
        old, new = original.counted or EVERYBODY, history.counted or EVERYBODY
        message = (
            f"history: the file's offered contacts are {new}, those of the history in use are "
            f"{old}. Choose the same on the page Start, or take the file in in its place."
        )
        raise DataError(message)
    joined = io.append(original, history)
    whole = replace(joined.history, report=history.report)
    kept = [one for one in under.repairs if _fits(one, whole)]
    if not kept:
        return Taken(whole, dict(settings), (onto.id,), str(joined))
    base = store.save(
        project, "history", whole, settings=dict(settings), parents=(onto.id,), note=str(joined)
    )
    told = {**settings, REPAIRS: [_entry(one) for one in kept], ORIGINAL: base.id}
    return Taken(io.repair(whole, kept).history, told, (base.id,), str(joined))


def notes_of(history: History) -> pd.DataFrame:
    """The rows of a file that were not taken as they stand, the first ones, as a table to keep."""
    notes: pd.DataFrame = history.report.notes.head(MOST_NOTES)
    return notes.astype({"value": "str"})


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
    why = f"repair: {one.reason or one.action}, {one.queue}"
    return _relayer(store, project, under, [*under.repairs, one], author, why)


def take_back(
    store: Store, project: int | str, seen: VersionInfo, number: int, *, author: str | None = None
) -> VersionInfo:
    """Take one repair back, counted from 0; the others are made anew on the original.

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
    gone = under.repairs[number]
    left = [one for i, one in enumerate(under.repairs) if i != number]
    why = f"taken back: {gone.reason or gone.action}, {gone.queue}"
    return _relayer(store, project, under, left, author, why)


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
        told |= {REPAIRS: [_entry(one) for one in repairs], ORIGINAL: under.original_id}
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


def _entry(one: Repair) -> dict[str, Any]:
    return {
        "action": one.action,
        "queue": one.queue,
        "starts": [stamp.isoformat() for stamp in one.starts],
        "minutes": one.minutes,
        "reason": one.reason,
        "author": one.author,
    }


def _repair(entry: Mapping[str, Any]) -> Repair:
    starts = pd.to_datetime(list(entry["starts"]), utc=True, format="ISO8601")
    return Repair(
        entry["action"],
        entry["queue"],
        tuple(starts),
        int(entry["minutes"]),
        entry["reason"],
        entry["author"],
    )
