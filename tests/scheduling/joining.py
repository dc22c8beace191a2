"""The rules that join several shifts, said again minute by minute and without the solver's code."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from wfm.scheduling.settings import Rules

Stint = tuple[datetime, datetime]
MINUTE = timedelta(minutes=1)


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo("UTC"))


@cache
def is_night(rules: Rules, stint: Stint, zone: ZoneInfo) -> bool:
    """Count the dark minutes one by one, five at a time."""
    at, dark = _utc(stint[0]), 0
    while at < _utc(stint[1]):
        local = at.astimezone(zone)
        clock = local.hour * 60 + local.minute
        first, last = rules.night_from_min, rules.night_to_min
        inside = first <= clock < last if first < last else clock >= first or clock < last
        dark += 5 * inside
        at += 5 * MINUTE
    return dark >= rules.night_least_min


def broken(
    rules: Rules,
    past: Sequence[Stint],
    planned: Sequence[Stint],
    zone: ZoneInfo,
    first: date,
    days: int,
    shift_paid_min: int,
    plan: ZoneInfo,
    since: date | None = None,
    planned_paid_min: int | None = None,
) -> set[str]:
    """Names of the rules that some shifts break; `past` is what was worked before.

    Each shift is paid `shift_paid_min`, unless the planned ones are paid otherwise all together.
    `zone` is the agent's clock, `plan` the one whose midnights begin weeks.
    """
    found: set[str] = set()
    stints = sorted([*past, *planned])
    new = set(planned)
    local = [(a.astimezone(zone), b.astimezone(zone)) for a, b in stints]
    nights = [is_night(rules, s, zone) for s in stints]
    day_of = [a.date() for a, _ in local]
    for i in range(len(stints) - 1):
        if stints[i + 1] not in new:
            continue
        tomorrow = day_of[i + 1] == day_of[i] + timedelta(days=1)
        if rules.late_end_min is not None and tomorrow:
            end, start = local[i][1], local[i + 1][0]
            over = (end.date() - day_of[i]).days * 1440 + end.hour * 60 + end.minute
            begins = start.hour * 60 + start.minute
            if over > rules.late_end_min and begins < (rules.start_after_late_min or 0):
                found.add("next_day")
        if rules.rest_after_nights_min is not None and nights[i]:
            rest = (_utc(stints[i + 1][0]) - _utc(stints[i][1])) / MINUTE
            if not (tomorrow and nights[i + 1]) and rest < rules.rest_after_nights_min:
                found.add("rest_after_nights")
    if rules.max_nights_in_row is not None:
        for i in range(len(stints)):
            row = 0
            while (
                row <= i and nights[i - row] and day_of[i - row] == day_of[i] - timedelta(days=row)
            ):
                row += 1
            if row > rules.max_nights_in_row and stints[i] in new:
                found.add("nights_in_row")
    monday = first - timedelta(days=first.weekday())
    weeks = [monday + timedelta(days=7 * w) for w in range(-1, 8)]
    last = first + timedelta(days=days)
    if rules.max_nights_week is not None:
        begun = [
            (s[0].astimezone(plan).date(), s in new)
            for s, n in zip(stints, nights, strict=True)
            if n
        ]
        for start in weeks[1:]:
            held = [own for day, own in begun if start <= day < start + timedelta(days=7)]
            if len(held) > rules.max_nights_week and any(held):
                found.add("nights_per_week")
    if rules.weekly_rest_min:
        ends = [w for w in weeks if w < last]
        owed = _choose(rules.weekly_rest_min, past, ends[:1], plan)
        checked = ends if past and owed else ends[1:]
        if new and not _choose(rules.weekly_rest_min, stints, checked, plan):
            found.add("weekly_rest")
    if rules.max_hours_average_week is not None and planned:
        known = 0 if since is None else len(past)
        span = days + (0 if since is None else (first - since).days)
        paid = shift_paid_min * known / 60
        now = shift_paid_min * len(planned) if planned_paid_min is None else planned_paid_min
        paid += now / 60
        if paid * 7 > rules.max_hours_average_week * span + 1e-6:
            found.add("hours_average")
    return found


def _choose(need: int, stints: Sequence[Stint], weeks: Sequence[date], zone: ZoneInfo) -> bool:
    """Whether each week can have a rest of its own: all hours tried, week by week."""
    step, taken = timedelta(minutes=30), [(_utc(a), _utc(b)) for a, b in stints]

    def fitting(week: date) -> list[datetime]:
        """Begins of every rest that belongs to a week."""
        begin, stop = (
            _utc(datetime.combine(d, time(), zone)) for d in (week, week + timedelta(days=7))
        )
        at, found = begin - need * MINUTE / 2, []
        while at + need * MINUTE / 2 < stop:
            if all(b <= at or at + need * MINUTE <= a for a, b in taken):
                found.append(at)
            at += step
        return found

    begins = [fitting(week) for week in weeks]

    @cache
    def go(number: int, after: datetime | None) -> bool:
        if number == len(weeks):
            return True
        free = [at for at in begins[number] if after is None or at >= after]
        return any(go(number + 1, at + need * MINUTE) for at in free)

    return go(0, None)
