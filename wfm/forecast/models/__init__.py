"""Forecasting models, one a file; `wfm.forecast.base.MODELS` lists them."""
