"""What one queue is asked, and what every channel answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from wfm.core.types import ServiceTarget
from wfm.core.work import Queue
from wfm.erlang.inputs import Array
from wfm.erlang.risk import Risk

CarryOver = Literal["auto", "carried", "steady"]


@dataclass(frozen=True)
class Ask:
    """One queue's intervals and everything its staffing depends on.

    Parameters
    ----------
    rows
        `start queue volume aht_s` of the forecast, in the order of time; volume and handle time
        after self-service took its share.
    offered_load
        Erlangs before self-service, each interval by itself, shape (n,).
    settings
        What the queue sets for itself.
    target, model
        Promise and formula.
    interval_s
        Length of an interval [s].
    patience_s
        Mean patience, None where the formula knows none.
    min_agents, max_occupancy
        Conditions beside the promise.
    carry_over
        Whether contacts in progress count in the next interval.
    risk
        Of the forecast, for these rows; None without a confidence.
    week_start
        Day on which weeks begin.
    """

    rows: pd.DataFrame
    offered_load: Array
    settings: Queue
    target: ServiceTarget
    model: str
    interval_s: float
    patience_s: float | None
    min_agents: float
    max_occupancy: float | None
    carry_over: CarryOver
    risk: Risk | None
    week_start: str = "Mon"

    @property
    def volume(self) -> Array:
        """Contacts of each interval."""
        return self.rows["volume"].to_numpy(dtype=float)

    @property
    def aht_s(self) -> Array:
        """Handle time of each interval; 1 where there is no contact and it is not known."""
        aht = self.rows["aht_s"].to_numpy(dtype=float)
        return np.where(aht > 0.0, aht, 1.0)

    @property
    def steady_load(self) -> Array:
        """Erlangs, each interval by itself."""
        return self.volume * self.aht_s / self.interval_s


@dataclass(frozen=True)
class Answer:
    """Heads on contacts of each interval, how they came about, and what they will bring.

    Parameters
    ----------
    load
        Erlangs that the staffing carries.
    exact, whole
        Heads on contacts before and after rounding.
    steps
        Heads that each step adds, by the names of `columns.STEPS`; `rounding` is that of the heads
        on contacts alone. They add up to `whole`.
    service
        `service_level abandoned occupancy asa_s sl_minus_1 sl_plus_1`.
    extra
        Further columns of the requirement.
    assumed, flags
        Marks of each row.
    """

    load: Array
    exact: Array
    whole: npt.NDArray[np.int64]
    steps: Mapping[str, Array]
    service: Mapping[str, Array]
    extra: Mapping[str, object] = field(default_factory=dict)
    assumed: tuple[str, ...] = ()
    flags: Mapping[str, npt.NDArray[np.bool_]] = field(default_factory=dict)
