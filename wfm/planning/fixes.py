"""When hard rules clash: the smallest fix, re-solved and proven; and what each rule costs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pandas as pd

from wfm.core.errors import DataError, InfeasibleError
from wfm.core.people import Absence, Agent, CarryIn, Contract, Lock
from wfm.core.types import Requirement, Schedule
from wfm.planning.steps import make_schedule, schedule_problem

if TYPE_CHECKING:
    from wfm.scheduling.problem import Problem
    from wfm.scheduling.settings import Rules

REST_STEPS = (30, 60, 120, 180, 240)
BAND_STEPS = (30, 60, 120, 240, None)

NOTHING = "nothing clashes: every agent has a legal schedule on its own. Make the schedule."


@dataclass(frozen=True)
class Centre:
    """What may give way: people, terms, rules and locks."""

    agents: tuple[Agent, ...]
    contracts: tuple[Contract, ...]
    rules: Rules
    locks: tuple[Lock, ...]


@dataclass(frozen=True)
class Step:
    """One thing that gives way: for whom, which rule, in words, and how."""

    agent: str
    rule: str
    text: str
    apply: Callable[[Centre], Centre] = field(compare=False, repr=False)


@dataclass(frozen=True, eq=False)
class Fixed:
    """The smallest fix of a clash.

    Parameters
    ----------
    frame
        `agent rule fix other`: what gives way for each agent that had no legal schedule, and the
        other single fixes that would do.
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
        Wall limit of the new schedule [s].

    Returns
    -------
    Fixed
        Tried in this order: a lock of the agent, its free days, its own hours, fewer days of its
        contract, a day of its absence, then rules for everybody, by small steps first; two together
        only where no single one does. Limits are eased to what a schedule attains, meetings to
        those who can be there.

    Raises
    ------
    DataError
        Nothing clashes, or no two steps together help.
    """
    from wfm.scheduling.assemble import first_day_of
    from wfm.scheduling.carry import carry_in as read_carry
    from wfm.scheduling.settings import Rules

    first = first_day or first_day_of(requirement)
    carried = read_carry(carry_in, first) if isinstance(carry_in, Schedule) else carry_in
    known = frozenset(skill for agent in agents for skill in agent.skills)
    asked = {
        "skills": settings.get("skills"),
        "first_day": first,
        "days": days,
        "carried": carried,
        "known_skills": known,
    }
    centre = Centre(tuple(agents), tuple(contracts), rules or Rules(), tuple(locks))
    inside = {agent.agent for agent in agents}
    lost = [lock.agent for lock in locks if lock.agent not in inside]
    if lost:
        message = f"lock: there is no agent {lost[0]!r}. Correct the name."
        raise DataError(message)
    rows = []
    legal: dict[Any, bool] = {}
    for agent in centre.agents:
        key = _alike(agent, centre, carried)
        if key not in legal:
            legal[key] = _is_legal(requirement, centre, agent.agent, asked)
        if legal[key]:
            continue
        centre, chosen, others = _mend(requirement, centre, agent.agent, asked)
        legal = {}
        rows.append(
            {
                "agent": agent.agent,
                "rule": " and ".join(step.rule for step in chosen),
                "fix": " and ".join(step.text for step in chosen),
                "other": "; ".join(step.text for step in others),
            }
        )
    shared = {name: settings.pop(name) for name in ("limits", "meetings") if settings.get(name)}
    if not rows and not shared:
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
    if schedule.violations and shared:
        rows += _ease_shared(schedule, requirement, made, further)
        schedule = make_schedule(requirement, **made, **further, seconds=seconds)
    if not rows:
        raise DataError(NOTHING)
    return Fixed(pd.DataFrame(rows), schedule, made)


def _ease_shared(
    schedule: Schedule, requirement: Requirement, made: dict[str, Any], further: Mapping[str, Any]
) -> list[dict[str, str]]:
    """Ease the limits of `made` to what a schedule attains, its meetings to who can be there."""
    from wfm.scheduling.clash import attendance
    from wfm.scheduling.roster import read_roster
    from wfm.scheduling.rules.staff_limits import eased

    shape = {key: value for key, value in further.items() if key not in ("moves", "seed")}
    problem = schedule_problem(requirement, **made, **shape)
    roster = read_roster(problem, schedule.frame)
    rows = []
    if "limits" in made:
        made["limits"] = [eased(problem, n, roster) for n in range(len(made["limits"]))]
        for old, new in zip(problem.staff_limits, made["limits"], strict=True):
            if old.least != new.least:
                text = f"at least {new.least} instead of {old.least} at work: {old.limit}"
                rows.append({"agent": "", "rule": "staff_limits", "fix": text, "other": ""})
            if old.most != new.most:
                text = f"at most {new.most} instead of {old.most} at work: {old.limit}"
                rows.append({"agent": "", "rule": "staff_limits", "fix": text, "other": ""})
    if "meetings" in made:
        lost = {v.text.split("'")[1] for v in schedule.violations if v.rule == "meetings"}
        kept = []
        for meeting in problem.meetings:
            there = attendance(problem, meeting)
            name = meeting.meeting
            if name not in lost:
                kept.append(meeting)
                continue
            if 0 < there < meeting.needed:
                kept.append(replace(meeting, least=there))
                text = f"hold {name} with {there} instead of {meeting.needed} agents"
            else:
                text = f"leave out {name}, or give it other days and hours"
            rows.append({"agent": "", "rule": "meetings", "fix": text, "other": ""})
        made["meetings"] = kept
    return rows


def _alike(agent: Agent, centre: Centre, carried: Mapping[str, CarryIn] | None) -> Any:
    """What decides whether an agent has a legal schedule."""
    own = tuple(sorted((k.day, k.start_min or -1) for k in centre.locks if k.agent == agent.agent))
    spell = (agent.start_date, agent.end_date, agent.absences, agent.hours)
    return (agent.contract, spell, own, (carried or {}).get(agent.agent))


def _is_legal(
    requirement: Requirement, centre: Centre, name: str, asked: Mapping[str, Any]
) -> bool:
    """Whether an agent alone has a schedule that keeps every rule."""
    from wfm.scheduling.assemble import build_problem
    from wfm.scheduling.check import check
    from wfm.scheduling.construct import first_crew
    from wfm.scheduling.weekends import plan_weekends

    own = [agent for agent in centre.agents if agent.agent == name]
    locks = [lock for lock in centre.locks if lock.agent == name]
    try:
        problem = build_problem(
            requirement, own, centre.contracts, rules=centre.rules, locks=locks, **asked
        )
        crew = first_crew(plan_weekends(problem))
    except (DataError, InfeasibleError):
        return False
    return not check(problem, crew.frame())


def _mend(
    requirement: Requirement, centre: Centre, name: str, asked: Mapping[str, Any]
) -> tuple[Centre, tuple[Step, ...], list[Step]]:
    """The first steps after which an agent has a legal schedule, and other single ones."""
    steps = list(_steps(centre, name, asked))
    good = [s for s in steps if _is_legal(requirement, s.apply(centre), name, asked)]
    if good:
        return good[0].apply(centre), (good[0],), good[1:]
    for one, other in combinations(steps, 2):
        both = other.apply(one.apply(centre))
        if _is_legal(requirement, both, name, asked):
            return both, (one, other), []
    message = (
        f"agent {name!r}: no two rules that give way leave a legal schedule. Look at the contract "
        "and the locks."
    )
    raise DataError(message)


def _steps(centre: Centre, name: str, asked: Mapping[str, Any]) -> Iterator[Step]:
    """What may give way for an agent, the smallest first."""
    agent = next(a for a in centre.agents if a.agent == name)
    for lock in centre.locks:
        if lock.agent == name:
            yield _drop_lock(lock)
    if agent.hours is not None:
        yield Step(name, "hours", f"{name} works outside its own hours", _change(name, hours=None))
    contract = next(c for c in centre.contracts if c.contract == agent.contract)
    for fewest in range(contract.min_days_week - 1, -1, -1):
        yield _fewer_days(name, contract, fewest)
    first, days = asked["first_day"], asked["days"]
    for day in (first + timedelta(days=i) for i in range(days)):
        if any(a.first <= day <= a.last for a in agent.absences):
            yield _come(agent, day)
    rules = centre.rules
    for less in REST_STEPS:
        if less <= rules.rest_min:
            yield _rule("rest", "rest_min", rules.rest_min - less, rules.rest_min, "min of rest")
    for more in BAND_STEPS:
        if rules.band_min is None:
            break
        width = None if more is None else rules.band_min + more
        yield _rule("band", "band_min", width, rules.band_min, "min for the starts of a week")
    if rules.max_days_in_row is not None:
        for longest in range(rules.max_days_in_row + 1, rules.max_days_in_row + 4):
            yield _rule(
                "days_in_row", "max_days_in_row", longest, rules.max_days_in_row, "days in a row"
            )
    if rules.break_gap_min:
        unit = "min of work beside a break"
        yield _rule("break_spacing", "break_gap_min", 0, rules.break_gap_min, unit)
    if rules.break_gap_max is not None:
        unit = "min of work without a break"
        yield _rule("break_spacing", "break_gap_max", None, rules.break_gap_max, unit)
    if rules.weekends_off_in is not None:
        yield _rule(
            "free_weekends", "weekends_off_in", None, rules.weekends_off_in, "weekends to one free"
        )


def _drop_lock(lock: Lock) -> Step:
    def apply(centre: Centre) -> Centre:
        return replace(centre, locks=tuple(k for k in centre.locks if k != lock))

    return Step(lock.agent, "locks", f"drop the lock of {lock.agent} on {lock.day}", apply)


def _change(name: str, **values: Any) -> Callable[[Centre], Centre]:
    def apply(centre: Centre) -> Centre:
        people = tuple(replace(a, **values) if a.agent == name else a for a in centre.agents)
        return replace(centre, agents=people)

    return apply


def _fewer_days(name: str, contract: Contract, fewest: int) -> Step:
    own = f"{contract.contract} ({name})"

    def apply(centre: Centre) -> Centre:
        others = tuple(c for c in centre.contracts if c.contract != own)
        terms = replace(contract, contract=own, min_days_week=fewest)
        return _change(name, contract=own)(replace(centre, contracts=(*others, terms)))

    text = f"ask {fewest} instead of {contract.min_days_week} days a week of {name}"
    return Step(name, "days_per_week", text, apply)


def _come(agent: Agent, day: date) -> Step:
    left: list[Absence] = []
    for one in agent.absences:
        if not one.first <= day <= one.last:
            left.append(one)
            continue
        if one.first < day:
            left.append(replace(one, last=day - timedelta(days=1)))
        if one.last > day:
            left.append(replace(one, first=day + timedelta(days=1)))
    text = f"{agent.agent} is not away on {day}"
    return Step(agent.agent, "absence", text, _change(agent.agent, absences=tuple(left)))


def _rule(rule: str, name: str, value: int | None, now: int, unit: str) -> Step:
    def apply(centre: Centre) -> Centre:
        return replace(centre, rules=_changed(centre.rules, name, value))

    said = "no limit" if value is None else str(value)
    return Step("", rule, f"for everybody {said} instead of {now} {unit}", apply)


def _changed(rules: Rules, name: str, value: int | None) -> Rules:
    """Rules with another value of one."""
    values: dict[str, Any] = {name: value}
    return replace(rules, **values)


def price_rules(
    requirement: Requirement,
    agents: Sequence[Agent],
    contracts: Sequence[Contract],
    *,
    rules: Rules | None = None,
    locks: Sequence[Lock] = (),
    most_locks: int = 20,
    seconds: float = 60.0,
    **settings: Any,
) -> pd.DataFrame:
    """What each rule and each lock costs: the proven least cost with it less that without it.

    Parameters
    ----------
    requirement, agents, contracts, rules, locks, settings
        As for `make_schedule`.
    most_locks
        Locks that are priced one by one, in their order; all together are priced in any case.
    seconds
        Wall limit of everything [s]; what is not reached is NaN.

    Returns
    -------
    pandas.DataFrame
        `rule agent now without saves`: the rule (as the checker calls it), whose lock it is, the
        setting, what it was replaced by, and what that saves [cost units] by the linear
        programme's bounds; the dearest first.
    """
    from wfm.scheduling.prices import least_cost
    from wfm.scheduling.settings import Rules

    have = rules or Rules()
    deadline = _Deadline(seconds)

    def cost(**changed: Any) -> float:
        given = {"rules": have, "locks": tuple(locks), "contracts": contracts, **changed}
        problem: Problem = schedule_problem(requirement, agents, **given, **settings)
        return least_cost(problem, deadline.left)

    base = cost()
    rows = []
    for rule, now, without, changed in _without(have, contracts, locks, most_locks):
        agent = rule[1] if isinstance(rule, tuple) else ""
        saves = base - cost(**changed) if deadline.left > 0 else float("nan")
        name = rule[0] if isinstance(rule, tuple) else rule
        rows.append({"rule": name, "agent": agent, "now": now, "without": without, "saves": saves})
    table = pd.DataFrame(rows, columns=["rule", "agent", "now", "without", "saves"])
    table["saves"] = table["saves"].where(table["saves"].isna() | (table["saves"] > 0), 0.0)
    return table.sort_values("saves", ascending=False, ignore_index=True)


def _without(
    rules: Rules, contracts: Sequence[Contract], locks: Sequence[Lock], most_locks: int
) -> Iterator[tuple[str | tuple[str, str], str, str, dict[str, Any]]]:
    """Rule (or rule and agent), its setting, what replaces it, and the changed arguments."""
    shorter = max(rules.rest_min - 60, 0)
    yield (
        "rest",
        f"{rules.rest_min:d} min",
        f"{shorter:d} min",
        {"rules": replace(rules, rest_min=shorter)},
    )
    for rule, name, unit in (
        ("band", "band_min", "min"),
        ("days_in_row", "max_days_in_row", "days"),
        ("free_weekends", "weekends_off_in", "weekends"),
        ("break_spacing", "break_gap_max", "min"),
    ):
        value = getattr(rules, name)
        if value is not None:
            yield rule, f"{value} {unit}", "none", {"rules": _changed(rules, name, None)}
    less = [replace(c, min_days_week=max(c.min_days_week - 1, 0)) for c in contracts]
    yield "days_per_week", "fewest", "one day fewer", {"contracts": less}
    more = [replace(c, max_days_week=min(c.max_days_week + 1, 7)) for c in contracts]
    yield "days_per_week", "most", "one day more", {"contracts": more}
    earlier = [
        replace(c, start_from_min=c.start_from_min % c.start_grid_min, start_to_min=23 * 60 + 30)
        for c in contracts
    ]
    yield "starts", "as in the contract", "any time of the day", {"contracts": earlier}
    if locks:
        yield "locks", f"{len(locks):d} locks", "none", {"locks": ()}
    for lock in list(locks)[:most_locks]:
        kept = tuple(k for k in locks if k != lock)
        yield ("locks", lock.agent), str(lock.day), "free", {"locks": kept}


class _Deadline:
    """Seconds that are left."""

    def __init__(self, seconds: float) -> None:
        import time

        self._clock = time.monotonic
        self._end = self._clock() + seconds

    @property
    def left(self) -> float:
        """Seconds until the end."""
        return self._end - self._clock()
