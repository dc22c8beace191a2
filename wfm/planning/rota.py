"""Rosters by shift type: make one, check one, and hand it on to the schedule as locks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from wfm.core.edits import Lock
from wfm.core.errors import DataError, InfeasibleError
from wfm.core.people import Agent
from wfm.core.ranges import check_range
from wfm.core.rota import Rota, RotaContract, ShiftType, Wish
from wfm.core.types import Violation

if TYPE_CHECKING:
    from wfm.scheduling.clock import Progress
    from wfm.scheduling.problem import Problem

COVER = ("day", "shift", "required", "under", "over")


def make_rota(
    agents: Sequence[Agent],
    contracts: Sequence[RotaContract],
    shifts: Sequence[ShiftType],
    cover: pd.DataFrame,
    *,
    wishes: Iterable[Wish] = (),
    first_day: date | None = None,
    days: int | None = None,
    before: Mapping[str, tuple[str | None, int]] | None = None,
    seconds: float = 60,
    seed: int = 0,
    progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Rota:
    """Give everybody shift types for each day: early, late, night, or a day off.

    Parameters
    ----------
    agents
        Their contracts are rota contracts; absences are days off.
    contracts, shifts
        What may be asked of whom, and the shift types.
    cover
        `day shift required` in heads, and where they differ from 100 and 1 `under` and `over`, the
        cost of a head missing and of one too many.
    wishes
        Shifts wanted or not wanted, each with its cost when it is missed.
    first_day, days
        The period; None takes the days of `cover`.
    before
        By agent the last shift type before the period (None for a day off) and for how many days
        in a row that has lasted. Of others, runs are judged inside the period only.
    seconds, seed
        Wall limit [s], and of everything random.
    progress, stop
        Called now and then; `stop` returning True ends with the best so far.

    Returns
    -------
    Rota
        Legal, with its cost, a proven bound, coverage by day and type, and totals by person.

    Raises
    ------
    DataError
        A row that belongs nowhere, or a number that cannot be.
    InfeasibleError
        Somebody's rules cannot all be kept; carries the nearest rota and where it gives way.

    Examples
    --------
    >>> from datetime import date
    >>> people = [Agent(a, a, "full", frozenset()) for a in ("Ada", "Bob")]
    >>> week = pd.date_range("2027-01-04", periods=7).date
    >>> cover = pd.DataFrame({"day": week, "shift": "early", "required": 1})
    >>> full = RotaContract("full", max_in_row=4, min_off_in_row=2)
    >>> rota = make_rota(people, [full], [ShiftType("early", 480)], cover, seconds=5)
    >>> rota.status, rota.objective, len(rota.frame)
    ('optimal', 0.0, 7)
    """
    from wfm.scheduling.lines.rota_value import rota_of
    from wfm.scheduling.solve import solve

    check_range("rota", "seconds", seconds)
    problem = _problem(agents, contracts, shifts, cover, wishes, first_day, days, before)
    try:
        schedule = solve(problem, seconds=seconds, seed=seed, progress=progress, stop=stop)
    except InfeasibleError as clash:
        clash.nearest = rota_of(problem, clash.nearest)
        raise
    return rota_of(problem, schedule)


def check_rota(
    frame: pd.DataFrame,
    agents: Sequence[Agent],
    contracts: Sequence[RotaContract],
    shifts: Sequence[ShiftType],
    *,
    first_day: date,
    days: int,
    before: Mapping[str, tuple[str | None, int]] | None = None,
) -> list[Violation]:
    """List every rule that a rota breaks, without the solver.

    Parameters
    ----------
    frame
        `agent day shift`, one row a shift.
    agents, contracts, shifts, first_day, days, before
        As in `make_rota`.
    """
    from wfm.scheduling.check import check
    from wfm.scheduling.lines.rota_value import lines_of, read_rota
    from wfm.scheduling.roster import frame_of_types

    nothing = pd.DataFrame({"day": [], "shift": [], "required": []})
    problem = _problem(agents, contracts, shifts, nothing, (), first_day, days, before)
    return check(problem, frame_of_types(problem, read_rota(lines_of(problem), frame)))


def rota_locks(rota: Rota, shifts: Sequence[ShiftType]) -> list[Lock]:
    """Return a rota as locks: each shift by its start, each day without one as a day off.

    A schedule made with them keeps the rota and places breaks and outbound work in it.

    Parameters
    ----------
    rota
        From `make_rota`.
    shifts
        With `start_min`.

    Raises
    ------
    DataError
        A shift type without a start.
    """
    starts = {shift.shift: shift.start_min for shift in shifts}
    for name in rota.frame["shift"].unique():
        if starts.get(name) is None:
            message = f"shift type {name!r}: it has no start. Give it start_min."
            raise DataError(message)
    rows = zip(rota.frame["agent"], rota.frame["day"], rota.frame["shift"], strict=True)
    worked = {(agent, day): starts[shift] for agent, day, shift in rows}
    period = pd.date_range(rota.first_day, periods=rota.days).date
    return [
        Lock(agent, day, worked.get((agent, day)))
        for agent in rota.totals["agent"]
        for day in period
    ]


def _problem(
    agents: Sequence[Agent],
    contracts: Sequence[RotaContract],
    shifts: Sequence[ShiftType],
    cover: pd.DataFrame,
    wishes: Iterable[Wish],
    first_day: date | None,
    days: int | None,
    before: Mapping[str, tuple[str | None, int]] | None,
) -> Problem:
    from wfm.scheduling.lines.assemble import build_rota_problem

    missing = [name for name in COVER[:3] if name not in cover]
    if missing:
        found = ", ".join(map(str, cover.columns))
        message = f"cover: missing columns {', '.join(missing)}; found {found}."
        raise DataError(message)
    on = [pd.Timestamp(day).date() for day in cover["day"]]
    if not on and (first_day is None or days is None):
        message = "cover: it has no rows. Say how many heads each day and shift type needs."
        raise DataError(message)
    first = first_day or min(on)
    length = days or (max(on) - first).days + 1
    under = cover["under"] if "under" in cover else [100.0] * len(cover)
    over = cover["over"] if "over" in cover else [1.0] * len(cover)
    heads = cover["required"].astype(int)
    rows = list(zip(on, cover["shift"], heads, under, over, strict=True))
    return build_rota_problem(
        agents, contracts, shifts, rows, wishes, first_day=first, days=length, before=before
    )
