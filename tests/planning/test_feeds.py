"""Calendars to subscribe to: a stable address nobody can guess, and published shifts only."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import icalendar
import pytest

from tests.io.test_write import make
from wfm.core.types import Schedule
from wfm.planning.feeds import feed, feed_paths, renew_feeds
from wfm.store import Store, open_store


@pytest.fixture
def store(tmp_path) -> Store:
    opened = open_store(tmp_path / "plans.db")
    opened.create_project("Demo")
    return opened


def save(store: Store, schedule: Schedule, state: str = "published") -> int:
    version = store.save(1, "schedule", schedule)
    store.set_state(version.id, state)
    return version.id


def token(store: Store, agent: str) -> str:
    return feed_paths(store, 1, [agent])[agent].rpartition("/")[2].removesuffix(".ics")


def events(data: bytes | None) -> list[tuple[str, str]]:
    assert data is not None
    found = icalendar.Calendar.from_ical(data).walk("VEVENT")
    return [(str(e["uid"]), f"{e['dtstart'].dt:%Y-%m-%d %H:%M}") for e in found]


def later(schedule: Schedule, days: int, hours: int = 0) -> Schedule:
    frame = schedule.frame.copy()
    for name in ("start", "end"):
        frame[name] = frame[name] + timedelta(days=days, hours=hours)
    return replace(schedule, frame=frame, first_day=schedule.first_day + timedelta(days=days))


def test_an_address_stays_until_it_is_renewed(store):
    first = feed_paths(store, 1, ["a1", "a2"])
    assert first == feed_paths(store, "Demo", ["a1", "a2"])
    assert len(set(first.values())) == 2
    assert all(len(token(store, agent)) == 32 for agent in first)
    renew_feeds(store, 1)
    assert not set(first.values()) & set(feed_paths(store, 1, ["a1", "a2"]).values())


def test_two_projects_share_no_address(store):
    store.create_project("Other")
    one, two = (feed_paths(store, n, ["a1"])["a1"].rpartition("/")[2] for n in (1, 2))
    assert one != two


def test_a_draft_is_not_told(store):
    save(store, make(("a1", "a2")), "draft")
    mine = token(store, "a1")
    assert events(feed(store, 1, mine)) == []


def test_an_agent_reads_her_own_shifts_and_no_others(store):
    save(store, make(("a1", "a2")))
    assert [when for _, when in events(feed(store, 1, token(store, "a1")))] == [
        "2026-03-02 08:00",
        "2026-03-03 20:00",
    ]
    assert [when for _, when in events(feed(store, 1, token(store, "a2")))] == ["2026-03-02 08:00"]


def test_a_newer_schedule_takes_the_place_of_its_days_and_keeps_identities(store):
    save(store, make(("a1",)))
    before = events(feed(store, 1, token(store, "a1")))
    save(store, later(make(("a1",)), 0, hours=1))
    after = events(feed(store, 1, token(store, "a1")))
    assert [uid for uid, _ in after] == [uid for uid, _ in before]
    assert [when for _, when in after] == ["2026-03-02 09:00", "2026-03-03 21:00"]


def test_weeks_follow_one_another(store):
    save(store, make(("a1",)))
    save(store, later(make(("a1",)), 7))
    days = [when[:10] for _, when in events(feed(store, 1, token(store, "a1")))]
    assert days == ["2026-03-02", "2026-03-03", "2026-03-09", "2026-03-10"]


@pytest.mark.parametrize("wrong", ["", "0" * 32, "a1", "../1", "%00", "ä"])
def test_a_wrong_token_tells_nothing(store, wrong):
    save(store, make(("a1",)))
    assert feed(store, 1, wrong) is None
    feed_paths(store, 1, ["a1"])
    assert feed(store, 1, wrong) is None
