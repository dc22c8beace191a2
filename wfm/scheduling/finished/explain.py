"""Why an interval is short of staff, the cheapest cure, and what one more agent is worth when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from wfm.core.errors import DataError
from wfm.scheduling.counts.linear import Running, relax, take_slice
from wfm.scheduling.counts.matrix import make_matrix
from wfm.scheduling.crew import BY_HAND, CAMPAIGN, MEETING_CODE, OFF, QUEUE, Crew
from wfm.scheduling.finished.cures import CAUSES, diagnose
from wfm.scheduling.groups import make_layout
from wfm.scheduling.parts import split_problem
from wfm.scheduling.people.tours import Tours
from wfm.scheduling.problem import Begin, Problem
from wfm.scheduling.roster import (
    MEETING,
    WORK,
    Piece,
    Shift,
    is_as_long,
    kind_of,
    read_roster,
)

TOLERANCE = 1e-3


@dataclass(frozen=True, eq=False)
class Explanation:
    """Causes and cures of what is short, and prices.

    Parameters
    ----------
    frame
        `start queue under cause why cure saves`, one row for each interval and queue that is short:
        heads missing, the cause (a key of `CAUSES`) and in words, the cheapest cure in words and
        what it saves [cost units]; where no cure saves anything `cure` says so and `saves` is 0.
    prices
        `start queue price`: what one more agent in that interval would save at most by the linear
        programme's prices [cost units].
    """

    frame: pd.DataFrame
    prices: pd.DataFrame

    @property
    def cures(self) -> pd.DataFrame:
        """Each cure that saves anything once, the best first: `cure saves intervals first last`.

        One change often mends several short intervals, and `frame` names it for each of them: here
        is how many those are, and their first and last. What two cures save need not add up.

        Examples
        --------
        >>> at = pd.date_range("2027-01-04 09:00", periods=3, freq="15min", tz="UTC")
        >>> cures = ["move", "hire", "move"]
        >>> short = pd.DataFrame({"start": at, "cure": cures, "saves": [5, 9, 4]})
        >>> Explanation(short, pd.DataFrame()).cures[["cure", "saves", "intervals"]].to_numpy()
        array([['hire', 9, 1],
               ['move', 5, 2]], dtype=object)
        """
        return (
            self.frame[self.frame["saves"] > 0]
            .groupby("cure", as_index=False)
            .agg(
                saves=("saves", "max"),
                intervals=("start", "nunique"),
                first=("start", "min"),
                last=("start", "max"),
            )
            .sort_values(["saves", "first"], ascending=[False, True], ignore_index=True)
        )


def explain(problem: Problem, frame: pd.DataFrame, *, seconds: float = 20.0) -> Explanation:
    """Explain where a schedule is short.

    Parameters
    ----------
    problem
        What the schedule is for.
    frame
        `agent start end activity queue` of a legal schedule.
    seconds
        Wall limit of the prices; without an answer they are left out.
    """
    crew = crew_of(problem, frame)
    tours = Tours(crew)
    short = np.maximum(problem.required - crew.staff, 0)
    rows = []
    for queue, interval in np.argwhere(short).tolist():
        cause, cure, saves = diagnose(tours, queue, interval)
        rows.append(
            {
                "start": problem.grid[interval],
                "queue": problem.queues[queue],
                "under": int(short[queue, interval]),
                "cause": cause,
                "why": CAUSES[cause],
                "cure": cure,
                "saves": saves * problem.scale,
            }
        )
    columns = ["start", "queue", "under", "cause", "why", "cure", "saves"]
    return Explanation(pd.DataFrame(rows, columns=columns), prices(problem, seconds=seconds))


def crew_of(problem: Problem, frame: pd.DataFrame) -> Crew:
    """The named agents of a schedule on the time axis; rows off the horizon are left out.

    Raises
    ------
    DataError
        A queue, campaign or meeting of the schedule that the problem does not know, or a shift as
        long as none of its agent's contract.
    """
    crew = Crew(make_layout(problem))
    code_of = _codes(problem)
    for shift in read_roster(problem, frame).shifts:
        if not 0 <= shift.start < problem.intervals:
            continue
        if not is_as_long(problem, shift):
            raise DataError(_too_long(problem, shift))
        begin, group = Begin(shift.start, kind_of(problem, shift)), crew.group(shift.agent)
        codes = np.full(group.lengths[begin.kind], OFF, dtype=np.int16)
        names = problem.contract_of(shift.agent).pauses
        free = [i for i, _ in group.breaks_of(begin.kind)]
        for piece in shift.pieces:
            where = slice(piece.start - shift.start, piece.end - shift.start)
            if piece.activity not in (*WORK, MEETING):
                codes[where] = _pause(crew, piece.activity, [p.name for p in names], free)
                continue
            code = code_of.get((piece.activity, piece.queue))
            if code is None:
                raise DataError(_missing(problem, shift.agent, piece))
            codes[where] = code
        crew.put(shift.agent, begin, codes)
    return crew


def _pause(crew: Crew, activity: str, names: list[str], free: list[int]) -> int:
    """Code of a break: the next of the shift's own of that name, which is no longer free then.

    One more than the contract has is another of a name; anything else was set by hand.
    """
    own = [i for i in free if names[i] == activity]
    if own:
        free.remove(own[0])
        return own[0]
    if activity in names:
        return names.index(activity)
    if activity not in crew.by_hand:
        crew.by_hand.append(activity)
    return BY_HAND + crew.by_hand.index(activity)


def _too_long(problem: Problem, shift: Shift) -> str:
    """What to say of a shift as long as none of its contract."""
    minutes = (shift.end - shift.start) * problem.interval_min
    return (
        f"schedule: the shift of agent {problem.agents[shift.agent].agent!r} on "
        f"{problem.stamp(shift.start)} lasts {minutes} min, which no shift of its contract "
        f"{problem.agents[shift.agent].contract!r} does. Build the schedule again, or give the "
        "contract that it was made for."
    )


def _codes(problem: Problem) -> dict[tuple[str, str], int]:
    """Code of a queue, campaign or meeting, by activity and name."""
    known = (
        ("inbound", QUEUE, problem.queues),
        ("outbound", CAMPAIGN, [c.campaign for c in problem.campaigns]),
        (MEETING, MEETING_CODE, [m.meeting for m in problem.meetings]),
    )
    return {(kind, n): base + i for kind, base, names in known for i, n in enumerate(names)}


def _missing(problem: Problem, agent: int, piece: Piece) -> str:
    """What to say of work in a schedule that is not among what is given."""
    name, at = problem.agents[agent].agent, problem.stamp(piece.start)
    if piece.activity == "inbound":
        return (
            f"schedule: agent {name!r} is on queue {piece.queue!r} on {at}, which the requirement "
            "does not hold. Give the requirement that the schedule was made for."
        )
    if piece.activity == MEETING:
        return (
            f"schedule: agent {name!r} is in meeting {piece.queue!r} on {at}, which is not given. "
            "Give all meetings that the schedule was made with, also those that are over."
        )
    return (
        f"schedule: agent {name!r} is on campaign {piece.queue!r} on {at}, which is not given. "
        "Give all campaigns that the schedule was made with, also those that have ended."
    )


def prices(problem: Problem, *, seconds: float = 20.0) -> pd.DataFrame:
    """What one more agent saves by queue and interval, from the duals of the linear programme."""
    found = []
    names = list(problem.queues)
    for part in split_problem(problem):
        matrix = make_matrix(part.problem)
        everything = np.ones(len(matrix.cost), dtype=bool)
        whole = take_slice(matrix, everything, np.zeros(len(matrix.cost)))
        answer = relax(whole, TOLERANCE, seconds, Running())
        if answer is None:
            continue
        duals = np.zeros(len(matrix.row_low))
        duals[whole.touched] = answer.duals
        covers = np.flatnonzero(matrix.row_rule == "coverage")
        for i, pool in enumerate(part.pools):
            rows = covers[i * problem.intervals : (i + 1) * problem.intervals]
            found += [(names[queue], np.maximum(duals[rows], 0.0)) for queue in pool]
    frames = [
        pd.DataFrame(
            {
                "start": problem.grid[: problem.intervals],
                "queue": queue,
                "price": worth * problem.scale,
            }
        )
        for queue, worth in sorted(found, key=lambda pair: names.index(pair[0]))
    ]
    empty = pd.DataFrame(columns=["start", "queue", "price"])
    return pd.concat(frames, ignore_index=True) if frames else empty


def campaign_prices(problem: Problem, *, seconds: float = 20.0) -> np.ndarray:
    """What one more agent-interval on each campaign saves, by the duals [cost units].

    Parameters
    ----------
    problem
        What is scheduled.
    seconds
        Wall limit; NaN where there is no answer.

    Returns
    -------
    numpy.ndarray
        Shape (campaigns,).
    """
    found = np.full(len(problem.campaigns), np.nan)
    for part in split_problem(problem):
        if not len(part.campaigns):
            continue
        matrix = make_matrix(part.problem)
        whole = take_slice(matrix, np.ones(len(matrix.cost), bool), np.zeros(len(matrix.cost)))
        answer = relax(whole, TOLERANCE, seconds, Running())
        if answer is None:
            continue
        duals = np.zeros(len(matrix.row_low))
        duals[whole.touched] = answer.duals
        rows = np.flatnonzero(matrix.row_rule == "coverage")[-len(part.campaigns) :]
        found[part.campaigns] = np.maximum(duals[rows], 0.0) * problem.scale
    return found
