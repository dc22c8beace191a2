"""Forecasts of other packages, run by `forecasting_comparison.py` in an environment of its own.

    python forecasting_packages.py FOLDER

For each `FOLDER/*.train.csv` (`ds, y`, every half hour) and its `.holidays.csv`, each package's 28
days ahead go to `FOLDER/NAME.PACKAGE.csv` (`ds, forecast`) and the seconds to `seconds.csv`.
"""

from __future__ import annotations

import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

WEEK, DAY, STEPS = 336, 48, 28 * 48
LONGEST = 26 * WEEK


def statsforecast(model: object, train: pd.DataFrame) -> np.ndarray:
    """One model of statsforecast on the last half year."""
    fitted = model.fit(train["y"].to_numpy(float)[-LONGEST:])
    return np.asarray(fitted.predict(STEPS)["mean"])


def mstl_ets(train: pd.DataFrame, holidays: pd.DataFrame) -> np.ndarray:
    """Daily and weekly seasons by MSTL, the trend by AutoETS."""
    from statsforecast.models import MSTL, AutoETS

    return statsforecast(MSTL([DAY, WEEK], trend_forecaster=AutoETS(model="ZZN")), train)


def auto_theta(train: pd.DataFrame, holidays: pd.DataFrame) -> np.ndarray:
    """AutoTheta with a weekly season."""
    from statsforecast.models import AutoTheta

    return statsforecast(AutoTheta(season_length=WEEK), train)


def prophet(train: pd.DataFrame, holidays: pd.DataFrame) -> np.ndarray:
    """Prophet, tuned: holidays, one fine weekly season that multiplies, a stiff trend."""
    from prophet import Prophet

    model = Prophet(
        holidays=holidays if len(holidays) else None,
        daily_seasonality=False,
        weekly_seasonality=False,
        yearly_seasonality="auto",
        seasonality_mode="multiplicative",
        changepoint_prior_scale=0.01,
        uncertainty_samples=0,
    )
    model.add_seasonality("week", period=7, fourier_order=60)
    model.fit(train)
    return np.asarray(model.predict(_future(train))["yhat"])


def lightgbm(train: pd.DataFrame, holidays: pd.DataFrame) -> np.ndarray:
    """Recursive boosting: lags, seasonal rolling mean, calendar and holidays."""
    import lightgbm as lgb
    from mlforecast import MLForecast
    from mlforecast.lag_transforms import SeasonalRollingMean

    days = set(pd.to_datetime(holidays["ds"]).dt.normalize())

    def is_holiday(stamps: pd.DatetimeIndex) -> np.ndarray:
        return np.asarray(pd.DatetimeIndex(stamps).normalize().isin(list(days)), dtype=int)

    def slot(stamps: pd.DatetimeIndex) -> np.ndarray:
        stamps = pd.DatetimeIndex(stamps)
        return np.asarray(stamps.hour * 2 + stamps.minute // 30)

    learner = lgb.LGBMRegressor(
        objective="poisson",
        n_estimators=300,
        learning_rate=0.05,
        num_leaves=31,
        min_child_samples=50,
        num_threads=1,
        verbosity=-1,
        seed=0,
    )
    model = MLForecast(
        models={"lgb": learner},
        freq="30min",
        lags=[1, 2, DAY, WEEK, 2 * WEEK],
        lag_transforms={WEEK: [SeasonalRollingMean(season_length=WEEK, window_size=4)]},
        date_features=["dayofweek", "day", "month", slot, is_holiday],
    )
    frame = train.assign(unique_id="a")
    model.fit(frame[["unique_id", "ds", "y"]], static_features=[])
    return np.asarray(model.predict(STEPS)["lgb"])


PACKAGES = {
    "statsforecast MSTL + AutoETS": mstl_ets,
    "statsforecast AutoTheta": auto_theta,
    "Prophet": prophet,
    "mlforecast LightGBM": lightgbm,
}


def _future(train: pd.DataFrame) -> pd.DataFrame:
    first = train["ds"].iloc[-1] + pd.Timedelta(minutes=30)
    return pd.DataFrame({"ds": pd.date_range(first, periods=STEPS, freq="30min")})


def main() -> int:
    warnings.simplefilter("ignore")
    folder, seconds = Path(sys.argv[1]), []
    for path in sorted(folder.glob("*.train.csv")):
        name = path.name.removesuffix(".train.csv")
        train = pd.read_csv(path, parse_dates=["ds"])
        holidays = pd.read_csv(folder / f"{name}.holidays.csv", parse_dates=["ds"])
        for package, forecast in PACKAGES.items():
            began = time.perf_counter()
            values = np.maximum(forecast(train, holidays), 0.0)
            seconds.append((name, package, time.perf_counter() - began))
            _future(train).assign(forecast=values).to_csv(
                folder / f"{name}.{package}.csv", index=False
            )
            print(f"{name:24s} {package:30s} {seconds[-1][2]:6.1f} s", flush=True)
    pd.DataFrame(seconds, columns=["name", "package", "seconds"]).to_csv(
        folder / "seconds.csv", index=False
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
