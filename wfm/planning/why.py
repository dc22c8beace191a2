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
from wfm.core.types import Forecast, Requirement, ServiceTarget
from wfm.core.work import CHANNELS

STEP_NAMES = {
    "load": "Contacts x handle time",
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
    kept = frame[frame["queue"] == queue] if CHANNELS[channel] == "deferred" else row
    kept = kept.reset_index(drop=True)
    at = int((kept["start"] == pd.Timestamp(start)).argmax())
    one, heads = replace(requirement, frame=kept), kept["agents"].to_numpy(dtype=float)
    found = pd.concat(
        [predict(one, np.maximum(heads + change, 0.0)).iloc[[at]] for change in changes],
        ignore_index=True,
    )
    columns = ["service_level", "asa_s", "abandoned", "occupancy", "overloaded"]
    table = pd.DataFrame({"agents": least + np.array(changes), "change": changes})
    return pd.concat([table, found[columns]], axis=1)


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
