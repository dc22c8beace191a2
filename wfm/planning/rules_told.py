"""The rules that a schedule obeys, for people to read: value, unit, and where each comes from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from wfm.core.limits import StaffLimit
from wfm.core.opening import clock_text
from wfm.core.people import Agent, Contract
from wfm.core.working_time import working_time, working_time_rules

if TYPE_CHECKING:
    from wfm.scheduling.settings import Rules

COLUMNS = ("rule", "holds_for", "value", "unit", "comes_from", "as_in_preset")
LONG_MIN = 120
"""Minutes from which on a time is told in hours."""
Line = tuple[str, str, str, tuple[str, str]]  # rule's name, what it says, for whom, value and unit


def rules_table(
    rules: Rules | None,
    contracts: Sequence[Contract],
    agents: Iterable[Agent] = (),
    limits: Iterable[StaffLimit] = (),
) -> pd.DataFrame:
    """Each rule that is switched on, first those for everybody, then contracts and staff limits.

    Parameters
    ----------
    rules
        As for `make_schedule`; None takes the defaults.
    contracts, agents
        The contracts of these agents are told, all where there are no agents.
    limits
        Fewest and most heads at work.

    Returns
    -------
    pandas.DataFrame
        `rule holds_for value unit comes_from as_in_preset`, all of them texts: what the rule says,
        for whom, its value with its unit, where the rule comes from, and the presets of working
        time that have the same value.

    Examples
    --------
    >>> from wfm.planning.steps import schedule_rules
    >>> table = rules_table(schedule_rules(max_days_in_row=6, band_min=None), [])
    >>> for row in table.head(2).itertuples():
    ...     print(row.rule, row.value, row.unit, "as in", row.as_in_preset)
    Rest between shifts, at least 11 h as in EU
    Most days worked in a row 6 days as in EU, Türkiye
    """
    from wfm.scheduling.rules import RULES
    from wfm.scheduling.settings import Rules

    rules = rules or Rules()
    sources = {rule.name: rule.source for rule in RULES}
    used = {agent.contract for agent in agents}
    lines = [*_everybody(rules)]
    for contract in contracts:
        if contract.contract in used or not used:
            lines += _contract(contract)
    lines += _limits(limits)
    like = _presets(rules)
    rows = [
        (text, whom, *value, sources[name], like.get(name, "")) for name, text, whom, value in lines
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype="str")


def _everybody(rules: Rules) -> Iterator[Line]:
    """Rules for everybody that are on."""
    night = f"{clock_text(rules.night_from_min)}-{clock_text(rules.night_to_min)}"
    share = rules.break_share_max
    nights = (rules.max_nights_week, rules.max_nights_in_row, rules.rest_after_nights_min)
    teams = "each team by itself" if rules.break_by_team else "everybody together"
    asked: tuple[tuple[str, str, float | str | None, str], ...] = (
        ("rest", "Rest between shifts, at least", rules.rest_min or None, "min"),
        ("weekly_rest", "Unbroken free time in each week, at least", rules.weekly_rest_min, "min"),
        ("days_in_row", "Most days worked in a row", rules.max_days_in_row, "days"),
        ("free_weekends", "One weekend is free in", rules.weekends_off_in, "weekends"),
        ("hours_average", "Most paid hours a week, average", rules.max_hours_average_week, "h"),
        ("band", "Starts of a week lie within", rules.band_min, "min"),
        ("nights_per_week", "Most nights in a week", rules.max_nights_week, "nights"),
        ("nights_in_row", "Most nights in a row", rules.max_nights_in_row, "nights"),
        ("rest_after_nights", "Rest after a row of nights", rules.rest_after_nights_min, "min"),
        *(
            (
                ("nights_per_week", "A night lies between", night, "h:min"),
                ("nights_per_week", "and a shift has of it", rules.night_least_min, "min"),
            )
            if any(value is not None for value in nights)
            else ()
        ),
        ("next_day", "After an end later than", _clock(rules.late_end_min), "h:min"),
        ("next_day", "no start before", _clock(rules.start_after_late_min), "h:min"),
        ("break_spacing", "Work beside a break, at least", rules.break_gap_min or None, "min"),
        ("break_spacing", "Work without a break, at most", rules.break_gap_max, "min"),
        ("outbound_block", "Shortest block on one campaign", rules.outbound_block_min, "min"),
    )
    for name, text, value, unit in asked:
        if value is not None:
            yield name, text, "everybody", _told(value, unit)
    if share is not None:
        yield "break_bunching", "Most on a break at once", teams, (f"{share:.0%}", "of those there")
    if rules.break_heads_max is not None:
        told = f"{rules.break_heads_max}", "heads"
        yield "break_bunching", "Most on a break at once", teams, told


def _contract(contract: Contract) -> Iterator[Line]:
    """What a contract asks for: days, hours, and each kind of shift."""
    whom = contract.contract
    days = _span(contract.min_days_week, contract.max_days_week)
    yield "days_per_week", "Days worked in a week", whom, (days, "days")
    if contract.min_hours_week is not None:
        least = f"{contract.min_hours_week:g}", "h"
        yield "hours_week", "Paid hours in a week, at least", whom, least
    if contract.max_hours_week is not None:
        yield (
            "hours_week",
            "Paid hours in a week, at most",
            whom,
            (f"{contract.max_hours_week:g}", "h"),
        )
    for kind in contract.shifts:
        own = whom if kind.shift == whom else f"{whom}, {kind.shift}"
        yield (
            "shift_length",
            "Length of a shift, breaks included",
            own,
            _told(kind.shift_min, "min"),
        )
        starts = _span(clock_text(kind.start_from_min), clock_text(kind.start_to_min))
        yield "starts", "A shift starts at", own, (starts, "h:min")
        if kind.breaks:
            breaks = ", ".join(f"{pause.name} {pause.length_min}" for pause in kind.breaks)
            yield "breaks", "Breaks of a shift", own, (breaks, "min")


def _limits(limits: Iterable[StaffLimit]) -> Iterator[Line]:
    """Fewest and most heads at work."""
    for limit in limits:
        if limit.least:
            least = f"{limit.least}", "heads"
            yield "staff_limits", "Heads at work, at least", limit.limit, least
        if limit.most is not None:
            yield "staff_limits", "Heads at work, at most", limit.limit, (f"{limit.most}", "heads")


def _presets(rules: Rules) -> dict[str, str]:
    """By rule, the presets of working time that say the same."""
    arguments = {
        "rest_min": "rest",
        "weekly_rest_min": "weekly_rest",
        "max_days_in_row": "days_in_row",
        "max_hours_average_week": "hours_average",
    }
    found: dict[str, list[str]] = {}
    for preset in working_time()["preset"].unique():
        for argument, value in working_time_rules(preset).items():
            if value == getattr(rules, argument):
                found.setdefault(arguments[argument], []).append(preset)
    return {name: ", ".join(presets) for name, presets in found.items()}


def _told(value: float | str, unit: str) -> tuple[str, str]:
    """A value and its unit; long times in hours.

    >>> _told(660, "min"), _told(90, "min"), _told(6, "days")
    (('11', 'h'), ('90', 'min'), ('6', 'days'))
    """
    if isinstance(value, str):
        return value, unit
    if unit == "min" and value >= LONG_MIN:
        return f"{value / 60:.4g}", "h"
    return f"{value:g}", unit


def _clock(minutes: int | None) -> str | None:
    return None if minutes is None else clock_text(minutes)


def _span(least: object, most: object) -> str:
    return f"{least}" if least == most else f"{least}-{most}"
