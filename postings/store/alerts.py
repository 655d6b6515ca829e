"""What is wrong and was told, so that any number of processes tell it once; and the facts that it is found by."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from typing import cast

from sqlalchemy import and_, delete, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from postings.model import EventKind, State
from postings.store import waiting
from postings.store.tables import alerts, events, outbox, postings, sources, stopped
from postings.store.values import OVER, Alert, AlertKind, Life, Outgoing, Queue, Source
from postings.store.writing import insert_new, put


async def of_kinds(connection: AsyncConnection, kinds: Collection[AlertKind]) -> dict[str, Alert]:
    """What is wrong, of some kinds, by key."""
    query = select(alerts).where(alerts.c.kind.in_(kinds)).order_by(alerts.c.key)
    return {row.key: Alert(**row._mapping) for row in await connection.execute(query)}


async def begin(connection: AsyncConnection, alert: Alert, note: Outgoing | None) -> bool:
    """Keeps an alert and enqueues `note`; returns False, doing neither, when one of its key is kept."""
    new = await insert_new(connection, alerts, "key", asdict(alert) | {"note": note and note.key})
    if new and note is not None:
        await waiting.enqueue(connection, note)
    return new


async def replace(connection: AsyncConnection, alert: Alert, note: Outgoing | None) -> None:
    """Keeps an alert in place of the one of its key, and enqueues `note`."""
    await put(connection, alerts, [asdict(alert) | {"note": note and note.key}])
    if note is not None:
        await waiting.enqueue(connection, note)


async def end(connection: AsyncConnection, key: str, now: datetime, note: Outgoing | None) -> bool:
    """Forgets an alert; returns whether there was one. `note` is enqueued unless the first was still to be sent."""
    ended = (
        await connection.execute(delete(alerts).where(alerts.c.key == key).returning(alerts.c.note))
    ).one_or_none()
    if ended is None:
        return False
    if ended.note is not None and note is not None:
        told = await connection.scalar(select(outbox.c.id).where(outbox.c.key == ended.note))
        gone = {"state": "dropped", "finished_at": now, "error": OVER}
        if told is None or not await waiting.amend(connection, cast(int, told), gone):
            await waiting.enqueue(connection, note)
    return True


async def lives(connection: AsyncConnection) -> list[Life]:
    """What tells of every source whether it still lives, by name."""
    is_open = and_(postings.c.source == sources.c.name, postings.c.state == State.OPEN)
    happened = and_(events.c.source == sources.c.name, events.c.kind != EventKind.STALE)
    query = select(
        sources,
        select(func.count()).where(is_open).scalar_subquery().label("open"),
        select(func.max(events.c.at)).where(happened).scalar_subquery().label("changed_at"),
    ).order_by(sources.c.name)
    found = []
    for row in await connection.execute(query):
        known = dict(row._mapping)
        is_open_now, changed_at = known.pop("open"), known.pop("changed_at")
        found.append(Life(Source(**known), is_open_now, changed_at))
    return found


async def queues(connection: AsyncConnection, before: datetime, after: datetime) -> list[Queue]:
    """The targets, not stopped, with rows to be sent since `before` or given up later than `after`, by name."""
    late = and_(outbox.c.state == "pending", outbox.c.ready_at <= before)
    died = and_(outbox.c.state == "dead", outbox.c.finished_at > after)
    columns = (outbox.c.target, outbox.c.state, outbox.c.ready_at, outbox.c.error, outbox.c.finished_at)
    query = (
        select(*columns)
        .where(or_(late, died), ~exists().where(stopped.c.target == outbox.c.target))
        .order_by(outbox.c.target, outbox.c.ready_at, outbox.c.id)
    )
    found: dict[str, Queue] = {}
    for row in await connection.execute(query):
        known = found.get(row.target) or Queue(row.target, 0, None, None, 0, None)
        if row.state == "pending":
            since, error = (row.ready_at, row.error) if known.since is None else (known.since, known.error)
            known = Queue(known.target, known.waiting + 1, since, error, known.dead, known.died_at)
        else:
            died_at = max(filter(None, (known.died_at, row.finished_at)), default=None)
            known = Queue(known.target, known.waiting, known.since, known.error, known.dead + 1, died_at)
        found[row.target] = known
    return list(found.values())
