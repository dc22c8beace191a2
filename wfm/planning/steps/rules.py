"""What a schedule must keep, and what it counts as how dear."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    week_start
        Day on which the weeks of contracts begin: Mon, Sun or Sat.

    Examples
    --------
    >>> schedule_rules(break_share_max=0.2).break_share_max
    0.2
    """
    from wfm.scheduling.settings import Rules

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

    return Weights(
        under=(missing, 2.5 * missing, 6 * missing),
        over=over,
        labour=labour,
        outbound_short=outbound,
        preference=wish,
        switching=switch,
    )
