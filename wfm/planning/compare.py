"""Two versions of the same thing side by side: figures, days, and the shifts that changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd

from wfm.core.errors import DataError
from wfm.core.served import in_line, weighed
from wfm.core.types import Forecast, Requirement, Schedule
from wfm.planning.money import contact_costs, cost_of_contact
from wfm.planning.service import predict_service

COLUMNS = ("measure", "unit", "first", "second", "change")


def compare(
    first: Forecast | Requirement | Schedule,
    second: Forecast | Requirement | Schedule,
    *,
    needs: tuple[Requirement | None, Requirement | None] = (None, None),
) -> pd.DataFrame:
    """Figures of two forecasts, two requirements or two schedules, and their difference.

    Parameters
    ----------
    first, second
        Two values of one kind.
    needs
        With schedules: the requirement each was made for, for the service it will bring.

    Returns
    -------
    pandas.DataFrame
        `measure unit first second change`; a figure that only one of them has is NaN in the other.

    Raises
    ------
    DataError
        Values of different kinds.
    """
    kind = type(first)
    if type(second) is not kind or kind not in _FIGURES:
        names = " and ".join(type(value).__name__ for value in (first, second))
        message = f"compare: {names} cannot be compared. Give two of one kind."
        raise DataError(message)
    one, two = _FIGURES[kind](first, needs[0]), _FIGURES[kind](second, needs[1])
    rows = []
    for measure, unit in dict.fromkeys([*one, *two]):
        left, right = one.get((measure, unit), np.nan), two.get((measure, unit), np.nan)
        rows.append((measure, unit, left, right, right - left))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def side_by_side(
    schedules: Mapping[str, Schedule], needs: Mapping[str, Requirement | None] | None = None
) -> pd.DataFrame:
    """Figures of several schedules, one column each.

    Parameters
    ----------
    schedules
        Scenarios by name.
    needs
        The requirement each was made for, by name, for the service it will bring.

    Returns
    -------
    pandas.DataFrame
        `measure unit` and a column for each name; a figure that a schedule has not is NaN.
    """
    figures = {
        name: _FIGURES[Schedule](schedule, (needs or {}).get(name))
        for name, schedule in schedules.items()
    }
    keys = dict.fromkeys(key for found in figures.values() for key in found)
    table = pd.DataFrame(list(keys), columns=["measure", "unit"])
    for name, found in figures.items():
        table[name] = [found.get(key, np.nan) for key in keys]
    return table


def compare_days(
    first: Forecast | Requirement | Schedule, second: Forecast | Requirement | Schedule
) -> pd.DataFrame:
    """`day queue first second` of what each is about: contacts, agent hours or rostered hours."""
    one, two = _by_day(first).rename("first"), _by_day(second).rename("second")
    return pd.concat([one, two], axis=1).sort_index().reset_index()


def changed_shifts(first: Schedule, second: Schedule) -> pd.DataFrame:
    """Shifts that are not the same in both: `agent day first second` with their hours as text.

    Examples
    --------
    A shift that only one of them has is empty in the other; equal ones are left out.
    """
    one, two = _shifts(first).rename("first"), _shifts(second).rename("second")
    both = pd.concat([one, two], axis=1).fillna("")
    changed = both[both["first"] != both["second"]]
    return changed.sort_index().reset_index()


Figures = dict[tuple[str, str], float]


def _of_forecast(made: Any, _: Requirement | None) -> Figures:
    found: Figures = {("Contacts", "contacts"): float(made.frame["volume"].sum())}
    for queue, rows in made.frame.groupby("queue", sort=True):
        found[f"Contacts, {queue}", "contacts"] = float(rows["volume"].sum())
    days = made.days()
    totals = days.groupby("day")["volume"].sum()
    found["Busiest day", "contacts"] = float(totals.max())
    known = made.frame["aht_s"].notna() & (made.frame["volume"] > 0)
    if known.any():
        rows = made.frame[known]
        found["AHT", "s"] = float(np.average(rows["aht_s"], weights=rows["volume"]))
    return found


def _of_requirement(made: Any, _: Requirement | None) -> Figures:
    frame, hours = made.frame, made.interval / timedelta(hours=1)
    found: Figures = {}
    if "volume" in frame:
        found["Contacts", "contacts"] = float(frame["volume"].sum())
    found["On contacts", "h"] = float(frame["agents"].sum() * hours)
    found["On the roster", "h"] = float(frame["scheduled"].sum() * hours)
    found["Most at once", "agents"] = float(frame.groupby("start")["scheduled"].sum().max())
    for column, name in (
        ("service_level", "Service level"),
        ("abandoned", "Abandoned"),
    ):
        known = frame[frame[column].notna()] if column in frame else frame.iloc[:0]
        if len(known) and known["volume"].sum():  # work that waits for quiet periods has no level
            waited = in_line(known["queue"], made)
            weight = weighed(known["volume"], waited)
            found[name, "share"] = float(np.average(known[column], weights=weight))
    if "occupancy" in frame and frame["agents"].sum():
        found["Occupancy", "share"] = float(np.average(frame["occupancy"], weights=frame["agents"]))
    return found


def _of_schedule(made: Any, need: Requirement | None) -> Figures:
    hours = made.interval / timedelta(hours=1)
    cover = made.coverage[["required", "scheduled", "under", "over"]].sum() * hours
    shifts = _shifts(made)
    found: Figures = {
        ("Paid", "h"): made.hours,
        ("Cost", "money"): made.cost,
        ("People working", "agents"): float(shifts.index.get_level_values("agent").nunique()),
        ("Shifts", "shifts"): float(len(shifts)),
        ("Required", "h"): float(cover["required"]),
        ("Rostered on queues", "h"): float(cover["scheduled"]),
        ("Missing", "h"): float(cover["under"]),
        ("More than required", "h"): float(cover["over"]),
        ("Outbound wanted", "h"): float(made.outbound["target_h"].sum()),
        ("Outbound placed", "h"): float(made.outbound["placed_h"].sum()),
        ("Gap to the proven bound", "share"): made.gap if made.bounded else float("nan"),
    }
    if need is not None and need.model:
        service = predict_service(made, need)
        weight = weighed(service["volume"], in_line(service["queue"], need))
        if weight.sum():
            for column, name in (("service_level", "Service level"), ("abandoned", "Abandoned")):
                found[name, "share"] = float(np.average(service[column], weights=weight))
            costs = contact_costs(made, need)
            for work, name in (
                ("inbound", "Cost of a contact answered"),
                ("outbound", "Cost of a contact reached"),
            ):
                if work in set(costs["work"]):
                    found[name, "money"] = cost_of_contact(costs, work)
    return found


_FIGURES: dict[type, Callable[[Any, Requirement | None], Figures]] = {
    Forecast: _of_forecast,
    Requirement: _of_requirement,
    Schedule: _of_schedule,
}


def _by_day(made: Any) -> pd.Series:
    """What a value is about, by local day and queue."""
    if isinstance(made, Forecast):
        frame, values, scale = made.frame, made.frame["volume"], 1.0
    elif isinstance(made, Requirement):
        frame, values = made.frame, made.frame["scheduled"]
        scale = made.interval / timedelta(hours=1)
    else:
        frame, values = made.coverage, made.coverage["scheduled"]
        scale = made.interval / timedelta(hours=1)
    day = frame["start"].dt.tz_localize(None).dt.normalize().rename("day")
    sums: pd.Series = (values * scale).groupby([day, frame["queue"]]).sum()
    return sums


def _shifts(made: Schedule) -> pd.Series:
    """Hours of each shift as text, by agent and the day it begins."""
    if made.frame.empty:
        index = pd.MultiIndex.from_arrays([[], []], names=["agent", "day"])
        return pd.Series([], index=index, dtype=str)
    blocks = made.frame.sort_values(["agent", "start"])
    before = blocks.groupby("agent")["end"].shift()
    shift = (before != blocks["start"]).cumsum()
    whole = blocks.groupby(["agent", shift.rename("shift")]).agg(
        start=("start", "min"), end=("end", "max")
    )
    day = whole["start"].dt.tz_localize(None).dt.normalize().rename("day")
    text = whole["start"].dt.strftime("%H:%M") + "-" + whole["end"].dt.strftime("%H:%M")
    agent = whole.index.get_level_values("agent")
    return pd.Series(text.to_numpy(), index=pd.MultiIndex.from_arrays([agent, day]))
