"""Contact records: one row a call; `read_records` rolls them up."""

from __future__ import annotations

from wfm.io.read.layouts.base import Layout

LAYOUT = Layout(
    "contact_records",
    "contact records, one row a call",
    marks=("ContactID", "Queue_EnqueueTimestamp"),
    columns={},
    one_a_call=True,
)
