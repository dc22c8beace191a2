"""Calendars that can be subscribed to: an address for each agent, which nobody can guess.

An address holds the project and a token made from the agent's id and a secret of the project. It
stays the same for ever, and tells the published schedules; a new secret ends all old addresses.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable
from hashlib import sha256

from wfm import io
from wfm.core.types import Schedule
from wfm.store import Store, VersionInfo

SECRET = "feeds.secret"
MOST = 26
"""Newest published schedules that a feed tells: half a year of weeks."""


def feed_paths(store: Store, project: int | str, agents: Iterable[str]) -> dict[str, str]:
    """Path of each agent's calendar on the app's server, such as ``calendars/3/9f2c....ics``.

    The first call makes the project's secret and keeps it.

    Examples
    --------
    >>> import tempfile
    >>> from wfm.store import open_store
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     store = open_store(f"{folder}/plans.db")
    ...     project = store.create_project("Baku").id
    ...     path = feed_paths(store, project, ["a1"])["a1"]
    ...     path == feed_paths(store, project, ["a1"])["a1"], path.startswith("calendars/1/")
    (True, True)
    """
    number = store.project(project).id
    secret = store.kept(number, SECRET) or renew_feeds(store, number)
    return {agent: f"calendars/{number}/{_token(secret, agent)}.ics" for agent in agents}


def renew_feeds(store: Store, project: int | str) -> str:
    """Make a new secret, so that every address changes and the old ones end; the secret."""
    secret = secrets.token_hex(32)
    store.keep(project, SECRET, secret)
    return secret


def feed(store: Store, project: int, token: str, *, language: str = "en") -> bytes | None:
    """The calendar behind an address, None where no agent has that token.

    Parameters
    ----------
    store, project
        Where the schedules are. Only published ones are told; the newer one counts on a day that
        two of them cover.
    token
        From the address.
    language
        Of the calendar's words.

    Raises
    ------
    DataError
        If the project does not exist.
    """
    secret = store.kept(project, SECRET)
    if secret is None:
        return None
    out, newest = published(store, project), store.latest(project, "schedule")
    schedules: list[Schedule] = [store.load(version.id) for version in out]
    listed = schedules if newest in out or newest is None else [*schedules, store.load(newest.id)]
    known = {str(a) for made in listed for a in made.totals["agent"]}
    asked = token.encode()
    found = [a for a in sorted(known) if hmac.compare_digest(_token(secret, a).encode(), asked)]
    if not found:
        return None
    name = store.project(project).name
    return io.agent_feed(schedules, found[0], project=name, language=language)


def published(store: Store, project: int | str) -> list[VersionInfo]:
    """The published schedules, the newest first."""
    versions = store.versions(project, "schedule")
    return [version for version in versions if version.state == "published"][:MOST]


def _token(secret: str, agent: str) -> str:
    return hmac.new(secret.encode(), agent.encode("utf-8", "surrogatepass"), sha256).hexdigest()[
        :32
    ]
