"""What call records told: the report of their reader, with the censored waits."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from wfm.core.errors import DataError
from wfm.io.read.report import ReadReport


def no_waits() -> pd.DataFrame:
    """An empty table of waits."""
    return pd.DataFrame({"queue": pd.Series(dtype="str")} | {
        name: pd.Series(dtype="int64") for name in ("wait_s", "calls", "abandoned")
    })  # fmt: skip


@dataclass(frozen=True)
class RecordsReport(ReadReport):
    """How call records were read.

    Parameters
    ----------
    waits
        `queue wait_s calls abandoned`: how many calls waited so many whole seconds, and how many
        of them were abandoned then; the others' patience is censored. Calls with an unknown wait
        are not in it.
    threshold_s, short_s
        What `answered_within` and `short_abandoned` of the history were counted by [s].
    """

    waits: pd.DataFrame = field(default_factory=no_waits, compare=False)
    threshold_s: float = 20.0
    short_s: float = 5.0

    def calls(self, queue: str | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Wait of each call [s] and whether it was abandoned, as `patience_from_waits` takes them.

        Parameters
        ----------
        queue
            One queue, or all of them together.

        Raises
        ------
        DataError
            There is no such queue.

        Examples
        --------
        >>> waits = pd.DataFrame({"queue": ["a"], "wait_s": [5], "calls": [3], "abandoned": [1]})
        >>> wait_s, abandoned = RecordsReport("calls.csv", waits=waits).calls("a")
        >>> wait_s.tolist(), abandoned.tolist()
        ([5.0, 5.0, 5.0], [True, False, False])
        """
        rows = self.waits
        if queue is not None:
            rows = rows[rows["queue"] == queue]
            if queue not in self.queues and rows.empty:
                message = f"{self.source}: there is no queue {queue!r}; it has {self.queues}."
                raise DataError(message)
        counts = np.stack([rows["abandoned"], rows["calls"] - rows["abandoned"]], axis=1).ravel()
        waits = np.repeat(rows["wait_s"].to_numpy(dtype=float), 2)
        lost = np.tile([True, False], len(rows))
        return np.repeat(waits, counts), np.repeat(lost, counts)
