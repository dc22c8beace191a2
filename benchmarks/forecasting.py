"""Accuracy and speed of the default forecast, and the bars it is held to.

    python benchmarks/forecasting.py DATA.parquet [DATA.parquet ...] [--quick] [--after]

Each file is a long frame `unique_id, ds, y` on naive local time. Eight rolling origins of 28 days,
the last one 28 days before the data's end, at 30 minutes, against the mean of the last 8 same
weekdays (sma8). Grid, origins, windows and scores are those of `forecast_eval.py` in the shared
folder beside the project. The forecasts go the way of a user: rows -> History -> make -> frame, in
the zone UTC, so that no clock change disturbs the grid. Then, unless --quick: one day ahead from 61
origins, the rest of these days after 40 % of their intervals, the bank at 5 minutes, and histories
of 2 to 4 weeks. Every bar is printed with what must, should and might be reached.
"""

from __future__ import annotations

import argparse
import importlib.util
import platform
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
from forecasting_bars import (
    BOOSTING,
    bank_day_ahead,
    forecaster,
    geometric,
    one_day_ahead,
    short_history,
    show,
    workload,
)

from wfm.core.calendars import Calendar

MINUTES = 30
ASSIST_END = pd.Timestamp("2012-12-28")
"""The assist data before its first hidden week; what lies after is shown with --after."""
COUNTRY = {"bank": "US"}
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
    parser.add_argument("--country", default="FR", help="holidays of the series, but the bank's")
    parser.add_argument("--quick", action="store_true", help="the 28-day board only")
    parser.add_argument("--after", action="store_true", help="show 2013 of the assist queues")
    given = parser.parse_args()
    shared = harness()
    began = time.perf_counter()
    rows: dict[str, dict[str, Any]] = {}
    series: dict[str, tuple[pd.DataFrame, Calendar]] = {}
    bank = None
    for path in given.data:
        for name, part in series_of(path, after=given.after).items():
            if given.after and not path.stem.startswith("assist"):
                continue
            calendar = Calendar(country=COUNTRY.get(name, given.country))
            grid = shared.grid(part, MINUTES)
            series[name] = (grid, calendar)
            if name == "bank":
                bank = pd.read_parquet(path)
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
    board = pd.DataFrame(rows).T.astype(float)
    if not given.quick and not given.after:
        measured = one_day_ahead(shared, series) | short_history(shared, series) | workload()
        if bank is not None:
            measured |= bank_day_ahead(shared, bank, Calendar(country=COUNTRY["bank"]))
    else:
        measured = {}
    print(f"\n{len(board)} series, {platform.machine()}, Python {platform.python_version()}")
    print(
        f"seconds a forecast: mean {board['seconds'].mean():.2f}, most {board['seconds'].max():.2f}"
    )
    print(f"run {time.perf_counter() - began:.0f} s")
    kept = show(_bars(board) | measured)
    return 0 if kept or given.after else 1


def _bars(board: pd.DataFrame) -> dict[str, float]:
    """The bars that the 28-day board measures."""
    wape = geometric(board["wape/sma8"].tolist())
    found = {
        "WAPE / sma8": wape,
        "worst series, WAPE / sma8": float(board["wape/sma8"].max()),
        "WAPE / recursive boosting of the table": wape / BOOSTING,
        "day-total WAPE / sma8": geometric(board["day/sma8"].tolist()),
        "pinball / empirical 12-week quantiles": geometric(board["pinball/sma8"].tolist()),
        "seconds a queue, fit + 28 days + quantiles": float(board["seconds"].max()),
    }
    if board["cov95"].notna().any():
        found["95 % band: furthest from 0.95, least"] = 0.95 - float(board["cov95"].min())
        found["95 % band: furthest from 0.95, most"] = float(board["cov95"].max()) - 0.95
    return found


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
