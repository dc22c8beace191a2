"""Why so many agents: the steps from contacts to the roster, and what one agent more brings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

from wfm.core.columns import STEPS
from wfm.core.errors import DataError
from wfm.core.types import Forecast, Requirement, Schedule, ServiceTarget
from wfm.core.work import CHANNELS

STEP_NAMES = {
    "load": "Contacts × handle time",
    "deflection": "Self-service",
    "carry_over": "Contacts carried over",
    "channel": "Several at once, moved to due times, callbacks",
    "randomness": "Buffer for randomness, less hanging up",
    "risk": "Forecast risk",
    "rules": "Occupancy or minimum",
    "scope": "Kept over the day",
    "shrinkage": "Shrinkage",
    "rounding": "Rounding up",
}
CURVE = ("service_level", "asa_s", "abandoned", "occupancy")
CONFIDENCES = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)


def explain_requirement(requirement: Requirement, by: str = "interval") -> pd.DataFrame:
    """The steps from the offered load to the heads to roster; they add up to `scheduled`.

    Parameters
    ----------
    requirement
        Made by `staff`.
    by
        `"interval"`, or `"day"` for agent hours of each local day.

    Returns
    -------
    pandas.DataFrame
        By interval `start queue load deflection carry_over channel randomness risk rules scope
        shrinkage rounding scheduled` in heads; by day the same with `day` in agent hours.

    Raises
    ------
    DataError
        A requirement of one's own, which has no steps.
    """
    if by not in ("interval", "day"):
        message = f"explain_requirement: by={by!r} is not known. Use 'interval' or 'day'."
        raise DataError(message)
    frame = requirement.frame
    missing = [name for name in STEPS if f"step_{name}" not in frame]
    if missing:
        message = (
            "requirement: it does not say how it came about. Make it with staff, or take its "
            "agents as they are."
        )
        raise DataError(message)
    parts = {name: frame[f"step_{name}"] for name in STEPS}
    table = pd.DataFrame({"start": frame["start"], "queue": frame["queue"], **parts})
    table["scheduled"] = frame["scheduled"].astype(float)
    if by == "interval":
        return table
    day = table["start"].dt.tz_localize(None).dt.normalize().rename("day")
    hours = requirement.interval / timedelta(hours=1)
    sums = table.groupby([day, "queue"], sort=True)[[*STEPS, "scheduled"]].sum() * hours
    return sums.reset_index()


def service_curve(
    requirement: Requirement, queue: str, start: datetime, around: int = 3
) -> pd.DataFrame:
    """Service of one interval with a few agents less and more on contacts.

    Parameters
    ----------
    requirement
        Made by `staff`.
    queue, start
        The interval.
    around
        Agents to show on either side; fewer where there are not so many.

    Returns
    -------
    pandas.DataFrame
        `agents change service_level asa_s abandoned occupancy overloaded`.

    Raises
    ------
    DataError
        There is no such interval.
    """
    from wfm.erlang import predict

    frame = requirement.frame
    row = frame[(frame["queue"] == queue) & (frame["start"] == pd.Timestamp(start))]
    if row.empty:
        message = f"requirement: queue {queue!r} has no interval at {start}. Choose one of its own."
        raise DataError(message)
    least = int(row["agents"].iloc[0])
    changes = [change for change in range(-around, around + 1) if least + change >= 0]
    # Work with due times is kept by the whole week's heads, callers by those of the interval.
    channel = str(row["channel"].iloc[0]) if "channel" in row else "voice"
    if CHANNELS[channel] == "deferred":
        kept = frame[frame["queue"] == queue].reset_index(drop=True)
        at = int((kept["start"] == pd.Timestamp(start)).argmax())
        one, heads = replace(requirement, frame=kept), kept["agents"].to_numpy(dtype=float)
        told = [predict(one, np.maximum(heads + change, 0.0)).iloc[[at]] for change in changes]
        found = pd.concat(told, ignore_index=True)
    else:
        alike = row.loc[row.index.repeat(len(changes))].reset_index(drop=True)
        step = requirement.interval.total_seconds()  # no interval twice
        alike["start"] += pd.to_timedelta(step * np.arange(len(changes)), unit="s")
        found = predict(replace(requirement, frame=alike), least + np.array(changes, dtype=float))
    columns = [*CURVE, "overloaded"]
    table = pd.DataFrame({"agents": least + np.array(changes), "change": changes})
    return pd.concat([table, found[columns]], axis=1)


def service_around(requirement: Requirement, around: int = 3) -> pd.DataFrame:
    """`service_curve` of every interval, one row each.

    Parameters
    ----------
    requirement
        Made by `staff`.
    around
        Agents to show on either side.

    Returns
    -------
    pandas.DataFrame
        `start queue agents`, and for each measure of the curve its columns `service_level-3` to
        `service_level+3`; empty where there are not so many agents to take away.
    """
    from wfm.erlang import predict

    frame = requirement.frame
    heads = frame["agents"].to_numpy(dtype=float)
    changes = range(-around, around + 1)
    found = {change: predict(requirement, np.maximum(heads + change, 0.0)) for change in changes}
    table = {name: frame[name] for name in ("start", "queue", "agents")}
    for measure in CURVE:
        for change, service in found.items():
            known = heads + change >= 0.0
            table[f"{measure}{change:+d}"] = service[measure].where(known)
    return pd.DataFrame(table)


def covered_curve(schedule: Schedule, requirement: Requirement) -> pd.DataFrame | None:
    """`service_around` of the days a schedule covers; None for a requirement without a model."""
    if not requirement.model or not {f"step_{name}" for name in STEPS} <= set(requirement.frame):
        return None
    start = requirement.frame["start"].dt.tz_localize(None).dt.normalize()
    first = pd.Timestamp(schedule.first_day)
    inside = (start >= first) & (start < first + timedelta(days=schedule.days))
    if not inside.any():
        return None
    frame = requirement.frame[inside].reset_index(drop=True)
    return service_around(replace(requirement, frame=frame))


def requirement_notes(frame: pd.DataFrame, interval: timedelta) -> list[str]:
    """What a planner should look at in some rows of a requirement, a sentence each.

    Parameters
    ----------
    frame
        Rows of a requirement, of one queue or several.
    interval
        Its interval.

    Returns
    -------
    list of str
        The saving of a promise kept over the day, intervals where carry-over matters or agents
        are busy, work that waits at the end, and callbacks promised; empty when there is nothing.

    Examples
    --------
    >>> rows = pd.DataFrame({"queue": "a", "step_scope": [-3.0, -1.0], "flags": ["busy", ""]})
    >>> requirement_notes(rows, timedelta(minutes=30))
    ... # doctest: +NORMALIZE_WHITESPACE
    ['Keeping the promise over the day saves 2 contact hours.',
     'In 1 interval the occupancy is above 88 %.']
    """
    hours, told = interval / timedelta(hours=1), []
    saved = -frame["step_scope"].sum() * hours if "step_scope" in frame else 0.0
    if saved > 0:
        told.append(f"Keeping the promise over the day saves {saved:,.0f} contact hours.")
    flags = frame["flags"].fillna("") if "flags" in frame else pd.Series(dtype=str)
    carried, busy = (int(flags.str.contains(name).sum()) for name in ("carry_over", "busy"))
    if carried:
        told.append(
            f"In {_intervals(carried)} contacts carried over change the need by more than one "
            "agent."
        )
    if busy:
        told.append(f"In {_intervals(busy)} the occupancy is above 88 %.")
    if "backlog_h" in frame and frame["backlog_h"].notna().any():
        left = frame.groupby("queue")["backlog_h"].last().sum()
        told.append(f"{left:,.1f} hours of work wait at the end; none of it is late.")
    waits = frame["quiet_h"].sum() if "quiet_h" in frame else 0.0
    if waits > 0:
        told.append(f"{waits:,.1f} hours of work wait for quiet periods of the schedule.")
    promised = frame["deferred_load"].sum() * hours if "deferred_load" in frame else 0.0
    if promised > 0:
        told.append(
            f"{promised:,.1f} hours of callbacks are promised. They are staffed only where a queue "
            "of the channel callback holds them."
        )
    return told


def _intervals(count: int) -> str:
    return f"{count:,} interval" + ("s" if count != 1 else "")


def price_of_confidence(
    forecast: Forecast,
    target: ServiceTarget | Mapping[str, ServiceTarget],
    confidences: Sequence[float] = CONFIDENCES,
    **settings: Any,
) -> pd.DataFrame:
    """Agent hours on contacts for each confidence, beside those for the forecast itself.

    Parameters
    ----------
    forecast
        With bands, as `make_forecast` gives it.
    target, settings
        As for `staff`.
    confidences
        Shares of days on which the promise is kept.

    Returns
    -------
    pandas.DataFrame
        `confidence hours more`: the sum over the horizon and queues, and how much above the
        forecast's own.
    """
    from wfm.planning.steps import staff

    given = target if isinstance(target, Mapping) else dict.fromkeys(forecast.queues, target)

    def need(confidence: float | None) -> Requirement:
        asked = {name: replace(one, confidence=confidence) for name, one in given.items()}
        return staff(forecast, asked, **settings)

    return price_table(need, confidences)


def price_table(
    need: Callable[[float | None], Requirement],
    confidences: Sequence[float] = CONFIDENCES,
    now: float | None = None,
) -> pd.DataFrame:
    """`confidence hours more` of the requirements that `need` makes, against the one at `now`."""

    def hours(confidence: float | None) -> float:
        made = need(confidence)
        return float(made.frame["agents"].sum() * (made.interval / timedelta(hours=1)))

    found = np.array([hours(confidence) for confidence in confidences])
    return pd.DataFrame(
        {"confidence": list(confidences), "hours": found, "more": found - hours(now)}
    )
