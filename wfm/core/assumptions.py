"""Which numbers behind a requirement were assumed and not measured, in words."""

from __future__ import annotations

import numpy as np
import pandas as pd

from wfm.core.types import Requirement

ASSUMPTIONS = {
    "patience_s": "patience of {} s",
    "aht_s": "AHT of {} s",
    "due_h": "work due within {} h",
    "chat_aht_s": "handle times of parallel chats of {} s",
}


def assumed_text(requirement: Requirement) -> str:
    """Every assumed number, with the queues that rest on it; empty when all were measured.

    Examples
    --------
    >>> start = pd.DatetimeIndex(["2026-03-02 10:00"] * 2, tz="Europe/Istanbul")
    >>> frame = pd.DataFrame({"start": start, "queue": ["orders", "support"], "agents": [3, 4],
    ...                       "scheduled": [3, 4], "assumed": ["", "patience_s"],
    ...                       "patience_s": [90.0, 120.0]})
    >>> assumed_text(Requirement(frame, pd.Timedelta("30min").to_pytimedelta()))
    'patience of 120 s (support)'
    """
    frame = requirement.frame
    if "assumed" not in frame:
        return ""
    told = []
    marks = frame["assumed"].fillna("").str.split("|")
    for name, words in ASSUMPTIONS.items():
        marked = np.array([name in row for row in marks], dtype=bool)
        values = frame[name] if name in frame else pd.Series("unknown", frame.index)
        for value, queues in frame.loc[marked, "queue"].groupby(values[marked]):
            number = f"{value:g}" if isinstance(value, float) else str(value).replace("|", ", ")
            told.append(f"{words.format(number)} ({', '.join(sorted(set(queues)))})")
    return "; ".join(told)
