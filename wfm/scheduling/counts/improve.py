"""Neighbourhoods of a whole schedule in counts: some columns free, the rest fixed, never worse."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

import numpy as np

from wfm.scheduling.clock import TICK_S, WORKERS, Clock
from wfm.scheduling.counts.bands import empty_bands
from wfm.scheduling.counts.build import Matrix
from wfm.scheduling.counts.days import LARGE, day_columns, with_slacks
from wfm.scheduling.counts.derived import broken_rows, set_slacks
from wfm.scheduling.counts.linear import take_slice
from wfm.scheduling.counts.rounding import exact_slice, round_slice

LIMIT_S = 4.0
LONGER = {"everything": 2, "days": 2, "rounded days": 4}
"""As often that limit, for kinds that need it: a rounding without time to end is for nothing."""
LEAST_S = 0.6
DRAWS = 4
"""How often a neighbourhood is drawn that shares nothing with those under way."""
SMALL_GAP = 0.9
WORTH = {
    "everything": 4.0,
    "rounded day": 8.0,
    "rounded days": 20.0,
    "rounded groups": 8.0,
    "day": 3.5,
    "groups": 2.0,
    "days": 0.5,
}
"""Gain per second to expect of each kind before it has been tried."""
ROUNDED = ("rounded day", "rounded days", "rounded groups")
LEAST_WORTH = 0.2
"""What a kind is taken to gain a second at least, so that none is given up."""
FORGET = 0.7
"""What a second of a kind leaves of what it was worth before."""
STALL_S, STALL_SHARE = 20.0, 0.5
"""A run has stalled after so long without a gain, and after this share of the time so far."""


@dataclass(frozen=True, eq=False)
class Answer:
    """Values found for free columns, those before, what they save, and whether that is the most."""

    free: np.ndarray
    found: np.ndarray
    before: np.ndarray
    gain: float
    proven: bool


@dataclass(frozen=True, eq=False)
class Neighbourhood:
    """Columns set free together."""

    kind: str
    free: np.ndarray


class Improve:
    """Chooses neighbourhoods, solves two at a time and keeps what is not worse.

    Parameters
    ----------
    matrix
        Of the whole problem.
    values
        Whole counts that break no row; the best is in `values` at any moment.
    clock
        Says when to stop.
    seed
        Of the choices and searches.
    reserve
        Seconds to leave at the end.
    wishes
        Cost of what the counts do not know, for the reports.
    """

    def __init__(
        self,
        matrix: Matrix,
        values: np.ndarray,
        clock: Clock,
        seed: int,
        reserve: float,
        wishes: float = 0.0,
    ) -> None:
        self._wishes = wishes
        self.matrix, self.values, self.clock, self.reserve = matrix, values, clock, reserve
        self.cost = float(matrix.cost @ values)
        self._random = np.random.default_rng(seed)
        self._worth, self._took = dict(WORTH), dict.fromkeys(WORTH, 1.0)
        self._small = int((matrix.high > matrix.low).sum()) <= LARGE
        if not self._small:
            del self._worth["everything"]
        if len(matrix.layout.problem.required[0]) == 0 or matrix.layout.problem.days < 2:
            del self._worth["days"], self._worth["rounded days"]
        problem = matrix.layout.problem
        dearest = [float(matrix.cost @ (values * self._day(d))) for d in range(problem.days)]
        self._first = [
            Neighbourhood("rounded day", day_columns(matrix, int(d)))
            for d in np.argsort(dearest)[::-1]
        ]
        self._gained = clock.seconds
        self._proven = False

    def _day(self, day: int) -> np.ndarray:
        return np.asarray(self.matrix.of_kind("slack") & (self.matrix.day == day))

    def run(self) -> str:
        """Improve until the time less the reserve is up; says why it ended."""
        pool = ThreadPoolExecutor(WORKERS)
        under_way: dict[Future[Answer | None], tuple[Neighbourhood, float]] = {}
        with pool:
            while not self._ended():
                while len(under_way) < WORKERS:
                    chosen = self._choose(other for other, _ in under_way.values())
                    future = pool.submit(self._task(chosen))
                    under_way[future] = chosen, self.clock.seconds
                done, _ = wait(under_way, timeout=TICK_S, return_when=FIRST_COMPLETED)
                self.clock.tick("improve")
                for future in done:
                    chosen, since = under_way.pop(future)
                    answer = future.result()
                    if not self._merge(chosen.kind, answer, self.clock.seconds - since):
                        self._first.append(chosen)
            self.clock.running.stop()
            for future in under_way:
                self._merge(under_way[future][0].kind, future.result(), LIMIT_S)
        self.clock.go_on()
        if self._proven or self._stalled:
            return "stall"
        return "gap" if self.clock.reached else "time"

    def _ended(self) -> bool:
        spent = self.clock.left < self.reserve + LEAST_S
        return self.clock.over or spent or self._proven or self._stalled

    @property
    def _stalled(self) -> bool:
        idle = self.clock.seconds - self._gained
        return idle > max(STALL_S, STALL_SHARE * self.clock.seconds)

    def _task(self, chosen: Neighbourhood) -> Callable[[], Answer | None]:
        base = self.values.copy()
        free = chosen.free & (self.matrix.high > self.matrix.low)
        if not (free & self.matrix.of_kind("n")).any():
            free &= ~empty_bands(self.matrix, base)  # where nobody is, nobody can start
        seconds = min(LIMIT_S * LONGER.get(chosen.kind, 1), self._time())
        seed = int(self._random.integers(2**31))

        def solve() -> Answer | None:
            part = take_slice(self.matrix, free, base)
            before, running = base[part.free], self.clock.running
            cutoff = float(part.cost @ before)
            if chosen.kind in ROUNDED:
                rounded = round_slice(part, seconds, running, cutoff=cutoff, seed=seed)
                if rounded is None:
                    return None
                gain = cutoff - float(part.cost @ rounded)
                return Answer(part.free, rounded, before, gain, proven=False)
            found = exact_slice(part, before, seconds, running, seed=seed, small_gap=SMALL_GAP)
            if found is None:
                return None
            gain = cutoff - float(part.cost @ found.values)
            return Answer(part.free, found.values, before, gain, found.proven)

        return solve

    def _time(self) -> float:
        return max(self.clock.left - self.reserve, 0.2)

    def _merge(self, kind: str, answer: Answer | None, seconds: float) -> bool:
        """Take the changed columns over if no row breaks and the cost does not rise.

        False if the answer was cheaper where it began, but no longer is.
        """
        gain = 0.0
        if answer is not None:
            changed = answer.found != answer.before
            merged = self.values.copy()
            merged[answer.free[changed]] = answer.found[changed]
            self._proven |= kind == "everything" and answer.proven
            set_slacks(self.matrix, merged)
            cost = float(self.matrix.cost @ merged)
            if cost <= self.cost and not len(broken_rows(self.matrix, merged)):
                gain = self.cost - cost
                self.values, self.cost = merged, cost
                self.clock.better((cost + self._wishes) * self.matrix.layout.problem.scale)
        if gain > 0:
            self._gained = self.clock.seconds
        if kind in self._worth:
            took = max(seconds, 0.05)
            kept = FORGET**took
            self._worth[kind] = kept * self._worth[kind] + (1 - kept) * gain / took
            self._took[kind] += (took - self._took[kind]) / 2
        return gain > 0 or answer is None or answer.gain <= 0

    def _choose(self, under_way: Iterable[Neighbourhood]) -> Neighbourhood:
        """One that shares nothing with those under way, if a few draws find any.

        Of two that change the same columns, what the later one finds is lost.
        """
        busy = [other.free for other in under_way]

        def apart(chosen: Neighbourhood) -> bool:
            return not any((chosen.free & free).any() for free in busy)

        if self._first and not self._small:
            chosen = next(filter(apart, self._first), self._first[0])
            self._first.remove(chosen)
            return chosen
        for _ in range(DRAWS):
            chosen = self._drawn()
            if apart(chosen):
                break
        return chosen

    def _drawn(self) -> Neighbourhood:
        """One of a kind that is worth its time."""
        kinds = list(self._worth)
        weights = np.array(  # so that each gets its share of the time, not of the tries
            [max(self._worth[kind], LEAST_WORTH) / self._took[kind] for kind in kinds]
        )
        kind = kinds[int(self._random.choice(len(kinds), p=weights / weights.sum()))]
        problem, matrix = self.matrix.layout.problem, self.matrix
        if kind == "everything":
            return Neighbourhood(kind, np.ones(len(matrix.cost), dtype=bool))
        day = self._draw(range(problem.days))
        if kind in ("days", "rounded days"):
            week = problem.days_of(problem.week_of(day))
            other = self._draw([d for d in week if d != day] or [day])
            free = day_columns(matrix, day) | day_columns(matrix, other)
            return Neighbourhood(kind, free)
        if kind == "rounded day":
            return Neighbourhood(kind, day_columns(matrix, day))
        if kind == "day":
            return Neighbourhood(kind, self._parts_of_day(day)[0])
        if kind == "rounded groups":
            return Neighbourhood(kind, self._all_bands(problem.week_of(day)))
        return Neighbourhood(kind, self._groups(problem.week_of(day)))

    def _draw(self, days: Sequence[int]) -> int:
        """One of some days, half of the chances by what is missing or too much on it."""
        slack = self.matrix.of_kind("slack")
        costs = np.bincount(
            self.matrix.day[slack] + 1,
            (self.matrix.cost * self.values)[slack],
            minlength=max(days) + 2,
        )[np.array(days) + 1]
        even = np.full(len(days), 1 / len(days))
        chances = (even + costs / costs.sum()) / 2 if costs.sum() > 0 else even
        return int(self._random.choice(days, p=chances))

    def _parts_of_day(self, day: int) -> list[np.ndarray]:
        """A day, in as many parts of some skill sets as make problems of usable size."""
        whole_day = day_columns(self.matrix, day)
        sets = self._random.permutation(len(self.matrix.layout.skill_sets))
        pieces = min(len(sets), -(-int(whole_day.sum()) // LARGE))
        if pieces == 1:
            return [whole_day]
        return [
            day_columns(self.matrix, day, tuple(int(s) for s in part))
            for part in np.array_split(sets, pieces)
        ]

    def _groups(self, week: int) -> np.ndarray:
        """One or two groups over a week: some bands, all breaks; outbound stays."""
        matrix, layout = self.matrix, self.matrix.layout
        problem = layout.problem
        days = np.array(problem.days_of(week))
        count = min(len(layout.groups), 2)
        chosen = self._random.choice(len(layout.groups), size=count, replace=False)
        free = np.zeros(len(matrix.cost), dtype=bool)
        this_week = np.isin(matrix.day, days)
        for number in chosen:
            bands = len(matrix.columns.x[number])
            some = self._some_bands(int(number), week, bands)
            for h in layout.classes_of(int(number), week):
                free[matrix.columns.n[h][some]] = True
                free[matrix.columns.m[h][some].ravel()] = True
            x = matrix.columns.x[number][some].ravel()
            x = x[x >= 0]
            free[x[this_week[x]]] = True
        free |= self._shifts(chosen) & this_week
        sets = {layout.groups[int(g)].skill_set for g in chosen}
        free |= matrix.of_kind("f") & np.isin(matrix.skill_set, list(sets)) & this_week
        return np.asarray(free | with_slacks(matrix, this_week))

    def _shifts(self, groups: np.ndarray) -> np.ndarray:
        """Mask of the starts of some groups, and of the breaks that they take or wait for."""
        matrix = self.matrix
        mask = matrix.of_kind("y", "w") & np.isin(matrix.group, groups)
        for stock in matrix.columns.stocks:
            if not stock.groups.isdisjoint(groups.tolist()):
                mask[stock.k[stock.k >= 0]] = mask[stock.w[stock.w >= 0]] = True
        return np.asarray(mask)

    def _all_bands(self, week: int) -> np.ndarray:
        """Two groups over a week with all that they can do, and everybody's queues."""
        matrix = self.matrix
        this_week = np.isin(matrix.day, np.array(matrix.layout.problem.days_of(week)))
        count = min(len(matrix.layout.groups), 2)
        chosen = self._random.choice(len(matrix.layout.groups), size=count, replace=False)
        free = matrix.of_kind("m", "x") & np.isin(matrix.group, chosen) & this_week
        free |= self._shifts(chosen) & this_week
        for number in chosen:
            for h in matrix.layout.classes_of(int(number), week):
                free[matrix.columns.n[h]] = True
        free |= matrix.of_kind("f") & this_week
        return np.asarray(free | with_slacks(matrix, this_week))

    def _some_bands(self, group: int, week: int, bands: int) -> np.ndarray:
        """Three to eight bands of a group, half of them with somebody on them."""
        classes = self.matrix.layout.classes_of(group, week)
        people = sum((self.values[self.matrix.columns.n[h]] for h in classes), np.zeros(bands))
        width = min(int(self._random.integers(3, 9)), bands)
        used = np.flatnonzero(people)
        taken = self._random.permutation(used)[: -(-width // 2)]
        others = self._random.permutation(np.setdiff1d(np.arange(bands), taken))
        return np.concatenate([taken, others[: width - len(taken)]])
