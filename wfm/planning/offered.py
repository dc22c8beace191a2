"""What "offered" counts: everybody who called, or not those who hung up at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from wfm.core.errors import DataError
from wfm.core.types import History

Counted = Literal["all", "less_short", "no_short"]
EVERYBODY = "everybody who called"


def counted_as(history: History, counted: Counted, short_s: float = 5.0) -> History:
    """A history whose offered contacts count what the centre counts.

    Parameters
    ----------
    history
        As it was read.
    counted
        `all`: everybody who called, as the file has it. `less_short`: the file's offered holds
        short abandons, and they are taken off. `no_short`: it holds none, as the file has it.
    short_s
        A caller who leaves sooner is a short abandon [s]; for the report.

    Returns
    -------
    History
        With `counted`. Where contacts were taken off it has other `offered` and a remark in its
        report; `abandoned` and `short_abandoned` stay as they were counted, and an interval that
        does not say how many left at once keeps its offered.

    Raises
    ------
    DataError
        Short abandons are to be taken off a history that does not count them.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"start": pd.DatetimeIndex(["2026-03-02 10:00"], tz="UTC"),
    ...     "queue": "a", "offered": 10.0, "answered": 7.0, "abandoned": 3.0, "aht_s": 200.0,
    ...     "short_abandoned": 2.0})
    >>> made = counted_as(History(frame, pd.Timedelta("30min").to_pytimedelta()), "less_short")
    >>> made.frame["offered"].tolist()
    [8.0]
    """
    words = counted_words(counted, short_s)
    if counted != "less_short":
        return replace(history, counted=words)
    frame = history.frame
    if "short_abandoned" not in frame or frame["short_abandoned"].isna().all():
        message = (
            "history: short abandons are to be taken off what was offered, but the file does not "
            "count them. Choose that it holds none, or take in call records with their waits."
        )
        raise DataError(message)
    short = frame["short_abandoned"].fillna(0.0)
    less = frame.assign(offered=(frame["offered"] - short).clip(lower=0.0))
    report = history.report
    if hasattr(report, "remarks"):
        told = f"Offered is without {short.sum():,.0f} contacts abandoned within {short_s:g} s."
        silent = int((frame["short_abandoned"].isna() & frame["offered"].notna()).sum())
        if silent:
            told += f" {silent:,} intervals do not count them and stay as they are."
        contacts = float(less["offered"].sum())
        report = replace(report, contacts=contacts, remarks=(*report.remarks, told))
    return replace(history, frame=less, report=report, counted=words)


def counted_words(counted: Counted, short_s: float = 5.0) -> str:
    """What offered contacts are, in words; empty where everybody who called counts.

    >>> counted_words("no_short", 5)
    'without contacts abandoned within 5 s'
    """
    return "" if counted == "all" else f"without contacts abandoned within {short_s:g} s"
