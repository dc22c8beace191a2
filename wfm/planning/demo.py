"""The demo centre's contacts: seeded half hours of a service centre in Istanbul.

Day totals grow, swing with the weekday, the season and the holidays and carry correlated noise;
the shape of a day wanders from day to day; counts are Poisson. So a forecaster meets what real
queues show, with a truth that is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pandas as pd

from wfm.core import intervals
from wfm.core.calendars import Calendar, Opening
from wfm.core.people import Absence, Agent, Contract
from wfm.core.types import History
from wfm.core.work import Campaign, Queue
from wfm.planning.people import (
    CONTRACT_SHARES,
    CONTRACTS,
    make_campaigns,
    make_people,
    net_hours,
)

FIRST_DAY, DAYS = date(2024, 11, 18), 728
TIME_ZONE, COUNTRY = "Europe/Istanbul", "TR"
INTERVAL = timedelta(minutes=30)
CALLS_LOAD = 0.48  # of the people's contracted hours, on calls at the end of the history
CENTRE_LOAD = 0.40  # the same where there is written work beside the calls
WEEKDAY = np.array([1.18, 1.06, 1.0, 0.99, 1.05, 0.72, 0.55])


@dataclass(frozen=True)
class DemoQueue:
    """What the generator needs to know of a queue: its share of the work, hours and handle time.

    The shares of the calls add up to 1; written work comes on top, in hours of one after another.
    """

    queue: Queue
    share: float
    aht_s: float
    growth_per_year: float
    peak_hours: tuple[float, ...]


CHAT_AHT_S = (360.0, 450.0)  # with one and with two chats at once
QUEUES = (
    DemoQueue(
        Queue("billing", "billing", opening=Opening.parse("Mon-Fri 09:00-18:00")),
        0.18,
        400.0,
        0.02,
        (10.5, 15.0),
    ),
    DemoQueue(
        Queue("orders", "orders", opening=Opening.parse("08:00-22:00")),
        0.32,
        240.0,
        0.15,
        (11.5, 20.0),
    ),
    DemoQueue(
        Queue("support", "support", opening=Opening.parse("07:00-23:00")),
        0.50,
        320.0,
        0.08,
        (10.5, 16.0),
    ),
    DemoQueue(
        Queue(
            "chat",
            "support",
            "chat",
            target="80/60",
            opening=Opening.parse("10:00-20:00"),
            chats=len(CHAT_AHT_S),
            chat_aht_s=CHAT_AHT_S,
        ),
        0.07,
        CHAT_AHT_S[0],
        0.25,
        (12.0, 20.5),
    ),
    DemoQueue(
        Queue(
            "e-mail", "orders", "e-mail", opening=Opening.parse("Mon-Fri 08:00-18:00"), due_h=24.0
        ),
        0.05,
        380.0,
        0.05,
        (10.0, 14.0),
    ),
    DemoQueue(
        Queue(
            "post",
            "billing",
            "post",
            opening=Opening.parse("Mon-Fri 09:00-13:00"),
            due_h=72.0,
            worked="quiet",
        ),
        0.02,
        540.0,
        -0.10,
        (9.5, 12.0),
    ),
)
CALLS = QUEUES[:3]


def demo_history(
    agents: int = 60,
    *,
    time_zone: str = TIME_ZONE,
    seed: int = 0,
    queues: Sequence[DemoQueue] = CALLS,
    load: float = CALLS_LOAD,
) -> History:
    """Two years of half hours of the demo centre's calls, or of other queues of it.

    Parameters
    ----------
    agents
        People the centre employs; the volume is set so that they can carry it.
    time_zone
        IANA zone of the stamps.
    seed
        Same seed, same contacts.
    queues
        Some of `QUEUES`.
    load
        Share of the people's contracted hours that a queue with a share of 1 takes at the end.

    Returns
    -------
    History
        `offered`, `answered`, `abandoned` and `aht_s` for every open half hour.
    """
    hours_week = agents * float(
        np.dot(CONTRACT_SHARES, [net_hours(contract) for contract in CONTRACTS])
    )
    calendar = Calendar(country=COUNTRY)
    parts = [
        _queue_history(
            queue,
            work_h_week=hours_week * load * queue.share,
            calendar=calendar,
            time_zone=time_zone,
            rng=np.random.default_rng([seed, number]),
        )
        for number, queue in sorted(enumerate(QUEUES), key=lambda item: item[1].queue.queue)
        if queue in queues
    ]
    return History(pd.concat(parts, ignore_index=True), INTERVAL)


def _queue_history(
    spec: DemoQueue,
    *,
    work_h_week: float,
    calendar: Calendar,
    time_zone: str,
    rng: np.random.Generator,
) -> pd.DataFrame:
    opening = spec.queue.opening
    assert opening is not None
    totals = _day_totals(spec, work_h_week, calendar, rng)
    parts = []
    hour_grid = np.arange(0, 24, 0.5)
    factors = np.zeros(2)
    for number, total in enumerate(totals):
        day = FIRST_DAY + timedelta(days=number)
        grid = intervals.day_grid(day, 1, INTERVAL, time_zone)
        grid = grid[opening.open_at(grid)]
        factors = 0.4 * factors + rng.normal(0, 0.06, 2)
        if not len(grid):
            continue
        hour = hour_grid[intervals.slot(grid, INTERVAL)]
        shape = np.log(_curve(hour, spec.peak_hours))
        shape += factors[0] * (hour - 14) / 5 + factors[1] * np.cos((hour - 12) / 3)
        share = np.exp(shape)
        busy = np.exp(_ar1(rng, len(grid), 0.8, 0.05))
        offered = rng.poisson(total * share / share.sum() * busy)
        waits = spec.queue.kind != "deferred"
        leave = waits * np.clip(0.015 + 0.05 * (busy * share / share.mean() - 0.6), 0.005, 0.25)
        abandoned = rng.binomial(offered, leave)
        answered = offered - abandoned
        mean = spec.aht_s * (1 + 0.05 * (hour > 18) + 0.03 * (day.weekday() == 0))
        spread = np.sqrt(np.log1p(0.8**2 / np.maximum(answered, 1)))
        aht = mean * np.exp(rng.normal(0, 1, len(grid)) * spread - spread**2 / 2)
        parts.append(
            pd.DataFrame(
                {
                    "start": grid,
                    "queue": spec.queue.queue,
                    "offered": offered.astype(float),
                    "answered": answered.astype(float),
                    "abandoned": abandoned.astype(float),
                    "aht_s": np.where(answered > 0, aht.round(1), np.nan),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _day_totals(
    spec: DemoQueue, work_h_week: float, calendar: Calendar, rng: np.random.Generator
) -> np.ndarray:
    """Expected contacts of each day: level, growth, weekday, season, holidays, noise."""
    days = [FIRST_DAY + timedelta(days=i) for i in range(DAYS)]
    weekday = WEEKDAY[[d.weekday() for d in days]]
    level = work_h_week * 3600 / spec.aht_s / WEEKDAY.sum()
    years_to_end = (np.arange(DAYS) - DAYS) / 365.25
    season = 1 + 0.06 * np.cos(
        2 * np.pi * (np.array([d.timetuple().tm_yday for d in days]) - 20) / 365
    )
    holidays = calendar.holidays(days[0], days[-1])
    holiday = np.array([0.45 if d in holidays else 1.0 for d in days])
    after = np.array(
        [1.12 if d - timedelta(days=1) in holidays and d not in holidays else 1.0 for d in days]
    )
    noise = np.exp(_ar1(rng, DAYS, 0.6, 0.06))
    growth = np.exp(spec.growth_per_year * years_to_end)
    return np.asarray(level * growth * weekday * season * holiday * after * noise)


def _curve(hour: np.ndarray, peaks: tuple[float, ...]) -> np.ndarray:
    """Typical demand by hour of the day, any unit, above 0."""
    bumps = [
        w * np.exp(-(((hour - at) / 2.4) ** 2)) for at, w in zip(peaks, (1.0, 0.75), strict=True)
    ]
    return np.asarray(0.16 + np.sum(bumps, axis=0))


def _ar1(rng: np.random.Generator, n: int, rho: float, sd: float) -> np.ndarray:
    steps = rng.normal(0, sd, n)
    values = np.empty(n)
    last = steps[0] / np.sqrt(1 - rho**2)
    for i in range(n):
        last = rho * last + steps[i] if i else last
        values[i] = last
    return values


@dataclass(frozen=True)
class DemoCentre:
    """Everything a plan of the demo centre starts from."""

    history: History
    agents: list[Agent]
    contracts: tuple[Contract, ...]
    campaigns: list[Campaign]
    queues: list[Queue]


def demo_centre(agents: int = 60, *, time_zone: str = TIME_ZONE, seed: int = 0) -> DemoCentre:
    """Return the demo centre: contacts, people with two absences, five campaigns and queues.

    Who knows a queue of calls also answers the written work that asks for the same skill.

    Parameters
    ----------
    agents, time_zone, seed
        As in `demo_history`.
    """
    campaigns = make_campaigns(agents)
    shares: dict[str, float] = {}
    for spec in QUEUES:
        shares[spec.queue.skill] = shares.get(spec.queue.skill, 0.0) + spec.share
    people = make_people(agents, queues=shares, campaigns=campaigns, seed=seed)
    monday = FIRST_DAY + timedelta(days=DAYS)
    tuesday = monday + timedelta(days=1)
    sick = Absence(tuesday, tuesday, "sick")
    leave = Absence(monday, monday + timedelta(days=6), "annual leave")
    people[0] = replace(people[0], absences=(sick,))
    people[-1] = replace(people[-1], absences=(leave,))
    return DemoCentre(
        demo_history(agents, time_zone=time_zone, seed=seed, queues=QUEUES, load=CENTRE_LOAD),
        people,
        CONTRACTS,
        campaigns,
        [_promised(spec.queue) for spec in QUEUES],
    )


def _promised(queue: Queue) -> Queue:
    """A queue with a promise; written work is owed by its due time instead."""
    if queue.kind == "deferred":
        return queue
    return replace(queue, target=queue.target or "80/20", patience_s=120.0)
