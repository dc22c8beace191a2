"""What a history itself says of the service it got: service level as counted, and patience."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from wfm.core.errors import DataError
from wfm.core.types import History

if TYPE_CHECKING:
    from wfm.erlang import Patience

COUNTS = ("answered", "answered_within", "abandoned", "abandoned_within", "short_abandoned")
WAITS = ("wait_answered_s", "wait_abandoned_s")
GROUPS = ("queue", "day")


def measured_service(
    history: History, variant: str = "sl_offered", by: str = "queue"
) -> pd.DataFrame:
    """Service level that callers got, counted in the centre's own way.

    Parameters
    ----------
    history
        With `answered_within` and `abandoned_within`, as `read_records` gives it; the threshold
        is the one it was read with.
    variant
        How it is counted: one of the six of `ServiceTarget`.
    by
        `"queue"`, or `"day"` for each queue and local day.

    Returns
    -------
    pandas.DataFrame
        `queue` (and `day`), the counts, and `service_level` (NaN without contacts). Intervals in
        which a count is unknown are left out.

    Raises
    ------
    DataError
        A history without these counts, or an unknown variant.
    """
    from wfm.erlang import service_level

    if by not in GROUPS:
        message = f"measured_service: by={by!r} is not known. Use 'queue' or 'day'."
        raise DataError(message)
    missing = [name for name in COUNTS if name not in history.frame]
    if missing:
        message = (
            f"history: no service level can be counted without {', '.join(missing)}. Read call "
            "records (read_records), or staff it by the model."
        )
        raise DataError(message)
    frame = history.frame[history.frame[list(COUNTS)].notna().all(axis=1)]
    keys: list[pd.Series] = [frame["queue"]]
    if by == "day":
        keys.append(frame["start"].dt.tz_localize(None).dt.normalize().rename("day"))
    counts = frame.groupby(keys, sort=True)[list(COUNTS)].sum().reset_index()
    counts["service_level"] = service_level(
        variant,
        answered=counts["answered"],
        answered_within=counts["answered_within"],
        abandoned=counts["abandoned"],
        abandoned_within=counts["abandoned_within"],
        short=counts["short_abandoned"],
    )
    return counts


def measured_patience(history: History) -> dict[str, Patience]:
    """Mean patience of each queue whose waits the history knows; empty where it knows none.

    Queues whose patience cannot be told from their counts are left out.
    """
    from wfm.erlang import patience_from_history

    if not set(WAITS) <= set(history.frame.columns):
        return {}
    found: dict[str, Patience] = {}
    for _, rows in history.frame.groupby("queue", sort=True):
        known = rows[list(WAITS)].notna().all(axis=1)
        if known.any():
            found |= patience_from_history(rows[known])
    return found
