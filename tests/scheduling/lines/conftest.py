from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from wfm.core.people import Absence, Agent
from wfm.core.rota import RotaContract, ShiftType, Wish
from wfm.scheduling.line_terms import LineTerms
from wfm.scheduling.lines.assemble import build_rota_problem
from wfm.scheduling.lines.rota_value import lines_of
from wfm.scheduling.problem import Problem

MONDAY = date(2027, 1, 4)
TYPES = (
    ShiftType("early", 480, start_min=360),
    ShiftType("late", 480, frozenset({"early"}), start_min=840),
    ShiftType("night", 600, frozenset({"early", "late"}), start_min=1320),
)
LIMITS = RotaContract(
    "full",
    {"night": 3},
    min_total_min=3360,
    max_total_min=4800,
    max_in_row=4,
    min_in_row=2,
    min_off_in_row=2,
    max_weekends=1,
)


def make_whole(
    people: int = 4,
    days: int = 14,
    contract: RotaContract = LIMITS,
    *,
    seed: int = 0,
    before: dict[str, tuple[str | None, int]] | None = None,
) -> Problem:
    """Some people alike, with days off, wishes and cover drawn by a seed."""
    random = np.random.default_rng(seed)
    names = [f"p{i}" for i in range(people)]
    agents = [
        Agent(
            n,
            n,
            contract.contract,
            frozenset(),
            absences=tuple(
                Absence(MONDAY + timedelta(days=int(d)), MONDAY + timedelta(days=int(d)))
                for d in random.choice(days, 1)
            ),
        )
        for n in names
    ]
    wishes = [
        Wish(
            names[int(random.integers(people))],
            MONDAY + timedelta(days=int(random.integers(days))),
            TYPES[int(random.integers(3))].shift,
            float(random.integers(1, 4)),
            bool(random.random() < 0.6),
        )
        for _ in range(3 * people)
    ]
    cover = [
        (MONDAY + timedelta(days=d), kind.shift, int(random.integers(0, 3)), 20.0, 1.0)
        for d in range(days)
        for kind in TYPES
    ]
    return build_rota_problem(
        agents, [contract], TYPES, cover, wishes, first_day=MONDAY, days=days, before=before
    )


def make_problem(
    people: int = 4,
    days: int = 14,
    contract: RotaContract = LIMITS,
    *,
    seed: int = 0,
    before: dict[str, tuple[str | None, int]] | None = None,
) -> LineTerms:
    """What the same asks of lines."""
    return lines_of(make_whole(people, days, contract, seed=seed, before=before))


@pytest.fixture
def fortnight() -> Problem:
    return make_whole()
