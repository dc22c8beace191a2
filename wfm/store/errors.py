"""Errors of the store that carry more than a sentence: both versions, or the last backup."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from wfm.core.errors import WfmError

RETRY = "nothing was saved. Load the page again and repeat your change."


class ChangedMeanwhile(WfmError):
    """Someone else has saved the same thing since it was read; nothing was saved.

    Attributes
    ----------
    what
        For example ``table 'agents'``.
    mine, theirs, base
        What was to be saved, what is there now, and what it was when it was read: frames for a
        table, mappings for settings. `base` is None when it is not known any more.
    revision
        Of theirs: saving `mine` with it as `seen` replaces theirs, knowingly.
    merged
        Settings with the changes of both sides, when no place was changed by both; else None.
    author, at
        Who saved theirs, and when (UTC), as far as known.
    rows
        One row for each difference: `place`, `before`, `theirs`, `mine`, as text.

    Examples
    --------
    >>> print(ChangedMeanwhile("table 'agents'", author="ayse"))
    table 'agents': changed meanwhile by someone else (ayse); nothing was saved. Load the page
    again and repeat your change.
    """

    def __init__(
        self,
        what: str,
        *,
        mine: Any = None,
        theirs: Any = None,
        base: Any = None,
        merged: Any = None,
        revision: int | None = None,
        author: str = "",
        at: datetime | None = None,
        rows: pd.DataFrame | None = None,
    ) -> None:
        by = f" ({author})" if author else ""
        super().__init__(f"{what}: changed meanwhile by someone else{by}; {RETRY}", rows=rows)
        self.what = what
        self.mine = mine
        self.theirs = theirs
        self.base = base
        self.merged = merged
        self.revision = revision
        self.author = author
        self.at = at


class DamagedError(WfmError):
    """The database file is damaged.

    Attributes
    ----------
    place
        The file.
    backup
        Its newest sound backup, for `restore_backup`; None when there is none.
    """

    def __init__(self, place: Path, backup: Path | None) -> None:
        if backup is None:
            offer = "There is no backup in its folder 'backups'"
        else:
            offer = f"The last backup is {backup}: restore it (wfm.store.restore_backup)"
        message = (
            f"database {place}: the file is damaged. Restore a backup, or name another file with "
            f"WFM_DATABASE. {offer}; what can still be read of the file, "
            "open_store(..., read_only=True) shows."
        )
        super().__init__(message)
        self.place = place
        self.backup = backup
