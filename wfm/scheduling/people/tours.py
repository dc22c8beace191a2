"""The cheapest legal week for one named agent around everybody else's.

Builds a first legal schedule in a moment, repairs weeks that break a rule, and polishes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wfm.scheduling.crew import CAMPAIGN, QUEUE, Crew
from wfm.scheduling.groups import Group
from wfm.scheduling.patterns import choose_pattern, legal_patterns
from wfm.scheduling.people.chains import Chains
from wfm.scheduling.people.paid_week import PaidWeek, choose_paid
from wfm.scheduling.problem import Begin, Problem
from wfm.scheduling.roster import stretches
from wfm.scheduling.rules.rest import rested_from
from wfm.scheduling.windows import apart

Windows = list[tuple[int, int, int]]
TIE = 1e-7


@dataclass(frozen=True, eq=False)
class Tour:
    """Shifts of a week and what each does."""

    shifts: list[tuple[Begin, np.ndarray]]
    cost: float


def separate_windows(pauses: tuple[tuple[int, int, int], ...]) -> Windows:
    """Break windows (length, first, last) narrowed until any choice keeps their order.

    >>> separate_windows(((1, 4, 10), (2, 8, 12)))
    [(1, 4, 7), (2, 8, 12)]
    """
    first, last = [e for _, e, _ in pauses], [b for _, _, b in pauses]
    for i in range(1, len(pauses)):
        first[i] = max(first[i], first[i - 1] + pauses[i - 1][0])
    for i in range(len(pauses) - 2, -1, -1):
        last[i] = min(last[i], last[i + 1] - pauses[i][0])
    for i in range(len(pauses) - 1):
        last[i] = max(first[i], min(last[i], first[i + 1] - pauses[i][0]))
        first[i + 1] = max(first[i + 1], last[i] + pauses[i][0])
    return [(p[0], a, b) for p, a, b in zip(pauses, first, last, strict=True)]


def free_windows(problem: Problem, pauses: tuple[tuple[int, int, int], ...]) -> Windows:
    """Windows of which any choice keeps the order and the rule on work between breaks."""
    spaced = problem.break_gap != (0, None)
    return apart(pauses, *problem.break_gap) if spaced else separate_windows(pauses)


class Tours:
    """Best weeks for the agents of a crew."""

    def __init__(self, crew: Crew) -> None:
        self.crew = crew
        self.windows = [
            [
                window
                for kind in range(len(g.lengths))
                for window in free_windows(crew.problem, tuple(p for _, p in g.breaks_of(kind)))
            ]
            for g in crew.layout.groups
        ]
        """Of each break of a group, of all kinds of shift."""

    def prices(self, agent: int) -> tuple[np.ndarray, np.ndarray]:
        """Least cost of the agent's presence by interval, and the queue that gives it."""
        crew, problem = self.crew, self.crew.problem
        group = crew.layout.groups[crew.group_of[agent]]
        queues = np.array(crew.layout.skill_sets[group.skill_set].queues)
        adding = crew.adding()[queues]
        best = np.argmin(adding, axis=0)
        price = np.zeros(crew.layout.axis)
        code = np.full(crew.layout.axis, QUEUE + queues[0], dtype=np.int16)
        price[: problem.intervals] = adding[best, np.arange(problem.intervals)]
        code[: problem.intervals] = QUEUE + queues[best]
        limits = crew.limiting(agent)
        if limits is not None:
            price[: problem.intervals] += limits
        return price, code

    def best_week(self, agent: int, week: int, leaning: np.ndarray | None = None) -> Tour | None:
        """The cheapest legal week; None if rest leaves too few days.

        The agent's own shifts of the week must have been dropped. `leaning` is what a start costs
        beside everything else, shape (options of the group,) [units of an interval].
        """
        crew, problem = self.crew, self.crew.problem
        group = crew.layout.groups[crew.group_of[agent]]
        fewest, most = problem.limits(agent, week)
        allowed = problem.shifts_allowed(agent)
        if allowed is not None:
            most = max(min(most, allowed - self._elsewhere(agent, week)), fewest)
        if most == 0:
            return Tour([], 0.0)
        price, code = self.prices(agent)
        limits = crew.limiting(agent)
        for campaign in crew.layout.skill_sets[group.skill_set].campaigns:
            spare = crew.spare(campaign) > 0
            if spare.any():
                inside = price[: problem.intervals]
                worth = np.where(
                    problem.permitted[campaign] & spare, -problem.outbound_short[campaign], np.inf
                )
                np.minimum(inside, worth if limits is None else worth + limits, out=inside)
        costs = self.start_costs(group, price, self.rest(agent, price))
        legal = self._legal(agent, group, week)
        rested = rested_from(problem, group)
        if problem.has_own_costs(agent):
            own = np.array([problem.own_cost(agent, begin) for begin in group.options])
            costs = costs + own / problem.scale
        if leaning is not None:
            costs = costs + leaning
        must = tuple(d for d, s in problem.locked[agent].items() if s is not None)
        days, paid = problem.days_of(week), self._paid(agent, week)
        chains = None
        if problem.rules.joins_shifts:
            chains = Chains(problem, agent, week, crew.starts[agent], group, rested, paid)
            legal &= chains.legal()
        best: tuple[float, list[int]] | None = None
        if paid is not None and chains is None:
            kept = PaidWeek(
                days,
                (fewest, most),
                paid,
                tuple(kind.paid_min for kind in problem.contract_of(agent).shifts),
                frozenset(d for d in must if d in days),
                problem.rules.max_days_in_row,
                *self._runs(agent, week),
            )
            best = choose_paid(group, legal, costs, kept, rested)
        elif must or chains is not None or problem.rules.max_days_in_row is not None:
            patterns = legal_patterns(
                len(days),
                (fewest, most),
                problem.rules.max_days_in_row,
                tuple(d - days[0] for d in must if d in days),
                *self._runs(agent, week),
            )
            best = choose_pattern(group, legal, costs, patterns, days[0], rested, chains)
        else:
            for inside in group.in_band:
                own = np.flatnonzero(inside & legal)
                chosen = _choose(group, own, costs, fewest, most, rested)
                if chosen is not None and (best is None or chosen[0] < best[0] - TIE):
                    best = chosen
        if best is None:
            return None
        begins = [group.options[i] for i in best[1]]
        return Tour([(begin, self.codes(agent, begin, price, code)) for begin in begins], best[0])

    def _paid(self, agent: int, week: int) -> tuple[int, int] | None:
        """Least and most paid time of a week [min], around what other weeks pay; None for any."""
        problem = self.crew.problem
        limits, allowed = problem.paid_limits(agent, week), problem.paid_allowed(agent)
        kinds = problem.contract_of(agent).shifts
        if allowed is None or len(kinds) == 1:
            return limits
        shortest = min(kind.paid_min for kind in kinds)
        elsewhere = 0
        for other in range(problem.weeks):
            if other != week:
                own = [self.crew.starts[agent][day] for day in self._worked(agent, other)]
                least = problem.limits(agent, other)[0] * shortest
                elsewhere += max(problem.paid_of(agent, own), least)
        low, high = limits or (0, allowed)
        return low, max(min(high, allowed - elsewhere), low)

    def _elsewhere(self, agent: int, week: int) -> int:
        """Days worked in other weeks, or the fewest where those are not planned yet."""
        problem, count = self.crew.problem, 0
        for other in range(problem.weeks):
            if other != week:
                worked = len(self._worked(agent, other))
                count += max(worked, problem.limits(agent, other)[0])
        return count

    def _legal(self, agent: int, group: Group, week: int) -> np.ndarray:
        """Mask of the starts that the agent's absences and other weeks allow."""
        crew, problem = self.crew, self.crew.problem
        days = [d for d in problem.days_of(week) if d not in problem.closed[agent]]
        legal = np.isin(group.start_day, days) & (group.starts >= problem.free_from(agent))
        for day, lock in problem.locked[agent].items():
            allowed = np.zeros(len(legal), dtype=bool)
            allowed[[] if lock is None else group.allowed(lock)] = True
            legal &= (group.start_day != day) | allowed
        for day, begin in crew.starts[agent].items():
            if problem.week_of(day) != week:
                legal &= group.clear_of(begin, problem.rest)
        return legal

    def _runs(self, agent: int, week: int) -> tuple[int, int]:
        """Days worked in a row up to a week, and from the day after it on."""
        problem, worked = self.crew.problem, self.crew.starts[agent]
        days = problem.days_of(week)
        before, day = 0, days[0] - 1
        while day in worked:
            before, day = before + 1, day - 1
        if day < 0:
            before += problem.before(agent).days_in_row
        after, day = 0, days[-1] + 1
        while day in worked:
            after, day = after + 1, day + 1
        return before, after

    def start_costs(
        self, group: Group, price: np.ndarray, rest: np.ndarray | None = None
    ) -> np.ndarray:
        """Cost of a shift of each option, its breaks placed best.

        `price` is what presence costs by interval, `rest` what a break saves there, if not that.
        """
        running = np.concatenate([[0.0], np.cumsum(price)])
        total = running[group.ends] - running[group.starts] + group.labour
        if rest is not None:
            running = np.concatenate([[0.0], np.cumsum(rest)])
        windows = self.windows[self.crew.group_of[group.agents[0]]]
        for kind, (length, first, last) in zip(group.pause_kind, windows, strict=True):
            saved = running[length:] - running[:-length]
            spans = np.lib.stride_tricks.sliding_window_view(saved, last - first + 1)
            own = group.of_kind(kind)
            total[own] -= spans.max(axis=1)[group.starts[own] + first]
        return np.asarray(total)

    def rest(self, agent: int, price: np.ndarray) -> np.ndarray:
        """What a break of an agent saves by interval at a price of its presence."""
        bunched = self.crew.bunching(agent)
        if bunched is None:
            return price
        saved = price.copy()
        saved[: len(bunched)] -= bunched
        return saved

    def codes(self, agent: int, begin: Begin, price: np.ndarray, code: np.ndarray) -> np.ndarray:
        """What the agent does in each interval of a shift, all work inbound."""
        number, span = self.crew.group_of[agent], self.crew.span(agent, begin)
        doing = code[span].copy()
        saves = self.rest(agent, price)[span]
        running = np.concatenate([[0.0], np.cumsum(saves)])
        for i, _ in self.crew.group(agent).breaks_of(begin.kind):
            length, first, last = self.windows[number][i]
            saved = running[first + length : last + length + 1] - running[first : last + 1]
            at = first + int(np.argmax(saved))
            doing[at : at + length] = i
        return doing

    def rebuild(self, agent: int, week: int) -> bool:
        """Replace an agent's week by the cheapest legal one; False if there is none."""
        dropped = [self.crew.drop(agent, d) for d in self._worked(agent, week)]
        tour = self.best_week(agent, week)
        for begin, codes in dropped if tour is None else tour.shifts:
            self.crew.put(agent, begin, codes)
        return tour is not None

    def improve(self, agent: int, week: int) -> bool:
        """Replace an agent's week where that lowers the cost; else leave it as it is."""
        before = self.crew.cost()
        dropped = [self.crew.drop(agent, d) for d in self._worked(agent, week)]
        tour = self.best_week(agent, week)
        if tour is not None:
            for begin, codes in tour.shifts:
                self.crew.put(agent, begin, codes)
            for begin, _ in tour.shifts:
                place_outbound(self.crew, agent, begin)
            if self.crew.cost() < before - TIE:
                return True
            for begin, _ in tour.shifts:
                self.crew.drop(agent, int(self.crew.problem.day[begin.start]))
        for begin, codes in dropped:
            self.crew.put(agent, begin, codes)
        return False

    def _worked(self, agent: int, week: int) -> list[int]:
        problem = self.crew.problem
        return [d for d in sorted(self.crew.starts[agent]) if problem.week_of(d) == week]


def _choose(
    group: Group, inside: np.ndarray, costs: np.ndarray, fewest: int, most: int, rested: np.ndarray
) -> tuple[float, list[int]] | None:
    """Cheapest options of a week, each after the `rested` of the one before; None if too few fit.

    Shortest path over options in time order: best[j][i] costs j shifts of which the last is i.
    """
    if fewest == 0 and not len(inside):
        return 0.0, []
    starts, cost = group.starts[inside], costs[inside]
    if len(starts) == 0:
        return None
    order = np.argsort(rested[inside], kind="stable")
    reach = np.searchsorted(rested[inside][order], starts, side="right")
    best = np.full((most + 1, len(starts)), np.inf)
    came = np.zeros((most + 1, len(starts)), dtype=int)
    best[1] = cost
    for count in range(2, most + 1):
        earlier = best[count - 1][order]
        running = np.minimum.accumulate(earlier)
        where = np.arange(len(starts))
        newest = np.maximum.accumulate(np.where(earlier <= running, where, 0))
        good = reach > 0
        before = np.maximum(reach - 1, 0)
        best[count] = np.where(good, running[before] + cost, np.inf)
        came[count] = order[newest[before]]
    ends = [(0.0, 0, 0)] if fewest == 0 else []
    for count in range(max(fewest, 1), most + 1):
        last = int(np.argmin(best[count]))
        if np.isfinite(best[count, last]):
            ends.append((float(best[count, last]), count, last))
    if not ends:
        return None
    total, count, last = min(ends)
    chosen: list[int] = []
    while count:
        chosen.append(int(inside[last]))
        last, count = int(came[count, last]), count - 1
    return total, chosen[::-1]


def place_outbound(crew: Crew, agent: int, begin: Begin) -> None:
    """Turn inbound stretches of a shift into outbound blocks where that lowers the cost."""
    problem, layout = crew.problem, crew.layout
    group, start = crew.group(agent), begin.start
    end = min(crew.span(agent, begin).stop, problem.intervals)
    campaigns = layout.skill_sets[group.skill_set].campaigns
    for campaign in sorted(campaigns, key=lambda c: -problem.outbound_short[c]):
        if not problem.permitted[campaign, start:end].any():
            continue
        room = int(crew.spare(campaign)[start:end].min())
        if room <= 0:
            continue
        codes = crew.plan[agent, start:end]
        on_queue = (codes >= QUEUE) & (codes < CAMPAIGN)
        good = on_queue & problem.permitted[campaign, start:end]
        queue = np.where(on_queue, codes - QUEUE, 0)
        loss = crew.removing()[queue, np.arange(start, end)]
        gain = np.where(good, problem.outbound_short[campaign] - loss, -np.inf)
        for first, last in _best_runs(gain, problem.block):
            length = min(last - first, room)
            if length >= problem.block:
                room -= length
                crew.recode(
                    agent,
                    start + first,
                    np.full(length, CAMPAIGN + campaign, dtype=np.int16),
                )


def keep_passes(crew: Crew) -> None:
    """Put people back on a queue where a list is worked on more than its gap of days allows."""
    tours = Tours(crew)
    for campaign, when, most in crew.problem.passes:
        here = crew.plan[:, when] == CAMPAIGN + campaign
        too_much = int(here.sum()) - most
        for agent in np.flatnonzero(here.any(axis=1))[::-1].tolist():
            for first, length in reversed(stretches(crew.plan[agent] == CAMPAIGN + campaign)):
                inside = min(first + length, when.stop) - max(first, when.start)
                if too_much > 0 and inside > 0:
                    _, code = tours.prices(agent)
                    crew.recode(agent, first, code[first : first + length])
                    too_much -= inside


def _best_runs(gain: np.ndarray, least: int) -> list[tuple[int, int]]:
    """Disjoint runs of at least `least` with the largest total gain, each gaining.

    >>> _best_runs(np.array([1.0, 1.0, -5.0, 2.0, -1.0, 3.0]), 2)
    [(0, 2), (3, 6)]
    """
    size = len(gain)
    idle, busy = np.zeros(size + 1), np.full(size + 1, -np.inf)
    begun = np.zeros(size + 1, dtype=int)
    finite = np.where(np.isfinite(gain), gain, -1e9)
    running = np.concatenate([[0.0], np.cumsum(finite)])
    choice: list[int] = [0] * (size + 1)
    for t in range(1, size + 1):
        extend = busy[t - 1] + finite[t - 1]
        fresh = idle[t - least] + running[t] - running[t - least] if t >= least else -np.inf
        busy[t], begun[t] = max((extend, begun[t - 1]), (fresh, t - least))
        idle[t], choice[t] = idle[t - 1], 0
        if busy[t] > idle[t] + TIE:
            idle[t], choice[t] = busy[t], 1
    runs: list[tuple[int, int]] = []
    t = size
    while t > 0:
        if choice[t]:
            runs.append((int(begun[t]), t))
            t = int(begun[t])
        else:
            t -= 1
    return runs[::-1]
