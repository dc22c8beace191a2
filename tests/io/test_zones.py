"""Calls rolled up, written, and read again: no contact lost or doubled in any IANA zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wfm.io import read_history, read_records, write_table

ZONES = sorted(
    z for z in available_timezones() if "/" in z and not z.startswith(("posix", "right"))
)
SEASONS = (("2026-03-07", "2026-03-28", "2026-04-04"), ("2026-10-24", "2026-10-31"))
"""Nights in which somewhere a clock changes."""


def calls(nights: tuple[str, ...], seed: int) -> pd.DataFrame:
    """Two hundred calls over two days around each change; instants in UTC."""
    random = np.random.default_rng(seed)
    parts = [
        pd.Timestamp(day, tz="UTC") + pd.to_timedelta(random.integers(0, 172_800, 200), unit="s")
        for day in nights
    ]
    start = parts[0].append(parts[1:])
    talk = random.integers(1, 500, len(start)).astype(float)
    return pd.DataFrame({"queue": random.choice(["a", "b"], len(start)), "start": start,
                         "wait": 1.0, "talk": talk})  # fmt: skip


def round_trip(zone: str, folder: Path, nights: tuple[str, ...]) -> None:
    made = calls(nights, seed=7)
    fine = read_records(made, time_zone=zone, interval="15min")
    assert fine.frame["offered"].sum() == len(made)
    write_table(fine, folder / "fine.csv")
    again = read_history(folder / "fine.csv", interval="15min")
    pd.testing.assert_frame_equal(
        again.frame[["start", "queue", "offered"]], fine.frame[["start", "queue", "offered"]]
    )
    coarse = read_history(folder / "fine.csv", time_zone=zone, interval="30min")
    assert coarse.frame["offered"].sum() == len(made)
    minutes = made["start"].dt.tz_convert(zone).dt.minute % 30
    floor = made["start"].dt.floor("min") - pd.to_timedelta(minutes, unit="min")
    counted = coarse.frame[coarse.frame["offered"] > 0]
    keyed = counted["offered"].groupby([counted["queue"], counted["start"].dt.tz_convert("UTC")])
    assert keyed.sum().to_dict() == made.groupby(["queue", floor]).size().to_dict()


@pytest.mark.parametrize("zone", ZONES[::25])
def test_calls_survive_a_round_trip(zone: str, tmp_path: Path) -> None:
    for nights in SEASONS:
        round_trip(zone, tmp_path, nights)


def behaviours() -> list[str]:
    """One zone for each way in which clocks run in the year of the nights."""
    noons = [datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=k) for k in range(365)]
    first: dict[tuple[timedelta | None, ...], str] = {}
    for zone in ZONES:
        first.setdefault(tuple(noon.astimezone(ZoneInfo(zone)).utcoffset() for noon in noons), zone)
    return sorted(first.values())


@pytest.mark.slow
@pytest.mark.parametrize("zone", behaviours())
def test_calls_survive_a_round_trip_however_the_clocks_run(zone: str, tmp_path: Path) -> None:
    for nights in SEASONS:
        round_trip(zone, tmp_path, nights)


EVERY = sorted(
    z for z in available_timezones() if not z.startswith(("posix", "right", "Factory", "localtime"))
)


def nights_of(zone: str, year: int) -> tuple[str, ...]:
    """Days before the clock of a zone changes in a year; its New Year's Eve where it never does."""
    noons = [datetime(year, 1, 1, 12, tzinfo=UTC) + timedelta(days=k) for k in range(366)]
    offsets = [noon.astimezone(ZoneInfo(zone)).utcoffset() for noon in noons]
    pairs = zip(noons, offsets, offsets[1:], strict=False)
    found = [f"{noon:%Y-%m-%d}" for noon, a, b in pairs if a != b]
    return tuple(found) or (f"{year}-12-30",)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(zone=st.sampled_from(EVERY), year=st.integers(2012, 2037))
def test_no_contact_is_lost_in_any_zone_and_year(zone: str, year: int, tmp_path: Path) -> None:
    for night in nights_of(zone, year):
        round_trip(zone, tmp_path, (night,))


@cache
def clocks(year: int) -> dict[tuple[timedelta | None, ...], list[str]]:
    """Zones by how their clocks run: offset of each noon, and of each ten minutes of a change."""
    noons = [datetime(year, 1, 1, 12, tzinfo=UTC) + timedelta(days=k) for k in range(366)]
    alike: dict[tuple[timedelta | None, ...], list[str]] = {}
    for name in EVERY:
        zone = ZoneInfo(name)
        offsets = [noon.astimezone(zone).utcoffset() for noon in noons]
        changes = [n for n, a, b in zip(noons, offsets, offsets[1:], strict=False) if a != b]
        offsets += [
            (noon + timedelta(minutes=10 * k)).astimezone(zone).utcoffset()
            for noon in changes
            for k in range(24 * 6)
        ]
        alike.setdefault(tuple(offsets), []).append(name)
    return alike


@pytest.mark.slow
@pytest.mark.parametrize("zone", sorted(names[0] for names in clocks(2026).values()))
def test_no_contact_is_lost_however_the_clocks_run(zone: str, tmp_path: Path) -> None:
    for night in nights_of(zone, 2026):
        round_trip(zone, tmp_path, (night,))


@pytest.mark.slow
def test_zones_whose_clocks_run_alike_are_read_alike() -> None:
    for names in clocks(2026).values():
        days = [pd.date_range(n, periods=96, freq="30min") for n in nights_of(names[0], 2026)]
        start = days[0].append(days[1:]).strftime("%Y-%m-%d %H:%M")
        rows = pd.DataFrame({"start": start, "offered": np.arange(len(start))})
        one, *others = (read_history(rows, time_zone=name) for name in names)
        for other in others:
            assert other.frame["offered"].equals(one.frame["offered"]), other.time_zone
            utc = [h.frame["start"].dt.tz_convert("UTC") for h in (one, other)]
            assert utc[0].equals(utc[1]), other.time_zone
