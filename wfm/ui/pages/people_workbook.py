"""A filled-in workbook of people to the tables of the project: all of its sheets, or none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from typing import Any

import pandas as pd

from wfm import io
from wfm.core import tables
from wfm.core.errors import DataError
from wfm.core.shrinkage import Shrinkage
from wfm.io.read.workbook import sheet_names
from wfm.ui import state

SHEETS = (
    *("agents", "absences", "contracts", "shifts", "queues", "campaigns"),
    *("events", "shrinkage", "limits"),
)


def take_in(name: str, content: bytes) -> None:
    """Replace the tables that a workbook holds; nothing is saved when one of them is wrong."""
    held = {sheet.strip().lower(): sheet for sheet in sheet_names(content)}
    found = {
        table: io.read_frame(BytesIO(content), sheet=held[table])
        for table in SHEETS
        if table in held
    }
    if not found:
        message = f"{name}: no sheet is called {', '.join(SHEETS)}. Fill in the template."
        raise DataError(message)
    made = {table: values_of(table, frame, found) for table, frame in found.items()}
    for table, values in made.items():
        state.save_table(table, AS_TABLE[table](values))


def values_of(
    name: str, frame: pd.DataFrame, others: Mapping[str, pd.DataFrame] | None = None
) -> Sequence[Any]:
    """The checked rows of a table; for absences and shifts the agents and contracts with some.

    Raises
    ------
    DataError
        The first cell that cannot be, with its row and column.
    """
    if name == "absences":
        known = (others or {}).get("agents")
        agents = tables.agents_from(state.table("agents") if known is None else known, frame)
        return [agent for agent in agents if agent.absences]
    if name == "shifts":
        own = (others or {}).get("contracts")
        contracts = tables.contracts_from(state.table("contracts") if own is None else own, frame)
        return [contract for contract in contracts if contract.more_shifts]
    return CHECKS[name](frame)


CHECKS: Mapping[str, Callable[[pd.DataFrame], Sequence[Any]]] = {
    "agents": tables.agents_from,
    "contracts": tables.contracts_from,
    "queues": tables.queues_from,
    "campaigns": tables.campaigns_from,
    "events": tables.events_from,
    "limits": tables.limits_from,
    "shrinkage": lambda frame: tables.shrinkage_from(frame).components,
}
AS_TABLE: Mapping[str, Callable[[Sequence[Any]], pd.DataFrame]] = {
    "agents": tables.agents_table,
    "absences": tables.absences_table,
    "contracts": tables.contracts_table,
    "shifts": tables.shifts_table,
    "queues": tables.queues_table,
    "campaigns": tables.campaigns_table,
    "events": tables.events_table,
    "limits": tables.limits_table,
    "shrinkage": lambda components: tables.shrinkage_table(Shrinkage(tuple(components))),
}
