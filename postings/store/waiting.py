"""What still waits in the outbox, as a look finds it: added, put off, held or taken back before it is sent.

The rows that are read here are locked: a sending of theirs that has not begun cannot begin meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from postings.store.reads import DELIVERY, delivery
from postings.store.tables import outbox
from postings.store.values import DIGEST, Delivery, Outgoing, named
from postings.store.writing import chunks, insert_new

_WAITS = outbox.c.state.in_(("pending", "held"))
_NOT_BEGUN = outbox.c.unknown_since.is_(None)


async def enqueue(connection: AsyncConnection, row: Outgoing, restored_from: datetime | None = None) -> bool:
    """Adds a row; returns False, changing nothing, when its key is there already.

    With `restored_from` it may have been sent since that instant, by whoever used the database that was lost.
    """
    values = {
        "key": row.key,
        "target": row.target,
        "posting": row.posting,
        "kind": row.kind,
        "payload": dict(row.payload),
        "ready_at": row.ready_at,
        "created_at": row.created_at,
        "state": "pending" if row.hold is None else "held",
        "attempts": 0,
        "first": row.first,
        "hold": row.hold,
        "unknown_since": restored_from if row.hold is None else None,
        "restored_from": restored_from,
    }
    return await insert_new(connection, outbox, "key", values)


async def about(connection: AsyncConnection, postings: Collection[str]) -> list[Delivery]:
    """The rows that wait and speak of some postings, and every digest that waits, in the order of the outbox."""
    found: dict[int, Delivery] = {}
    for some in chunks(postings):
        concerned = or_(outbox.c.posting.in_(some), outbox.c.kind == DIGEST)
        query = select(*DELIVERY).where(_WAITS, concerned).order_by(outbox.c.id).with_for_update()
        found |= {row.id: row for row in map(delivery, await connection.execute(query))}
    return sorted(found.values(), key=lambda row: (cast(datetime, row.ready_at), row.id))


async def waiting_of_key(connection: AsyncConnection, key: str) -> Delivery | None:
    """The row of a key if it waits and no sending was begun, locked until the transaction ends."""
    query = select(*DELIVERY).where(outbox.c.key == key, _WAITS, _NOT_BEGUN).with_for_update()
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else delivery(row)


async def amend(connection: AsyncConnection, id: int, values: Mapping[str, object]) -> bool:
    """Changes a row that waits and ends its lease; returns False, changing nothing, once a sending was begun."""
    changed = update(outbox).where(outbox.c.id == id, _WAITS, _NOT_BEGUN)
    result = await connection.execute(changed.values({"owner": None, "leased_until": None, **values}))
    return result.rowcount == 1


async def postpone(
    connection: AsyncConnection,
    postings: Collection[str],
    until: datetime,
    latest: timedelta,
    leaves: Callable[[str, datetime], datetime],
) -> None:
    """Lets first announcements of some postings wait until `until`, `latest` after they were made at most.

    `leaves` gives the first instant at or after another at which a target may be told something.
    """
    concerned = set(postings)
    columns = (
        outbox.c.id,
        outbox.c.target,
        outbox.c.posting,
        outbox.c.payload,
        outbox.c.created_at,
        outbox.c.ready_at,
    )
    waits = (outbox.c.state == "pending", outbox.c.first, _NOT_BEGUN)
    query = select(*columns).where(*waits).order_by(outbox.c.id).with_for_update()
    for row in (await connection.execute(query)).all():
        ready_at = min(until, row.created_at + latest)
        if ready_at > row.ready_at and not concerned.isdisjoint(named(row.posting, row.payload)):
            later = {"ready_at": leaves(row.target, ready_at)}
            await connection.execute(update(outbox).where(outbox.c.id == row.id).values(later))


async def ready_at(connection: AsyncConnection, target: str, instant: datetime) -> list[Delivery]:
    """The rows of a target that become ready at an instant and of which no sending was begun, in order."""
    waits = (outbox.c.state == "pending", outbox.c.target == target, outbox.c.ready_at == instant)
    query = select(*DELIVERY).where(*waits, _NOT_BEGUN).order_by(outbox.c.id).with_for_update()
    return [delivery(row) for row in await connection.execute(query)]


async def of_key(connection: AsyncConnection, key: str) -> Delivery | None:
    """The row of a key, whatever became of it."""
    query = select(*DELIVERY).where(outbox.c.key == key).with_for_update()
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else delivery(row)
