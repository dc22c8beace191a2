"""From a forecast to the agents it needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from wfm.core.shrinkage import Shrinkage
from wfm.core.types import Forecast, Requirement, ServiceTarget
from wfm.core.work import Queue

if TYPE_CHECKING:
    pass


def staff(
    forecast: Forecast,
    target: ServiceTarget | Mapping[str, ServiceTarget],
    model: str = "erlang_a",
    aht_s: float | Mapping[str, float] | None = None,
    patience_s: float | Mapping[str, float] | None = None,
    shrinkage: float | Shrinkage | Mapping[str, float | Shrinkage] = 0.10,
    min_agents: int | Mapping[str, int] = 0,
    max_occupancy: float | Mapping[str, float] | None = None,
    carry_over: Literal["auto", "carried", "steady"] = "auto",
    queues: Sequence[Queue] = (),
    week_start: str = "Mon",
) -> Requirement:
    """Return the agents each interval needs for the target, on contacts and on the roster.

    Parameters
    ----------
    forecast
        Its mean volume and AHT are staffed.
    target
        One for all queues, or one for each.
    model
        `erlang_c` (nobody hangs up) or `erlang_a` (callers hang up after `patience_s` on average).
    aht_s
        Handle time where the forecast has none [s]; such rows are marked as assumed.
    patience_s
        Mean patience [s], Erlang A only; None assumes 120 s and marks the rows as assumed.
    shrinkage
        Share of paid time away from contacts that the schedule does not place itself, [0, 1); or
        its components by weekday and month.
    min_agents
        Least heads on contacts in an open interval.
    max_occupancy
        Most share of time on contacts, None for no limit.
    carry_over
        `carried` follows contacts that began in the interval before, `steady` staffs each interval
        by itself, `auto` is `carried` for handle times of half an interval and longer.
    queues
        What queues set for themselves: channel, chats at once, due times, backlog, self-service,
        callback offer. Targets, patience and handle times are arguments of their own.
    week_start
        Day on which weeks begin (Mon, Sun, Sat): work with due times has level heads each week.

    Returns
    -------
    Requirement
        Heads on contacts and on the roster, the service they bring, and the steps to them
        (`explain_requirement`).

    Raises
    ------
    DataError
        Unknown handle times, a promise the model cannot answer, or a number that cannot be.
    """
    from wfm.erlang.requirement import requirement

    return requirement(
        forecast,
        target,
        model=model,
        aht_s=aht_s,
        patience_s=patience_s,
        shrinkage=shrinkage,
        min_agents=min_agents,
        max_occupancy=max_occupancy,
        carry_over=carry_over,
        queues=queues,
        week_start=week_start,
    )
