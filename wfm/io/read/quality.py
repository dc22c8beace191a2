"""What is wrong with a history: findings with their rows, their effect on a plan, and a repair."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from wfm.core.types import History
from wfm.io.read.quality_checks import CHECKS
from wfm.io.read.quality_finding import Finding
from wfm.io.read.quality_rows import queue_rows
from wfm.io.read.repair_actions import Repair


@dataclass(frozen=True)
class Quality:
    """Findings on a history, the ones that move most contacts first within each check."""

    findings: tuple[Finding, ...]

    def of(self, check: str) -> tuple[Finding, ...]:
        """The findings of one check, by its name."""
        return tuple(f for f in self.findings if f.check == check)

    @property
    def repairs(self) -> tuple[Repair, ...]:
        """The repairs proposed; none is applied unless `repair` is called with it."""
        return tuple(f.repair for f in self.findings if f.repair is not None)

    def frame(self) -> pd.DataFrame:
        """One row a finding: `check queue rows first last effect repair`."""
        rows = [
            (f.check, f.queue, len(f.rows), f.first, f.last, f.effect,
             f.repair.action if f.repair else "")
            for f in self.findings
        ]  # fmt: skip
        columns = ["check", "queue", "rows", "first", "last", "effect", "repair"]
        return pd.DataFrame(rows, columns=columns)

    def __str__(self) -> str:
        if not self.findings:
            return "Nothing unusual found."
        return "\n".join(
            f"{f.queue or 'file'}: {f.check}, {len(f.rows):,} rows"
            f"{f' from {f.first:%Y-%m-%d %H:%M}' if f.first is not None else ''}. {f.effect}"
            for f in self.findings
        )


def quality(history: History) -> Quality:
    """Look a history over before it is trusted; nothing is changed.

    Gaps, doubled rows, clock-change hours, runs of zeros, outliers, handle time 0 with calls,
    handled above offered, stamps off the interval's grid, and days that look shifted by hours.

    Parameters
    ----------
    history
        As it was read.

    Returns
    -------
    Quality
        Findings, each with its rows, its effect on a plan and, where there is one, a repair.

    Examples
    --------
    >>> start = pd.date_range("2026-03-02 09:00", periods=3, freq="h", tz="Europe/Istanbul")
    >>> frame = pd.DataFrame({"start": start, "queue": "a", "offered": [9.0, float("nan"), 7.0],
    ...                       "answered": 7.0, "abandoned": 0.0, "aht_s": [60.0, 60.0, 0.0]})
    >>> found = quality(History(frame, pd.Timedelta("1h").to_pytimedelta()))
    >>> [(f.check, len(f.rows), f.repair and f.repair.action) for f in found.findings]
    [('gap', 1, 'typical'), ('AHT 0 with calls', 1, 'aht_unknown')]
    """
    queues = queue_rows(history)
    return Quality(tuple(finding for check in CHECKS for finding in check(history, queues)))
