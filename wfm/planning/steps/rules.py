"""What a schedule must keep, and what it counts as how dear."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wfm.core.ranges import check_finite
from wfm.core.weeks import WeekStart

if TYPE_CHECKING:
    from wfm.scheduling.settings import Rules, Weights


def schedule_rules(
    *,
    rest_min: int = 660,
    band_min: int | None = 90,
    outbound_block_min: int = 30,
    max_days_in_row: int | None = None,
    weekends_off_in: int | None = None,
    preferred_within_min: int = 60,
    break_gap_min: int = 0,
    break_gap_max: int | None = None,
    break_share_max: float | None = None,
    break_heads_max: int | None = None,
    break_by_team: bool = False,
    weekly_rest_min: int | None = None,
    night: tuple[str, str] = ("23:00", "06:00"),
    night_least_min: int = 180,
    max_nights_week: int | None = None,
    max_nights_in_row: int | None = None,
    rest_after_nights_min: int | None = None,
    max_hours_average_week: float | None = None,
    late_end: str | None = None,
    start_after_late: str | None = None,
    week_start: WeekStart = "Mon",
) -> Rules:
    """Return the rules of a schedule.

    Parameters
    ----------
    rest_min
        Least time between two shifts [min].
    band_min
        An agent's starts of one week lie within so many minutes of a full hour; None for no limit.
    outbound_block_min
        Least unbroken time on a campaign [min].
    max_days_in_row
        Most days worked one after the other [days]; None for no limit.
    weekends_off_in
        Of so many weekends in a row at least one is free [weekends]; None for no rule.
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
    weekly_rest_min
        Free time without a break that everybody has in each week [min]; None for no rule.
    night, night_least_min
        Begin and end of the night by each agent's clock, and how much of it makes a night of a
        shift [min].
    max_nights_week, max_nights_in_row
        Most nights in a week and one after the other [nights]; None for no limit.
    rest_after_nights_min
        Rest after the last night of a row [min]; None for that between any shifts.
    max_hours_average_week
        Most paid hours a week on the average of the planned days and those carried in [h]; None for
        no limit.
    late_end, start_after_late
        After a shift that ends later than the one, the next day's starts no earlier than the other,
        both as HH:MM by each agent's clock; None for no rule.
    week_start
        Day on which the weeks of contracts begin: Mon, Sun or Sat.

    Raises
    ------
    DataError
        A value that no schedule can keep, or a time that is none.

    Examples
    --------
    >>> schedule_rules(break_share_max=0.2).break_share_max
    0.2
    >>> schedule_rules(late_end="22:00", start_after_late="10:00").start_after_late_min
    600
    """
    from wfm.core.opening import parse_clock
    from wfm.scheduling.settings import Rules

    first, last = (parse_clock(text) for text in night)

    return Rules(
        rest_min=rest_min,
        band_min=band_min,
        outbound_block_min=outbound_block_min,
        max_days_in_row=max_days_in_row,
        weekends_off_in=weekends_off_in,
        preferred_within_min=preferred_within_min,
        break_gap_min=break_gap_min,
        break_gap_max=break_gap_max,
        break_share_max=break_share_max,
        break_heads_max=break_heads_max,
        break_by_team=break_by_team,
        weekly_rest_min=weekly_rest_min,
        night_from_min=first,
        night_to_min=last,
        night_least_min=night_least_min,
        max_nights_week=max_nights_week,
        max_nights_in_row=max_nights_in_row,
        rest_after_nights_min=rest_after_nights_min,
        max_hours_average_week=max_hours_average_week,
        late_end_min=parse_clock(late_end) if late_end else None,
        start_after_late_min=parse_clock(start_after_late) if start_after_late else None,
        week_start=week_start,
    )


def schedule_weights(
    *,
    missing: float = 10.0,
    over: float = 1.0,
    labour: float = 2.0,
    outbound: float = 3.0,
    wish: float = 4.0,
    switch: float = 0.0,
) -> Weights:
    """Return what a schedule counts as how dear, in cost units.

    Parameters
    ----------
    missing
        A missing agent for 15 minutes while few are missing; the second tenth of the requirement is
        2.5 times as dear, what is beyond it 6 times.
    over
        An agent above the requirement for 15 minutes.
    labour
        15 paid minutes.
    outbound
        15 minutes of a campaign that are not placed.
    wish
        A shift that does not start near the agent's preferred start.
    switch
        A change of queue within a shift.

    Examples
    --------
    >>> schedule_weights(missing=20).under
    (20, 50.0, 120)
    """
    from wfm.scheduling.settings import Weights

    given = {"missing": missing, "outbound": outbound, "wish": wish, "switch": switch}
    for name, number in given.items():
        check_finite("weights", name, number)
    return Weights(
        under=(missing, 2.5 * missing, 6 * missing),
        over=over,
        labour=labour,
        outbound_short=outbound,
        preference=wish,
        switching=switch,
    )
