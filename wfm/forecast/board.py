"""What a comparison of models on the past found."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True, eq=False)
class Board:
    """How models did.

    Parameters
    ----------
    frame
        One row for each queue and model: `queue model wape bias coverage80 day_wape day_bias
        day_coverage80 rmsse seconds n pinball coverage95 week_wape week_bias`. WAPE, bias and
        coverage of the 80 % band by interval and by day; `seconds` of one fit with bands and
        forecast; `n` scored intervals; `pinball` loss of the deciles; weeks are whole horizons'
        weeks from the origin on.
    errors
        One row for each queue, model, origin and day: `queue model origin day actual forecast low
        high`, totals over the intervals that are known.
    by_lead
        One row for each queue, model and range of leads (`day 1`, `week 1`, `week 2` ...): `queue
        model lead wape bias coverage80 pinball day_wape n`.
    """

    frame: pd.DataFrame
    errors: pd.DataFrame
    by_lead: pd.DataFrame

    def best(self, queue: str) -> str:
        """The model of the least WAPE."""
        mine = self.frame[self.frame["queue"] == queue]
        return str(mine["model"].iloc[int(mine["wape"].argmin())])
