"""Where things lie: the database by default, and the folder beside it for backups and logs."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from sqlalchemy import URL


def data_folder() -> Path:
    """The folder of the user's data on this machine."""
    home = Path.home()
    if sys.platform == "win32":
        folder = Path(os.environ.get("LOCALAPPDATA", home / "AppData" / "Local"))
    elif sys.platform == "darwin":
        folder = home / "Library" / "Application Support"
    else:
        folder = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    return folder / "wfm"


def default_url() -> str:
    """The environment's WFM_DATABASE, else `wfm.db` in the user's data folder."""
    return os.environ.get("WFM_DATABASE", "") or str(data_folder() / "wfm.db")


def beside(url: URL) -> Path:
    """The file of a database; for one on a server, a file of its name in the user's data folder.

    Backups and logs lie beside it.

    >>> from sqlalchemy import make_url
    >>> beside(make_url("sqlite:////srv/plans.db")).as_posix()
    '/srv/plans.db'
    >>> beside(make_url("postgresql://planner:secret@server/wfm")).name
    'server-wfm.db'
    """
    if url.get_backend_name() == "sqlite":
        return Path(url.database or "wfm.db").absolute()
    name = re.sub(r"[^\w-]+", "-", "-".join(filter(None, (url.host, url.database))))
    return data_folder() / f"{name or 'wfm'}.db"
