"""Sentences on a whole file: what was put in, and what a planner may want to look at."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import numpy as np
import pandas as pd

from wfm.io.read.fill import Filled, Hours
from wfm.io.read.spacing import Rows

_FOUR_WEEKS = 28


def remarks(
    filled: Filled,
    frame: pd.DataFrame,
    rows: Rows,
    length: timedelta,
    hours: Hours,
    numbers: Mapping[str, np.ndarray],
) -> list[str]:
    """Sentences on what was put in, and on what a planner may want to look at."""
    said = []
    if filled.absent:
        said.append(f"{filled.absent:,} open slots without a row counted as 0.")
    if filled.unknown:
        said.append(f"{filled.unknown:,} open slots on days without any row are unknown.")
    if filled.second:
        said.append(f"{filled.second:,} slots of a doubled clock-change hour are unknown.")
    empty = int(np.isnan(numbers["offered"]).sum())
    if empty == 1:
        said.append("1 row with an unknown volume.")
    elif empty:
        said.append(f"{empty:,} rows with an unknown volume.")
    end = frame["start"].max()
    last = pd.Timestamp(int(rows.at_s.max()), unit="s", tz="UTC").tz_convert(frame["start"].dt.tz)
    later = int((frame["start"] >= last + length).sum()) if last <= end else 0
    if later:
        said.append(
            f"The file ends at {last:%Y-%m-%d %H:%M}; {later:,} later open slots of that day "
            "counted as 0. Leave the day out if it was not over."
        )
    if hours is None and filled.days >= _FOUR_WEEKS and filled.idle:
        said.append(
            f"{filled.idle:,} slots of the week never have a contact; "
            "give opening hours if they are closed."
        )
    return said
