"""The outbox: rows are leased to a worker, never lost, and leave a target in the order in which they came.

A row is pending until it is sent, dead or dropped; those states are final but for `again`. A held row waits
for a person (`release`, `drop_held`) and holds nothing back. The rows of a target that refused stay pending
and are not leased, but for one at `retry_at` of `Stopped`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update

from postings.store import holds, stopped
from postings.store.engine import Database
from postings.store.reads import DELIVERY, delivery
from postings.store.tables import messages, outbox
from postings.store.tables import stopped as _stopped
from postings.store.values import Delivery, DeliveryState, Hold, Living, Outgoing, Stopped
from postings.store.wakeups import Wakeup, wake
from postings.store.writing import put

_earlier = outbox.alias("earlier")
_is_head = ~exists().where(
    _earlier.c.state == "pending",
    _earlier.c.target == outbox.c.target,
    or_(
        _earlier.c.ready_at < outbox.c.ready_at,
        and_(_earlier.c.ready_at == outbox.c.ready_at, _earlier.c.id < outbox.c.id),
    ),
)
_with_stopped = outbox.outerjoin(_stopped, _stopped.c.target == outbox.c.target)
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
    ) -> list[Delivery]:
        """Takes at most `limit` rows for `owner` until `now + duration`, at most one a target.

        Only the first row of a target can be taken, by `(ready_at, id)`, so a row that waits to be tried
        again, or that another worker holds, holds back the later ones. Only of `targets` when given.
        """
        query = (
            select(*DELIVERY, _stopped.c.target.is_not(None).label("on_trial"))
            .select_from(_with_stopped)
            .where(
                outbox.c.state == "pending",
                outbox.c.ready_at <= now,
                _past(_stopped.c.retry_at, now),
                _past(outbox.c.retry_at, now),
                _past(outbox.c.leased_until, now),
                _is_head,
            )
            .order_by(outbox.c.ready_at, outbox.c.id)
            .limit(limit)
            .with_for_update(of=outbox, skip_locked=True)
        )
        if targets is not None:
            query = query.where(outbox.c.target.in_(targets))
        async with self._database.write() as connection:
            leased = [delivery(row) for row in await connection.execute(query)]
            if leased:
                mine = outbox.c.id.in_([row.id for row in leased])
                held = {"owner": owner, "leased_until": now + duration}
                await connection.execute(update(outbox).where(mine).values(held))
        return leased

    async def attempt(self, id: int, *, now: datetime, owner: str | None = None) -> bool:
        """Notes that a sending begins; until its end is noted, the row's outcome is `unknown`.

        Returns False, and nothing may be sent, when the row is no longer to be sent (it was dropped, or put
        off) or the lease is over (or is not `owner`'s, when given).
        """
        where = [
            outbox.c.id == id,
            outbox.c.state == "pending",
            outbox.c.ready_at <= now,
            outbox.c.leased_until > now,
        ]
        if owner is not None:
            where.append(outbox.c.owner == owner)
        begun = {
            "attempts": outbox.c.attempts + 1,
            "unknown_since": func.coalesce(outbox.c.unknown_since, now, type_=outbox.c.unknown_since.type),
        }
        async with self._database.write() as connection:
            result = await connection.execute(update(outbox).where(*where).values(begun))
            return result.rowcount == 1

    async def done(
        self,
        id: int,
        *,
        now: datetime,
        message_id: str | None,
        living: Iterable[Living] = (),
        payload: Mapping[str, object] | None = None,
    ) -> None:
        """Notes that a row was sent, and the living messages that it made, in one transaction.

        `payload` is what it said, where that is less than was asked for.
        """
        sent: dict[str, object] = {
            **_freed,
            "state": "sent",
            "message_id": message_id,
            "finished_at": now,
            "retry_at": None,
            "unknown_since": None,
            "error": None,
        }
        if payload is not None:
            sent["payload"] = dict(payload)
        async with self._database.write() as connection:
            # Also a row that was dropped meanwhile: what was sent was sent.
            await connection.execute(update(outbox).where(outbox.c.id == id).values(sent))
            await put(connection, messages, [asdict(message) for message in living])

    async def retry(self, id: int, *, at: datetime, error: str, unknown: bool) -> None:
        """Puts a row back to be tried at `at`; `unknown` when it may have been sent all the same."""
        since = func.coalesce(outbox.c.unknown_since, outbox.c.created_at) if unknown else None
        await self._settle(id, {"retry_at": at, "error": error, "unknown_since": since})

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

    async def next_ready(self, now: datetime) -> datetime | None:
        """When the next row may be leased, `now` at the earliest; None when there is none to send."""
        columns = (outbox.c.ready_at, outbox.c.retry_at, outbox.c.leased_until, _stopped.c.retry_at)
        query = select(*columns).select_from(_with_stopped).where(outbox.c.state == "pending", _is_head)
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        ready = (max(instant for instant in row if instant is not None) for row in rows)
        return max(now, first) if (first := min(ready, default=None)) is not None else None

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

    async def refused(self, row: Delivery, refused: Stopped, note: Outgoing | None, *, error: str) -> bool:
        """Stops the target of a row, which waits there as if it had not been tried; `note` tells the staff.

        Returns whether the target was not stopped yet; if it was, nobody is told again.
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
            return await stopped.stop(connection, refused, note)

    async def works_again(self, row: Delivery, *, now: datetime, note: Outgoing | None) -> bool:
        """Ends the stop of a row's target if the row was sent; returns whether it did.

        `note` tells the staff, where it was told of the stop.
        """
        async with self._database.write() as connection:
            return await stopped.clear(connection, row.id, row.target, now, note)

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

    async def _settle(self, id: int, values: dict[str, object]) -> None:
        """Ends a lease. A row that somebody else has finished stays finished."""
        where = (outbox.c.id == id, outbox.c.state == "pending")
        async with self._database.write() as connection:
            await connection.execute(update(outbox).where(*where).values({**_freed, **values}))


def _past(instant: ColumnElement[datetime], now: datetime) -> ColumnElement[bool]:
    return or_(instant.is_(None), instant <= now)
