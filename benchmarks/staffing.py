"""Accuracy and speed of the staffing formulas.

    python benchmarks/staffing.py --accuracy      every row and column of the reference tables
    python benchmarks/staffing.py --speed         rows per second, and a year of quarter hours

The tables are read from the optional folder of shared data beside the repository
(`../shared/reference`) and otherwise from `tests/reference`. One core; read speeds as ratios.
"""

from __future__ import annotations

import argparse
import platform
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

from wfm.erlang import STAFFING, evaluate, required_agents
from wfm.erlang.ask import solve

ROOT = Path(__file__).resolve().parents[1]
ARGUMENTS = {
    "load_erlangs": "load",
    "aht_s": "aht_s",
    "patience_s": "patience_s",
    "threshold_s": "threshold_s",
    "lines": "lines",
    "redial_abandon_frac": "redial",
    "reconnect_handled_frac": "reconnect",
}
YEAR = 4 * 24 * 365  # quarter hours


def tables() -> tuple[Path, pd.DataFrame, pd.DataFrame]:
    """Folder and content of the reference tables."""
    shared = ROOT.parent / "shared" / "reference"
    folder = shared if shared.exists() else ROOT / "tests" / "reference"
    forward = pd.read_csv(folder / "erlang_reference.csv")
    inverse = pd.read_csv(folder / "erlang_inverse_reference.csv")
    return folder, forward, inverse


def arguments(rows: pd.DataFrame) -> dict[str, np.ndarray]:
    """Arguments of `evaluate` that these rows give."""
    return {
        name: rows[column].to_numpy(dtype=float)
        for column, name in ARGUMENTS.items()
        if column in rows and rows[column].notna().all()
    }


def accuracy() -> bool:
    """Print what is within tolerance; True if everything is."""
    folder, forward, inverse = tables()
    print(f"reference tables: {folder.parent.name}/{folder.name}")
    print("model       rows columns  values  within  worst / tolerance")
    fine = True
    for model in STAFFING:
        rows = forward[forward["model"] == model].reset_index(drop=True)
        result = evaluate(model, agents=rows["agents"].to_numpy(dtype=float), **arguments(rows))
        tolerance = np.maximum(1e-12, 1e-15 * rows["condition_number"].to_numpy(dtype=float))
        columns = [c for c in rows.columns[11:-1] if rows[c].notna().any()]
        absent = sorted(set(columns) - set(result.columns))
        columns = [c for c in columns if c in result]
        reference = rows[columns].to_numpy(dtype=float)
        value = result[columns].to_numpy(dtype=float)
        zero = reference == 0.0
        error = np.where(zero, np.abs(value) > 1e-300, value / np.where(zero, 1.0, reference) - 1.0)
        ratio = np.abs(error) / tolerance[:, None]
        within = ratio <= 1.0  # NaN is outside
        at = np.unravel_index(int(np.nanargmax(ratio)), ratio.shape)
        worst = f"{ratio[at]:.3f} {rows['case_id'][at[0]]} {columns[at[1]]}"
        counts = f"{len(rows):5} {len(columns):7} {within.size:7} {int(within.sum()):7}"
        print(f"{model:10} {counts} {worst:>18}")
        for row in np.flatnonzero(~within.all(axis=1)):
            print(
                f"  outside: {rows['case_id'][row]}",
                [columns[k] for k in np.flatnonzero(~within[row])],
            )
        if absent:
            print(f"  columns not given: {', '.join(absent)}")
        fine &= bool(within.all()) and not absent
    for model in STAFFING:
        rows = inverse[inverse["model"] == model]
        right = 0
        for metric, group in rows.groupby("target_metric"):
            least = required_agents(
                model, metric=str(metric), target=group["target_value"], **arguments(group)
            )
            same = least == group["min_agents"].to_numpy()
            right += int(same.sum())
            if not same.all():
                print("  wrong:", ", ".join(group["case_id"][~same]))
        print(f"{model:10} least agents exact: {right} of {len(rows)}")
        fine &= right == len(rows)
    return fine


def speed() -> None:
    """Print rows per second for 80/20 at AHT 300 s, patience 120 s."""
    rng = np.random.default_rng(0)
    print(f"{platform.processor() or platform.machine()}, numpy {np.__version__}; {YEAR} rows each")
    print("model         load  evaluate/s   least/s  year s  with fraction s")
    for model in ("erlang_c", "erlang_a"):
        rest = {"aht_s": 300.0, "threshold_s": 20.0}
        rest |= {"patience_s": 120.0} if model == "erlang_a" else {}
        for mean in (10.0, 100.0, 1_000.0, 10_000.0):
            load = mean * rng.uniform(0.8, 1.2, YEAR)
            began = time.perf_counter()
            least = required_agents(model, metric="sl_offered", target=0.80, load=load, **rest)
            search = time.perf_counter() - began
            began = time.perf_counter()
            evaluate(model, load=load, agents=least, **rest)
            forward = time.perf_counter() - began
            began = time.perf_counter()
            solve(model, metric="sl_offered", target=0.80, load=load, **rest)
            both = time.perf_counter() - began
            rates = f"{YEAR / forward:11,.0f} {YEAR / search:9,.0f}"
            print(f"{model:10} {mean:7,.0f} {rates} {search:7.2f} {both:16.2f}")


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--accuracy", action="store_true", help="against the reference tables")
    parser.add_argument("--speed", action="store_true", help="rows per second")
    asked = parser.parse_args()
    if not (asked.accuracy or asked.speed):
        parser.error("say --accuracy or --speed")
    warnings.simplefilter("error")
    fine = accuracy() if asked.accuracy else True
    if asked.speed:
        speed()
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
