"""Tables as csv: UTF-8, ISO stamps with their offset and a column for the zone, no formulas."""

from __future__ import annotations

import io

import pandas as pd

from wfm.io.formula import guarded


def csv_bytes(frame: pd.DataFrame) -> bytes:
    r"""A frame as csv.

    Stamps are written as ``2026-03-02T08:00:00+03:00``; the zone itself, which an offset does not
    tell, goes into a last column `time_zone`. Texts that begin like a formula get a leading ``'``.

    >>> csv_bytes(pd.DataFrame({"agent": ["=1+1"], "paid_h": [-2.0]}))
    b"agent,paid_h\n'=1+1,-2.0\n"
    """
    out = guarded(frame)
    zones = []
    for i in range(frame.shape[1]):
        column = frame.iloc[:, i]
        if isinstance(column.dtype, pd.DatetimeTZDtype):
            zones.append(str(column.dt.tz))
            out.isetitem(i, iso(column).array)
    if zones and "time_zone" not in out.columns:
        out["time_zone"] = zones[0]
    buffer = io.StringIO(newline="")
    out.to_csv(buffer, index=False, lineterminator="\r\n" if _returns(out) else "\n")
    return buffer.getvalue().encode("utf-8")


def _returns(frame: pd.DataFrame) -> bool:
    """Whether a text holds a carriage return, which is quoted only where it may end a line."""
    texts = frame.select_dtypes(include=["object", "string"])
    held = (texts[c].map(lambda v: isinstance(v, str) and "\r" in v).any() for c in texts)
    return any("\r" in str(name) for name in frame.columns) or any(held)


def iso(column: pd.Series) -> pd.Series:
    """Stamps as ISO 8601 text with their offset."""
    unique = column.drop_duplicates()
    texts = {stamp: None if stamp is pd.NaT else stamp.isoformat() for stamp in unique}
    return column.map(texts)
