"""Whole lines of days in phases: a line for everybody, those that break a rule, better ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from wfm.core.types import Violation
from wfm.scheduling.clock import Clock
from wfm.scheduling.line_terms import OFF, WEEK, LineTerms
from wfm.scheduling.lines.barter import barter
from wfm.scheduling.lines.build import LineBuild
from wfm.scheduling.lines.dive import dive, likeliest, sweep, whole_share
from wfm.scheduling.lines.guide import Guide, guide_of, no_guide
from wfm.scheduling.lines.improve import Improve
from wfm.scheduling.lines.parts import next_part, whole_part
from wfm.scheduling.lines.pricing import Part, first_lines
from wfm.scheduling.lines.programme import Programme, generate, warm_up
from wfm.scheduling.rules import LINE_RULES, broken_lines

WHOLE_DAYS = 14 * WEEK
STRETCH, COMMIT = 8 * WEEK, 4 * WEEK
"""A longer period is settled in stretches, of which the first weeks are kept."""
WARM = 30
SHARES = (0.075, 0.075, 0.3, 0.3)
"""Of the time, at most: first lines, prices, new lines, the dive and barter."""
DIVE, WHOLE = 0.1, 0.5
"""Of the time, at most for the dive; share of people with a whole line in the programme from which
it is worth that."""
DIVE_ROUNDS = 4
"""Rounds of new lines after each step of the dive."""
PERSON_S = 10.0
RESERVE_S, CHECKS = 0.3, 100
"""Kept for the end, and besides as often the time that checking lines took: at the end segments are
checked and priced, each by itself, and it is known only then how busy the machine is."""


def solve_lines(asked: LineTerms, clock: Clock, seed: int) -> tuple[np.ndarray, list[str]]:
    """Good lines for everybody, and what they cost at least.

    Parameters
    ----------
    asked
        Shift types, limits and cover.
    clock
        Says when to stop, and is told the cost and a proven bound.
    seed
        Of everything random.

    Returns
    -------
    numpy.ndarray
        Shift type of each person and day or `OFF`, shape (P, D).
    list of str
        People whose rules cannot all be kept; their lines are the nearest.
    """
    clock.bound = least_possible(asked)
    if asked.days <= WHOLE_DAYS:
        part = whole_part(asked)
        roster, guide = solve_part(asked, part, clock, clock.left, seed, bound=True)
    else:
        roster, guide = roll(asked, clock, seed), no_guide(asked)
    began = clock.seconds
    broken = broken_lines(asked, roster)
    reserve = RESERVE_S + CHECKS * (clock.seconds - began)
    roster, clashes = mend(asked, roster, broken, clock)
    clock.better(asked.cost(roster))
    if not clashes:
        clock.tick("improve")
        improve = Improve(asked, roster, clock, seed, guide)
        improve.run(reserve)
        roster = improve.roster
    return roster, clashes


def least_possible(asked: LineTerms) -> float:
    """Cost of the wishes if everybody had the best of each day and cover cost nothing."""
    return asked.wish_base + float(np.minimum(asked.wish.min(axis=2), 0).sum())


def solve_part(
    asked: LineTerms,
    part: Part,
    clock: Clock,
    seconds: float,
    seed: int,
    *,
    bound: bool = False,
) -> tuple[np.ndarray, Guide]:
    """Lines for everybody in a part, and a guide; who has no legal line stays off.

    The first lines take the time that they take; where nothing is left, they are the answer.
    """
    end = clock.seconds + sum(SHARES) * seconds
    everybody = np.arange(len(part.people))
    lines = first_lines(asked, part, everybody)
    programme = Programme(asked, part)
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
            clock.bound = max(clock.bound or 0.0, asked.rounded_up(low + asked.wish_base))

    clock.tick("prices")
    lines = sweep(programme, lines, until(SHARES[0]))
    if clock.over or clock.seconds >= end:
        programme.close()
        return lines, no_guide(asked)
    center = warm_up(programme, until(SHARES[1]), rounds=WARM)
    clock.tick("lines")
    programme.solve()
    kinds = np.arange(len(programme.count))
    generate(programme, kinds, until(SHARES[2]), bound=prove, center=center)
    guide = guide_of(programme)
    clock.tick("dive")
    (prices, _), go_on = programme.prices(), until(SHARES[3])
    if whole_share(programme) >= WHOLE:
        found = dive(programme, left(DIVE), rounds=DIVE_ROUNDS)
    else:
        found = likeliest(programme)
    clock.tick("barter")
    found = barter(programme, found, prices, go_on, np.random.default_rng(seed))
    programme.close()
    return min((lines, found), key=programme.cost), guide


def roll(asked: LineTerms, clock: Clock, seed: int) -> np.ndarray:
    """Settle a long period stretch by stretch."""
    roster = np.full((len(asked.people), asked.days), OFF)
    firsts = list(range(0, max(asked.days - STRETCH, 0) + COMMIT, COMMIT))
    total = clock.left * sum(SHARES)
    for turn, first in enumerate(firsts):
        last = min(first + STRETCH, asked.days)
        done = last == asked.days
        part = next_part(asked, roster, first, asked.days if done else last, pace=True)
        seconds = (total - clock.seconds) / (len(firsts) - turn)
        lines, _ = solve_part(asked, part, clock, max(seconds, 0.0) / sum(SHARES), seed)
        roster[:, first : part.stretch.last] = lines
        if done:
            break
    return roster


def mend(
    asked: LineTerms, roster: np.ndarray, broken: Sequence[Violation], clock: Clock
) -> tuple[np.ndarray, list[str]]:
    """Give everybody whose line breaks a rule one that does not, or else the nearest."""
    names = {name: i for i, name in enumerate(asked.people)}
    everybody = whole_part(asked)
    clashes = []
    for name in dict.fromkeys(v.agent for v in broken):
        clock.tick("mend")
        person = names[name]
        others = roster.copy()
        others[person] = OFF
        left = everybody.required - asked.staff(others)
        alone = replace(everybody, required=left)
        roster = others
        roster[person] = first_lines(asked, alone, np.array([person]))[person]
        if not any(v.agent == name for v in broken_lines(asked, roster)):
            continue
        for elastic in (False, True):
            build = LineBuild(asked, roster, [person], range(asked.days), elastic=elastic)
            for rule in LINE_RULES:
                rule.constrain_lines(build)
            found = build.solve(PERSON_S, 0)
            if found is not None:
                roster = found
                break
        if elastic:
            clashes.append(name)
    return roster, clashes
