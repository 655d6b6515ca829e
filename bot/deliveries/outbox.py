"""Sends what waits in the outbox: lease, send, note the outcome."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import structlog
from structlog.contextvars import bound_contextvars

from bot.announcing.telling import EDIT
from bot.channels.base import Channel, TargetMoved
from bot.deliveries.doubts import Doubts
from bot.deliveries.failures import Failures
from bot.deliveries.pacing import calls_for, limits_of
from bot.deliveries.sender import Errand
from bot.deliveries.sending import Sending
from bot.deliveries.spacing import Spaced
from bot.metrics import Outcome
from bot.options.ways import WaysOf, plain
from bot.wording import reasons
from postings.errors import StoreError, VigieError
from postings.store import Delivery, Limits, Store
from postings.store.values import DIGEST, NOTE
from postings.wording import pick

_log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=1)
"""A worker that died holds its rows no longer. One that lives prolongs its leases while it sends, four times as
often: it may be busy, or the database away, for three quarters of a minute before another takes what it sends."""
_AT_ONCE = 20
_LONGEST_SLEEP = 60.0
"""Seconds after which the outbox is looked at again, whatever was foreseen."""
_SHORTEST_SLEEP = 0.01
"""Seconds before it is looked at again, when another worker has what is ready: less than any limit's interval."""


async def over(event: asyncio.Event, seconds: float) -> bool:
    """Waits for an event, and so many seconds at most; returns whether it came."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
    return event.is_set()


class Dispatcher:
    """One worker. Any number of them, on any number of machines, may share an outbox.

    `channels` are by platform; `clock` returns the present instant in UTC; `owner` tells workers apart.
    `configured` are the places that may still be told something (`platform:place`), each with a fingerprint of
    what the configuration says of it; None for all. `fingerprint` gives that of a place that only subscriptions
    name. `staff` is the place that is told when one refuses. `over` waits for an event, so many seconds at most,
    and returns whether it came. `limits` are those that a target is under; `chance` returns a number from 0 up
    to 1, for the waits after failures. `ways` says how each place is told, `language` is that of what is kept for
    whoever runs Vigie; `doubts` is what becomes of messages of which nobody can tell whether they were sent; `count`
    is told what became of each attempt, by platform.
    """

    def __init__(
        self,
        store: Store,
        channels: Mapping[str, Channel],
        *,
        clock: Callable[[], datetime],
        owner: str,
        configured: Mapping[str, str] | None = None,
        fingerprint: Callable[[str], str] = lambda _target: "",
        staff: str | None = None,
        language: str = "fr",
        over: Callable[[asyncio.Event, float], Awaitable[bool]] = over,
        limits: Limits = limits_of,
        chance: Callable[[], float] = random.random,
        ways: WaysOf = plain,
        doubts: Doubts | None = None,
        count: Callable[[str, Outcome], None] = lambda _platform, _outcome: None,
    ) -> None:
        self._count = count
        self._over = over
        self._ways = ways
        self._doubts = doubts or Doubts()
        self._store = store
        self._channels = channels
        self._clock = clock
        self._limits = limits
        self._owner = owner
        self._configured = configured
        self._fingerprint = fingerprint
        self._language = language
        self._failures = Failures(
            store,
            clock=clock,
            limits=limits,
            chance=chance,
            fingerprint=lambda target: (configured or {}).get(target) or fingerprint(target),
            staff=staff,
            language=language,
            count=count,
        )
        self._wake = asyncio.Event()
        self._stopping = False
        self._sending: set[int] = set()
        """The rows that are under way."""

    def wake(self) -> None:
        """Tells that there may be something to send."""
        self._wake.set()

    def stop(self) -> None:
        """Lets `run` end once what is being sent now is sent and noted."""
        self._stopping = True
        self.wake()

    async def run(self) -> None:
        """Sends until `stop`. What a crash interrupts is taken up by the next lease.

        What takes its time holds back nothing but its target: more is leased while it goes on.
        """
        under_way: set[asyncio.Task[None]] = set()
        try:
            await self._run(under_way)
            await asyncio.gather(*under_way)
        finally:  # cut off: what is being sent is, too
            for task in under_way:
                task.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)

    async def give_back(self) -> None:
        """Lets other workers take at once what this one leased and did not finish. Raises StoreError."""
        if freed := await self._store.outbox.give_back(self._owner):
            _log.info("leases given back", rows=freed)

    async def _run(self, under_way: set[asyncio.Task[None]]) -> None:
        started = False
        while not self._stopping:
            self._wake.clear()
            try:
                if not started:
                    await self.start()
                    started = True
                while not self._stopping and (rows := await self._lease()):
                    task = asyncio.create_task(self._finish(rows), name="sending")
                    under_way.add(task)
                    task.add_done_callback(under_way.discard)
                # With no room left there is nothing to look for before a row ends, which wakes.
                wait = _LONGEST_SLEEP if self._full else await self._until_next()
            except Exception as error:
                _fault(error)
                wait = _LONGEST_SLEEP
            if not self._stopping:
                await over(self._wake, wait)

    async def _finish(self, rows: list[Delivery]) -> None:
        try:
            await self._send_all(rows)
        except Exception as error:
            _fault(error)

    async def start(self) -> None:
        """Lets the stopped targets be tried of which the configuration says something else now."""
        if self._configured is not None:
            now = self._clock()
            stopped = [known.target for known in await self._store.outbox.stopped()]
            subscribed = {target: self._fingerprint(target) for target in await self._store.standing(stopped)}
            known = {**subscribed, **self._configured}
            for target in await self._store.outbox.resume_changed(known, now=now):
                _log.info("target tried again", target=target)

    async def send_ready(self) -> int:
        """Sends what may be sent now, one row a target; returns how many rows were taken."""
        rows = await self._lease()
        await self._send_all(rows)
        return len(rows)

    @property
    def _full(self) -> bool:
        return len(self._sending) >= _AT_ONCE

    async def _lease(self) -> list[Delivery]:
        if self._full:
            return []
        room = _AT_ONCE - len(self._sending)
        rows = await self._store.outbox.lease(
            now=self._clock(), owner=self._owner, duration=LEASE, limit=room, limits=self._limits
        )
        self._sending |= {row.id for row in rows}
        return rows

    async def _send_all(self, rows: list[Delivery]) -> None:
        """Sends what was leased, and keeps the leases until all of it was sent."""
        if not rows:
            return
        sent = asyncio.Event()
        prolonging = asyncio.create_task(self._prolong([row.id for row in rows], sent), name="leases")
        try:
            ended = await asyncio.gather(*(self._one(row) for row in rows), return_exceptions=True)
        finally:
            self._sending -= {row.id for row in rows}
            sent.set()
            await prolonging
        for error in filter(None, ended):
            raise error

    async def _one(self, row: Delivery) -> None:
        try:
            # Whatever is logged on the way can be followed from the event, whose id begins the key.
            with bound_contextvars(delivery=row.id, key=row.key):
                await self._take(row)
        finally:
            self._sending.discard(row.id)
            self.wake()  # the next row of its target may go

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
        ready = await self._store.outbox.next_ready(now, self._limits)
        if ready is None:
            return _LONGEST_SLEEP
        return max(_SHORTEST_SLEEP, min(_LONGEST_SLEEP, (ready - now).total_seconds()))

    async def _take(self, row: Delivery) -> None:
        outbox, now = self._store.outbox, self._clock()
        platform, _, named = row.target.partition(":")
        place = row.moved_to or named
        channel = self._channels.get(platform)
        ended = await self._ended(row.target)
        if channel is None or ended is None:
            # Kept as dead: it can be sent by hand should the channel come back.
            error = pick(
                self._language,
                f"{row.target} n’est plus dans la configuration.",
                f"{row.target} is not in the configuration any more.",
            )
            await outbox.dead(row.id, now=now, error=error)
            self._count(platform, "given_up")
            return
        if ended and row.kind != EDIT and not row.unknown:
            # Nobody asks here any more: what was announced is kept true, and nothing is said but what may be said
            # already.
            if row.kind in (DIGEST, NOTE):
                await outbox.drop(row.id, now=now, reason=reasons.NOBODY_ASKS)
                self._count(platform, "dropped")
                return
            row = replace(row, kind=EDIT)
        limits = self._limits(row.target)
        slots = calls_for(row.kind, tells_ends=self._ways(row.target).tells_ends)
        if not await outbox.attempt(row.id, now=now, owner=self._owner, limits=limits, slots=slots):
            return
        if slots > 1 and (apart := max((one.interval for one in limits if one.burst == 1), default=None)):
            channel = Spaced(channel, partial(self._over, asyncio.Event(), apart.total_seconds()))
        try:
            try:
                await self._send(row, channel, place)
            except TargetMoved as moved:
                _log.warning("target moved", target=row.target, to=moved.target)
                await outbox.move(row.target, moved.target)
                await self._send(row, channel, moved.target)
        except Exception as error:
            await self._failures.note(row, error)
        else:
            if row.on_trial:
                await self._failures.works_again(row)

    async def _ended(self, target: str) -> bool | None:
        """Whether all that was asked for in a place has ended; None where nothing ever was."""
        if self._configured is None or target in self._configured:
            return False
        stands = (await self._store.standing([target])).get(target)
        return None if stands is None else not stands

    async def _send(self, row: Delivery, channel: Channel, place: str) -> None:
        ways = self._ways(row.target)
        count = partial(self._count, row.target.partition(":")[0])
        await Sending(Errand(self._store, channel, place, row, self._clock, ways, self._doubts, count)).send()


def _fault(error: Exception) -> None:
    """What kept the outbox from being worked on: a sentence where the surroundings are to blame."""
    if isinstance(error, VigieError):
        _log.warning("the outbox could not be worked on", error=error.english)
    else:
        _log.error("the outbox could not be worked on", exc_info=error)
