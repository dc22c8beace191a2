"""Country holidays, events of one's own, and with the opening hours what a day is like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from wfm.core.errors import DataError
from wfm.core.opening import (
    DAY_MIN,
    WEEKDAYS,
    Opening,
    Window,
    clock_text,
    parse_clock,
    parse_weekdays,
)

__all__ = [
    "DAY_MIN",
    "EFFECTS",
    "MOST_NEAR",
    "WEEKDAYS",
    "Calendar",
    "Event",
    "Opening",
    "Window",
    "clock_text",
    "parse_clock",
    "parse_weekdays",
]

Effect = Literal["exclude", "learn", "close", "change", "hours", "like"]
MOST_CHANGE = 5.0  # of an event; above it a percentage was typed as a share
MOST_NEAR = 14  # days before or after an event that have effects of their own
EFFECTS: tuple[str, ...] = ("exclude", "learn", "close", "change", "hours", "like")


@dataclass(frozen=True)
class Event:
    """Days that are not like others.

    `exclude` keeps them out of what a model learns, `learn` gives them an effect of their own
    (all events of one name share it), `close` closes the queue, `change` multiplies the forecast
    by ``1 + change``, `hours` opens it during `hours` only (a half day), `like` copies the day
    `like` of the history; the last two may carry a `change` as well. An empty `queues` means all.
    Each of the `lead_days` before and `lag_days` after has an effect of its own that is learned.
    """

    name: str
    first: date
    last: date
    effect: Effect = "learn"
    change: float = 0.0
    queues: tuple[str, ...] = ()
    lead_days: int = 0
    lag_days: int = 0
    hours: Opening | str | None = None
    like: date | None = None

    def __post_init__(self) -> None:
        if self.last < self.first:
            message = (
                f"event {self.name!r}: ends on {self.last}, before it starts on {self.first}. "
                "Swap the two days."
            )
            raise DataError(message)
        if self.effect not in EFFECTS:
            message = f"event {self.name!r}: effect {self.effect!r} is not one of {EFFECTS}."
            raise DataError(message)
        if isinstance(self.hours, str):
            object.__setattr__(self, "hours", Opening.parse(self.hours) if self.hours else None)
        for effect, given, example in (
            ("hours", self.hours, "hours 08:00-13:00"),
            ("like", self.like, "like 2025-12-24"),
        ):
            if (self.effect == effect) != (given is not None):
                message = (
                    f"event {self.name!r}: effect {effect!r} and its cell {effect!r} go together. "
                    f"Write both, for example {example}, or neither."
                )
                raise DataError(message)
        if not (0 <= self.lead_days <= MOST_NEAR and 0 <= self.lag_days <= MOST_NEAR):
            message = (
                f"event {self.name!r}: {self.lead_days} days before and {self.lag_days} after. "
                f"Give 0 to {MOST_NEAR} of each."
            )
            raise DataError(message)
        changes = self.effect == "change" or (self.effect in ("hours", "like") and self.change != 0)
        if changes and not (-1 <= self.change <= MOST_CHANGE and self.change):
            message = (
                f"event {self.name!r}: a change of {self.change:g} is {self.change:+.0%}. Write a "
                f"share such as 0.2 for +20 %: from -1 to {MOST_CHANGE:g}, and not 0."
            )
            raise DataError(message)

    def concerns(self, queue: str) -> bool:
        """Whether the event counts for this queue."""
        return not self.queues or queue in self.queues

    def days(self) -> list[date]:
        """Its days, both ends included."""
        return [self.first + timedelta(days=i) for i in range((self.last - self.first).days + 1)]


@dataclass(frozen=True)
class Calendar:
    """What is known about days: a country's holidays, own events, opening hours.

    Parameters
    ----------
    country
        ISO code of the holidays library, for example ``"TR"``; None knows no holidays.
    subdiv
        State or province where the country needs one, for example ``"ENG"`` for GB.
    events
        Days of one's own.
    opening
        Hours for all queues, or by queue; None takes them from the history.

    Examples
    --------
    >>> Calendar(country="TR").holidays(date(2026, 10, 28), date(2026, 10, 29))
    {datetime.date(2026, 10, 29): 'Republic Day'}
    """

    country: str | None = None
    subdiv: str | None = None
    events: tuple[Event, ...] = ()
    opening: Opening | Mapping[str, Opening] | None = None
    _by_year: dict[tuple[int, str, str], dict[date, str]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "events", tuple(self.events))
        opening = self.opening
        if isinstance(opening, str):
            object.__setattr__(self, "opening", Opening.parse(opening))
        elif isinstance(opening, Mapping):
            parsed = {
                queue: Opening.parse(hours) if isinstance(hours, str) else hours
                for queue, hours in opening.items()
            }
            object.__setattr__(self, "opening", parsed)
        if self.country is not None:
            self._year(2026)

    def opening_of(self, queue: str) -> Opening | None:
        """Opening hours of a queue; None when they are not given."""
        if isinstance(self.opening, Mapping):
            return self.opening.get(queue)
        return self.opening

    def holidays(self, first: date, last: date, language: str = "en") -> dict[date, str]:
        """Public holidays of the country between two days, both included.

        Their names are in `language` where they are known in it, else in English.

        >>> Calendar(country="TR").holidays(date(2026, 10, 29), date(2026, 10, 29), "tr")
        {datetime.date(2026, 10, 29): 'Cumhuriyet Bayramı'}
        """
        found: dict[date, str] = {}
        for year in range(first.year, last.year + 1):
            known = self._year(year, language=language)
            found |= {d: n for d, n in known.items() if first <= d <= last}
        return dict(sorted(found.items()))

    def events_of(self, queue: str, effect: str) -> dict[date, Event]:
        """Events of one effect that concern a queue, by day; of two on a day the later listed."""
        return {
            day: event
            for event in self.events
            if event.effect == effect and event.concerns(queue)
            for day in event.days()
        }

    def near_events(self, queue: str) -> dict[date, str]:
        """Days before and after events that have an effect of their own, and its name.

        >>> near = Calendar(events=[Event("sale", date(2026, 5, 4), date(2026, 5, 5), lag_days=1)])
        >>> near.near_events("calls")
        {datetime.date(2026, 5, 6): 'sale, day 1 after'}
        """
        found = {}
        for event in self.events:
            if event.concerns(queue):
                for i in range(1, event.lead_days + 1):
                    found[event.first - timedelta(days=i)] = f"{event.name}, day {i} before"
                for i in range(1, event.lag_days + 1):
                    found[event.last + timedelta(days=i)] = f"{event.name}, day {i} after"
        within = {d for e in self.events if e.concerns(queue) for d in e.days()}
        return {day: name for day, name in found.items() if day not in within}

    def half_days(self, first: date, last: date) -> dict[date, str]:
        """Days on which the country works half the day by law, both ends included.

        >>> Calendar(country="TR").half_days(date(2026, 10, 1), date(2026, 10, 31))
        {datetime.date(2026, 10, 28): 'Republic Day (from 1pm)'}
        """
        years = range(first.year, last.year + 1)
        known = {d: n for year in years for d, n in self._year(year, "half_day").items()}
        return {day: known[day] for day in sorted(known) if first <= day <= last}

    def _year(self, year: int, category: str = "public", language: str = "en") -> dict[date, str]:
        if self.country is None:
            return {}
        key = (year, category, language)
        if key not in self._by_year:
            import holidays

            try:
                kinds = holidays.country_holidays(self.country, subdiv=self.subdiv)
                has = category in kinds.supported_categories
                spoken = kinds.supported_languages
                known = holidays.country_holidays(
                    self.country,
                    subdiv=self.subdiv,
                    years=year if has else None,
                    language=language if language in spoken else "en_US",
                    categories=category if has else None,
                )
            except NotImplementedError as error:
                raise DataError(_unknown_place(self.country, self.subdiv)) from error
            self._by_year[key] = {d: str(known[d]) for d in known} if has else {}
        return self._by_year[key]


def _unknown_place(country: str, region: str | None) -> str:
    """What is wrong with a country or its region, and what to write instead."""
    import holidays

    regions = holidays.list_supported_countries().get(country)
    if regions is None:
        message = f"country {country!r} is not known. Use an ISO code such as TR, DE or US."
    elif regions:
        message = (
            f"country {country!r} has no region {region!r}. Use one of {', '.join(regions)}, "
            "or leave the region empty."
        )
    else:
        message = f"country {country!r} has no regions. Leave the region {region!r} out."
    return message
