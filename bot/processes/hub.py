"""A hub (WebSub, https://www.w3.org/TR/websub/) is told of feeds that changed, so that it can tell their readers.

How a publisher tells its hub is left to the two of them (section 7 there); public hubs take what its predecessor
defined: a form with `hub.mode=publish` and the addresses as `hub.url`.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from urllib.parse import quote

import httpx
import structlog

from feeds.event_entries import PATH as EVENTS
from feeds.offered import FORMATS, subjects
from postings.errors import VigieError
from postings.model import Record
from postings.store import Store

_PAUSES = (10.0, 60.0, 600.0)
"""Seconds before each further attempt; after the last the hub hears of those feeds with the next change."""
_SECONDS = 10.0
"""Of one request, in all."""
_AT_ONCE = 100
"""Addresses of one request."""

_log = structlog.get_logger(__name__)


class Hub:
    """Tells the hub at `address` of what was written, once `wake` is called; it belongs to the process that watches.

    `public_url` is the root of the feeds' addresses; `pause` waits for so many seconds.
    """

    def __init__(
        self,
        store: Store,
        address: str,
        *,
        public_url: str,
        pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._store = store
        self._address = address
        self._public_url = public_url.rstrip("/")
        self._pause = pause
        self._mark: object = None
        self._awake = asyncio.Event()

    def wake(self) -> None:
        """Something may have been written: a look or a tick is over."""
        self._awake.set()

    @contextlib.asynccontextmanager
    async def telling(self) -> AsyncIterator[None]:
        """Tells, from the beginning of the block to its end, of what is written from now on. Raises StoreError."""
        self._mark = (await self._store.changed(None)).mark
        task = asyncio.create_task(self._run(), name="hub")
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            await self._awake.wait()
            self._awake.clear()
            try:
                changed = await self._store.changed(self._mark)
                self._mark = changed.mark
                if changed.ids:
                    records = await self._store.records_of(changed.ids)
                    await self._tell(topics(records, self._public_url))
            except VigieError as error:
                _log.warning("hub not told", reason=error.english)
            except Exception:
                _log.exception("hub not told")

    async def _tell(self, addresses: Collection[str]) -> None:
        left = sorted(addresses)
        for wait in (*_PAUSES, None):
            try:
                while left:
                    await self._publish(left[:_AT_ONCE])
                    left = left[_AT_ONCE:]
            except (TimeoutError, httpx.HTTPError) as error:
                reason = _reason(error)
                if wait is None:
                    _log.error("hub given up", reason=reason, feeds=len(left))
                    return
                _log.warning("hub not told", reason=reason, again_in_seconds=wait)
                await self._pause(wait)
            else:
                _log.info("hub told", feeds=len(addresses))
                return

    async def _publish(self, addresses: Collection[str]) -> None:
        form = {"hub.mode": "publish", "hub.url": list(addresses)}
        async with (
            asyncio.timeout(_SECONDS),
            httpx.AsyncClient(timeout=_SECONDS, trust_env=False) as client,
            # What the hub answers is not read, however long it is: that it took them is enough.
            client.stream("POST", self._address, data=form) as answer,
        ):
            if not answer.is_success:
                raise httpx.HTTPStatusError(str(answer.status_code), request=answer.request, response=answer)


def _reason(error: Exception) -> str:
    if isinstance(error, httpx.HTTPStatusError):
        return f"status {error.response.status_code}"
    return type(error).__name__


def topics(records: Collection[Record], public_url: str) -> set[str]:
    """The addresses of the feeds, in every format, that hold any of `records`, and of the feed of events.

    `public_url` is their root, without a slash at its end.
    """
    postings = [record.posting for record in records if record.posting is not None]
    held = [s.path for s in subjects(records) if any(s.holds(posting) for posting in postings)]
    return {f"{public_url}/{quote(path)}{extension}" for path in (*held, EVENTS) for extension in FORMATS}
