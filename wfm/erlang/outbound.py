"""Agent hours of an outbound campaign, from its list, its attempts and its rates by hour."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from wfm.core.errors import DataError
from wfm.erlang.inputs import one_number


def campaign_hours(
    records: float,
    attempts: int,
    *,
    connect_rate: npt.ArrayLike,
    right_party_rate: npt.ArrayLike = 1.0,
    mix: npt.ArrayLike | None = None,
    set_up_s: float,
    talk_s: float,
    wrap_s: float = 0.0,
    wrong_party_s: float = 0.0,
) -> pd.DataFrame:
    """Attempts, conversations and hours that a list takes, hour of the day by hour of the day.

    A record is tried until the right person is reached, at most `attempts` times. Each try falls
    into an hour of the mix, independently of the others.

    Parameters
    ----------
    records
        Length of the list.
    attempts
        Most tries for a record.
    connect_rate
        Share of tries that somebody answers, one for all or one for each hour.
    right_party_rate
        Share of those answers that are the right person.
    mix
        Share of the tries made in each hour; adds up to 1. Evenly unless given.
    set_up_s
        Time of any try before somebody answers or it is given up [s].
    talk_s, wrap_s
        Conversation with the right person, and the work after it [s].
    wrong_party_s
        Time with somebody else [s].

    Returns
    -------
    pandas.DataFrame
        One row for each hour: `attempts connects right_parties hours`, each a mean. Their sums are
        those of the campaign.

    Raises
    ------
    DataError
        Rates outside [0, 1], a mix that does not add up, or times that cannot be.

    Examples
    --------
    A hundred records, up to two tries, half reach the right person: 150 tries, 75 conversations.

    >>> plan = campaign_hours(100, 2, connect_rate=0.5, set_up_s=24, talk_s=240)
    >>> plan.round(3).values.tolist()
    [[150.0, 75.0, 75.0, 6.0]]
    """
    try:
        arrays = np.broadcast_arrays(
            *(np.atleast_1d(np.asarray(v, dtype=float)) for v in (connect_rate, right_party_rate)),
            np.atleast_1d(np.asarray(0.0 if mix is None else mix, dtype=float)),
        )
    except (TypeError, ValueError) as error:
        message = (
            "campaign: the rates and the mix do not fit together or are not numbers. Give one for "
            "each hour."
        )
        raise DataError(message) from error
    connect, right, shares = arrays
    if not connect.size:
        message = "campaign: connect_rate is empty. Give one rate, or one for each hour."
        raise DataError(message)
    shares = np.full(connect.size, 1.0 / connect.size) if mix is None else shares
    for name, values in (("connect_rate", connect), ("right_party_rate", right), ("mix", shares)):
        wrong = ~((values >= 0.0) & (values <= 1.0))
        if wrong.any():
            message = f"campaign: {name} is {values[wrong][0]:g}. Write a share, 0 to 1."
            raise DataError(message)
    if abs(shares.sum() - 1.0) > 1e-6:
        message = f"campaign: the mix adds up to {shares.sum():g}. Write shares that add up to 1."
        raise DataError(message)
    times = {
        "set_up_s": set_up_s,
        "talk_s": talk_s,
        "wrap_s": wrap_s,
        "wrong_party_s": wrong_party_s,
    }
    for name, seconds in times.items():
        one_number("campaign", name, seconds, "seconds, 0 or more")
    one_number("campaign", "records", records, "the length of the list, 0 or more")
    one_number("campaign", "attempts", attempts, "a whole number, 1 or more", least=1, whole=True)
    reached = float((shares * connect * right).sum())  # by one try
    missed = (1.0 - reached) ** np.arange(int(attempts))  # so far, before each try
    tries = records * float(missed.sum()) * shares
    connects = tries * connect
    seconds = tries * set_up_s + connects * (
        right * (talk_s + wrap_s) + (1.0 - right) * wrong_party_s
    )
    return pd.DataFrame(
        {
            "attempts": tries,
            "connects": connects,
            "right_parties": connects * right,
            "hours": seconds / 3600.0,
        }
    )
