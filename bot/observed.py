"""What every request over HTTP gets: an id in log and answer, a count, a farewell when the process stops.

https://www.rfc-editor.org/rfc/rfc9112#section-9.6 for `Connection: close`.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from hmac import compare_digest

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars

from bot.metrics import CONTENT_TYPE, Metrics
from postings.store import Store

_GIVEN = re.compile(r"[\w.-]{1,64}", re.ASCII)
_CLASSES = {
    "feeds": "feed",
    "": "page",
    "postes": "page",
    "equipes": "page",
    "chiffres": "page",
    "accessibilite": "page",
    "vigie.css": "page",
    "api": "data",
    "export.csv": "data",
    "mattermost": "chat",
    "slack": "chat",
    "telegram": "chat",
    "hooks": "hook",
    "healthz": "operator",
    "readyz": "operator",
    "metrics": "operator",
}
"""By the first part of the path; whatever else is asked for is "other"."""


class Observed:
    """An application whose requests are counted; `stopping` says whether the process was asked to stop."""

    def __init__(self, app: ASGIApp, metrics: Metrics, stopping: Callable[[], bool]) -> None:
        self._app = app
        self._metrics = metrics
        self._stopping = stopping

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        # A proxy's id goes on, so that its log and Vigie's can be read together.
        request = given if _GIVEN.fullmatch(given) else secrets.token_hex(8)
        route = route_class(scope["path"])

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request
                if self._stopping():
                    headers["Connection"] = "close"
                self._metrics.answered(route, message["status"])
            await send(message)

        with bound_contextvars(request=request):
            await self._app(scope, receive, answer)


def route_class(path: str) -> str:
    """The class of routes that a path belongs to: one of a few, whatever is asked for."""
    return _CLASSES.get(path.removeprefix("/").partition("/")[0], "other")


def metrics_route(metrics: Metrics, store: Store, token: str | None) -> Route:
    """`/metrics`, for whoever brings `token` (RFC 6750, 2.1), or for everybody where there is none."""
    expected = None if token is None else f"Bearer {token}".encode()

    async def told(request: Request) -> Response:
        given = request.headers.get("Authorization", "").encode("latin-1", "replace")
        if expected is not None and not compare_digest(given, expected):
            return PlainTextResponse("a token is needed", 401, {"WWW-Authenticate": "Bearer"})
        return Response(await metrics.told(store), media_type=CONTENT_TYPE)

    return Route("/metrics", told)
