"""Targets that refused: their rows wait, untried and in order, until the platform takes one again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from postings.store import waiting
from postings.store.tables import outbox, stopped
from postings.store.values import WORKS_AGAIN, Outgoing, Stopped
from postings.store.wakeups import Wakeup, wake
from postings.store.writing import insert_new


async def stop(connection: AsyncConnection, refused: Stopped, notes: Iterable[Outgoing]) -> bool:
    """Stops a target and enqueues `notes`; returns whether it was not stopped yet.

    Of one that is, only what the latest refusal said is kept, and nothing is told again.
    """
    row = asdict(refused)
    if await insert_new(connection, stopped, "target", row):
        for note in notes:
            await waiting.enqueue(connection, note)
        await wake(connection, Wakeup.OUTBOX)
        return True
    latest = {name: row[name] for name in ("retry_at", "french", "english", "fingerprint")}
    await connection.execute(update(stopped).where(stopped.c.target == refused.target).values(latest))
    return False


async def clear(
    connection: AsyncConnection,
    id: int,
    target: str,
    told: Callable[[], tuple[datetime, Mapping[str, Outgoing]]],
) -> bool:
    """Ends the stop of a target if the row `id` was sent; returns whether it did.

    `told` gives the present instant and notes. Each of these is enqueued where the note of its key told of the
    stop. Where that is not said yet, neither is.
    """
    sent = exists().where(outbox.c.id == id, outbox.c.state == "sent")
    ended = await connection.execute(delete(stopped).where(stopped.c.target == target, sent))
    if not ended.rowcount:
        return False
    now, notes = told()
    for key, note in notes.items():
        stop = await connection.scalar(select(outbox.c.id).where(outbox.c.key == key))
        gone = {"state": "dropped", "finished_at": now, "error": WORKS_AGAIN}
        if stop is not None and not await waiting.amend(connection, stop, gone):
            await waiting.enqueue(connection, note)
    return True


async def all_of(connection: AsyncConnection) -> list[Stopped]:
    """Every stopped target, by name."""
    rows = await connection.execute(select(stopped).order_by(stopped.c.target))
    return [Stopped(**row._mapping) for row in rows]


async def resume(connection: AsyncConnection, target: str, now: datetime) -> bool:
    """Lets a stopped target be tried from `now` on; returns whether it was stopped."""
    due = update(stopped).where(stopped.c.target == target).values(retry_at=now)
    return (await connection.execute(due)).rowcount == 1


async def resume_changed(
    connection: AsyncConnection, fingerprints: Mapping[str, str], now: datetime
) -> list[str]:
    """Lets the stopped targets of which the configuration says something else be tried; returns them, by name.

    What is stopped and not in the configuration any more is forgotten.
    """
    changed: list[str] = []
    for known in await all_of(connection):
        mine = stopped.c.target == known.target
        fingerprint = fingerprints.get(known.target)
        if fingerprint is None:
            await connection.execute(delete(stopped).where(mine))
        elif fingerprint != known.fingerprint:
            values = {"retry_at": now, "fingerprint": fingerprint}
            await connection.execute(update(stopped).where(mine).values(values))
            changed.append(known.target)
    return changed
