"""Queues that cannot be what they seem: sums of the others, and handle times of another unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from wfm.core.types import History
from wfm.io.read.quality_finding import Finding, found
from wfm.io.read.quality_rows import QueueRows
from wfm.io.read.repair_actions import Repair

_LEAST = 50.0  # contacts from which on a sum is no chance
_LEAST_QUEUES = 3  # of two equal queues, neither is the sum
_SHORT_S, _LONG_S = 15.0, 7200.0


def sums(history: History, queues: Sequence[QueueRows]) -> Iterator[Finding]:
    """A queue that holds the contacts of all others together, interval by interval."""
    if len(queues) < _LEAST_QUEUES:
        return
    totals = np.array([queue.counted.sum() for queue in queues])
    for number in np.flatnonzero((totals >= _LEAST) & (2 * totals == totals.sum())).tolist():
        frame = history.frame
        every = frame.groupby("start")["offered"].sum()
        mine = queues[number].frame.set_index("start")["offered"].fillna(0.0)
        if not np.array_equal(2 * mine.reindex(every.index, fill_value=0.0), every):
            continue
        rows = queues[number].frame
        effect = (
            "Its contacts are those of all other queues together: planned beside them, everything "
            "is staffed twice."
        )
        finding = found("sum of the others", rows, effect)
        left = rows.drop(columns="queue").iloc[:0]
        mend = Repair("skip", finding.queue, tuple(rows["start"]), 0, "sum of the others",
                      effect=effect, rows=left)  # fmt: skip
        yield Finding(finding.check, finding.queue, rows, effect, mend)


def handle_unit(history: History, queues: Sequence[QueueRows]) -> Iterator[Finding]:
    """Mean handle times that no contact has: minutes or milliseconds taken for seconds."""
    for queue in queues:
        rows = queue.frame
        aht_s = rows["aht_s"].to_numpy()
        weight = rows["answered"].fillna(rows["offered"]).fillna(0.0).to_numpy()
        known = ~np.isnan(aht_s) & (aht_s > 0)
        if not weight[known].sum() > 0:
            continue
        mean = float(np.average(aht_s[known], weights=weight[known]))
        if _SHORT_S <= mean <= _LONG_S:
            continue
        effect = (
            f"Mean handle time is {mean:,.0f} s: staff comes out "
            f"{'far too high' if mean > _LONG_S else 'far too low'}. If the file has other units, "
            f"say handle_unit={'ms' if mean > _LONG_S else 'min'!r} and read it again."
        )
        yield found("odd handle time", rows, effect)
