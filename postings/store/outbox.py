"""The outbox: rows are leased to a worker, never lost, and leave a target in the order in which they came.

A row is pending until it is sent, dead or dropped; those states are final but for `again`. A held row waits
for a person (`release`, `drop_held`) and holds nothing back. The rows of a target that refused stay pending
and are not leased, but for one at `retry_at` of `Stopped`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import and_, case, func, or_, select, update

from postings.store import holds, moved, pacing, stopped, waiting
from postings.store.engine import Database
from postings.store.heads import (
    ATTEMPT,
    ATTEMPT_BY,
    DONE,
    GIVE_BACK,
    GIVE_BACK_BY,
    HEADS,
    LEASE,
    LOCKED,
    LONGEST_LEASE,
    READY,
)
from postings.store.pacing import Limit, Limits, unlimited
from postings.store.reads import DELIVERY, delivery
from postings.store.tables import messages, outbox
from postings.store.tables import stopped as _stopped
from postings.store.values import Delivery, DeliveryState, Hold, Living, Outgoing, Stopped
from postings.store.wakeups import Wakeup, wake
from postings.store.writing import put

_freed: dict[str, None] = {"owner": None, "leased_until": None}


class Outbox:
    """The queue of messages to send, shared by any number of workers on any number of machines."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def lease(
        self,
        *,
        now: datetime,
        owner: str,
        duration: timedelta,
        limit: int,
        targets: Collection[str] | None = None,
        limits: Limits = unlimited,
    ) -> list[Delivery]:
        """Takes at most `limit` rows for `owner` until `now + duration`, at most one a target.

        Only the first row of a target can be taken, by `(ready_at, id)`, so a row that waits to be tried
        again, or that another worker holds, holds back the later ones. A lease of more than LONGEST_LEASE
        counts as none. Only of `targets` when given. Rows for
        which `limits` have no slot free at `now` are left out, however early they are.
        """
        query = READY if targets is None else READY.where(outbox.c.target.in_(targets))
        async with self._database.write() as connection:
            instants = {"at": now, "impossible": now + LONGEST_LEASE}
            heads = [(row.id, row.target) for row in await connection.execute(query, instants)]
            ids = (await pacing.slots(connection, limits, now)).pick(heads, limit) if heads else []
            if not ids:
                return []
            rows = await connection.execute(LOCKED, {"ids": ids, **instants})
            leased = [delivery(row) for row in rows]
            if leased:
                held = {"ids": [row.id for row in leased], "by": owner, "until": now + duration}
                await connection.execute(LEASE, held)
        return leased

    async def attempt(
        self,
        id: int,
        *,
        now: datetime,
        owner: str | None = None,
        limits: Collection[Limit] = (),
        slots: int = 1,
    ) -> bool:
        """Notes that a sending begins; until its end is noted, the row's outcome is `unknown`.

        Takes `slots` of each of `limits` in the same transaction. Returns False, and nothing may be sent, when
        one has none free at `now` (the lease is then given back), when the row is no longer to be sent (it was
        dropped, or put off) or the lease is over (or is not `owner`'s, when given).
        """
        row: dict[str, object] = {"row": id, "at": now} | ({} if owner is None else {"by": owner})
        async with self._database.write() as connection:
            taken = await pacing.take(connection, limits, now, slots) if limits else []
            if taken is None:
                await connection.execute(GIVE_BACK if owner is None else GIVE_BACK_BY, row)
                return False
            result = await connection.execute(ATTEMPT if owner is None else ATTEMPT_BY, row)
            if result.rowcount != 1:
                return False
            await pacing.note(connection, taken)
            return True

    async def done(
        self,
        id: int,
        *,
        now: datetime,
        message_id: str | None,
        living: Iterable[Living] = (),
        payload: Mapping[str, object] | None = None,
        error: str | None = None,
        then: Iterable[Outgoing] = (),
    ) -> None:
        """Notes that a row was sent, and the living messages that it made, in one transaction.

        `payload` is what it said, where that is less than was asked for; `error` what a person should know of
        it all the same; `then` are rows that follow from it.
        """
        sent = DONE if payload is None else DONE.values(payload=dict(payload))
        async with self._database.write() as connection:
            # Also a row that was dropped meanwhile: what was sent was sent.
            await connection.execute(sent, {"row": id, "at": now, "message": message_id, "told": error})
            await put(connection, messages, [asdict(message) for message in living])
            for row in then:
                await waiting.enqueue(connection, row)

    async def retry(
        self,
        id: int,
        *,
        at: datetime,
        error: str,
        unknown: bool,
        attempts: int | None = None,
        hold: Limit | None = None,
        held_until: datetime | None = None,
    ) -> None:
        """Puts a row back to be tried at `at`; `unknown` when it may have been sent all the same.

        `attempts` is how many count, where the last one does not. Nothing of the limit `hold` is sent before
        `held_until` (`at`) either, whoever sends it.
        """
        since = func.coalesce(outbox.c.unknown_since, outbox.c.created_at) if unknown else None
        values = {"retry_at": at, "error": error, "unknown_since": since}
        await self._settle(
            id, values if attempts is None else values | {"attempts": attempts}, hold, held_until or at
        )

    async def dead(self, id: int, *, now: datetime, error: str) -> None:
        """Gives a row up; it is kept, and no longer holds back its target."""
        await self._settle(id, {"state": "dead", "finished_at": now, "error": error})

    async def drop(self, id: int, *, now: datetime, reason: str) -> None:
        """Notes that a row needs no sending any more."""
        await self._settle(id, {"state": "dropped", "finished_at": now, "error": reason})

    async def again(self, id: int, *, now: datetime) -> bool:
        """Puts a dead row back to be sent at once; returns whether it was dead."""
        where = (outbox.c.id == id, outbox.c.state == "dead")
        back = {**_freed, "state": "pending", "attempts": 0, "retry_at": now, "finished_at": None}
        async with self._database.write() as connection:
            await wake(connection, Wakeup.OUTBOX)
            return (await connection.execute(update(outbox).where(*where).values(back))).rowcount == 1

    async def next_ready(self, now: datetime, limits: Limits = unlimited) -> datetime | None:
        """The instant, in UTC, at which the next row may be leased, `now` at the earliest; None without one to send."""
        held = case((outbox.c.leased_until <= now + LONGEST_LEASE, outbox.c.leased_until))
        columns = (outbox.c.ready_at, outbox.c.retry_at, held, _stopped.c.retry_at)
        query = select(outbox.c.target, *columns).select_from(HEADS)
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
            slots = await pacing.slots(connection, limits, now)
        free = (max(slots.free_at(row[0]), *(at for at in row[1:] if at is not None)) for row in rows)
        return max(now, first) if (first := min(free, default=None)) is not None else None

    async def deliveries(
        self,
        states: Collection[DeliveryState] | None = None,
        limit: int = 100,
        *,
        failed: bool = False,
    ) -> list[Delivery]:
        """The rows, the latest first, at most `limit`; only of some states when given.

        `failed` keeps those that are dead, and those that are still to be sent and did not pass at once.
        """
        query = select(*DELIVERY).order_by(outbox.c.id.desc()).limit(limit)
        if states is not None:
            query = query.where(outbox.c.state.in_(states))
        if failed:
            tried = and_(outbox.c.state == "pending", outbox.c.error.is_not(None))
            query = query.where(or_(outbox.c.state == "dead", tried))
        async with self._database.read() as connection:
            return [delivery(row) for row in await connection.execute(query)]

    async def find(self, key: str) -> Delivery | None:
        """The row of a key."""
        async with self._database.read() as connection:
            row = (await connection.execute(select(*DELIVERY).where(outbox.c.key == key))).one_or_none()
        return None if row is None else delivery(row)

    async def row(self, id: int) -> Delivery | None:
        """The row of a number."""
        async with self._database.read() as connection:
            row = (await connection.execute(select(*DELIVERY).where(outbox.c.id == id))).one_or_none()
        return None if row is None else delivery(row)

    async def refused(
        self, row: Delivery, told: Callable[[], tuple[Stopped, Iterable[Outgoing]]], *, error: str
    ) -> bool:
        """Stops the target of a row, which waits there as if it had not been tried.

        `told` gives the stop and the notes that tell of it, and is called where nothing else is written any more
        before them. Returns whether the target was not stopped yet; if it was, nobody is told again.
        """
        as_before = {
            "attempts": row.attempts,
            "unknown_since": row.unknown_since,
            "retry_at": None,
            "error": error,
        }
        async with self._database.write() as connection:
            where = (outbox.c.id == row.id, outbox.c.state == "pending")
            await connection.execute(update(outbox).where(*where).values({**_freed, **as_before}))
            return await stopped.stop(connection, *told())

    async def works_again(
        self, row: Delivery, told: Callable[[], tuple[datetime, Mapping[str, Outgoing]]]
    ) -> bool:
        """Ends the stop of a row's target if the row was sent; returns whether it did.

        `told` gives the present instant, in UTC, and the notes that tell of it, each where the note of its key told
        of the stop; it is called as that of `refused`.
        """
        async with self._database.write() as connection:
            return await stopped.clear(connection, row.id, row.target, told)

    async def stopped(self) -> list[Stopped]:
        """The targets that refused and wait for a person, by name."""
        async with self._database.read() as connection:
            return await stopped.all_of(connection)

    async def resume(self, target: str, *, now: datetime) -> bool:
        """Lets a stopped target be tried at once; returns whether it was stopped."""
        async with self._database.write() as connection:
            await wake(connection, Wakeup.OUTBOX)
            return await stopped.resume(connection, target, now)

    async def resume_changed(self, fingerprints: Mapping[str, str], *, now: datetime) -> list[str]:
        """Lets the stopped targets be tried whose fingerprint is another now; returns them, by name.

        `fingerprints` are those of every target in the configuration; others are not stopped any more.
        """
        async with self._database.write() as connection:
            return await stopped.resume_changed(connection, fingerprints, now)

    async def move(self, target: str, place: str) -> None:
        """Notes that a target is another place now. Its living messages stay behind and are forgotten."""
        async with self._database.write() as connection:
            await moved.move(connection, target, place)

    async def holds(self) -> list[Hold]:
        """The holds that wait for a person, by number."""
        async with self._database.read() as connection:
            return await holds.waiting(connection)

    async def hold(self, number: int) -> Hold | None:
        """The hold of a number, whatever became of it."""
        async with self._database.read() as connection:
            return await holds.find(connection, number)

    async def held(self, number: int) -> list[Delivery]:
        """The rows that a hold keeps, in the order in which they will be sent."""
        query = select(*DELIVERY).where(outbox.c.hold == number, outbox.c.state == "held")
        async with self._database.read() as connection:
            return [delivery(row) for row in await connection.execute(query.order_by(outbox.c.id))]

    async def release(self, number: int, *, now: datetime) -> int | None:
        """Lets the rows of a hold be sent, from `now` on and in order; returns how many they are.

        None, changing nothing, when there is no such hold or it is ended already.
        """
        async with self._database.write() as connection:
            await wake(connection, Wakeup.OUTBOX)
            return await holds.end(connection, number, "released", now)

    async def drop_held(self, number: int, *, now: datetime) -> int | None:
        """Drops the rows of a hold; returns how many they are, or None as `release` does."""
        async with self._database.write() as connection:
            return await holds.end(connection, number, "dropped", now)

    async def extend(self, ids: Collection[int], *, now: datetime, owner: str, until: datetime) -> None:
        """Prolongs those leases of `owner` that are not over by `now`, of some rows."""
        mine = (outbox.c.id.in_(ids), outbox.c.owner == owner, outbox.c.leased_until > now)
        async with self._database.write() as connection:
            await connection.execute(update(outbox).where(*mine).values(leased_until=until))

    async def give_back(self, owner: str) -> int:
        """Frees what `owner` has leased and not finished, for other workers to take at once; returns how many rows.

        A row whose sending had begun stays unknown: whoever takes it asks the platform first.
        """
        mine = (outbox.c.state == "pending", outbox.c.owner == owner)
        async with self._database.write() as connection:
            freed = (await connection.execute(update(outbox).where(*mine).values(_freed))).rowcount
            if freed:
                await wake(connection, Wakeup.OUTBOX)
        return freed

    async def _settle(
        self, id: int, values: dict[str, object], hold: Limit | None = None, until: datetime | None = None
    ) -> None:
        """Ends a lease. A row that somebody else has finished stays finished."""
        where = (outbox.c.id == id, outbox.c.state == "pending")
        async with self._database.write() as connection:
            if hold is not None and until is not None:
                await pacing.hold(connection, hold, until)
            await connection.execute(update(outbox).where(*where).values({**_freed, **values}))
