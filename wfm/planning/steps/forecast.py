"""From what arrived to what will arrive: forecast, update, compare, score."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from wfm.core.calendars import Calendar
from wfm.core.errors import DataError
from wfm.core.types import Forecast, History

if TYPE_CHECKING:
    import pandas as pd

    from wfm.forecast.board import Board
    from wfm.forecast.paths import Paths

BASELINES = ("auto", "day_total", "seasonal_mean", "seasonal_naive")


def make_forecast(
    history: History,
    horizon: str | int = "28D",
    start: date | None = None,
    model: str = "auto",
    calendar: Calendar | None = None,
    seed: int = 0,
    n_jobs: int = 1,
    borrow: Mapping[str, str | tuple[str, float]] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Forecast:
    """Forecast the contacts and the handle time of every open interval.

    Parameters
    ----------
    history
        What arrived, one or more queues.
    horizon
        Local days (`"28D"`), weeks (`"4W"`) or intervals (`"48x30min"`).
    start
        First local day; None is the day after the last recorded one.
    model
        `auto` or the name of one model; see docs/guides/choose-a-model.md.
    calendar
        Holidays, events and opening hours.
    seed
        Same seed, same answer.
    n_jobs
        Processes to spread the queues over, -1 for all cores; the result is the same. Within
        `joblib.parallel_config(backend="dask")` it is a cluster's workers (extra `cluster`).
    borrow
        For a new queue with less than 28 recorded days the queue whose shape it takes, or
        `"pool"` for all others together; a pair such as `("support", 0.2)` also holds the share of
        its contacts that is expected, which a queue without any history needs.
    progress
        Called with the queues that are done and all there are, after each of them.

    Returns
    -------
    Forecast
        Mean volume, a calibrated 80 % band and the AHT; `aht_s` is NaN where the history has none.

    Raises
    ------
    ForecastError
        The history is too short or empty for the model.
    DataError
        An unknown model or horizon.
    """
    from wfm.forecast import make

    if calendar is not None:
        _check_events(calendar, history, borrow or {})
    return make(
        history,
        horizon=horizon,
        start=start,
        model=model,
        calendar=calendar,
        seed=seed,
        n_jobs=n_jobs,
        borrow=borrow,
        progress=progress,
    )


def model_names() -> list[str]:
    """Names of the forecasting models that are installed.

    >>> model_names()[0]
    'auto'
    """
    from wfm.forecast import MODELS

    return list(MODELS)


def reforecast(forecast: Forecast, actuals_so_far: History | pd.DataFrame) -> Forecast:
    """Update the rest of each day that has begun from what has already arrived.

    Parameters
    ----------
    forecast
        Made by `make_forecast`, edited or not.
    actuals_so_far
        What has arrived: a history, or a frame with `start queue offered`.

    Returns
    -------
    Forecast
        Known intervals hold what came; later ones of the same day are moved by as much as past
        errors say, with narrower bands; other days stay.

    Raises
    ------
    DataError
        A forecast without learned errors, or actual volumes that do not belong to it.
    """
    from wfm.forecast.intraday import reforecast as run

    return run(forecast, actuals_so_far)


def sample_paths(forecast: Forecast, paths: int = 500, *, seed: int = 0) -> Paths:
    """Draw whole futures of a forecast, with errors that go together as past ones did.

    Parameters
    ----------
    forecast
        Made by `make_forecast`, edited or not.
    paths
        How many.
    seed
        Same seed, same paths.

    Returns
    -------
    Paths
        `values` of every interval; `totals` and `quantiles` by interval, day, week or month.
    """
    from wfm.forecast.paths import sample_paths as run

    return run(forecast, paths, seed=seed)


def score_forecast(forecast: Forecast, actuals: History) -> pd.DataFrame:
    """Score a forecast, or an older version of it, against what has come in since.

    Parameters
    ----------
    forecast
        Made before, edited or not.
    actuals
        What came; other days and queues are left aside.

    Returns
    -------
    pandas.DataFrame
        `queue lead days n wape bias coverage80 pinball day_wape`: for each queue over all known
        days (`lead` is `all`) and by week of the forecast.
    """
    from wfm.forecast.follow_up import score_forecast as score

    return score(forecast, actuals)


def backtest(
    history: History,
    horizon: str | int = "28D",
    origins: int = 8,
    models: Sequence[str] = BASELINES,
    calendar: Calendar | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Board:
    """Compare models on the history itself: forecasts from past days against what came.

    Parameters
    ----------
    history
        One or more queues.
    horizon
        How far each forecast reaches.
    origins
        How many past days to forecast from.
    models
        Names of models.
    calendar
        As for the forecast.
    progress
        Called with the number of forecasts done and of all.

    Returns
    -------
    Board
        `frame` has one row for each queue and model: WAPE, bias and coverage of the 80 % band by
        interval and by day.
    """
    from wfm.forecast.backtest import backtest as run

    return run(
        history,
        horizon=horizon,
        origins=origins,
        models=models,
        calendar=calendar,
        progress=progress,
    )


def _check_events(calendar: Calendar, history: History, new: Iterable[str]) -> None:
    """Refuse an event for a queue that is not there: it would do nothing, unsaid."""
    for event in calendar.events:
        unknown = sorted(set(event.queues) - set(history.queues) - set(new))
        if unknown:
            message = (
                f"event {event.name!r}: queue {unknown[0]!r} is not in the history. "
                f"Use {', '.join(history.queues)}, or leave it empty for all."
            )
            raise DataError(message)
