"""Handle time by weekday and slot, weighted by contacts and shrunk to the whole."""

from __future__ import annotations

import numpy as np

from wfm.core.types import History
from wfm.forecast.facts import DayFacts
from wfm.forecast.grid import DayGrid, day_grid_of

HALF_LIFE_DAYS = 56.0
PRIOR_CALLS = 50.0
"""Contacts that a wider mean is worth beside an interval's own."""


def aht_table(history: History, grid: DayGrid, facts: DayFacts) -> np.ndarray:
    """Mean handle time of each weekday and slot [s].

    An interval's mean counts by its contacts (answered where known, else offered), halved every
    56 days. A slot of a weekday is shrunk to that slot of all weekdays, a slot to the whole, each
    wider mean worth 50 contacts.

    Parameters
    ----------
    history
        Holds `aht_s`, by interval.
    grid
        The queue's days.
    facts
        Of the same days; those kept out of learning are left out.

    Returns
    -------
    numpy.ndarray
        shape (7, slots); NaN everywhere when the history holds no handle time.
    """
    frame = history.frame[history.frame["queue"] == grid.queue]
    slots = grid.volume.shape[1]
    calls = frame["answered"].fillna(frame["offered"]).to_numpy(dtype=float)
    usable = frame["aht_s"].notna().to_numpy() & (calls > 0)
    if not usable.any():
        return np.full((7, slots), np.nan)
    known = frame.loc[usable].assign(offered=calls[usable])
    spent = known.assign(offered=known["offered"] * known["aht_s"])
    number = _laid(history, grid, known)
    time = _laid(history, grid, spent)
    age = np.arange(len(grid) - 1, -1, -1)
    weight = np.where(facts.excluded, 0.0, 0.5 ** (age / HALF_LIFE_DAYS))
    if not (number * weight[:, None]).sum() > 0:
        weight = np.ones(len(grid))
    member = (facts.weekday == np.arange(7)[:, None]) * weight
    n, t = member @ number, member @ time
    whole = t.sum() / n.sum()
    by_slot = (t.sum(axis=0) + PRIOR_CALLS * whole) / (n.sum(axis=0) + PRIOR_CALLS)
    return np.asarray((t + PRIOR_CALLS * by_slot) / (n + PRIOR_CALLS))


def _laid(history: History, grid: DayGrid, frame: object) -> np.ndarray:
    """Sum of a column of part of the history's rows on the grid's days; 0 where nothing is."""
    part = History(frame, history.interval)  # type: ignore[arg-type]
    laid = day_grid_of(part, grid.queue)
    full = np.zeros(grid.volume.shape)
    first = int((laid.days[0] - grid.days[0]).days)
    value = np.nan_to_num(laid.volume) * np.maximum(laid.rows, 1)
    keep = (np.arange(len(laid)) + first >= 0) & (np.arange(len(laid)) + first < len(grid))
    full[np.arange(len(laid))[keep] + first] = value[keep]
    return full
