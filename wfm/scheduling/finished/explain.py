"""Why an interval is short of staff, the cheapest cure, and what one more agent is worth when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from wfm.scheduling.counts.linear import Running, relax, take_slice
from wfm.scheduling.counts.matrix import make_matrix
from wfm.scheduling.crew import CAMPAIGN, MEETING_CODE, OFF, QUEUE, Crew
from wfm.scheduling.groups import make_layout
from wfm.scheduling.parts import split_problem
from wfm.scheduling.people.chains import JoinedRules
from wfm.scheduling.people.tours import Tours
from wfm.scheduling.problem import Begin, Problem
from wfm.scheduling.roster import MEETING, kind_of, read_roster

CAUSES = {
    "skill": "nobody has the skill",
    "absent": "everybody with the skill works or is away",
    "break": "somebody with the skill is on a break",
    "outbound": "somebody with the skill is on outbound work",
    "rules": "those with the skill who are off may not work by the rules",
    "price": "another shift costs more than the gap",
}
"""Causes by name, in words."""
TOLERANCE = 1e-3


@dataclass(frozen=True, eq=False)
class Explanation:
    """Causes and cures of what is short, and prices.

    Parameters
    ----------
    frame
        `start queue under cause why cure saves`, one row for each interval and queue that is short:
        heads missing, the cause (a key of `CAUSES`) and in words, the cheapest cure in words and
        what it saves [cost units], below 0 if it costs more than it brings.
    prices
        `start queue price`: what one more agent in that interval would save at most by the linear
        programme's prices [cost units].
    """

    frame: pd.DataFrame
    prices: pd.DataFrame


def explain(problem: Problem, frame: pd.DataFrame, *, seconds: float = 20.0) -> Explanation:
    """Explain where a schedule is short.

    Parameters
    ----------
    problem
        What the schedule is for.
    frame
        `agent start end activity queue` of a legal schedule.
    seconds
        Wall limit of the prices; without an answer they are left out.
    """
    crew = crew_of(problem, frame)
    tours = Tours(crew)
    short = np.maximum(problem.required - crew.staff, 0)
    rows = []
    for queue, interval in np.argwhere(short).tolist():
        cause = _cause(tours, queue, interval)
        cure, saves = _cure(tours, queue, interval)
        rows.append(
            {
                "start": problem.grid[interval],
                "queue": problem.queues[queue],
                "under": int(short[queue, interval]),
                "cause": cause,
                "why": CAUSES[cause],
                "cure": cure,
                "saves": saves * problem.scale,
            }
        )
    columns = ["start", "queue", "under", "cause", "why", "cure", "saves"]
    return Explanation(pd.DataFrame(rows, columns=columns), prices(problem, seconds=seconds))


def crew_of(problem: Problem, frame: pd.DataFrame) -> Crew:
    """The named agents of a schedule on the time axis; rows off the horizon are left out."""
    crew = Crew(make_layout(problem))
    queues = {name: i for i, name in enumerate(problem.queues)}
    campaigns = {c.campaign: i for i, c in enumerate(problem.campaigns)}
    meetings = {m.meeting: i for i, m in enumerate(problem.meetings)}
    for shift in read_roster(problem, frame).shifts:
        begin, group = Begin(shift.start, kind_of(problem, shift)), crew.group(shift.agent)
        length, numbers = group.lengths[begin.kind], [i for i, _ in group.breaks_of(begin.kind)]
        if not 0 <= shift.start < problem.intervals or shift.end - shift.start != length:
            continue
        codes = np.full(length, OFF, dtype=np.int16)
        pauses = numbers[0] if numbers else 0
        for piece in shift.pieces:
            where = slice(piece.start - shift.start, piece.end - shift.start)
            if piece.activity == "inbound":
                codes[where] = QUEUE + queues[piece.queue]
            elif piece.activity == "outbound":
                codes[where] = CAMPAIGN + campaigns[piece.queue]
            elif piece.activity == MEETING:
                codes[where] = MEETING_CODE + meetings[piece.queue]
            else:
                codes[where], pauses = pauses, pauses + 1
        crew.put(shift.agent, begin, codes)
    return crew


def prices(problem: Problem, *, seconds: float = 20.0) -> pd.DataFrame:
    """What one more agent saves by queue and interval, from the duals of the linear programme."""
    found = []
    names = list(problem.queues)
    for part in split_problem(problem):
        matrix = make_matrix(part.problem)
        everything = np.ones(len(matrix.cost), dtype=bool)
        whole = take_slice(matrix, everything, np.zeros(len(matrix.cost)))
        answer = relax(whole, TOLERANCE, seconds, Running())
        if answer is None:
            continue
        duals = np.zeros(len(matrix.row_low))
        duals[whole.touched] = answer.duals
        covers = np.flatnonzero(matrix.row_rule == "coverage")
        for i, pool in enumerate(part.pools):
            rows = covers[i * problem.intervals : (i + 1) * problem.intervals]
            found += [(names[queue], np.maximum(duals[rows], 0.0)) for queue in pool]
    frames = [
        pd.DataFrame(
            {
                "start": problem.grid[: problem.intervals],
                "queue": queue,
                "price": worth * problem.scale,
            }
        )
        for queue, worth in sorted(found, key=lambda pair: names.index(pair[0]))
    ]
    empty = pd.DataFrame(columns=["start", "queue", "price"])
    return pd.concat(frames, ignore_index=True) if frames else empty


def campaign_prices(problem: Problem, *, seconds: float = 20.0) -> np.ndarray:
    """What one more agent-interval on each campaign saves, by the duals [cost units].

    Parameters
    ----------
    problem
        What is scheduled.
    seconds
        Wall limit; NaN where there is no answer.

    Returns
    -------
    numpy.ndarray
        Shape (campaigns,).
    """
    found = np.full(len(problem.campaigns), np.nan)
    for part in split_problem(problem):
        if not len(part.campaigns):
            continue
        matrix = make_matrix(part.problem)
        whole = take_slice(matrix, np.ones(len(matrix.cost), bool), np.zeros(len(matrix.cost)))
        answer = relax(whole, TOLERANCE, seconds, Running())
        if answer is None:
            continue
        duals = np.zeros(len(matrix.row_low))
        duals[whole.touched] = answer.duals
        rows = np.flatnonzero(matrix.row_rule == "coverage")[-len(part.campaigns) :]
        found[part.campaigns] = np.maximum(duals[rows], 0.0) * problem.scale
    return found


def _cause(tours: Tours, queue: int, interval: int) -> str:
    """The first cause that holds; who could come without breaking a rule is too dear."""
    crew, problem = tours.crew, tours.crew.problem
    skilled = [a for a in range(len(problem.agents)) if queue in problem.queues_of(a)]
    if not skilled:
        return "skill"
    codes = crew.plan[skilled, interval]
    off = [a for a, code in zip(skilled, codes, strict=True) if code == OFF]
    if any(_may_work(tours, agent, interval) for agent in off):
        return "price"
    if ((codes >= 0) & (codes < QUEUE)).any():
        return "break"
    if (codes >= CAMPAIGN).any():
        return "outbound"
    day = int(problem.day[interval])
    here = [a for a in off if day not in problem.absent[a]]
    return "rules" if here else "absent"


def _may_work(tours: Tours, agent: int, interval: int) -> bool:
    """Whether an agent who is off could have one more shift over an interval by every rule."""
    return _extra_start(tours, agent, interval, strict=True) is not None


def _extra_start(
    tours: Tours, agent: int, interval: int, *, strict: bool
) -> tuple[float, int] | None:
    """Cost and start of the cheapest further shift over an interval; None if there is none.

    `strict` keeps days a week, days in a row and the week's start band; absences, hours and rest
    are kept in any case.
    """
    crew, problem = tours.crew, tours.crew.problem
    group = crew.layout.groups[crew.group_of[agent]]
    free = set(range(problem.days)) - set(crew.starts[agent]) - problem.closed[agent]
    good = np.isin(group.start_day, list(free)) & (group.starts <= interval)
    good &= (group.ends > interval) & (group.starts >= problem.free_from(agent))
    for begin in crew.starts[agent].values():
        good &= group.clear_of(begin, problem.rest)
    for i in np.flatnonzero(good):
        if strict and not _keeps_days(tours, agent, int(i)):
            good[i] = False
    if not good.any():
        return None
    price, _ = tours.prices(agent)
    costs = np.where(good, tours.start_costs(group, price), np.inf)
    best = int(np.argmin(costs))
    return float(costs[best]), int(group.starts[best])


def _keeps_days(tours: Tours, agent: int, option: int) -> bool:
    """Whether one more shift keeps the week's days, hours and band, and all that joins days."""
    crew, problem = tours.crew, tours.crew.problem
    group = crew.group(agent)
    day = int(group.start_day[option])
    week = problem.week_of(day)
    own = {d: s for d, s in crew.starts[agent].items() if problem.week_of(d) == week}
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
        len(own) < problem.limits(agent, week)[1]
        and (hours is None or paid <= hours[1])
        and bool(group.in_band[:, index].all(axis=1).any())
        and (row is None or longest <= row)
    )


def _cure(tours: Tours, queue: int, interval: int) -> tuple[str, float]:
    """The cheapest of: move a break, one more shift of somebody, one more agent; what it saves."""
    crew, problem = tours.crew, tours.crew.problem
    clock = problem.stamp(interval)
    found: list[tuple[float, str]] = []
    groups: set[int] = set()
    for agent in range(len(problem.agents)):
        if queue not in problem.queues_of(agent):
            continue
        name, code = problem.agents[agent].agent, int(crew.plan[agent, interval])
        if 0 <= code < QUEUE:
            moved = _move_break(tours, agent, queue, interval)
            if moved is not None:
                found.append((moved[0], f"move the break of {name} to {problem.stamp(moved[1])}"))
        elif code == OFF:
            more = _extra_start(tours, agent, interval, strict=False)
            if more is not None:
                legal = _extra_start(tours, agent, interval, strict=True)
                best = more if legal is None else legal
                note = "" if legal is not None else ", beyond the days or the band allowed"
                text = f"one more shift of {name} from {problem.stamp(best[1])}{note}"
                found.append((best[0], text))
        groups.add(int(crew.group_of[agent]))
    for number in groups:
        group = crew.layout.groups[number]
        over = (group.starts <= interval) & (group.ends > interval)
        if over.any():
            price, _ = tours.prices(int(group.agents[0]))
            costs = np.where(over, tours.start_costs(group, price), np.inf)
            at = problem.stamp(int(group.starts[int(np.argmin(costs))]))
            text = f"one more agent of contract {group.contract} from {at}"
            found.append((float(costs.min()), text))
    if not found:
        return f"teach somebody {problem.queue_skills[problem.queues[queue]]} for {clock}", 0.0
    cost, text = min(found)
    return text, -cost


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
