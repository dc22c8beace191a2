"""A schedule by shift type read as a rota, and a rota read as lines."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd

from wfm.core.errors import DataError
from wfm.core.rota import Rota
from wfm.core.types import Schedule
from wfm.scheduling.line_terms import OFF, LineTerms
from wfm.scheduling.lines.parts import minutes_of
from wfm.scheduling.problem import Problem
from wfm.scheduling.roster import read_roster, types_of
from wfm.scheduling.rules.most_weekends import weekends_worked


def rota_of(problem: Problem, schedule: Schedule) -> Rota:
    """Who has which shift type on which day in a schedule by shift type.

    Every figure is that of the schedule, or counted from its segments.
    """
    asked = lines_of(problem)
    types = types_of(problem, read_roster(problem, schedule.frame))
    parts = {name: schedule.terms[name] for name in ("wishes", "cover_under", "cover_over")}
    return Rota(
        frame=rota_frame(asked, types),
        first_day=schedule.first_day,
        days=schedule.days,
        status=schedule.status,
        stopped_by=schedule.stopped_by,
        objective=schedule.objective,
        bound=min(schedule.bound, schedule.objective),
        terms={name.removeprefix("cover_"): cost for name, cost in parts.items()},
        coverage=coverage_frame(asked, types),
        totals=totals_frame(asked, types),
        seconds=schedule.seconds,
        seed=schedule.seed,
        violations=schedule.violations,
    )


def lines_of(problem: Problem) -> LineTerms:
    """What is asked of lines, where cover is by shift type."""
    assert problem.lines is not None
    return problem.lines


def rota_frame(asked: LineTerms, roster: np.ndarray) -> pd.DataFrame:
    """`agent day shift`, one row a shift."""
    person, day = np.nonzero(roster != OFF)
    return pd.DataFrame(
        {
            "agent": [asked.people[p] for p in person],
            "day": [asked.first_day + timedelta(days=int(d)) for d in day],
            "shift": [asked.shifts[k] for k in roster[person, day]],
        }
    )


def coverage_frame(asked: LineTerms, roster: np.ndarray) -> pd.DataFrame:
    """`day shift required scheduled under over` where heads are wanted or present."""
    staff = asked.staff(roster)
    day, kind = np.nonzero((asked.required > 0) | (staff > 0))
    missing = asked.required[day, kind] - staff[day, kind]
    return pd.DataFrame(
        {
            "day": [asked.first_day + timedelta(days=int(d)) for d in day],
            "shift": [asked.shifts[k] for k in kind],
            "required": asked.required[day, kind],
            "scheduled": staff[day, kind],
            "under": np.maximum(missing, 0),
            "over": np.maximum(-missing, 0),
        }
    )


def totals_frame(asked: LineTerms, roster: np.ndarray) -> pd.DataFrame:
    """`agent contract shifts minutes weekends wishes_missed`, one row a person."""
    worked = [
        sum(float(asked.wish[p, d, k]) for d, k in enumerate(roster[p]) if k != OFF)
        for p in range(len(asked.people))
    ]
    wanted = np.maximum(-asked.wish, 0).sum(axis=(1, 2))
    return pd.DataFrame(
        {
            "agent": asked.people,
            "contract": asked.contracts,
            "shifts": (roster != OFF).sum(axis=1),
            "minutes": minutes_of(asked, roster),
            "weekends": weekends_worked(asked, roster),
            "wishes_missed": wanted + np.array(worked),
        }
    )


def read_rota(asked: LineTerms, frame: pd.DataFrame) -> np.ndarray:
    """A frame `agent day shift` as type of each person and day or `OFF`, shape (P, D).

    Raises
    ------
    DataError
        An unknown agent or shift type, a day outside, or two shifts on a day.
    """
    people = {name: i for i, name in enumerate(asked.people)}
    kinds = {name: i for i, name in enumerate(asked.shifts)}
    types = np.full((len(people), asked.days), OFF)
    for agent, on, shift in zip(frame["agent"], frame["day"], frame["shift"], strict=True):
        day = (pd.Timestamp(on).date() - asked.first_day).days
        place = f"rota: {agent!r} on {pd.Timestamp(on).date()}"
        if agent not in people or shift not in kinds or not 0 <= day < asked.days:
            message = f"{place}: agent, day or shift type {shift!r} is not known. Correct the row."
            raise DataError(message)
        if types[people[agent], day] != OFF:
            message = f"{place}: has two shifts. Keep one."
            raise DataError(message)
        types[people[agent], day] = kinds[shift]
    return types
