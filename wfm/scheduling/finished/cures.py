"""What keeps one head more from an interval, and what it costs to bring one there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from wfm.scheduling.crew import CAMPAIGN, MEETING_CODE, OFF, QUEUE
from wfm.scheduling.people.chains import JoinedRules
from wfm.scheduling.people.tours import Tours
from wfm.scheduling.problem import Begin

CAUSES = {
    "skill": "nobody has the skill",
    "absent": "everybody with the skill works or is away",
    "break": "somebody with the skill is on a break",
    "outbound": "somebody with the skill is on outbound work",
    "queue": "somebody with the skill is on another queue",
    "meeting": "somebody with the skill is in a meeting",
    "shift": "somebody with the skill works at another time of the day",
    "off": "somebody with the skill is off and may work for less than the gap costs",
    "rules": "those with the skill who are off may not work by the rules",
    "price": "another shift costs more than the gap",
}
"""Causes by name, in words."""
TIE = 1e-6


@dataclass(frozen=True)
class Cure:
    """One way to a head more.

    Parameters
    ----------
    cost
        Of everything, with it less without it [units of an interval]; below 0 it saves.
    cause
        What stands against it (a key of `CAUSES`); empty for what no schedule could hold.
    text
        In words.
    legal
        Whether it keeps days a week, days in a row and the week's start band.
    """

    cost: float
    cause: str
    text: str
    legal: bool = True

    @property
    def told(self) -> bool:
        """Whether it names the cause: what saves does, else what there is to choose from."""
        if not self.cause or not self.legal:
            return False
        return self.cost < -TIE or self.cause in ("break", "outbound", "price")


def diagnose(tours: Tours, queue: int, interval: int) -> tuple[str, str, float]:
    """The cause of a gap, its cheapest cure in words, and what that saves [units of an interval].

    A cure that breaks a rule counts only where no other saves anything.
    """
    problem = tours.crew.problem
    if not any(queue in problem.queues_of(a) for a in range(len(problem.agents))):
        skill = problem.queue_skills[problem.queues[queue]]
        return "skill", f"teach somebody {skill} for {problem.stamp(interval)}", 0.0
    found = [*_by_people(tours, queue, interval), *_by_hiring(tours, queue, interval)]
    told = _cheapest([cure for cure in found if cure.told])
    cause = _unmovable(tours, queue, interval) if told is None else told.cause
    saving = [cure for cure in found if cure.cost < -TIE]
    best = _cheapest([cure for cure in saving if cure.legal] or saving)
    if best is None:
        return cause, "none: each cure costs more than the gap", 0.0
    return cause, best.text, -best.cost


def _cheapest(cures: list[Cure]) -> Cure | None:
    """The first of the cheapest; None of none."""
    return min(cures, key=lambda cure: round(cure.cost, 6), default=None)


def _unmovable(tours: Tours, queue: int, interval: int) -> str:
    """The cause where nobody can be brought there by the rules."""
    crew, problem = tours.crew, tours.crew.problem
    skilled = [a for a in range(len(problem.agents)) if queue in problem.queues_of(a)]
    codes = crew.plan[skilled, interval]
    if ((codes >= 0) & (codes < QUEUE)).any():
        return "break"
    if (codes >= MEETING_CODE).any():
        return "meeting"
    day = int(problem.day[interval])
    off = [a for a in skilled if day not in problem.absent[a] and day not in crew.starts[a]]
    return "rules" if off else "absent"


def _by_people(tours: Tours, queue: int, interval: int) -> Iterator[Cure]:
    """What those with the skill could do instead, the smallest changes first."""
    crew, problem = tours.crew, tours.crew.problem
    skilled = [a for a in range(len(problem.agents)) if queue in problem.queues_of(a)]
    doing = {agent: int(crew.plan[agent, interval]) for agent in skilled}
    back = problem.queues[queue]
    for agent, code in doing.items():
        if QUEUE <= code < MEETING_CODE and code != QUEUE + queue:
            cost, start, end = _put_back(tours, agent, queue, interval)
            name, first, last = (
                problem.agents[agent].agent,
                problem.stamp(start),
                _end(tours, end),
            )
            cause = "outbound" if code >= CAMPAIGN else "queue"
            yield Cure(cost, cause, f"put {name} back on {back} from {first} to {last}")
    for agent, code in doing.items():
        if 0 <= code < QUEUE:
            name, pause = problem.agents[agent].agent, _move_break(tours, agent, queue, interval)
            if pause is not None:
                text = f"move the break of {name} to {problem.stamp(pause[1])}"
                yield Cure(pause[0], "break", text)
    for agent in (agent for agent, code in doing.items() if code == OFF):
        name, moved = problem.agents[agent].agent, _move_shift(tours, agent, interval)
        if moved is not None:
            cost, start = moved
            yield Cure(cost, "shift", f"move the shift of {name} to {problem.stamp(start)}")
    for agent in (agent for agent, code in doing.items() if code == OFF):
        name = problem.agents[agent].agent
        legal = _extra_shift(tours, agent, interval, strict=True)
        more = legal or _extra_shift(tours, agent, interval, strict=False)
        if more is not None:
            cost, begin = more
            note = "" if legal else ", beyond the days or the band allowed"
            text = f"one more shift of {name} from {problem.stamp(begin.start)}{note}"
            yield Cure(cost, "off" if cost < -TIE else "price", text, legal is not None)


def _by_hiring(tours: Tours, queue: int, interval: int) -> Iterator[Cure]:
    """One more agent like those there are."""
    crew, problem = tours.crew, tours.crew.problem
    for group in crew.layout.groups:
        over = (group.starts <= interval) & (group.ends > interval)
        if queue in problem.queues_of(int(group.agents[0])) and over.any():
            price, _ = tours.prices(int(group.agents[0]))
            costs = np.where(over, tours.start_costs(group, price), np.inf)
            at = problem.stamp(int(group.starts[int(np.argmin(costs))]))
            text = f"one more agent of contract {group.contract} from {at}"
            yield Cure(float(costs.min()), "", text)


def _end(tours: Tours, interval: int) -> str:
    """Time of the clock at which a piece ends."""
    return f"{tours.crew.problem.grid[interval]:%H:%M}"


def _put_back(tours: Tours, agent: int, queue: int, interval: int) -> tuple[float, int, int]:
    """Cost, begin and end of the best part of an agent's block to be on a queue instead.

    What is left of an outbound block on either side is long enough or nothing; of parts that cost
    the same the shortest is taken.
    """
    crew, problem = tours.crew, tours.crew.problem
    code, line = int(crew.plan[agent, interval]), crew.plan[agent]
    first = last = interval
    while first > 0 and line[first - 1] == code:
        first -= 1
    while last < len(line) and line[last] == code:
        last += 1
    least = problem.block if code >= CAMPAIGN else 1
    price = crew.adding()[queue].copy()
    if code >= CAMPAIGN:
        campaign = code - CAMPAIGN
        spare = crew.placed[campaign] > problem.targets[campaign]
        leaving = -problem.weights.outbound_over if spare else problem.outbound_short[campaign]
    else:
        leaving = crew.removing()[code - QUEUE]
    price += leaving
    begins = [t for t in range(first, interval + 1) if t == first or t - first >= least]
    ends = [t for t in range(last, interval, -1) if t == last or last - t >= least]
    ends = [t for t in ends if t <= problem.intervals] or [problem.intervals]
    begin = min(begins[::-1], key=lambda t: round(float(price[t:interval].sum()), 6))
    end = min(ends[::-1], key=lambda t: round(float(price[interval:t].sum()), 6))
    cost = float(price[begin:end].sum())
    if code >= CAMPAIGN:
        cost += _outbound(tours, campaign, begin - end) - leaving * (end - begin)
    return cost, begin, end


def _outbound(tours: Tours, campaign: int, change: int) -> float:
    """Cost of so many intervals more on a campaign [units of an interval]."""
    problem, placed = tours.crew.problem, tours.crew.placed[campaign]
    target, short = problem.targets[campaign], problem.outbound_short[campaign]

    def cost(done: int) -> float:
        gap = float(target - done)
        return float(short * max(gap, 0.0) + problem.weights.outbound_over * max(-gap, 0.0))

    return cost(placed + change) - cost(placed)


def _move_shift(tours: Tours, agent: int, interval: int) -> tuple[float, int] | None:
    """Cost and new start of the day's shift of an agent moved over an interval by every rule.

    None where there is no such shift, one that is locked or holds a meeting, or no such start.
    """
    crew, problem = tours.crew, tours.crew.problem
    day = int(problem.day[interval])
    old = crew.starts[agent].get(day)
    if old is None or day in problem.locked[agent]:
        return None
    if (crew.plan[agent, crew.span(agent, old)] >= MEETING_CODE).any():
        return None
    before = crew.cost()
    begin, codes = crew.drop(agent, day)
    without = crew.cost()
    found = _extra_shift(tours, agent, interval, strict=True, kind=begin.kind, day=day)
    crew.put(agent, begin, codes)
    return None if found is None else (without + found[0] - before, found[1].start)


def _extra_shift(
    tours: Tours,
    agent: int,
    interval: int,
    *,
    strict: bool,
    kind: int | None = None,
    day: int | None = None,
) -> tuple[float, Begin] | None:
    """Cost and start of the cheapest further shift over an interval; None if there is none.

    `strict` keeps days a week, days in a row and the week's start band; absences, hours and rest
    are kept in any case. `kind` and `day` leave only shifts of that kind and on that day.
    """
    crew, problem = tours.crew, tours.crew.problem
    group = crew.group(agent)
    free = set(range(problem.days)) - set(crew.starts[agent]) - problem.closed[agent]
    good = np.isin(group.start_day, list(free if day is None else free & {day}))
    good &= (group.starts <= interval) & (group.ends > interval)
    good &= group.starts >= problem.free_from(agent)
    if kind is not None:
        good &= group.kind == kind
    for begin in crew.starts[agent].values():
        good &= group.clear_of(begin, problem.rest)
    if not good.any():
        return None
    price, _ = tours.prices(agent)
    costs = tours.start_costs(group, price)
    options = np.flatnonzero(good)
    for best in options[np.argsort(costs[options], kind="stable")].tolist():
        if not strict or _keeps_days(tours, agent, best):
            begin = group.options[best]
            return float(costs[best]) + problem.own_cost(agent, begin) / problem.scale, begin
    return None


def _keeps_days(tours: Tours, agent: int, option: int) -> bool:
    """Whether one more shift keeps the week's days, hours and band, and all that joins days."""
    crew, problem = tours.crew, tours.crew.problem
    group = crew.group(agent)
    day = int(group.start_day[option])
    week = problem.week_of(day)
    own = {d: s for d, s in crew.starts[agent].items() if problem.week_of(d) == week}
    if len(own) >= problem.limits(agent, week)[1]:
        return False
    index = [*(group.number[b] for b in own.values() if b in group.number), option]
    hours = problem.paid_limits(agent, week)
    paid = sum(problem.contract_of(agent).shifts[kind].paid_min for kind in group.kind[index])
    row, worked = problem.rules.max_days_in_row, {*crew.starts[agent], day}
    run = problem.before(agent).days_in_row
    longest = 0
    for d in range(problem.days):
        run = run + 1 if d in worked else 0
        longest = max(longest, run)
    begins = {**crew.starts[agent], day: group.options[option]}
    allowed = problem.paid_allowed(agent)
    if allowed is not None and problem.paid_of(agent, begins.values()) > allowed:
        return False
    if JoinedRules(problem).broken(agent, begins.values(), group.lengths):
        return False
    return (
        (hours is None or paid <= hours[1])
        and bool(group.in_band[:, index].all(axis=1).any())
        and (row is None or longest <= row)
    )


def _move_break(tours: Tours, agent: int, queue: int, interval: int) -> tuple[float, int] | None:
    """Cost and new begin of the best other place of the break an agent has in an interval."""
    crew, problem = tours.crew, tours.crew.problem
    number = int(crew.group_of[agent])
    begin = max(s for s in crew.starts[agent].values() if s.start <= interval)
    start = begin.start
    code = int(crew.plan[agent, interval])
    length, first, last = tours.windows[number][code]
    before = crew.plan[agent, crew.span(agent, begin)].copy()
    day = int(problem.day[start])
    old, best = crew.cost(), None
    place = np.flatnonzero(before == code)
    if len(place) != length:  # set by hand
        return None
    for offset in range(first, last + 1):
        if offset <= interval - start < offset + length:
            continue
        target = before[offset : offset + length]
        if not ((target == code) | ((target >= QUEUE) & (target < CAMPAIGN))).all():
            continue
        codes = before.copy()
        codes[place] = QUEUE + queue
        codes[offset : offset + length] = code
        crew.drop(agent, day)
        crew.put(agent, begin, codes)
        cost = crew.cost() - old
        crew.drop(agent, day)
        crew.put(agent, begin, before)
        if best is None or cost < best[0]:
            best = cost, start + offset
    return best
