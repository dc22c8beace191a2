"""The four values of a plan: history, forecast, requirement, schedule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from wfm.core import columns
from wfm.core.errors import DataError
from wfm.core.intervals import local_day
from wfm.core.target import SL_VARIANTS, ServiceTarget
from wfm.core.weeks import WEEK, week_start_number

__all__ = [
    "SL_VARIANTS",
    "Forecast",
    "History",
    "Requirement",
    "Schedule",
    "ServiceTarget",
    "Value",
    "Violation",
]

STATUSES = ("optimal", "feasible", "nearest")
STOPS = ("time", "gap", "stall", "cancel", "first")


class Value:
    """What the frozen values share: the zone of their stamps and comparison by content."""

    frame: pd.DataFrame

    @property
    def time_zone(self) -> str:
        """IANA name of the zone of the stamps."""
        return str(self.frame["start"].dt.tz)

    @property
    def queues(self) -> list[str]:
        """Queue names, sorted."""
        return sorted(self.frame["queue"].unique())

    def equals(self, other: object) -> bool:
        """Whether another value holds the same content."""
        if type(self) is not type(other):
            return False
        for item in fields(self):  # type: ignore[arg-type]
            mine, theirs = getattr(self, item.name), getattr(other, item.name)
            if isinstance(mine, pd.DataFrame):
                if not (isinstance(theirs, pd.DataFrame) and mine.equals(theirs)):
                    return False
            elif item.compare and mine != theirs:
                return False
        return True


@dataclass(frozen=True, eq=False)
class History(Value):
    """Contacts that arrived: one row for each open interval and queue.

    An interval that was open and had no contact holds 0, one of which nothing is known holds NaN,
    a closed one has no row. `report` tells how a file was read, `counted` in words what offered
    contacts are where they are not everybody who called; forecast and requirement take it over.
    """

    frame: pd.DataFrame
    interval: timedelta
    report: Any = field(default=None, compare=False)
    counted: str = ""

    def __post_init__(self) -> None:
        checked = columns.check(self.frame, columns.HISTORY, name="history")
        object.__setattr__(self, "frame", checked)


@dataclass(frozen=True, eq=False)
class Forecast(Value):
    """Expected contacts and handle time for each interval and queue.

    Parameters
    ----------
    frame
        `start queue volume volume_q10 volume_q90 aht_s`; `aht_s` is NaN where no handle time is
        known.
    interval
        Length of an interval.
    bands
        Quantiles of each interval's volume: one row for each row of `frame`, one column for each
        level (a float in (0, 1), ascending). None for a forecast of one's own without them.
    day_bands
        `day queue volume` and the same levels for the day's total.
    model
        Name of the model, by queue.
    edits
        What was changed by hand: `queue start volume_before volume edit` for each changed row.
    errors
        How errors go together, for each day and queue: `day queue day_var part_var own_var rho
        persistent next_day follow_20 ... follow_80`; variances of relative errors that a whole day
        shares, that last for a while, and of an interval's own. For sample paths and for updates
        during the day.
    parts
        What each day's total is made of, for each day and queue: `day queue level trend weekday
        season calendar`, contacts that add up to the model's total.
    counted
        What its contacts are, as the history says.
    """

    frame: pd.DataFrame
    interval: timedelta
    bands: pd.DataFrame | None = None
    day_bands: pd.DataFrame | None = None
    model: Mapping[str, str] = field(default_factory=dict)
    edits: pd.DataFrame | None = None
    errors: pd.DataFrame | None = None
    parts: pd.DataFrame | None = None
    counted: str = ""

    def __post_init__(self) -> None:
        checked = columns.check(self.frame, columns.FORECAST, name="forecast")
        if self.bands is not None and len(self.bands) != len(checked):
            message = f"forecast: {len(self.bands)} rows of bands for {len(checked)} intervals."
            raise DataError(message)
        if self.bands is not None and not checked["start"].equals(self.frame["start"]):
            message = "forecast: rows with bands must come sorted by queue, then start. Sort both."
            raise DataError(message)
        object.__setattr__(self, "frame", checked)

    def quantiles(self, levels: Sequence[float]) -> pd.DataFrame:
        """Quantiles of each interval's volume.

        Parameters
        ----------
        levels
            Probabilities, each within the levels of `bands`.

        Returns
        -------
        pandas.DataFrame
            `start queue` and one column for each level, named by the float. Quantiles do not add
            up over intervals; `days` has those of a day's total.
        """
        if self.bands is None:
            message = "forecast: it has no bands. Make it with make_forecast, or use volume alone."
            raise DataError(message)
        values = _interpolate(self.bands, levels)
        return pd.concat([self.frame[["start", "queue"]], values], axis=1)

    def days(self, levels: Sequence[float] = (0.1, 0.5, 0.9)) -> pd.DataFrame:
        """Day totals: `day queue volume` and one column for each quantile of the day's total."""
        day = self.frame["start"].dt.tz_localize(None).dt.normalize().rename("day")
        total = self.frame.groupby([self.frame["queue"], day])["volume"].sum().reset_index()
        total = total[["day", "queue", "volume"]]
        if self.day_bands is None:
            return total
        values = _interpolate(self.day_bands.drop(columns=["day", "queue", "volume"]), levels)
        bands = pd.concat([self.day_bands[["day", "queue"]], values], axis=1)
        return total.merge(bands, on=["day", "queue"], how="left", validate="one_to_one")


def _interpolate(bands: pd.DataFrame, levels: Sequence[float]) -> pd.DataFrame:
    """Columns of `bands` at other levels, linear between its own."""
    known = np.asarray(bands.columns, dtype=float)
    wanted = np.asarray(levels, dtype=float)
    outside = wanted[(wanted < known[0]) | (wanted > known[-1])]
    if len(outside):
        message = (
            f"quantile {outside[0]:g} is outside {known[0]:g} to {known[-1]:g}, "
            "which is as far as the backtest reaches. Use a level inside."
        )
        raise DataError(message)
    right = np.clip(np.searchsorted(known, wanted), 1, len(known) - 1)
    weight = (wanted - known[right - 1]) / (known[right] - known[right - 1])
    values = bands.to_numpy(dtype=float)
    mixed = values[:, right - 1] * (1 - weight) + values[:, right] * weight
    return pd.DataFrame(mixed, columns=[float(v) for v in wanted], index=bands.index)


@dataclass(frozen=True, eq=False)
class Requirement(Value):
    """Agents that each interval needs.

    Parameters
    ----------
    frame
        `agents` are whole heads on contacts, `agents_exact` the fraction before rounding,
        `scheduled` whole heads on the roster after shrinkage; the rest says why. A requirement of
        one's own needs `start queue agents scheduled` only. `assumed` names, separated by `|`, the
        inputs that were not measured.
    interval
        Length of an interval.
    targets
        The service target of each queue, where one is known.
    model
        The staffing model, for example `erlang_a`; empty for a requirement of one's own.
    week_start
        Day on which the weeks begin that work with due times has level heads for: Mon, Sun, Sat.
    counted
        What its contacts are, as the forecast says.
    """

    frame: pd.DataFrame
    interval: timedelta
    targets: Mapping[str, ServiceTarget] = field(default_factory=dict)
    model: str = ""
    week_start: str = "Mon"
    counted: str = ""

    def __post_init__(self) -> None:
        checked = columns.check(self.frame, columns.REQUIREMENT, name="requirement")
        object.__setattr__(self, "frame", checked)

    def first_day(
        self, week_start: str = "Mon", days: int = WEEK, *, since: date | None = None
    ) -> date:
        """Where a schedule of so many days begins.

        Parameters
        ----------
        week_start
            Day on which weeks begin: Mon, Sun or Sat.
        days
            Length of the schedule [days].
        since
            A day before which it begins only where none is left after it.

        Returns
        -------
        datetime.date
            The first local day on which a week begins and from which the requirement reaches over
            all the days; else the first day from which it does; else its first day. Days on whose
            weekday it has no row are closed and need none.

        Examples
        --------
        >>> stamps = pd.date_range("2027-01-04", periods=14, tz="Asia/Tbilisi", unit="us")
        >>> rows = pd.DataFrame({"start": stamps, "queue": "voice", "agents": 1, "scheduled": 1})
        >>> needed = Requirement(rows, timedelta(days=1))
        >>> [f"{needed.first_day('Sun', days):%a %d %b}" for days in (7, 14, 2)]
        ['Sun 10 Jan', 'Mon 04 Jan', 'Sun 10 Jan']
        """
        if self.frame.empty:
            message = "requirement: it has no rows. Staff a forecast first."
            raise DataError(message)
        own = local_day(pd.DatetimeIndex(self.frame["start"])).unique()
        first, last = own.min(), own.max()
        days = min(max(days, 1), (last - first).days + 1)
        # Closed weekdays are known after a week; one of them may begin the week before the first.
        before = WEEK - 1 if (last - first).days >= WEEK else 0
        asked = pd.date_range(first - timedelta(before), last + timedelta(days - 1))
        beyond = (asked < first) | (asked > last)
        missing = np.append(0, np.cumsum(beyond & asked.day_of_week.isin(own.day_of_week)))
        whole = asked[: len(asked) - days + 1][missing[days:] == missing[:-days]]
        begins = whole[whole.day_of_week == week_start_number(week_start)]
        inside = whole[whole >= first]
        ahead = pd.Timestamp(since) if since else asked[0]
        found = (begins[begins >= ahead], inside[inside >= ahead], begins, inside, [first])
        chosen: date = next(choice[0] for choice in found if len(choice)).date()
        return chosen


@dataclass(frozen=True)
class Violation:
    """One broken rule, in words: which, who, when (local), and what."""

    rule: str
    text: str
    agent: str = ""
    when: str = ""

    def __str__(self) -> str:
        place = " ".join(part for part in (self.agent, self.when) if part)
        return f"{self.rule}: {place + ': ' if place else ''}{self.text}"


@dataclass(frozen=True, eq=False)
class Schedule(Value):
    """Who does what when, and how good that is.

    Parameters
    ----------
    frame
        `agent start end activity queue`, one row for each unbroken block. `activity` is `inbound`,
        `outbound` or the name of a break; `queue` is the queue, the campaign or empty.
    interval
        The grid of the blocks.
    first_day, days
        Local days it covers.
    status
        `optimal`, `feasible` or `nearest` (rules gave way: see `violations`).
    stopped_by
        `time`, `gap`, `stall`, `cancel`, or `first`: the first legal schedule, which nothing can do
        without, left no time to improve it, or took more than there was.
    objective, bound, min_labour
        Cost of this schedule, a proven least cost, and the labour nobody can avoid, in cost units.
    terms
        The parts of the objective by name.
    coverage
        `start queue required scheduled under over` for each interval of the requirement, in heads.
    outbound
        `campaign target_h placed_h blocks` and, where the handle time is known, `connects`.
    totals
        `agent name team contract days paid_h outbound_h cost` for each agent.
    seconds, seed
        Of the run that made it.
    violations
        What gave way.
    made_for
        Mark of everything its bound depends on; empty where that is not known.
    """

    frame: pd.DataFrame
    interval: timedelta
    first_day: date
    days: int
    status: str
    stopped_by: str
    objective: float
    bound: float
    min_labour: float
    terms: Mapping[str, float]
    coverage: pd.DataFrame
    outbound: pd.DataFrame
    totals: pd.DataFrame
    seconds: float = field(compare=False)
    seed: int
    violations: tuple[Violation, ...] = ()
    made_for: str = ""

    def __post_init__(self) -> None:
        checked = columns.check(self.frame, columns.SCHEDULE, name="schedule")
        object.__setattr__(self, "frame", checked)
        if self.status not in STATUSES or self.stopped_by not in STOPS:
            message = f"schedule: status {self.status!r}, stopped by {self.stopped_by!r}, unknown."
            raise DataError(message)

    @property
    def gap(self) -> float:
        """Share of the objective that might still be saved: (objective - bound) / objective."""
        return (self.objective - self.bound) / self.objective if self.objective else 0.0

    @property
    def bounded(self) -> bool:
        """Whether a bound was proven that says more than the labour nobody can avoid."""
        return self.objective <= self.bound or self.bound > self.min_labour

    @property
    def gap_above_min_labour(self) -> float:
        """The same on the part that planning can change: objective less minimum labour."""
        above = self.objective - self.min_labour
        return (self.objective - self.bound) / above if above > 0 else 0.0

    @property
    def hours(self) -> float:
        """Paid hours."""
        return float(self.totals["paid_h"].sum())

    @property
    def cost(self) -> float:
        """Paid hours times the agents' cost per hour, in the plan's currency."""
        return float(self.totals["cost"].sum())
