"""The bars of the forecast, and the runs that measure them beside the 28-day board."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd

from wfm.core.calendars import Calendar
from wfm.core.errors import ForecastError
from wfm.core.types import Forecast, History
from wfm.forecast import make
from wfm.forecast.intraday import reforecast
from wfm.planning.demo import demo_history

BOOSTING = 0.929
"""WAPE of recursive boosting / that of the mean of the last 8 same weekdays, as was measured."""
Forecaster = Callable[[pd.DataFrame, pd.DatetimeIndex], tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class Bar:
    """One bar: what it measures, and what must, should and might be reached (lower is better)."""

    name: str
    must: float
    aim: float
    best: float


BARS = (
    Bar("WAPE / sma8", 0.92, 0.88, 0.85),
    Bar("worst series, WAPE / sma8", 1.03, 1.03, 1.03),
    Bar("WAPE / recursive boosting of the table", 1.00, 0.95, 0.92),
    Bar("day-total WAPE / sma8", 0.85, 0.79, 0.73),
    Bar("pinball / empirical 12-week quantiles", 0.92, 0.89, 0.86),
    Bar("95 % band: furthest from 0.95, least", 0.05, 0.03, 0.02),
    Bar("95 % band: furthest from 0.95, most", 0.04, 0.03, 0.02),
    Bar("seconds a queue, fit + 28 days + quantiles", 5.0, 2.5, 1.0),
    Bar("one day ahead, WAPE / sma8", 0.92, 0.88, 0.85),
    Bar("rest of day after 40 % / no update", 0.97, 0.94, 0.92),
    Bar("rest of day after 40 %, worst series", 1.02, 1.02, 1.02),
    Bar("bank, 5 min, one day ahead, RMSE", 20.7, 19.5, 18.8),
    Bar("2-4 weeks of history / simple mean", 1.00, 0.97, 0.94),
    Bar("workload WAPE / simple means, demo (own bar)", 1.00, 0.95, 0.90),
)


def show(measured: dict[str, float]) -> bool:
    """Print every bar that was measured; whether each "must" is kept."""
    print(f"\n{'bar':46s} {'must':>6s} {'aim':>6s} {'best':>6s} {'measured':>9s}")
    kept = True
    for bar in BARS:
        if bar.name not in measured:
            print(f"{bar.name:46s} {bar.must:6.2f} {bar.aim:6.2f} {bar.best:6.2f}   not run")
            continue
        value = measured[bar.name]
        good = value <= bar.must
        kept &= good
        reached = "best" if value <= bar.best else "aim" if value <= bar.aim else "must"
        verdict = f"PASS ({reached})" if good else "FAIL"
        numbers = f"{bar.must:6.2f} {bar.aim:6.2f} {bar.best:6.2f} {value:9.4f}"
        print(f"{bar.name:46s} {numbers}  {verdict}")
    return kept


def history_from(train: pd.DataFrame, minutes: int) -> History:
    """A long frame of the harness as a history, in the zone UTC."""
    frame = pd.DataFrame(
        {
            "start": pd.DatetimeIndex(train["ds"]).as_unit("us").tz_localize("UTC"),
            "queue": "series",
            "offered": train["y"].to_numpy(dtype=float),
            "answered": np.nan,
            "abandoned": np.nan,
            "aht_s": np.nan,
        }
    )
    return History(frame, timedelta(minutes=minutes))


def forecaster(
    calendar: Calendar,
    levels: np.ndarray,
    *,
    horizon: int = 28,
    model: str = "auto",
    minutes: int = 30,
    kept: list[Forecast] | None = None,
    last_days: int | None = None,
) -> Forecaster:
    """A callable as the harness wants it, made of the public functions.

    `kept` collects the forecasts; `last_days` cuts the history to its last days.
    """

    def forecast(train: pd.DataFrame, future: pd.DatetimeIndex) -> tuple[np.ndarray, np.ndarray]:
        if last_days:
            train = train[train["ds"] >= future[0] - pd.Timedelta(days=last_days)]
        try:
            made = make(
                history_from(train, minutes),
                horizon=horizon,
                start=future[0].date(),
                model=model,
                calendar=calendar,
            )
        except ForecastError:
            if horizon > 1:
                raise
            return np.zeros(len(future)), np.zeros((len(future), len(levels)))  # a closed day
        if kept is not None:
            kept.append(made)
        quantiles = made.quantiles(list(levels)).drop(columns="queue").set_index("start")
        stamps = future.as_unit("us").tz_localize("UTC")
        mean = made.frame.set_index("start")["volume"].reindex(stamps, fill_value=0.0)
        return mean.to_numpy(), quantiles.reindex(stamps, fill_value=0.0).to_numpy()

    return forecast


def geometric(values: list[float]) -> float:
    """Geometric mean."""
    return float(np.exp(np.mean(np.log(values))))


def one_day_ahead(
    shared: ModuleType, series: dict[str, tuple[pd.DataFrame, Calendar]], origins: int = 61
) -> dict[str, float]:
    """One day ahead from many origins, and the rest of these days after 40 % of them."""
    ratios, rest = {}, {}
    for name, (grid, calendar) in series.items():
        kept: list[Forecast] = []
        models = {
            "wfm": forecaster(calendar, shared.TAUS, horizon=1, kept=kept),
            "sma8": shared.BASELINES["sma8"],
        }
        table = shared.summary(shared.backtest(grid, 30, models, origins, 120, 1)).loc["d1"]
        ratios[name] = float(table.loc["wfm", "wape"] / table.loc["sma8", "wape"])
        rest[name] = rest_of_day(grid, kept)
        print(
            f"{name:20s} one day ahead {ratios[name]:.3f}  rest of day {rest[name]:.3f}", flush=True
        )
    return {
        "one day ahead, WAPE / sma8": geometric(list(ratios.values())),
        "rest of day after 40 % / no update": geometric(list(rest.values())),
        "rest of day after 40 %, worst series": max(rest.values()),
    }


def rest_of_day(grid: pd.DataFrame, forecasts: list[Forecast], share: float = 0.4) -> float:
    """Error of the rest of the day after so much of its open intervals / without an update."""
    updated = plain = 0.0
    for forecast in forecasts:
        start = forecast.frame["start"].dt.tz_localize(None)
        slot = (start.dt.hour * 2 + start.dt.minute // 30).to_numpy()
        day = start.iloc[0].normalize()
        if day not in grid.index or not np.isfinite(grid.loc[day]).any():
            continue
        came = grid.loc[day].reindex(slot).to_numpy(dtype=float)
        cut = round(share * len(came))
        if not np.isfinite(came[:cut]).any():
            continue
        sofar = forecast.frame.iloc[:cut][["start", "queue"]].assign(offered=came[:cut])
        after = reforecast(forecast, sofar).frame["volume"].to_numpy()[cut:]
        before = forecast.frame["volume"].to_numpy()[cut:]
        updated += float(np.nansum(np.abs(after - came[cut:])))
        plain += float(np.nansum(np.abs(before - came[cut:])))
    return updated / plain


def bank_day_ahead(shared: ModuleType, part: pd.DataFrame, calendar: Calendar) -> dict[str, float]:
    """RMSE of 5-minute intervals over the recorded days 101 to 164, each from all days before."""
    grid = shared.grid(part, 5)
    recorded = grid.dropna(how="all")
    train_all = shared.long(grid, 5)
    square = count = 0.0
    run = forecaster(calendar, shared.TAUS, horizon=1, minutes=5)
    for day in recorded.index[100:164]:
        future = pd.DatetimeIndex(
            day.to_numpy() + (np.asarray(grid.columns) * 5).astype("timedelta64[m]")
        )
        mean, _ = run(train_all[train_all["ds"] < day], future)
        error = recorded.loc[day].to_numpy() - mean
        square, count = square + float((error**2).sum()), count + len(error)
    return {"bank, 5 min, one day ahead, RMSE": math.sqrt(square / count)}


def short_history(
    shared: ModuleType, series: dict[str, tuple[pd.DataFrame, Calendar]]
) -> dict[str, float]:
    """Forecasts from the last 2, 3 and 4 weeks only, 28 days ahead, beside the simple mean."""
    ratios = []
    for name, (grid, calendar) in series.items():
        mine = []
        for weeks in (2, 3, 4):

            def simple(train: pd.DataFrame, future: pd.DatetimeIndex, days: int = 7 * weeks) -> Any:
                recent = train[train["ds"] >= future[0] - pd.Timedelta(days=days)]
                return shared.BASELINES["sma8"](recent, future)

            models = {
                "wfm": forecaster(calendar, shared.TAUS, last_days=7 * weeks),
                "simple": simple,
            }
            table = shared.summary(shared.backtest(grid, 30, models, 8, 120)).loc["w4"]
            mine.append(float(table.loc["wfm", "wape"] / table.loc["simple", "wape"]))
        ratios += mine
        print(f"{name:20s} 2, 3, 4 weeks of history: {np.round(mine, 3).tolist()}", flush=True)
    return {"2-4 weeks of history / simple mean": geometric(ratios)}


def workload(origins: int = 8) -> dict[str, float]:
    """Contacts times handle time of the demo queues, 28 days ahead, beside simple means of both."""
    history = demo_history()
    ratios = []
    for queue in history.queues:
        frame = history.frame[history.frame["queue"] == queue]
        day = frame["start"].dt.tz_localize(None).dt.normalize()
        first, last = day.min(), day.max()
        ours = theirs = 0.0
        for back in np.linspace(28, 28 * origins, origins).astype(int):
            origin = last - pd.Timedelta(days=int(back) - 1)
            past, ahead = frame[day < origin], frame[(day >= origin)]
            ahead = ahead[ahead["start"].dt.tz_localize(None) < origin + pd.Timedelta(days=28)]
            real = (ahead["offered"] * ahead["aht_s"].fillna(0.0)).to_numpy()
            made = make(
                History(past, history.interval),
                start=origin.date(),
                calendar=Calendar(country="TR"),
            ).frame.set_index("start")
            spent = (made["volume"] * made["aht_s"]).reindex(ahead["start"]).fillna(0.0)
            recent = past[day[past.index] >= origin - pd.Timedelta(days=56)]
            key = [recent["start"].dt.day_of_week, recent["start"].dt.strftime("%H:%M")]
            work = (recent["offered"] * recent["aht_s"].fillna(0.0)).groupby(key).mean()
            wanted = pd.MultiIndex.from_arrays(
                [ahead["start"].dt.day_of_week, ahead["start"].dt.strftime("%H:%M")]
            )
            simple = work.reindex(wanted).fillna(0.0).to_numpy()
            ours += float(np.abs(spent.to_numpy() - real).sum())
            theirs += float(np.abs(simple - real).sum())
        ratios.append(ours / theirs)
        print(
            f"{queue:20s} workload {ratios[-1]:.3f} of simple means, from {first.date()}",
            flush=True,
        )
    return {"workload WAPE / simple means, demo (own bar)": geometric(ratios)}
