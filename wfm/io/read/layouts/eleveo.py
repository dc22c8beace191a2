"""Eleveo: historical data by queue of an ACD, 15 min, ISO 8601 in UTC."""

from __future__ import annotations

from wfm.io.read.layouts.base import Layout

LAYOUT = Layout(
    "eleveo",
    "Eleveo historical data",
    marks=("ACD ID", "Queue"),
    columns={
        "start": ("Date-time", "Date and time", "Datetime", "Start", "Date"),
        "queue": ("Queue",),
        "offered": ("Contacts offered", "Offered", "Number of contacts offered"),
        "aht_s": ("AHT (s)", "AHT", "AHT (seconds)"),
    },
    parts=("ACD ID",),
    source_zone="UTC",
)
