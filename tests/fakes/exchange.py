"""One request to a fake server: what is kept of it, and the pieces of ASGI around it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import httpx
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Send


@dataclass(frozen=True, slots=True)
class Recorded:
    """A request as it arrived: `json` is the body, from JSON or from a form (then all values are strings).

    `json` is None when there was no body, or when it was neither.
    """

    method: str
    path: str
    query: dict[str, str]
    json: Any


class Refused(Exception):
    """Raised by a route to answer with the platform's refusal."""

    def __init__(self, response: Response) -> None:
        super().__init__(f"answered {response.status_code}")
        self.response = response


class Replay:
    """`receive` for an application, with the body that was read already."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._body: bytes | None = body
        self._receive = receive

    async def __call__(self) -> Message:
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}

    @staticmethod
    def rest(receive: Receive) -> Receive:
        """What comes after the body: nothing until the client goes away."""
        return receive._receive if isinstance(receive, Replay) else receive


def keeper(kept: list[Message]) -> Send:
    """`send` that keeps what an application answers."""

    async def keep(message: Message) -> None:
        kept.append(message)

    return keep


async def refuse(_request: Request, error: Exception) -> Response:
    """Starlette's handler of `Refused`."""
    assert isinstance(error, Refused)
    return error.response


def parsed(body: bytes, content_type: str) -> Any:
    """A body as an object: from JSON, from a form, else None."""
    if not body:
        return None
    if content_type.startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(body.decode(), keep_blank_values=True))
    try:
        return json.loads(body)
    except ValueError:
        return None


async def call(url: str, client: httpx.AsyncClient | None, **request: Any) -> httpx.Response:
    """Posts what a platform sends to a bot, through the client of the test or through one of its own."""
    if client is not None:
        return await client.post(url, **request)
    async with httpx.AsyncClient(timeout=30, verify=False) as own:
        return await own.post(url, **request)
