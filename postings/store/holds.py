"""Holds: what a look found stays in the outbox until a person releases or drops it, or nothing is left of it.

Everybody who ends holds or adds rows to them locks the hold first, then its rows.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from typing import cast

from sqlalchemy import exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from postings.store.tables import holds, outbox
from postings.store.values import BY_HAND, Hold, HoldState

_HAS_ROWS = exists().where(outbox.c.hold == holds.c.number, outbox.c.state == "held")


async def held(connection: AsyncConnection, source: str) -> list[Hold]:
    """The holds of a source that are not ended, by number, locked until the transaction ends."""
    query = select(holds).where(holds.c.source == source, holds.c.state == "held").order_by(holds.c.number)
    return [Hold(**row._mapping) for row in await connection.execute(query.with_for_update())]


async def waiting(connection: AsyncConnection) -> list[Hold]:
    """The holds that are not ended, by number."""
    query = select(holds).where(holds.c.state == "held").order_by(holds.c.number)
    return [Hold(**row._mapping) for row in await connection.execute(query)]


async def find(connection: AsyncConnection, number: int) -> Hold | None:
    """The hold of a number, whatever became of it."""
    row = (await connection.execute(select(holds).where(holds.c.number == number))).one_or_none()
    return None if row is None else Hold(**row._mapping)


async def untold(connection: AsyncConnection, source: str, instants: Collection[datetime]) -> set[datetime]:
    """Of some instants, those of looks at many postings at once whose closings were not told."""
    query = select(holds.c.at).where(
        holds.c.source == source,
        holds.c.at.in_(instants),
        holds.c.reason != "overwritten",
        holds.c.left > 0,
        holds.c.state != "released",
    )
    return set(await connection.scalars(query))


async def add(connection: AsyncConnection, hold: Hold) -> int:
    """Stores a new hold, whose number is given here and returned."""
    values = {name: value for name, value in asdict(hold).items() if name != "number"}
    statement = insert(holds).values(values).returning(holds.c.number)
    return cast(int, await connection.scalar(statement))


async def void(connection: AsyncConnection, source: str, now: datetime) -> list[int]:
    """Ends the holds of a source of which no row is left; returns their numbers, in order."""
    ended = (
        update(holds)
        .where(holds.c.source == source, holds.c.state == "held", ~_HAS_ROWS)
        .values(state="void", ended_at=now)
        .returning(holds.c.number)
    )
    return sorted(await connection.scalars(ended))


async def end(connection: AsyncConnection, number: int, state: HoldState, now: datetime) -> int | None:
    """Ends a hold as released or dropped, and its rows with it: ready now, in order, or dropped.

    Returns how many rows that were; None, changing nothing, when it is not held (any more).
    """
    mine = (holds.c.number == number, holds.c.state == "held")
    ended = await connection.execute(update(holds).where(*mine).values(state=state, ended_at=now))
    if ended.rowcount == 0:
        return None
    rows = {"state": "pending", "ready_at": now}
    if state == "dropped":
        rows = {"state": "dropped", "finished_at": now, "error": BY_HAND}
    kept = update(outbox).where(outbox.c.hold == number, outbox.c.state == "held")
    return (await connection.execute(kept.values(rows))).rowcount
