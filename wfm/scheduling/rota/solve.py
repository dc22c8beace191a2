"""The phases of a rota in order: lines for everybody, better ones, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from wfm.core.errors import InfeasibleError
from wfm.core.rota import Rota
from wfm.scheduling.clock import Clock, Progress
from wfm.scheduling.rota.barter import barter
from wfm.scheduling.rota.build import RotaBuild
from wfm.scheduling.rota.check import check_roster
from wfm.scheduling.rota.dive import likeliest, sweep
from wfm.scheduling.rota.guide import Guide, guide_of, no_guide
from wfm.scheduling.rota.improve import Improve
from wfm.scheduling.rota.parts import next_part, whole_part
from wfm.scheduling.rota.pricing import Part, first_lines
from wfm.scheduling.rota.problem import OFF, WEEK, RotaProblem
from wfm.scheduling.rota.programme import Programme, generate, warm_up
from wfm.scheduling.rota.report import make_rota_value
from wfm.scheduling.rota.rules import ROTA_RULES

WHOLE_DAYS = 14 * WEEK
STRETCH, COMMIT = 8 * WEEK, 4 * WEEK
"""A longer period is settled in stretches, of which the first weeks are kept."""
WARM = 30
SHARES = (0.075, 0.075, 0.3, 0.3)
"""Of the time, at most: first lines, prices, new lines, barter."""
PERSON_S = 10.0
RESERVE_S = 0.3


def solve_rota(
    problem: RotaProblem,
    *,
    seconds: float = 60,
    seed: int = 0,
    progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
    gap: float = 0.0,
) -> Rota:
    """Make a rota and prove how good it is.

    Parameters
    ----------
    problem
        From `assemble.build_rota_problem`.
    seconds
        Wall limit [s].
    seed
        Of everything random.
    progress, stop
        As in `solve.solve`.
    gap
        Share at which the rota is good enough.

    Raises
    ------
    InfeasibleError
        If the rules leave somebody no line; carries the nearest rota and where it gives way.
    """
    clock = Clock(seconds, progress, stop)
    clock.wanted_gap = gap
    clock.bound = least_possible(problem)
    clock.tick("start")
    if problem.days <= WHOLE_DAYS:
        part = whole_part(problem)
        roster, guide = solve_part(problem, part, clock, clock.left, seed, bound=True)
    else:
        roster, guide = roll(problem, clock, seed), no_guide(problem)
    roster, clashes = mend(problem, roster, clock)
    clock.better(problem.cost(roster))
    if not clashes:
        clock.tick("improve")
        improve = Improve(problem, roster, clock, seed, guide)
        improve.run(RESERVE_S)
        roster = improve.roster
    clock.tick("finish")
    stopped_by = "cancel" if clock.cancelled else "gap" if clock.reached else "time"
    rota = make_rota_value(problem, roster, clock.bound, stopped_by, clock.seconds, seed)
    if clashes:
        found = "; ".join(str(v) for v in rota.violations[:3])
        message = (
            f"Nobody's rules can all be kept by {', '.join(clashes)}. The nearest rota: {found}"
        )
        raise InfeasibleError(message, nearest=rota, violations=rota.violations)
    return rota


def least_possible(problem: RotaProblem) -> float:
    """Cost of the wishes if everybody had the best of each day and cover cost nothing."""
    return problem.wish_base + float(np.minimum(problem.wish.min(axis=2), 0).sum())


def solve_part(
    problem: RotaProblem,
    part: Part,
    clock: Clock,
    seconds: float,
    seed: int,
    *,
    bound: bool = False,
) -> tuple[np.ndarray, Guide]:
    """Lines for everybody in a part, and a guide; who has no legal line stays off."""
    everybody = np.arange(len(part.people))
    lines = first_lines(problem, part, everybody)
    programme = Programme(problem, part)
    programme.add_all(lines)

    def left(share: float) -> Callable[[], float]:
        end = clock.seconds + share * seconds

        def seconds_left() -> float:
            clock.tick()
            return 0.0 if clock.over else end - clock.seconds

        return seconds_left

    def until(share: float) -> Callable[[], bool]:
        seconds_left = left(share)
        return lambda: seconds_left() > 0

    def prove(low: float) -> None:
        if bound:
            clock.bound = max(clock.bound or 0.0, problem.rounded_up(low + problem.wish_base))

    clock.tick("prices")
    lines = sweep(programme, lines, until(SHARES[0]))
    center = warm_up(programme, until(SHARES[1]), rounds=WARM)
    clock.tick("lines")
    programme.solve()
    kinds = np.arange(len(programme.count))
    generate(programme, kinds, until(SHARES[2]), bound=prove, center=center)
    guide = guide_of(programme)
    clock.tick("barter")
    prices, _ = programme.prices()
    random = np.random.default_rng(seed)
    found = barter(programme, likeliest(programme), prices, until(SHARES[3]), random)
    programme.close()
    return min((lines, found), key=programme.cost), guide


def roll(problem: RotaProblem, clock: Clock, seed: int) -> np.ndarray:
    """Settle a long period stretch by stretch."""
    roster = np.full((len(problem.people), problem.days), OFF)
    firsts = list(range(0, max(problem.days - STRETCH, 0) + COMMIT, COMMIT))
    total = clock.left * sum(SHARES)
    for turn, first in enumerate(firsts):
        last = min(first + STRETCH, problem.days)
        done = last == problem.days
        part = next_part(problem, roster, first, problem.days if done else last, pace=True)
        seconds = (total - clock.seconds) / (len(firsts) - turn)
        lines, _ = solve_part(problem, part, clock, max(seconds, 0.0) / sum(SHARES), seed)
        roster[:, first : part.stretch.last] = lines
        if done:
            break
    return roster


def mend(problem: RotaProblem, roster: np.ndarray, clock: Clock) -> tuple[np.ndarray, list[str]]:
    """Give everybody whose line breaks a rule one that does not, or else the nearest."""
    names = {name: i for i, name in enumerate(problem.people)}
    everybody = whole_part(problem)
    clashes = []
    for name in dict.fromkeys(v.agent for v in check_roster(problem, roster)):
        clock.tick("mend")
        person = names[name]
        others = roster.copy()
        others[person] = OFF
        left = everybody.required - problem.staff(others)
        alone = replace(everybody, required=left)
        roster = others
        roster[person] = first_lines(problem, alone, np.array([person]))[person]
        if not any(v.agent == name for v in check_roster(problem, roster)):
            continue
        for elastic in (False, True):
            build = RotaBuild(problem, roster, [person], range(problem.days), elastic=elastic)
            for rule in ROTA_RULES:
                rule.constrain(build)
            found = build.solve(PERSON_S, 0)
            if found is not None:
                roster = found
                break
        if elastic:
            clashes.append(name)
    return roster, clashes
