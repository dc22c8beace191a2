"""One finding on a history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from wfm.io.read.repair_actions import Action, Repair


@dataclass(frozen=True, eq=False)
class Finding:
    """Something to look at before a history is trusted.

    Parameters
    ----------
    check
        What was looked for.
    queue
        Where; empty for the whole file.
    rows
        Rows of the history, or of the report's notes, that it concerns.
    effect
        What it does to a plan, in a sentence.
    repair
        What would mend it, when anything would; not applied yet.
    """

    check: str
    queue: str
    rows: pd.DataFrame
    effect: str
    repair: Repair | None = None

    @property
    def first(self) -> Any:
        """Earliest start of its rows, or None."""
        return self.rows["start"].min() if "start" in self.rows and len(self.rows) else None

    @property
    def last(self) -> Any:
        """Latest start of its rows, or None."""
        return self.rows["start"].max() if "start" in self.rows and len(self.rows) else None


def found(
    check: str,
    rows: pd.DataFrame,
    effect: str,
    action: Action | None = None,
    reason: str = "",
    minutes: int = 0,
) -> Finding:
    """A finding on rows of one queue, with a repair of all of them."""
    queue = str(rows["queue"].iloc[0])
    if action is None:
        return Finding(check, queue, rows, effect)
    why = reason or check
    mend = Repair(action, queue, tuple(rows["start"]), minutes, why, effect=effect)
    return Finding(check, queue, rows, effect, mend)
