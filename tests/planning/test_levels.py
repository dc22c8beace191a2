"""Hours on each queue by the level of those who serve it."""

import dataclasses

import pandas as pd

import wfm
from tests.planning.test_changes import CONTRACT, MONDAY, needs, people
from wfm.planning.levels import served_levels


def test_hours_by_level_are_counted_by_hand() -> None:
    made = wfm.make_schedule(needs(3), people(7), [CONTRACT, OTHER], first_day=MONDAY, moves=1)
    start = pd.Timestamp("2027-01-04 08:00", tz="Europe/Istanbul")
    rows = [
        ("a0", "voice", 0, 4),
        ("a0", "mail", 4, 5),
        ("a1", "voice", 0, 1),
        ("a2", "mail", 0, 3),
    ]
    frame = pd.DataFrame(
        [
            {
                "agent": agent,
                "start": start + pd.Timedelta(hours=first),
                "end": start + pd.Timedelta(hours=last),
                "activity": "inbound",
                "queue": queue,
            }
            for agent, queue, first, last in rows
        ]
    )
    schedule = dataclasses.replace(made, frame=frame)
    crowd = [dataclasses.replace(a, skills=frozenset({"voice", "mail"})) for a in people(7)]
    crowd[1] = dataclasses.replace(crowd[1], levels=(("voice", 3),))
    table = served_levels(schedule, crowd, priorities={"mail": 2})
    assert table.to_dict("split")["data"] == [
        ["mail", 2, 1, 2, 4.0, 1.0],
        ["voice", 5, 1, 1, 4.0, 0.8],
        ["voice", 5, 3, 1, 1.0, 0.2],
    ]


def test_without_levels_and_priorities_there_is_nothing_to_say() -> None:
    made = wfm.make_schedule(needs(3), people(7), [CONTRACT, OTHER], first_day=MONDAY, moves=1)
    assert served_levels(made, people(7)).empty


OTHER = dataclasses.replace(CONTRACT, contract="other")
