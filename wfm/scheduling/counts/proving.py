"""The bound of a run: what its guide proves, and beside the search tighter and tighter duals."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from wfm.scheduling.clock import GRACE_S, Clock, stand_back
from wfm.scheduling.counts.bound import agent_bound
from wfm.scheduling.counts.build import Matrix
from wfm.scheduling.counts.guide import WIDE
from wfm.scheduling.counts.linear import SMALL, Relaxed, Slice, lower_bound, relax, take_slice
from wfm.scheduling.counts.matrix import make_matrix

BOUND_TOLERANCES, WIDE_TOLERANCES = (1e-5, 1e-6), (1e-3, 1e-4, 1e-5)
"""Of the linear programme, and of a wide one: what it may miss of the cost."""
ENOUGH, SLOW_S = 1e-5, 3.0
"""Tolerance that makes a good bound; a tighter one is tried unless this one took so long [s]."""
SLICE_S = 10.0
"""After so long the linear programme begins anew from where it is."""


class Proving:
    """The proof of one run, in a thread of its own where the guide leaves one to spare.

    Free weekends that are planned are a choice and no rule, so nothing is proven with them.

    Parameters
    ----------
    matrix
        Of the whole problem.
    clock
        Is given each better bound.
    reserve
        Time that the end of the run needs [s], asked again and again.
    """

    def __init__(self, matrix: Matrix, clock: Clock, reserve: Callable[[], float]) -> None:
        self.matrix, self.clock, self.reserve = matrix, clock, reserve
        self.planned = bool(matrix.layout.problem.planned_off)
        self._found: Relaxed | None = None
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run)

    @property
    def guides(self) -> bool:
        """Whether the guide's first linear programme is to be the bound's as well: it is wide."""
        return len(self.matrix.cost) > WIDE and not self.planned

    @property
    def small(self) -> bool:
        """Whether the simplex method proves it, which has nothing to tell before its end.

        It then begins before the guide, whose own linear programme might be cut short.
        """
        return len(self.matrix.cost) <= SMALL

    def begin(self) -> None:
        """Prove beside everything else from now on."""
        if self._thread.ident is None and not self.clock.over:
            self._thread.start()

    def answered(self, part: Slice, found: Relaxed | None) -> None:
        """Take over what the guide's first linear programme proves, and go on from there."""
        if found is not None and not self.planned:
            self.take(self.matrix, part, found)
            self._found = found
        self.begin()

    def take(self, matrix: Matrix, part: Slice, found: Relaxed) -> None:
        """Take the bound of an answer over if it is better."""
        duals = np.zeros(len(matrix.row_low))
        duals[part.touched] = found.duals
        bound = max(lower_bound(matrix, duals), agent_bound(matrix, duals))
        with self._lock:
            least = matrix.layout.problem.min_labour
            self.clock.bound = max(bound, least, self.clock.bound or 0.0)

    def wait(self) -> None:
        """Let it come to its end while time allows."""
        while self._thread.is_alive() and not self.clock.over and self.clock.left > self.reserve():
            self._thread.join(0.1)
            self.clock.tick()

    def end(self) -> None:
        """Stop it, and wait a moment for that unless the run is over."""
        self.clock.side.stop()
        if self._thread.ident is not None:
            self._thread.join(0.0 if self.clock.over else GRACE_S)

    def _run(self) -> None:
        """Tighter and tighter; from the guide's answer on, with what the search leaves over."""
        matrix = self.matrix
        if self.planned:
            matrix = make_matrix(replace(matrix.layout.problem, planned_off={}))
        part = take_slice(matrix, np.ones(len(matrix.cost), bool), np.zeros(len(matrix.cost)))
        wide = len(part.free) > WIDE
        found = self._found
        for tolerance in WIDE_TOLERANCES if wide else BOUND_TOLERANCES:
            began, done = self.clock.seconds, False
            while not done:
                if found is not None and found.near:
                    stand_back()  # what is left to prove is little
                left = self.clock.left - max(self.reserve(), GRACE_S)
                if left <= 0:
                    return
                found = relax(
                    part,
                    tolerance,
                    min(left, SLICE_S),
                    self.clock.side,
                    proving=wide,
                    cut_short=True,
                    start=None if found is None else (found.values, found.duals),
                )
                if found is None:
                    return
                self.take(matrix, part, found)
                done = found.near
            if self.clock.seconds - began > SLOW_S and tolerance <= ENOUGH:
                return
