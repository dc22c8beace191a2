"""What the heads that are really rostered will deliver, by interval and by day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from wfm.core.errors import DataError
from wfm.core.types import Requirement, ServiceTarget
from wfm.core.work import CHANNELS, Queue
from wfm.erlang.base import find_model
from wfm.erlang.channels.base import Ask
from wfm.erlang.channels.chat import chat_columns
from wfm.erlang.channels.deferred import deferred_service
from wfm.erlang.channels.voice import columns_of
from wfm.erlang.inputs import Array
from wfm.erlang.promise import level_of

LEAST_BACKLOG = 1e-6  # contacts: less is what rounding leaves
Outcome = Callable[[Ask, Array, Array], dict[str, Array]]


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
        load; of work with due times those of a week in which some of it is late. With no heads at
        all nobody is answered: under `erlang_a` everyone hangs up and `asa_s` is the patience.
        `erlang_c` has no steady state when overloaded: such intervals
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
        at = rows.index.to_numpy()
        ask = _ask(requirement, str(queue), rows.assign(volume=volume[at], aht_s=aht[at]))
        found = _OUTCOMES[ask.settings.kind](ask, load[at], on_contacts[at])
        parts.append(pd.DataFrame(found, index=rows.index))
    outcome = pd.concat(parts)
    outcome["counted"] *= result["volume"]
    outcome["overloaded"] = outcome["overloaded"] > 0.0
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


def _ask(requirement: Requirement, queue: str, rows: pd.DataFrame) -> Ask:
    """What a queue's rows of a requirement were made from."""
    first = rows.iloc[0]

    def number(column: str) -> float | None:
        value = first.get(column)
        return None if value is None or np.isnan(value) else float(value)

    at, chats = number("callback_at"), str(first.get("chat_aht_s") or "")
    interval_s = requirement.interval.total_seconds()
    settings = Queue(
        queue,
        queue,
        channel=str(first.get("channel") or "voice"),
        backlog=_opening_backlog(rows, interval_s),
        chat_aht_s=tuple(float(part) for part in chats.split("|") if part),
        due_h=number("due_h"),
        callback_at=None if at is None else int(at),
        callback_share=number("callback_share"),
    )
    known = settings.kind != "deferred" and "patience_s" in rows
    return Ask(
        rows=rows,
        offered_load=rows["load"].to_numpy(dtype=float),
        settings=settings,
        target=requirement.targets.get(queue, ServiceTarget(0.80)),
        model=requirement.model,
        interval_s=interval_s,
        patience_s=number("patience_s") if known else None,
        min_agents=0.0,
        max_occupancy=None,
        carry_over="auto",
        risk=None,
        week_start=requirement.week_start,
    )


def _opening_backlog(rows: pd.DataFrame, interval_s: float) -> float:
    """Contacts that waited before the first row: what it left, less what came, and what was done.

    Examples
    --------
    Two heads were busy for half an hour, an hour's work came in, and two hours of it are left.

    >>> row = pd.DataFrame({"volume": [12.0], "aht_s": 300.0, "agents": 2, "occupancy": 1.0,
    ...                     "backlog_h": 2.0})
    >>> _opening_backlog(row, 1800.0)
    24.0
    """
    if not {"backlog_h", "occupancy", "agents"} <= set(rows) or rows["backlog_h"].isna().all():
        return 0.0
    first = rows.iloc[0]
    hours = first["backlog_h"] + first["occupancy"] * first["agents"] * interval_s / 3600.0
    seconds = 3600.0 * hours - first["volume"] * first["aht_s"]
    volume = rows["volume"]
    mean = np.average(rows["aht_s"], weights=volume) if volume.sum() else 1.0
    contacts = float(seconds / mean)
    return contacts if contacts > LEAST_BACKLOG else 0.0


def _callers(ask: Ask, load: Array, heads: Array) -> dict[str, Array]:
    columns = columns_of(ask, load, heads)
    level = level_of(ask.target, ask.model)
    lost = columns.get("p_abandon", np.zeros_like(load))
    asa = columns["asa_served_s"]
    if "p_abandon" not in columns:
        asa = np.minimum(asa, ask.interval_s)
    callbacks = columns.get("p_callback", np.zeros_like(load))
    return {
        "service_level": columns[level],
        "abandoned": lost,
        "occupancy": columns["occupancy"],
        "asa_s": asa,
        "overloaded": np.where((load > 0.0) & (heads <= load), 1.0, 0.0),
        "counted": _counted(columns, level, 1.0 - callbacks),
    }


def _chats(ask: Ask, load: Array, heads: Array) -> dict[str, Array]:
    columns = chat_columns(ask, heads)
    busy = columns["slot_utilisation"]
    return {
        "service_level": columns[ask.target.variant],
        "abandoned": columns["p_abandon"],
        "occupancy": busy,
        "asa_s": columns["mean_wait_all_s"],
        "overloaded": np.where((load > 0.0) & (busy >= 1.0), 1.0, 0.0),
        "counted": _counted(columns, ask.target.variant, np.ones_like(load)),
    }


def _counted(columns: dict[str, Array], level: str, offered: Array) -> Array:
    """Share of the contacts that a level is a share of: it is answered in time over these."""
    if level == "sl_handled":
        return offered - columns.get("p_abandon", np.zeros_like(offered))
    if level in ("sl_abandon_counts", "sl_short_counts"):  # these add to what is above the line
        return offered
    in_time, share = columns["sl_offered"], columns[level]
    return offered * np.where(share > 0.0, in_time / np.where(share > 0.0, share, 1.0), 1.0)


def _work(ask: Ask, load: Array, heads: Array) -> dict[str, Array]:
    """Work with due times, where nobody waits on a line."""
    found = deferred_service(ask, heads)
    kept = {name: found[name] for name in ("service_level", "abandoned", "occupancy", "asa_s")}
    over = np.where((load > 0.0) & (kept["service_level"] < 1.0), 1.0, 0.0)
    return kept | {"overloaded": over, "counted": np.ones_like(load)}


_OUTCOMES: dict[str, Outcome] = {
    "voice": _callers,
    "chat": _chats,
    "deferred": _work,
}


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
    callers = "channel" not in frame or frame["channel"].map(CHANNELS).eq("voice").any()
    needs = find_model(requirement.model).needs if callers else ("load", "aht_s")
    missing = [c for c in needs if c not in frame]
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
