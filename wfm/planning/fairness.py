"""How fairly unpopular shifts and granted wishes are spread over people, with what came before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from wfm.core.calendars import DAY_MIN
from wfm.core.people import Agent
from wfm.core.ranges import check_range
from wfm.core.types import Schedule
from wfm.planning.changes import shift_days

if TYPE_CHECKING:
    from wfm.scheduling.settings import Rules

WINDOW_WEEKS = 12
LATE_FROM_MIN = 12 * 60
MEASURES = {
    "weekends": "weekend days worked",
    "nights": "night shifts",
    "late": "late starts",
    "wishes": "wishes granted",
}
"""Measures by name, in words."""
BURDENS = ("weekends", "nights", "late")


@dataclass(frozen=True, eq=False)
class Fairness:
    """How even the measures are.

    Parameters
    ----------
    people
        One row an agent: `agent name team shifts` in the window; `weekends nights late` counted,
        and `weekends_fair nights_fair late_fair`, the share of all that goes with the agent's
        shifts; `wishes` granted of `wished` shifts; `statement` in words.
    measures
        One row a measure: `measure total least most spread deviation gini`. Burdens are counted
        against the fair share (`spread` and `deviation` in shifts above or below it), wishes as
        the granted share. `gini` is 0 where all have the same for a shift, up to 1.
    first_day, last_day
        The window.
    """

    people: pd.DataFrame
    measures: pd.DataFrame
    first_day: date
    last_day: date


def fairness(
    schedule: Schedule,
    agents: Sequence[Agent],
    history: Sequence[Schedule] = (),
    *,
    weeks: int = WINDOW_WEEKS,
    late_from_min: int = LATE_FROM_MIN,
    rules: Rules | None = None,
) -> Fairness:
    """Measure how fairly a schedule and those before it treat people, each by its own clock.

    Parameters
    ----------
    schedule
        The newest.
    agents
        Whose wishes and names count.
    history
        Schedules of earlier days; a day that two of them cover counts in the later given one.
    weeks
        Length of the rolling window that ends with the schedule [weeks].
    late_from_min
        A start at this time of the clock or after it is late [min after midnight].
    rules
        Say which shifts are nights and how near a start has to be for a wish to be granted; None
        for the defaults.

    Returns
    -------
    Fairness
        By agent and by measure.

    Examples
    --------
    >>> from wfm.planning.fairness import gini
    >>> gini(np.array([1.0, 1.0, 1.0])), round(gini(np.array([0.0, 0.0, 3.0])), 3)
    (0.0, 0.667)
    """
    check_range("fairness", "weeks", weeks, 1)
    last = schedule.first_day + timedelta(days=schedule.days - 1)
    first = last - timedelta(days=7 * weeks - 1)
    shifts = window_shifts([*history, schedule], first, last)
    wishes = {a.agent: a.preferred_start_min for a in agents}
    marked = mark(shifts, wishes, late_from_min, rules, zones_of(agents))
    names = [a.agent for a in agents]
    table = marked.groupby("agent")[["shifts", *MEASURES, "wished"]].sum()
    table = table.reindex(names, fill_value=0).astype(float)
    people = pd.DataFrame(
        {
            "agent": names,
            "name": [a.name for a in agents],
            "team": [a.team for a in agents],
        }
    )
    people = people.join(table.reset_index(drop=True))
    for name in BURDENS:
        people[f"{name}_fair"] = fair_share(people[name], people["shifts"])
    people["statement"] = [_statement(row) for row in people.to_dict("records")]
    begun = min([shifts["day"].min(), schedule.first_day]) if len(shifts) else schedule.first_day
    return Fairness(people, _measures(people), max(first, begun), last)


def window_shifts(schedules: Sequence[Schedule], first: date, last: date) -> pd.DataFrame:
    """`agent day start end start_min` of all shifts of some days; later schedules win a day.

    Stamps are in the time zone of the last schedule.
    """
    found: list[pd.DataFrame] = []
    taken: set[date] = set()
    for schedule in reversed(schedules):
        table = shift_days(schedule)
        for name in ("start", "end"):
            table[name] = table[name].dt.tz_convert(schedules[-1].time_zone)
        days = table["day"]
        found.append(table[(days >= first) & (days <= last) & ~days.isin(taken)])
        taken |= {schedule.first_day + timedelta(days=i) for i in range(schedule.days)}
    found = [table for table in found if len(table)]
    return pd.concat(found, ignore_index=True) if found else shift_days(schedules[-1]).iloc[:0]


def mark(
    shifts: pd.DataFrame,
    wishes: dict[str, int | None],
    late_from_min: int = LATE_FROM_MIN,
    rules: Rules | None = None,
    zones: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Shifts with 1 or 0 for each measure, and `wished` where their agent has a wish.

    Each is read by the clock of its agent's time zone in `zones`; without one by its own stamps.
    """
    from wfm.scheduling.settings import Rules

    rules = rules or Rules()
    clock = _own_clock(shifts, zones or {})
    start_min = clock.dt.hour * 60 + clock.dt.minute
    wish = shifts["agent"].map(wishes).astype(float)
    away = (start_min - wish).abs().to_numpy(dtype=float)
    apart = np.minimum(away, 24 * 60 - away)
    nights = are_nights(shifts.assign(start_min=start_min), rules)
    return shifts.assign(
        shifts=1,
        weekends=(clock.dt.day_of_week >= 5).astype(int),
        nights=nights.astype(int),
        late=(start_min >= late_from_min).astype(int),
        wished=wish.notna().astype(int),
        wishes=(apart <= rules.preferred_within_min).astype(int),
    )


def zones_of(agents: Sequence[Agent]) -> dict[str, str]:
    """Time zone by agent, of those who have one of their own."""
    return {agent.agent: agent.time_zone for agent in agents if agent.time_zone}


def _own_clock(shifts: pd.DataFrame, zones: Mapping[str, str]) -> pd.Series:
    """Local start of each shift by its agent's clock."""
    clock: pd.Series = shifts["start"].dt.tz_localize(None)
    zone = shifts["agent"].map(zones)
    for name in zone.dropna().unique():
        own = zone == name
        clock[own] = shifts["start"][own].dt.tz_convert(name).dt.tz_localize(None)
    return clock


def are_nights(shifts: pd.DataFrame, rules: Rules) -> np.ndarray:
    """Which shifts have so much time in the night, by the clock, that the rules call them nights.

    Parameters
    ----------
    shifts
        `start end start_min`.
    rules
        The times between which it is night, and the least time in it.
    """
    start = shifts["start_min"].to_numpy(dtype=float)
    length = (shifts["end"] - shifts["start"]).dt.total_seconds().to_numpy(dtype=float) / 60
    dark = np.zeros(len(shifts))
    past_midnight = DAY_MIN if rules.night_to_min <= rules.night_from_min else 0
    for day in (-DAY_MIN, 0, DAY_MIN):
        low, high = rules.night_from_min + day, rules.night_to_min + past_midnight + day
        dark += np.clip(np.minimum(start + length, high) - np.maximum(start, low), 0, None)
    return np.asarray(dark >= rules.night_least_min)


def fair_share(counts: pd.Series, shifts: pd.Series) -> pd.Series:
    """The share of all that goes with each agent's shifts.

    >>> fair_share(pd.Series([3.0, 0.0]), pd.Series([10.0, 5.0])).tolist()
    [2.0, 1.0]
    """
    total = shifts.sum()
    return counts.sum() * shifts / total if total else counts * 0.0


def gini(values: np.ndarray) -> float:
    """Gini coefficient of values of 0 or more: 0 all alike, near 1 one has everything.

    References
    ----------
    Mean absolute difference over twice the mean: Gini (1912).
    """
    ordered = np.sort(np.asarray(values, dtype=float))
    count, total = len(ordered), ordered.sum()
    if not total:
        return 0.0
    rank = np.arange(1, count + 1)
    return float((2 * rank - count - 1) @ ordered / (count * total))


def _measures(people: pd.DataFrame) -> pd.DataFrame:
    rows = []
    active = people[people["shifts"] > 0]
    for name in BURDENS:
        over = active[name] - active[f"{name}_fair"]
        rate = active[name] / active["shifts"]
        rows.append((name, active[name].sum(), over, rate))
    asked = active[active["wished"] > 0]
    share = asked["wishes"] / asked["wished"]
    rows.append(("wishes", asked["wishes"].sum(), share, share))
    return pd.DataFrame(
        [
            {
                "measure": name,
                "total": float(total),
                "least": float(values.min()) if len(values) else 0.0,
                "most": float(values.max()) if len(values) else 0.0,
                "spread": float(values.max() - values.min()) if len(values) else 0.0,
                "deviation": float(values.std(ddof=0)) if len(values) else 0.0,
                "gini": gini(rates.to_numpy()),
            }
            for name, total, values, rates in rows
        ]
    )


def _statement(row: Mapping[Any, Any]) -> str:
    """One agent's share in words."""

    def number(key: str) -> float:
        return float(row[key])

    if not number("shifts"):
        return f"{row['name']} had no shift."
    name, shifts = row["name"], number("shifts")
    weekends, nights, late = (number(burden) for burden in BURDENS)
    fair_weekends, fair_nights, fair_late = (number(burden + "_fair") for burden in BURDENS)
    wishes, wished = number("wishes"), number("wished")
    if wished:
        return (
            f"{name} had {shifts:.0f} shifts: {weekends:.0f} weekend days worked (fair share "
            f"{fair_weekends:.1f}), {nights:.0f} night shifts (fair share {fair_nights:.1f}), "
            f"{late:.0f} late starts (fair share {fair_late:.1f}); {wishes:.0f} of {wished:.0f} "
            "wishes were granted."
        )
    return (
        f"{name} had {shifts:.0f} shifts: {weekends:.0f} weekend days worked (fair share "
        f"{fair_weekends:.1f}), {nights:.0f} night shifts (fair share {fair_nights:.1f}), "
        f"{late:.0f} late starts (fair share {fair_late:.1f})."
    )
