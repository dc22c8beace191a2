"""What no staffing model can answer: overload, idle agents, inputs that it does not know."""

from __future__ import annotations

import numpy as np

from wfm.core.errors import DataError
from wfm.erlang.base import StaffingModel
from wfm.erlang.inputs import Array, Inputs, Numbers

KNOWN_BY = {"lines": "mmnk or erlang_a_k", "redial": "erlang_x", "reconnect": "erlang_x"}


def refuse_foreign(found: StaffingModel, values: dict[str, Numbers | None]) -> None:
    """Refuse what would change the answer if the model knew it: lines, callers who call again.

    Raises
    ------
    DataError
        Naming what the model does not know, and the model that does.
    """
    known = (*found.needs, *found.takes)
    foreign = [k for k in KNOWN_BY if values[k] is not None and k not in known]
    if foreign:
        what = ", ".join(foreign)
        cure = " or ".join(dict.fromkeys(KNOWN_BY[k] for k in foreign))
        message = f"{found.name}: it knows no {what}. Use {cure}, or leave them out."
        raise DataError(message)


def refuse_overload(model: StaffingModel, asked: Inputs) -> None:
    """Raise for rows whose agents do not exceed the load, with the least that would do.

    Raises
    ------
    DataError
        Naming the first row; all of them in `.rows`.
    """
    over = (asked.load > 0.0) & (asked.agents <= asked.load)
    if over.any():
        frame = asked.frame()
        first = int(np.flatnonzero(over)[0])
        load, agents = asked.load[first], asked.agents[first]
        least = int(np.floor(load)) + 1
        more = (
            f" (row {first} and {int(over.sum()) - 1} more)"
            if over.sum() > 1
            else f" (row {first})"
        )
        message = (
            f"{model.name}: {agents:g} agents cannot carry {load:g} erlangs{more}: the queue never "
            f"settles. Use at least {least} agents, or Erlang A if callers hang up."
        )
        raise DataError(message, rows=frame.loc[over])


def refuse_idle_agents(model: StaffingModel, asked: Inputs, lines: Array) -> None:
    """Raise for rows with more agents than lines: `lines` was read as places to wait.

    Raises
    ------
    DataError
        Naming the first row; all of them in `.rows`.
    """
    over = asked.agents > lines
    if over.any():
        first = int(np.flatnonzero(over)[0])
        message = (
            f"{model.name}: {asked.agents[first]:g} agents on {lines[first]:g} lines in row "
            f"{first}. Lines count calls in progress and waiting; give at least as many as agents."
        )
        raise DataError(message, rows=asked.frame().loc[over])
