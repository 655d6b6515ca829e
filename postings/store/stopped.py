"""Targets that refused: their rows wait, untried and in order, until the platform takes one again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import cast

from sqlalchemy import delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from postings.store import waiting
from postings.store.tables import outbox, stopped
from postings.store.values import WORKS_AGAIN, Outgoing, Stopped
from postings.store.wakeups import Wakeup, wake
from postings.store.writing import insert_new


async def stop(connection: AsyncConnection, refused: Stopped, note: Outgoing | None) -> bool:
    """Stops a target and enqueues `note`; returns whether it was not stopped yet.

    Of one that is, only what the latest refusal said is kept, and nothing is told again.
    """
    row = asdict(refused) | {"note": note and note.key}
    if await insert_new(connection, stopped, "target", row):
        if note is not None:
            await waiting.enqueue(connection, note)
            await wake(connection, Wakeup.OUTBOX)
        return True
    latest = {name: row[name] for name in ("retry_at", "french", "english", "fingerprint")}
    await connection.execute(update(stopped).where(stopped.c.target == refused.target).values(latest))
    return False


async def clear(
    connection: AsyncConnection, id: int, target: str, now: datetime, note: Outgoing | None
) -> bool:
    """Ends the stop of a target if the row `id` was sent; returns whether it did.

    `note` is enqueued where the staff was told of the stop. Where that is not said yet, neither is said.
    """
    sent = exists().where(outbox.c.id == id, outbox.c.state == "sent")
    statement = delete(stopped).where(stopped.c.target == target, sent).returning(stopped.c.note)
    ended = (await connection.execute(statement)).one_or_none()
    if ended is None:
        return False
    if ended.note is not None and note is not None:
        told = await connection.scalar(select(outbox.c.id).where(outbox.c.key == ended.note))
        gone = {"state": "dropped", "finished_at": now, "error": WORKS_AGAIN}
        if told is None or not await waiting.amend(connection, cast(int, told), gone):
            await waiting.enqueue(connection, note)
    return True


async def all_of(connection: AsyncConnection) -> list[Stopped]:
    """Every stopped target, by name."""
    columns = [column for column in stopped.c if column is not stopped.c.note]
    rows = await connection.execute(select(*columns).order_by(stopped.c.target))
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
