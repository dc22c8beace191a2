"""From people, contracts, shift types, cover and wishes to a rota problem."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np

from wfm.core.errors import DataError
from wfm.core.people import Agent
from wfm.core.rota import RotaContract, ShiftType, Wish
from wfm.scheduling.rota.problem import OFF, RotaProblem

NO_LIMIT = 10**9

CoverRow = tuple[date, str, int, float, float]
"""Day, shift type, heads, price of one missing, price of one too many."""


def build_rota_problem(
    agents: Sequence[Agent],
    contracts: Sequence[RotaContract],
    shifts: Sequence[ShiftType],
    cover: Iterable[CoverRow],
    wishes: Iterable[Wish] = (),
    *,
    first_day: date,
    days: int,
    before: Mapping[str, tuple[str | None, int]] | None = None,
) -> RotaProblem:
    """Put everything into arrays.

    Parameters
    ----------
    agents, contracts, shifts
        Who, under which terms, and what they can be asked to do.
    cover
        Day, shift type, heads wanted, price of one missing and of one too many.
    wishes
        For and against shifts.
    first_day, days
        The period.
    before
        By agent, the last shift type before the period (None for a day off) and for how many days
        in a row that has lasted; runs of agents without one are judged inside the period only.

    Raises
    ------
    DataError
        Naming the row that belongs nowhere.
    """
    if not agents or not shifts or days < 1:
        message = "rota: it needs at least one agent, one shift type and one day."
        raise DataError(message)
    kinds = _numbered("shift type", [s.shift for s in shifts])
    people = _numbered("agent", [a.agent for a in agents])
    terms = dict(
        zip(_numbered("contract", [c.contract for c in contracts]), contracts, strict=True)
    )
    for agent in agents:
        _known("contract", agent.contract, terms, f"agent {agent.agent!r}")
    own = [terms[a.contract] for a in agents]
    may_follow = np.ones((len(shifts), len(shifts)), dtype=bool)
    for shift in shifts:
        for name in shift.not_before:
            _known("shift type", name, kinds, f"shift type {shift.shift!r}")
            may_follow[kinds[shift.shift], kinds[name]] = False
    most = np.full((len(agents), len(shifts)), days)
    for i, contract in enumerate(own):
        for name, count in contract.most_of_type.items():
            _known("shift type", name, kinds, f"contract {contract.contract!r}")
            most[i, kinds[name]] = min(count, days)
    allowed = np.ones((len(agents), days, len(shifts) + 1), dtype=bool)
    allowed[:, :, :-1] &= (most > 0)[:, None, :]
    for i, agent in enumerate(agents):
        allowed[i, agent.absent_days(first_day, days), :-1] = False
    wish, base = _wishes(wishes, people, kinds, first_day, days)
    required, under, over = _cover(cover, kinds, first_day, days)
    before_shift = np.full(len(agents), OFF)
    before_days = np.zeros(len(agents), dtype=int)
    for name, (last, count) in (before or {}).items():
        _known("agent", name, people, "before")
        before_days[people[name]] = count
        if last is not None:
            _known("shift type", last, kinds, f"before, agent {name!r}")
            before_shift[people[name]] = kinds[last]

    def limits(values: list[int | None]) -> np.ndarray:
        return np.array([NO_LIMIT if v is None else v for v in values])

    return RotaProblem(
        people=tuple(people),
        contracts=tuple(a.contract for a in agents),
        shifts=tuple(kinds),
        first_day=first_day,
        minutes=np.array([s.minutes for s in shifts]),
        may_follow=may_follow,
        allowed=allowed,
        most_of_type=most,
        min_shifts=np.array([c.min_shifts for c in own]),
        min_minutes=np.array([c.min_total_min for c in own]),
        max_minutes=limits([c.max_total_min for c in own]),
        max_in_row=limits([c.max_in_row for c in own]),
        min_in_row=np.array([c.min_in_row for c in own]),
        min_off_in_row=np.array([c.min_off_in_row for c in own]),
        max_weekends=limits([c.max_weekends for c in own]),
        wish=wish,
        wish_base=base,
        required=required,
        under=under,
        over=over,
        before_shift=before_shift,
        before_days=before_days,
    )


def _wishes(
    wishes: Iterable[Wish], people: dict[str, int], kinds: dict[str, int], first: date, days: int
) -> tuple[np.ndarray, float]:
    """Cost of each shift less that of not having it, and what nobody at work would cost."""
    cost, base = np.zeros((len(people), days, len(kinds))), 0.0
    for one in wishes:
        _known("agent", one.agent, people, f"wish for {one.day}")
        _known("shift type", one.shift, kinds, f"wish of {one.agent!r}")
        day = _day(one.day, first, days, f"wish of {one.agent!r}")
        cost[people[one.agent], day, kinds[one.shift]] += -one.weight if one.wanted else one.weight
        base += one.weight if one.wanted else 0.0
    return cost, base


def _cover(
    cover: Iterable[CoverRow], kinds: dict[str, int], first: date, days: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    required = np.zeros((days, len(kinds)), dtype=int)
    under, over = np.zeros((days, len(kinds))), np.zeros((days, len(kinds)))
    for on, name, heads, missing, surplus in cover:
        _known("shift type", name, kinds, f"cover of {on}")
        at = _day(on, first, days, "cover"), kinds[name]
        if heads < 0 or min(missing, surplus) < 0:
            message = f"cover: {on} {name}: heads and prices are 0 or more. Correct the row."
            raise DataError(message)
        required[at], under[at], over[at] = heads, missing, surplus
    return required, under, over


def _day(on: date, first: date, days: int, where: str) -> int:
    day = (on - first).days
    if not 0 <= day < days:
        message = f"{where}: {on} lies outside the period of {days} days from {first}."
        raise DataError(message)
    return day


def _numbered(what: str, names: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name in names:
        if name in found:
            message = f"rota: {what} {name!r} stands twice. Keep one."
            raise DataError(message)
        found[name] = len(found)
    return found


def _known(what: str, name: str, known: Mapping[str, object], where: str) -> None:
    if name not in known:
        message = f"{where}: {what} {name!r} is not known. Use one of {', '.join(known)}."
        raise DataError(message)
