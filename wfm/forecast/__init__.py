"""History to forecast: expected contacts and handle time, with bands.

`make` is the way in; `wfm.forecast.backtest.backtest` compares models on the past.
"""

from wfm.forecast.base import MODELS
from wfm.forecast.run import make

__all__ = ["MODELS", "make"]
