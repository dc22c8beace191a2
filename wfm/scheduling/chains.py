"""The cheapest starts on some days where rules join more than two neighbours.

Nights of a week and in a row, the rest after them, next days and the weekly rest look at shifts one
after the other, those of other weeks included. A shortest path over the starts of each day keeps
them exactly: it remembers how many nights there were, how many of them in a row, and whether the
week has had its rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

from wfm.scheduling.groups import Group
from wfm.scheduling.problem import Problem
from wfm.scheduling.rules.next_day import too_early
from wfm.scheduling.rules.nights_per_week import nights_of
from wfm.scheduling.rules.rest_after_nights import follows_nights
from wfm.scheduling.rules.rest_after_nights import rest_intervals as rest_after_nights
from wfm.scheduling.rules.weekly_rest import (
    FAR,
    holds_rest,
    rest_intervals,
    rests,
    room_for,
    week_bounds,
)
from wfm.scheduling.spells import Spell, night_runs, own_spells

State = tuple[int, int, bool]
"""Nights in the week, nights in a row up to the last shift, whether the week has had its rest."""
Labels = dict[State, tuple[np.ndarray, np.ndarray, np.ndarray]]
"""By state: the starts of a day, the least cost up to each, and where that comes from."""


def broken_rules(problem: Problem, agent: int, starts: Mapping[int, int], length: int) -> int:
    """How often somebody's shifts break a rule that looks at several of them.

    Parameters
    ----------
    problem, agent
        Whose past, clock and rules.
    starts
        Start of each day worked, of all weeks.
    length
        Of a shift [intervals].
    """
    rules = problem.rules
    if not rules.joins_shifts:
        return 0
    spells = own_spells(problem, agent, [(s, s + length) for s in starts.values()])
    rest = rest_after_nights(problem)
    pairs = [pair for pair in pairwise(spells) if pair[1].start >= 0]
    broken = sum(too_early(rules, *pair) for pair in pairs)
    if rest is not None:
        broken += sum(follows_nights(*pair, rest) for pair in pairs)
    if rules.max_nights_in_row is not None:
        runs = [run for run in night_runs(spells) if run[-1].start >= 0]
        broken += sum(max(len(run) - rules.max_nights_in_row, 0) for run in runs)
    if rules.max_nights_week is not None:
        for week in range(problem.weeks):
            broken += max(len(nights_of(problem, spells, week)) - rules.max_nights_week, 0)
    need = rest_intervals(problem)
    if need is not None:
        weeks = [week_bounds(problem, week) for week in range(-1, problem.weeks)]
        broken += sum(r is None for r in rests([s[:2] for s in spells], weeks, need)[1:])
    return broken


class Chains:
    """What one agent may work in a week around its other shifts.

    Parameters
    ----------
    problem, agent, week
        Whose week.
    starts
        Start of each day worked in other weeks.
    group
        The agent's.
    turn
        Least intervals from a start to the next.
    """

    def __init__(
        self,
        problem: Problem,
        agent: int,
        week: int,
        starts: Mapping[int, int],
        group: Group,
        turn: int,
    ) -> None:
        self.problem, self.group, self.turn = problem, group, turn
        self.begins, self.ends = group.starts, group.starts + group.length
        times = problem.times[problem.agents[agent].time_zone]
        self.day, self.clock = times.day[self.begins], times.clock[self.begins]
        self.night = times.nights(self.begins, self.ends)
        self.late = times.ends(self.begins, self.ends)
        others = {day: s for day, s in starts.items() if problem.week_of(day) != week}
        shifts = [(s, s + group.length) for s in others.values()]
        spells = own_spells(problem, agent, shifts)
        here = int(problem.first_interval[problem.days_of(week)[0]])
        before = [spell for spell in spells if spell.start < here]
        after = [spell for spell in spells if spell.start >= here]
        self.last, self.next = before[-1] if before else None, after[0] if after else None
        *_, run = [[], *night_runs(before)]
        self.run = len(run) if run and run[-1] is self.last else 0
        following = next(iter(night_runs(after)), [])
        self.run_after = len(following) if following and following[0] is self.next else 0
        self.before = len(nights_of(problem, before, week))
        self.need = rest_intervals(problem)
        self._week_and_room(week, before, after)

    def _week_and_room(self, week: int, before: list[Spell], after: list[Spell]) -> None:
        self.bounds, self.room = (0, 0), (-FAR, FAR)
        if self.need is not None:
            weeks = [week_bounds(self.problem, w) for w in range(-1, self.problem.weeks)]
            self.bounds = weeks[week + 1]
            one, other = ([spell[:2] for spell in some] for some in (before, after))
            self.room = room_for(one, other, weeks, week + 1, self.need)

    def legal(self) -> np.ndarray:
        """Which starts leave the weeks beside this one their rest, shape (starts,)."""
        return np.asarray((self.begins >= self.room[0]) & (self.ends <= self.room[1]))

    def cheapest(self, costs: np.ndarray, days: Sequence[int]) -> tuple[float, list[int]] | None:
        """Cost and starts of the cheapest legal week on some days; None if there is none.

        Parameters
        ----------
        costs
            Of a shift by start, infinite where it cannot be.
        days
            That are worked, in order.
        """
        if not days:
            return (0.0, []) if self._may_be_free() else None
        labels: list[Labels] = []
        for number, day in enumerate(days):
            at = np.flatnonzero((self.group.start_day == day) & np.isfinite(costs))
            found = self._first(at) if number == 0 else self._step(labels[-1], at)
            found = {s: (at, total + costs[at], came) for s, (at, total, came) in found.items()}
            if not found:
                return None
            labels.append(found)
        return self._traced(labels)

    def _may_be_free(self) -> bool:
        """Whether the shifts around a week without one may follow each other."""
        return self.last is None or self.next is None or self._allowed(self.last, self.next)

    def _first(self, at: np.ndarray) -> Labels:
        """Labels of the first day: after the shift before, if there is one."""
        good = np.ones(len(at), dtype=bool)
        rested = np.zeros(len(at), dtype=bool)
        run = np.zeros(len(at), dtype=int)
        end = -FAR
        if self.last is not None:
            good = self._follow_spell(self.last, at)
            goes_on = self.night[at] & (self.day[at] == self.last.day + 1)
            run, end = np.where(goes_on, self.run, 0), self.last.end
        if self.need is not None:
            rested = holds_rest(np.array(end), self.begins[at], self.room, self.bounds, self.need)
        found: Labels = {}
        for i in np.flatnonzero(good):
            night = bool(self.night[at[i]])
            state = self._state(self.before + night, int(run[i]) + 1 if night else 0, rested[i])
            if state is not None:
                total = np.full(len(at), np.inf) if state not in found else found[state][1]
                total[i] = 0.0
                found[state] = at, total, np.full((len(at), 4), -1)
        return found

    def _step(self, earlier: Labels, at: np.ndarray) -> Labels:
        """Labels of a day after those of the one worked before."""
        found: Labels = {}
        for (nights, run, had), (past, total, _) in earlier.items():
            good, goes_on, rested = self._follow(past, at)
            for rest in (False, True):
                for on in (False, True):
                    for night in (False, True):
                        cells = good & (goes_on == on) & (rested == rest)
                        cells &= (self.night[at] == night)[:, None]
                        length = (run + 1 if on else 1) if night else 0
                        state = self._state(nights + night, length, had or rest)
                        if state is None or not cells.any():
                            continue
                        ways = np.where(cells, total[None, :], np.inf)
                        came = ways.argmin(axis=1)
                        least = ways[np.arange(len(at)), came]
                        link = np.column_stack(
                            [came, np.broadcast_to([nights, run, had], (len(at), 3))]
                        )
                        if state in found:
                            known, links = found[state][1:]
                            least = np.where(known <= least, known, least)
                            link = np.where((known <= least)[:, None], links, link)
                        if np.isfinite(least).any():
                            found[state] = at, least, link
        return found

    def _state(self, nights: int, run: int, rested: bool) -> State | None:
        """A state as far as it matters; None beyond a limit."""
        rules = self.problem.rules
        if rules.max_nights_week is None:
            nights = 0
        elif nights > max(rules.max_nights_week, self.before):
            return None
        if rules.max_nights_in_row is None:
            run = 0
        elif run > rules.max_nights_in_row:
            return None
        return nights, run, bool(rested)

    def _follow(
        self, past: np.ndarray, at: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Of each later start and earlier one: allowed, a row of nights that goes on, a rest."""
        begins, ends = self.begins[at][:, None], self.ends[past][None, :]
        rules, next_day = self.problem.rules, self.day[at][:, None] == self.day[past][None, :] + 1
        good = begins - self.begins[past][None, :] >= self.turn
        if rules.late_end_min is not None and rules.start_after_late_min is not None:
            late = self.late[past][None, :] > rules.late_end_min
            good &= ~(next_day & late & (self.clock[at][:, None] < rules.start_after_late_min))
        goes_on = next_day & self.night[at][:, None] & self.night[past][None, :]
        rest = rest_after_nights(self.problem)
        if rest is not None:
            good &= ~(self.night[past][None, :] & ~goes_on & (begins - ends < rest))
        rested = np.zeros(good.shape, dtype=bool)
        if self.need is not None:
            rested = holds_rest(ends, begins, self.room, self.bounds, self.need)
        return good, goes_on, rested

    def _follow_spell(self, spell: Spell, at: np.ndarray) -> np.ndarray:
        """Which starts may follow a shift of another week."""
        return np.array([self._allowed(spell, self._spell(i)) for i in at], dtype=bool)

    def _spell(self, i: int) -> Spell:
        start, end, late = (int(values[i]) for values in (self.begins, self.ends, self.late))
        return Spell(start, end, int(self.day[i]), int(self.clock[i]), late, bool(self.night[i]))

    def _allowed(self, one: Spell, other: Spell) -> bool:
        rest = rest_after_nights(self.problem)
        tired = rest is not None and follows_nights(one, other, rest)
        return not tired and not too_early(self.problem.rules, one, other)

    def _ends_well(self, state: State, i: int) -> bool:
        """Whether a week may end with a start in a state: with what follows, and with a rest."""
        spell, most = self._spell(i), self.problem.rules.max_nights_in_row
        if self.need is not None and not state[2]:
            until = FAR if self.next is None else self.next.start
            free = np.array(spell.end), np.array(until)
            if not holds_rest(*free, self.room, self.bounds, self.need):
                return False
        if self.next is None:
            return True
        goes_on = spell.night and self.next.night and self.next.day == spell.day + 1
        if goes_on and most is not None and state[1] + self.run_after > most:
            return False
        return self._allowed(spell, self.next)

    def _traced(self, labels: list[Labels]) -> tuple[float, list[int]] | None:
        """The cheapest way that ends well, read back from its last start."""
        ends = [
            (float(total[i]), state, i)
            for state, (at, total, _) in labels[-1].items()
            for i in np.flatnonzero(np.isfinite(total)).tolist()
        ]
        for cost, last, place in sorted(ends):
            if not self._ends_well(last, int(labels[-1][last][0][place])):
                continue
            chosen: list[int] = []
            state: State = last
            for number in range(len(labels) - 1, -1, -1):
                at, _, links = labels[number][state]
                chosen.append(int(self.begins[at[place]]))
                if number:
                    place, nights, run, had = (int(v) for v in links[place])
                    state = nights, run, bool(had)
            return cost, chosen[::-1]
        return None
