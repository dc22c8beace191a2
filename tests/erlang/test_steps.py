"""The staircase of least agents, against asking every row by itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfm.erlang import STAFFING, evaluate, required_agents
from wfm.erlang.search import Search
from wfm.erlang.steps import look_up

RANGES = {"few": (0.05, 3.0), "a year": (0.5, 400.0), "large": (7000.0, 13000.0)}
TARGETS = [("sl_offered", 0.8), ("sl_offered", 0.999), ("asa_served_s", 12.0), ("p_wait", 0.02)]
TARGETS += [("occupancy", 0.7), ("mean_queue", 3.0), ("wait_p95_s", 30.0), ("sl_offered", 0.05)]


def one_by_one(
    model: str, metric: str, target: float, load: np.ndarray, **rest: float
) -> list[int]:
    """The same question with a target that differs in a digit nobody sees, so that rows differ."""
    targets = np.full(load.size, target)
    targets[0] = np.nextafter(target, 1.0)
    return required_agents(model, metric=metric, target=targets, load=load, **rest).tolist()


@pytest.mark.parametrize("name", RANGES)
@pytest.mark.parametrize("model", ["erlang_c", "erlang_a"])
def test_the_staircase_says_what_every_row_says_alone(model: str, name: str) -> None:
    low, high = RANGES[name]
    load = np.exp(np.random.default_rng(1).uniform(np.log(low), np.log(high), 600))
    rest = {"aht_s": 240.0, "threshold_s": 15.0}
    rest |= {"patience_s": 90.0} if model == "erlang_a" else {}
    for metric, target in TARGETS:
        found = required_agents(model, metric=metric, target=target, load=load, **rest).tolist()
        assert found == one_by_one(model, metric, target, load, **rest), metric


@given(
    st.floats(0.1, 500.0), st.floats(0.01, 3.0), st.floats(0.02, 0.999), st.floats(2.0, 2000.0),
    st.floats(0.0, 300.0),
)  # fmt: skip
@settings(max_examples=25, deadline=None)
def test_any_question_has_its_least_agents(
    middle: float, width: float, target: float, patience: float, threshold: float
) -> None:
    load = middle * np.exp(np.linspace(-width, width, 520))
    rest = {"aht_s": 300.0, "patience_s": patience, "threshold_s": threshold}
    for model in ("erlang_a", "erlang_x"):
        extra = {"redial": 0.4} if model == "erlang_x" else {}
        least = required_agents(
            model, metric="sl_offered", target=target, load=load, **rest, **extra
        )
        there = evaluate(model, load=load, agents=least, **rest, **extra)["sl_offered"]
        below = evaluate(model, load=load, agents=least - 1, **rest, **extra)["sl_offered"]
        assert (there >= target).all()
        assert ((below < target) | (least == 1)).all()


def test_a_load_on_the_edge_itself_is_proved_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    rest = {"aht_s": 300.0, "threshold_s": 20.0}
    low, high = 90.0, 110.0  # the most that 108 agents carry at 80/20, to the last digit
    while np.nextafter(low, high) < high:
        middle = (low + high) / 2.0
        level = evaluate("erlang_c", load=middle, agents=108, **rest)["sl_offered"][0]
        low, high = (middle, high) if level >= 0.8 else (low, middle)
    load = np.linspace(80.0, 120.0, 600)
    load[[3, 4]] = low, high
    proved = []
    prove = Search._prove

    def counted(self: Search, rows: np.ndarray, agents: np.ndarray, floor: np.ndarray) -> object:
        proved.append(rows.size)
        return prove(self, rows, agents, floor)

    monkeypatch.setattr(Search, "_prove", counted)
    least = required_agents("erlang_c", metric="sl_offered", target=0.8, load=load, **rest)
    assert least[[3, 4]].tolist() == [108, 109]
    assert proved == [2, 2]  # the smallest and the largest load; the two on the edge


def test_what_is_no_staircase_is_not_claimed() -> None:
    load = np.linspace(1.0, 9.0, 100)

    def fickle(loads: np.ndarray, agents: np.ndarray) -> np.ndarray:
        return np.cos(40.0 * loads) + 0.0 * agents

    _, sure = look_up(load, (2.0, 12.0), fickle, fickle)
    steady = look_up(load, (4.0, 4.0), fickle, fickle)
    assert sure.mean() < 1.0
    assert (steady[0] == 4.0).all()


def test_without_more_rows_than_edges_nothing_changes() -> None:
    load = np.geomspace(1.0, 50_000.0, 520)
    rest = {"aht_s": 300.0, "threshold_s": 20.0}
    assert all("lines" in m.needs or m.name.startswith("erlang") for m in STAFFING.values())
    found = required_agents("erlang_c", metric="sl_offered", target=0.8, load=load, **rest)
    assert found.tolist() == one_by_one("erlang_c", "sl_offered", 0.8, load, **rest)
