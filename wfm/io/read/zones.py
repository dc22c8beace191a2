"""From stamps as written to instants: offsets, zones, doubled and lost hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import Literal

import numpy as np
import pandas as pd

from wfm.core.errors import DataError
from wfm.core.intervals import zone
from wfm.io.read.stamps import Stamps

UTC_NAMES = ("UTC", "Etc/UTC", "GMT", "Etc/GMT", "Z")
Pass = Literal["first", "second"]


def choose_zone(
    source: str, column: str, stamps: Stamps, time_zone: str | None, source_zone: str | None
) -> tuple[str, str]:
    """Zone of the result, and of stamps that carry no offset (empty when all carry one).

    Raises
    ------
    DataError
        No zone is given and the stamps do not settle it, or some stamps carry an offset only.
    """
    written = ~np.isnat(stamps.naive)
    carried = ~np.isnan(stamps.offset_s[written])
    if carried.any() and not carried.all():
        message = (
            f"{source}: column {column!r} has stamps with and without an offset from UTC. "
            "Write all of them one way."
        )
        raise DataError(message)
    for name in (time_zone, source_zone):
        if name is not None:
            zone(name)
    if carried.any():
        if time_zone is None and not (stamps.offset_s[written] == 0).all():
            message = (
                f"{source}: column {column!r} carries offsets from UTC but not the zone they come "
                "from. Name it, for example time_zone='Europe/Istanbul'."
            )
            raise DataError(message)
        return time_zone or "UTC", ""
    found = time_zone or source_zone
    if found is None:
        message = (
            f"{source}: column {column!r} has no time zone. "
            "Name it, for example time_zone='Europe/Istanbul'."
        )
        raise DataError(message)
    return found, source_zone or found


@dataclass(frozen=True)
class Instants:
    """When each stamp was, in microseconds UTC (`first` and `second` differ in a doubled hour).

    `lost` marks stamps that the clock skipped; their instants are NaT. All of shape (n,).
    """

    first: np.ndarray
    second: np.ndarray
    lost: np.ndarray

    def take(self, which: np.ndarray) -> Instants:
        """Some of them, by place or mask."""
        first = self.first[which]
        second = first if self.single else self.second[which]
        return Instants(first, second, self.lost[which])

    def in_seconds(self) -> Instants:
        """The same by the whole second."""
        first = self.first.astype("datetime64[s]")
        second = first if self.single else self.second.astype("datetime64[s]")
        return Instants(first, second, self.lost)

    @property
    def single(self) -> bool:
        """Whether no hour is doubled, as in UTC: both passes are one array."""
        return self.second is self.first


def instants(stamps: Stamps, source_zone: str) -> Instants:
    """Instants of stamps: by their own offsets, or by the zone in which they were written.

    >>> naive = np.array(["2026-10-25T02:30"], dtype="datetime64[us]")
    >>> found = instants(Stamps(naive, np.array([np.nan]), np.array([True])), "Europe/Berlin")
    >>> str(found.first[0]), str(found.second[0])
    ('2026-10-25T00:30:00.000000', '2026-10-25T01:30:00.000000')
    """
    missing = np.isnat(stamps.naive)
    if not source_zone:
        shift = np.nan_to_num(stamps.offset_s).astype("timedelta64[s]")
        utc = stamps.naive - shift
        return Instants(utc, utc, np.zeros(len(utc), dtype=bool))
    if source_zone in UTC_NAMES:
        utc = stamps.naive
        return Instants(utc, utc, np.zeros(len(missing), dtype=bool))
    index = pd.DatetimeIndex(stamps.naive)
    first, second = (
        index.tz_localize(zone(source_zone), ambiguous=flags, nonexistent="NaT")
        .tz_convert("UTC")
        .tz_localize(None)
        .to_numpy(dtype="datetime64[us]")
        for flags in (np.ones(len(index), dtype=bool), np.zeros(len(index), dtype=bool))
    )
    early, late = np.minimum(first, second), np.maximum(first, second)
    return Instants(early, late, np.isnat(first) & ~missing)


def settle_ends(
    stamps: Stamps, step_s: np.ndarray, source_zone: str, queue: np.ndarray, doubled: Pass
) -> tuple[np.ndarray, np.ndarray]:
    """Instants of the starts of intervals whose ends were written, one for each row.

    The interval is taken off the clock on the wall. Two cases go by the instant of the end
    instead: a start that the clock skipped though its end was not, and a doubled hour that the
    file holds twice by the ends that the clock really showed.

    Parameters
    ----------
    stamps, step_s, queue
        End, interval [s] and code of the queue of each row; shape (n,).
    source_zone, doubled
        As in `instants` and `settle_doubled`.

    Returns
    -------
    tuple
        The instants, NaT where there is none, and which rows fell into a lost hour.
    """
    step = step_s.astype("timedelta64[s]")
    naive = stamps.naive - step
    starts = instants(Stamps(naive, stamps.offset_s, stamps.has_time), source_zone)
    ends = instants(stamps, source_zone)
    settled = settle_doubled(starts, queue, doubled)
    by_end = settle_doubled(ends, queue, doubled) - step
    two_starts = (starts.first != starts.second) & ~np.isnat(starts.first)
    two_ends = (ends.first != ends.second) & ~np.isnat(ends.first)
    affected = np.flatnonzero(two_starts | two_ends)
    if len(affected):
        rows = pd.DataFrame(
            {
                "day": naive[affected].astype("datetime64[D]").astype("datetime64[s]"),
                "twice": pd.DataFrame(
                    {"queue": queue[affected], "at": stamps.naive[affected]}
                ).duplicated(keep=False),
                "last": (two_starts & ~two_ends)[affected],
            }
        )
        rows["last"] &= rows["twice"]
        shown = rows.groupby("day")[["twice", "last"]].transform("any")
        use = affected[(shown["twice"] & ~shown["last"]).to_numpy()]
        settled[use] = by_end[use]
    skipped = np.flatnonzero(starts.lost & ~ends.lost)
    taken = pd.MultiIndex.from_arrays([queue, settled])
    free = ~pd.MultiIndex.from_arrays([queue[skipped], by_end[skipped]]).isin(taken)
    settled[skipped[free]] = by_end[skipped[free]]
    lost = starts.lost.copy()
    lost[skipped[free]] = False
    return settled, lost


def unset_clock(naive: np.ndarray, early_s: np.ndarray | int, source_zone: str) -> np.ndarray:
    """Instants by a clock that kept its old offset [datetime64[s]]; for stamps it skipped.

    Parameters
    ----------
    naive
        Times on the wall; shape (n,).
    early_s
        What is taken off them first, for stamps of ends [s].

    Examples
    --------
    >>> naive = np.array(["2026-03-29T02:30"], dtype="datetime64[us]")
    >>> str(unset_clock(naive, 0, "Europe/Berlin")[0])
    '2026-03-29T01:30:00'
    """
    clock = zone(source_zone) if len(naive) else UTC
    wall = (naive - np.asarray(early_s).astype("timedelta64[s]")).astype("datetime64[s]")
    found = [at.replace(tzinfo=clock).astimezone(UTC).replace(tzinfo=None) for at in wall.tolist()]
    return np.array(found, dtype="datetime64[s]")


def settle_doubled(found: Instants, queue: np.ndarray, doubled: Pass) -> np.ndarray:
    """One instant for each row: in a doubled hour the first of two rows is the first pass.

    Parameters
    ----------
    found
        For each row; shape (n,).
    queue
        Code of each row's queue; shape (n,).
    doubled
        Where a row goes that stands only once.
    """
    if found.single:
        return found.first
    settled = found.first.copy()
    rows = np.flatnonzero(found.first != found.second)
    rows = rows[~np.isnat(found.first[rows])]
    if len(rows) == 0:
        return settled
    seen = pd.DataFrame({"queue": queue[rows], "at": found.first[rows]})
    groups = seen.groupby(["queue", "at"], sort=False)
    turn = groups.cumcount().to_numpy()
    times = groups["at"].transform("size").to_numpy()
    later = np.where(times == 1, doubled == "second", turn % 2 == 1)
    settled[rows[later]] = found.second[rows[later]]
    return settled
