"""Expressions that tell of each call when it came, how long it waited and how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wfm.core.errors import DataError
from wfm.io.read.layout import UNIT_S, Meaning, listed
from wfm.io.read.numbers import find_decimal
from wfm.io.read.record_source import Records
from wfm.io.read.record_stamps import Stamp, stamp
from wfm.io.read.record_words import ABANDONED, ANSWERED, NO, TIMES, YES

_ENDLESS_S, _UNKNOWN = 1e12, "duration unknown"
_STAMPS = ("answered_at", "left_at", "ended_at")


@dataclass(frozen=True)
class Call:
    """SQL of what one call tells.

    Parameters
    ----------
    start
        Stamp of the arrival.
    queue, identity, channel, outcome
        Of the cells; NULL where there is no column.
    wait_s, handle_s
        Seconds; NULL where unknown.
    state
        1 answered, 2 abandoned, 0 neither (passed on), NULL where it cannot be told.
    first_channel
        The channel of the first row, empty where there is no such column.
    checks
        SQL of a bad cell to its heading, what is wrong and what comes of it.
    remarks
        What was taken for what.
    """

    start: Stamp
    queue: str
    identity: str
    channel: str
    wait_s: str
    handle_s: str
    state: str
    outcome: str
    first_channel: str
    checks: Mapping[str, tuple[str, str, str]]
    remarks: tuple[str, ...]


def call(
    records: Records,
    mapping: Mapping[str, Meaning],
    unit: str,
    dates: str,
    decimal: str,
    *,
    trusting: bool = False,
) -> Call:
    """Expressions for the columns of a file that has enough of them.

    When `trusting`, impossible durations are counted as bad but not left out: quicker, and right
    where there are none.

    Raises
    ------
    DataError
        Stamps or numbers cannot be read, or can be read two ways.
    """
    two = "start" not in mapping
    names = ["date", "time"] if two else ["start"]
    start = stamp(records, [mapping[n].column for n in names], dates)
    if decimal == "auto":
        decimal = _decimal(records, mapping)
    checks: dict[str, tuple[str, str, str]] = {}
    remarks: list[str] = []
    at = {n: stamp(records, [mapping[n].column], dates).micros for n in _STAMPS if n in mapping}
    if "answered_at" in at and "wait" in mapping and "abandoned" in mapping:
        at.pop("answered_at")
    seconds = {
        n: _seconds(records, mapping[n], unit, decimal, checks, trusting)
        for n in TIMES
        if n in mapping
    }
    handle = _handle(seconds, at, remarks)
    state = _state(records, mapping, handle, at, checks, remarks)
    wait = seconds.get("wait", "")
    if not wait and at:
        left = ", ".join(at[n] for n in _STAMPS if n in at)
        wait = f"greatest(coalesce({left}) - {start.micros}, 0) / 1e6"
        remarks.append("Waits run from the arrival to the answer, or to the end of the call.")
    if not wait:
        remarks.append("No waits in the file: service level and patience cannot be told from it.")
    return Call(
        start,
        _cell(records, mapping, "queue"),
        _cell(records, mapping, "id"),
        _cell(records, mapping, "channel"),
        wait or "NULL::DOUBLE",
        handle or "NULL::DOUBLE",
        state,
        _cell(records, mapping, "outcome"),
        _first_channel(records, mapping),
        checks,
        tuple(remarks),
    )


def check_enough(records: Records, mapping: Mapping[str, Meaning]) -> None:
    """Refuse a file that does not tell when a call came, or how it ended.

    Raises
    ------
    DataError
        The columns that are missing.
    """
    missing = [] if "start" in mapping or {"date", "time"} <= set(mapping) else ["start"]
    ends = ("abandoned", "answered", "outcome", "answered_at", "talk", "handle", "agent")
    if not any(name in mapping for name in ends):
        missing.append("abandoned")
    if missing:
        found = listed(records.head.names)
        message = (
            f"{records.head.source}: missing columns {', '.join(missing)}; found {found}. Rename "
            f"them, or say which they are, for example columns={{{missing[0]!r}: "
            f"{records.head.names[0]!r}}}."
        )
        raise DataError(message)


def _cell(records: Records, mapping: Mapping[str, Meaning], name: str) -> str:
    if name not in mapping:
        return "NULL::VARCHAR"
    column = records.column(mapping[name].column)
    return column if records.type_of(mapping[name].column) == "VARCHAR" else f"{column}::VARCHAR"


def _first_channel(records: Records, mapping: Mapping[str, Meaning]) -> str:
    if "channel" not in mapping:
        return ""
    heading = mapping["channel"].column
    if records.text:
        return str(next(iter(records.head.column(heading).values), ""))
    rows = records.connection.execute(
        f"SELECT {records.column(heading)}::VARCHAR FROM {records.relation} LIMIT 1"
    ).fetchall()
    return str(rows[0][0] or "") if rows else ""


def _decimal(records: Records, mapping: Mapping[str, Meaning]) -> str:
    """Decimal mark of the durations in the first rows of a text file."""
    if not records.text:
        return "."
    raw = records.head
    columns = [
        mapping[n].column for n in ("wait", "talk", "hold", "wrap", "handle") if n in mapping
    ]
    return find_decimal([raw.column(c).values for c in columns], raw.source)


def _seconds(
    records: Records,
    meaning: Meaning,
    unit: str,
    decimal: str,
    checks: dict[str, tuple[str, str, str]],
    trusting: bool,
) -> str:
    """Seconds of a duration: a number in its unit, or H:MM:SS."""
    column, kind = records.column(meaning.column), records.type_of(meaning.column)
    factor = UNIT_S[meaning.unit or unit]
    scale = "" if factor == 1.0 else f" * {factor!r}"
    if kind == "INTERVAL":
        value = f"epoch({column})"
    elif kind == "TIME":
        value = f"epoch({column}::INTERVAL)"
    elif kind == "VARCHAR":
        cell = f"replace({column}, ',', '.')" if decimal == "," else column
        clock = not records.text or meaning.column not in plain_numbers(
            records, {"wait": meaning}, decimal
        )
        value = f"try_cast({cell} AS DOUBLE){scale}"
        if clock:
            hours = f"regexp_full_match(trim({cell}), '\\d+:[0-5]\\d:[0-5]\\d(\\.\\d*)?')"
            value = (
                f"CASE WHEN contains({cell}, ':') THEN CASE WHEN {hours} "
                f"THEN epoch(try_cast({cell} AS INTERVAL)) END ELSE {value} END"
            )
    else:
        value = f"{column}::DOUBLE{scale}"
    good = f"{value} BETWEEN 0 AND {_ENDLESS_S}"
    if trusting:
        wrong = f"NOT ({good})"
        if kind == "VARCHAR":  # a text that is no number is not known, and not empty either
            wrong = f"{column} IS NOT NULL AND coalesce({wrong}, true)"
        checks[wrong] = (meaning.column, "not a number", _UNKNOWN)
        return value
    checks[f"{column} IS NOT NULL AND coalesce({value} > {_ENDLESS_S}, true)"] = (
        meaning.column, "not a number", _UNKNOWN,
    )  # fmt: skip
    checks[f"{value} < 0"] = (meaning.column, "negative", _UNKNOWN)
    return f"CASE WHEN {good} THEN {value} END"


def plain_numbers(records: Records, mapping: Mapping[str, Meaning], decimal: str) -> list[str]:
    """Headings of a text file whose durations are plain numbers in its first rows."""
    if not records.text or (decimal if decimal != "auto" else _decimal(records, mapping)) == ",":
        return []
    columns = [mapping[n].column for n in TIMES if n in mapping]
    heads = {c: records.head.column(c).values.astype("str") for c in columns}
    return [c for c, head in heads.items() if not head.str.contains("[:,]", regex=True).any()]


def _handle(seconds: Mapping[str, str], at: Mapping[str, str], remarks: list[str]) -> str:
    """Handle time of an answered call."""
    if "handle" in seconds:
        return seconds["handle"]
    if "talk" in seconds:
        more = [n for n in ("hold", "wrap") if n in seconds]
        remarks.append(f"AHT is ({' + '.join(['talk', *more])}) / contacts handled.")
        return " + ".join([f"({seconds['talk']})", *(f"coalesce({seconds[n]}, 0)" for n in more)])
    if {"answered_at", "ended_at"} <= set(at):
        remarks.append("Handle time runs from the answer to the end of the call, without wrap-up.")
        return f"greatest({at['ended_at']} - {at['answered_at']}, 0) / 1e6"
    remarks.append("No handle time in the file: a plan needs an assumed one.")
    return ""


def _state(
    records: Records,
    mapping: Mapping[str, Meaning],
    handle: str,
    at: Mapping[str, str],
    checks: dict[str, tuple[str, str, str]],
    remarks: list[str],
) -> str:
    """How a call ended, by the surest column there is."""
    for name, yes, no in (("abandoned", 2, 1), ("answered", 1, 2)):
        if name in mapping:
            heading = mapping[name].column
            return _flag(records, heading, yes, no, checks)
    if "outcome" in mapping:
        cell = f"lower(trim({_cell(records, mapping, 'outcome')}))"
        left = " OR ".join(f"contains({cell}, '{word}')" for word in ABANDONED)
        taken = " OR ".join(f"contains({cell}, '{word}')" for word in ANSWERED)
        return f"CASE WHEN {left} THEN 2 WHEN {taken} THEN 1 ELSE 0 END"
    if "answered_at" in at:
        remarks.append("A call without a time of answer was abandoned.")
        return f"CASE WHEN {at['answered_at']} IS NULL THEN 2 ELSE 1 END"
    if handle:
        remarks.append("A call without handle time was abandoned.")
        return f"CASE WHEN {handle} > 0 THEN 1 ELSE 2 END"
    remarks.append("A call without an agent was abandoned.")
    return f"CASE WHEN {_cell(records, mapping, 'agent')} IS NULL THEN 2 ELSE 1 END"


def _flag(
    records: Records, heading: str, yes: int, no: int, checks: dict[str, tuple[str, str, str]]
) -> str:
    column, kind = records.column(heading), records.type_of(heading)
    if kind == "BOOLEAN":
        return f"CASE WHEN {column} THEN {yes} ELSE {no} END"
    cell = f"lower(trim({column}::VARCHAR))"
    yeses, noes = (", ".join(f"'{w}'" for w in words) for words in (YES, (*NO, "")))
    checks[f"{cell} NOT IN ({yeses}, {noes})"] = (heading, "not a yes or no", "row not taken")
    return (
        f"CASE WHEN {cell} IN ({yeses}) THEN {yes} "
        f"WHEN {cell} IS NULL OR {cell} IN ({noes}) THEN {no} END"
    )
