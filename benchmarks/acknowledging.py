"""Of 200 commands at once the slowest acknowledgement, against the second that it may take.

The commands are Mattermost's, given to the application as its HTTP server would. The database is slow: no answer is
there before every command was acknowledged, and all are sent later.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlencode

import httpx
from starlette.applications import Starlette
from starlette.types import Message

from benchmarks.measure import Ratio
from bot.asking.chat import Caller
from bot.platforms.mattermost import MattermostBot
from bot.platforms.mattermost_server import MattermostServer
from bot.wording.message import Message as Answer
from bot.wording.message import line

_AT_ONCE = 200
_ROUNDS = 3
_ADDRESS = "https://vigie.exemple.example"
_PATIENCE = 0.25
"""Seconds for which an answer is waited here: what is measured is what comes on top of it."""


def acknowledging() -> Iterator[Ratio]:
    """The slowest of a round over a second, without the time for which an answer is waited: of some rounds the best."""
    yield Ratio(f"slowest acknowledgement of {_AT_ONCE}/1 s", asyncio.run(_slowest()), 1.0)


async def _slowest() -> float:
    ready = asyncio.Event()
    sent: list[httpx.Request] = []

    async def slow(text: str, _caller: Caller) -> Answer:
        await ready.wait()
        return Answer((line(text),))

    def taken(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, text="ok")

    async with httpx.AsyncClient(transport=httpx.MockTransport(taken)) as server:
        bot = MattermostBot(
            slow,
            MattermostServer(_ADDRESS, "jeton", server),
            tokens=["jeton"],
            secret="secret",  # noqa: S106  of a benchmark
            site_url=_ADDRESS,
            clock=lambda: datetime.now(UTC),
            language="fr",
            patience=_PATIENCE,
        )
        app = Starlette(routes=bot.routes())
        slowest: list[float] = []
        for first in range(0, _ROUNDS * _AT_ONCE, _AT_ONCE):
            bodies = [_body(first + n) for n in range(_AT_ONCE)]
            start = time.perf_counter()
            slowest.append(max(await asyncio.gather(*(_acknowledged(app, body, start) for body in bodies))))
        ready.set()
        await bot.stop()
    if len(sent) != _ROUNDS * _AT_ONCE:
        raise AssertionError(f"{len(sent)} answers came later")
    return min(slowest) - _PATIENCE


def _body(number: int) -> bytes:
    form = {
        "token": "jeton",
        "text": "dev à Paris",
        "trigger_id": f"t{number}",
        "user_id": f"u{number}",
        "response_url": f"{_ADDRESS}/hooks/commands/c{number}",
    }
    return urlencode(form).encode()


async def _acknowledged(app: Starlette, body: bytes, start: float) -> float:
    """The seconds from `start`, when all of them are sent, until a command is acknowledged."""
    said: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        said.append(message)

    path = "/mattermost/command"
    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(b"content-length", str(len(body)).encode())],
    }
    await app(scope, receive, send)
    if said[0]["status"] != 200 or b"Vigie cherche" not in said[1]["body"]:
        raise AssertionError(f"answered {said[0]['status']}")
    return time.perf_counter() - start
