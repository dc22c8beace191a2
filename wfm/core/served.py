"""Whose contacts count where the service of several queues is told in one figure."""

from __future__ import annotations

import pandas as pd

from wfm.core.types import Requirement
from wfm.core.work import CHANNELS

__all__ = ["in_line", "weighed"]


def in_line(queue: pd.Series, requirement: Requirement | None) -> pd.Series:
    """Whether customers of each row's queue wait in line; e-mail, post, callbacks have due times.

    Parameters
    ----------
    queue
        Names of queues, one for each row.
    requirement
        Its `channel` tells how the contacts of a queue come; without one they are calls.

    Returns
    -------
    pandas.Series
        True or False, with the index of `queue`.
    """
    if requirement is None or "channel" not in requirement.frame:
        return pd.Series(True, index=queue.index)
    kind = requirement.frame["channel"].map(CHANNELS)
    later = requirement.frame.loc[kind.eq("deferred"), "queue"].unique()
    return ~queue.isin(later)


def weighed(volume: pd.Series, waited: pd.Series, by: pd.Series | None = None) -> pd.Series:
    """Contacts by which the service of rows is averaged.

    A share of e-mail that is answered within a day is no service level beside calls answered in
    20 s: where customers wait in line for some of the rows, only those weigh, else all.

    Parameters
    ----------
    volume
        Contacts of each row.
    waited
        What `in_line` says of it.
    by
        Groups that are averaged on their own; None: all rows together.

    Returns
    -------
    pandas.Series
        Contacts, 0 for rows that do not count.

    Examples
    --------
    Two hours of calls beside one of e-mail; by queue, the e-mail has a level of its own.

    >>> volume = pd.Series([90.0, 60.0, 400.0])
    >>> queue = pd.Series(["calls", "calls", "mail"])
    >>> waited = queue == "calls"
    >>> weighed(volume, waited).tolist()
    [90.0, 60.0, 0.0]
    >>> weighed(volume, waited, by=queue).tolist()
    [90.0, 60.0, 400.0]
    """
    group = pd.Series(0, index=volume.index) if by is None else by
    calls = volume.where(waited, 0.0)
    some = calls.groupby(group).transform("sum") > 0
    return calls.where(some, volume)
