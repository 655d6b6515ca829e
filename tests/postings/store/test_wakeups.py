"""What processes tell one another, on each kind of database."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from postings.errors import StoreError
from postings.store import Outgoing, Store, Wakeup
from tests.databases import sqlite_database

NOW = datetime(2024, 3, 4, 9, 0, tzinfo=UTC)
ROW = Outgoing("clé", "console:", "dev", "opened", {}, NOW, NOW)


async def _at_once() -> None:
    """What is waited between two looks at SQLite: nothing, but others go on."""
    await asyncio.sleep(0)


@pytest.fixture
async def other(database_url: str, store: Store) -> Store:
    """Another process's store on the same database."""
    return await Store.open(database_url)


async def test_what_is_put_in_the_outbox_is_heard_by_another_process(store: Store, other: Store) -> None:
    heard = other.heard(_at_once)
    assert await anext(heard) is Wakeup.OUTBOX, "what was told before is unknown"
    async with store.change() as change:
        await change.enqueue(ROW)
    assert await anext(heard) is Wakeup.OUTBOX
    await heard.aclose()
    await other.close()


async def test_what_is_undone_is_not_told(store: Store, other: Store) -> None:
    heard = other.heard(_at_once)
    await anext(heard)
    with pytest.raises(RuntimeError):  # noqa: PT012  the block is what is undone
        async with store.change() as change:
            await change.enqueue(ROW)
            raise RuntimeError
    await store.wake(Wakeup.LOOK)
    told = {await anext(heard)}
    if told == {Wakeup.OUTBOX}:  # on SQLite a call is written, which tells of the outbox first
        told.add(await anext(heard))
        assert await store.outbox.deliveries() == []
    assert Wakeup.LOOK in told
    await heard.aclose()
    await other.close()


async def test_a_call_of_the_forge_is_heard_by_another_process_each_time(store: Store, other: Store) -> None:
    heard = other.heard(_at_once)
    for _ in range(3):
        await anext(heard)
        await store.wake(Wakeup.LOOK)
        while await anext(heard) is not Wakeup.LOOK:
            pass
        await store.wake(Wakeup.OUTBOX)
        async with store.change() as change:
            await change.enqueue(ROW)
    await heard.aclose()
    await other.close()


async def test_leasing_when_there_is_nothing_to_send_tells_nobody(tmp_path: Path) -> None:
    """Else two idle workers on SQLite would wake each other for ever."""
    store, other = [await Store.open(sqlite_database(tmp_path)) for _ in range(2)]
    pauses = 0

    async def pause() -> None:
        nonlocal pauses
        pauses += 1
        if pauses < 3:
            nothing = await store.outbox.lease(now=NOW, owner="un", duration=timedelta(minutes=1), limit=1)
            assert nothing == []
        else:
            await store.wake(Wakeup.LOOK)

    heard = other.heard(pause)
    assert [await anext(heard), await anext(heard)] == [Wakeup.OUTBOX] * 2
    assert pauses == 3
    await heard.aclose()
    await other.close()
    await store.close()


async def test_what_a_person_sends_again_is_heard_at_once(postgresql_url: str) -> None:
    store = await Store.open(postgresql_url)
    async with store.change() as change:
        await change.enqueue(ROW)
    (row,) = await store.outbox.deliveries()
    await store.outbox.dead(row.id, now=NOW, error="essai")
    heard = store.heard(_at_once)
    await anext(heard)
    assert await store.outbox.again(row.id, now=NOW)
    assert await anext(heard) is Wakeup.OUTBOX
    await heard.aclose()
    await store.close()


async def test_a_lost_connection_is_said(postgresql_url: str) -> None:
    store = await Store.open(postgresql_url)
    heard = store.heard(_at_once)
    await anext(heard)
    with psycopg.connect(postgresql_url, autocommit=True) as administrator:
        administrator.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND query LIKE 'LISTEN%'"
        )
    with pytest.raises(StoreError, match="inutilisable"):
        await anext(heard)
    await store.close()
