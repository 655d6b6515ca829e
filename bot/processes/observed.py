"""What every request over HTTP gets: an id in log and answer, a count, a farewell when the process stops.

https://www.rfc-editor.org/rfc/rfc9112#section-9.6 for `Connection: close`.
"""

from __future__ import annotations

import itertools
import re
import secrets
from collections.abc import Callable
from hmac import compare_digest

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars, reset_contextvars

from bot.metrics import CONTENT_TYPE, Metrics
from postings.store import Store

_GIVEN = re.compile(rb"[\w.-]{1,64}")
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
        self._process = secrets.token_hex(4)
        self._count = itertools.count()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = self._id(scope)
        route = route_class(scope["path"])

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                added = [(b"x-request-id", request.encode())]
                if self._stopping():
                    added.append((b"connection", b"close"))
                # A new message: what is sent to many keeps its headers.
                message = {**message, "headers": [*message["headers"], *added]}
                self._metrics.answered(route, message["status"])
            await send(message)

        # Every request pays for this: the context manager of structlog takes twice as long.
        bound = bind_contextvars(request=request)
        try:
            await self._app(scope, receive, answer)
        finally:
            reset_contextvars(**bound)

    def _id(self, scope: Scope) -> str:
        """A proxy's id goes on, so that its log and Vigie's can be read together; else one of ours."""
        for name, text in scope["headers"]:
            if name == b"x-request-id" and _GIVEN.fullmatch(text):
                return str(text, "ascii")
        return f"{self._process}{next(self._count):08x}"


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
