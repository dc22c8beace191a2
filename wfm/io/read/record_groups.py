"""Calls counted by queue and interval, and by queue and wait, in one pass of DuckDB."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from wfm.io.read.findings import Findings
from wfm.io.read.record_source import Records
from wfm.io.read.record_sql import Call
from wfm.io.read.record_words import NOTHING

SHOWN = 10_000
_COUNTED = """
CREATE OR REPLACE TEMP TABLE counted AS
WITH calls AS ({calls}),
placed AS (
    SELECT *, at_us // {step_us} AS slot, try_cast(round(wait_s) AS BIGINT) AS waited,
           round(wait_s * 1000) AS wait_ms, round(handle_s * 1000) AS handle_ms,
           (wait_s <= {threshold!r})::UTINYINT AS within, (wait_s <= {short!r})::UTINYINT AS short
    FROM calls)
SELECT queue, slot, waited, state, GROUPING(slot) AS by_wait, count(*) AS calls,
       count(wait_s) AS waits, sum(wait_ms) AS wait_ms, sum(within) AS within, sum(short) AS short,
       sum(handle_ms) AS handle_ms, count(handle_s) AS weight, count(*) FILTER (WHERE bad) AS bad,
       count(*) FILTER (WHERE foreign_channel) AS others, {outcome} AS outcome
FROM placed GROUP BY GROUPING SETS ((queue, slot, state), (queue, waited, state))
"""
_NUMBERS = ("calls", "waits", "wait_ms", "within", "short", "handle_ms", "weight", "bad", "others")
_QUEUE = f"CASE WHEN queue IN {NOTHING} THEN NULL ELSE queue END"
_SLOTS = (
    f"SELECT {_QUEUE} AS queue, slot, state, outcome, "
    + ", ".join(f"coalesce({name}, 0)::DOUBLE AS {name}" for name in _NUMBERS)
    + " FROM counted WHERE by_wait = 0"
)
_WAITS = """
SELECT trim(queue) AS queue, waited AS wait_s, sum(calls)::BIGINT AS calls,
       coalesce(sum(calls) FILTER (WHERE state = 2), 0)::BIGINT AS abandoned
FROM counted
WHERE by_wait = 1 AND waited IS NOT NULL AND state IS NOT NULL AND {queued}
GROUP BY ALL ORDER BY ALL
"""


@dataclass(frozen=True)
class Groups:
    """Counts of each queue and slot by how the calls ended, and the waits.

    `slots` holds `queue slot` and the counts, `slot` in steps of `step_us` since 1970, either one
    missing where the row has none; `dropped` rows stood in the file before.
    """

    slots: pd.DataFrame
    waits: pd.DataFrame
    step_us: int
    dropped: int


def count_calls(
    records: Records,
    call: Call,
    *,
    step_us: int,
    threshold_s: float,
    short_s: float,
    channel: str | None,
    unique: bool,
) -> Groups:
    """Count the calls of a file."""
    calls = _calls(records, call, channel, unique=unique)
    if unique:
        calls = f"SELECT DISTINCT ON (identity, queue, at_us) * FROM ({calls})"
    counted = _COUNTED.format(
        calls=calls,
        step_us=step_us,
        threshold=float(threshold_s),
        short=float(short_s),
        outcome="min(outcome)" if is_there(call.outcome) else "NULL::VARCHAR",
    )
    records.connection.execute(counted)
    slots = _by_end(records.table(_SLOTS).to_pandas())
    queued = f"({_QUEUE}) IS NOT NULL" if is_there(call.queue) else "true"
    waits = records.table(_WAITS.format(queued=queued)).to_pandas()
    dropped = 0
    if unique:
        where = _channel(call, channel)
        rows = records.connection.execute(
            f"SELECT count(*) FROM {records.relation} {where}"
        ).fetchall()
        dropped = int(rows[0][0]) - int(slots["rows"].sum())
    return Groups(slots, waits, step_us, dropped)


def is_there(cell: str) -> bool:
    """Whether an expression of a call has a column behind it."""
    return not cell.startswith("NULL::")


def _by_end(found: pd.DataFrame) -> pd.DataFrame:
    """The counts under the names of a history's columns; times were added up in whole ms."""
    state = found["state"].to_numpy(dtype=float, na_value=np.nan)
    answered, abandoned = state == 1, state == 2
    n = {name: found[name].to_numpy(dtype=float) for name in _NUMBERS}
    return pd.DataFrame(
        {
            "queue": found["queue"],
            "slot": found["slot"],
            "rows": n["calls"],
            "offered": n["calls"] * ~np.isnan(state),
            "answered": np.where(answered, n["calls"], 0.0),
            "abandoned": np.where(abandoned, n["calls"], 0.0),
            "answered_within": np.where(answered, n["within"], 0.0),
            "abandoned_within": np.where(abandoned, n["within"], 0.0),
            "short_abandoned": np.where(abandoned, n["short"], 0.0),
            "wait_answered_s": np.where(answered, n["wait_ms"], 0.0) / 1000,
            "wait_abandoned_s": np.where(abandoned, n["wait_ms"], 0.0) / 1000,
            "waits_answered": np.where(answered, n["waits"], 0.0),
            "waits_abandoned": np.where(abandoned, n["waits"], 0.0),
            "handle_s": np.where(answered, n["handle_ms"], 0.0) / 1000,
            "weight": np.where(answered, n["weight"], 0.0),
            "bad": n["bad"],
            "others": n["others"],
            "outcome": found["outcome"].where(state == 0) if (state == 0).any() else None,
        },
        copy=False,
    )


def _calls(records: Records, call: Call, channel: str | None, *, unique: bool) -> str:
    bad = " OR ".join(f"({check})" for check in call.checks) or "false"
    first = call.first_channel.replace("'", "''")
    foreign = f"{call.channel} <> '{first}'" if first and channel is None else "false"
    identity = call.identity if unique else "NULL::VARCHAR"
    return (
        f"SELECT {call.queue} AS queue, {call.start.micros} AS at_us, {call.wait_s} AS wait_s, "
        f"{call.handle_s} AS handle_s, {call.state} AS state, {call.outcome} AS outcome, "
        f"{foreign} AS foreign_channel, {identity} AS identity, {bad} AS bad "
        f"FROM {records.relation} {_channel(call, channel)}"
    )


def _channel(call: Call, channel: str | None) -> str:
    if channel is None:
        return ""
    wanted = channel.strip().lower().replace("'", "''")
    return f"WHERE lower(trim({call.channel})) = '{wanted}'"


def locate(
    records: Records,
    findings: Findings,
    conditions: Mapping[str, tuple[str, str, str]],
    rejected: pd.DataFrame,
    *,
    bad: bool = True,
) -> int:
    """Note the lines of rows that meet a condition, and how many were not looked up.

    Parameters
    ----------
    records, findings
        Where the rows are, and where their notes go.
    conditions
        SQL to heading, problem and effect.
    rejected
        Lines that are no rows; they shift the numbers of those below.
    bad
        Whether the rows may be refused.
    """
    more = 0
    gone = np.sort(rejected["line"].to_numpy(dtype=np.int64))
    for condition, (heading, problem, effect) in conditions.items():
        cell = records.column(heading) if heading in records.head.names else "NULL"
        rows = records.connection.execute(
            f"SELECT n, cell::VARCHAR, count(*) OVER () FROM (SELECT row_number() OVER () AS n, "
            f"{cell} AS cell, coalesce({condition}, false) AS hit FROM {records.relation}) "
            f"WHERE hit ORDER BY n LIMIT {SHOWN}"
        ).fetchall()
        if not rows:
            continue
        lines = np.array([row[0] for row in rows], dtype=np.int64) + records.first_line - 1
        for line in gone:
            lines[lines >= line] += 1
        more += int(rows[0][2]) - len(rows)
        findings.add(lines, heading, [row[1] for row in rows], problem, effect, bad=bad)
    return more
