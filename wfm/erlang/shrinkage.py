"""Heads on contacts to heads on the roster, and back: shrinkage divides."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from wfm.core.errors import DataError
from wfm.erlang.inputs import Array

NOISE = 1e-9  # heads: 90 / 0.9 is 100, not the 100.00000000000001 of floating point


def scheduled_heads(agents: npt.ArrayLike, shrinkage: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Whole heads to roster so that `agents` are left on contacts.

    Parameters
    ----------
    agents
        Heads needed on contacts, 0 or more.
    shrinkage
        Share of the rostered time that is not on contacts, in [0, 1). Breaks, meetings and known
        absences that the schedule places itself do not belong in it.

    Returns
    -------
    array of int
        ``agents / (1 - shrinkage)``, rounded up once.

    Raises
    ------
    DataError
        Shrinkage outside [0, 1).

    Examples
    --------
    >>> scheduled_heads([90, 52], 0.10).tolist()
    [100, 58]
    """
    heads = np.asarray(agents, dtype=float) / (1.0 - _checked(shrinkage))
    return np.ceil(heads - NOISE * np.maximum(heads, 1.0)).astype(np.int64)


def heads_on_contacts(scheduled: npt.ArrayLike, shrinkage: npt.ArrayLike) -> Array:
    """Heads on contacts that rostered heads leave, on average: ``scheduled * (1 - shrinkage)``.

    Examples
    --------
    >>> heads_on_contacts([100, 58], 0.10).round(6).tolist()
    [90.0, 52.2]
    """
    return np.asarray(np.asarray(scheduled, dtype=float) * (1.0 - _checked(shrinkage)))


def _checked(shrinkage: npt.ArrayLike) -> Array:
    share = np.asarray(shrinkage, dtype=float)
    wrong = ~((share >= 0.0) & (share < 1.0))
    if wrong.any():
        message = (
            f"shrinkage is {share[wrong].ravel()[0]:g}. Write a share of 0 or more and below 1, "
            "for example 0.10 for 10 %."
        )
        raise DataError(message)
    return share
