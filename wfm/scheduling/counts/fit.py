"""Bands of people who differ: weeks whose presence, hour by hour, adds up to the guide's.

The guide's staff is a target; one person after the other takes the legal week that leaves the least
squares of what is missing or too much, the others' weeks staying. Hours that stay short count more
and more, so that who can be there then is. That takes a moment for a thousand people, where linear
programmes over all their classes take long to become exact enough to tell who has to be where.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from wfm.scheduling.counts.build import Matrix
from wfm.scheduling.groups import AbsenceClass
from wfm.scheduling.patterns import legal_patterns

SWEEPS = 25
"""How many times everybody is asked."""
SHORT, SPARE, OFF_BY, MOST = 1.3, 0.9, 0.5, 20.0
"""Factors to the weight of an hour that is short or has too many, by so many heads; the most."""
USED = 0.02
"""Agents of a group on a band below which it is left out."""
NEVER = 1e9
FAINT = 1e-3


def close_bands(matrix: Matrix, rough: Matrix, guide: np.ndarray) -> None:
    """Leave to each group the bands on which the guide has somebody, in place.

    Parameters
    ----------
    matrix
        Of an exact layout; a class keeps the bands that it can work if it can work no other.
    rough
        Of the same problem with fewer classes.
    guide
        Value of each column of `rough` in the LP.
    """
    for classes, used in _used(rough, matrix, guide):
        for h in classes:
            n = matrix.columns.n[h]
            can = _can(matrix.layout.classes[h], len(n))
            if can.any():
                matrix.high[n[~can]] = 0.0
            if (can & used).any():
                matrix.high[n[~used]] = 0.0


def open_bands(matrix: Matrix, whole: Matrix, guide: np.ndarray) -> None:
    """Open to each group again the bands on which a better guide has somebody, in place.

    Parameters
    ----------
    matrix
        As `close_bands` left it.
    whole
        The same with every band.
    guide
        Value of each column of `whole` in the LP.
    """
    for classes, used in _used(whole, matrix, guide):
        for h in classes:
            n = matrix.columns.n[h]
            some = n[used & _can(matrix.layout.classes[h], len(n))]
            matrix.high[some] = whole.high[some]


def _used(
    rough: Matrix, matrix: Matrix, guide: np.ndarray
) -> Iterator[tuple[list[int], np.ndarray]]:
    """By group and week its classes in `matrix`, and on which bands the guide has somebody."""
    for number in range(len(rough.layout.groups)):
        for week in range(rough.layout.problem.weeks):
            here = rough.layout.classes_of(number, week)
            used = sum(guide[rough.columns.n[h]] for h in here)
            yield matrix.layout.classes_of(number, week), np.asarray(used >= USED)


def _can(one: AbsenceClass, bands: int) -> np.ndarray:
    """Which of the bands have a day that the people of a class may work."""
    return np.ones(bands, dtype=bool) if one.may is None else np.asarray(one.may.any(axis=1))


def fit_bands(matrix: Matrix, rough: Matrix, guide: np.ndarray, seed: int = 0) -> np.ndarray:
    """Whole agents on each band, and days on which they work, whose presence is near the guide's.

    Parameters
    ----------
    matrix
        Of an exact layout; bands whose limit is 0 are left out.
    rough
        Of the same problem with fewer classes.
    guide
        Value of each column of `rough` in the LP.
    seed
        Of the order in which people are asked.

    Returns
    -------
    numpy.ndarray
        Values of all columns of `matrix`: whole in n and m, else those of the guide.
    """
    layout, values = matrix.layout, np.zeros(len(matrix.cost))
    weights = layout.problem.weights
    price = float(weights.under[0]), float(weights.over + weights.labour)
    values[~matrix.of_kind("n", "m")] = guide[~rough.of_kind("n", "m")]
    for week in range(layout.problem.weeks):
        for skill_set in range(len(layout.skill_sets)):
            groups = [i for i, group in enumerate(layout.groups) if group.skill_set == skill_set]
            presence = {number: _Presence(rough, guide, number, week) for number in groups}
            people = [
                _person(matrix, h, presence[number])
                for number in groups
                for h in layout.classes_of(number, week)
                for _ in range(layout.classes[h].size)
            ]
            target = np.sum([one.wanted for one in presence.values()], axis=0)
            for person, (band, days) in zip(people, _fit(people, target, price, seed), strict=True):
                values[matrix.columns.n[person.number][band]] += 1
                values[matrix.columns.m[person.number][band]] += days
    return values


@dataclass(frozen=True, eq=False)
class _Person:
    """A class, its bands, weeks by days (weeks, days), and by band what a day's shift covers.

    `covers` has shape (bands, days, hours), `may` says which days of a band can be worked.
    """

    number: int
    bands: np.ndarray
    weeks: np.ndarray
    covers: np.ndarray
    may: np.ndarray

    def own(self, weight: np.ndarray) -> np.ndarray:
        """Weighted squares of each shift by band and day, without end where it cannot be worked."""
        return np.where(self.may, self.covers**2 @ weight, NEVER)

    def best(
        self, missing: np.ndarray, weight: np.ndarray, own: np.ndarray
    ) -> tuple[int, np.ndarray, np.ndarray]:
        """Band, days and coverage of the week that leaves the least squares of what is missing."""
        cost = (own - 2 * (self.covers @ (weight * missing))) @ self.weeks.T
        row, week = np.unravel_index(int(cost.argmin()), cost.shape)
        return int(self.bands[row]), self.weeks[week], self.weeks[week] @ self.covers[row]


def _person(matrix: Matrix, number: int, presence: _Presence) -> _Person:
    """Somebody of a class."""
    one: AbsenceClass = matrix.layout.classes[number]
    covers = presence.covers_from(matrix.layout.problem.free_from(int(one.agents[0])))
    may = np.ones(covers.shape[:2], dtype=bool) if one.may is None else one.may
    weeks = legal_patterns(
        may.shape[1],
        (one.fewest, one.most),
        matrix.layout.problem.rules.max_days_in_row,
        tuple(day for day, _ in one.locked),
        one.before,
        0,
    )
    bands = np.flatnonzero((matrix.high[matrix.columns.n[number]] > 0) & may.any(axis=1))
    if not len(bands) or not len(weeks):
        bands, weeks = np.array([0]), np.zeros((1, may.shape[1]))
    return _Person(number, bands, weeks.astype(float), covers[bands], may[bands])


def _fit(
    people: list[_Person], target: np.ndarray, price: tuple[float, float], seed: int
) -> list[tuple[int, np.ndarray]]:
    """Band and days of everybody; `price` is what an hour short and one too many cost."""
    random = np.random.default_rng(seed)
    chosen: dict[int, tuple[int, np.ndarray, np.ndarray]] = {}
    missing, weight = target.copy(), np.ones(len(target))
    best, least = chosen, np.inf
    for _ in range(SWEEPS):
        own = {person.number: person.own(weight) for person in people}
        for i in random.permutation(len(people)).tolist():
            if i in chosen:
                missing += chosen[i][2]
            chosen[i] = people[i].best(missing, weight, own[people[i].number])
            missing -= chosen[i][2]
        cost = float(
            price[0] * np.maximum(missing, 0).sum() - price[1] * np.minimum(missing, 0).sum()
        )
        if cost < least:
            best, least = dict(chosen), cost
        weight *= np.select([missing > OFF_BY, missing < -OFF_BY], [SHORT, SPARE], 1.0)
        weight = np.clip(weight, 1.0, MOST)
    return [best[i][:2] for i in range(len(people))]


class _Presence:
    """What a group's shift of each band and day covers by hour, and what all of them shall.

    A band's shifts begin as the guide's do, or anywhere alike where it has none. `covers` has shape
    (bands, days, hours), `wanted` (hours,).
    """

    def __init__(self, rough: Matrix, guide: np.ndarray, number: int, week: int) -> None:
        layout, self._group = rough.layout, rough.layout.groups[number]
        problem, days = layout.problem, layout.problem.days_of(week)
        self._first, end = problem.first_interval[days[0]], problem.first_interval[days[-1] + 1]
        self._hour = max(60 // problem.interval_min, 1)
        self._hours = -(-(end - self._first + layout.longest) // self._hour)
        x = rough.columns.x[number]
        self._begun = np.where(x >= 0, guide[x], 0.0)
        self._days = list(days)
        self._known: dict[int, np.ndarray] = {}
        self.covers = np.zeros((len(x), len(days), self._hours))
        self.wanted = np.zeros(self._hours)
        for i, day in enumerate(days):
            here = np.flatnonzero(self._group.start_day == day)
            by_hour = self._by_hour(here)
            self.wanted += (
                np.where(self._inside(here), self._begun[:, here], 0.0).sum(axis=0) @ by_hour
            )
            self.covers[:, i] = self._shares(here) @ by_hour

    def covers_from(self, free: int) -> np.ndarray:
        """The same for somebody who is rested from an interval on: later starts of each band."""
        starts = self._group.starts
        days = [
            i for i, d in enumerate(self._days) if (starts[self._group.start_day == d] < free).any()
        ]
        if not days:
            return self.covers
        if free not in self._known:
            self._known[free] = self.covers.copy()
            for i in days:
                here = np.flatnonzero((self._group.start_day == self._days[i]) & (starts >= free))
                self._known[free][:, i] = self._shares(here) @ self._by_hour(here)
        return self._known[free]

    def _by_hour(self, here: np.ndarray) -> np.ndarray:
        """Share of each hour that a shift of each option is there, shape (options, hours)."""
        on_duty = np.zeros((len(here), self._hours * self._hour))
        for row, start in enumerate(self._group.starts[here] - self._first):
            on_duty[row, start : start + self._group.length[here[row]]] = 1 / self._hour
        return np.asarray(on_duty.reshape(len(here), self._hours, self._hour).sum(axis=2))

    def _inside(self, here: np.ndarray) -> np.ndarray:
        return np.asarray(self._group.in_band[:, here])

    def _shares(self, here: np.ndarray) -> np.ndarray:
        """How the shifts of each band are shared out over some starts of a day."""
        inside = self._inside(here)
        shares = np.where(inside, self._begun[:, here], 0.0)
        shares = np.where(shares.sum(axis=1, keepdims=True) > FAINT, shares, inside)
        return np.asarray(shares / np.maximum(shares.sum(axis=1, keepdims=True), FAINT))
