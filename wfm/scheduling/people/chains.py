"""The cheapest starts on some days where rules join more than two neighbours.

Nights of a week and in a row, the rest after them, next days and the weekly rest look at shifts one
after the other, those of other weeks included. A shortest path over the starts of each day keeps
them exactly: it remembers how many nights there were, how many of them in a row, and whether the
week has had its rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import numpy as np

from wfm.scheduling.groups import Group
from wfm.scheduling.problem import Begin, Problem
from wfm.scheduling.rules.next_day import too_early
from wfm.scheduling.rules.nights_per_week import night_bounds, nights_of
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
from wfm.scheduling.settings import Rules
from wfm.scheduling.spells import Spell, night_runs, own_spells

State = tuple[int, int, bool, int]
"""Nights in the week, nights in a row up to the last shift, whether the week has had its rest, and
paid time so far, if that is limited."""
Labels = dict[State, tuple[np.ndarray, np.ndarray, np.ndarray]]
"""By state: the starts of a day, the least cost up to each, and where that comes from."""
Begun = dict[tuple[int, ...], Labels]
"""Labels of the last of some days that begin a week, by these days."""


class JoinedRules:
    """How often somebody's shifts break a rule that looks at several of them.

    Parameters
    ----------
    problem
        Whose rules, people and past.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem, self.rest = problem, rest_after_nights(problem)
        self.need = rest_intervals(problem)
        self.weeks = [week_bounds(problem, week) for week in range(-1, problem.weeks)]
        self.night_weeks = [night_bounds(problem, week) for week in range(problem.weeks)]
        self._spells: dict[tuple[str, int, int], Spell] = {}
        self._known: dict[tuple[str, tuple[Spell, ...], tuple[tuple[int, int], ...]], int] = {}

    def broken(self, agent: int, begins: Iterable[Begin], lengths: Sequence[int]) -> int:
        """Rules that an agent breaks with some shifts of all weeks and its past.

        Parameters
        ----------
        agent
            By number.
        begins
            Its shifts, in any order.
        lengths
            Of its kinds of shift [intervals].
        """
        rules = self.problem.rules
        if not rules.joins_shifts:
            return 0
        zone, past = self.problem.agents[agent].time_zone, self.problem.past[agent]
        shifts = tuple(sorted((b.start, b.start + lengths[b.kind]) for b in begins))
        key = zone, past, shifts
        if key not in self._known:
            spells = [*past, *(self._spell(zone, start, end) for start, end in shifts)]
            self._known[key] = self._count(rules, spells)
        return self._known[key]

    def _spell(self, zone: str, start: int, end: int) -> Spell:
        key = zone, start, end
        if key not in self._spells:
            self._spells[key] = self.problem.times[zone].spell(start, end)
        return self._spells[key]

    def _count(self, rules: Rules, spells: list[Spell]) -> int:
        broken = 0
        for one, other in pairwise(spells):
            if other.start >= 0:
                broken += too_early(rules, one, other)
                broken += self.rest is not None and follows_nights(one, other, self.rest)
        if rules.max_nights_in_row is not None:
            runs = [run for run in night_runs(spells) if run[-1].start >= 0]
            broken += sum(max(len(run) - rules.max_nights_in_row, 0) for run in runs)
        if rules.max_nights_week is not None:
            begun = [spell.start for spell in spells if spell.night]
            for first, last in self.night_weeks:
                nights = sum(first <= start < last for start in begun)
                broken += max(nights - rules.max_nights_week, 0)
        if self.need is not None:
            found = rests([spell[:2] for spell in spells], self.weeks, self.need)
            broken += sum(rest is None for rest in found[1:])
        return broken


class Chains:
    """What one agent may work in a week around its other shifts.

    Parameters
    ----------
    problem, agent, week
        Whose week.
    begins
        Shift of each day worked in other weeks.
    group
        The agent's.
    rested
        First interval in which a shift may follow each option.
    paid
        Least and most paid time of the week [min]; None for any.
    """

    def __init__(
        self,
        problem: Problem,
        agent: int,
        week: int,
        begins: Mapping[int, Begin],
        group: Group,
        rested: np.ndarray,
        paid: tuple[int, int] | None = None,
    ) -> None:
        self.problem, self.group, self.after = problem, group, rested
        self.begins, self.ends = group.starts, group.ends
        minutes = np.array([kind.paid_min for kind in problem.contract_of(agent).shifts])
        self.paid = minutes[group.kind] if paid else np.zeros(len(group.kind), dtype=int)
        self.least_paid, self.most_paid = paid or (0, 0)
        times = problem.times[problem.agents[agent].time_zone]
        self.day, self.clock = times.day[self.begins], times.clock[self.begins]
        self.night = times.nights(self.begins, self.ends)
        self.late = times.ends(self.begins, self.ends)
        others = [begin for day, begin in begins.items() if problem.week_of(day) != week]
        shifts = [(b.start, b.start + group.lengths[b.kind]) for b in others]
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
        self.bounds, self.room, self.rested = (0, 0), (-FAR, FAR), False
        if self.need is not None:
            weeks = [week_bounds(self.problem, w) for w in range(-1, self.problem.weeks)]
            self.bounds = weeks[week + 1]
            one, other = ([spell[:2] for spell in some] for some in (before, after))
            self.room = room_for(one, other, weeks, week + 1, self.need)
            begins, ends = [-FAR, *(end for _, end in one)], [start for start, _ in one]
            gaps = np.array(begins[: len(ends)]), np.array(ends)
            self.rested = bool(holds_rest(*gaps, self.room, self.bounds, self.need).any())

    def legal(self) -> np.ndarray:
        """Which options leave the weeks beside this one their rest, shape (options,)."""
        return np.asarray((self.begins >= self.room[0]) & (self.ends <= self.room[1]))

    def hopeless(self, costs: np.ndarray, patterns: np.ndarray, first: int) -> np.ndarray:
        """Which days have too many nights whatever their starts, shape (bands, patterns).

        Parameters
        ----------
        costs
            Of a shift by band and option, infinite where it cannot be.
        patterns, first
            Days worked, shape (patterns, days), from a first day on.
        """
        rules, there = self.problem.rules, np.asarray(np.isfinite(costs))
        dark = np.zeros((len(costs), patterns.shape[1]), dtype=bool)
        for day in range(patterns.shape[1]):
            today = there[:, self.group.start_day == first + day]
            night = self.night[self.group.start_day == first + day]
            dark[:, day] = today.any(axis=1) & ~(today & ~night).any(axis=1)
        found = np.zeros((len(costs), len(patterns)), dtype=bool)
        if rules.max_nights_week is not None:
            nights = dark.astype(int) @ patterns.T.astype(int)
            found |= nights > max(rules.max_nights_week - self.before, 0)
        if rules.max_nights_in_row is not None:
            size = rules.max_nights_in_row + 1
            for day in range(patterns.shape[1] - size + 1):
                row = slice(day, day + size)
                found |= np.outer(dark[:, row].all(axis=1), patterns[:, row].all(axis=1))
        return found

    def cheapest(
        self, costs: np.ndarray, days: Sequence[int], begun: Begun
    ) -> tuple[float, list[int]] | None:
        """Cost and options of the cheapest legal week on some days; None if there is none.

        Parameters
        ----------
        costs
            Of a shift by option, infinite where it cannot be.
        days
            That are worked, in order.
        begun
            What is known at these costs of days that begin a week; what is found is added.
        """
        if not days:
            return (0.0, []) if self._may_be_free() and self.least_paid <= 0 else None
        labels: list[Labels] = []
        for number, day in enumerate(days, 1):
            key = tuple(days[:number])
            if key not in begun:
                at = np.flatnonzero((self.group.start_day == day) & np.isfinite(costs))
                found = self._step(labels[-1], at) if labels else self._first(at)
                begun[key] = {
                    state: (at, total + costs[at], came)
                    for state, (at, total, came) in found.items()
                }
            if not begun[key]:
                return None
            labels.append(begun[key])
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
            free = np.array(end), self.begins[at]
            rested = holds_rest(*free, self.room, self.bounds, self.need) | self.rested
        found: Labels = {}
        for i in np.flatnonzero(good):
            night = bool(self.night[at[i]])
            row, paid = int(run[i]) + 1 if night else 0, int(self.paid[at[i]])
            state = self._state(self.before + night, row, rested[i], paid)
            if state is not None:
                total = np.full(len(at), np.inf) if state not in found else found[state][1]
                total[i] = 0.0
                found[state] = at, total, np.full((len(at), 5), -1)
        return found

    def _step(self, earlier: Labels, at: np.ndarray) -> Labels:
        """Labels of a day after those of the one worked before."""
        if not len(at):
            return {}
        past = next(iter(earlier.values()))[0]
        good, goes_on, rested = self._follow(past, at)
        code = 8 * self.paid[at][:, None] + 4 * rested + 2 * goes_on + self.night[at][:, None]
        ways = [(way, good & (code == way)) for way in sorted(set(code[good].tolist()))]
        found: Labels = {}
        for (nights, run, had, paid), (_, total, _) in earlier.items():
            for way, open_now in ways:
                rest, on, dark = bool(way & 4), bool(way & 2), bool(way & 1)
                length = (run + 1 if on else 1) if dark else 0
                state = self._state(nights + dark, length, had or rest, paid + way // 8)
                if state is None:
                    continue
                costs = np.where(open_now, total, np.inf)
                came = costs.argmin(axis=1)
                least = costs[np.arange(len(at)), came]
                if not np.isfinite(least).any():
                    continue
                link = np.empty((len(at), 5), dtype=int)
                link[:, 0], link[:, 1:] = came, (nights, run, had, paid)
                if state in found:
                    known, links = found[state][1:]
                    link = np.where((known <= least)[:, None], links, link)
                    least = np.minimum(known, least)
                found[state] = at, least, link
        return found

    def _state(self, nights: int, run: int, rested: bool, paid: int) -> State | None:
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
        return None if paid > self.most_paid else (nights, run, bool(rested), paid)

    def _follow(
        self, past: np.ndarray, at: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Of each later start and earlier one: allowed, a row of nights that goes on, a rest."""
        begins, ends = self.begins[at][:, None], self.ends[past][None, :]
        rules, next_day = self.problem.rules, self.day[at][:, None] == self.day[past][None, :] + 1
        good = begins >= self.after[past][None, :]
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
        if state[3] < self.least_paid:
            return False
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
                chosen.append(int(at[place]))
                if number:
                    place, nights, run, had, paid = (int(v) for v in links[place])
                    state = nights, run, bool(had), paid
            return cost, chosen[::-1]
        return None
