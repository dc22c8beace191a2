"""Who a change is by, where nobody is named."""

from __future__ import annotations

import getpass
import os

MOST = 200


def author_or_user(author: str | None) -> str:
    """The author given, else the name in WFM_USER, else that of the operating system's user.

    >>> author_or_user(" ayse ")
    'ayse'
    """
    named = (author or "").strip() or os.environ.get("WFM_USER", "").strip()
    if named:
        return named[:MOST]
    try:
        return getpass.getuser()[:MOST]
    except (KeyError, OSError, ImportError):  # a user id without a name, as in some containers
        return "unknown"
