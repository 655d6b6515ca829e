"""Sends what waits in the outbox: lease, send, note the outcome, try again later or give up."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

import structlog

from bot.channels.base import Channel, MessageGone, OutcomeUnknown, TargetMoved, TargetRefused, TryLater
from bot.sending import Sending
from bot.stopped import refusal, stop_note, works_note
from postings.errors import StoreError, VigieError
from postings.store import Delivery, Store
from postings.wording import pick

_log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=1)
"""A worker that died holds its rows no longer. One that lives prolongs its leases while it sends, four times as
often: it may be busy, or the database away, for three quarters of a minute before another takes what it sends."""
RETRIES = tuple(timedelta(seconds=s) for s in (10, 60, 5 * 60, 30 * 60, 2 * 3600, 6 * 3600, 12 * 3600))
"""What is waited after each failed attempt, unless the platform asks for another wait."""
PATIENCE = sum(RETRIES, timedelta())
"""After eight attempts a row that is this old is dead: about a day, however short the waits asked for were."""
_AT_ONCE = 20
_LONGEST_SLEEP = 60.0
"""Seconds after which the outbox is looked at again, whatever was foreseen."""


async def over(event: asyncio.Event, seconds: float) -> bool:
    """Waits for an event, and so many seconds at most; returns whether it came."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
    return event.is_set()


class Dispatcher:
    """One worker. Any number of them, on any number of machines, may share an outbox.

    `channels` are by platform; `clock` returns the present instant in UTC; `owner` tells workers apart.
    `configured` are the places that may still be told something (`platform:place`), each with a fingerprint of
    what the configuration says of it; None for all. `staff` is the place that is told when one refuses.
    `over` waits for an event, so many seconds at most, and returns whether it came.
    """

    def __init__(
        self,
        store: Store,
        channels: Mapping[str, Channel],
        *,
        clock: Callable[[], datetime],
        owner: str,
        configured: Mapping[str, str] | None = None,
        staff: str | None = None,
        language: str = "fr",
        over: Callable[[asyncio.Event, float], Awaitable[bool]] = over,
    ) -> None:
        self._over = over
        self._store = store
        self._channels = channels
        self._clock = clock
        self._owner = owner
        self._configured = configured
        self._staff = staff
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
        started = False
        while not self._stopping:
            self._wake.clear()
            try:
                if not started:
                    await self.start()
                    started = True
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

    async def start(self) -> None:
        """Lets the stopped targets be tried of which the configuration says something else now."""
        if self._configured is not None:
            now = self._clock()
            for target in await self._store.outbox.resume_changed(self._configured, now=now):
                _log.info("target tried again", target=target)

    async def send_ready(self) -> int:
        """Sends what may be sent now, one row a target; returns how many rows were taken."""
        rows = await self._store.outbox.lease(
            now=self._clock(), owner=self._owner, duration=LEASE, limit=_AT_ONCE
        )
        if rows:
            sent = asyncio.Event()
            prolonging = asyncio.create_task(self._prolong([row.id for row in rows], sent), name="leases")
            ended = await asyncio.gather(*(self._take(row) for row in rows), return_exceptions=True)
            sent.set()
            await prolonging
            for error in filter(None, ended):
                raise error
        return len(rows)

    async def _prolong(self, ids: list[int], sent: asyncio.Event) -> None:
        """Keeps the leases of what is being sent until all of it was."""
        while not await self._over(sent, LEASE.total_seconds() / 4):
            now = self._clock()
            try:
                await self._store.outbox.extend(ids, now=now, owner=self._owner, until=now + LEASE)
            except StoreError as error:
                _log.warning("leases not prolonged", error=error.english)

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
        if channel is None or (self._configured is not None and row.target not in self._configured):
            # Kept as dead: it can be sent by hand should the channel come back.
            error = pick(
                self._language,
                f"{row.target} n’est plus dans la configuration.",
                f"{row.target} is not in the configuration any more.",
            )
            await outbox.dead(row.id, now=now, error=error)
            return
        if not await outbox.attempt(row.id, now=now, owner=self._owner):
            return
        try:
            try:
                await self._send(row, channel, place)
            except TargetMoved as moved:
                await self._send(row, channel, moved.target)
        except MessageGone as error:
            await outbox.drop(row.id, now=self._clock(), reason=error.told(self._language))
        except OutcomeUnknown as error:
            await self._again(row, error, unknown=True)
        except TryLater as error:
            await self._again(row, error, unknown=row.unknown, wait=error.wait)
        except TargetRefused as error:
            await self._refused(row, error)
        except Exception as error:
            # A fault of ours: the row waits like any other, its target with it, and the cause is in the log.
            _log.exception("delivery failed", target=row.target, posting=row.posting)
            await self._again(row, VigieError(f"{type(error).__name__}: {error}"), unknown=True)
        else:
            if row.on_trial:
                await self._works_again(row)

    async def _refused(self, row: Delivery, error: TargetRefused) -> None:
        """Stops the target: its rows wait in order, and no attempt is counted that nobody could have passed."""
        _log.warning("target refused", target=row.target, error=error.english)
        fingerprint = (self._configured or {}).get(row.target, "")
        stopped = refusal(row, error, fingerprint, self._clock())
        note = stop_note(stopped, self._staff)
        await self._store.outbox.refused(row, stopped, note, error=error.told(self._language))

    async def _works_again(self, row: Delivery) -> None:
        now = self._clock()
        note = works_note(row.target, self._staff, now)
        if await self._store.outbox.works_again(row, now=now, note=note):
            _log.info("target works again", target=row.target)

    async def _send(self, row: Delivery, channel: Channel, place: str) -> None:
        await Sending(self._store, channel, place, row, clock=self._clock, language=self._language).send()

    async def _again(
        self, row: Delivery, error: VigieError, *, unknown: bool, wait: float | None = None
    ) -> None:
        """Tries a row again later, or gives it up.

        What an earlier attempt left unknown stays so (`row.unknown`) until the platform was asked and answered.
        """
        now, told = self._clock(), error.told(self._language)
        if row.attempts >= len(RETRIES) and now - row.created_at >= PATIENCE:
            _log.error("delivery given up", target=row.target, posting=row.posting, error=error.english)
            await self._store.outbox.dead(row.id, now=now, error=told)
            return
        delay = RETRIES[min(row.attempts, len(RETRIES) - 1)] if wait is None else timedelta(seconds=wait)
        _log.warning(
            "delivery put off",
            target=row.target,
            posting=row.posting,
            error=error.english,
            seconds=delay.total_seconds(),
        )
        await self._store.outbox.retry(row.id, at=now + delay, error=told, unknown=unknown)
