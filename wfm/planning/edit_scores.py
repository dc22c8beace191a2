"""Whether edits of a forecast helped, once it is known what came."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from wfm.core.types import Forecast, History
from wfm.planning.edits import Edit, after_edit

SCORES = ["edit", "queue", "days", "before", "after", "actual", "wape_before", "wape_after"]


def score_edits(
    forecast: Forecast, edits: Sequence[Edit], actuals: History, week_start: str = "Mon"
) -> pd.DataFrame:
    """Tell of each edit whether it brought the forecast nearer to what came.

    Each edit is judged beside what the ones before it left, on the days that it changed and that
    are known since, by day totals.

    Parameters
    ----------
    forecast
        As the model made it, without its edits.
    edits
        In the order in which they are applied.
    actuals
        What came since.
    week_start
        Day on which weeks begin: Mon, Sun or Sat.

    Returns
    -------
    pandas.DataFrame
        `edit queue days before after actual wape_before wape_after`, one row for each edit and
        queue of which a changed day is known: `edit` counts from 1, the contacts are sums over
        those days, WAPE is by day. It helped where `wape_after` is less.

    Examples
    --------
    A day of 100 expected contacts was raised to 120, and 115 came:

    >>> from datetime import timedelta
    >>> start = pd.date_range("2026-11-20 09:00", periods=2, freq="h", tz="UTC")
    >>> made = Forecast(pd.DataFrame({"start": start, "queue": "a", "volume": 50.0,
    ...     "volume_q10": 40.0, "volume_q90": 60.0, "aht_s": 200.0}), timedelta(hours=1))
    >>> came = History(pd.DataFrame({"start": start, "queue": "a", "offered": [60.0, 55.0],
    ...     "answered": 0.0, "abandoned": 0.0, "aht_s": 200.0}), timedelta(hours=1))
    >>> edit = Edit("2026-11-20", "2026-11-20", "+20%")
    >>> score_edits(made, [edit], came).iloc[0, 2:].astype(float).round(2).tolist()
    [1.0, 100.0, 120.0, 115.0, 0.13, 0.04]
    """
    frame = forecast.frame[["queue", "start", "volume"]]
    came = actuals.frame[["queue", "start", "offered"]]
    known = frame.merge(came, on=["queue", "start"], how="left")["offered"].to_numpy(dtype=float)
    day = frame["start"].dt.tz_localize(None).dt.normalize().rename("day")
    keys = [frame["queue"], day]
    whole = pd.Series(np.isfinite(known)).groupby([k.to_numpy() for k in keys]).transform("all")
    volume = frame["volume"].to_numpy(dtype=float)
    found = []
    for number, edit in enumerate(edits):
        after = after_edit(forecast, volume, edit, number, week_start)
        table = pd.DataFrame({"before": volume, "after": after, "actual": known})
        table["touched"] = after != volume
        kept = table[whole.to_numpy()]
        days = kept.groupby([k[whole.to_numpy()] for k in keys]).agg(
            {"before": "sum", "after": "sum", "actual": "sum", "touched": "any"}
        )
        for queue, part in days[days["touched"]].groupby(level=0):
            actual = float(part["actual"].sum())
            error = [float((part[n] - part["actual"]).abs().sum()) for n in ("before", "after")]
            wape = [e / actual if actual > 0 else np.nan for e in error]
            sums = (float(part["before"].sum()), float(part["after"].sum()), actual)
            found.append((number + 1, str(queue), len(part), *sums, *wape))
        volume = after
    return pd.DataFrame(found, columns=SCORES)
