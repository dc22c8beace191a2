"""The last recorded same weekday, as it was."""

from __future__ import annotations

from wfm.forecast.models.seasonal_mean import SeasonalMean


class SeasonalNaive(SeasonalMean):
    """Each slot as on the last recorded same weekday."""

    def __init__(self) -> None:
        super().__init__(weeks=1)
