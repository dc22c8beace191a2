"""The table of staffing models and what each of them offers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from wfm.core.errors import DataError
from wfm.erlang.a import ErlangA
from wfm.erlang.b import ErlangB
from wfm.erlang.c import ErlangC
from wfm.erlang.inputs import Array, Inputs, Sense
from wfm.erlang.integrals import EXACT, Rule
from wfm.erlang.k import FiniteLines
from wfm.erlang.x import ErlangX


class StaffingModel(Protocol):
    """Numbers in, numbers out: what `evaluate` and the search for agents need of a model."""

    @property
    def name(self) -> str:
        """Name in the table."""

    @property
    def needs(self) -> tuple[str, ...]:
        """Arguments it cannot do without, besides the agents."""

    @property
    def takes(self) -> tuple[str, ...]:
        """Arguments of its own that it can do without."""

    @property
    def abandons(self) -> bool:
        """Whether callers hang up."""

    @property
    def above_load(self) -> bool:
        """Whether it needs more agents than erlangs."""

    @property
    def senses(self) -> Mapping[str, Sense]:
        """Metrics that can be a target: at least (`min`) or at most (`max`)."""

    def columns(self, asked: Inputs, rule: Rule = EXACT) -> dict[str, Array]:
        """Every column it defines for the rows asked; real-valued agents, 0 included."""


STAFFING: dict[str, StaffingModel] = {
    m.name: m
    for m in (
        ErlangB(),
        ErlangC(),
        FiniteLines("mmnk", impatient=False),
        ErlangA(),
        FiniteLines("erlang_a_k", impatient=True),
        ErlangX(),
    )
}


def find_model(name: str) -> StaffingModel:
    """Model of a name, or a DataError that lists the known ones.

    Examples
    --------
    >>> find_model("erlang_c").name
    'erlang_c'
    """
    if name not in STAFFING:
        message = f"staffing model {name!r} is not known. Use one of: {', '.join(STAFFING)}."
        raise DataError(message)
    return STAFFING[name]
