"""New queues: the shape of another queue, or of all of them, at a level of their own."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from wfm.core.calendars import Calendar
from wfm.core.errors import DataError, ForecastError
from wfm.core.types import History
from wfm.forecast.aht import HandleTime
from wfm.forecast.base import ForecastModel
from wfm.forecast.facts import DayFacts, day_facts
from wfm.forecast.grid import DayGrid, day_grid_of
from wfm.forecast.learn import Learned, learn_alone
from wfm.forecast.request import history_of

ENOUGH_DAYS = 28
"""Recorded days from which on a queue stands on its own."""
POOL = "pool"
PRIOR_SLOT = 30.0
"""Contacts that the donor's shape is worth in each slot."""
PRIOR_DAYS = 3.0
"""Ordinary days that the donor's week is worth on each weekday."""
DOUBT, DOUBT_DAYS = 0.04, 7.0
"""Variance of an unknown level, as a share squared, and the days that halve it."""


@dataclass(frozen=True)
class Borrow:
    """Where a new queue takes its shape from.

    Parameters
    ----------
    queue
        Another queue of the history, or `pool` for all others together.
    share
        Expected contacts as a share of the donor's; needed for a queue without any history, and
        worth a week of it otherwise. None reads the level from the queue's own days.
    """

    queue: str = POOL
    share: float | None = None

    def __post_init__(self) -> None:
        if self.share is not None and not 0 < self.share < 1e6:
            message = (
                f"borrow: a share of {self.share:g} cannot be. Write the new queue's contacts as "
                "a share of the other queue's, for example 0.2."
            )
            raise DataError(message)


class Borrowed:
    """The donor's forecast, scaled to the new queue's level, slots and weekdays."""

    def __init__(
        self, donor: ForecastModel, level: float, slots: np.ndarray, weekdays: np.ndarray
    ) -> None:
        self.donor, self.level, self.slots, self.weekdays = donor, level, slots, weekdays

    def fit(self, grid: DayGrid, facts: DayFacts) -> Borrowed:
        """Nothing more to learn."""
        return self

    def predict(self, facts: DayFacts) -> np.ndarray:
        """Mean contacts per slot of the days of `facts`."""
        scale = self.level * self.weekdays[facts.weekday][:, None] * self.slots
        return np.asarray(self.donor.predict(facts) * scale)


def donor_history(history: History, queue: str, borrow: Borrow) -> History:
    """Rows of the donor, named as the new queue.

    Raises
    ------
    DataError
        If there is no such donor.
    """
    others = [name for name in history.queues if name != queue]
    if borrow.queue != POOL and borrow.queue not in others:
        message = (
            f"queue {queue!r}: it is to borrow from {borrow.queue!r}, which is not in the history. "
            f"Use one of {', '.join(others) or 'none'}, or pool."
        )
        raise DataError(message)
    frame = history.frame[history.frame["queue"] != queue]
    if borrow.queue != POOL:
        frame = frame[frame["queue"] == borrow.queue]
        return History(frame.assign(queue=queue), history.interval)
    known = frame[frame["offered"].notna()]
    if known.empty:
        message = f"queue {queue!r}: there is no other queue to borrow from. Add one."
        raise DataError(message)
    spent = known["aht_s"] * known["offered"]
    table = pd.DataFrame(
        {
            "start": known["start"],
            "offered": known["offered"],
            "spent": spent,
            "timed": known["offered"].where(spent.notna()),
        }
    )
    total = table.groupby("start").sum(min_count=1).reset_index()
    pooled = total[["start", "offered"]].assign(
        queue=queue,
        answered=np.nan,
        abandoned=np.nan,
        aht_s=(total["spent"] / total["timed"].where(total["timed"] > 0)).astype(float),
    )
    return History(pooled, history.interval)


def few_days(own: History | None) -> bool:
    """Whether a queue has too few recorded days to stand on its own."""
    if own is None:
        return True
    known = own.frame["start"][own.frame["offered"].notna()]
    return bool(known.dt.tz_localize(None).dt.normalize().nunique() < ENOUGH_DAYS)


def learn_borrowed(
    history: History, queue: str, calendar: Calendar, name: str, leads: int, borrow: Borrow
) -> Learned:
    """Learn a new queue's level from its few days, all else from another's.

    Parameters
    ----------
    history
        All queues.
    queue, calendar, name, leads
        As in `learn_alone`.
    borrow
        Where from.

    Raises
    ------
    ForecastError
        A queue without any known contact and without a share.
    """
    donor = learn_alone(donor_history(history, queue, borrow), queue, calendar, name, leads)
    own = history_of(history, queue)
    source = "all queues" if borrow.queue == POOL else f"queue {borrow.queue!r}"
    called = f"{name}, shape borrowed from {source}"
    known = own.frame["offered"].notna().any() and own.frame["offered"].sum() > 0
    if not known:
        if borrow.share is None:
            example = f"borrow={{{queue!r}: ({borrow.queue!r}, 0.2)}}"
            message = (
                f"queue {queue!r}: it has no contacts yet, so its level is unknown. Say which "
                f"share of {source} it will have, for example {example}."
            )
            raise ForecastError(message)
        ones = np.ones(donor.grid.volume.shape[1])
        model = Borrowed(donor.model, borrow.share, ones, np.ones(7))
        return replace(donor, model=model, name=called, doubt=DOUBT)
    grid = day_grid_of(own, queue)
    facts = day_facts(calendar, queue, grid.days[0].date(), len(grid))
    model = _scaled(donor, grid, facts, borrow.share)
    days = int(grid.seen.sum())
    doubt = DOUBT * DOUBT_DAYS / (DOUBT_DAYS + days) + 1 / float(np.nansum(grid.totals()))
    mine = HandleTime.learn(own, grid, facts)
    timed = mine if np.isfinite(mine.table).any() else donor.handle_time
    whole_week = bool(grid.known_weekdays().sum() >= donor.grid.known_weekdays().sum())
    shown = grid if whole_week else _until(donor.grid, grid.days[-1])
    seen = facts if whole_week else day_facts(calendar, queue, shown.days[0].date(), len(shown))
    return Learned(shown, seen, model, donor.past, timed, called, doubt)


def _scaled(donor: Learned, grid: DayGrid, facts: DayFacts, share: float | None) -> Borrowed:
    """Level, slots and weekdays of the new queue beside what the donor's model says of its days."""
    said = donor.model.predict(facts) * np.isfinite(grid.volume)
    came = np.nan_to_num(grid.volume)
    expected, seen = float(said.sum()), float(came.sum())
    prior = 0.0
    if share is not None and expected > 0:
        prior = expected / max(int(grid.seen.sum()), 1) * DOUBT_DAYS
    level = (seen + prior * (share or 0.0)) / max(expected + prior, 1e-9)
    of_slot, by_slot = level * said.sum(axis=0), came.sum(axis=0)
    slots = (by_slot + PRIOR_SLOT) / (of_slot + PRIOR_SLOT)
    weekday = (facts.weekday == np.arange(7)[:, None]).astype(float)
    of_day = weekday @ (level * said * slots).sum(axis=1)
    by_day = weekday @ came.sum(axis=1)
    prior_day = PRIOR_DAYS * seen / max(int(grid.seen.sum()), 1)
    weekdays = (by_day + prior_day) / (of_day + prior_day)
    return Borrowed(donor.model, level, slots, weekdays)


def _until(grid: DayGrid, last: pd.Timestamp) -> DayGrid:
    """The donor's days up to the new queue's last one."""
    end = int((last - grid.days[0]).days) + 1
    return grid.until(end) if 0 < end < len(grid) else grid
