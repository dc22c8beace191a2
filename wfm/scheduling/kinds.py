"""Who is alike in everything: agents of a group who can work the same weeks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from wfm.scheduling.crew import Crew
from wfm.scheduling.groups import AbsenceClass, Layout
from wfm.scheduling.patterns import legal_patterns
from wfm.scheduling.problem import Begin


@dataclass(frozen=True, eq=False)
class Kind:
    """Agents of a group who can work the same weeks.

    `locked` are their settled shifts (day of the week, lock), `bands` those that hold every such
    start and a legal week; `may` says on which of them which other days can be worked, shape
    (bands, days).
    """

    agents: tuple[int, ...]
    fewest: int
    most: int
    bands: np.ndarray
    may: np.ndarray
    locked: tuple[tuple[int, Begin], ...]
    before: int
    paid: tuple[int, int] | None = None


def run_before(crew: Crew, agent: int, day: int) -> int:
    """Days worked in a row up to the day before one."""
    count = 0
    while day - 1 - count in crew.starts[agent]:
        count += 1
    return count + (crew.problem.before(agent).days_in_row if count == day else 0)


def run_after(crew: Crew, agent: int, day: int) -> int:
    """Days worked in a row from the day after one."""
    count = 0
    while day + 1 + count in crew.starts[agent]:
        count += 1
    return count


def free_from(crew: Crew, agent: int, group: int) -> int:
    """First interval in which an agent may start again after all its shifts so far."""
    lengths = crew.layout.groups[group].lengths
    ends = [begin.start + lengths[begin.kind] for begin in crew.starts[agent].values()]
    return max([crew.problem.free_from(agent), *(end + crew.problem.rest for end in ends)])


def kinds_of(crew: Crew, group: int, week: int, *, late: bool = False) -> list[Kind]:
    """The agents of a group by the weeks that they can work.

    A day of a band counts where the agent is rested for its first start, or with `late` for its
    last one; then agents who are rested at different times are apart.
    """
    own = crew.layout.groups[group]
    earliest, latest = _starts(crew, group, week)
    here = own.starts[np.isin(own.start_day, np.array(crew.problem.days_of(week)))]
    alike: dict[tuple[object, ...], list[int]] = {}
    found: dict[tuple[object, ...], Kind] = {}
    for agent in own.agents.tolist():
        kind = _kind(crew, group, week, agent, latest if late else earliest)
        if not len(kind.bands):  # a later start of a band may do
            kind = _kind(crew, group, week, agent, latest)
        shape = kind.bands.tobytes(), kind.may.tobytes()
        rested = np.searchsorted(here, free_from(crew, agent, group)) if late else 0
        plan = crew.problem.plan_of(agent)
        limits = kind.fewest, kind.most, kind.paid
        key = *limits, *shape, kind.locked, kind.before, plan, int(rested)
        alike.setdefault(key, []).append(agent)
        found[key] = kind
    return [replace(found[key], agents=tuple(same)) for key, same in alike.items()]


def _kind(crew: Crew, group: int, week: int, agent: int, starts: np.ndarray) -> Kind:
    """What an agent can work, if a band can be worked once its start of `starts` has come."""
    problem, own = crew.problem, crew.layout.groups[group]
    days = problem.days_of(week)
    locks = {d: s for d, s in problem.locked[agent].items() if d in days and s is not None}
    held = [own.in_band[:, own.allowed(lock)].any(axis=1) for lock in locks.values()]
    bands = np.flatnonzero(np.all(held, axis=0)) if held else np.arange(len(own.in_band))
    open_days = [d not in problem.closed[agent] and d not in locks for d in days]
    may = (starts[bands] >= free_from(crew, agent, group)) & np.array(open_days)
    may &= np.isfinite(starts[bands])
    limits, most = problem.limits(agent, week), problem.rules.max_days_in_row
    before = 0 if most is None else min(run_before(crew, agent, days[0]), most)
    locked = tuple((d - days[0], s) for d, s in sorted(locks.items()))
    settled = [d for d, _ in locked]
    patterns = legal_patterns(len(days), limits, most, tuple(settled), before, 0)
    shut = ~may
    shut[:, settled] = False
    some = (shut.astype(int) @ patterns.T.astype(int) == 0).any(axis=1)
    if not may[:, 0].any() and 0 not in settled:
        before = 0
    paid = problem.paid_limits(agent, week)
    return Kind((), *limits, bands[some], may[some], locked, before, paid)


def exact_layout(layout: Layout) -> Layout:
    """A layout with classes of agents who are alike in everything but their other weeks."""
    classes = []
    crew = Crew(layout)
    weeks = range(layout.problem.weeks)
    for number, week in product(range(len(layout.groups)), weeks):
        for kind in kinds_of(crew, number, week, late=True):
            may = np.zeros((len(layout.groups[number].in_band), kind.may.shape[1]), dtype=bool)
            may[kind.bands] = kind.may
            for day, _ in kind.locked:
                may[kind.bands, day] = True
            days = tuple(np.array(crew.problem.days_of(week))[may.any(axis=0)].tolist())
            own = np.array(kind.agents)
            classes.append(
                AbsenceClass(
                    number,
                    week,
                    days,
                    own,
                    kind.fewest,
                    kind.most,
                    kind.before,
                    kind.locked,
                    may,
                    kind.paid,
                )
            )
    return replace(layout, classes=tuple(classes), exact=True)


def _starts(crew: Crew, group: int, week: int) -> tuple[np.ndarray, np.ndarray]:
    """First and last start of each band on each day of a week, infinite without one."""
    own, days = crew.layout.groups[group], crew.problem.days_of(week)
    first, last = np.full((2, len(own.in_band), len(days)), np.inf)
    for i, day in enumerate(days):
        inside = own.in_band & (own.start_day == day)
        some = inside.any(axis=1)
        first[some, i] = own.starts[inside[some].argmax(axis=1)]
        last[some, i] = own.starts[::-1][inside[some][:, ::-1].argmax(axis=1)]
    return first, last
