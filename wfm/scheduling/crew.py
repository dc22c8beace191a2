"""Named agents on the time axis: who does what in each interval, and what that costs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from wfm.scheduling.groups import Group, Layout
from wfm.scheduling.problem import Begin
from wfm.scheduling.roster import MEETING, Piece, Shift

OFF, QUEUE, CAMPAIGN, MEETING_CODE, BY_HAND = -1, 100, 1000, 20000, 30000
"""Codes: off; 0 and up a break; from 100 a queue, from 1000 a campaign, from 20000 a meeting, from
30000 something else that was set by hand and stays."""


class Crew:
    """The working state of a schedule of named agents.

    `plan` has one code an agent and interval of the axis, `staff` the heads by queue and
    interval, `placed` the agent-intervals by campaign. Costs are in units of an interval.
    """

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.problem = layout.problem
        people, axis = len(self.problem.agents), layout.axis
        self.plan = np.full((people, axis), OFF, dtype=np.int16)
        self.by_hand: list[str] = []
        """Activities of the codes from `BY_HAND` on."""
        self.starts: list[dict[int, Begin]] = [{} for _ in range(people)]
        """By agent: start and kind of the shift of each day."""
        self.group_of = np.zeros(people, dtype=int)
        for number, group in enumerate(layout.groups):
            self.group_of[group.agents] = number
        self.staff = np.zeros(self.problem.required.shape, dtype=int)
        self.placed = np.zeros(len(self.problem.campaigns), dtype=int)
        self._steps = np.cumsum(self.problem.widths, axis=0)[:2]
        self._rates = np.array(self.problem.weights.under, dtype=float)
        self.present = np.zeros(self.problem.limit_open.shape, dtype=int)
        """Heads at work that each staff limit counts, by interval."""
        self.duty, self.breaks = np.zeros(
            (2, len(self.problem.break_teams), self.problem.intervals), dtype=int
        )
        """Heads on duty and on a break by team (`Problem.break_teams`) and interval."""
        self.labour = 0.0
        self.own = self.problem.unchanged_cost
        """What starts cost because of who has them [cost units], see `Problem.own_cost`."""

    def copy(self) -> Crew:
        """An independent copy."""
        other = Crew(self.layout)
        other.plan, other.staff = self.plan.copy(), self.staff.copy()
        other.present = self.present.copy()
        other.duty, other.breaks = self.duty.copy(), self.breaks.copy()
        other.placed, other.labour = self.placed.copy(), self.labour
        other.own = self.own
        other.starts, other.by_hand = [dict(days) for days in self.starts], self.by_hand
        return other

    def adding(self) -> np.ndarray:
        """Cost of one more head, shape (queues, intervals)."""
        return np.where(
            self.staff >= self.problem.required, self.problem.weights.over, -self._rate(0)
        )

    def removing(self) -> np.ndarray:
        """Cost of one head less, shape (queues, intervals)."""
        above = self.staff > self.problem.required
        return np.where(above, -self.problem.weights.over, self._rate(1))

    def _rate(self, more: int) -> np.ndarray:
        short = self.problem.required - self.staff + more
        level = (short > self._steps[0]).astype(int) + (short > self._steps[1])
        return np.asarray(self._rates[level])

    def cost(self) -> float:
        """Cost of all [units of an interval]."""
        problem, weights = self.problem, self.problem.weights
        short = np.maximum(problem.required - self.staff, 0)
        first, second = self._steps
        under = (
            self._rates[0] * np.minimum(short, first)
            + self._rates[1] * np.clip(short - first, 0, second - first)
            + self._rates[2] * np.maximum(short - second, 0)
        ).sum()
        over = np.maximum(self.staff - problem.required, 0).sum() * weights.over
        gap = problem.targets - self.placed
        outbound = float(problem.outbound_short @ np.maximum(gap, 0))
        outbound += weights.outbound_over * np.maximum(-gap, 0).sum()
        return float(under + over + outbound + self.labour + self.wishes + self.outside())

    def outside(self) -> float:
        """Cost of heads outside staff limits and too many on a break [units of an interval]."""
        problem, total = self.problem, 0
        for n, limit in enumerate(problem.staff_limits):
            few = np.maximum(limit.least - self.present[n], 0)
            many = 0 if limit.most is None else np.maximum(self.present[n] - limit.most, 0)
            total += int(((few + many) * problem.limit_open[n]).sum())
        if len(self.breaks):
            above = self.breaks - problem.breaks_allowed(self.duty)
            total += int(np.maximum(above, 0).sum())
        return problem.weights.limit * total

    def bunching(self, agent: int) -> np.ndarray | None:
        """What one more break of an agent on duty costs by interval, for who is on one already."""
        team = np.flatnonzero(self.problem.break_teams[:, agent])
        if not len(team):
            return None
        full = self.breaks[team[0]] >= self.problem.breaks_allowed(self.duty[team[0]] + 1)
        return np.asarray(self.problem.weights.limit * full)

    def spare(self, campaign: int) -> np.ndarray:
        """Agent-intervals that may be added to a campaign at each interval of the horizon."""
        problem = self.problem
        left = int(problem.targets[campaign] - self.placed[campaign])
        found = np.full(problem.intervals, left)
        for one, when, most in problem.passes:
            if one == campaign:
                placed = int((self.plan[:, when] == CAMPAIGN + campaign).sum())
                found[when] = np.minimum(found[when], most - placed)
        return found

    def limiting(self, agent: int) -> np.ndarray | None:
        """What one more head of an agent's kind costs by interval for the staff limits."""
        problem = self.problem
        if not problem.staff_limits or not problem.limit_members[:, agent].any():
            return None
        price = np.zeros(problem.intervals)
        for n in np.flatnonzero(problem.limit_members[:, agent]):
            limit, here = problem.staff_limits[n], self.present[n]
            change = -(here < limit.least).astype(float)
            if limit.most is not None:
                change += here >= limit.most
            price += problem.weights.limit * change * problem.limit_open[n]
        return price

    @property
    def wishes(self) -> float:
        """Cost of who has which start [units of an interval]."""
        return self.own / self.problem.scale

    def group(self, agent: int) -> Group:
        """The group of an agent."""
        return self.layout.groups[int(self.group_of[agent])]

    def span(self, agent: int, begin: Begin) -> slice:
        """Intervals of a shift."""
        return slice(begin.start, begin.start + self.group(agent).lengths[begin.kind])

    def put(self, agent: int, begin: Begin, codes: np.ndarray) -> None:
        """Give an agent a shift."""
        self.plan[agent, self.span(agent, begin)] = codes
        self.starts[agent][int(self.problem.day[begin.start])] = begin
        self._count(agent, begin.start, codes, 1)
        self.labour += self.group(agent).paid[begin.kind]
        self.own += self.problem.own_cost(agent, begin)

    def drop(self, agent: int, day: int) -> tuple[Begin, np.ndarray]:
        """Take the shift of a day from an agent and give it back."""
        begin = self.starts[agent].pop(day)
        span = self.span(agent, begin)
        codes = self.plan[agent, span].copy()
        self.plan[agent, span] = OFF
        self._count(agent, begin.start, codes, -1)
        self.labour -= self.group(agent).paid[begin.kind]
        self.own -= self.problem.own_cost(agent, begin)
        return begin, codes

    def _count(self, agent: int, start: int, codes: np.ndarray, sign: int) -> None:
        inside = codes[: max(self.problem.intervals - start, 0)]
        at = np.arange(start, start + len(inside))
        on_queue = (inside >= QUEUE) & (inside < CAMPAIGN)
        np.add.at(self.staff, (inside[on_queue] - QUEUE, at[on_queue]), sign)
        for campaign in inside[(inside >= CAMPAIGN) & (inside < MEETING_CODE)]:
            self.placed[campaign - CAMPAIGN] += sign
        if len(self.present):
            counted = self.problem.limit_members[:, agent]
            self.present[counted, start : start + len(inside)] += sign * (inside >= QUEUE)
        if len(self.breaks):
            team = self.problem.break_teams[:, agent]
            self.duty[team, start : start + len(inside)] += sign
            self.breaks[team, start : start + len(inside)] += sign * (inside < QUEUE)

    def recount(self) -> None:
        """Count staff on queues again after the plan was changed directly."""
        inside = self.plan[:, : self.problem.intervals]
        for queue in range(len(self.staff)):
            self.staff[queue] = (inside == QUEUE + queue).sum(axis=0)

    def recode(self, agent: int, start: int, codes: np.ndarray) -> None:
        """Change what an agent does in some intervals of a shift."""
        old = self.plan[agent, start : start + len(codes)].copy()
        self._count(agent, start, old, -1)
        self.plan[agent, start : start + len(codes)] = codes
        self._count(agent, start, codes, 1)

    def frame(self) -> pd.DataFrame:
        """Segments `agent start end activity queue`, as a schedule holds them."""
        problem = self.problem
        padded = np.pad(self.plan, ((0, 0), (1, 1)), constant_values=OFF)
        agent, edge = np.nonzero(padded[:, 1:] != padded[:, :-1])
        same = np.append(agent[1:] == agent[:-1], False)
        code = self.plan[agent, np.minimum(edge, self.plan.shape[1] - 1)]
        kept = np.flatnonzero(same & (code != OFF))
        begin, finish = edge[kept], edge[kept + 1]
        who, what = agent[kept], code[kept]
        activity, queue = [], []
        pauses = [[p.name for p in problem.contract_of(a).pauses] for a in range(len(self.plan))]
        for number, one in zip(who.tolist(), what.tolist(), strict=True):
            doing, where = self._doing(one, pauses[number])
            activity.append(doing)
            queue.append(where)
        names = np.array([a.agent for a in problem.agents], dtype=object)
        return pd.DataFrame(
            {
                "agent": pd.Series(names[who], dtype=str),
                "start": problem.grid[begin],
                "end": problem.grid[finish],
                "activity": pd.Series(activity, dtype=str),
                "queue": pd.Series(queue, dtype=str),
            }
        )

    def shifts(self, agent: int) -> list[Shift]:
        """Shifts of an agent, as `roster.read_roster` finds them in the frame."""
        pauses = [p.name for p in self.problem.contract_of(agent).pauses]
        row = self.plan[agent]
        edges = np.flatnonzero(np.diff(row, prepend=OFF, append=OFF)).tolist()
        found: list[list[Piece]] = []
        for begin, finish in pairwise(edges):
            if row[begin] == OFF:
                continue
            piece = Piece(begin, finish, *self._doing(int(row[begin]), pauses))
            if found and found[-1][-1].end == begin:
                found[-1].append(piece)
            else:
                found.append([piece])
        return [Shift(agent, tuple(pieces)) for pieces in found]

    def _doing(self, code: int, pauses: Sequence[str]) -> tuple[str, str]:
        """Activity and queue, campaign or meeting of a code, for somebody with these breaks."""
        if code >= BY_HAND:
            return self.by_hand[code - BY_HAND], ""
        if code >= MEETING_CODE:
            return MEETING, self.problem.meetings[code - MEETING_CODE].meeting
        if code >= CAMPAIGN:
            return "outbound", self.problem.campaigns[code - CAMPAIGN].campaign
        if code >= QUEUE:
            return "inbound", self.problem.queues[code - QUEUE]
        return pauses[code], ""
