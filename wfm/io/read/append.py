"""Newer days joined to a history: new rows added, corrected ones replaced, none counted twice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from wfm.core.errors import DataError
from wfm.core.intervals import zone
from wfm.core.types import History

KEY = ["queue", "start"]


@dataclass(frozen=True)
class Appended:
    """A history with newer rows in it.

    Parameters
    ----------
    history
        The two together.
    changes
        `queue start before after what` of every row of the newer one that differs: `added`,
        `replaced`, `kept` (the older number stays) with the contacts offered before and after.
    same
        Rows that both hold alike.
    """

    history: History
    changes: pd.DataFrame
    same: int

    def __str__(self) -> str:
        counts = self.changes["what"].value_counts()
        said = [f"{int(counts.get(w, 0)):,} {w}" for w in ("added", "replaced", "kept")]
        return f"{', '.join(said)}, {self.same:,} the same."


def append(
    history: History, newer: History, *, on_conflict: Literal["replace", "keep"] = "replace"
) -> Appended:
    """Join newer rows to a history.

    Parameters
    ----------
    history
        What is there.
    newer
        What came, with the same interval; its stamps are taken into the history's zone.
    on_conflict
        What happens to an interval that both know with other numbers: the newer ones `replace`
        the older, or the older are kept (`keep`). A newer unknown never replaces a known number,
        nor do the zeros after the last contact of the newer file's last day: that day may not
        have been over.

    Returns
    -------
    Appended
        The history of both, and every row added, replaced or kept.

    Raises
    ------
    DataError
        The intervals differ in length, or on_conflict is not known.

    Examples
    --------
    >>> start = pd.date_range("2026-03-02 09:00", periods=3, freq="h", tz="Europe/Istanbul")
    >>> frame = pd.DataFrame({"start": start, "queue": "a", "offered": [5.0, 6.0, 7.0],
    ...                       "answered": 5.0, "abandoned": 0.0, "aht_s": 60.0})
    >>> hour = pd.Timedelta("1h").to_pytimedelta()
    >>> new = frame.iloc[1:].assign(offered=[6.0, 9.0])
    >>> print(append(History(frame.iloc[:2], hour), History(new, hour)))
    1 added, 0 replaced, 0 kept, 1 the same.
    """
    if on_conflict not in ("replace", "keep"):
        message = f"on_conflict: {on_conflict!r} is not known. Use replace or keep."
        raise DataError(message)
    if history.interval != newer.interval:
        message = (
            f"append: the history has intervals of {history.interval}, the newer rows of "
            f"{newer.interval}. Read both with one interval."
        )
        raise DataError(message)
    coming = newer.frame.copy()
    coming["start"] = coming["start"].dt.tz_convert(zone(history.time_zone))
    names = [c for c in history.frame.columns if c not in KEY]
    names += [c for c in coming.columns if c not in (*KEY, *names)]
    old = history.frame.set_index(KEY).reindex(columns=names)
    new = coming.set_index(KEY).reindex(columns=names)
    both = old.index.intersection(new.index)
    a, b = old.loc[both], new.loc[both]
    equal = ((a == b) | (a.isna() & b.isna())).all(axis=1).to_numpy()
    loses = (a["offered"].notna() & b["offered"].isna()).to_numpy()
    early = _not_over(coming).reindex(both).to_numpy(dtype=bool)
    loses = loses | (early & (a["offered"] > 0).to_numpy())
    fills = (a["offered"].isna() & b["offered"].notna()).to_numpy()
    take = ~equal & ~loses & (fills | (on_conflict == "replace"))
    added = new.index.difference(old.index)
    joined = pd.concat([old.drop(index=both[take]), b[take], new.loc[added]]).reset_index()
    what = np.where(take, "replaced", "kept")
    changes: pd.DataFrame = pd.concat(
        [
            _listed(both[~equal], a["offered"].to_numpy()[~equal], b["offered"].to_numpy()[~equal],
                    what[~equal]),
            _listed(added, np.full(len(added), np.nan), new.loc[added, "offered"].to_numpy(),
                    np.full(len(added), "added")),
        ],
        ignore_index=True,
    )  # fmt: skip
    frame = joined[["start", "queue", *names]]
    return Appended(
        replace(history, frame=frame),
        changes.sort_values(KEY, kind="stable", ignore_index=True),
        int(equal.sum()),
    )


def _listed(
    index: pd.Index, before: np.ndarray, after: np.ndarray, what: np.ndarray
) -> pd.DataFrame:
    listed = pd.DataFrame({"before": before, "after": after, "what": what}, index=index)
    return listed.reset_index()


def _not_over(coming: pd.DataFrame) -> pd.Series:
    """Rows after the last contact of the last day of the newer file."""
    contact = coming.loc[coming["offered"] > 0, "start"]
    end = contact.max() if len(contact) else coming["start"].min()
    day = coming["start"].dt.tz_localize(None).dt.normalize()
    after = (coming["start"] > end) & (day == day.max()) & (coming["offered"] == 0)
    return pd.Series(after.to_numpy(), index=pd.MultiIndex.from_frame(coming[KEY]))
