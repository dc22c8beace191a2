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
Stated = tuple[Matrix, Slice, Relaxed | None]
"""A whole problem, all its columns, and what is known of their LP."""


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
        self._next: Callable[[], Stated] | None = self._whole
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

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
        with self._lock:
            if self._thread is None and self._next is not None and not self.clock.over:
                self._thread = threading.Thread(target=self._run)
                self._thread.start()

    def answered(self, matrix: Matrix, part: Slice, found: Relaxed | None) -> None:
        """Take over what a linear programme of the guide proves, and go on from there.

        Parameters
        ----------
        matrix
            Of the whole problem, of this layout or of one in which more is stated.
        part
            All its columns.
        found
            The answer, if there is one.
        """
        if found is not None and not self.planned:
            self.take(matrix, part, found)
            if not (self.small and matrix is self.matrix):  # which is being proven already
                with self._lock:
                    self._next = lambda: (matrix, part, found)
                self.clock.side.interrupt()
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
        thread = self._thread
        while thread and thread.is_alive() and not self.clock.over:
            if self.clock.left <= self.reserve():
                return
            thread.join(0.1)
            self.clock.tick()

    def end(self) -> None:
        """Stop it, and wait a moment for that unless the run is over."""
        self.clock.side.stop()
        thread = self._thread
        if thread is not None:
            thread.join(0.0 if self.clock.over else GRACE_S)

    def _whole(self) -> Stated:
        """The whole problem, of which nothing is known."""
        matrix = self.matrix
        if self.planned:
            matrix = make_matrix(replace(matrix.layout.problem, planned_off={}))
        everything = np.ones(len(matrix.cost), dtype=bool)
        return matrix, take_slice(matrix, everything, np.zeros(len(matrix.cost))), None

    def _run(self) -> None:
        """Prove what is next, until there is nothing more."""
        while True:
            with self._lock:
                if self._next is None:
                    self._thread = None
                    return
                stated, self._next = self._next, None
            self._tighten(*stated())

    def _tighten(self, matrix: Matrix, part: Slice, found: Relaxed | None) -> None:
        """Tighter and tighter, from an answer on with what the search leaves over.

        What is small and not answered yet goes to the simplex method, which is exact at its end.
        """
        wide, exact = len(part.free) > WIDE, found is None and len(part.free) <= SMALL
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
                    left if exact else min(left, SLICE_S),
                    self.clock.side,
                    small=SMALL if exact else 0,
                    proving=wide,
                    cut_short=True,
                    start=None if found is None else (found.values, found.duals),
                )
                if found is None or self._next is not None:
                    return
                self.take(matrix, part, found)
                if exact:
                    return
                done = found.near
            if self.clock.seconds - began > SLOW_S and tolerance <= ENOUGH:
                return
