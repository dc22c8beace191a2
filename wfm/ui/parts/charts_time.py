"""Times along the axis of a chart: labels, unbroken pieces, and the end of the last interval."""

from __future__ import annotations

import altair as alt
import pandas as pd


def clock_labels(stamps: pd.Series) -> pd.Series:
    """Wall-clock time of each stamp as HH:MM."""
    labels: pd.Series = stamps.dt.strftime("%H:%M")
    return labels


def time_axis(shown: pd.DataFrame) -> alt.X:
    """Days along the axis, each named below its noon, or the hours of a single day."""
    days = shown["start"].dt.normalize().drop_duplicates()
    if len(days) > 1:
        noons = [alt.DateTime(year=d.year, month=d.month, date=d.day, hours=12) for d in days]
        axis = alt.Axis(format="%a %d %b", values=noons, grid=False, labelOverlap=True)
        return alt.X("start:T", title=None, axis=axis)
    return alt.X("start:T", title=None, axis=alt.Axis(format="%H:%M", tickCount=12))


def unbroken(start: pd.Series) -> pd.Series:
    """Which line each time belongs to, by time: one line ends where the centre closes.

    >>> stamps = ["2027-01-04 23:30", "2027-01-05 00:00", "2027-01-05 08:00"]
    >>> unbroken(pd.Series(pd.to_datetime(stamps))).tolist()
    [0, 0, 1]
    """
    times = start.drop_duplicates().sort_values()
    gaps = times.diff()
    piece: pd.Series = (gaps > gaps.min()).cumsum()
    return piece.set_axis(times)


def with_ends(shown: pd.DataFrame) -> pd.DataFrame:
    """Rows by start, and the last of each unbroken piece once more at its end: a step has a width.

    >>> stamps = pd.to_datetime(["2027-01-04 08:00", "2027-01-04 08:30"])
    >>> with_ends(pd.DataFrame({"start": stamps, "heads": [3, 4]}))["heads"].tolist()
    [3, 4, 4]
    """
    piece = unbroken(shown["start"])
    step = piece.index.to_series().diff().min()
    if pd.isna(step):
        return shown
    last = shown[shown["start"].isin(piece.index[~piece.duplicated(keep="last")])]
    ended = pd.concat([shown, last.assign(start=last["start"] + step)])
    return ended.sort_values("start", kind="stable", ignore_index=True)
