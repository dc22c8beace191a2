"""The agent hours that calling lists need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd

from wfm.core.intervals import day_grid
from wfm.core.work import Campaign

MOST_DAYS = 366


def list_needs(campaign: Campaign, first_day: date, days: int, time_zone: str) -> pd.DataFrame:
    """Tries, conversations and agent hours that a list takes within some days.

    Parameters
    ----------
    campaign
        With `records`; tries fall evenly into its permitted hours.
    first_day, days
        The days. A list whose deadline lies behind them takes the share of its permitted days that
        lie in them.
    time_zone
        Of the plan.

    Returns
    -------
    pandas.DataFrame
        `hour attempts connects right_parties hours` by hour of the customers' day. A record is
        tried as often as `attempts` says, as far as `gap_days` leaves days for it.
    """
    from wfm.erlang import campaign_hours

    span = days
    if campaign.deadline is not None:
        span = min(max((campaign.deadline - first_day).days + 1, days), MOST_DAYS)
    grid = day_grid(first_day, span, timedelta(minutes=15), time_zone)
    good = campaign.open_at(grid, 15)
    local = campaign.local(grid)
    columns = ["hour", "attempts", "connects", "right_parties", "hours"]
    open_days = sorted(set(local[good].date))
    if not open_days:
        return pd.DataFrame(columns=columns).astype(float)
    inside = [d for d in open_days if (d - first_day).days < days]
    tries = 1
    last = open_days[0]
    for day in open_days[1:]:
        if tries < campaign.attempts and (day - last).days >= campaign.gap_days:
            tries, last = tries + 1, day
    if campaign.gap_days == 0:
        tries = campaign.attempts
    hours, counts = np.unique(local[good].hour.to_numpy(), return_counts=True)
    rates = np.array([campaign.rates(int(h)) for h in hours])
    found = campaign_hours(
        campaign.callable_records * len(inside) / len(open_days),
        tries,
        connect_rate=rates[:, 0],
        right_party_rate=rates[:, 1],
        mix=counts / counts.sum(),
        set_up_s=campaign.set_up_s,
        talk_s=campaign.talk_s,
        wrap_s=campaign.wrap_s,
        wrong_party_s=campaign.wrong_party_s,
    )
    return found.assign(hour=hours)[columns]


def with_targets(
    campaigns: Sequence[Campaign], first_day: date, days: int, time_zone: str
) -> list[Campaign]:
    """Campaigns with the hours that their lists need where no target is given."""
    return [
        replace(c, target_h=float(list_needs(c, first_day, days, time_zone)["hours"].sum()))
        if np.isnan(c.target_h)
        else c
        for c in campaigns
    ]
