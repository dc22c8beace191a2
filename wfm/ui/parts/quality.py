"""What a planner should know of a history before trusting it."""

from __future__ import annotations

import pandas as pd

from wfm.core.types import History
from wfm.ui.parts.palette import local

ZERO_RUN = 6
BUSY = 3.0


def findings(history: History) -> pd.DataFrame:
    """`queue check intervals first effect` of everything unusual in a history.

    Unknown intervals, whole days without a known interval, more answered than offered, handle time
    missing where contacts were answered, and long runs of zeros where the weekday is usually busy.
    """
    frame = local(history.frame)
    checks = [
        ("unknown number of contacts", frame["offered"].isna(), "left out when models learn"),
        (
            "answered more than offered",
            frame["answered"] > frame["offered"],
            "taken as it is; some were offered in the interval before",
        ),
        (
            "no handle time although contacts were answered",
            frame["aht_s"].isna() & (frame["answered"] > 0),
            "the AHT comes from the other intervals",
        ),
        (
            f"{ZERO_RUN} or more zeros in a row at busy times",
            _zero_runs(frame),
            "may be an outage: enter it on the page Calendar to keep it out",
        ),
    ]
    rows = []
    for name, wrong, effect in checks:
        for queue, part in frame[wrong.to_numpy(dtype=bool)].groupby("queue"):
            rows.append((queue, name, len(part), part["start"].min(), effect))
    table = pd.DataFrame(rows, columns=["queue", "check", "intervals", "first", "effect"])
    return table.sort_values(["queue", "check"], ignore_index=True)


def _zero_runs(frame: pd.DataFrame) -> pd.Series:
    """Whether an interval is in a run of zeros although its weekday and time are usually busy."""
    keys = [frame["queue"], frame["start"].dt.day_of_week, frame["start"].dt.time]
    usual = frame["offered"].groupby(keys).transform("median")
    zero = (frame["offered"] == 0) & (usual >= BUSY)
    run = (zero != zero.shift()).cumsum()
    return zero & (zero.groupby(run).transform("sum") >= ZERO_RUN)
