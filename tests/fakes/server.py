"""A fake platform as a real HTTP server on the loopback, in the test's loop or in a thread of its own."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Literal, Self

import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute
from starlette.types import Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from tests.fakes.exchange import Recorded, Refused, Replay, keeper, parsed, refuse
from tests.fakes.failures import Bucket, Failure, Kind, Limit, Pace
from tests.fakes.weather import Weather

NONSENSE = b'{"ok": "oui", "id": 5, "ts": [], "result": "rien", "posts": 3, "messages": {"ts": null}}'
GARBAGE = "<html><head><title>Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>"


class FakeServer(ABC):
    """`async with Fake…() as server:` in a test's loop, `with Fake…().in_thread() as server:` in a sync test.

    `clock` returns seconds since 1970. `paced` turns on the limits that the platform publishes on the rate of
    requests, `limit` one of a test's own instead; both answer 429, which `too_many` counts.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.time,
        limit: Limit | None = None,
        paced: bool = False,
    ) -> None:
        self.clock = clock
        self.requests: list[Recorded] = []
        self.unanswered: list[Recorded] = []
        """What was carried out and whose good answer did not arrive whole because of a failure."""
        self.weather: Weather | None = None
        """Draws the failures of requests for which none was queued."""
        self._failures: list[Failure] = []
        self.too_many = 0
        self._limit = limit
        self._paced = paced
        self._pace = Pace(clock)
        self._released = asyncio.Event()
        self.news = threading.Condition()
        """Told of each request and each answer; servers in threads may share one, set before the first starts."""
        self._waiting: set[asyncio.Event] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._uvicorn: uvicorn.Server | None = None
        self._address: str | None = None
        self._app = Starlette(routes=list(self.routes()), exception_handlers={Refused: refuse})

    @abstractmethod
    def routes(self) -> Sequence[BaseRoute]:
        """What the platform answers to."""

    @abstractmethod
    def refusal(self, code: int, retry_after: float | None) -> Response:
        """The platform's answer when it fails with this code; `retry_after` is in seconds."""

    @abstractmethod
    def pace_key(self, request: Recorded) -> str | None:
        """What the rate of this request is counted by, None when it is not limited."""

    def published(self, request: Recorded) -> Mapping[str, Limit | Bucket]:
        """The limits that the platform publishes for this request, by what each is counted by."""
        return {}

    @property
    def address(self) -> str:
        """The scheme, host and port, without a final slash; known from the start on, kept after the end."""
        if self._address is None:
            raise RuntimeError("the fake server was not started")
        return self._address

    # What a test asks for

    def fail(self, *failures: Failure) -> None:
        """Queues failures: each is used once, by the next request that it fits."""
        self._failures.extend(failures)

    def release(self) -> None:
        """Lets every request that hangs now go on."""
        self.in_loop(self._release)

    async def until(self, condition: Callable[[], object], *, seconds: float = 10) -> None:
        """Waits until the condition holds, looking again at each request; raises TimeoutError."""
        woken = asyncio.Event()
        self._waiting.add(woken)
        try:
            async with asyncio.timeout(seconds):
                while not condition():
                    await woken.wait()
                    woken.clear()
        finally:
            self._waiting.discard(woken)

    def wait(self, condition: Callable[[], object], *, seconds: float = 30) -> None:
        """As `until`, for a sync test with the server in a thread."""
        with self.news:
            if not self.news.wait_for(condition, seconds):
                raise TimeoutError(f"not within {seconds} s; {len(self.requests)} requests came")

    # Starting and stopping

    async def __aenter__(self) -> Self:
        await self._start()
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self._stop()

    @contextlib.contextmanager
    def in_thread(self) -> Iterator[Self]:
        """Runs the server in a thread of its own until the block ends."""
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, name=type(self).__name__, daemon=True)
        thread.start()
        try:
            asyncio.run_coroutine_threadsafe(self._start(), loop).result(30)
            try:
                yield self
            finally:
                asyncio.run_coroutine_threadsafe(self._stop(), loop).result(30)
        finally:
            loop.call_soon_threadsafe(loop.stop)
            thread.join(30)
            loop.close()

    async def _start(self) -> None:
        self._loop = asyncio.get_running_loop()
        config = uvicorn.Config(
            self,
            host="127.0.0.1",
            port=0,
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
        )
        config.load()
        server = uvicorn.Server(config)
        server.lifespan = config.lifespan_class(config)
        # Not serve(): it takes over the signals and ticks ten times a second, which each test would wait for.
        await server.startup()
        self._uvicorn = server
        self._address = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"

    async def _stop(self) -> None:
        server = self._uvicorn
        assert server is not None
        for listener in server.servers:
            listener.close()
        while server.server_state.connections:
            for connection in list(server.server_state.connections):
                connection.transport.abort()
            await asyncio.sleep(0)
        if server.server_state.tasks:
            await asyncio.wait(set(server.server_state.tasks), timeout=10)
        for listener in server.servers:
            await listener.wait_closed()
        self._uvicorn = None
        self._loop = None

    # A request

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            body = await request.body()
        except ClientDisconnect:
            return
        recorded = Recorded(
            request.method,
            request.url.path,
            dict(request.query_params),
            parsed(body, request.headers.get("content-type", "")),
        )
        self.requests.append(recorded)
        self.changed()
        try:
            await self._answer(recorded, scope, Replay(body, receive), send)
        finally:
            self.changed()

    async def _answer(self, recorded: Recorded, scope: Scope, receive: Receive, send: Send) -> None:
        failure = self._failure_for(recorded)
        if failure is None or (failure.kind is Kind.HANG and not failure.stored):
            if failure is not None and await self.first(self._released, Replay.rest(receive)) != "event":
                return
            wait = self._wait_for(recorded)
            app = self._app if wait is None else self.refusal(429, wait)
            await app(scope, receive, send)
        elif failure.kind is Kind.STATUS:
            await self.refusal(failure.code, failure.retry_after)(scope, receive, send)
        elif failure.kind is Kind.GARBAGE:
            await HTMLResponse(GARBAGE, failure.code)(scope, receive, send)
        elif failure.kind is Kind.NONSENSE and not failure.stored:
            await Response(NONSENSE, media_type="application/json")(scope, receive, send)
        elif failure.kind is Kind.CUT and not failure.stored:
            await self._cut(scope, Replay.rest(receive))
        else:
            kept: list[Message] = []
            await self._app(scope, receive, keeper(kept))
            if not await self._answer_badly(failure, kept, scope, receive, send) and kept[0]["status"] < 300:
                self.unanswered.append(recorded)
            self.changed()

    async def _answer_badly(
        self, failure: Failure, kept: list[Message], scope: Scope, receive: Receive, send: Send
    ) -> bool:
        """What follows on a request that was carried out; returns whether the good answer went out whole."""
        self.changed()
        rest = Replay.rest(receive)
        if failure.kind is Kind.CUT:
            await self._cut(scope, rest)
        elif failure.kind is Kind.NONSENSE:
            await Response(NONSENSE, media_type="application/json")(scope, receive, send)
        elif failure.kind is Kind.TRUNCATED:
            body = _body(kept)
            await Response(body[: len(body) // 2], media_type="application/json")(scope, receive, send)
        elif failure.kind is Kind.DRIP:
            return await self._drip(failure.pause, kept, rest, send)
        elif await self.first(self._released, rest) == "event":
            for message in kept:
                await send(message)
            return True
        return False

    async def _drip(self, pause: float | None, kept: list[Message], rest: Receive, send: Send) -> bool:
        """Sends an answer byte by byte; returns whether the client waited for the last."""
        body = _body(kept)
        await send(kept[0])
        for at in range(len(body)):
            waits = pause is not None or at == len(body) // 2
            if waits and await self.first(self._released, rest, pause) == "gone":
                return False
            await send({"type": "http.response.body", "body": body[at : at + 1], "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
        return True

    def _failure_for(self, recorded: Recorded) -> Failure | None:
        for failure in self._failures:
            if failure.path in recorded.path:
                self._failures.remove(failure)
                return failure
        weather = self.weather
        return None if weather is None else weather.draw(recorded.path)

    def _wait_for(self, recorded: Recorded) -> float | None:
        limits = self.published(recorded) if self._paced else {}
        key = self.pace_key(recorded)
        if self._limit is not None and key is not None:
            limits = {key: self._limit}
        wait = self._pace.take(limits)
        self.too_many += wait is not None
        return wait

    async def _cut(self, scope: Scope, receive: Receive) -> None:
        assert self._uvicorn is not None
        for connection in list(self._uvicorn.server_state.connections):
            if isinstance(connection, H11Protocol) and connection.client == tuple(scope["client"]):
                connection.transport.abort()
        # Coming back before uvicorn has seen the end of the connection, it would answer 500 by itself.
        while (await receive())["type"] != "http.disconnect":
            pass

    async def first(
        self, event: asyncio.Event, receive: Receive, seconds: float | None = None
    ) -> Literal["event", "gone", "late"]:
        """Waits for the event, for the client to go away (told by `receive` after the body) or for a time."""
        happened = asyncio.ensure_future(event.wait())
        gone = asyncio.ensure_future(receive())
        done, pending = await asyncio.wait(
            {happened, gone}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED
        )
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
        if gone in done:
            return "gone"
        return "event" if happened in done else "late"

    def changed(self) -> None:
        """Tells those who wait in `until` and `wait` to look again."""
        for woken in list(self._waiting):
            woken.set()
        with self.news:
            self.news.notify_all()

    def _release(self) -> None:
        self._released.set()
        self._released = asyncio.Event()

    def in_loop(self, call: Callable[[], None]) -> None:
        """Calls at once, or in the server's loop when the server runs in a thread."""
        try:
            here: asyncio.AbstractEventLoop | None = asyncio.get_running_loop()
        except RuntimeError:
            here = None
        if self._loop is None or self._loop is here:
            call()
        else:
            self._loop.call_soon_threadsafe(call)


def _body(kept: list[Message]) -> bytes:
    return b"".join(message.get("body", b"") for message in kept)
