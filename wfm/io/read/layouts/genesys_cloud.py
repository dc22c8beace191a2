"""Genesys Cloud: history of queues by media type, skill set and language, 15 min in UTC."""

from __future__ import annotations

from wfm.io.read.layouts.base import Layout

LAYOUT = Layout(
    "genesys_cloud",
    "Genesys Cloud history",
    marks=("Interval Start UTC Date", "Queue", "Offered"),
    columns={
        "start": ("Interval Start UTC Date",),
        "queue": ("Queue",),
        "offered": ("Offered",),
        "answered": ("Interactions Handled",),
        "handle_s": ("Total Handle Time (Seconds)",),
    },
    parts=("Media Type", "Skill Set", "Language"),
    source_zone="UTC",
)
