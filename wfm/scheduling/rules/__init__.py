"""The rules of a schedule, one a file. Each says the same thing twice.

`constrain` states it to the solver, in counts of agents who are alike; `violations` finds where a
finished schedule breaks it, from its segments alone. Where cover is by shift type, rules on whole
lines of days (`line_rule`) state themselves to a neighbourhood of lines instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from wfm.core.types import Violation
from wfm.scheduling.line_rule import LineRule
from wfm.scheduling.line_terms import LineTerms
from wfm.scheduling.problem import Problem
from wfm.scheduling.roster import Roster
from wfm.scheduling.rules.absence import Absence
from wfm.scheduling.rules.allowed_types import AllowedTypes
from wfm.scheduling.rules.band import Band
from wfm.scheduling.rules.break_bunching import BreakBunching
from wfm.scheduling.rules.break_spacing import BreakSpacing
from wfm.scheduling.rules.breaks import Breaks
from wfm.scheduling.rules.coverage import Coverage
from wfm.scheduling.rules.days_in_row import DaysInRow
from wfm.scheduling.rules.days_per_week import DaysPerWeek
from wfm.scheduling.rules.free_weekends import FreeWeekends
from wfm.scheduling.rules.horizon import Horizon
from wfm.scheduling.rules.hours import Hours
from wfm.scheduling.rules.hours_average import HoursAverage
from wfm.scheduling.rules.hours_week import HoursWeek
from wfm.scheduling.rules.least_in_row import LeastInRow
from wfm.scheduling.rules.least_off_in_row import LeastOffInRow
from wfm.scheduling.rules.least_shifts import LeastShifts
from wfm.scheduling.rules.locks import Locks
from wfm.scheduling.rules.meetings import Meetings
from wfm.scheduling.rules.most_weekends import MostWeekends
from wfm.scheduling.rules.next_day import NextDay
from wfm.scheduling.rules.nights_in_row import NightsInRow
from wfm.scheduling.rules.nights_per_week import NightsPerWeek
from wfm.scheduling.rules.one_shift_a_day import OneShiftADay
from wfm.scheduling.rules.outbound_block import OutboundBlock
from wfm.scheduling.rules.outbound_hours import OutboundHours
from wfm.scheduling.rules.outbound_tries import OutboundTries
from wfm.scheduling.rules.preferences import Preferences
from wfm.scheduling.rules.rest import Rest
from wfm.scheduling.rules.rest_after_nights import RestAfterNights
from wfm.scheduling.rules.shift_cover import ShiftCover
from wfm.scheduling.rules.shift_length import ShiftLength
from wfm.scheduling.rules.shifts_of_type import ShiftsOfType
from wfm.scheduling.rules.skill import Skill
from wfm.scheduling.rules.staff_limits import StaffLimits
from wfm.scheduling.rules.starts import Starts
from wfm.scheduling.rules.succession import Succession
from wfm.scheduling.rules.total_time import TotalTime
from wfm.scheduling.rules.weekly_rest import WeeklyRest

if TYPE_CHECKING:
    from wfm.scheduling.counts.build import Build


class Rule(Protocol):
    """What every rule can do."""

    @property
    def name(self) -> str:
        """Name in violations."""

    @property
    def unit(self) -> str:
        """Of the number it limits or prices."""

    @property
    def default(self) -> str:
        """What holds unless something else is asked for."""

    @property
    def source(self) -> str:
        """Where it is set and where the number comes from."""

    def constrain(self, build: Build) -> None:
        """Add its columns, rows and limits to the shared matrix."""

    def violations(self, problem: Problem, roster: Roster) -> list[Violation]:
        """List where a schedule breaks it."""


RULES: tuple[Rule, ...] = (
    Horizon(),
    Band(),
    DaysPerWeek(),
    Absence(),
    OneShiftADay(),
    Starts(),
    HoursWeek(),
    Hours(),
    Locks(),
    DaysInRow(),
    FreeWeekends(),
    Preferences(),
    Rest(),
    NextDay(),
    RestAfterNights(),
    NightsInRow(),
    NightsPerWeek(),
    WeeklyRest(),
    HoursAverage(),
    ShiftLength(),
    Breaks(),
    BreakSpacing(),
    BreakBunching(),
    StaffLimits(),
    Meetings(),
    Skill(),
    OutboundHours(),
    OutboundBlock(),
    OutboundTries(),
    Coverage(),
    AllowedTypes(),
    Succession(),
    ShiftsOfType(),
    LeastShifts(),
    TotalTime(),
    LeastInRow(),
    LeastOffInRow(),
    MostWeekends(),
    ShiftCover(),
)
"""In the order in which they build the matrix."""

LINE_RULES: tuple[LineRule, ...] = tuple(rule for rule in RULES if isinstance(rule, LineRule))
"""Those that speak of whole lines by shift type."""


def broken_lines(asked: LineTerms, types: np.ndarray) -> list[Violation]:
    """List every rule that lines of shift types break, shape (P, D), in the order of the rules."""
    return [broken for rule in LINE_RULES for broken in rule.broken(asked, types)]
