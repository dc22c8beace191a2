"""The store: one object for everything that is saved, and how it is opened."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from wfm.core.errors import WfmError
from wfm.store.database import connect, url_of
from wfm.store.jobs import Jobs
from wfm.store.migrate import upgrade
from wfm.store.undo import Undo
from wfm.store.versions import Versions


class Store(Undo, Versions, Jobs):
    """Projects, tables, versions, change log and jobs of one database.

    Each method is one transaction, so one store may serve many threads. Get one from `open_store`.
    """


def default_url() -> str:
    """The environment's WFM_DATABASE, else `wfm.db` in the user's data folder."""
    given = os.environ.get("WFM_DATABASE", "")
    if given:
        return given
    home = Path.home()
    if sys.platform == "win32":
        folder = Path(os.environ.get("LOCALAPPDATA", home / "AppData" / "Local"))
    elif sys.platform == "darwin":
        folder = home / "Library" / "Application Support"
    else:
        folder = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    return str(folder / "wfm" / "wfm.db")


def open_store(url_or_path: str | Path | None = None) -> Store:
    """Open the database, make it if it is new, and bring its tables up to date.

    Parameters
    ----------
    url_or_path
        A file for SQLite, or a URL such as ``postgresql://user@server/wfm``. None takes
        `default_url`.

    Returns
    -------
    Store
        Ready to use.

    Raises
    ------
    WfmError
        If it cannot be opened, is not a wfm database, is damaged, or was made by a newer program.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     store = open_store(Path(folder) / "plans.db")
    ...     project = store.create_project("Istanbul", {"interval": "30min"})
    ...     store.settings("Istanbul")
    {'interval': '30min'}
    """
    url = url_of(default_url() if url_or_path is None else url_or_path)
    if url.get_backend_name() == "sqlite" and url.database:
        folder = Path(url.database).absolute().parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            message = (
                f"database {url.database}: the folder {folder} cannot be made "
                f"({error.strerror}). Name another file with WFM_DATABASE."
            )
            raise WfmError(message) from error
    store = Store(connect(url))
    try:
        upgrade(store._engine, store.place)
    except DBAPIError as error:
        raise store.in_words(error) from error
    return store
