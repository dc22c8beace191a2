"""Checks any rota against every rule, from the roster alone and without the solver."""

from __future__ import annotations

import numpy as np
import pandas as pd

from wfm.core.errors import DataError
from wfm.core.types import Violation
from wfm.scheduling.rota.problem import OFF, RotaProblem
from wfm.scheduling.rota.rules import ROTA_RULES


def check_roster(problem: RotaProblem, roster: np.ndarray) -> list[Violation]:
    """List every rule that a roster (P, D) breaks, in the order of the rules."""
    return [broken for rule in ROTA_RULES for broken in rule.violations(problem, roster)]


def read_rota(problem: RotaProblem, frame: pd.DataFrame) -> np.ndarray:
    """A frame `agent day shift` as type of each person and day or `OFF`, shape (P, D).

    Raises
    ------
    DataError
        An unknown agent or shift type, a day outside, or two shifts on a day.
    """
    people = {name: i for i, name in enumerate(problem.people)}
    kinds = {name: i for i, name in enumerate(problem.shifts)}
    roster = np.full((len(people), problem.days), OFF)
    for agent, on, shift in zip(frame["agent"], frame["day"], frame["shift"], strict=True):
        day = (pd.Timestamp(on).date() - problem.first_day).days
        place = f"rota: {agent!r} on {pd.Timestamp(on).date()}"
        if agent not in people or shift not in kinds or not 0 <= day < problem.days:
            message = f"{place}: agent, day or shift type {shift!r} is not known. Correct the row."
            raise DataError(message)
        if roster[people[agent], day] != OFF:
            message = f"{place}: has two shifts. Keep one."
            raise DataError(message)
        roster[people[agent], day] = kinds[shift]
    return roster
