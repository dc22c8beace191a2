"""Every queue against simulated calls: many runs side by side, seeded, within their error.

The simulation knows no formula: callers come, take a line if one is left, wait first come first
served, hang up when their patience ends. Chat and blending have simulations of their own in
`test_concurrency.py` and `test_blending.py`.
"""

from __future__ import annotations

import numpy as np
import pytest

from wfm.erlang import evaluate

RUNS, CALLS, WARM = 300, 2_500, 500
THRESHOLD, SHORT = 0.12, 0.05  # in units of the handle time


def simulate(
    load: float, agents: int, patience: float | None, lines: int | None, seed: int
) -> dict[str, np.ndarray]:
    """Shares and means of each run; AHT 1. One step is one call in every run."""
    rng = np.random.default_rng(seed)
    every = np.arange(RUNS)
    now = np.zeros(RUNS)
    free_at = np.zeros((RUNS, agents))  # when each agent has worked off all given to them
    places = np.zeros((RUNS, lines or 1))  # when each line is left
    blocked, waits, lost = (np.zeros((CALLS, RUNS)) for _ in range(3))
    for call in range(CALLS):
        now = now + rng.exponential(1.0 / load, RUNS)
        service = rng.exponential(1.0, RUNS)
        ends = rng.exponential(patience, RUNS) if patience else np.full(RUNS, np.inf)
        line = np.argmin(places, axis=1)
        enters = (places[every, line] <= now) | (lines is None)
        agent = np.argmin(free_at, axis=1)
        wait = np.maximum(free_at[every, agent] - now, 0.0)
        stays = enters & (wait <= ends)
        free_at[every[stays], agent[stays]] = (now + wait + service)[stays]
        leaves = now + np.where(stays, wait + service, ends)
        if lines is not None:
            places[every[enters], line[enters]] = leaves[enters]
        blocked[call], lost[call] = ~enters, enters & ~stays
        waits[call] = np.where(enters, np.minimum(wait, ends), np.nan)
    blocked, lost, waits = blocked[WARM:], lost[WARM:] > 0.0, waits[WARM:]
    served = (blocked == 0.0) & ~lost
    in_time, short = served & (waits <= THRESHOLD), lost & (waits <= SHORT)
    left = lost & (waits <= THRESHOLD)
    offered = np.full(RUNS, CALLS - WARM)

    def share(part: np.ndarray, whole: np.ndarray | None = None) -> np.ndarray:
        return part.sum(axis=0) / (offered if whole is None else whole)

    return {
        "p_block": share(blocked),
        "p_immediate": share(served & (waits == 0.0)),
        "p_abandon": share(lost),
        "p_abandon_within_T": share(left),
        "p_served": share(served),
        "sl_offered": share(in_time),
        "sl_handled": share(in_time, served.sum(axis=0)),
        "sl_abandon_counts": share(in_time | left),
        "sl_excl_short_abandon": share(in_time, offered - left.sum(axis=0)),
        "sl_short_counts": share(in_time | short),
        "sl_excl_short": share(in_time, offered - short.sum(axis=0)),
        "asa_served_s": np.where(served, waits, 0.0).sum(axis=0) / served.sum(axis=0),
        "mean_wait_all_s": np.nansum(waits, axis=0) / (offered - blocked.sum(axis=0)),
    }


@pytest.mark.parametrize(
    ("model", "load", "agents", "patience", "lines"),
    [
        ("erlang_c", 7.0, 10, None, None),
        ("erlang_a", 10.0, 10, 0.8, None),
        ("erlang_a", 12.0, 8, 2.0, None),
        ("mmnk", 9.0, 8, None, 13),
        ("mmnk", 3.0, 5, None, 6),
        ("erlang_a_k", 10.0, 9, 0.6, 12),
        ("erlang_b", 5.0, 6, None, 6),
    ],
)
def test_simulated_calls_agree_within_their_error(
    model: str, load: float, agents: int, patience: float | None, lines: int | None
) -> None:
    found = simulate(load, agents, patience, lines, seed=agents)
    rest = {"aht_s": 1.0, "patience_s": patience, "threshold_s": THRESHOLD, "short_s": SHORT}
    if model not in ("erlang_b", "erlang_c", "erlang_a"):
        rest["lines"] = lines
    row = evaluate(model, load=load, agents=agents, **rest).iloc[0]
    compared = 0
    for column, values in found.items():
        if column in row:
            mean, error = values.mean(), values.std(ddof=1) / np.sqrt(RUNS)
            # 4 standard errors; a thousandth for what the empty start leaves.
            assert abs(mean - row[column]) <= 4.0 * error + 1e-3 * abs(row[column]), column
            compared += 1
    assert compared >= (1 if model == "erlang_b" else 5)


def test_the_simulation_can_fail() -> None:
    """A tenth less load is told apart from what is simulated."""
    found = simulate(10.0, 10, 0.8, None, seed=1)["sl_offered"]
    error = found.std(ddof=1) / np.sqrt(RUNS)
    rest = {"agents": 10, "aht_s": 1.0, "patience_s": 0.8, "threshold_s": THRESHOLD}
    other = evaluate("erlang_a", load=9.0, **rest)["sl_offered"][0]
    assert abs(found.mean() - other) > 10.0 * error
