"""From people, contracts, shift types, cover and wishes to a problem with lines."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from wfm.core.calendars import DAY_MIN
from wfm.core.errors import DataError
from wfm.core.intervals import MINUTES, day_grid
from wfm.core.people import Agent, Contract, ShiftKind
from wfm.core.rota import RotaContract, ShiftType, Wish
from wfm.scheduling.line_terms import OFF, WEEK, LineTerms
from wfm.scheduling.problem import Problem
from wfm.scheduling.settings import Rules, Weights

NO_LIMIT = 10**9
FREE = Rules(rest_min=0, band_min=None, prorate_days=False)
"""Shift types say themselves what may follow them."""
NOTHING = Weights(
    (0, 0, 0), over=0, labour=0, outbound_short=0, outbound_over=0, preference=0, change=0, limit=0
)
"""Cover and wishes bring their own prices."""

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
) -> Problem:
    """Put people and what is asked of their lines on one grid, and check it.

    Each shift type is a queue of its own, which nobody is required on by the interval, and a kind
    of shift of every contract, in the same order. Starts and hours of agents are by one clock;
    where some type has no start, all are taken to begin at midnight and hours do not count. On the
    grid a shift lasts what it counts for, rounded up to 5 minutes.

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
    asked = _terms(agents, contracts, shifts, cover, wishes, first_day, days, before)
    names = asked.shifts
    kinds, timed = _kinds(shifts), _timed(shifts)
    people = [
        replace(
            agent,
            skills=frozenset(names[k] for k in np.flatnonzero(most)),
            time_zone="",
            hours=agent.hours if timed else None,
        )
        for agent, most in zip(agents, asked.most_of_type, strict=True)
    ]
    own = {name: _contract(name, kinds) for name in set(asked.contracts)}
    step = _step(kinds)
    grid = day_grid(first_day, days + 2, timedelta(minutes=step), "UTC")
    day = np.arange(len(grid)) // (DAY_MIN // step)
    intervals = int((day < days).sum())
    problem = Problem(
        agents=tuple(people),
        contracts=own,
        campaigns=(),
        queues=names,
        queue_skills={name: name for name in names},
        required=np.zeros((len(names), intervals), dtype=int),
        permitted=np.zeros((0, intervals), dtype=bool),
        rules=FREE,
        weights=NOTHING,
        first_day=first_day,
        days=days,
        time_zone="UTC",
        interval_min=step,
        grid=grid,
        day=day,
        clock=np.arange(len(grid)) * step % DAY_MIN,
        intervals=intervals,
        lines=asked,
    )
    for person, agent in enumerate(people):
        if agent.hours is not None:
            starts, kind = problem.options_of(person)
            inside = np.zeros((days, len(names)), dtype=bool)
            inside[day[starts], kind] = True
            asked.allowed[person, :, :-1] &= inside
    return problem


def _timed(shifts: Sequence[ShiftType]) -> bool:
    """Whether shift types have times, and not only names."""
    return all(shift.start_min is not None for shift in shifts)


def _kinds(shifts: Sequence[ShiftType]) -> list[ShiftKind]:
    """A kind of shift for each type, at one start a day."""
    timed, kinds = _timed(shifts), []
    for shift in shifts:
        length = -(-shift.minutes // MINUTES[0]) * MINUTES[0]
        start = (shift.start_min or 0) if timed else 0
        kinds.append(ShiftKind(shift.shift, length, length, start, start))
    return kinds


def _contract(name: str, kinds: Sequence[ShiftKind]) -> Contract:
    """A contract with all kinds; its own is the first, the others are called after it, too."""
    first, *others = kinds
    more = tuple(replace(kind, shift=f"{name} {kind.shift}") for kind in others)
    start = first.start_from_min
    return Contract(name, first.shift_min, first.paid_min, 0, WEEK, start, start, more_shifts=more)


def _step(kinds: Sequence[ShiftKind]) -> int:
    """The longest grid on which every start and length lies [min]."""
    common = math.gcd(*(n for kind in kinds for n in (kind.shift_min, kind.start_from_min)))
    fits = [minutes for minutes in MINUTES if common % minutes == 0]
    if not fits:
        message = "shift types: a start is no multiple of 5 minutes. Round it to 5 minutes."
        raise DataError(message)
    return max(fits)


def _terms(
    agents: Sequence[Agent],
    contracts: Sequence[RotaContract],
    shifts: Sequence[ShiftType],
    cover: Iterable[CoverRow],
    wishes: Iterable[Wish],
    first_day: date,
    days: int,
    before: Mapping[str, tuple[str | None, int]] | None,
) -> LineTerms:
    """What is asked of lines, as arrays."""
    kinds = _numbered("shift type", [s.shift for s in shifts])
    people = _numbered("agent", [a.agent for a in agents])
    terms = dict(
        zip(_numbered("contract", [c.contract for c in contracts]), contracts, strict=True)
    )
    for agent in agents:
        _known("contract", agent.contract, terms, f"agent {agent.agent!r}")
    own = [terms[a.contract] for a in agents]
    starts = np.array([[kind.start_from_min, kind.shift_min] for kind in _kinds(shifts)])
    may_follow = DAY_MIN + starts[None, :, 0] > starts.sum(axis=1)[:, None]
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

    return LineTerms(
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
