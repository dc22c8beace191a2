"""Sentences on call records: what was passed on, left out, added up or cannot be told."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from wfm.core.intervals import zone
from wfm.io.read.layout import Meaning
from wfm.io.read.record_groups import Groups, is_there
from wfm.io.read.record_sql import Call
from wfm.io.read.stamps import Stamps
from wfm.io.read.zones import UTC_NAMES, Pass, instants

_SHORT_AHT_S, _LONG_AHT_S = 15.0, 4 * 3600.0


def found_in(groups: Groups, told: Call, mapping: Mapping[str, Meaning]) -> list[str]:
    """Sentences on the calls: never queued, passed on, several channels, doubled, odd lengths."""
    ends, slots = groups.ends, groups.slots
    said = []
    if "queue" in mapping:
        never = _calls(ends, ~ends["queued"])
        if never:
            said.append(f"{never:,} calls without a queue never reached one and are not counted.")
        ends, slots = ends[ends["queued"]], slots[slots["queue"].notna()]
    passed = _calls(ends, ends["state"] == 0)
    if passed:
        example = ends.loc[ends["state"] == 0, "outcome"].dropna()
        shown = f" ({min(example)!r})" if len(example) else ""
        said.append(f"{passed:,} calls were neither answered nor abandoned{shown}: offered only.")
    others = _calls(ends, ends["foreign"])
    if others:
        said.append(
            f"{others:,} calls of other channels than {told.first_channel!r} are added up with "
            f"it; say channel={told.first_channel!r} for those alone."
        )
    if groups.dropped:
        said.append(f"{groups.dropped:,} calls stood in the file before and are left out.")
    if is_there(told.wait_s):
        for state, word in ((1, "answered"), (2, "abandoned")):
            if unknown := _calls(ends, (ends["state"] == state) & ~ends["waited"]):
                said.append(f"{unknown:,} {word} calls have no known wait.")
    unknown = _calls(ends, ends["state"] == 1) - int(slots["weight"].sum())
    if unknown and is_there(told.handle_s):
        said.append(f"{unknown:,} answered calls without a handle time are not in the AHT.")
    weight = slots["weight"].sum()
    mean = slots["handle_s"].sum() / weight if weight else np.nan
    if mean < _SHORT_AHT_S:
        said.append(f"Mean handle time is {mean:,.3g} s. If the file has minutes, say unit='min'.")
    elif mean > _LONG_AHT_S:
        said.append(
            f"Mean handle time is {mean:,.3g} s. If the file has milliseconds, say unit='ms'."
        )
    return said


def _calls(ends: pd.DataFrame, which: pd.Series) -> int:
    return int(ends.loc[which, "calls"].sum())


def doubled_hours(
    slots: pd.DataFrame, at_s: np.ndarray, source_zone: str, doubled: Pass
) -> list[str]:
    """A sentence on calls in hours that the clock on the wall showed twice."""
    if source_zone in UTC_NAMES:
        return []
    index = pd.DatetimeIndex(at_s.astype("datetime64[s]")).tz_localize("UTC")
    wall = index.tz_convert(zone(source_zone)).tz_localize(None)
    count = len(wall)
    twice = instants(
        Stamps(wall.to_numpy(dtype="datetime64[us]"), np.full(count, np.nan),
               np.ones(count, dtype=bool)), source_zone,
    )  # fmt: skip
    both = twice.first != twice.second
    if not both.any():
        return []
    calls = int(slots["offered"].to_numpy()[both].sum())
    other = "second" if doubled == "first" else "first"
    days = ", ".join(sorted({f"{d:%Y-%m-%d}" for d in wall[both]}))
    return [
        f"{calls:,} calls of an hour that the clock showed twice ({days}) are counted together in "
        f"its {doubled} pass, and the {other} is unknown. Export the records in UTC to part them."
    ]
