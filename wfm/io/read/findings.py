"""What is wrong with the rows of a file, collected, and refused or reported in the end."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from wfm.core.errors import DataError
from wfm.io.read.cells import Raw
from wfm.io.read.report import make_notes, no_notes

LOST = "inside an hour that the clock skipped"
CURES = {
    "not a number": "Write a number or leave the cell empty",
    "negative": "Write 0 or more, or leave the cell empty",
    "not a date and time": "Write it like 2026-03-02 08:30",
    "too many or too few cells": "Give it as many cells as there are headings",
    "a quote that is not closed": "Close or remove it",
    "bytes that are not text": "Name the encoding, for example encoding='cp1254'",
    "unreadable": "Correct the line",
    "not a yes or no": "Write 1 or 0, or yes or no",
    "no queue": "Fill in the queue",
    "doubled row": "Keep one row for each interval and queue",
    "doubled row with other numbers": "Keep one row for each interval and queue",
    LOST: "Correct its time or the time zone",
}


class Findings:
    """Notes on the rows of one file; `bad` ones may be refused."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.cures = dict(CURES)
        self._notes: list[pd.DataFrame] = []
        self._bad: list[pd.DataFrame] = []

    def add(
        self,
        lines: np.ndarray,
        column: str,
        values: Sequence[object] | np.ndarray | str,
        problem: str,
        effect: str,
        *,
        bad: bool = False,
    ) -> None:
        """Note lines with one problem; `values` are the cells as found."""
        if len(lines) == 0:
            return
        shown = [values] * len(lines) if isinstance(values, str) else values
        notes = make_notes(lines, column, shown, problem, effect)
        self._notes.append(notes)
        if bad:
            self._bad.append(notes)

    def ragged(self, raw: Raw) -> None:
        """Note the lines with too many or too few cells."""
        self.add(
            raw.ragged["row"].to_numpy(),
            "",
            raw.ragged["value"].tolist(),
            "too many or too few cells",
            "row not taken",
            bad=True,
        )

    @property
    def doubled(self) -> bool:
        """Whether any row holds an interval of another one."""
        return any(n["problem"].iloc[0].startswith("doubled row") for n in self._notes)

    def no_queue_column(self, others: Sequence[str]) -> None:
        """Tell with doubled rows that no heading is taken as the queue, and which one may be it."""
        if not others:
            return
        cure = (
            f"No column is taken as the queue: say columns={{'queue': {others[0]!r}}} if that is "
            "it, else keep one row for each interval"
        )
        self.cures["doubled row"] = self.cures["doubled row with other numbers"] = cure

    def settle(self, policy: str, rows: int) -> None:
        """Refuse the bad rows so far, or all rows being bad; the first one is named.

        Raises
        ------
        DataError
            There are bad rows and the policy is to refuse them, or no row is left.
        """
        if not self._bad:
            return
        notes = pd.concat(self._bad, ignore_index=True)
        if policy == "refuse":
            self._raise(notes, ", or read with bad_rows='report' to go on without them")
        if notes["row"].nunique() >= rows:
            self._raise(notes, "")

    def refuse(self, problem: str) -> None:
        """Refuse the rows with one problem, if there are any."""
        for notes in self._notes:
            if notes["problem"].iloc[0] == problem:
                self._raise(notes, "")

    def _raise(self, notes: pd.DataFrame, otherwise: str) -> None:
        notes = notes.sort_values("row", kind="stable").reset_index(drop=True)
        first = notes.iloc[0]
        value, what = repr(first["value"])[1:-1], first["problem"]
        if value and what.startswith(("too many", "a quote", "bytes")):
            what = f"'{value}' has {what}"
        elif value:
            what = f"'{value}' is {what}"
        if first["problem"].startswith("doubled"):
            what = f"{first['problem']}, {first['value']}"
        count = f" ({len(notes):,} bad cells or rows in all)" if len(notes) > 1 else ""
        row, column, cure = first["row"], first["column"], self.cures[first["problem"]]
        message = f"{self.source}: line {row}: {what}{count}. {cure}{otherwise}."
        if column:
            message = (
                f"{self.source}: line {row}, column {column!r}: {what}{count}. {cure}{otherwise}."
            )
        raise DataError(message, rows=notes)

    def frame(self) -> pd.DataFrame:
        """All notes by line."""
        if not self._notes:
            return no_notes()
        notes = pd.concat(self._notes, ignore_index=True)
        return notes.sort_values(["row", "column"], kind="stable").reset_index(drop=True)
