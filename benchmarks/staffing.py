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

from wfm.erlang import (
    STAFFING,
    Gamma,
    Items,
    agents_at_confidence,
    blend,
    chance_of_meeting,
    effective_load,
    evaluate,
    evaluate_callback,
    evaluate_chat,
    expected_metric,
    least_capacity,
    required_agents,
)

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


def small_tables(folder: Path) -> bool:
    """Print how far the small tables are met; True if within the digits they give."""
    print("small table        worst difference, allowed")
    fine = True
    for name, (worst, allowed) in {
        "load_uncertainty": (uncertainty(folder)[0], 1e-9),
        # The table's own integral is good to six digits; adaptive quadrature agrees with ours.
        " its average SL": (uncertainty(folder)[1], 2e-7),
        "time_varying": (time_varying(folder), 1e-8),
        "chat_concurrency": (chat(folder), 1e-9),
        "deferred_work_edf": (deferred(folder), 1e-9),
        "blending_threshold": (blending(folder), 1e-9),
        "callback_option": (callback(folder), 1e-9),
    }.items():
        print(f"{name:18} {worst:16.1e} {allowed:8.0e}{'' if worst <= allowed else '  OUTSIDE'}")
        fine &= worst <= allowed
    return fine


def off(values: object, expected: object) -> float:
    """Largest relative difference."""
    mine, theirs = np.asarray(values, dtype=float), np.asarray(expected, dtype=float)
    return float(np.max(np.abs(mine - theirs) / np.where(theirs == 0.0, 1.0, np.abs(theirs))))


def uncertainty(folder: Path) -> tuple[float, float]:
    """Gamma-distributed days: least agents exact, probabilities; six digits of the averages."""
    worst = average_off = 0.0
    for row in pd.read_csv(folder / "load_uncertainty.csv").to_dict("records"):
        rest = {k: float(row[k]) for k in ("aht_s", "patience_s", "threshold_s")}
        rest |= {"load": float(row["mean_load_erlangs"]), "metric": "sl_offered"}
        ask = rest | {"target": row["sl_target"]}
        day = Gamma(row["cv_of_load"])
        agents = required_agents("erlang_a", **ask)
        average = agents_at_confidence("erlang_a", confidence=0.5, day=None, interval=day, **ask)
        pairs = [
            (agents[0], row["agents_deterministic"]),
            (
                chance_of_meeting("erlang_a", agents=agents, day=day, **ask)[0],
                row["p_day_meets_sl_at_deterministic"],
            ),
            (average[0], row["agents_for_call_weighted_sl"]),
        ]
        for share in ("0.80", "0.90", "0.95"):
            least = agents_at_confidence("erlang_a", confidence=float(share), day=day, **ask)
            pairs.append((least[0], row[f"agents_p_meet_{share}"]))
        level = expected_metric("erlang_a", agents=agents, spread=day, **rest)[0]
        average_off = max(average_off, abs(level - row["call_weighted_sl_at_deterministic"]))
        worst = max(worst, *(off(a, b) for a, b in pairs))
    return worst, average_off


def time_varying(folder: Path) -> float:
    """The sinus day: agents of every half hour, hours of every method, the modified load."""
    summary = pd.read_csv(folder / "time_varying_summary.csv")
    profile = pd.read_csv(folder / "time_varying_profile.csv")
    step, worst = 2.0 * np.pi / 86_400, 0.0
    edges = np.arange(86_401)
    waves = -np.diff(np.cos(step * edges)) / step
    middle = np.arange(900, 86_400, 1800)
    for method, name in (("PSA", "steady"), ("lagged_PSA", "lagged"), ("MOL", "carried")):
        for row in summary[summary["method"] == method].to_dict("records"):
            aht = 60.0 * row["aht_min"]
            volume = (row["mean_load_erlangs"] + row["amplitude_erlangs"] * waves) / aht
            load = effective_load(volume, aht, 1.0, method=name, cyclic=True)
            load = (load[middle - 1] + load[middle]) / 2.0
            agents = required_agents(
                "erlang_a",
                metric="p_wait",
                target=row["target_p_wait"],
                load=load,
                aht_s=aht,
                patience_s=60.0 * row["patience_min"],
            )
            worst = max(worst, off(agents.sum() / 2.0, row["agent_hours"]))
            if row["aht_min"] == 60:
                rows = profile[profile["method"] == method]
                worst = max(worst, off(agents, rows["agents"]))
                if name == "carried":
                    worst = max(worst, off(load, rows["offered_load_m_t"]))
    return worst


def chat(folder: Path) -> float:
    """The exact chain of chats."""
    worst = 0.0
    for row in pd.read_csv(folder / "chat_concurrency.csv").to_dict("records"):
        found = evaluate_chat(
            arrivals_per_h=row["arrivals_per_hour"],
            agents=row["agents"],
            aht_s=[float(x) for x in str(row["aht_s_at_1_2_3_chats"]).split("/")],
            patience_s=row["patience_s"],
            threshold_s=row["threshold_s"],
        )
        worst = max(worst, *(off(found[c][0], row[c]) for c in found.columns))
    return worst


def deferred(folder: Path) -> float:
    """Least capacity of a day that repeats, through windows of at most three days."""
    counts = [4, 3, 2, 2, 1, 1, 2, 5, 12, 18, 20, 19, 15, 14, 16, 17, 16, 14, 10, 8, 7, 6, 5, 4]
    hours, worst = np.arange(24.0 * 5), 0.0
    for row in pd.read_csv(folder / "deferred_work_edf.csv").to_dict("records"):
        due, work = hours + row["deadline_h"], np.tile(counts, 5) * row["aht_min"] / 60.0
        most = 0.0
        for start in range(24):
            inside = (hours >= start) & (due <= start + 72.0)
            items = Items(hours[inside], due[inside], work[inside])
            most = max(most, least_capacity(items))
        worst = max(worst, off(most, row["min_constant_capacity_agents"]))
    return worst


def blending(folder: Path) -> float:
    """Every number of agents kept free."""
    worst = 0.0
    table = pd.read_csv(folder / "blending_threshold.csv")
    for (load, agents), rows in table.groupby(["inbound_load_erlangs", "agents"]):
        kept = rows["agents_kept_free_r"]
        found = blend(float(load), int(agents), aht_s=300, threshold_s=20, kept_free=kept)
        worst = max(worst, off(found.iloc[:, 1:], rows.iloc[:, 3:]))
    return worst


def callback(folder: Path) -> float:
    """Every callback offer."""
    table = pd.read_csv(folder / "callback_option.csv")
    found = evaluate_callback(
        load=table["load_erlangs"],
        agents=table["agents"],
        aht_s=300.0,
        patience_s=table["patience_s"],
        offer_at=table["offer_at_queue_length"],
        accepted=table["accept_fraction"],
    )
    return off(found, table.iloc[:, 5:])


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
