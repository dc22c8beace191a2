"""Counted calls on the clock: instants of their slots, rows that `fill` takes, calls set aside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from wfm.core.errors import DataError
from wfm.io.read.aside import lost_rows, set_aside
from wfm.io.read.fill import Hours
from wfm.io.read.findings import LOST, Findings
from wfm.io.read.record_groups import Groups, is_there, locate
from wfm.io.read.record_source import Records
from wfm.io.read.record_sql import Call
from wfm.io.read.repair_actions import Repair
from wfm.io.read.spacing import Rows
from wfm.io.read.stamps import Stamps
from wfm.io.read.zones import Pass, instants, unset_clock

_TIMED = {
    "wait_answered_s": ("answered_within",),
    "wait_abandoned_s": ("abandoned_within", "short_abandoned"),
}


@dataclass(frozen=True)
class PlacedCalls:
    """Slots of calls that can be used and their instants [s]; how many bad lines are not listed.

    `lost` are the slots of an hour that the clock skipped, with their instants by a clock that was
    not set.
    """

    slots: pd.DataFrame
    at_s: np.ndarray
    more: int
    lost: pd.DataFrame
    lost_s: np.ndarray


def set_calls_aside(
    frame: pd.DataFrame,
    calls: PlacedCalls,
    hours: Hours,
    form: Mapping[str, Any],
    alone: str | None,
    *,
    waited: bool,
) -> tuple[tuple[Repair, ...], pd.DataFrame | None]:
    """What was done to calls that cannot be counted."""
    if calls.lost.empty:
        return (), None
    every = pd.concat([calls.slots, calls.lost], ignore_index=True)
    at_s = np.concatenate([calls.at_s, calls.lost_s])
    names, rows, numbers = as_rows(every, at_s, alone, waited=waited)
    lost = slice(len(calls.at_s), None)
    many = int(numbers["offered"][lost].sum())
    asides = lost_rows(Rows(rows.queue[lost], rows.at_s[lost], rows.line[lost]), many)
    return set_aside(frame, rows, numbers, asides, names, opening=hours, **form)


def place_calls(
    records: Records,
    told: Call,
    groups: Groups,
    source_zone: str,
    heading: str,
    doubled: Pass,
    findings: Findings,
    bad_rows: str,
) -> PlacedCalls:
    """The slots that can be used and their instants [s]; bad rows are refused or noted."""
    slots = groups.slots
    rejected = records.rejected()
    for problem, lines in rejected.groupby("problem", sort=True):
        findings.add(lines["line"].to_numpy(), "", lines["value"].tolist(), str(problem),
                     "row not taken", bad=True)  # fmt: skip
    queued = f"{told.queue} IS NOT NULL" if is_there(told.queue) else "true"
    here = slots["queue"].notna() | (queued == "true")
    more = 0
    unread = here & slots["slot"].isna()
    if unread.any():
        where = f"{queued} AND {told.start.micros} IS NULL"
        unread_as = (heading, "not a date and time", "row not taken")
        more += locate(records, findings, {where: unread_as}, rejected)
    if groups.ends["bad"].any():
        more += locate(records, findings, told.checks, rejected)
    findings.settle(bad_rows, groups.calls + len(rejected))
    slots = _only(slots, (here & slots["slot"].notna() & (slots["offered"] > 0)).to_numpy())
    if slots.empty:
        message = (
            f"{findings.source}: no call can be used. See that arrivals and queues are filled in, "
            "and that the channel is one of the file's."
        )
        raise DataError(message)
    slots["slot"] = slots["slot"].astype("int64")
    micros = slots["slot"].to_numpy() * groups.step_us
    naive = micros.astype("datetime64[us]")
    count = len(naive)
    found = instants(Stamps(naive, np.full(count, np.nan), np.ones(count, dtype=bool)), source_zone)
    if found.lost.any():
        gone = ", ".join(str(s) for s in np.unique(slots["slot"].to_numpy()[found.lost]))
        where = f"{queued} AND {told.start.micros} // {groups.step_us} IN ({gone})"
        locate(records, findings, {where: (heading, LOST, "row not taken")}, rejected, bad=False)
    at = found.second if doubled == "second" else found.first
    use = ~found.lost
    if not use.any():
        findings.refuse(LOST)
    seconds = at[use].astype("datetime64[s]").astype(np.int64)
    unset = unset_clock(naive[found.lost], 0, source_zone).astype(np.int64)
    return PlacedCalls(_only(slots, use), seconds, more, _only(slots, found.lost), unset)


def _only(slots: pd.DataFrame, use: np.ndarray) -> pd.DataFrame:
    """Some of the slots, counted anew; all of them without a copy."""
    return slots.copy(deep=False) if use.all() else slots[use].reset_index(drop=True)


def as_rows(
    slots: pd.DataFrame, at_s: np.ndarray, alone: str | None, *, waited: bool
) -> tuple[list[str], Rows, dict[str, np.ndarray]]:
    """Queues, rows and numbers as `fill` takes them; `alone` names the queue of a file of one."""
    if alone is None:
        again, names = pd.factorize(slots["queue"].cat.categories.str.strip(), sort=True)
        codes, queues = again[slots["queue"].cat.codes], [str(n) for n in names]
    else:
        codes, queues = np.zeros(len(slots), dtype=np.int64), [alone]
    numbers = {n: slots[n].to_numpy() for n in ("offered", "answered", "abandoned")}
    if waited:
        for wait, counts in _TIMED.items():
            numbers[wait] = slots[wait].to_numpy()
            unknown = np.isnan(numbers[wait])
            for name in counts:
                numbers[name] = np.where(unknown, np.nan, slots[name].to_numpy())
    if slots["weight"].sum() > 0:
        numbers |= {n: slots[n].to_numpy() for n in ("handle_s", "weight")}
    lines = np.zeros(len(slots), dtype=np.int64)
    return queues, Rows(codes, at_s, lines), numbers
