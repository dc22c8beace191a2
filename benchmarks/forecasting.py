"""Accuracy and speed of the default forecast against the mean of the last 8 same weekdays.

    python benchmarks/forecasting.py DATA.parquet [DATA.parquet ...] [--after]

Each file is a long frame `unique_id, ds, y` on naive local time. Eight rolling origins of 28 days,
the last one 28 days before the data's end, at 30 minutes. Grid, origins, windows and scores are
those of `forecast_eval.py` in the shared folder beside the project. The forecasts go the way of a
user: rows -> History -> make -> frame, in the zone UTC, so that no clock change disturbs the grid.
"""

from __future__ import annotations

import argparse
import importlib.util
import platform
import time
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd

from wfm.core.calendars import Calendar
from wfm.core.types import History
from wfm.forecast import make

MINUTES = 30
ASSIST_END = pd.Timestamp("2012-12-28")
"""The assist data before its first hidden week; what lies after is shown with --after."""
COUNTRY = {"bank": "US"}
MUST, WORST = 0.92, 1.03
HARNESS = Path(__file__).resolve().parents[2] / "shared" / "benchmarks" / "forecast_eval.py"


def harness(path: Path = HARNESS) -> ModuleType:
    """The evaluation of the shared folder, loaded by path."""
    if not path.is_file():
        msg = f"{path} is missing: the shared folder lies beside the project."
        raise SystemExit(msg)
    spec = importlib.util.spec_from_file_location("forecast_eval", path)
    if spec is None or spec.loader is None:
        msg = f"{path} cannot be loaded."
        raise SystemExit(msg)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def forecaster(calendar: Calendar, levels: np.ndarray, horizon: int = 28, model: str = "auto"):  # type: ignore[no-untyped-def]
    """A callable as the harness wants it, made of the public functions."""

    def forecast(train: pd.DataFrame, future: pd.DatetimeIndex) -> tuple[np.ndarray, np.ndarray]:
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
        history = History(frame, timedelta(minutes=MINUTES))
        made = make(
            history, horizon=horizon, start=future[0].date(), model=model, calendar=calendar
        )
        quantiles = made.quantiles(list(levels)).drop(columns="queue").set_index("start")
        stamps = future.as_unit("us").tz_localize("UTC")
        mean = made.frame.set_index("start")["volume"].reindex(stamps, fill_value=0.0)
        return mean.to_numpy(), quantiles.reindex(stamps, fill_value=0.0).to_numpy()

    return forecast


def series_of(path: Path, *, after: bool) -> dict[str, pd.DataFrame]:
    """Each series of a file, cut as the bars say."""
    frame = pd.read_parquet(path)
    found = {}
    for name, part in frame.groupby("unique_id", observed=True):
        if name == "bank":
            clock = part["ds"].dt.hour * 60 + part["ds"].dt.minute
            cut = part[clock < 21 * 60]  # the slot of 21:00 holds five minutes
        elif path.stem.startswith("assist") and not after:
            cut = part[part["ds"] < ASSIST_END]
        else:
            cut = part
        found[str(name)] = cut
    return found


def main() -> int:
    """Print the board; exit 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", nargs="+", type=Path)
    parser.add_argument("--model", default="auto")
    parser.add_argument("--origins", type=int, default=8)
    parser.add_argument("--after", action="store_true", help="show 2013 of the assist queues")
    given = parser.parse_args()
    shared = harness()
    began = time.perf_counter()
    rows: dict[str, dict[str, Any]] = {}
    for path in given.data:
        for name, part in series_of(path, after=given.after).items():
            if given.after and not path.stem.startswith("assist"):
                continue
            calendar = Calendar(country=COUNTRY.get(name, "FR"))
            grid = shared.grid(part, MINUTES)
            models = {
                "wfm": forecaster(calendar, shared.TAUS, model=given.model),
                "sma8": shared.BASELINES["sma8"],
            }
            least = 120
            if given.after:
                least = int(np.searchsorted(grid.index, pd.Timestamp("2013-01-04")))
            scores = shared.backtest(grid, MINUTES, models, given.origins, least)
            rows[name] = _row(shared.summary(scores).loc["w4"])
            print(f"{name:20s} {_show(rows[name])}", flush=True)
    board = pd.DataFrame(rows).T
    mean = np.exp(np.log(board[["wape/sma8", "day/sma8", "pinball/sma8"]].astype(float)).mean())
    worst = float(board["wape/sma8"].max())
    print(f"\n{len(board)} series, {platform.machine()}, Python {platform.python_version()}")
    print(f"geometric means: {mean.round(4).to_dict()}, worst WAPE/sma8 {worst:.3f}")
    print(
        f"seconds a forecast: mean {board['seconds'].mean():.2f}, max {board['seconds'].max():.2f}"
    )
    print(f"run {time.perf_counter() - began:.0f} s")
    if given.after:
        return 0
    good = mean["wape/sma8"] <= MUST and worst <= WORST
    verdict = "kept" if good else "MISSED"
    print(f"bars: geometric mean at most {MUST}, no series above {WORST}: {verdict}")
    return 0 if good else 1


def _row(window: pd.DataFrame) -> dict[str, float]:
    ours, theirs = window.loc["wfm"], window.loc["sma8"]
    return {
        "wape": ours["wape"],
        "wape/sma8": ours["wape"] / theirs["wape"],
        "day/sma8": ours["day_wape"] / theirs["day_wape"],
        "pinball/sma8": ours["pinball"] / theirs["pinball"],
        "cov80": ours["cov80"],
        "cov95": ours["cov95"],
        "bias": ours["bias"],
        "seconds": ours["seconds"],
    }


def _show(row: dict[str, float]) -> str:
    return "  ".join(f"{name} {value:.3f}" for name, value in row.items())


if __name__ == "__main__":
    raise SystemExit(main())
