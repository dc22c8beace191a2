"""What a reader understood of a file, and every row that it did not take as it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from wfm.io.read.repair_actions import Repair

DECIMALS = {",": "decimal comma", ".": "decimal point"}
NOTE_COLUMNS = ("row", "column", "value", "problem", "effect")


def no_notes() -> pd.DataFrame:
    """An empty frame of notes."""
    return pd.DataFrame({"row": pd.Series(dtype="int64")} | {c: [] for c in NOTE_COLUMNS[1:]})


def make_notes(row: object, column: str, value: object, problem: str, effect: str) -> pd.DataFrame:
    """Notes of one kind: `row` and `value` are sequences of the same length.

    >>> make_notes([3], "offered", ["x"], "not a number", "unknown").to_dict("records")[0]["row"]
    3
    """
    frame = pd.DataFrame({"row": row, "value": value})
    frame["row"] = frame["row"].astype("int64")
    frame["value"] = frame["value"].map(_shown).astype("str")
    frame["column"], frame["problem"], frame["effect"] = column, problem, effect
    return frame[list(NOTE_COLUMNS)]


def _shown(value: object) -> str:
    text = "" if value is None or value != value else str(value)
    return text if len(text) <= 80 else text[:77] + "..."


@dataclass(frozen=True)
class ReadReport:
    """How a file was read.

    Parameters
    ----------
    source
        Name of the file.
    encoding, separator, decimal, sheet
        Its layout; empty where the format has none.
    mapping
        The column of the file behind each meaning.
    time_zone, source_zone
        Zone of the history, and of the stamps in the file.
    stamps
        Whether the file's stamps were the `start` or the `end` of an interval.
    source_interval, interval
        Length of the file's intervals (0: one row a call) and of the history's [min].
    queues, first, last
        What it holds: queues, first and last stamp of the history.
    rows, contacts
        Rows in the file and contacts in the history.
    remarks
        Sentences on the whole file.
    notes
        `row column value problem effect` of every row that was not taken or was changed; `row` is
        the line in the file.
    repairs, written
        What was done to rows that cannot all be counted, doubled ones and those in a lost hour,
        and the intervals concerned as all lines add up to; `wfm.io.repaired` takes them back.
    """

    source: str
    encoding: str = ""
    separator: str = ""
    decimal: str = ""
    sheet: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    time_zone: str = ""
    source_zone: str = ""
    stamps: str = "start"
    source_interval: int = 0
    interval: int = 0
    queues: tuple[str, ...] = ()
    first: pd.Timestamp | None = None
    last: pd.Timestamp | None = None
    rows: int = 0
    contacts: float = 0.0
    remarks: tuple[str, ...] = ()
    notes: pd.DataFrame = field(default_factory=no_notes, compare=False)
    repairs: tuple[Repair, ...] = ()
    written: pd.DataFrame | None = field(default=None, compare=False)

    def __str__(self) -> str:
        layout = [
            self.encoding,
            f"sheet {self.sheet}" if self.sheet else "",
            f"separator {_name(self.separator)}" if self.separator else "",
            DECIMALS.get(self.decimal, ""),
            self._stamps(),
        ]
        shown = ", ".join(self.queues[:6]) + (", ..." if len(self.queues) > 6 else "")
        queues = "1 queue" if len(self.queues) == 1 else f"{len(self.queues):,} queues"
        lines = [
            f"{self.source}: {self.rows:,} rows; {', '.join(part for part in layout if part)}.",
            "Columns: " + ", ".join(f"{k} = {v!r}" for k, v in self.mapping.items()) + ".",
            f"History: {_count(self.contacts)} contacts in {queues} ({shown}), "
            f"{self.first} to {self.last}, {self.interval} min, {self.time_zone}.",
            *self.remarks,
        ]
        kinds = self.notes.groupby(["problem", "effect"], sort=True)["row"]
        for (problem, effect), rows in kinds:
            first = f", first line {int(rows.min())}" if rows.min() > 0 else ""
            lines.append(f"{len(rows):,} x {problem}{first}: {effect}.")
        return "\n".join(lines)

    def _stamps(self) -> str:
        if not self.source_interval:
            return f"one row a call, stamps in {self.source_zone}"
        if self.stamps == "end":
            return f"stamps at the end of {self.source_interval} min in {self.source_zone}"
        return f"stamps at the start of {self.source_interval} min in {self.source_zone}"


def _name(separator: str) -> str:
    return {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}.get(separator, separator)


def _count(number: float) -> str:
    return f"{number:,.0f}" if number == round(number) else f"{number:,.2f}"
