"""The search for better rotas, and its end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from tests.scheduling.lines.conftest import make_problem
from wfm.scheduling.lines.build import LineBuild
from wfm.scheduling.lines.guide import no_guide
from wfm.scheduling.lines.improve import Improve
from wfm.scheduling.lines.parts import whole_part
from wfm.scheduling.lines.pricing import first_lines


class StoppedClock:
    """A minute of which only tries take anything, those of a pair side by side."""

    def __init__(self) -> None:
        self.seconds, self.cost = 0.0, 0.0

    @property
    def left(self) -> float:
        return 60.0 - self.seconds

    @property
    def over(self) -> bool:
        return self.left <= 0

    def together(self, tasks: Sequence[Callable[[], Any]]) -> list[Any]:
        began, ends, answers = self.seconds, [], []
        for task in tasks:
            self.seconds = began
            answers.append(task())
            ends.append(self.seconds)
        self.seconds = max(ends)
        return answers

    def better(self, cost: float) -> None:
        self.cost = cost


@pytest.mark.parametrize("late", [0.0, 3.0])
def test_a_search_whose_tries_end_late_stops_so_much_earlier(
    monkeypatch: pytest.MonkeyPatch, late: float
) -> None:
    problem, clock = make_problem(4, 14), StoppedClock()
    lines = first_lines(problem, whole_part(problem), np.arange(4))

    def solve(build: LineBuild, limit: float, seed: int) -> None:
        clock.seconds += limit + late

    monkeypatch.setattr(LineBuild, "solve", solve)
    improve = Improve(problem, lines, clock, 0, no_guide(problem))  # type: ignore[arg-type]
    improve.kinds = [kind for kind in improve.kinds if kind.name == "days"]
    improve.run(reserve=11.0)
    assert clock.left == pytest.approx(11.0)
    assert improve.late == pytest.approx(late)
    assert (improve.roster == lines).all()
    assert clock.cost == improve.cost == problem.cost(lines)
