"""Amazon Connect: history of queues by channel, 15 or 30 min, stamps in ISO 8601 with Z."""

from __future__ import annotations

from wfm.io.read.layouts.base import Layout

LAYOUT = Layout(
    "amazon_connect",
    "Amazon Connect history",
    marks=("QueueName", "TimeStamp", "IntervalDuration", "IncomingContactVolume"),
    columns={
        "start": ("TimeStamp",),
        "queue": ("QueueName",),
        "duration": ("IntervalDuration",),
        "offered": ("IncomingContactVolume",),
        "answered": ("ContactsHandled",),
        "aht_s": ("AverageHandleTime",),
    },
    parts=("QueueId", "ChannelType"),
    source_zone="UTC",
)
