"""Shrinkage by component: which share of paid time is away from contacts, and who plans it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from wfm.core.errors import DataError

MOST_SHARE = 0.95


@dataclass(frozen=True)
class ShrinkageComponent:
    """One reason for time away from contacts.

    Parameters
    ----------
    component
        Its name: sickness, coaching, breaks, ...
    share
        Of paid time, from 0 to below 0.95.
    weekdays, months
        Days of the week (0 is Monday) and months (1 is January) in which it applies; empty: all.
    placed
        Whether the schedule places this time itself, as it does breaks and training. It is then
        shown and not counted: counting it here as well would count it twice.
    """

    component: str
    share: float
    weekdays: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    placed: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.share < MOST_SHARE:
            message = (
                f"shrinkage {self.component!r}: share is {self.share:g}. Write a share of paid "
                f"time from 0 to below {MOST_SHARE:g}, for example 0.06 for 6 %."
            )
            raise DataError(message)


@dataclass(frozen=True)
class Shrinkage:
    """The components together: shares of the same paid time, so that they add up.

    Raises
    ------
    DataError
        On some day of the year they add up to 0.95 or more.

    Examples
    --------
    Sickness all year, more of it in January; breaks are placed by the schedule.

    >>> table = Shrinkage((ShrinkageComponent("sickness", 0.05),
    ...                    ShrinkageComponent("flu", 0.03, months=(1,)),
    ...                    ShrinkageComponent("breaks", 0.08, placed=True)))
    >>> table.on(pd.DatetimeIndex(["2026-01-05 10:00", "2026-06-01 10:00"])).round(9).tolist()
    [0.08, 0.05]
    """

    components: tuple[ShrinkageComponent, ...] = ()

    def __post_init__(self) -> None:
        if self.most() >= MOST_SHARE:
            message = (
                f"shrinkage: the components add up to {self.most():.0%} on some days. Lower them, "
                "or mark those that the schedule places."
            )
            raise DataError(message)

    def on(self, stamps: pd.Series | pd.DatetimeIndex) -> npt.NDArray[np.float64]:
        """Share of paid time away from contacts at each stamp, without what the schedule places."""
        index = pd.DatetimeIndex(stamps)
        total = np.zeros(len(index))
        for item in self.components:
            if item.placed:
                continue
            applies = np.ones(len(index), dtype=bool)
            if item.weekdays:
                applies &= np.isin(index.day_of_week, item.weekdays)
            if item.months:
                applies &= np.isin(index.month, item.months)
            total[applies] += item.share
        return total

    def most(self) -> float:
        """The most of any day."""
        every = pd.DatetimeIndex(
            [f"2024-{m:02d}-{d:02d}" for m in range(1, 13) for d in range(1, 8)]
        )
        return float(self.on(every).max())
