"""What is forbidden and what costs how much, for everybody."""

from __future__ import annotations

from dataclasses import dataclass

from wfm.core.errors import DataError
from wfm.core.ranges import check_numbers
from wfm.core.weeks import WeekStart, week_start_number


@dataclass(frozen=True)
class Rules:
    """Rules that hold for everybody.

    Parameters
    ----------
    rest_min
        Least time between the end of a shift and the next start [min].
    band_min
        All starts of an agent in a week lie within this many minutes from a full hour [min]; None
        lets them differ freely.
    outbound_block_min
        Least unbroken time on one campaign [min].
    band_raster_min
        Raster on which start bands begin [min].
    max_days_in_row
        Most days worked one after the other, those before the schedule included [days]; None for
        no limit.
    weekends_off_in
        Of so many weekends in a row at least one is free of starts [weekends]; None for no rule.
    preferred_within_min
        A start so far from the preferred one still counts as granted [min].
    break_gap_min, break_gap_max
        Least and most work before, between and after the breaks of a shift [min]; 0 and None for no
        rule.
    break_share_max, break_heads_max
        Most people on a break at the same time: a share of those on duty, rounded up, and a number
        [heads]; None for no rule.
    break_by_team
        Whether these hold for each team by itself instead of everybody together.
    prorate_days
        In a week of which an agent is there only some days (absent, not employed, or the horizon
        ends), the contract's days a week count in proportion, so that leave is not made up for on
        the days left. False asks for them as far as days are left.
    weekly_rest_min
        Free time without a break that everybody has once a week [min]; None for no rule.
    night_from_min, night_to_min, night_least_min
        A shift with at least so much time between two times of the agent's clock is a night [min].
    max_nights_week, max_nights_in_row
        Most nights in a week, and one after the other [nights]; None for no limit.
    rest_after_nights_min
        Rest after the last night of a row [min]; None for that between any shifts.
    max_hours_average_week
        Most paid hours a week on the average of the schedule's days and of the days before that are
        known [h]; None for no limit.
    late_end_min, start_after_late_min
        After a shift that ends later than the one, the next day's shift starts no earlier than the
        other, both by the agent's clock [min after midnight]; None for no rule.
    week_start
        Day on which the weeks of contracts and start bands begin: Mon, Sun or Sat. A weekend is
        Saturday and Sunday in any of them.
    """

    rest_min: int = 660
    band_min: int | None = 90
    outbound_block_min: int = 30
    band_raster_min: int = 60
    prorate_days: bool = True
    max_days_in_row: int | None = None
    weekends_off_in: int | None = None
    preferred_within_min: int = 60
    break_gap_min: int = 0
    break_gap_max: int | None = None
    break_share_max: float | None = None
    break_heads_max: int | None = None
    break_by_team: bool = False
    weekly_rest_min: int | None = None
    night_from_min: int = 23 * 60
    night_to_min: int = 6 * 60
    night_least_min: int = 180
    max_nights_week: int | None = None
    max_nights_in_row: int | None = None
    rest_after_nights_min: int | None = None
    max_hours_average_week: float | None = None
    late_end_min: int | None = None
    start_after_late_min: int | None = None
    week_start: WeekStart = "Mon"

    def __post_init__(self) -> None:
        week_start_number(self.week_start)
        check_numbers("rules", self)
        if self.rest_min < 0 or self.outbound_block_min < 0 or (self.band_min or 0) < 0:
            message = "rules: rest, band and outbound block must be 0 minutes or more."
            raise DataError(message)
        if (1 if self.max_days_in_row is None else self.max_days_in_row) < 1:
            message = "rules: at least 1 day in a row must be allowed. Use 5 or 6 or nothing."
            raise DataError(message)
        if (2 if self.weekends_off_in is None else self.weekends_off_in) < 2:
            message = "rules: one weekend in 2 or more can be free. Write 2 or more or nothing."
            raise DataError(message)
        if (
            not 0
            <= self.break_gap_min
            <= (24 * 60 if self.break_gap_max is None else self.break_gap_max)
        ):
            message = (
                "rules: the least work beside a break is more than the most, or below 0. Write the "
                "least first."
            )
            raise DataError(message)
        if not 0 < (1.0 if self.break_share_max is None else self.break_share_max) <= 1:
            message = "rules: the share on a break lies between 0 and 1. Write 0.2 for 20 %."
            raise DataError(message)
        if (1 if self.break_heads_max is None else self.break_heads_max) < 1:
            message = "rules: at least 1 must be allowed on a break. Write 1 or more or nothing."
            raise DataError(message)
        if not 0 < self.band_raster_min <= 24 * 60:
            message = f"rules: a band raster of {self.band_raster_min} min is impossible. Use 60."
            raise DataError(message)
        self._check_free_time()

    def _check_free_time(self) -> None:
        """Weekly rest, nights, hours and next days that can be meant."""
        if not 0 <= (self.weekly_rest_min or 0) <= 4 * 24 * 60:
            message = "rules: the weekly rest lies between 0 and 5760 min. Write 2100 for 35 h."
            raise DataError(message)
        nights = (self.max_nights_week, self.max_nights_in_row, self.rest_after_nights_min)
        if min(n for n in (*nights, 0) if n is not None) < 0 or self.night_least_min < 1:
            message = "rules: nights and the rest after them must be 0 or more. Or write nothing."
            raise DataError(message)
        clocks = (self.night_from_min, self.night_to_min)
        if not all(0 <= clock <= 24 * 60 for clock in clocks) or clocks[0] == clocks[1]:
            message = "rules: a night lies between two times of the day. Write 23:00 and 06:00."
            raise DataError(message)
        if (1 if self.max_hours_average_week is None else self.max_hours_average_week) <= 0:
            message = "rules: more than 0 paid hours a week must be allowed. Write 48 or nothing."
            raise DataError(message)
        late, early = self.late_end_min, self.start_after_late_min
        if (late is None) != (early is None):
            message = (
                "rules: a late end and the earliest start after it belong together. Write both, "
                "for example 22:00 and 10:00, or neither."
            )
            raise DataError(message)
        if not 0 <= (late or 0) <= 24 * 60 or not 0 <= (early or 0) < 24 * 60:
            message = "rules: a late end and the start after it are times of the day. Write HH:MM."
            raise DataError(message)

    @property
    def joins_shifts(self) -> bool:
        """Whether a rule looks at several shifts of somebody beyond rest and days in a row."""
        asked = (
            self.weekly_rest_min,
            self.max_nights_week,
            self.max_nights_in_row,
            self.rest_after_nights_min,
            self.late_end_min,
        )
        return any(value is not None for value in asked)


@dataclass(frozen=True)
class Weights:
    """Costs of one agent for 15 minutes; on another grid they scale with its length.

    Parameters
    ----------
    under
        Missing on a queue: the first k, the second k, and beyond; k = ceil(R / `under_step`).
    under_step
        Divisor of the requirement R in k.
    over
        Above the requirement.
    labour
        Each paid interval.
    outbound_short, outbound_over
        Below and above a campaign's target.
    preference
        Each shift that does not start near the agent's preferred start.
    switching
        Each change of queue within a shift; 0 avoids only the changes that bring nothing.
    change
        Each agent and day that differs from a published schedule, when one is planned again.
    limit
        Each head outside a staff limit or too many on a break: dear, so that these give way only
        where they must.
    """

    under: tuple[float, float, float] = (10, 25, 60)
    under_step: int = 10
    over: float = 1
    labour: float = 2
    outbound_short: float = 3
    outbound_over: float = 1
    switching: float = 0
    preference: float = 4
    change: float = 40
    limit: float = 200

    def __post_init__(self) -> None:
        check_numbers("weights", self)
        rates = (*self.under, self.over, self.labour, self.outbound_short, self.outbound_over)
        least = min(*rates, self.switching, self.preference, self.change, self.limit)
        if least < 0 or list(self.under) != sorted(self.under) or self.under_step < 1:
            message = "weights: they must be 0 or more, and missing agents dearer step by step."
            raise DataError(message)

    @property
    def whole(self) -> bool:
        """Whether every cost is a whole number, so that a bound may be rounded up."""
        rates = (*self.under, self.over, self.labour, self.outbound_short, self.outbound_over)
        more = (self.preference, self.switching, self.change, self.limit)
        return all(float(rate).is_integer() for rate in (*rates, *more))
