"""The cheapest line of each person at given prices of cover, with limits by shift type kept.

The shortest path knows no limit on a type of shift. Each such limit of a person carries a fee,
learned from round to round: charged on every shift of the type and given back for the limit itself,
it leaves a bound whatever it is.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from wfm.scheduling.line_terms import OFF, LineTerms
from wfm.scheduling.lines.lines import Lines, Stretch

WORKERS = 2
SHARED = 2
"""Axes of prices that are the same for everybody."""
FASTER, SLOWER = 1.3, 0.5
"""How the step of a fee changes when it goes on in one direction, and when it turns."""
STEPS = (0.005, 4.0)
"""Least and largest step of a fee, in tenths of the mean price of a missing head."""


@dataclass(frozen=True, eq=False)
class Part:
    """Some people on some days; everything else stays.

    Parameters
    ----------
    people
        Numbers, shape (E,).
    stretch
        The days, and what is left of the people's limits there.
    allowed
        Shape (E, days, S + 1).
    most_of_type
        Left in the stretch, shape (E, S).
    required
        Heads that the others leave open, may be negative, shape (days, S).
    """

    people: np.ndarray
    stretch: Stretch
    allowed: np.ndarray
    most_of_type: np.ndarray
    required: np.ndarray

    @property
    def days(self) -> int:
        """Days of the stretch."""
        return self.stretch.last - self.stretch.first

    def of(self, some: np.ndarray) -> Part:
        """The part with some of its people only (positions), and the same heads wanted."""
        return replace(
            self,
            people=self.people[some],
            allowed=self.allowed[some],
            most_of_type=self.most_of_type[some],
        )


def alike(asked: LineTerms, part: Part) -> np.ndarray:
    """Number of each person's kind: people of one kind may have the same lines at the same cost.

    Returns
    -------
    numpy.ndarray
        Kinds from 0 in the order of their first person, shape (E,).
    """
    s, people = part.stretch, part.people
    columns = [part.allowed, part.most_of_type, asked.wish[people, s.first : s.last]]
    columns += [values[people] for values in (s.before_shift, s.before_days, s.min_minutes)]
    columns += [values[people] for values in (s.max_minutes, s.max_weekends, s.max_off)]
    columns += [asked.max_in_row[people], asked.min_in_row[people]]
    columns += [asked.min_off_in_row[people]]
    table = np.hstack([values.reshape(len(people), -1).astype(float) for values in columns])
    kinds: dict[bytes, int] = {}
    return np.array([kinds.setdefault(row.tobytes(), len(kinds)) for row in table])


class Pricing:
    """Finds lines for the people of a part; it has threads, so end it with `close`.

    Parameters
    ----------
    asked, part
        Whose lines, and for which days.
    workers
        Threads.
    """

    def __init__(self, asked: LineTerms, part: Part, *, workers: int = WORKERS) -> None:
        self.asked, self.part = asked, part
        days = slice(part.stretch.first, part.stretch.last)
        self.wish = asked.wish[part.people, days]
        self.under, self.over = asked.under[days], asked.over[days]
        self.lines = Lines(asked, part.stretch)
        priced = self.under + self.over > 0
        self.scale = float(self.under[priced].mean()) / 10 if priced.any() else 1.0
        self.fees = np.zeros((len(part.people), len(asked.shifts)))
        self._steps = np.full(self.fees.shape, self.scale / 2)
        self._turns = np.zeros(self.fees.shape, dtype=int)
        self._workers = workers
        self._threads = ThreadPoolExecutor(workers)

    def close(self) -> None:
        """End its threads."""
        self._threads.shutdown()

    def staff(self, lines: np.ndarray, count: np.ndarray | int = 1) -> np.ndarray:
        """Heads of some lines, each taken so many times, by day and type, shape (days, S)."""
        times = np.broadcast_to(count, len(lines))
        kinds = range(len(self.asked.shifts))
        return np.stack([times @ (lines == kind) for kind in kinds], axis=1)

    def prices_beside(self, others: np.ndarray) -> np.ndarray:
        """What one more head is worth beside the lines of others, shape (days, S)."""
        left = self.part.required - self.staff(others)
        return np.where(left > 0, self.under, -self.over)

    def cheapest(
        self, people: np.ndarray, prices: np.ndarray, *, mend: bool = True
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Cheapest lines at some prices.

        Parameters
        ----------
        people
            Positions in the part, shape (n,).
        prices
            What a head is worth, shape (days, S); to each of them, shape (n, days, S).
        mend
            Whether to look again for lines that keep the limits by type where the first do not;
            without, that is left to the fees of later calls.

        Returns
        -------
        numpy.ndarray
            Cost that no line of the person is below, shape (n,).
        numpy.ndarray
            Cost of the line found; infinite where none keeps the limits by type.
        numpy.ndarray
            The lines, shape (n, days).
        """
        chunks = [np.flatnonzero(people % self._workers == i) for i in range(self._workers)]
        chunks = [chunk for chunk in chunks if len(chunk)]  # one's fees move in one thread only

        def part(chunk: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
            own = prices if prices.ndim == SHARED else prices[chunk]
            return self._cheapest(people[chunk], own, mend=mend)

        found = list(self._threads.map(part, chunks))
        order = np.argsort(np.concatenate(chunks))
        least, cost, lines = (np.concatenate([f[i] for f in found])[order] for i in range(3))
        return least, cost, lines

    def _cheapest(
        self, people: np.ndarray, prices: np.ndarray, *, learn: bool = True, mend: bool = True
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The same in one thread."""
        most, who = self.part.most_of_type[people], self.part.people[people]
        allowed = self.part.allowed[people]
        cost = np.where(allowed, 0.0, np.inf)
        cost[..., :-1] += self.wish[people] - prices
        fees = self.fees[people] if learn else np.zeros(most.shape)
        charged = cost.copy()
        charged[..., :-1] += fees[:, None]
        values, lines = self.lines.best(who, charged)
        counts = self._counts(lines)
        least = values - (fees * most).sum(axis=1)
        best = values - (fees * counts).sum(axis=1)
        if learn:
            self._learn(people, counts - most)
        rest = np.flatnonzero((counts > most).any(axis=1) & np.isfinite(values))
        best[rest] = np.inf
        for _ in range(most.shape[1] + 1):
            if not len(rest) or not mend:
                break
            for i in rest:
                self._keep_cheapest(cost[i], lines[i], most[i])
            values, found = self.lines.best(who[rest], cost[rest])
            lines[rest] = found
            kept = (self._counts(found) <= most[rest]).all(axis=1)
            best[rest[kept]] = values[kept]
            rest = rest[~kept]
        return least, best, lines

    def beside(self, person: int, others: np.ndarray) -> tuple[float, np.ndarray]:
        """Cost of a person's cheapest line beside those of others, and the line.

        One person adds at most one head to a day and type, so what is still missing prices it
        exactly.
        """
        prices = self.prices_beside(others)
        _, cost, lines = self._cheapest(np.array([person]), prices, learn=False)
        return float(cost[0]), lines[0]

    def _learn(self, people: np.ndarray, above: np.ndarray) -> None:
        """Raise the fees of limits that lines break, and lower those of limits with room."""
        fees = self.fees[people]
        turn = np.sign(above)
        turn[(turn < 0) & (fees <= 0)] = 0
        steps, last = self._steps[people], self._turns[people]
        factor = np.where(turn * last < 0, SLOWER, np.where(turn == 0, 1.0, FASTER))
        steps = steps * factor
        steps = np.clip(steps, STEPS[0] * self.scale, STEPS[1] * self.scale)
        self.fees[people] = np.maximum(fees + turn * steps, 0.0)
        self._steps[people], self._turns[people] = steps, np.where(turn == 0, last, turn)

    def _counts(self, lines: np.ndarray) -> np.ndarray:
        """Shifts by type of lines, shape (lines, S)."""
        kinds = range(len(self.asked.shifts))
        return np.stack([(lines == kind).sum(axis=1) for kind in kinds], axis=1)

    def _keep_cheapest(self, cost: np.ndarray, line: np.ndarray, most: np.ndarray) -> None:
        """Leave a type that a line has too often only the cheapest of the line's days."""
        forced = np.isfinite(cost).sum(axis=1) == 1
        for kind in np.flatnonzero(self._counts(line[None])[0] > most):
            used = np.flatnonzero(line == kind)
            order = np.lexsort((cost[used, kind], ~forced[used]))
            keep = used[order[: most[kind]]]
            price = cost[keep, kind]
            cost[:, kind] = np.inf
            cost[keep, kind] = price

    def bound(self, prices: np.ndarray, least: np.ndarray, count: np.ndarray) -> float:
        """A value that no choice of lines, so many of each kind, is below: any prices give one.

        Lines are priced in single precision, so the sum is lowered by what that may have hidden.
        """
        largest = np.abs(self.wish).max(axis=(0, 2), initial=0) + np.abs(prices).max(axis=1)
        largest = largest + self.fees.max(initial=0.0)
        hidden = float(count.sum()) * len(prices) * float(np.finfo(np.float32).eps) / 2
        hidden *= float(largest.sum())
        return float((prices * self.part.required).sum() + (least * count).sum() - hidden)


def first_lines(asked: LineTerms, part: Part, people: np.ndarray) -> np.ndarray:
    """A line for each person in turn, the cheapest beside those before; all off if none."""
    pricing = Pricing(asked, part, workers=1)
    found = np.full((len(part.people), part.days), OFF, np.int16)
    for person in people:
        cost, line = pricing.beside(person, found)
        if np.isfinite(cost):
            found[person] = line
    pricing.close()
    return found
