"""When hard rules clash: the smallest fix, re-solved and proven."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pandas as pd

from wfm.core.edits import Lock
from wfm.core.errors import DataError
from wfm.core.people import Agent, CarryIn, Contract
from wfm.core.types import Requirement, Schedule
from wfm.planning.giving_way import Centre, Step, ways
from wfm.planning.shared_fixes import Easing
from wfm.planning.steps import make_schedule

if TYPE_CHECKING:
    from wfm.scheduling.problem import Problem
    from wfm.scheduling.settings import Rules


NOTHING = "nothing clashes: every agent has a legal schedule on its own. Make the schedule."


@dataclass(frozen=True, eq=False)
class Fixed:
    """The smallest fix of a clash.

    Parameters
    ----------
    frame
        `agent rule fix other proven`: what gives way for each agent that had no legal schedule, the
        other single fixes that would do, and whether it is proven that less would not do: that
        every earlier step of the list below leaves no schedule, or the limit one nearer to what was
        asked, or one more in a meeting.
    schedule
        Made with the fixes; its violations are empty, which is the proof.
    settings
        Arguments of `make_schedule` that hold the fixes: `agents contracts rules locks`, and
        `limits` and `meetings` where they were asked for.
    """

    frame: pd.DataFrame
    schedule: Schedule
    settings: Mapping[str, Any]


def smallest_fix(
    requirement: Requirement,
    agents: Sequence[Agent],
    contracts: Sequence[Contract],
    *,
    rules: Rules | None = None,
    locks: Sequence[Lock] = (),
    carry_in: Schedule | Mapping[str, CarryIn] | None = None,
    first_day: date | None = None,
    days: int = 7,
    seconds: float = 10.0,
    **settings: Any,
) -> Fixed:
    """Find the least that has to give way, agent by agent, and prove it by a new schedule.

    Parameters
    ----------
    requirement, agents, contracts, rules, locks, carry_in, first_day, days, settings
        As for `make_schedule`, which refused them.
    seconds
        Wall limit of each schedule that is tried [s].

    Returns
    -------
    Fixed
        Tried in this order: a lock of the agent, its free days, its own hours, fewer days of its
        contract, a day of its absence, then rules for everybody, by small steps first; two together
        only where no single one does. Then limits on several people together, each by the least
        for which a schedule is found (what lies between is halved: a linear programme proves that
        nothing keeps it, or it is scheduled again), and meetings, to those who can be there.

    Raises
    ------
    DataError
        Nothing clashes, or no two steps together help.
    """
    from wfm.scheduling.carry import carry_in as read_carry
    from wfm.scheduling.settings import Rules

    rules = rules or Rules()
    first = first_day or requirement.first_day(rules.week_start, days)
    carried = read_carry(carry_in, first) if isinstance(carry_in, Schedule) else carry_in
    known = frozenset(skill for agent in agents for skill in agent.skills)
    asked = {
        "skills": settings.get("skills"),
        "first_day": first,
        "days": days,
        "carried": carried,
        "known_skills": known,
    }
    centre = Centre(tuple(agents), tuple(contracts), rules, tuple(locks))
    inside = {agent.agent for agent in agents}
    lost = [lock.agent for lock in locks if lock.agent not in inside]
    if lost:
        message = f"lock: there is no agent {lost[0]!r}. Correct the name."
        raise DataError(message)
    rows: list[dict[str, Any]] = []
    legal: dict[Any, bool | None] = {}
    for agent in centre.agents:
        key = _alike(agent, centre, carried)
        if key not in legal:
            legal[key] = _has_schedule(requirement, centre, agent.agent, asked)
        if legal[key]:
            continue
        refused, legal = legal[key] is False, {}
        centre, chosen, others, proven = _mend(requirement, centre, agent.agent, asked)
        rows.append(
            {
                "agent": agent.agent,
                "rule": " and ".join(step.rule for step in chosen),
                "fix": " and ".join(step.text for step in chosen),
                "other": "; ".join(step.text for step in others),
                "proven": refused and proven,
            }
        )
    bunched = rules is not None and (rules.break_share_max or rules.break_heads_max)
    shared = {name: settings.pop(name) for name in ("limits", "meetings") if settings.get(name)}
    if not rows and not shared and not bunched:
        raise DataError(NOTHING)
    made: dict[str, Any] = {
        "agents": centre.agents,
        "contracts": centre.contracts,
        "rules": centre.rules,
        "locks": centre.locks,
        **shared,
    }
    further = {"carry_in": carry_in, "first_day": first, "days": days, **settings}
    schedule = make_schedule(requirement, **made, **further, seconds=seconds)
    if schedule.violations and (shared or bunched):
        easing = Easing(requirement, made, further, seconds, schedule)
        schedule, made = easing.run(), easing.made
        rows += easing.rows
    if not rows:
        raise DataError(NOTHING)
    return Fixed(pd.DataFrame(rows), schedule, made)


def _alike(agent: Agent, centre: Centre, carried: Mapping[str, CarryIn] | None) -> Any:
    """What decides whether an agent has a legal schedule."""
    mine = (k for k in centre.locks if k.agent == agent.agent)
    own = frozenset((k.day, k.start_min, k.shift) for k in mine)
    spell = (agent.start_date, agent.end_date, agent.absences, agent.hours, agent.time_zone)
    return (agent.contract, spell, own, (carried or {}).get(agent.agent))


def _has_schedule(
    requirement: Requirement, centre: Centre, name: str, asked: Mapping[str, Any]
) -> bool | None:
    """Whether an agent alone has a schedule that keeps every rule; None where that is not known."""
    from wfm.scheduling.check import check
    from wfm.scheduling.people.construct import NoWeekError, planned_crew
    from wfm.scheduling.people.weekends import plan_weekends

    try:
        problem = _alone(requirement, centre, name, asked)
    except DataError:
        return False
    try:
        _, crew = planned_crew(plan_weekends(problem))
    except NoWeekError as refused:
        return False if refused.proven else None
    return None if check(problem, crew.frame()) else True


def _alone(
    requirement: Requirement, centre: Centre, name: str, asked: Mapping[str, Any]
) -> Problem:
    """The problem of an agent alone."""
    from wfm.scheduling.assemble import build_problem

    own = [agent for agent in centre.agents if agent.agent == name]
    locks = [lock for lock in centre.locks if lock.agent == name]
    return build_problem(
        requirement, own, centre.contracts, rules=centre.rules, locks=locks, **asked
    )


def _after(centre: Centre, steps: Sequence[Step]) -> Centre:
    """What is left when some steps give way, one after the other."""
    for step in steps:
        centre = step.apply(centre)
    return centre


def _mend(
    requirement: Requirement, centre: Centre, name: str, asked: Mapping[str, Any]
) -> tuple[Centre, tuple[Step, ...], list[Step], bool]:
    """The first steps after which an agent has a legal schedule, and other single ones.

    Last, whether it is proven that no step before them is enough.
    """
    steps = list(ways(centre, name, asked))
    found = [_has_schedule(requirement, s.apply(centre), name, asked) for s in steps]
    good = [step for step, legal in zip(steps, found, strict=True) if legal]
    if good:
        proven = None not in found[: steps.index(good[0])]
        return good[0].apply(centre), (good[0],), good[1:], proven
    proven = None not in found
    for pair in combinations(steps, 2):
        both = _after(centre, pair)
        legal = _has_schedule(requirement, both, name, asked)
        if legal:
            return both, pair, [], proven
        proven &= legal is False
    message = (
        f"agent {name!r}: no two rules that give way leave a legal schedule. Look at the contract "
        "and the locks."
    )
    raise DataError(message)
