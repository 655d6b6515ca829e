"""What is taken away once it is old: what was sent, and what nobody asks for any more.

Events, records, names and living messages stay: they are the history, and what reopened postings need.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from postings.model import State
from postings.store.tables import alerts, messages, outbox, pacing, postings, stopped, subscriptions
from postings.store.values import DIGEST, NOTE

_FINISHED = ("sent", "dropped", "dead")
_ALIVE = (State.OPEN, State.SCHEDULED)


@dataclass(frozen=True, slots=True)
class Pruned:
    """How many rows were taken away."""

    deliveries: int
    subscriptions: int
    messages: int
    """Living messages of places that nobody is told anything in any more."""


async def prune(
    connection: AsyncConnection, before: datetime, configured: Collection[str], limit: int
) -> Pruned:
    """Takes away at most `limit` rows of the outbox, and of subscriptions, that ended before an instant.

    `configured` are the places of the configuration.
    """
    await connection.execute(delete(pacing).where(pacing.c.tat < before))
    ended, left = await _subscriptions(connection, before, configured, limit)
    return Pruned(await _deliveries(connection, before, limit), ended, left)


async def _deliveries(connection: AsyncConnection, before: datetime, limit: int) -> int:
    """Rows that are finished, but for those that something still reads by their keys or numbers."""
    needed = or_(
        # Of what is open it is told why it was announced; and a posting that comes to match a question twice is told
        # once, by its row's key.
        exists().where(postings.c.id == outbox.c.posting, postings.c.state.in_(_ALIVE)),
        and_(outbox.c.kind == DIGEST, exists().where(messages.c.digest == outbox.c.key)),
        # What told of a stop or of an alert that is not over: its end is told where that was.
        and_(outbox.c.kind == NOTE, exists().where(alerts.c.note == outbox.c.key)),
        and_(outbox.c.kind == NOTE, exists().where(stopped.c.since == outbox.c.created_at)),
    )
    latest = select(func.max(outbox.c.id)).scalar_subquery()  # SQLite would give its number again
    old = (
        select(outbox.c.id)
        .where(outbox.c.state.in_(_FINISHED), outbox.c.finished_at < before, ~needed, outbox.c.id < latest)
        .order_by(outbox.c.id)
        .limit(limit)
    )
    ids = list(await connection.scalars(old))
    return (await connection.execute(delete(outbox).where(outbox.c.id.in_(ids)))).rowcount if ids else 0


async def _subscriptions(
    connection: AsyncConnection, before: datetime, configured: Collection[str], limit: int
) -> tuple[int, int]:
    """Subscriptions that ended; and where none is left in a place, the messages that were kept true there."""
    table = subscriptions
    old = select(table.c.number, table.c.target).where(table.c.ended_at < before, table.c.target != "")
    rows = (await connection.execute(old.order_by(table.c.number).limit(limit))).all()
    await take_away(connection, [row.number for row in rows])
    gone = 0
    for target in {row.target for row in rows}.difference(configured):
        if await connection.scalar(select(exists().where(table.c.target == target))):
            continue
        gone += (await connection.execute(delete(messages).where(messages.c.target == target))).rowcount
    return len(rows), gone


async def take_away(connection: AsyncConnection, numbers: Collection[int]) -> None:
    """Takes ended subscriptions away. Of the latest of all only the number stays, which would be given again."""
    table = subscriptions
    await connection.execute(
        delete(table).where(
            table.c.number.in_(numbers), table.c.number < select(func.max(table.c.number)).scalar_subquery()
        )
    )
    bare = {"target": "", "text": "", "words": "", "made_by": None, "owner": None}
    await connection.execute(update(table).where(table.c.number.in_(numbers)).values(bare))
