"""What becomes of a row of the outbox that could not be sent: it waits, its target is stopped, or it is given up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog

from bot.deliveries.retrying import Again, End, after
from bot.deliveries.stopped import refusal, stop_notes, works_notes
from bot.metrics import Outcome
from postings.errors import VigieError
from postings.store import Delivery, Limits, Outgoing, Stopped, Store
from postings.store.pacing import LONGEST_HOLD

_log = structlog.get_logger(__name__)


class Failures:
    """Notes in the outbox what could not be sent, and which targets take messages again.

    `clock` returns the present instant in UTC. `limits` are those that a target is under; `chance` returns a number
    from 0 up to 1, for the waits. `fingerprint` gives that of what the configuration says of a target. `staff` is
    the place that is told when one refuses, `language` that of what is kept for whoever runs Vigie. `count` is told
    what became of each attempt, by platform.
    """

    def __init__(
        self,
        store: Store,
        *,
        clock: Callable[[], datetime],
        limits: Limits,
        chance: Callable[[], float],
        fingerprint: Callable[[str], str],
        staff: str | None,
        language: str,
        count: Callable[[str, Outcome], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._limits = limits
        self._chance = chance
        self._fingerprint = fingerprint
        self._staff = staff
        self._language = language
        self._count = count

    async def note(self, row: Delivery, error: Exception) -> None:
        """Notes what becomes of a row that could not be sent. Raises StoreError."""
        now = self._clock()
        told = error if isinstance(error, VigieError) else VigieError(f"{type(error).__name__}: {error}")
        if told is not error:
            # A fault of ours: the row waits like any other, its target with it, and the cause is in the log.
            _log.error("delivery failed", target=row.target, posting=row.posting, exc_info=error)
        platform = row.target.partition(":")[0]
        what = after(error, attempts=row.attempts, age=now - row.created_at, chance=self._chance)
        match what:
            case Again():
                self._count(platform, "put_off")
                await self._again(row, told, what)
            case End.STOPPED:
                self._count(platform, "refused")
                await self._refused(row, told)
            case End.DROPPED:
                self._count(platform, "dropped")
                await self._store.outbox.drop(row.id, now=now, reason=told.told(self._language))
            case End.DEAD:
                self._count(platform, "given_up")
                _log.error("delivery given up", target=row.target, posting=row.posting, error=told.english)
                await self._store.outbox.dead(row.id, now=now, error=told.told(self._language))

    async def _refused(self, row: Delivery, error: VigieError) -> None:
        """Stops the target: its rows wait in order, and no attempt is counted that nobody could have passed."""
        _log.warning("target refused", target=row.target, error=error.english)
        here = await self._store.subscriptions(target=row.target)

        def told() -> tuple[Stopped, list[Outgoing]]:
            stopped = refusal(row, error, self._fingerprint(row.target), self._clock())
            return stopped, stop_notes(stopped, self._staff, here)

        await self._store.outbox.refused(row, told, error=error.told(self._language))

    async def works_again(self, row: Delivery) -> None:
        """Notes that a target that was stopped takes messages again, and tells so. Raises StoreError."""
        known = next((one for one in await self._store.outbox.stopped() if one.target == row.target), None)
        if known is None:
            return
        here = await self._store.subscriptions(target=row.target)

        def told() -> tuple[datetime, dict[str, Outgoing]]:
            now = self._clock()
            return now, works_notes(known, self._staff, here, now)

        if await self._store.outbox.works_again(row, told):
            _log.info("target works again", target=row.target)

    async def _again(self, row: Delivery, error: VigieError, again: Again) -> None:
        """Tries a row again later.

        What an earlier attempt left unknown stays so (`row.unknown`) until the platform was asked and answered.
        """
        _log.warning(
            "delivery put off",
            target=row.target,
            posting=row.posting,
            error=error.english,
            seconds=again.wait.total_seconds(),
        )
        limits = self._limits(row.target) if again.asked else ()
        now = self._clock()
        await self._store.outbox.retry(
            row.id,
            at=now + again.wait,
            error=error.told(self._language),
            unknown=again.unknown or row.unknown,
            attempts=row.attempts if again.asked else None,
            hold=limits[-1] if limits else None,
            held_until=now + min(again.wait, LONGEST_HOLD),
        )
