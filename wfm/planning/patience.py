"""How long callers would wait, estimated from a table of calls or of interval counts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import pandas as pd

from wfm.core.cell import heading
from wfm.core.errors import DataError
from wfm.core.wording import parse_truth
from wfm.io import read_frame

if TYPE_CHECKING:
    from wfm.erlang import Patience

CALLS = ("wait_s", "abandoned")


def estimate_patience(
    source: str | Path | BinaryIO | pd.DataFrame,
    *,
    short_s: float = 0.0,
    interval_s: float | None = None,
) -> Patience:
    """Mean patience from data: censored waits of single calls, or counts of intervals.

    Parameters
    ----------
    source
        A file or frame. One row a call: `wait_s` and `abandoned` (yes/no, true/false, 1/0). Or one
        row an interval: `abandoned`, `answered` or `offered`, and either the waits
        (`wait_answered_s` and `wait_abandoned_s`, or the means `asa_s` and
        `mean_wait_abandoned_s`) or the staffing (`agents` and `aht_s`).
    short_s
        With calls: leave out who hung up within so many seconds [s].
    interval_s
        With staffing: length of an interval [s].

    Returns
    -------
    Patience
        `mean_s` with its bounds, the number of abandonments it rests on, and a sentence.

    Raises
    ------
    DataError
        Columns are missing (it says which), or a cell cannot be read.

    Examples
    --------
    >>> calls = pd.DataFrame({"wait_s": [5, 10, 15], "abandoned": ["no", "yes", "no"]})
    >>> estimate_patience(calls).mean_s
    30.0
    """
    from wfm.erlang import patience_from_counts, patience_from_waits

    frame = source if isinstance(source, pd.DataFrame) else read_frame(source)
    frame = frame.rename(columns={name: heading(name) for name in frame.columns})
    if "wait_s" not in frame:
        return patience_from_counts(frame, interval_s=interval_s)
    if "abandoned" not in frame:
        found = ", ".join(str(name) for name in frame.columns)
        message = f"patience: a table of calls needs {' and '.join(CALLS)}; found {found}. Add it."
        raise DataError(message)
    waits = pd.to_numeric(frame["wait_s"], errors="coerce").to_numpy(dtype=float)
    lost = []
    for row, value in enumerate(frame["abandoned"]):
        try:
            lost.append(parse_truth(_plain(value)))
        except DataError as error:
            message = f"patience: abandoned in row {row}: {error}"
            raise DataError(message, rows=frame.iloc[[row]]) from error
    return patience_from_waits(waits, lost, short_s=short_s)


def _plain(value: object) -> str:
    """A truth as `parse_truth` reads it; a sheet makes 1.0 of 1."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
