"""One plan's settings: the sections of plan.toml, checked, with the defaults a planner would pick.

The app keeps the same settings in its database, so a plan folder and a project mean the same.
"""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_core import ErrorDetails

from wfm.core import intervals
from wfm.core.calendars import Opening, clock_text, parse_clock
from wfm.core.errors import DataError
from wfm.core.foreign import reason
from wfm.core.types import SL_VARIANTS, ServiceTarget
from wfm.core.weeks import WeekStart
from wfm.planning.offered import Counted

CURRENCY = re.compile(r"[^\W\d_]{1,8}|[€$£¥₺₼₾]")
SORTS = {
    "int": "it has to be a whole number",
    "float": "it has to be a number",
    "finite": "it has to be a number",
    "string": "it has to be a text in quotes",
    "bool": "it has to be true or false",
    "date": "it has to be a day such as 2026-03-02",
    "list": "it has to be a list in brackets",
    "dict": "it has to be a table in braces",
    "model": "it has to be a section of keys and values",
}
"""What a setting has to be, by the beginning of the kind of error."""


class Section(BaseModel):
    """A section knows its keys and refuses others."""

    model_config = ConfigDict(extra="forbid", validate_assignment=True, validate_default=True)


class PlanSection(Section):
    """The centre."""

    name: str = "My centre"
    time_zone: str = "UTC"
    interval: str = "30min"
    currency: str = "EUR"
    week_start: WeekStart = "Mon"

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        intervals.zone(value)
        return value

    @field_validator("currency")
    @classmethod
    def _known_currency(cls, value: str) -> str:
        if not CURRENCY.fullmatch(value.strip()):
            message = f"currency {value!r} is not known. Write its letters, such as EUR"
            raise ValueError(message)
        return value.strip()

    @field_validator("name")
    @classmethod
    def _any_name(cls, value: str) -> str:
        if not value.strip():
            message = "the name is empty. Write one that others know the centre by"
            raise ValueError(message)
        return value

    @field_validator("interval")
    @classmethod
    def _known_interval(cls, value: str) -> str:
        intervals.parse_interval(value)
        return value


class HistorySection(Section):
    """Where the contacts come from and how to read them."""

    file: str | None = None
    queues: list[str] = Field(default_factory=list)
    until: date | None = None
    opening: str | None = None
    columns: dict[str, str] = Field(default_factory=dict)
    rows: Literal["interval", "call"] = "interval"
    threshold_s: float = Field(default=20.0, ge=0)
    short_s: float = Field(default=5.0, ge=0)
    offered: Counted = "all"
    stamps: Literal["start", "end"] = "start"
    source_zone: str | None = None
    bad_rows: Literal["refuse", "report"] = "refuse"
    decimal: Literal["auto", ".", ","] = "auto"
    dates: Literal["auto", "YMD", "DMY", "MDY"] = "auto"
    handle_unit: Literal["s", "min", "ms"] = "s"
    encoding: str = "auto"
    source_interval: str | None = None
    sheet: str | None = None

    @field_validator("source_interval")
    @classmethod
    def _known_length(cls, value: str | None) -> str | None:
        if value:
            intervals.parse_interval(value)
        return value or None

    @field_validator("opening")
    @classmethod
    def _known_hours(cls, value: str | None) -> str | None:
        if value:
            Opening.parse(value)
        return value or None


class CalendarSection(Section):
    """What is known about days."""

    country: str | None = None
    subdiv: str | None = None
    events: str | None = None


class ForecastSection(Section):
    """How far, from when and by which model; or a forecast of one's own."""

    file: str | None = None
    horizon: str = "42D"
    start: date | None = None
    model: str = "auto"
    band: float = Field(default=0.80, ge=0.5, le=0.99)
    edits: str | None = None


class StaffSection(Section):
    """The promise to callers and what it takes; or a requirement of one's own."""

    file: str | None = None
    target: str = "80/20"
    variant: str = "sl_offered"
    model: Literal["erlang_a", "erlang_c"] = "erlang_a"
    aht_s: float | None = Field(default=None, gt=0)
    patience_s: float | None = Field(default=None, gt=0)
    short_s: float | None = Field(default=5.0, ge=0)
    scope: Literal["interval", "day"] = "interval"
    floor: float | None = Field(default=None, gt=0, lt=1)
    confidence: float | None = Field(default=None, gt=0, lt=1)
    carry_over: Literal["auto", "carried", "steady"] = "auto"
    shrinkage: float = Field(default=0.10, ge=0, lt=0.95)
    shrinkage_table: str | None = None
    min_agents: int = Field(default=0, ge=0, le=10_000)
    max_occupancy: float | None = Field(default=None, gt=0, lt=1)

    @field_validator("target")
    @classmethod
    def _known_target(cls, value: str) -> str:
        ServiceTarget.parse(value)
        return value

    @field_validator("variant")
    @classmethod
    def _known_variant(cls, value: str) -> str:
        if value not in SL_VARIANTS:
            message = f"variant {value!r} is not one of {', '.join(SL_VARIANTS)}"
            raise ValueError(message)
        return value


class PeopleSection(Section):
    """Who works; `fit` makes people who can carry the requirement."""

    agents: str | None = None
    absences: str | None = None
    contracts: str | None = None
    shifts: str | None = None
    queues: str | None = None
    fit: bool = False


class OutboundSection(Section):
    """Campaigns to place in the quiet periods, and callbacks at their times."""

    campaigns: str | None = None
    callbacks: str | None = None


class ScheduleSection(Section):
    """Days, time, rules of the schedule."""

    first_day: date | None = None
    days: int = Field(default=7, ge=1, le=35)
    seconds: float = Field(default=60.0, ge=1, le=3600)
    seed: int = Field(default=0, ge=0)
    rest_min: int = Field(default=660, ge=0, le=24 * 60)
    band_min: int | None = Field(default=90, ge=0, le=24 * 60)
    outbound_block_min: int = Field(default=30, ge=5, le=480)
    max_days_in_row: int | None = Field(default=None, ge=1, le=14)
    weekends_off_in: int | None = Field(default=None, ge=2, le=8)
    preferred_within_min: int = Field(default=60, ge=0, le=12 * 60)
    break_gap_min: int = Field(default=0, ge=0, le=12 * 60)
    break_gap_max: int | None = Field(default=None, ge=15, le=24 * 60)
    break_share_max: float | None = Field(default=None, gt=0, le=1)
    break_heads_max: int | None = Field(default=None, ge=1)
    break_by_team: bool = False
    weekly_rest_min: int | None = Field(default=None, ge=60, le=4 * 24 * 60)
    max_hours_average_week: float | None = Field(default=None, gt=0, le=168)
    max_nights_week: int | None = Field(default=None, ge=0, le=7)
    max_nights_in_row: int | None = Field(default=None, ge=0, le=14)
    rest_after_nights_min: int | None = Field(default=None, ge=0, le=7 * 24 * 60)
    night_from: str = "23:00"
    night_to: str = "06:00"
    night_least_min: int = Field(default=180, ge=15, le=12 * 60)
    late_end: str | None = None
    start_after_late: str | None = None
    missing_cost: float = Field(default=10.0, ge=0, le=1000)
    over_cost: float = Field(default=1.0, ge=0, le=1000)
    labour_cost: float = Field(default=2.0, ge=0, le=1000)
    outbound_cost: float = Field(default=3.0, ge=0, le=1000)
    wish_cost: float = Field(default=4.0, ge=0, le=1000)
    switch_cost: float = Field(default=0.0, ge=0, le=1000)
    change_cost: float = Field(default=40.0, ge=0)
    previous: str | None = None
    locks: str | None = None
    meetings: str | None = None
    limits: str | None = None

    @field_validator("night_from", "night_to", "late_end", "start_after_late")
    @classmethod
    def _a_time(cls, value: str | None) -> str | None:
        return clock_text(parse_clock(value)) if value else None


class OutputSection(Section):
    """Where the files go."""

    folder: str = "out"


class Settings(Section):
    """All sections of a plan."""

    plan: PlanSection = Field(default_factory=PlanSection)
    history: HistorySection = Field(default_factory=HistorySection)
    calendar: CalendarSection = Field(default_factory=CalendarSection)
    forecast: ForecastSection = Field(default_factory=ForecastSection)
    staff: StaffSection = Field(default_factory=StaffSection)
    people: PeopleSection = Field(default_factory=PeopleSection)
    outbound: OutboundSection = Field(default_factory=OutboundSection)
    schedule: ScheduleSection = Field(default_factory=ScheduleSection)
    output: OutputSection = Field(default_factory=OutputSection)


def settings_from(data: dict[str, Any], *, name: str = "plan.toml") -> Settings:
    """Return checked settings of a nested dictionary.

    Raises
    ------
    DataError
        Names the first wrong section and key, its value, and what is known there.

    Examples
    --------
    >>> settings_from({"staff": {"target": "80/20", "shrinkage": 0.1}}).staff.model
    'erlang_a'
    >>> settings_from({"staff": {"shrinkage": 1.5}})
    Traceback (most recent call last):
    ...
    wfm.core.errors.DataError: plan.toml, [staff] shrinkage = 1.5: ...
    """
    try:
        return Settings.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        place = [str(part) for part in first["loc"]]
        section, key = place[0], ".".join(place[1:])
        if first["type"] == "extra_forbidden":
            owner = Settings.model_fields.get(section)
            known = owner.annotation.model_fields if key and owner else Settings.model_fields  # type: ignore[union-attr]
            message = (
                f"{name}, [{section}] {key or 'section'}: not known. Use one of {', '.join(known)}."
            )
        elif first["type"] == "value_error":  # its own sentence says what is known there
            message = f"{name}, [{section}] {key}: {_wrong(first)}."
        else:
            message = (
                f"{name}, [{section}] {key} = {first['input']!r}: {_wrong(first)}. Correct it."
            )
        raise DataError(message) from error


def _wrong(error: ErrorDetails) -> str:
    """What is wrong with a setting, in our words; the checker's own where there are none."""
    kind, limits = error["type"], error.get("ctx", {})
    told = {
        "greater_than_equal": f"it has to be at least {limits.get('ge')}",
        "greater_than": f"it has to be more than {limits.get('gt')}",
        "less_than_equal": f"it may be at most {limits.get('le')}",
        "less_than": f"it has to be less than {limits.get('lt')}",
        "literal_error": f"it has to be one of {limits.get('expected')}",
    }
    sort = next((words for start, words in SORTS.items() if kind.startswith(start)), None)
    if error["input"] is None:
        return "it cannot be empty"
    own = told.get(kind) or sort
    return own or str(error["msg"]).removeprefix("Value error, ").rstrip(".")


def read_settings(path: str | Path) -> Settings:
    """Read plan.toml; a file that is not TOML is refused with the line."""
    file = Path(path)
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        message = f"{file}: there is no such file. Name a plan.toml, or make one with wfm demo."
        raise DataError(message) from error
    except OSError as error:
        message = f"{file}: it cannot be opened ({reason(error)}). Name the plan.toml itself."
        raise DataError(message) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"{file}: not a TOML file. Correct the line that the detail names: {error}."
        raise DataError(message) from error
    return settings_from(data, name=file.name)


def write_settings(settings: Settings, path: str | Path) -> None:
    """Write plan.toml with every key that differs from its default or names the plan."""
    data = settings.model_dump(exclude_defaults=True, exclude_none=True)
    lines = []
    for section, values in data.items():
        lines.append(f"[{section}]")
        lines += [f"{key} = {_toml(value)}" for key, value in values.items()]
        lines.append("")
    Path(path).write_text("\n".join(lines), encoding="utf-8")


def _toml(value: Any) -> str:
    """One TOML value: text, number, truth, day, list or table."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_toml(str(k))} = {_toml(v)}" for k, v in value.items()) + " }"
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r") + '"'
