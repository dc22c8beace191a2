"""Avaya CMS: split intervals, totals in seconds, date and time of the interval in two columns."""

from __future__ import annotations

from wfm.io.read.layouts.base import Layout

LAYOUT = Layout(
    "avaya_cms",
    "Avaya CMS split intervals",
    marks=("callsoffered", "acdcalls", "abncalls", "acdtime", "acwtime"),
    columns={
        "date": ("row_date", "date"),
        "time": ("starttime", "start time", "time", "interval"),
        "duration": ("intrvl",),
        "queue": ("split name", "split", "skill"),
        "offered": ("callsoffered",),
        "answered": ("acdcalls",),
        "abandoned": ("abncalls",),
        "talk_s": ("acdtime",),
        "hold_s": ("holdtime",),
        "wrap_s": ("acwtime",),
        "wait_answered_s": ("anstime",),
        "wait_abandoned_s": ("abntime",),
    },
)
