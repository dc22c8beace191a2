"""What may give way where hard rules clash, the smallest step first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from wfm.core.edits import Lock
from wfm.core.people import Absence, Agent, Contract

if TYPE_CHECKING:
    from wfm.scheduling.settings import Rules


REST_STEPS = (30, 60, 120, 180, 240)
BAND_STEPS = (30, 60, 120, 240, None)


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


def ways(centre: Centre, name: str, asked: Mapping[str, Any]) -> Iterator[Step]:
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
    if contract.min_hours_week or contract.max_hours_week is not None:
        text = f"ask no paid hours a week of {name}"
        free = _own_terms(name, contract, min_hours_week=None, max_hours_week=None)
        yield Step(name, "hours_week", text, free)
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
    yield from _joining(rules)


def _joining(rules: Rules) -> Iterator[Step]:
    """Rules on several shifts of somebody, each a little and then altogether."""
    for rule, name, more, unit in (
        ("weekly_rest", "weekly_rest_min", -360, "min of weekly rest"),
        ("nights_per_week", "max_nights_week", 1, "nights a week"),
        ("nights_in_row", "max_nights_in_row", 1, "nights in a row"),
        ("rest_after_nights", "rest_after_nights_min", -360, "min of rest after nights"),
        ("hours_average", "max_hours_average_week", 4, "paid hours a week on average"),
    ):
        now = getattr(rules, name)
        if now is not None:
            yield _rule(rule, name, max(now + more, 0), now, unit)
            yield _rule(rule, name, None, now, unit)
    if rules.late_end_min is not None:

        def apply(centre: Centre) -> Centre:
            free = replace(centre.rules, late_end_min=None, start_after_late_min=None)
            return replace(centre, rules=free)

        yield Step("", "next_day", "for everybody any start after a late end", apply)


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
    text = f"ask {fewest} instead of {contract.min_days_week} days a week of {name}"
    return Step(name, "days_per_week", text, _own_terms(name, contract, min_days_week=fewest))


def _own_terms(name: str, contract: Contract, **values: Any) -> Callable[[Centre], Centre]:
    """A contract of its own for an agent, whose locks go on naming its kind of shift."""
    own = f"{contract.contract} ({name})"

    def apply(centre: Centre) -> Centre:
        before = next((c for c in centre.contracts if c.contract == own), contract)
        others = tuple(c for c in centre.contracts if c.contract != own)
        terms = replace(before, contract=own, **values)
        locks = tuple(
            replace(k, shift=own) if k.agent == name and k.shift == contract.contract else k
            for k in centre.locks
        )
        eased = replace(centre, contracts=(*others, terms), locks=locks)
        return _change(name, contract=own)(eased)

    return apply


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
        return replace(centre, rules=changed_rules(centre.rules, name, value))

    said = "no limit" if value is None else str(value)
    return Step("", rule, f"for everybody {said} instead of {now} {unit}", apply)


def changed_rules(rules: Rules, name: str, value: int | None) -> Rules:
    """Rules with another value of one."""
    values: dict[str, Any] = {name: value}
    return replace(rules, **values)
