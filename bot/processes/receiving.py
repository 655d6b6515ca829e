"""How long a request may take to arrive: what one caller never finishes must not keep the process."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PATIENCE = 20.0
"""Seconds from the head of a request to the end of its body; platforms send theirs at once, forges 25 MB at most."""
_LAST_PATIENCE = 1.0
"""Seconds that are left to a part once the process was asked to stop: a head that was taken is a promise to answer,
and its body may still be on the way. It is less than requests under way have to end."""


class Bounded:
    """An application to which a body that does not arrive in time looks like a caller who hung up.

    So does one that is still unfinished a while after `told` is set, or the process could not stop. `unfinished`
    answers both. `patience` and `last` are in seconds.
    """

    def __init__(
        self, app: ASGIApp, told: asyncio.Event, patience: float = PATIENCE, last: float = _LAST_PATIENCE
    ) -> None:
        self._app = app
        self._told = told
        self._patience = patience
        self._last = last

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        until = asyncio.get_running_loop().time() + self._patience
        whole = False

        async def received() -> Message:
            nonlocal whole
            if (
                whole
            ):  # what is still waited for is that the caller goes, and that may take as long as an answer
                return await receive()
            message = await self._in_time(receive, until)
            whole = not message.get("more_body", False)
            return message

        await self._app(scope, received, send)

    async def _in_time(self, receive: Receive, until: float) -> Message:
        loop = asyncio.get_running_loop()
        asked = loop.create_task(_message(receive), name="receiving")
        told = loop.create_task(self._told.wait(), name="stopping")
        try:
            await asyncio.wait(
                {asked, told},
                timeout=max(until - loop.time(), 0.0),
                return_when=asyncio.FIRST_COMPLETED,
            )
            if told.done() and not asked.done():
                await asyncio.wait({asked}, timeout=max(min(until - loop.time(), self._last), 0.0))
            return asked.result() if asked.done() else {"type": "http.disconnect"}
        finally:
            asked.cancel()
            told.cancel()


async def _message(receive: Receive) -> Message:
    return await receive()


def unfinished(_request: Request, _gone: Exception) -> Response:
    """What is answered to a request whose body ended early or never came: 408 (RFC 9110, section 15.5.9).

    It is no fault of ours: without an answer of its own it would be logged as one, at anybody's pleasure.
    """
    return Response(status_code=408, headers={"Connection": "close"})
