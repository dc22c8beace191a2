"""What the heads that are really rostered will deliver, by interval and by day."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from wfm.core.errors import DataError
from wfm.core.types import Requirement, ServiceTarget
from wfm.erlang.base import find_model
from wfm.erlang.inputs import Array, Inputs
from wfm.erlang.requirement import level_of


def predict(requirement: Requirement, heads: npt.ArrayLike) -> pd.DataFrame:
    """Service level, abandonment, occupancy and ASA of each interval with given heads.

    Parameters
    ----------
    requirement
        What was needed; its load, handle time, patience, model and targets are used.
    heads
        Heads on contacts, fractions allowed: one number, or one for each row of
        `requirement.frame` in its order. Rostered heads are `scheduled`; multiply them by
        ``1 - shrinkage`` first.

    Returns
    -------
    pandas.DataFrame
        `start queue volume load heads service_level abandoned occupancy asa_s overloaded counted`.
        The service level is counted as the queue's target counts it; `counted` are the contacts
        it is a share of. `overloaded` marks intervals with contacts whose heads do not exceed the
        load. With no heads at all nobody is answered: under `erlang_a` everyone hangs up and
        `asa_s` is the patience. `erlang_c` has no steady state when overloaded: such intervals
        get service level 0, occupancy 1, and, as the longest wait any interval of `erlang_c`
        is given, an `asa_s` of the interval's length.

    Raises
    ------
    DataError
        A requirement without load and handle times, or heads that do not fit it.

    Examples
    --------
    >>> start = pd.DatetimeIndex(["2026-03-02 10:00"], tz="Europe/Istanbul")
    >>> frame = pd.DataFrame({"start": start, "queue": "support", "load": 15.0, "aht_s": 300.0,
    ...                       "patience_s": 120.0, "agents": 17, "scheduled": 19})
    >>> need = Requirement(frame, pd.Timedelta("30min").to_pytimedelta(), model="erlang_a")
    >>> predict(need, 18 * 0.9)[["service_level", "overloaded"]].round(4).values.tolist()
    [[0.7656, False]]
    """
    frame = requirement.frame
    on_contacts = _checked_heads(requirement, heads)
    seconds = requirement.interval.total_seconds()
    load = frame["load"].to_numpy(dtype=float)
    aht = frame["aht_s"].to_numpy(dtype=float)
    aht = np.where(aht > 0.0, aht, 1.0)
    volume = frame["volume"].to_numpy(dtype=float) if "volume" in frame else load * seconds / aht
    result = frame[["start", "queue"]].copy()
    result["volume"], result["load"], result["heads"] = volume, load, on_contacts
    parts = []
    for queue, rows in frame.groupby("queue", sort=True):
        target = requirement.targets.get(str(queue), ServiceTarget(0.80))
        at = rows.index.to_numpy()
        patience = rows["patience_s"].to_numpy(dtype=float) if "patience_s" in rows else None
        asked = Inputs(
            load=load[at],
            agents=on_contacts[at],
            aht_s=aht[at],
            patience_s=patience,
            threshold_s=np.full(at.size, target.within_s),
        )
        parts.append(_outcome(asked, requirement.model, target, seconds, rows.index))
    outcome = pd.concat(parts)
    outcome["counted"] *= result["volume"]
    return result.join(outcome)


def predict_days(prediction: pd.DataFrame, interval: timedelta) -> pd.DataFrame:
    """Days of a prediction: its shares weighted by the contacts they are shares of.

    Parameters
    ----------
    prediction
        What `predict` returns.
    interval
        Length of its intervals.

    Returns
    -------
    pandas.DataFrame
        `day queue volume heads_h service_level abandoned occupancy asa_s overloaded` (head-hours on
        contacts; the number of overloaded intervals). `day` is the local day. A day without
        contacts has service level 1; the ASA weighs by answered contacts, the occupancy by heads.

    Examples
    --------
    >>> start = pd.date_range("2026-03-02 10:00", periods=2, freq="30min", tz="Europe/Istanbul")
    >>> frame = pd.DataFrame({"start": start, "queue": "support", "load": [15.0, 12.0],
    ...                       "aht_s": 300.0, "patience_s": 120.0, "agents": 17, "scheduled": 19})
    >>> half_hour = pd.Timedelta("30min").to_pytimedelta()
    >>> need = Requirement(frame, half_hour, model="erlang_a")
    >>> days = predict_days(predict(need, [17, 17]), half_hour)
    >>> days[["volume", "heads_h", "service_level"]].round(3).values.tolist()
    [[162.0, 17.0, 0.873]]
    """
    day = prediction["start"].dt.tz_localize(None).dt.normalize()
    answered = prediction["volume"] * (1.0 - prediction["abandoned"])
    parts = pd.DataFrame(
        {
            "queue": prediction["queue"],
            "day": day,
            "volume": prediction["volume"],
            "heads": prediction["heads"],
            "counted": prediction["counted"],
            "good": prediction["counted"] * prediction["service_level"],
            "lost": prediction["volume"] * prediction["abandoned"],
            "busy": prediction["heads"] * prediction["occupancy"],
            "answered": answered,
            "waited": answered * prediction["asa_s"],
            "all_waited": prediction["volume"] * prediction["asa_s"],
            "overloaded": prediction["overloaded"].astype(int),
        }
    )
    total = parts.groupby(["queue", "day"], sort=True).sum()
    hours = interval.total_seconds() / 3600.0
    asa = _ratio(total["waited"], total["answered"], _ratio(total["all_waited"], total["volume"]))
    days = pd.DataFrame(
        {
            "volume": total["volume"],
            "heads_h": total["heads"] * hours,
            "service_level": _ratio(total["good"], total["counted"], 1.0),
            "abandoned": _ratio(total["lost"], total["volume"]),
            "occupancy": _ratio(total["busy"], total["heads"]),
            "asa_s": asa,
            "overloaded": total["overloaded"],
        }
    ).reset_index()
    return days[["day", *(c for c in days.columns if c != "day")]]


def _outcome(
    asked: Inputs, model: str, target: ServiceTarget, seconds: float, index: pd.Index
) -> pd.DataFrame:
    columns = find_model(model).columns(asked)
    level = level_of(target, model)
    lost = columns.get("p_abandon", np.zeros_like(asked.load))
    asa = columns["asa_served_s"]
    if "p_abandon" not in columns:
        asa = np.minimum(asa, seconds)
    counted = np.ones_like(asked.load)
    if level == "sl_handled":
        counted = 1.0 - lost
    elif level == "sl_excl_short_abandon":
        counted = 1.0 - columns["p_abandon_within_T"]
    return pd.DataFrame(
        {
            "service_level": columns[level],
            "abandoned": lost,
            "occupancy": columns["occupancy"],
            "asa_s": asa,
            "overloaded": (asked.load > 0.0) & (asked.agents <= asked.load),
            "counted": counted,
        },
        index=index,
    )


def _checked_heads(requirement: Requirement, heads: npt.ArrayLike) -> Array:
    frame = requirement.frame
    if frame.empty:
        message = "requirement: it has no intervals to predict. Check its days and the schedule's."
        raise DataError(message)
    if not requirement.model or "sl_offered" not in find_model(requirement.model).senses:
        message = (
            "requirement: no service level can be predicted without erlang_a or erlang_c. Make the "
            "requirement from a forecast, or give it a load, handle times and a model."
        )
        raise DataError(message)
    missing = [c for c in find_model(requirement.model).needs if c not in frame]
    if missing:
        message = (
            f"requirement: {requirement.model} cannot predict without columns "
            f"{', '.join(missing)}. Add them, or make the requirement from a forecast."
        )
        raise DataError(message)
    on_contacts = np.asarray(heads, dtype=float)
    if on_contacts.ndim == 0:
        on_contacts = np.full(len(frame), float(on_contacts))
    if on_contacts.shape != (len(frame),):
        message = (
            f"heads: {on_contacts.size} values for {len(frame)} rows of the requirement. Give one "
            "for each row, in its order."
        )
        raise DataError(message)
    wrong = ~((on_contacts >= 0.0) & np.isfinite(on_contacts))
    if wrong.any():
        first = frame.loc[wrong].iloc[0]
        message = (
            f"heads: {on_contacts[wrong][0]:g} for queue {first['queue']} at {first['start']}. "
            "Write 0 or more."
        )
        raise DataError(message, rows=frame.loc[wrong])
    return on_contacts


def _ratio(part: pd.Series, whole: pd.Series, otherwise: pd.Series | float = 0.0) -> pd.Series:
    """Quotient, or something known where there is nothing to divide by."""
    return (part / whole.where(whole > 0.0, 1.0)).where(whole > 0.0, otherwise)
