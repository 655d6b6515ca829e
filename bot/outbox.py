"""Sends what waits in the outbox: lease, send, note the outcome, try again later or give up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta

import structlog

from bot.channels.base import Channel, MessageGone, OutcomeUnknown, TargetMoved, TargetRefused, TryLater
from bot.sending import Sending
from postings.store import Delivery, Store

_log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=2)
"""A worker that died holds its rows no longer; every platform's requests time out well before."""
RETRIES = tuple(timedelta(seconds=s) for s in (10, 60, 5 * 60, 30 * 60, 2 * 3600, 6 * 3600, 12 * 3600))
"""What is waited after each failed attempt, unless the platform asks for another wait."""
PATIENCE = sum(RETRIES, timedelta())
"""After eight attempts a row that is this old is dead: about a day, however short the waits asked for were."""
_AT_ONCE = 20
_LONGEST_SLEEP = 60.0
"""Seconds after which the outbox is looked at again, whatever was foreseen."""


class Dispatcher:
    """One worker. Any number of them, on any number of machines, may share an outbox.

    `channels` are by platform; `clock` returns the present instant in UTC; `owner` tells workers apart.
    `targets` are the places that may still be told something (`platform:place`), None for all.
    """

    def __init__(
        self,
        store: Store,
        channels: Mapping[str, Channel],
        *,
        clock: Callable[[], datetime],
        owner: str,
        targets: Collection[str] | None = None,
        language: str = "fr",
    ) -> None:
        self._store = store
        self._channels = channels
        self._clock = clock
        self._owner = owner
        self._targets = targets
        self._language = language
        self._wake = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """Tells that there may be something to send."""
        self._wake.set()

    def stop(self) -> None:
        """Lets `run` end once what is being sent now is sent and noted."""
        self._stopping = True
        self.wake()

    async def run(self) -> None:
        """Sends until `stop`. What a crash interrupts is taken up by the next lease."""
        while not self._stopping:
            self._wake.clear()
            try:
                while not self._stopping and await self.send_ready():
                    pass
                wait = await self._until_next()
            except Exception:
                _log.exception("the outbox could not be worked on")
                wait = _LONGEST_SLEEP
            if self._stopping:
                return
            try:
                await asyncio.wait_for(self._wake.wait(), wait)
            except TimeoutError:
                continue

    async def send_ready(self) -> int:
        """Sends what may be sent now, one row a target; returns how many rows were taken."""
        rows = await self._store.outbox.lease(
            now=self._clock(), owner=self._owner, duration=LEASE, limit=_AT_ONCE
        )
        await asyncio.gather(*(self._take(row) for row in rows))
        return len(rows)

    async def _until_next(self) -> float:
        """Seconds until the next row may be sent."""
        now = self._clock()
        ready = await self._store.outbox.next_ready(now)
        return (
            _LONGEST_SLEEP if ready is None else max(0.05, min(_LONGEST_SLEEP, (ready - now).total_seconds()))
        )

    async def _take(self, row: Delivery) -> None:
        outbox, now = self._store.outbox, self._clock()
        platform, _, place = row.target.partition(":")
        channel = self._channels.get(platform)
        if channel is None or (self._targets is not None and row.target not in self._targets):
            # Kept as dead: it can be sent by hand should the channel come back.
            await outbox.dead(row.id, now=now, error=f"{row.target} is not configured any more")
            return
        if not await outbox.attempt(row.id, now=now, owner=self._owner):
            return
        try:
            try:
                await self._send(row, channel, place)
            except TargetMoved as moved:
                await self._send(row, channel, moved.target)
        except MessageGone as error:
            await outbox.drop(row.id, now=self._clock(), reason=error.english)
        except OutcomeUnknown as error:
            await self._again(row, error.english, unknown=True)
        except TryLater as error:
            await self._again(row, error.english, unknown=row.unknown, wait=error.wait)
        except TargetRefused as error:
            _log.warning("target refused", target=row.target, error=error.english)
            await self._again(row, error.english, unknown=row.unknown)
        except Exception as error:
            # A fault of ours: the row waits like any other, its target with it, and the cause is in the log.
            _log.exception("delivery failed", target=row.target, posting=row.posting)
            await self._again(row, f"{type(error).__name__}: {error}", unknown=True)

    async def _send(self, row: Delivery, channel: Channel, place: str) -> None:
        await Sending(self._store, channel, place, row, clock=self._clock, language=self._language).send()

    async def _again(self, row: Delivery, error: str, *, unknown: bool, wait: float | None = None) -> None:
        """Tries a row again later, or gives it up.

        What an earlier attempt left unknown stays so (`row.unknown`) until the platform was asked and answered.
        """
        now = self._clock()
        if row.attempts >= len(RETRIES) and now - row.created_at >= PATIENCE:
            _log.error("delivery given up", target=row.target, posting=row.posting, error=error)
            await self._store.outbox.dead(row.id, now=now, error=error)
            return
        delay = RETRIES[min(row.attempts, len(RETRIES) - 1)] if wait is None else timedelta(seconds=wait)
        _log.warning(
            "delivery put off",
            target=row.target,
            posting=row.posting,
            error=error,
            seconds=delay.total_seconds(),
        )
        await self._store.outbox.retry(row.id, at=now + delay, error=error, unknown=unknown)
