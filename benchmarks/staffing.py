"""Accuracy and speed of the staffing formulas.

    python benchmarks/staffing.py --accuracy      every row and column of the reference tables
    python benchmarks/staffing.py --speed         beside public calculators; a year; peak memory

The tables are read from the optional folder of shared data beside the repository
(`../shared/reference`) and otherwise from `tests/reference`. `--speed` makes an environment for the
public calculators in `.benchmark-env` and runs everything on one core; read speeds as ratios.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from staffing_speed import speed
from staffing_tables import small_tables

from wfm.erlang import STAFFING, evaluate, required_agents

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
    outside = forward.loc[~forward["model"].isin(STAFFING), "model"].unique()
    if len(outside):
        print(f"models not known: {', '.join(outside)}")
        fine = False
    print(f"rows checked: {int(forward['model'].isin(STAFFING).sum())} of {len(forward)}")
    found = 0
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
        if len(rows):
            print(f"{model:10} least agents exact: {right} of {len(rows)}")
        fine &= right == len(rows)
        found += right
    print(f"least agents exact: {found} of {len(inverse)}")
    return small_tables(folder) and fine


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
        fine &= speed()
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
