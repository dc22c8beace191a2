"""Calabrio (Teleopti) queue statistics: 21 fields without headings, semicolons or commas.

Calls that overflowed in from another queue are offered too; they are not among the direct ones.
"""

from __future__ import annotations

import re

from wfm.io.read.layouts.base import Layout

FIELDS = (
    "interval",
    "date",
    "time",
    "queue",
    "queue_name",
    "offd_direct_call_cnt",
    "overflow_in_call_cnt",
    "aband_call_cnt",
    "overflow_out_call_cnt",
    "answ_call_cnt",
    "queued_and_answ_call_dur",
    "queued_and_aband_call_dur",
    "talking_call_dur",
    "wrap_up_dur",
    "queued_answ_longest_que_dur",
    "queued_aband_longest_que_dur",
    "avg_avail_member_cnt",
    "ans_servicelevel_cnt",
    "wait_dur",
    "aband_short_call_cnt",
    "aband_within_sl_cnt",
)

_TIME = re.compile(r"\d{1,2}:?\d{2}(:\d{2})?( ?[AP]\.?M\.?)?|0[.,]\d+|[01]", re.IGNORECASE)


def is_row(cells: list[str]) -> bool:
    """Whether cells are a row: interval, date, time, two names, then numbers.

    >>> is_row(["15", "20260302", "08:00", "7", "support", *["0"] * 16])
    True
    """
    number = re.compile(r"\s*-?\d*([.,]\d*)?\s*")
    return (
        bool(re.fullmatch(r"\s*\d{1,4}\s*", cells[0]))
        and bool(re.fullmatch(r"\s*\d{1,4}[./-]?\d{1,2}[./-]?\d{1,4}( .*)?", cells[1]))
        and bool(_TIME.fullmatch(cells[2].strip()))
        and all(number.fullmatch(c) for c in cells[5:])
    )


LAYOUT = Layout(
    "calabrio",
    "Calabrio (Teleopti) queue statistics",
    marks=FIELDS[1:10],
    columns={
        "date": ("date",),
        "time": ("time",),
        "duration": ("interval",),
        "queue": ("queue_name",),
        "offered": ("offd_direct_call_cnt",),
        "answered": ("answ_call_cnt",),
        "abandoned": ("aband_call_cnt",),
        "talk_s": ("talking_call_dur",),
        "wrap_s": ("wrap_up_dur",),
        "answered_within": ("ans_servicelevel_cnt",),
        "abandoned_within": ("aband_within_sl_cnt",),
        "short_abandoned": ("aband_short_call_cnt",),
        "wait_answered_s": ("queued_and_answ_call_dur",),
        "wait_abandoned_s": ("queued_and_aband_call_dur",),
    },
    parts=("queue",),
    plus={"offered": "overflow_in_call_cnt"},
    headings=FIELDS,
    is_row=is_row,
)
