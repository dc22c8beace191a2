"""Our default forecast beside other packages, at common origins.

    python benchmarks/forecasting_comparison.py DATA.parquet ... [--origins 3] [--series NAME ...]

The packages (statsforecast, Prophet, mlforecast with LightGBM) pin other versions than the project
does, so they run in an environment of their own, which this script makes once in `.benchmark-env/`
(about 1.5 GB; remove the folder to be rid of it). Grid, origins and scores are those of
`forecasting.py`; WAPE over 28 days, each over that of the mean of the last 8 same weekdays.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
from forecasting import COUNTRY, MINUTES, harness, series_of
from forecasting_bars import forecaster, geometric

from wfm.core.calendars import Calendar

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / ".benchmark-env"
NEEDS = ("statsforecast", "prophet", "mlforecast", "lightgbm", "pandas<3")
MUST = 0.95
OURS = "wfm auto"


def environment() -> Path:
    """The interpreter of the packages' environment, made when it is not there."""
    python = HOME / "bin" / "python"
    if not python.is_file():
        HOME.mkdir(exist_ok=True)
        subprocess.run([sys.executable, "-m", "venv", str(HOME)], check=True)
        (HOME / ".gitignore").write_text("*\n")
    if not (HOME / "ready").is_file():
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *NEEDS], check=True)
        (HOME / "ready").write_text("\n".join(NEEDS) + "\n")
    return python


def main() -> int:
    """Print the table; exit 1 when we are not at most 0.95 of the best, or not faster than it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", nargs="+", type=Path)
    parser.add_argument("--origins", type=int, default=3)
    parser.add_argument("--series", nargs="*", help="these only")
    given = parser.parse_args()
    shared, python = harness(), environment()
    work = HOME / "work"
    work.mkdir(exist_ok=True)
    for old in work.glob("*.csv"):
        old.unlink()
    actual: dict[str, pd.DataFrame] = {}
    forecasts: dict[str, dict[str, np.ndarray]] = {}
    seconds: list[tuple[str, float]] = []
    for path in given.data:
        for series, part in series_of(path, after=False).items():
            if given.series and series not in given.series:
                continue
            calendar = Calendar(country=COUNTRY.get(series, "FR"))
            grid = shared.grid(part, MINUTES)
            for number, origin in enumerate(shared.origins(grid, given.origins, 120, 28)):
                name = f"{series}.{number}"
                before = grid.loc[: origin - pd.Timedelta(days=1)]
                train = shared.long(before, MINUTES)
                days = pd.date_range(origin, periods=28, freq="D")
                offsets = (np.asarray(grid.columns) * MINUTES).astype("timedelta64[m]")
                future = pd.DatetimeIndex(
                    np.repeat(days.to_numpy(), len(offsets)) + np.tile(offsets, 28)
                )
                actual[name] = pd.DataFrame(
                    {"ds": future, "y": grid.reindex(days).to_numpy().ravel(), "series": series}
                )
                began = time.perf_counter()
                ours, _ = forecaster(calendar, shared.TAUS)(train, future)
                seconds.append((OURS, time.perf_counter() - began))
                simple = shared.BASELINES["sma8"](train, future)[0]
                forecasts[name] = {OURS: ours, "sma8": simple}
                _hand_over(work, name, train, calendar, origin)
    command = [str(python), str(ROOT / "benchmarks" / "forecasting_packages.py"), str(work)]
    subprocess.run(command, check=True)
    timed = pd.read_csv(work / "seconds.csv")
    seconds += list(zip(timed["package"], timed["seconds"], strict=True))
    for name, table in actual.items():
        for package in timed["package"].unique():
            told = pd.read_csv(work / f"{name}.{package}.csv", parse_dates=["ds"])
            values = told.set_index("ds")["forecast"].reindex(table["ds"]).fillna(0.0)
            forecasts[name][package] = values.to_numpy()
    return _board(actual, forecasts, pd.DataFrame(seconds, columns=["model", "seconds"]))


def _hand_over(
    work: Path, name: str, train: pd.DataFrame, calendar: Calendar, origin: pd.Timestamp
) -> None:
    """One origin's files: every half hour of the past, unknown ones as a week before."""
    first, last = train["ds"].min().normalize(), origin - pd.Timedelta(minutes=MINUTES)
    every = pd.date_range(first, last, freq=f"{MINUTES}min")
    y = train.set_index("ds")["y"].reindex(every)
    seen = y.groupby(every.normalize()).transform("count") > 0
    y = y.where(~(y.isna() & seen), 0.0)
    for _ in range(60):
        if not y.isna().any():
            break
        y = y.fillna(y.shift(7 * 24 * 60 // MINUTES))
    weekly = y.fillna(0.0)
    pd.DataFrame({"ds": every, "y": weekly.to_numpy()}).to_csv(
        work / f"{name}.train.csv", index=False
    )
    known = calendar.holidays(first.date(), (origin + pd.Timedelta(days=28)).date())
    pd.DataFrame({"ds": list(known), "holiday": list(known.values())}).to_csv(
        work / f"{name}.holidays.csv", index=False
    )


def _board(
    actual: dict[str, pd.DataFrame],
    forecasts: dict[str, dict[str, np.ndarray]],
    seconds: pd.DataFrame,
) -> int:
    rows = []
    for name, table in actual.items():
        y = table["y"].to_numpy()
        known = np.isfinite(y)
        for model, values in forecasts[name].items():
            error = float(np.abs(values - y)[known].sum())
            rows.append((table["series"].iloc[0], model, error))
    errors = pd.DataFrame(rows, columns=["series", "model", "error"])
    table = errors.groupby(["series", "model"])["error"].sum().unstack()
    ratios = table.div(table["sma8"], axis=0)
    print(ratios.round(3).to_string())
    mean = {model: geometric(ratios[model].tolist()) for model in ratios.columns}
    each = seconds.groupby("model")["seconds"].mean().to_dict()
    for model in sorted(mean, key=lambda m: mean[m]):
        print(
            f"{model:32s} WAPE / sma8 {mean[model]:.3f}  {each.get(model, 0.0):6.2f} s a forecast"
        )
    others = {model: value for model, value in mean.items() if model not in (OURS, "sma8")}
    best = min(others, key=lambda m: others[m])
    ratio = mean[OURS] / others[best]
    quicker = each[OURS] < each[best]
    print(
        f"\nours / best single package ({best}): {ratio:.3f}, must {MUST}: "
        f"{'PASS' if ratio <= MUST else 'FAIL'}"
    )
    print(f"faster than it: {'PASS' if quicker else 'FAIL'}")
    return 0 if ratio <= MUST and quicker else 1


if __name__ == "__main__":
    raise SystemExit(main())
