"""The shifts of a schedule: unbroken runs of an agent's blocks, on the day they begin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from wfm.core.language import told
from wfm.core.types import Schedule

WORK = ("inbound", "outbound")
_APART = pd.Timedelta(hours=3)


@dataclass(frozen=True)
class Block:
    """One unbroken stretch of one activity."""

    start: pd.Timestamp
    end: pd.Timestamp
    activity: str
    queue: str

    @property
    def is_break(self) -> bool:
        """Whether it is a pause and not work."""
        return self.activity not in WORK

    def hours(self) -> str:
        """Its hours, such as ``08:00-10:00``."""
        return f"{self.start:%H:%M}-{self.end:%H:%M}"

    def what(self, language: str = "en") -> str:
        """Its activity and queue in words."""
        return f"{told(self.activity, language)} {self.queue}".strip()


@dataclass(frozen=True)
class Shift:
    """One agent's blocks from coming to going."""

    agent: str
    day: date
    blocks: tuple[Block, ...]

    @property
    def start(self) -> pd.Timestamp:
        """When it begins."""
        return self.blocks[0].start

    @property
    def end(self) -> pd.Timestamp:
        """When it ends."""
        return max(b.end for b in self.blocks)

    def hours(self) -> str:
        """Its hours; an end on another day is marked."""
        later = (self.end.tz_localize(None).normalize() - pd.Timestamp(self.day)).days
        next_day = f" (+{later})" if later and f"{self.end:%H:%M}" != "00:00" else ""
        return f"{self.start:%H:%M}-{self.end:%H:%M}{next_day}"

    def breaks(self) -> str:
        """Its pauses in words."""
        return ", ".join(f"{b.start:%H:%M} {b.activity}" for b in self.blocks if b.is_break)

    def outbound(self) -> str:
        """Hours of its outbound blocks; which campaign, the colours and the calendar tell."""
        return ", ".join(b.hours() for b in self.blocks if b.activity == "outbound")


def shifts(schedule: Schedule) -> list[Shift]:
    """All shifts by day, start and agent; a pause of three hours or more parts two shifts."""
    found: list[Shift] = []
    for agent, rows in schedule.frame.groupby("agent", sort=True):
        run: list[Block] = []
        columns = (rows["start"], rows["end"], rows["activity"], rows["queue"])
        for start, end, activity, queue in zip(*columns, strict=True):
            if run and start - run[-1].end >= _APART:
                found.append(_shift(str(agent), run))
                run = []
            run.append(Block(start, end, str(activity), str(queue)))
        found.append(_shift(str(agent), run))
    return sorted(found, key=lambda s: (s.day, s.start, s.end, s.agent))


def _shift(agent: str, run: list[Block]) -> Shift:
    return Shift(agent, run[0].start.date(), tuple(run))
