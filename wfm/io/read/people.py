"""Agents, contracts, campaigns, queues, events and shrinkage from csv files, sheets or frames."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import pandas as pd

from wfm.core.calendars import Event
from wfm.core.callbacks import Callback
from wfm.core.edits import Lock
from wfm.core.limits import StaffLimit
from wfm.core.meetings import Meeting
from wfm.core.people import Agent, Contract
from wfm.core.shrinkage import Shrinkage
from wfm.core.tables import (
    agents_from,
    callbacks_from,
    campaigns_from,
    contracts_from,
    events_from,
    limits_from,
    locks_from,
    meetings_from,
    queues_from,
    shrinkage_from,
)
from wfm.core.work import Campaign, Queue
from wfm.io.read.source import Source, read_bytes
from wfm.io.read.tables import read_frame
from wfm.io.read.workbook import sheet_names

T = TypeVar("T")


def read_agents(path: Source, absences: Source | None = None) -> tuple[Agent, ...]:
    """Agents with their absences.

    Parameters
    ----------
    path
        csv, xlsx (sheet `agents`, or the first one), parquet or a frame.
    absences
        The same for absences; of a workbook with a sheet `absences` that one is taken.

    Raises
    ------
    DataError
        One sentence that names table, row, column and cure.
    """
    frame, away = _table(path, "agents"), _with(path, absences, "absences")
    return agents_from(frame, away, lines=_lines(frame), absence_lines=_lines_of(away))


def read_contracts(path: Source, shifts: Source | None = None) -> tuple[Contract, ...]:
    """Contracts with their further kinds of shift.

    Parameters
    ----------
    path
        csv, xlsx (sheet `contracts`, or the first one), parquet or a frame.
    shifts
        The same for kinds of shift; of a workbook with a sheet `shifts` that one is taken.

    Raises
    ------
    DataError
        One sentence that names table, row, column and cure.
    """
    frame, kinds = _table(path, "contracts"), _with(path, shifts, "shifts")
    return contracts_from(frame, kinds, lines=_lines(frame), shift_lines=_lines_of(kinds))


def read_locks(path: Source) -> tuple[Lock, ...]:
    """Locks from csv, xlsx (sheet `locks`, or the first one), parquet or a frame."""
    return _read(path, "locks", locks_from)


def read_limits(path: Source) -> tuple[StaffLimit, ...]:
    """Staff limits from csv, xlsx (sheet `limits`, or the first one), parquet or a frame."""
    return _read(path, "limits", limits_from)


def read_callbacks(path: Source) -> tuple[Callback, ...]:
    """Promised callbacks from csv, xlsx (sheet `callbacks`, or the first one) or a frame."""
    return _read(path, "callbacks", callbacks_from)


def read_meetings(path: Source) -> tuple[Meeting, ...]:
    """Meetings from csv, xlsx (sheet `meetings`, or the first one), parquet or a frame."""
    return _read(path, "meetings", meetings_from)


def read_campaigns(path: Source) -> tuple[Campaign, ...]:
    """Campaigns from csv, xlsx (sheet `campaigns`, or the first one), parquet or a frame."""
    return _read(path, "campaigns", campaigns_from)


def read_queues(path: Source) -> tuple[Queue, ...]:
    """Queues from csv, xlsx (sheet `queues`, or the first one), parquet or a frame."""
    return _read(path, "queues", queues_from)


def read_events(path: Source) -> tuple[Event, ...]:
    """Events from csv, xlsx (sheet `events`, or the first one), parquet or a frame."""
    return _read(path, "events", events_from)


def read_shrinkage(path: Source) -> Shrinkage:
    """Shrinkage by component from csv, xlsx (sheet `shrinkage`, or the first one) or a frame."""
    frame = _table(path, "shrinkage")
    return shrinkage_from(frame, lines=_lines(frame))


def _read(path: Source, table: str, make: Callable[..., tuple[T, ...]]) -> tuple[T, ...]:
    frame = _table(path, table)
    return make(frame, lines=_lines(frame))


def _lines(frame: pd.DataFrame) -> Sequence[int]:
    return [int(line) for line in frame.index]


def _lines_of(frame: pd.DataFrame | None) -> Sequence[int] | None:
    return None if frame is None else _lines(frame)


def _sheet(path: Source, table: str) -> tuple[Source, str | None]:
    """The source, read again where needed, and the sheet of that name if it has one."""
    if isinstance(path, pd.DataFrame):
        return path, None
    names = sheet_names(read_bytes(path))
    if hasattr(path, "seek"):
        path.seek(0)
    return path, next((n for n in names if n.strip().lower() == table), None)


def _table(path: Source, table: str) -> pd.DataFrame:
    source, sheet = _sheet(path, table)
    return read_frame(source, sheet=sheet)


def _with(path: Source, other: Source | None, table: str) -> pd.DataFrame | None:
    """Another table: of a source of its own, or the sheet of the same workbook, if there is one."""
    if other is not None:
        return _table(other, table)
    source, sheet = _sheet(path, table)
    return read_frame(source, sheet=sheet) if sheet is not None else None
