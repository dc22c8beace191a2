"""E-mail and post that wait for quiet periods: what comes in together is one piece of work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from wfm.core.calendars import DAY_MIN, Opening, Window
from wfm.core.errors import DataError
from wfm.core.intervals import day_start
from wfm.core.types import Requirement, Schedule
from wfm.core.work import Campaign

LEAST_TIME = 1 / 3
"""Of the first contact's open hours to be answered in: what a piece leaves to work in."""
QUARTER_H, OPEN_STEP = 0.25, pd.Timedelta(minutes=15)
HOUR = pd.Timedelta(hours=1)
NOISE = 1e-9


@dataclass(frozen=True)
class Piece:
    """Work of one queue that comes in together.

    Parameters
    ----------
    queue, name
        Whose it is, and what the schedule calls it.
    rows
        Positions in the requirement's frame.
    not_before, due
        It is worked once the last of it has come in - all that an interval brings comes as the
        interval begins, as in level staffing; what comes in within an hour from its first contact
        on - and before the first of it is due.
    hours
        On the roster [h].
    aht_s
        Mean handle time of a contact [s]; 0 where it is not known.
    """

    queue: str
    name: str
    rows: np.ndarray
    not_before: pd.Timestamp
    due: pd.Timestamp
    hours: float
    aht_s: float


def quiet_pieces(requirement: Requirement) -> list[Piece]:
    """The work of a requirement that waits for quiet periods, cut into pieces.

    A piece holds what comes in on a day. It is halved where less than `LEAST_TIME` would be left
    between its last contact and the time its first one is due, counted in opening hours.

    Examples
    --------
    Ten letters of six minutes an hour on four days, to be answered within two days.

    >>> start = pd.date_range("2026-03-02", periods=96, freq="h", tz="Europe/Istanbul")
    >>> start = start[(start.hour >= 9) & (start.hour < 17)]
    >>> frame = pd.DataFrame({"start": start, "queue": "post", "agents": 0, "scheduled": 0,
    ...                       "quiet_h": 1.0, "due_h": 48.0})
    >>> need = Requirement(frame, timedelta(hours=1))
    >>> [(p.name, p.hours, f"{p.not_before:%H:%M}", f"{p.due:%a %H:%M}")
    ...  for p in quiet_pieces(need)][:1]
    [('post 2026-03-02', 8.0, '16:00', 'Wed 09:00')]
    """
    frame = requirement.frame
    if "quiet_h" not in frame or frame["quiet_h"].isna().all():
        return []
    found: list[Piece] = []
    step = pd.Timedelta(requirement.interval)
    for queue, rows in frame[frame["quiet_h"].notna()].groupby("queue", sort=True):
        due = pd.to_timedelta(rows["due_h"], unit="h")
        day = rows["start"].dt.tz_localize(None).dt.normalize().rename("day")
        opening = opening_of(rows["start"], step)
        for at, together in rows.groupby(day):
            for some in _with_time(together, due, opening):
                if some["quiet_h"].sum() <= 0.0:
                    continue
                first = some["start"].iloc[0]
                share = some.get("shrinkage", pd.Series(0.0, some.index)).fillna(0.0)
                whole = len(some) == len(together)
                found.append(
                    Piece(
                        str(queue),
                        f"{queue} {at:%Y-%m-%d}" + ("" if whole else f" {first:%H:%M}"),
                        some.index.to_numpy(),
                        first if _within_the_hour(some) else some["start"].iloc[-1],
                        first + due[some.index[0]],
                        float((some["quiet_h"] / (1.0 - share)).sum()),
                        _mean_aht_s(some),
                    )
                )
    return found


def _mean_aht_s(rows: pd.DataFrame) -> float:
    """Handle time of the contacts of some rows [s] on the roster, breaks and all; 0 if unknown."""
    if not {"volume", "aht_s", "shrinkage"} <= set(rows) or not rows["volume"].sum():
        return 0.0
    each = rows["aht_s"] / (1.0 - rows["shrinkage"])
    return float(np.average(each, weights=rows["volume"]))


def _within_the_hour(rows: pd.DataFrame) -> bool:
    """Whether all of it comes in within an hour, so that a block takes it as it comes."""
    return len(rows) == 1 or bool(rows["start"].iloc[-1] - rows["start"].iloc[0] < HOUR)


def _with_time(rows: pd.DataFrame, due: pd.Series, opening: Opening) -> Iterator[pd.DataFrame]:
    """Halves of halves of rows that come in together, until each leaves time to work in."""
    first, last = rows["start"].iloc[0], rows["start"].iloc[-1]
    end = first + due[rows.index[0]]

    def open_from(begin: pd.Timestamp) -> int:
        return int(
            opening.open_at(pd.date_range(begin, end, freq=OPEN_STEP, inclusive="left")).sum()
        )

    if _within_the_hour(rows) or open_from(last) >= LEAST_TIME * open_from(first):
        yield rows
        return
    half = len(rows) // 2
    yield from _with_time(rows.iloc[:half], due, opening)
    yield from _with_time(rows.iloc[half:], due, opening)


def quiet_campaigns(
    requirement: Requirement,
    first_day: date,
    days: int,
    *,
    skills: Mapping[str, str] | None = None,
    value: float = 1.0,
) -> list[Campaign]:
    """The pieces that a schedule places, each as a campaign with its own hours.

    Parameters
    ----------
    requirement
        With `quiet_h` and `due_h`.
    first_day, days
        Days of the schedule. A piece whose time to be worked in reaches beyond them takes the share
        of its open hours that lies inside, and each is rounded up to a quarter of an hour.
    skills
        Skill that each queue asks for; its own name unless given.
    value
        Worth of an hour beside other campaigns.

    Returns
    -------
    list of Campaign
        Permitted in the opening hours of the queue, as the requirement's rows tell them.

    Raises
    ------
    DataError
        Work that is due before an interval is over.
    """
    zone = requirement.time_zone
    begin = pd.Timestamp(day_start(first_day, zone))
    end = pd.Timestamp(day_start(first_day + timedelta(days=days), zone))
    frame, step = requirement.frame, pd.Timedelta(requirement.interval)
    found = []
    for piece in quiet_pieces(requirement):
        mine = frame.loc[frame["queue"] == piece.queue, "start"]
        inside = mine[(mine >= piece.not_before) & (mine + step <= piece.due)]
        known = piece.due <= mine.iloc[-1] + step
        permitted = opening_of(inside if known and len(inside) else mine, step)
        grid = pd.date_range(piece.not_before, piece.due - step, freq=step)
        grid = grid[permitted.open_at(grid)]
        if not len(grid):
            message = (
                f"queue {piece.queue!r}: what comes in on {piece.not_before:%a %d %b %H:%M} is due "
                f"at {piece.due:%a %H:%M}, before an open interval is over. Raise its due_h."
            )
            raise DataError(message)
        here = len(grid[(grid >= begin) & (grid + step <= end)])
        # Too little for a block goes with what lies on the other side of the schedule's edge.
        little = HOUR / step
        if 0 < (before := int((grid < begin).sum())) < little:
            here += before
        if here < little and len(grid) > here:
            here = 0
        if here:
            found.append(
                Campaign(
                    piece.name,
                    (skills or {}).get(piece.queue, piece.queue),
                    permitted,
                    np.ceil(piece.hours * here / len(grid) / QUARTER_H - NOISE) * QUARTER_H,
                    talk_s=piece.aht_s,
                    value=value,
                    not_before=piece.not_before.to_pydatetime(),
                    due=piece.due.to_pydatetime(),
                )
            )
    return found


def opening_of(starts: pd.Series, step: pd.Timedelta) -> Opening:
    """Weekly hours in which there are intervals.

    Examples
    --------
    >>> from wfm.core.wording import opening_text
    >>> start = pd.Series(pd.date_range("2026-03-02 09:00", periods=3, freq="h", tz="UTC"))
    >>> opening_text(opening_of(start, pd.Timedelta(hours=1)))
    'Mon 09:00-12:00'
    """
    wide = int(step / pd.Timedelta(minutes=1))
    clock = pd.DatetimeIndex(starts)
    minutes = clock.hour * 60 + clock.minute
    windows = []
    for weekday in sorted(set(clock.day_of_week.tolist())):
        begins = np.unique(minutes[clock.day_of_week == weekday])
        cut = np.flatnonzero(np.diff(begins) > wide)
        first, last = np.append(0, cut + 1), np.append(cut, len(begins) - 1)
        for one, other in zip(begins[first].tolist(), begins[last].tolist(), strict=True):
            windows.append(Window(frozenset({int(weekday)}), one, min(other + wide, DAY_MIN)))
    return Opening(tuple(windows))


def quiet_service(schedule: Schedule, requirement: Requirement) -> pd.DataFrame:
    """What a schedule does of the work that waits for quiet periods.

    Parameters
    ----------
    schedule, requirement
        The requirement with `quiet_h`.

    Returns
    -------
    pandas.DataFrame
        `start queue volume load required scheduled heads service_level abandoned occupancy asa_s
        overloaded counted` for each interval of the schedule's days: heads that are on the queue's
        work, and as service level the share of what comes in then that is placed before it is due.
        What is worked after the schedule's days is not counted.
    """
    frame, pieces = requirement.frame, quiet_pieces(requirement)
    done = schedule.outbound.set_index("campaign")
    level = pd.Series(np.nan, index=frame.index)
    queue_of = {}
    for piece in pieces:
        if piece.name in done.index:
            wanted, placed = (float(done[c][piece.name]) for c in ("target_h", "placed_h"))
            level[piece.rows] = min(placed / wanted, 1.0) if wanted > 0 else 1.0
            queue_of[piece.name] = piece.queue
    zone = requirement.time_zone
    begin = day_start(schedule.first_day, zone)
    end = day_start(schedule.first_day + timedelta(days=schedule.days), zone)
    rows = frame[frame["quiet_h"].notna() & (frame["start"] >= begin) & (frame["start"] < end)]
    work = schedule.frame[schedule.frame["activity"] == "outbound"]
    work = work.assign(queue=work["queue"].map(queue_of)).dropna(subset="queue")
    share, known = rows.get("shrinkage", 0.0), level[rows.index]
    rostered = _mean_heads(rows, work, pd.Timedelta(requirement.interval))
    return pd.DataFrame(
        {
            "start": rows["start"],
            "queue": rows["queue"],
            "volume": rows["volume"],
            "load": rows["load"],
            "required": rows["scheduled"],
            "scheduled": rostered,
            "heads": rostered * (1.0 - share),
            "service_level": known.fillna(1.0),
            "abandoned": 0.0,
            "occupancy": np.where(rostered > 0, 1.0, 0.0),
            "asa_s": np.nan,
            "overloaded": known < 1.0,
            "counted": rows["volume"].where(known.notna(), 0.0),
        }
    ).reset_index(drop=True)


def _mean_heads(rows: pd.DataFrame, work: pd.DataFrame, step: pd.Timedelta) -> np.ndarray:
    """Agents on the queue's work in each interval, by the minutes of it that they are."""
    found = np.zeros(len(rows))
    for queue, blocks in work.groupby("queue"):
        at = np.flatnonzero(rows["queue"] == queue)
        begin = rows["start"].iloc[at]
        for first, last in zip(blocks["start"], blocks["end"], strict=True):
            shared = (begin + step).clip(upper=last) - begin.clip(lower=first)
            found[at] += np.maximum(shared.to_numpy() / step.to_numpy(), 0.0)
    return found
