"""The steps of a plan: each takes values and returns a new value.

The page, the command line and a script call these, so they cannot disagree. Engines are loaded
when a step runs, which keeps ``import wfm`` quick.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from wfm.core.calendars import Calendar
from wfm.core.errors import DataError
from wfm.core.limits import StaffLimit
from wfm.core.meetings import Meeting
from wfm.core.people import Agent, CarryIn, Contract, Lock
from wfm.core.shrinkage import Shrinkage
from wfm.core.types import Forecast, History, Requirement, Schedule, ServiceTarget, Violation
from wfm.core.work import Campaign, Queue
from wfm.planning.lists import with_targets

if TYPE_CHECKING:
    import pandas as pd

    from wfm.forecast.board import Board
    from wfm.forecast.paths import Paths
    from wfm.scheduling.explain import Explanation
    from wfm.scheduling.problem import Problem
    from wfm.scheduling.settings import Rules, Weights
    from wfm.scheduling.solve import Progress

BASELINES = ("auto", "day_total", "seasonal_mean", "seasonal_naive")


def make_forecast(
    history: History,
    horizon: str | int = "28D",
    start: date | None = None,
    model: str = "auto",
    calendar: Calendar | None = None,
    seed: int = 0,
    n_jobs: int = 1,
    borrow: Mapping[str, str | tuple[str, float]] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Forecast:
    """Forecast the contacts and the handle time of every open interval.

    Parameters
    ----------
    history
        What arrived, one or more queues.
    horizon
        Local days (`"28D"`), weeks (`"4W"`) or intervals (`"48x30min"`).
    start
        First local day; None is the day after the last recorded one.
    model
        `auto` or the name of one model; see docs/guides/choose-a-model.md.
    calendar
        Holidays, events and opening hours.
    seed
        Same seed, same answer.
    n_jobs
        Processes to spread the queues over, -1 for all cores; the result is the same. Within
        `joblib.parallel_config(backend="dask")` it is a cluster's workers (extra `cluster`).
    borrow
        For a new queue with less than 28 recorded days the queue whose shape it takes, or
        `"pool"` for all others together; a pair such as `("support", 0.2)` also holds the share of
        its contacts that is expected, which a queue without any history needs.
    progress
        Called with the queues that are done and all there are, after each of them.

    Returns
    -------
    Forecast
        Mean volume, a calibrated 80 % band and the AHT; `aht_s` is NaN where the history has none.

    Raises
    ------
    ForecastError
        The history is too short or empty for the model.
    DataError
        An unknown model or horizon.
    """
    from wfm.forecast import make

    if calendar is not None:
        _check_events(calendar, history, borrow or {})
    return make(
        history,
        horizon=horizon,
        start=start,
        model=model,
        calendar=calendar,
        seed=seed,
        n_jobs=n_jobs,
        borrow=borrow,
        progress=progress,
    )


def model_names() -> list[str]:
    """Names of the forecasting models that are installed.

    >>> model_names()[0]
    'auto'
    """
    from wfm.forecast import MODELS

    return list(MODELS)


def reforecast(forecast: Forecast, actuals_so_far: History | pd.DataFrame) -> Forecast:
    """Update the rest of each day that has begun from what has already arrived.

    Parameters
    ----------
    forecast
        Made by `make_forecast`, edited or not.
    actuals_so_far
        What has arrived: a history, or a frame with `start queue offered`.

    Returns
    -------
    Forecast
        Known intervals hold what came; later ones of the same day are moved by as much as past
        errors say, with narrower bands; other days stay.

    Raises
    ------
    DataError
        A forecast without learned errors, or actual volumes that do not belong to it.
    """
    from wfm.forecast.intraday import reforecast as run

    return run(forecast, actuals_so_far)


def sample_paths(forecast: Forecast, paths: int = 500, *, seed: int = 0) -> Paths:
    """Draw whole futures of a forecast, with errors that go together as past ones did.

    Parameters
    ----------
    forecast
        Made by `make_forecast`, edited or not.
    paths
        How many.
    seed
        Same seed, same paths.

    Returns
    -------
    Paths
        `values` of every interval; `totals` and `quantiles` by interval, day, week or month.
    """
    from wfm.forecast.paths import sample_paths as run

    return run(forecast, paths, seed=seed)


def explain_forecast(forecast: Forecast) -> pd.DataFrame:
    """Return what each day's total is made of.

    Parameters
    ----------
    forecast
        Made by `make_forecast`, edited or updated during the day or not.

    Returns
    -------
    pandas.DataFrame
        `queue day level trend weekday season calendar edit update volume` in contacts; the parts
        add up to `volume`.
    """
    from wfm.forecast.explain import explain as run

    return run(forecast)


def calendar_effects(history: History, calendar: Calendar, queue: str = "") -> pd.DataFrame:
    """Effect of each kind of holiday, event and part of the month, with its standard error.

    Parameters
    ----------
    history
        What arrived.
    calendar
        Holidays and events.
    queue
        One of its queues; empty means all.

    Returns
    -------
    pandas.DataFrame
        `queue effect days change standard_error`; a change of -0.6 is 60 % less.
    """
    from wfm.forecast.explain import calendar_effects as run

    return run(history, calendar, queue)


def score_forecast(forecast: Forecast, actuals: History) -> pd.DataFrame:
    """Score a forecast, or an older version of it, against what has come in since.

    Parameters
    ----------
    forecast
        Made before, edited or not.
    actuals
        What came; other days and queues are left aside.

    Returns
    -------
    pandas.DataFrame
        `queue lead days n wape bias coverage80 pinball day_wape`: for each queue over all known
        days (`lead` is `all`) and by week of the forecast.
    """
    from wfm.forecast.follow_up import score_forecast as score

    return score(forecast, actuals)


def treated_days(history: History, calendar: Calendar | None = None) -> pd.DataFrame:
    """Days that models do not take as they are: outliers, lost data, events, steps of the level.

    Parameters
    ----------
    history
        As read; it is not changed.
    calendar
        Holidays and events, which are not outliers.

    Returns
    -------
    pandas.DataFrame
        `queue day what slots before after`, by queue and day: `what` is `outlier` (drawn back to
        the edge of what is usual), `zero_day` or `outage` (zeros that can only be lost data),
        `part_known`, `event`, or `level_shift`, whose `before` and `after` are levels, the old
        one as 1; for the others they are the day's contacts.
    """
    import pandas as pd

    from wfm.forecast.clean import clean_history
    from wfm.forecast.shifts import level_shifts

    _, notes = clean_history(history, calendar)
    shifts = level_shifts(history, calendar).rename(columns={"factor": "after"})
    shifts = shifts.assign(what="level_shift", slots=0, before=1.0)[list(notes.columns)]
    both = [part for part in (notes, shifts) if len(part)]
    listed = pd.concat(both) if both else notes
    return listed.sort_values(["queue", "day"], kind="stable", ignore_index=True)


def _check_events(calendar: Calendar, history: History, new: Iterable[str]) -> None:
    """Refuse an event for a queue that is not there: it would do nothing, unsaid."""
    for event in calendar.events:
        unknown = sorted(set(event.queues) - set(history.queues) - set(new))
        if unknown:
            message = (
                f"event {event.name!r}: queue {unknown[0]!r} is not in the history. "
                f"Use {', '.join(history.queues)}, or leave it empty for all."
            )
            raise DataError(message)


def backtest(
    history: History,
    horizon: str | int = "28D",
    origins: int = 8,
    models: Sequence[str] = BASELINES,
    calendar: Calendar | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Board:
    """Compare models on the history itself: forecasts from past days against what came.

    Parameters
    ----------
    history
        One or more queues.
    horizon
        How far each forecast reaches.
    origins
        How many past days to forecast from.
    models
        Names of models.
    calendar
        As for the forecast.
    progress
        Called with the number of forecasts done and of all.

    Returns
    -------
    Board
        `frame` has one row for each queue and model: WAPE, bias and coverage of the 80 % band by
        interval and by day.
    """
    from wfm.forecast.backtest import backtest as run

    return run(
        history,
        horizon=horizon,
        origins=origins,
        models=models,
        calendar=calendar,
        progress=progress,
    )


def staff(
    forecast: Forecast,
    target: ServiceTarget | Mapping[str, ServiceTarget],
    model: str = "erlang_a",
    aht_s: float | Mapping[str, float] | None = None,
    patience_s: float | Mapping[str, float] | None = None,
    shrinkage: float | Shrinkage | Mapping[str, float | Shrinkage] = 0.10,
    min_agents: int | Mapping[str, int] = 0,
    max_occupancy: float | Mapping[str, float] | None = None,
    carry_over: Literal["auto", "carried", "steady"] = "auto",
    queues: Sequence[Queue] = (),
) -> Requirement:
    """Return the agents each interval needs for the target, on contacts and on the roster.

    Parameters
    ----------
    forecast
        Its mean volume and AHT are staffed.
    target
        One for all queues, or one for each.
    model
        `erlang_c` (nobody hangs up) or `erlang_a` (callers hang up after `patience_s` on average).
    aht_s
        Handle time where the forecast has none [s]; such rows are marked as assumed.
    patience_s
        Mean patience [s], Erlang A only; None assumes 120 s and marks the rows as assumed.
    shrinkage
        Share of paid time away from contacts that the schedule does not place itself, [0, 1); or
        its components by weekday and month.
    min_agents
        Least heads on contacts in an open interval.
    max_occupancy
        Most share of time on contacts, None for no limit.
    carry_over
        `carried` follows contacts that began in the interval before, `steady` staffs each interval
        by itself, `auto` is `carried` for handle times of half an interval and longer.
    queues
        What queues set for themselves: channel, chats at once, due times, backlog, self-service,
        callback offer. Targets, patience and handle times are arguments of their own.

    Returns
    -------
    Requirement
        Heads on contacts and on the roster, the service they bring, and the steps to them
        (`explain_requirement`).

    Raises
    ------
    DataError
        Unknown handle times, a promise the model cannot answer, or a number that cannot be.
    """
    from wfm.erlang.requirement import requirement

    return requirement(
        forecast,
        target,
        model=model,
        aht_s=aht_s,
        patience_s=patience_s,
        shrinkage=shrinkage,
        min_agents=min_agents,
        max_occupancy=max_occupancy,
        carry_over=carry_over,
        queues=queues,
    )


def schedule_rules(
    *,
    rest_min: int = 660,
    band_min: int | None = 90,
    outbound_block_min: int = 30,
    max_days_in_row: int | None = None,
    weekends_off_in: int | None = None,
    preferred_within_min: int = 60,
    break_gap_min: int = 0,
    break_gap_max: int | None = None,
    break_share_max: float | None = None,
    break_heads_max: int | None = None,
    break_by_team: bool = False,
) -> Rules:
    """Return the rules of a schedule.

    Parameters
    ----------
    rest_min
        Least time between two shifts [min].
    band_min
        An agent's starts of one week lie within so many minutes of a full hour; None for no limit.
    outbound_block_min
        Least unbroken time on a campaign [min].
    max_days_in_row
        Most days worked one after the other [days]; None for no limit.
    weekends_off_in
        Of so many weekends in a row at least one is free [weekends]; None for no rule.
    preferred_within_min
        A start so far from the preferred one still counts as granted [min].
    break_gap_min, break_gap_max
        Least and most work before, between and after the breaks of a shift [min]; 0 and None for no
        rule.
    break_share_max, break_heads_max
        Most people on a break at the same time: a share of those on duty, rounded up, and a number
        [heads]; None for no rule.
    break_by_team
        Whether these hold for each team by itself instead of everybody together.

    Examples
    --------
    >>> schedule_rules(break_share_max=0.2).break_share_max
    0.2
    """
    from wfm.scheduling.settings import Rules

    return Rules(
        rest_min=rest_min,
        band_min=band_min,
        outbound_block_min=outbound_block_min,
        max_days_in_row=max_days_in_row,
        weekends_off_in=weekends_off_in,
        preferred_within_min=preferred_within_min,
        break_gap_min=break_gap_min,
        break_gap_max=break_gap_max,
        break_share_max=break_share_max,
        break_heads_max=break_heads_max,
        break_by_team=break_by_team,
    )


def schedule_problem(
    requirement: Requirement,
    agents: Sequence[Agent],
    contracts: Sequence[Contract],
    *,
    rules: Rules | None = None,
    weights: Weights | None = None,
    campaigns: Sequence[Campaign] = (),
    skills: Mapping[str, str] | None = None,
    priorities: Mapping[str, int] | None = None,
    first_day: date | None = None,
    days: int = 7,
    locks: Sequence[Lock] = (),
    carry_in: Schedule | Mapping[str, CarryIn] | None = None,
    meetings: Sequence[Meeting] = (),
    limits: Sequence[StaffLimit] = (),
) -> Problem:
    """Return the checked scheduling problem: everything that can be refused is refused here."""
    from wfm.scheduling.assemble import build_problem, first_day_of
    from wfm.scheduling.carry import carry_in as read_carry

    first = first_day or first_day_of(requirement)
    if isinstance(carry_in, Schedule):
        carry_in = read_carry(carry_in, first)
    if any(c.target_h != c.target_h for c in campaigns):  # NaN: the list says how many
        campaigns = with_targets(campaigns, first, days, requirement.time_zone)
    return build_problem(
        requirement,
        agents,
        contracts,
        campaigns,
        rules=rules,
        weights=weights,
        skills=skills,
        priorities=priorities,
        first_day=first_day,
        days=days,
        locks=locks,
        carried=carry_in,
        meetings=meetings,
        limits=limits,
    )


def make_schedule(
    requirement: Requirement,
    agents: Sequence[Agent],
    contracts: Sequence[Contract],
    *,
    rules: Rules | None = None,
    weights: Weights | None = None,
    campaigns: Sequence[Campaign] = (),
    skills: Mapping[str, str] | None = None,
    priorities: Mapping[str, int] | None = None,
    first_day: date | None = None,
    days: int = 7,
    locks: Sequence[Lock] = (),
    carry_in: Schedule | Mapping[str, CarryIn] | None = None,
    meetings: Sequence[Meeting] = (),
    limits: Sequence[StaffLimit] = (),
    seconds: float = 60.0,
    moves: int | None = None,
    seed: int = 0,
    progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Schedule:
    """Build a legal schedule of named people with breaks, and outbound work in quiet periods.

    Parameters
    ----------
    requirement
        Its `scheduled` heads are covered.
    agents, contracts
        People and what they owe.
    rules, weights
        What is forbidden and what costs how much; None takes the defaults.
    campaigns
        Outbound work to place.
    skills
        Skill that each queue asks for; a queue that is not named asks for its own name.
    priorities
        1 to 9 by queue, 1 the highest: who gets people where it costs the same; 5 where not named.
    first_day, days
        Local days to plan; None starts on the requirement's first Monday.
    locks
        Shifts and days off that are settled.
    carry_in
        The schedule of the days before, or what agents bring from them.
    meetings
        Meetings, coaching and training to place where their people are missed least.
    limits
        Fewest and most heads at work: a supervisor at any time, the seats of a site.
    seconds
        Wall time at most.
    moves
        Count the search in moves instead: same seed and moves, same schedule.
    seed
        Of everything random.
    progress, stop
        Called about once a second; a true `stop()` ends the search and keeps the best.

    Returns
    -------
    Schedule
        With status, bound, gap, cost terms, coverage, outbound and totals.
    """
    from wfm.scheduling.solve import solve

    problem = schedule_problem(
        requirement,
        agents,
        contracts,
        rules=rules,
        weights=weights,
        campaigns=campaigns,
        skills=skills,
        priorities=priorities,
        first_day=first_day,
        days=days,
        locks=locks,
        carry_in=carry_in,
        meetings=meetings,
        limits=limits,
    )
    return solve(problem, seconds=seconds, seed=seed, progress=progress, stop=stop, moves=moves)


def check_schedule(
    schedule: Schedule,
    requirement: Requirement,
    agents: Sequence[Agent],
    contracts: Sequence[Contract],
    **settings: Any,
) -> list[Violation]:
    """List every broken rule, from the schedule's blocks alone and without the solver.

    Parameters
    ----------
    schedule
        Any schedule, also one that was changed by hand.
    requirement, agents, contracts
        What it was made for.
    settings
        Those of `make_schedule` that shape the problem: rules, campaigns, skills, locks, carry_in.

    Returns
    -------
    list of Violation
        Empty for a legal schedule.
    """
    from wfm.scheduling.check import check

    problem = schedule_problem(
        requirement,
        agents,
        contracts,
        first_day=schedule.first_day,
        days=schedule.days,
        **settings,
    )
    return check(problem, schedule.frame)


def find_clashes(
    requirement: Requirement,
    agents: Sequence[Agent],
    contracts: Sequence[Contract],
    **settings: Any,
) -> list[Violation]:
    """List what cannot be kept, whatever the schedule: rule, agent and day, without the solver.

    Parameters
    ----------
    requirement, agents, contracts
        As for `make_schedule`.
    settings
        Those of `make_schedule` that shape the problem: rules, locks, carry_in, limits, meetings.

    Returns
    -------
    list of Violation
        Locks, contracts and skills that `make_schedule` refuses; else limits and meetings that
        give way and weeks that hold too few shifts. Empty promises no schedule.

    Raises
    ------
    DataError
        What cannot be read as a problem at all, such as a lock of an unknown agent.
    """
    from wfm.core.errors import ClashError
    from wfm.scheduling.clash import short_weeks, unkept_breaks, unkept_limits, unkept_meetings

    try:
        problem = schedule_problem(requirement, agents, contracts, **settings)
    except ClashError as refused:
        return list(refused.violations)
    shared = unkept_limits(problem) + unkept_breaks(problem) + unkept_meetings(problem)
    return shared + short_weeks(problem)


def explain_schedule(
    schedule: Schedule,
    requirement: Requirement,
    agents: Sequence[Agent],
    contracts: Sequence[Contract],
    **settings: Any,
) -> Explanation:
    """Say why intervals are short of staff, what cures that cheapest, and what an agent is worth.

    Parameters
    ----------
    schedule
        A legal schedule.
    requirement, agents, contracts
        What it was made for.
    settings
        Those of `make_schedule` that shape the problem: rules, campaigns, skills, locks, carry_in.

    Returns
    -------
    Explanation
        `frame` has one row for each interval and queue that is short, with cause, cure and what
        the cure saves; `prices` what one more agent would save by queue and interval.
    """
    from wfm.scheduling.explain import explain

    problem = schedule_problem(
        requirement,
        agents,
        contracts,
        first_day=schedule.first_day,
        days=schedule.days,
        **settings,
    )
    return explain(problem, schedule.frame)
