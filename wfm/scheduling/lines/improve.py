"""Better and better rotas: a few people or days are freed and solved again, the rest stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from wfm.scheduling.clock import WORKERS, Clock
from wfm.scheduling.line_terms import WEEK, LineTerms
from wfm.scheduling.lines.barter import barter
from wfm.scheduling.lines.build import LineBuild
from wfm.scheduling.lines.dive import choose, dive, sweep
from wfm.scheduling.lines.guide import LINES, Guide
from wfm.scheduling.lines.parts import part_of, whole_part
from wfm.scheduling.lines.pricing import alike
from wfm.scheduling.lines.programme import Programme, generate
from wfm.scheduling.rules import LINE_RULES, broken_lines

LONGEST = 8 * WEEK
"""Days of a neighbourhood at most."""
FREE = 500
"""Shifts that are free in a first neighbourhood."""
LINE_DAYS = 800
"""People times days of a first neighbourhood of lines."""
TRY_S = 2.0
BARTER_S = 6.0
"""For another exchange of everybody's lines, with other lots."""
GENERATE, DIVE, DIVE_ROUNDS = 0.35, 0.7, 2
"""Of the time for new lines, when the linear programme and the dive end; rounds in the dive."""
SAME = 1e-6


@dataclass(eq=False)
class Kind:
    """A kind of neighbourhood: how many people and days, and how it has fared."""

    name: str
    people: int
    days: int
    seconds: float
    gain: float = 1.0
    spent: float = 1.0

    @property
    def rate(self) -> float:
        """Gain by second, lately."""
        return self.gain / self.spent

    def learn(self, gain: float, spent: float) -> None:
        """Remember a try, and forget older ones slowly."""
        self.gain = 0.9 * self.gain + max(gain, 0.0)
        self.spent = 0.9 * self.spent + spent


class Improve:
    """The search.

    Parameters
    ----------
    asked, roster
        What is asked, and a legal roster.
    clock
        Its end ends the search.
    seed
        Of everything random.
    guide
        Good lines, and prices that tell where the roster falls short.
    """

    def __init__(
        self, asked: LineTerms, roster: np.ndarray, clock: Clock, seed: int, guide: Guide
    ) -> None:
        self.asked, self.roster, self.clock, self.guide = asked, roster, clock, guide
        self.random = np.random.default_rng(seed)
        self.cost, self.late = asked.cost(roster), 0.0
        self.kind_of = alike(asked, whole_part(asked))
        people, days = len(asked.people), min(asked.days, LONGEST)
        cells = FREE // len(asked.shifts)
        team = min(people, 12)
        self.kinds = [
            Kind("people", max(2, min(people, cells // days)), days, TRY_S),
            Kind("days", people, max(2, min(asked.days, cells // people)), TRY_S),
            Kind("block", team, max(2, min(days, cells // team)), TRY_S),
            Kind("lines", max(2, min(people, LINE_DAYS // days)), days, 2 * TRY_S),
        ]
        if guide.known:
            self.kinds.append(Kind("barter", people, asked.days, BARTER_S))

    def run(self, reserve: float) -> None:
        """Try pairs of neighbourhoods until the clock has but `reserve` seconds.

        Of a large rota one step of a try takes a second or more, so a try ends up to that late.
        """
        while not self.clock.over and self.clock.left > reserve + self.late:
            picks = [self._pick() for _ in range(WORKERS)]
            tasks = [self._task(*pick, reserve) for pick in picks]
            found = self.clock.together(tasks)
            for (kind, people, days), answer in zip(picks, found, strict=True):
                if answer is None:
                    continue
                rows, seconds, proven = answer
                kind.learn(self._take(people, days, rows), seconds)
                self._resize(kind, proven)
            self.clock.better(self.cost)

    def _take(self, people: np.ndarray, days: range, rows: np.ndarray | None) -> float:
        """Take over what was found unless it is dearer or breaks a rule; the gain."""
        if rows is None:
            return 0.0
        roster = self.roster.copy()
        roster[people, days.start : days.stop] = rows
        cost = self.asked.cost(roster)
        if cost > self.cost + SAME or broken_lines(self.asked, roster):
            return 0.0
        gain, self.roster, self.cost = self.cost - cost, roster, cost
        return gain

    def _resize(self, kind: Kind, proven: bool) -> None:
        """Grow what is solved easily, shrink what is not."""
        factor = 1.1 if proven else 0.9
        people, days = len(self.asked.people), min(self.asked.days, LONGEST)
        if kind.name == "days":
            kind.days = int(np.clip(round(kind.days * factor + (proven - 0.5)), 2, days))
        else:
            kind.people = int(np.clip(round(kind.people * factor + (proven - 0.5)), 2, people))

    def _pick(self) -> tuple[Kind, np.ndarray, range]:
        """A kind by its luck so far, a costly day, and people who could mend it."""
        rates = np.array([kind.rate for kind in self.kinds])
        weights = rates / rates.sum() + 0.15 if rates.sum() > 0 else np.ones(len(rates))
        kind = self.kinds[int(self.random.choice(len(rates), p=weights / weights.sum()))]
        day, rank = self._costly()
        length = min(kind.days, self.asked.days)
        first = int(np.clip(day - self.random.integers(length), 0, self.asked.days - length))
        if kind.name == "lines" or length >= 2 * WEEK:
            first -= int(self.asked.weekday[first]) if first else 0
            first = max(first, 0)
        people = len(self.asked.people)
        order = self.random.permutation(people)
        if self.random.random() < 0.7:
            order = order[np.argsort(-rank[order], kind="stable")]
            half = max(min(kind.people, people) // 2, 1)
            rest = self.random.permutation(order[half:])
            order = np.concatenate([order[:half], rest])
        if kind.name == "lines":  # people who are alike cost no more than one of them
            kinds = self.kind_of[order]
            some = kinds[np.sort(np.unique(kinds, return_index=True)[1])][: kind.people]
            chosen = np.flatnonzero(np.isin(self.kind_of, some))
        else:
            chosen = np.sort(order[: kind.people])
        return kind, chosen, range(first, min(first + length, self.asked.days))

    def _costly(self) -> tuple[int, np.ndarray]:
        """A day and the rank of people who could help, by where the roster falls short.

        Either a day and shift type, of which those come first who may have it, or a person.
        """
        asked = self.asked
        cover, lines = self.guide.losses(asked, self.roster)
        loss = np.concatenate([cover.ravel(), lines])
        day, rank = int(self.random.integers(asked.days)), np.zeros(len(lines))
        if loss.sum() <= 0:
            return day, rank
        at = int(self.random.choice(len(loss), p=loss / loss.sum()))
        if at < cover.size:
            day, kind = divmod(at, cover.shape[1])
            return day, asked.allowed[:, day, kind].astype(float)
        rank[at - cover.size] = 1.0
        return day, rank

    def _task(
        self, kind: Kind, people: np.ndarray, days: range, reserve: float
    ) -> Callable[[], tuple[np.ndarray | None, float, bool]]:
        """What a thread does for a neighbourhood."""
        roster, seed = self.roster, int(self.random.integers(2**31 - 1))
        limit = min(kind.seconds, max(self.clock.left - reserve - self.late, 0.05))
        began = self.clock.seconds

        def left() -> float:
            return 0.0 if self.clock.over else began + limit - self.clock.seconds

        def solve() -> tuple[np.ndarray | None, float, bool]:
            rows: np.ndarray | None
            if kind.name == "lines":
                rows = free_lines(self.asked, roster, people, days, left, self.guide)
                proven = left() > 0.2 * limit
            elif kind.name == "barter":
                rows = exchange(self.asked, roster, left, self.guide, seed)
                proven = True
            else:
                build = LineBuild(self.asked, roster, people.tolist(), days)
                for rule in LINE_RULES:
                    rule.constrain_lines(build)
                found = build.solve(limit, seed)
                rows = None if found is None else found[people, days.start : days.stop]
                proven = build.proven
            took = self.clock.seconds - began
            self.late = max(self.late, took - limit)
            return rows, took, proven

        return solve


def exchange(
    asked: LineTerms, roster: np.ndarray, left: Callable[[], float], guide: Guide, seed: int
) -> np.ndarray:
    """Lines for everybody that came up in exchanges from a roster."""
    programme = Programme(asked, whole_part(asked), workers=1)
    random = np.random.default_rng(seed)
    lines = barter(programme, roster.astype(np.int16), guide.prices, lambda: left() > 0, random)
    programme.close()
    return np.asarray(lines, dtype=roster.dtype)


def free_lines(
    asked: LineTerms,
    roster: np.ndarray,
    people: np.ndarray,
    days: range,
    left: Callable[[], float],
    guide: Guide,
) -> np.ndarray:
    """New lines for some people on some days: columns, a dive, and the best choice among them."""
    part = part_of(asked, roster, people, days.start, days.stop)
    programme = Programme(asked, part, workers=1)
    now = roster[people, part.stretch.first : part.stretch.last].astype(np.int16)
    programme.add_all(now)
    whole = len(days) == asked.days
    if whole:
        for kind, person in zip(programme.kind_of.tolist(), people.tolist(), strict=True):
            for line in guide.lines[person]:
                programme.add(kind, line)
    programme.solve()
    limit = left()
    kinds = np.arange(len(programme.count))
    generate(programme, kinds, lambda: left() > limit * (1 - GENERATE))
    if whole:
        good = programme.best_lines(LINES)
        for kind, person in zip(programme.kind_of.tolist(), people.tolist(), strict=True):
            guide.lines[person] = good[kind]
    dived = dive(programme, lambda: left() - limit * (1 - DIVE), rounds=DIVE_ROUNDS)
    dived = sweep(programme, dived, lambda: left() > limit * (1 - DIVE))
    best = min((now, dived), key=programme.cost)
    programme.add_all(best)
    lines = choose(programme, best, left(), 0)
    programme.close()
    return np.asarray(lines[:, : len(days)], dtype=roster.dtype)
