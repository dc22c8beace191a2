"""Calls counted by queue and interval, and by queue and wait, in one pass of DuckDB."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from wfm.io.read.findings import Findings
from wfm.io.read.record_source import Records
from wfm.io.read.record_sql import Call
from wfm.io.read.record_words import NOTHING

SHOWN = 10_000
_BAD, _FOREIGN = 4, 8
_COUNTED = f"""
CREATE OR REPLACE TEMP TABLE counted AS
WITH calls AS ({{calls}}),
placed AS (
    SELECT *, at_us // {{step_us}} AS slot, try_cast(round(wait_s) AS BIGINT) AS waited,
           (coalesce(state, 3) + CASE WHEN bad THEN {_BAD} ELSE 0 END
               + CASE WHEN foreign_channel THEN {_FOREIGN} ELSE 0 END)::TINYINT AS kind,
           (state = 1)::DOUBLE AS answered, (state = 2)::DOUBLE AS abandoned,
           coalesce(round(wait_s * 1000), 'nan') AS wait_ms,
           CASE WHEN state = 1 THEN round(handle_s * 1000) END AS handle_ms,
           (wait_s <= {{threshold!r}})::DOUBLE AS within, (wait_s <= {{short!r}})::DOUBLE AS short
    FROM calls)
SELECT queue, slot, waited, kind, GROUPING(slot) AS by_wait, count(*) AS calls,
       count(state) AS offered, sum(answered) AS answered, sum(abandoned) AS abandoned,
       sum(answered * within) AS answered_within, sum(abandoned * within) AS abandoned_within,
       sum(abandoned * short) AS short_abandoned,
       sum(CASE WHEN state = 1 THEN wait_ms ELSE 0 END) AS wait_answered_s,
       sum(CASE WHEN state = 2 THEN wait_ms ELSE 0 END) AS wait_abandoned_s,
       sum(handle_ms) AS handle_s, count(handle_ms) AS weight, {{outcome}} AS outcome
FROM placed GROUP BY GROUPING SETS ((queue, slot), (queue, waited, kind))
"""
_NUMBERS = (
    "offered", "answered", "abandoned", "answered_within", "abandoned_within", "short_abandoned",
    "wait_answered_s", "wait_abandoned_s", "handle_s", "weight",
)  # fmt: skip
_QUEUE = f"CASE WHEN queue IN {NOTHING} THEN NULL ELSE queue END"
_QUEUED = f"({_QUEUE}) IS NOT NULL"
_NAMES = f"""
CREATE OR REPLACE TEMP TYPE queue_name AS ENUM (
    SELECT DISTINCT {_QUEUE} AS name FROM counted WHERE by_wait = 1 AND name IS NOT NULL ORDER BY 1)
"""
_SLOTS = (
    f"SELECT ({_QUEUE})::queue_name AS queue, slot, "
    + ", ".join(
        f"coalesce({name}, 0)::DOUBLE{' / 1000' if name.endswith('_s') else ''} AS {name}"
        for name in _NUMBERS
    )
    + " FROM counted WHERE by_wait = 0 ORDER BY 1, 2"
)
_ENDS = """
SELECT {queued} AS queued, waited IS NOT NULL AS waited, kind, sum(calls)::BIGINT AS calls,
       min(outcome) AS outcome
FROM counted WHERE by_wait = 1 GROUP BY ALL
"""
_WAITS = """
SELECT trim(queue) AS queue, waited AS wait_s, sum(calls)::BIGINT AS calls,
       coalesce(sum(calls) FILTER (kind & 3 = 2), 0)::BIGINT AS abandoned
FROM counted
WHERE by_wait = 1 AND waited IS NOT NULL AND kind & 3 < 3 AND {queued}
GROUP BY ALL ORDER BY ALL
"""


@dataclass(frozen=True)
class Groups:
    """Counts of each queue and slot, how the calls ended, and their waits.

    `slots` holds `queue slot` in this order and the counts under the names of a history, `slot` in
    steps of `step_us` since 1970, either one missing where the row has none. A time that has an
    unknown part is unknown. `ends` holds, for `queued waited state bad foreign outcome`, how many
    `calls` there are. `dropped` rows stood in the file before.
    """

    slots: pd.DataFrame
    ends: pd.DataFrame
    waits: pd.DataFrame
    step_us: int
    dropped: int

    @property
    def calls(self) -> int:
        """All calls that were counted."""
        return int(self.ends["calls"].sum())


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
    queued = _QUEUED if is_there(call.queue) else "true"
    ends = _by_end(records.table(_ENDS.format(queued=queued)).to_pandas())
    waits = records.table(_WAITS.format(queued=queued)).to_pandas()
    groups = Groups(_slots(records), ends, waits, step_us, 0)
    if not unique:
        return groups
    rows = records.connection.execute(
        f"SELECT count(*) FROM {records.relation} {_channel(call, channel)}"
    ).fetchall()
    return replace(groups, dropped=int(rows[0][0]) - groups.calls)


def is_there(cell: str) -> bool:
    """Whether an expression of a call has a column behind it."""
    return not cell.startswith("NULL::")


def _slots(records: Records) -> pd.DataFrame:
    """The counts of each queue and slot; a queue's name is held once."""
    import pyarrow as pa

    records.connection.execute(_NAMES)
    found: pd.DataFrame = records.table(_SLOTS).to_pandas(
        split_blocks=True, self_destruct=True, memory_pool=pa.system_memory_pool()
    )
    return found


def _by_end(found: pd.DataFrame) -> pd.DataFrame:
    """How calls ended, with the parts of `kind` taken apart."""
    kind = found["kind"].to_numpy()
    return found.assign(
        state=(kind % _BAD).astype(int), bad=kind & _BAD > 0, foreign=kind & _FOREIGN > 0
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
