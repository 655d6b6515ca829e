"""A body that does not arrive, or a caller who hangs up, ends a request and nothing else."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.processes.receiving import Bounded, unfinished

LONG = 3600.0


async def _read(request: Request) -> Response:
    return PlainTextResponse(await request.body())


def _bounded(told: asyncio.Event, patience: float, last: float = 0.0) -> Bounded:
    app = Starlette(
        routes=[Route("/", _read, methods=["POST"])], exception_handlers={ClientDisconnect: unfinished}
    )
    return Bounded(app, told, patience, last)


async def _posted(bounded: Bounded, *arriving: dict[str, Any]) -> tuple[int, bytes]:
    """The answer to a request whose parts arrive so, and then nothing more."""
    coming = list(arriving)
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if not coming:
            await asyncio.Event().wait()
        for _ in range(5):  # it is on the way
            await asyncio.sleep(0)
        return coming.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/", "headers": [], "query_string": b""}
    await bounded(scope, receive, send)
    return sent[0]["status"], b"".join(part.get("body", b"") for part in sent)


def _part(body: bytes, *, more: bool) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


async def test_a_body_in_parts_arrives_whole() -> None:
    parts = (_part(b"dev", more=True), _part(b" paris", more=False))
    assert await _posted(_bounded(asyncio.Event(), LONG), *parts) == (200, b"dev paris")


async def test_a_body_that_does_not_end_in_time_is_answered_all_the_same() -> None:
    assert await _posted(_bounded(asyncio.Event(), 0.0), _part(b"dev", more=True)) == (408, b"")


async def test_a_caller_who_hangs_up_is_no_fault_of_ours() -> None:
    parts = (_part(b"dev", more=True), {"type": "http.disconnect"})
    assert await _posted(_bounded(asyncio.Event(), LONG), *parts) == (408, b"")


async def test_what_is_unfinished_when_the_process_stops_does_not_keep_it() -> None:
    told = asyncio.Event()
    told.set()
    assert await _posted(_bounded(told, LONG), _part(b"dev", more=True)) == (408, b"")


async def test_a_body_on_its_way_when_the_process_stops_arrives() -> None:
    told = asyncio.Event()
    told.set()
    parts = (_part(b"dev", more=True), _part(b" paris", more=False))
    assert await _posted(_bounded(told, LONG, LONG), *parts) == (200, b"dev paris")


async def test_a_fault_of_ours_is_still_one() -> None:
    async def broken(_request: Request) -> Response:
        raise RuntimeError("a mistake")

    app = Starlette(
        routes=[Route("/", broken, methods=["POST"])], exception_handlers={ClientDisconnect: unfinished}
    )
    with pytest.raises(RuntimeError, match="a mistake"):
        await _posted(Bounded(app, asyncio.Event(), LONG), _part(b"", more=False))
