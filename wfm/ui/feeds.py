"""The app's own server hands out the calendars that agents subscribe to."""

from __future__ import annotations

from functools import cache

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from wfm.core.errors import WfmError
from wfm.planning.feeds import feed
from wfm.store import Store, default_url, open_store
from wfm.ui.reader import KEPT

HEADERS = {
    "Cache-Control": "private, no-cache",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Referrer-Policy": "no-referrer",
}
served = False
"""Whether this process answers for calendars: `wfm app` does, a bare script does not."""


def routes() -> list[Route]:
    """What the server answers beside the pages: ``/calendars/<project>/<token>.ics``."""
    global served
    served = True
    return [Route("/calendars/{project:int}/{token}.ics", calendar, methods=["GET"])]


@cache
def _store(url: str) -> Store:
    return open_store(url, read_only=True)


def calendar(request: Request) -> Response:
    """One agent's calendar; an address that is not known tells nothing about what is."""
    project = int(request.path_params["project"])
    try:
        store = _store(default_url())
        language = store.kept(project, KEPT) or "en"
        data = feed(store, project, str(request.path_params["token"]), language=language)
    except WfmError:
        data = None
    if data is None:
        return PlainTextResponse("There is no calendar here.\n", 404, HEADERS)
    return Response(data, 200, HEADERS, "text/calendar; charset=utf-8")
