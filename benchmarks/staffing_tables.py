"""The small reference tables, each within the digits it gives; see staffing.py."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import gammaln, log_ndtr, ndtr

from wfm.erlang import (
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

Array = npt.NDArray[np.float64]
METHODS = {"PSA": "steady", "lagged_PSA": "lagged", "MOL": "carried"}
STATES = 420  # of the forward equations: calls in the system
DAY_MIN, HALF_HOUR_MIN = 1440, 30


def small_tables(folder: Path) -> bool:
    """Print how far the small tables are met; True if within the digits they give."""
    print(f"{'small table':44} worst difference, allowed")
    approximate, exact = square_root(folder)
    average, simulated = uncertainty(folder), chat_simulated(folder)
    lines = {
        "square_root_staffing, exact": (exact, 1e-9),
        "square_root_staffing, formulas": (approximate, 1e-9),
        "load_uncertainty": (average[0], 1e-9),
        # The table's own integral is good to six digits; adaptive quadrature agrees with ours.
        "load_uncertainty, average SL": (average[1], 2e-7),
        "time_varying, agents and hours": (time_varying(folder), 1e-8),
        "chat_concurrency": (chat(folder), 1e-9),
        "chat_concurrency, simulated": (simulated, 4e-3),  # a million chats
        "deferred_work_edf": (deferred(folder), 1e-9),
        "blending_threshold": (blending(folder), 1e-9),
        "callback_option": (callback(folder), 1e-9),
    }
    # The table's waits are an explicit Euler's, about three digits; these are absolute.
    lines |= {f"time_varying, {name}": (off_by, 3e-3) for name, off_by in waits(folder).items()}
    fine = True
    for name, (worst, allowed) in lines.items():
        print(f"{name:44} {worst:10.1e} {allowed:8.0e}{'' if worst <= allowed else '  OUTSIDE'}")
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
    worst = 0.0
    for method, name in METHODS.items():
        for row in summary[summary["method"] == method].to_dict("records"):
            load, agents = staffed(row, name)
            worst = max(worst, off(agents.sum() / 2.0, row["agent_hours"]))
            if row["aht_min"] == 60:
                rows = profile[profile["method"] == method]
                worst = max(worst, off(agents, rows["agents"]))
                if name == "carried":
                    worst = max(worst, off(load, rows["offered_load_m_t"]))
    return worst


def staffed(row: dict[str, float], method: str) -> tuple[Array, Array]:
    """Load in the middle of each half hour of the sinus day, and its least agents."""
    step = 2.0 * np.pi / 86_400
    waves = -np.diff(np.cos(step * np.arange(86_401))) / step
    middle = np.arange(900, 86_400, 1800)
    aht = 60.0 * row["aht_min"]
    volume = (row["mean_load_erlangs"] + row["amplitude_erlangs"] * waves) / aht
    load = effective_load(volume, aht, 1.0, method=method, cyclic=True)
    load = (load[middle - 1] + load[middle]) / 2.0
    agents = required_agents(
        "erlang_a",
        metric="p_wait",
        target=row["target_p_wait"],
        load=load,
        aht_s=aht,
        patience_s=60.0 * row["patience_min"],
    )
    return load, agents.astype(float)


def waits(folder: Path) -> dict[str, float]:
    """P(wait) by the forward equations for our staffing of the sinus day, against the table's.

    ISA's staffing is iterated from the modified offered load's until it repeats, and its waits
    are those of the table's own staffing.
    """
    summary = pd.read_csv(folder / "time_varying_summary.csv")
    profile = pd.read_csv(folder / "time_varying_profile.csv")
    result = {}
    for aht_min, rows in summary.groupby("aht_min"):
        row = rows.to_dict("records")[0]
        agents = [staffed(row, name)[1] for name in METHODS.values()]
        names = list(METHODS)
        if aht_min == 60:
            hours = rows.set_index("method")["agent_hours"]["ISA"]
            ours = iterated(row, agents[-1])
            result["ISA hours, AHT 60 min"] = abs(float(ours.sum()) / 2.0 / hours - 1.0)
            names.append("ISA")
            theirs = profile.loc[profile["method"] == "ISA", "agents"].to_numpy(dtype=float)
            agents.append(theirs)
            same = int((ours == theirs).sum())
            print(
                f"  ISA, AHT 60 min: {same} of {ours.size} half hours the same, the others off by "
                f"{np.abs(ours - theirs).max():g}: P(as many calls) lies at the target itself there"
            )
        heads = np.stack(agents)
        states, lost = forward(row, heads)
        found = np.stack([
            np.where(np.arange(STATES) >= heads[:, [h]], states[:, h], 0.0).sum(axis=1)
            for h in range(heads.shape[1])
        ], axis=1)  # fmt: skip
        table = rows.set_index("method").loc[names]
        result[f"P(wait) extremes, AHT {aht_min} min"] = max(
            float(np.abs(found.max(axis=1) - table["max_p_wait"]).max()),
            float(np.abs(found.min(axis=1) - table["min_p_wait"]).max()),
        )
        result[f"abandonment, AHT {aht_min} min"] = float(
            np.abs(lost - table["mean_p_abandon"]).max()
        )
        if aht_min == 60:
            expected = [
                profile.loc[profile["method"] == n, "p_wait_exact_forward_eq"] for n in names
            ]
            away = np.abs(found - np.stack([e.to_numpy() for e in expected]))
            result["P(wait) of every half hour"] = float(away.max())
    return result


def forward(row: dict[str, float], agents: Array) -> tuple[Array, Array]:
    """Calls in the system by Kolmogorov's forward equations, several staffings at once.

    Parameters
    ----------
    row
        A row of the summary: its load, handle time and patience.
    agents
        Heads in each half hour, shape (staffings, 48).

    Returns
    -------
    tuple of arrays
        Mean probabilities of each half hour, shape (staffings, 48, states), and the share leaving
        at a moment, averaged over the day. Explicit Euler, second day of a periodic run.
    """
    aht, patience = float(row["aht_min"]), float(row["patience_min"])
    mean, swing = float(row["mean_load_erlangs"]), float(row["amplitude_erlangs"])
    steps = round(HALF_HOUR_MIN / (aht / 1000.0))
    dt = HALF_HOUR_MIN / steps
    k = np.arange(STATES)
    start = np.exp(k * np.log(mean) - mean - gammaln(k + 1.0))
    p = np.tile(start / start.sum(), (len(agents), 1))
    states, lost = np.zeros((*agents.shape, STATES)), np.zeros(len(agents))
    for half in [*range(agents.shape[1])] * 2:
        heads = agents[:, [half]]
        hang_up = np.maximum(k - heads, 0.0) / patience
        ends = np.minimum(k, heads) / aht + hang_up
        begin = half * HALF_HOUR_MIN
        total = np.zeros_like(p)
        for step in range(steps):
            wave = np.sin(2.0 * np.pi * (begin + step * dt) / DAY_MIN)
            up, down = (mean + swing * wave) / aht * dt * p, ends * dt * p
            up[:, -1] = 0.0
            total += p
            p -= up + down
            p[:, 1:] += up[:, :-1]
            p[:, :-1] += down[:, 1:]
        states[:, half] = total / steps
        if half == 0:
            lost[:] = 0.0
        rate = (mean + swing * np.sin(2.0 * np.pi * (begin + 15) / DAY_MIN)) / aht
        lost += (states[:, half] * hang_up).sum(axis=1) / rate / agents.shape[1]
    return states, lost


def iterated(row: dict[str, float], agents: Array) -> Array:
    """Least heads of each half hour with P(as many calls) within the target, until it repeats."""
    for _ in range(20):
        states, _ = forward(row, agents[None])
        beyond = states[0, :, ::-1].cumsum(axis=1)[:, ::-1]
        least = np.argmax(beyond <= row["target_p_wait"], axis=1).astype(float)
        if np.array_equal(least, agents):
            break
        agents = least
    return agents


def square_root(folder: Path) -> tuple[float, float]:
    """Halfin and Whitt's and Garnett's formulas, and the exact values beside them."""
    table = pd.read_csv(folder / "square_root_staffing.csv")
    load, agents = table["load_erlangs"].to_numpy(float), table["agents"].to_numpy(float)
    beta = (agents - load) / np.sqrt(load)
    approximate = exact = 0.0
    patient = table["patience_over_aht"].isna().to_numpy()
    rows = table[patient]
    density = np.exp(-beta * beta / 2.0) / np.sqrt(2.0 * np.pi)
    approximate = off((1.0 / (1.0 + beta * ndtr(beta) / density))[patient], rows["p_wait_approx"])
    found = evaluate("erlang_c", load=load[patient], agents=agents[patient], aht_s=300.0)
    exact = off(found["p_wait"], rows["p_wait_exact"])
    rows, n, root = table[~patient], agents[~patient], beta[~patient]
    ratio = np.sqrt(rows["patience_over_aht"].to_numpy(float))

    def hazard(x: Array) -> Array:
        return np.asarray(np.exp(-x * x / 2.0 - log_ndtr(-x)) / np.sqrt(2.0 * np.pi))

    b = root * ratio
    p_wait = 1.0 / (1.0 + hazard(b) / ratio / hazard(-root))
    approximate = max(
        approximate,
        off(p_wait, rows["p_wait_approx"]),
        off(p_wait / ratio * (hazard(b) - b) / np.sqrt(n), rows["p_abandon_approx"]),
    )
    found = evaluate("erlang_a", load=load[~patient], agents=n, aht_s=300.0,
                     patience_s=300.0 * rows["patience_over_aht"])  # fmt: skip
    exact = max(exact, off(found["p_wait"], rows["p_wait_exact"]),
                off(found["p_abandon"], rows["p_abandon_exact"]))  # fmt: skip
    return approximate, exact


def chat(folder: Path) -> float:
    """The exact chain of chats."""
    table = pd.read_csv(folder / "chat_concurrency.csv")
    found = chats(table)
    told = ["p_wait", "p_abandon", "mean_wait_all_s", "sl_offered", "slot_utilisation"]
    return off(found[told], table[told])


def chat_simulated(folder: Path) -> float:
    """The chain against chats simulated without moving them between agents, absolute."""
    table = pd.read_csv(folder / "chat_concurrency.csv")
    columns = ["p_wait", "p_abandon", "sl_offered"]
    simulated = table[[f"sim_{c}" for c in columns]].to_numpy(float)
    return float(np.abs(chats(table)[columns].to_numpy() - simulated).max())


def chats(table: pd.DataFrame) -> pd.DataFrame:
    """Our measures of every row."""
    return pd.concat([
        evaluate_chat(
            arrivals_per_h=row["arrivals_per_hour"],
            agents=row["agents"],
            aht_s=[float(x) for x in str(row["aht_s_at_1_2_3_chats"]).split("/")],
            patience_s=row["patience_s"],
            threshold_s=row["threshold_s"],
        )
        for row in table.to_dict("records")
    ], ignore_index=True)  # fmt: skip


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
