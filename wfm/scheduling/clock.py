"""The run's clock: time left, progress reports, stop requests, and solver calls side by side."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

from wfm.scheduling.counts.linear import Running

TICK_S = 0.2
REPORT_S = 0.5
GRACE_S = 0.5
WORKERS = 2
LAST = 19
"""Priority of what may wait: the highest number there is."""


@dataclass(frozen=True)
class Progress:
    """How far a run is.

    Parameters
    ----------
    phase
        What it does: `start`, `guide`, `days`, `improve`, `names`, `finish`.
    seconds
        Since it began.
    objective
        Cost of the best schedule so far; None before there is one.
    bound
        Proven least cost; None before it is known.
    gap
        (objective - bound) / objective; None while either is unknown.
    """

    phase: str
    seconds: float
    objective: float | None
    bound: float | None
    gap: float | None


def stand_back() -> None:
    """Let this thread take only the processor time that the search leaves over, where it can be."""
    if sys.platform == "linux":  # elsewhere a thread has no priority of its own
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LAST)


class Clock:
    """Time of one run.

    Parameters
    ----------
    seconds
        Wall limit from now.
    progress, stop
        Called in the thread that solves, about every half second.
    """

    def __init__(
        self,
        seconds: float,
        progress: Callable[[Progress], None] | None = None,
        stop: Callable[[], bool] | None = None,
    ) -> None:
        self._began = time.monotonic()
        self._limit = seconds
        self._progress, self._stop = progress, stop
        self._reported = -REPORT_S
        self.running = Running()
        self.side = Running()
        self.phase = "start"
        self.objective: float | None = None
        self.bound: float | None = None
        self.cancelled = False
        self.reached = False
        self.wanted_gap = 0.0
        self.saved_later = 0.0
        """What may be saved after the search, of which no bound knows [cost units]."""

    @property
    def seconds(self) -> float:
        """Since the run began."""
        return time.monotonic() - self._began

    @property
    def left(self) -> float:
        """Seconds until the limit."""
        return self._limit - self.seconds

    @property
    def over(self) -> bool:
        """Whether to come to an end."""
        return self.cancelled or self.reached or self.left <= 0

    @property
    def proven(self) -> float | None:
        """Least cost of the finished schedule as far as it is known."""
        return None if self.bound is None else self.bound - self.saved_later

    @property
    def gap(self) -> float | None:
        """Gap as far as it is known."""
        if self.objective is None or self.proven is None:
            return None
        return max(self.objective - self.proven, 0.0) / self.objective if self.objective else 0.0

    def go_on(self) -> None:
        """Let solver calls run again after those of a phase were ended."""
        if not self.over:
            self.running = Running()

    def better(self, objective: float) -> None:
        """Take note of a schedule's cost."""
        if self.objective is None or objective < self.objective:
            self.objective = objective
        self._look()

    def tick(self, phase: str | None = None) -> None:
        """Report when it is time, and ask whether to stop."""
        if phase is not None and phase != self.phase:
            self.phase, self._reported = phase, -REPORT_S
        if self.seconds - self._reported >= REPORT_S:
            self._reported = self.seconds
            if self._progress is not None:
                self._progress(
                    Progress(self.phase, self.seconds, self.objective, self.proven, self.gap)
                )
        if not self.cancelled and self._stop is not None and self._stop():
            self.cancelled = True
        self._look()

    def _look(self) -> None:
        gap = self.gap
        self.reached = gap is not None and gap <= self.wanted_gap + 1e-12
        if self.over:
            self.running.stop()

    def together(self, tasks: Sequence[Callable[[], Any]]) -> list[Any]:
        """Run a few solver calls side by side, reporting meanwhile; their answers in order.

        Once the run is over, calls that do not end within a moment are left behind and count as
        unanswered.
        """
        pool = ThreadPoolExecutor(len(tasks))
        futures: list[Future[Any]] = [pool.submit(task) for task in tasks]
        over_since: float | None = None
        while wait(futures, timeout=TICK_S).not_done:
            self.tick()
            if self.over and over_since is None:
                over_since = self.seconds
            if over_since is not None and self.seconds - over_since > GRACE_S:
                break
        pool.shutdown(wait=False)
        return [future.result() if future.done() else None for future in futures]
