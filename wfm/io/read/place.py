"""Where the rows of a file lie: the instant of each, and how long its intervals are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from wfm.core.errors import DataError
from wfm.core.intervals import MINUTES
from wfm.io.read.cells import Raw
from wfm.io.read.findings import LOST, Findings
from wfm.io.read.layout import Meaning
from wfm.io.read.spacing import Rows, find_spacing
from wfm.io.read.when import When
from wfm.io.read.zones import Pass, instants, settle_doubled, settle_ends, unset_clock

Which = slice | np.ndarray


@dataclass(frozen=True)
class Spacing:
    """What is asked of the intervals: of which file, how long, and given or stated lengths."""

    source: str
    wanted: int
    given: int | None


@dataclass(frozen=True)
class Placed:
    """Usable rows of a file.

    `rows` are where they lie, `kept` which rows of the file they are, `steps` each queue's
    interval [min]; `lost` those in a skipped hour, by a clock that was not set, and `lost_kept`
    which rows these are.
    """

    rows: Rows
    kept: Which
    steps: np.ndarray
    lost: Rows
    lost_kept: np.ndarray


def place(
    raw: Raw,
    when: When,
    queue: np.ndarray,
    queues: list[str],
    good: np.ndarray,
    spacing: Spacing,
    doubled: Pass,
    findings: Findings,
) -> Placed:
    """Instant of every usable row, which rows those are, and each queue's interval [min].

    Raises
    ------
    DataError
        No row can be used, or the intervals are of lengths that do not fit.
    """

    def at(rows: Which, found: np.ndarray) -> Rows:
        seconds = found.astype("datetime64[s]", copy=False).view(np.int64)
        return Rows(queue[rows], seconds, raw.lines[rows])

    found = instants(when.cells, when.source_zone).in_seconds()
    seen = ~np.isnat(found.first)
    here = good if seen.all() else good & seen[when.of_row]
    if not here.any():
        message = f"{raw.source}: no row can be used. See that dates and queues are filled in."
        raise DataError(message)
    usable: Which = slice(None) if here.all() else np.flatnonzero(here)
    settled = settle_doubled(when.spread(found, usable), queue[usable], doubled)
    steps = find_spacing(at(usable, settled), queues, spacing.source, spacing.wanted, spacing.given)
    lost = found.lost[when.of_row] & good if found.lost.any() else np.zeros(len(good), dtype=bool)
    kept = usable
    if when.stamps == "end":
        rows = np.flatnonzero(good)
        settled, skipped = settle_ends(
            when.rows(rows), steps[queue[rows]] * 60, when.source_zone, queue[rows], doubled
        )
        lost = np.zeros(len(good), dtype=bool)
        lost[rows] = skipped
        use = ~np.isnat(settled)
        kept, settled = rows[use], settled[use]
    out = np.flatnonzero(lost)
    findings.add(raw.lines[out], when.column, when.shown(out), LOST, "row not taken")
    early = steps[queue[out]] * 60 if when.stamps == "end" else 0
    unset = unset_clock(when.rows(out).naive, early, when.source_zone)
    return Placed(at(kept, settled), kept, steps, at(out, unset), out)


def minutes_of(value: str | int | None) -> int | None:
    """Minutes of a length in words, or None."""
    if value is None:
        return None
    match = re.fullmatch(r"\s*(\d+)\s*(m|min|mins|minutes)?\s*", str(value))
    if not match or int(match[1]) == 0:
        message = f"source_interval: {value!r} is not known. Write minutes, for example '15min'."
        raise DataError(message)
    return int(match[1])


def declared(raw: Raw, mapping: Mapping[str, Meaning], given: int | None) -> int | None:
    """Interval that a column of the file states, unless one is given."""
    if given is not None or "duration" not in mapping:
        return given
    cells = raw.column(mapping["duration"].column)
    words = sorted(
        {str(v).strip() for v in cells.values.iloc[np.unique(cells.codes[~cells.empty])]}
    )
    if any(re.search(r"day|daily|week|month", w, re.IGNORECASE) for w in words):
        message = (
            f"{raw.source}: column {mapping['duration'].column!r} says {', '.join(words)}; "
            "intervals of 5 to 60 min are needed. Export the file by interval."
        )
        raise DataError(message)
    lengths = {
        int(m[1])
        for w in words
        if (m := re.fullmatch(r"(\d+)(?:\.0)?\s*(?:m(?:ins?|inutes)?)?", w))
    }
    if len(words) > len(MINUTES):
        return None  # a number of the interval within the day, not its length
    if len(words) > 1:
        message = (
            f"{raw.source}: column {mapping['duration'].column!r} holds intervals of "
            f"{', '.join(words)}. Export the file with one interval."
        )
        raise DataError(message)
    return lengths.pop() if lengths <= set(MINUTES) and lengths else None
