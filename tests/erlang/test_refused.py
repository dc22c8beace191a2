"""Numbers that cannot be: refused by every question in one sentence that says what to do.

A sentence names the question, the argument and the value, and ends with what to write instead.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from wfm.core.errors import DataError
from wfm.erlang import (
    STAFFING,
    Items,
    agents_at_confidence,
    best_kept_free,
    blend,
    campaign_hours,
    effective_load,
    evaluate,
    evaluate_callback,
    evaluate_chat,
    least_capacity,
    required_agents,
    required_chat_agents,
    serve_earliest_due,
)
from wfm.erlang.scope import agents_for_day
from wfm.erlang.spreads import Gamma

CALLS = {"load": 10.0, "aht_s": 300.0, "patience_s": 120.0, "threshold_s": 20.0, "lines": 15.0}
CHATS = {"arrivals_per_h": 60.0, "aht_s": [300.0, 350.0], "patience_s": 600.0, "threshold_s": 30.0}
BLEND = {"load": 20.0, "agents": 30, "aht_s": 300.0, "threshold_s": 20.0}
BACK = {"load": 9.0, "agents": 8, "aht_s": 300.0, "patience_s": 200.0, "offer_at": 3}
LIST = {"records": 10.0, "attempts": 2, "connect_rate": 0.3, "set_up_s": 20.0, "talk_s": 200.0}
DAY = {"floor": 0.5, "load": [3.0, 5.0], "volume": [18.0, 30.0]}
LEVEL = {"metric": "sl_offered", "target": 0.8}
WORK = {"items": Items([0, 1], [2, 3], [1.0, 1.0]), "capacity": 1.0, "begins_h": [0.0, 1.0]}
WORK |= {"interval_h": 1.0}


def queue(model: str, everything: dict[str, Any]) -> dict[str, Any]:
    """The arguments that a model needs, of those given."""
    needs = (*STAFFING[model].needs, *(["threshold_s"] if model != "erlang_b" else []))
    others = ("agents", "metric", "target", "min_agents", "max_occupancy")
    return {k: v for k, v in everything.items() if k in (*needs, *others)}


BAD = {
    "load": [(-1, "-1"), (np.nan, "nan"), (np.inf, "inf")],
    "agents": [(-1, "-1"), (np.nan, "nan")],
    "aht_s": [(0, "0"), (-300, "-300"), (np.nan, "nan")],
    "patience_s": [(0, "0"), (np.nan, "nan")],
    "threshold_s": [(-1, "-1"), (np.nan, "nan")],
    "lines": [(0, "0"), (np.nan, "nan"), (7.5, "7.5")],
}


@pytest.mark.parametrize("model", STAFFING)
def test_every_model_refuses_what_cannot_be(model: str) -> None:
    level = {"metric": "p_block", "target": 0.05} if model == "erlang_b" else LEVEL
    forward = queue(model, CALLS | {"agents": 12.0})
    inverse = queue(model, CALLS | level)
    for name, cases in BAD.items():
        for value, shown in cases:
            asks = [lambda n=name, v=value: evaluate(model, **(forward | {n: v}))]
            asks += [lambda n=name, v=value: required_agents(model, **(inverse | {n: v}))]
            for ask in asks[: 1 if name == "agents" else 2]:
                if name in forward:
                    with pytest.raises(DataError, match=rf"{model}: {name} is {shown} .*\. Write "):
                        ask()
    for target in (0, 1, -0.2, 80, np.nan):
        with pytest.raises(
            DataError, match=rf"{model}: target {target:g} for .* above 0 and below"
        ):
            required_agents(model, **(inverse | {"target": target}))
    for change, message in (
        ({"target": None}, "target missing. Give the value"),
        ({"target": "80 %"}, "are not numbers"),
        ({"metric": None}, "metric None is not known"),
        ({"max_occupancy": 88}, "target 88 for occupancy .max_occupancy.. Write a number above 0"),
        ({"min_agents": np.nan}, "min_agents is nan. Write heads"),
        ({"target": [0.5, 7.0, 8.0]}, "target 7 for .* in row 1"),
    ):
        with pytest.raises(DataError, match=message):
            required_agents(model, **(inverse | change))


def test_erlang_c_says_how_many_at_least_and_names_erlang_a() -> None:
    for agents, load, least in ((8, 10.0, 11), (10, 10.0, 11), (0, 0.3, 1), (99.5, 99.5, 100)):
        with pytest.raises(
            DataError, match=rf"Use at least {least} agents, or Erlang A if callers"
        ):
            evaluate("erlang_c", load=load, agents=agents, aht_s=300.0)


CASES: list[tuple[Callable[..., object], dict[str, Any], dict[str, Any], str]] = [
    (
        evaluate_chat,
        CHATS | {"agents": 5},
        {"arrivals_per_h": np.nan},
        "chat: arrivals_per_h is nan",
    ),
    (evaluate_chat, CHATS | {"agents": 5}, {"agents": None}, "chat: agents is nan in row 0. Write"),
    (evaluate_chat, CHATS | {"agents": 5}, {"aht_s": []}, "chat: aht_s is empty. Write the handle"),
    (evaluate_chat, CHATS | {"agents": 5}, {"aht_s": [0, 9]}, "chat: aht_s is 0 in row 0. Write"),
    (
        evaluate_chat,
        CHATS | {"agents": 5},
        {"patience_s": 0},
        "chat: patience_s is 0. Write seconds",
    ),
    (evaluate_chat, CHATS | {"agents": 5}, {"patience_s": None}, "chat: patience_s is None. Write"),
    (evaluate_chat, CHATS | {"agents": 5}, {"threshold_s": -1}, "chat: threshold_s is -1. Write"),
    (
        required_chat_agents,
        CHATS | LEVEL,
        {"target": 1},
        "target of sl_offered is 1. Write a share",
    ),
    (required_chat_agents, CHATS | LEVEL, {"target": np.nan}, "is nan. Write a share above 0"),
    (required_chat_agents, CHATS | LEVEL, {"target": "x"}, "is 'x'. Write a share above 0"),
    (
        required_chat_agents,
        CHATS | LEVEL,
        {"min_agents": -1},
        "min_agents is -1. Write whole heads",
    ),
    (blend, BLEND, {"load": -1}, "blending: load is -1. Write erlangs"),
    (blend, BLEND, {"load": None}, "blending: load is None. Write erlangs"),
    (blend, BLEND, {"aht_s": 0}, "blending: aht_s is 0. Write seconds above 0"),
    (blend, BLEND, {"agents": np.nan}, "blending: agents is nan. Write whole heads"),
    (blend, BLEND, {"agents": 20}, "Use at least 21 whole agents"),
    (blend, BLEND, {"kept_free": "x"}, "kept_free is 'x'. Write whole heads, 0 to 30"),
    (best_kept_free, BLEND, {"target": 1.0}, "target is 1. Write a share above 0 and below 1"),
    (best_kept_free, BLEND, {"target": None}, "target is None. Write a share"),
    (evaluate_callback, BACK, {"accepted": np.nan}, "callback: accepted is nan. Write a share"),
    (evaluate_callback, BACK, {"accepted": 0.4, "load": np.nan}, "callback: load is nan"),
    (evaluate_callback, BACK, {"accepted": 0.4, "aht_s": 0}, "callback: aht_s is 0"),
    (campaign_hours, LIST, {"records": None}, "campaign: records is None. Write"),
    (campaign_hours, LIST, {"attempts": np.nan}, "campaign: attempts is nan. Write a whole"),
    (campaign_hours, LIST, {"talk_s": -1}, "campaign: talk_s is -1. Write seconds"),
    (campaign_hours, LIST, {"connect_rate": []}, "campaign: connect_rate is empty. Give"),
    (campaign_hours, LIST, {"connect_rate": 1.1}, "campaign: connect_rate is 1.1. Write a share"),
    (serve_earliest_due, WORK, {"capacity": -1}, "capacity is -1 in interval 0. Write heads"),
    (serve_earliest_due, WORK, {"capacity": [1, 2, 3]}, "capacity and begins_h do not fit"),
    (serve_earliest_due, WORK, {"begins_h": [0, np.nan]}, "begins_h holds an unknown value. Fill"),
    (serve_earliest_due, WORK, {"interval_h": 0}, "interval_h is 0. Write hours above 0"),
    (least_capacity, {"items": WORK["items"]}, {"opening_h": "9-5"}, "must be rows .opens, closes"),
    (effective_load, {"aht_s": 300, "interval_s": 900}, {"volume": "x"}, "Give numbers, one for"),
    (effective_load, {"aht_s": 0, "interval_s": 900}, {"volume": [1]}, "aht_s is 0. Write seconds"),
]


@pytest.mark.parametrize(("ask", "fine", "change", "message"), CASES)
def test_the_other_questions_refuse_it_too(
    ask: Callable[..., object], fine: dict[str, Any], change: dict[str, Any], message: str
) -> None:
    with pytest.raises(DataError, match=message) as caught:
        ask(**(fine | ({"target": 0.8} if ask is best_kept_free else {}) | change))
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"load": [-1.0, 2.0]}, "load is -"),
        ({"aht_s": 0}, "aht_s is 0"),
        ({"patience_s": 0}, "patience_s is 0"),
        ({"target": 80}, "target 80 for sl_offered"),
    ],
)
def test_a_confidence_and_a_day_refuse_what_an_interval_refuses(
    change: dict[str, Any], message: str
) -> None:
    calls = {k: v for k, v in CALLS.items() if k != "lines"} | LEVEL
    with pytest.raises(DataError, match=message):
        agents_at_confidence(
            "erlang_a", **(calls | {"confidence": 0.9, "day": Gamma(0.1)} | change)
        )
    with pytest.raises(DataError, match=message):
        agents_for_day("erlang_a", **(calls | DAY | change))
