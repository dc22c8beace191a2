"""Public calculators, asked one by one in an environment of their own.

    python staffing_others.py TOOL SECONDS < loads.json
    python staffing_others.py levels 0 < pairs.json

TOOL is a key of `TOOLS`; the loads are a JSON list of erlangs. Prints a JSON object with the rate
(least agents for 80/20 per second, AHT 300 s, patience 120 s), the answers and how many there are.
`levels` takes pairs of load and agents, and prints the service levels of pyworkforce's Erlang A.
This file imports nothing of wfm: it runs where only the other packages are installed.
"""

import json
import math
import sys
import time

AHT_S, PATIENCE_S, THRESHOLD_S, TARGET = 300.0, 120.0, 20.0, 0.80
HALF_HOUR_S = 1800.0


def plain_python(load):
    """Erlang C by the recurrence of 1 / B, one agent after the other."""
    inverse, agents = 1.0, 0
    while agents <= load:
        agents += 1
        inverse = 1.0 + inverse * agents / load
    while True:
        wait = 1.0 / (1.0 + (inverse - 1.0) * (agents - load) / agents)
        if 1.0 - wait * math.exp((load - agents) * THRESHOLD_S / AHT_S) >= TARGET:
            return agents
        agents += 1
        inverse = 1.0 + inverse * agents / load


def pyworkforce_c():
    """Erlang C of pyworkforce."""
    from pyworkforce.queuing import ErlangC

    def ask(load):
        contacts = load * HALF_HOUR_S / AHT_S
        found = ErlangC(transactions=contacts, aht=AHT_S / 60, asa=THRESHOLD_S / 60, interval=30)
        return found.required_positions(service_level=TARGET)["raw_positions"]

    return ask


def pyworkforce_queue(load):
    """Erlang A of pyworkforce 0.5.4 and newer: exact."""
    from pyworkforce.queuing import ErlangA

    return ErlangA(
        transactions=load * HALF_HOUR_S / AHT_S, aht=AHT_S / 60, asa=THRESHOLD_S / 60, interval=30,
        patience=PATIENCE_S / 60,
    )  # fmt: skip


def pyworkforce_a():
    """Least agents of pyworkforce's Erlang A; its search never looks below the load."""
    pyworkforce_queue(1.0)
    return lambda load: pyworkforce_queue(load).required_positions(TARGET)["raw_positions"]


def call_center_tools():
    """Erlang C of call-center-tools."""
    from call_center_tools import calc_staffing

    def ask(load):
        found = calc_staffing(
            load * 3600.0 / AHT_S, AHT_S, max_occupancy=1.0, target_answer_time=THRESHOLD_S,
            target_service_level=TARGET,
        )  # fmt: skip
        return found.agents

    return ask


def callcenterdim():
    """Erlang C of CallCenterDim."""
    from callcenterdim.Dimensionamento import AgentsReq

    return lambda load: AgentsReq(load * 6.0, 30, AHT_S, TARGET, THRESHOLD_S)


def turbotab_c():
    """Erlang C of mod-turbotab."""
    from mod_turbotab.agents.capacity import agents_required

    return lambda load: agents_required(TARGET, THRESHOLD_S, load * 6.0, AHT_S, HALF_HOUR_S)


def turbotab_a():
    """What mod-turbotab calls Erlang A: Erlang C with a discount for patience."""
    from mod_turbotab.agents.capacity import agents_required

    return lambda load: agents_required(
        TARGET, THRESHOLD_S, load * 6.0, AHT_S, HALF_HOUR_S, PATIENCE_S
    )


TOOLS = {
    "plain Python": lambda: plain_python,
    "pyworkforce C": pyworkforce_c,
    "call-center-tools C": call_center_tools,
    "callcenterdim C": callcenterdim,
    "mod-turbotab C": turbotab_c,
    "pyworkforce A": pyworkforce_a,
    "mod-turbotab A": turbotab_a,
}


def main():
    """Ask as many loads as fit into the seconds, at least one."""
    if sys.argv[1] == "levels":
        levels = [pyworkforce_queue(load).service_level(int(n)) for load, n in json.load(sys.stdin)]
        print(json.dumps(levels))
        return
    ask, seconds = TOOLS[sys.argv[1]](), float(sys.argv[2])
    loads = json.load(sys.stdin)
    answers = []
    began = time.perf_counter()
    spent = 0.0
    while spent < seconds:
        for load in loads:
            answers.append(int(ask(load)))
            spent = time.perf_counter() - began
            if spent >= seconds:
                break
    count = len(answers)
    print(json.dumps({"rate": count / spent, "count": count, "answers": answers[: len(loads)]}))


if __name__ == "__main__":
    main()
