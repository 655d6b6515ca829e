"""Sends what waits in the outbox: lease, send, note the outcome, try again later or give up."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import structlog

from bot import messages
from bot.channels.base import Channel, MessageGone, OutcomeUnknown, TargetMoved, TargetRefused, TryLater
from bot.message import Message
from postings.model import Event, EventKind, Record, State
from postings.store import Delivery, Living, Store
from postings.store.codec import event_from_json

_log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=2)
"""A worker that died holds its rows no longer; every platform's requests time out well before."""
_AT_ONCE = 20
_FIRST = {EventKind.OPENED, EventKind.REOPENED, EventKind.CLOSING_SOON}
RETRIES = tuple(timedelta(seconds=s) for s in (10, 60, 5 * 60, 30 * 60, 2 * 3600, 6 * 3600, 12 * 3600))
"""What is waited after each failed attempt: eight attempts over about a day, then a row is dead."""
_LONGEST_SLEEP = 60.0
"""Seconds after which the outbox is looked at again, whatever was foreseen."""


class Dispatcher:
    """One worker. Any number of them, on any number of machines, may share an outbox.

    `channels` are by platform; `clock` returns the present instant in UTC; `owner` tells workers apart.
    """

    def __init__(
        self,
        store: Store,
        channels: Mapping[str, Channel],
        *,
        clock: Callable[[], datetime],
        owner: str,
        language: str = "fr",
    ) -> None:
        self._store = store
        self._channels = channels
        self._clock = clock
        self._owner = owner
        self._language = language
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Tells that there may be something to send."""
        self._wake.set()

    async def run(self) -> None:
        """Sends for ever; ends when cancelled. What a crash interrupts is taken up by the next lease."""
        while True:
            self._wake.clear()
            try:
                while await self.send_ready():
                    pass
                wait = await self._until_next()
            except Exception:
                _log.exception("the outbox could not be worked on")
                wait = _LONGEST_SLEEP
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
        if channel is None:
            await outbox.dead(row.id, now=now, error=f"the platform {platform} is not configured any more")
            return
        if not await outbox.attempt(row.id, now=now, owner=self._owner):
            return
        try:
            try:
                await self._deliver(row, channel, place)
            except TargetMoved as moved:
                await self._deliver(row, channel, moved.target)
        except MessageGone as error:
            await outbox.drop(row.id, now=self._clock(), reason=error.english)
        except OutcomeUnknown as error:
            await self._again(row, error.english, unknown=True)
        except TryLater as error:
            await self._again(row, error.english, unknown=False, wait=error.wait)
        except TargetRefused as error:
            _log.warning("target refused", target=row.target, error=error.english)
            await self._again(row, error.english, unknown=False)
        except Exception as error:
            # A fault of ours: the row waits like any other, its target with it, and the cause is in the log.
            _log.exception("delivery failed", target=row.target, posting=row.posting)
            await self._again(row, f"{type(error).__name__}: {error}", unknown=True)

    async def _again(self, row: Delivery, error: str, *, unknown: bool, wait: float | None = None) -> None:
        now = self._clock()
        if row.attempts >= len(RETRIES):
            _log.error("delivery given up", target=row.target, posting=row.posting, error=error)
            await self._store.outbox.dead(row.id, now=now, error=error)
            return
        delay = RETRIES[row.attempts] if wait is None else timedelta(seconds=wait)
        _log.warning(
            "delivery put off",
            target=row.target,
            posting=row.posting,
            error=error,
            seconds=delay.total_seconds(),
        )
        await self._store.outbox.retry(row.id, at=now + delay, error=error, unknown=unknown)

    async def _deliver(self, row: Delivery, channel: Channel, place: str) -> None:
        """Sends one row and notes it. Raises the errors of bot.channels.base."""
        event = event_from_json(row.payload)
        record = await self._store.find(row.posting)
        living = await self._store.message(row.target, row.posting)
        if record is None:
            await self._store.outbox.drop(
                row.id, now=self._clock(), reason="the posting is not known any more"
            )
            return
        sending = _Sending(self, row, channel, place, event, record)
        if living is not None and (event.kind is not EventKind.REOPENED or living.opening == record.entry):
            await sending.follow_up(living)
        elif event.kind in _FIRST and (record.state is State.OPEN or row.unknown):
            await sending.first_message(living)
        else:
            # Its announcement was dropped, or it ended before it could be told: its end says nothing here.
            await self._store.outbox.drop(row.id, now=self._clock(), reason="it was not announced here")

    async def _done(self, row: Delivery, message_id: str | None, living: Living | None = None) -> None:
        await self._store.outbox.done(row.id, now=self._clock(), message_id=message_id, living=living)


class _Sending:
    """One row on its way to one place."""

    def __init__(
        self, worker: Dispatcher, row: Delivery, channel: Channel, place: str, event: Event, record: Record
    ) -> None:
        self._worker = worker
        self._row = row
        self._channel = channel
        self._place = place
        self._event = event
        self._record = record
        self._language = worker._language

    async def first_message(self, former: Living | None) -> None:
        """The posting's message in this channel; one of a former opening is linked."""
        message = messages.announcement(
            self._event,
            self._record,
            language=self._language,
            first=self._permalink(former),
            ended_at=self._event.ended_at,
        )
        message_id = await self._post(message)
        await self._worker._done(
            self._row,
            message_id,
            Living(
                self._row.target, self._row.posting, message_id, self._record.entry, self._worker._clock()
            ),
        )

    async def follow_up(self, living: Living) -> None:
        """What came after: the message is edited so that it tells the truth, and what matters is told anew."""
        await self._channel.edit(
            self._place, living.message_id, messages.living(self._record, language=self._language)
        )
        message_id: str | None = None
        event, record = self._event, self._record
        if event.kind is EventKind.UPDATED:
            told = messages.reply(event, record, language=self._language)
            if told is not None:
                message_id = await self._post(told, reply_to=living.message_id)
        elif event.kind is EventKind.REOPENED:
            told = messages.announcement(event, record, language=self._language, ended_at=event.ended_at)
            message_id = await self._post(told, reply_to=living.message_id)
        elif event.kind is EventKind.CLOSING_SOON and record.state is State.OPEN:
            message_id = await self._notice(living)
        await self._worker._done(self._row, message_id)

    async def _notice(self, living: Living) -> str:
        """A closing soon is for the whole channel: a broadcast reply where there is such a thing."""
        told = messages.announcement(
            self._event, self._record, language=self._language, first=self._permalink(living)
        )
        if self._channel.platform == "slack":
            return await self._post(told, reply_to=living.message_id, broadcast=True)
        return await self._post(told)

    async def _post(self, message: Message, *, reply_to: str | None = None, broadcast: bool = False) -> str:
        """Posts, unless an earlier attempt whose outcome was unknown turns out to have done so."""
        delivery = delivery_id(self._row.key)
        if self._row.unknown and self._row.unknown_since is not None:
            try:
                since = self._row.unknown_since.timestamp()
                found = await self._channel.find(self._place, delivery, since)
            except OutcomeUnknown:
                found = None  # Telegram cannot tell: better twice than never
            if found is not None:
                return found
        return await self._channel.post(
            self._place, message, delivery=delivery, reply_to=reply_to, broadcast=broadcast
        )

    def _permalink(self, living: Living | None) -> str | None:
        return self._channel.permalink(self._place, living.message_id) if living else None


def delivery_id(key: str) -> str:
    """What a platform keeps of a row's key, to find its message again: 32 characters, the same for ever."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:32]
