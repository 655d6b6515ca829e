"""Targets to which their platform gave another name: what is told there goes to the new place from then on."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from postings.store.tables import messages, moved
from postings.store.writing import put


async def move(connection: AsyncConnection, target: str, place: str) -> None:
    """Notes where a target is now; once it is noted nothing changes.

    The messages that stand in the old place are left there: nobody can edit them, and the numbers that they
    had may be those of others in the new one.
    """
    known = await connection.scalar(select(moved.c.place).where(moved.c.target == target))
    if known == place:
        return
    await put(connection, moved, [{"target": target, "place": place}])
    await connection.execute(delete(messages).where(messages.c.target == target))
