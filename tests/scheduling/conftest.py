"""Small centres for the scheduling tests."""

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from wfm.core.calendars import Opening
from wfm.core.intervals import day_grid
from wfm.core.people import Agent, Break, Contract
from wfm.core.types import Requirement
from wfm.core.work import Campaign
from wfm.scheduling.assemble import build_problem
from wfm.scheduling.problem import Problem
from wfm.scheduling.settings import Rules

FULL = Contract(
    "full",
    shift_min=480,
    paid_min=450,
    min_days_week=1,
    max_days_week=5,
    breaks=(
        Break("break", 15, 60, 120, paid=True),
        Break("lunch", 30, 180, 300, paid=False),
    ),
)
PART = Contract(
    "part",
    shift_min=240,
    paid_min=240,
    min_days_week=1,
    max_days_week=3,
    start_from_min=360,
    start_to_min=960,
    breaks=(Break("break", 15, 60, 150, paid=True),),
)
SURVEYS = Campaign("surveys", "surveys", Opening.parse("Mon-Sat 10:00-20:00"), target_h=3)


def requirement(
    first: date,
    days: int,
    heads: dict[str, int],
    *,
    minutes: int = 30,
    time_zone: str = "Europe/Istanbul",
    hours: tuple[int, int] = (8, 20),
) -> Requirement:
    """The same heads in every open interval of every day."""
    grid = day_grid(first, days, timedelta(minutes=minutes), time_zone)
    is_open = (grid.hour >= hours[0]) & (grid.hour < hours[1])
    frames = [
        pd.DataFrame({"start": grid[is_open], "queue": q, "agents": n, "scheduled": n})
        for q, n in heads.items()
    ]
    return Requirement(pd.concat(frames, ignore_index=True), timedelta(minutes=minutes))


def people(count: int, skills: str = "voice|surveys", **more: object) -> list[Agent]:
    """Agents a1, a2, ... under full and part contracts in turn."""
    return [
        Agent(
            f"a{i + 1}",
            f"Agent {i + 1}",
            "part" if i % 3 == 2 else "full",
            frozenset(skills.split("|")),
            **more,  # type: ignore[arg-type]
        )
        for i in range(count)
    ]


@pytest.fixture(scope="session")
def make() -> Callable[..., Problem]:
    """Build a problem; every part has a default, and days a week hold in short weeks too."""

    def build(
        agents: list[Agent] | int = 4,
        *,
        first: date = date(2027, 1, 4),
        days: int = 2,
        heads: dict[str, int] | None = None,
        contracts: tuple[Contract, ...] = (FULL, PART),
        campaigns: tuple[Campaign, ...] = (SURVEYS,),
        rules: Rules | None = None,
        skills: dict[str, str] | None = None,
        **more: object,
    ) -> Problem:
        who = people(agents) if isinstance(agents, int) else agents
        needs = requirement(first, days, heads or {"voice": 2}, **more)  # type: ignore[arg-type]
        return build_problem(
            needs,
            who,
            contracts,
            campaigns,
            rules or Rules(prorate_days=False),
            None,
            first,
            days,
            skills=skills,
        )

    return build


@pytest.fixture(scope="session")
def parts() -> dict[str, object]:
    """The pieces the problems are made of."""
    return {
        "FULL": FULL,
        "PART": PART,
        "SURVEYS": SURVEYS,
        "requirement": requirement,
        "people": people,
        "rng": np.random.default_rng,
    }
