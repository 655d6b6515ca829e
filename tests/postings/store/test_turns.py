"""Whose turn it is to watch: one process at a time, another as soon as the first is gone."""

from __future__ import annotations

import asyncio
from pathlib import Path

import psycopg
import pytest

from postings.errors import StoreError
from postings.store import Store, Wakeup
from tests.databases import sqlite_database

CUT = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


async def test_one_at_a_time_has_the_turn_and_the_next_takes_it_when_it_is_given_back(
    database_url: str, store: Store
) -> None:
    other = await Store.open(database_url)
    async with other.turn() as second:
        async with store.turn() as first:
            assert await first.take()
            assert not await second.take()
        assert await second.take()
    async with store.turn() as first:
        assert await first.take()
    await other.close()


async def test_the_turn_of_one_database_is_not_that_of_another(tmp_path: Path, store: Store) -> None:
    (tmp_path / "autre").mkdir()
    other = await Store.open(sqlite_database(tmp_path / "autre"))
    async with store.turn() as first, other.turn() as second:
        assert await first.take()
        assert await second.take()
    await other.close()


async def test_a_turn_that_is_held_is_not_lost(store: Store) -> None:
    async with store.turn() as turn:
        assert await turn.take()
        lost = asyncio.ensure_future(turn.lost())
        await store.origins()  # something else goes on meanwhile
        assert not lost.done()
        lost.cancel()


async def test_a_connection_that_is_cut_loses_the_turn(postgresql_url: str) -> None:
    store = await Store.open(postgresql_url)
    async with store.turn() as first:
        assert await first.take()
        with psycopg.connect(postgresql_url, autocommit=True) as administrator:
            administrator.execute(CUT)
        await first.lost()
        async with store.turn() as second:
            assert await second.take()
    await store.close()


async def test_who_waits_is_told_when_the_turn_is_given_back(postgresql_url: str) -> None:
    store = await Store.open(postgresql_url)
    heard = store.heard(_never)
    assert await anext(heard) is Wakeup.OUTBOX
    async with store.turn() as turn:
        assert await turn.take()
    assert await anext(heard) is Wakeup.TURN
    await heard.aclose()
    await store.close()


async def test_a_cut_connection_is_said_by_the_one_who_asks_for_the_turn(postgresql_url: str) -> None:
    store = await Store.open(postgresql_url)
    with pytest.raises(StoreError, match="inutilisable"):  # noqa: PT012  it is said at the end of the block
        async with store.turn() as turn:
            with psycopg.connect(postgresql_url, autocommit=True) as administrator:
                administrator.execute(CUT)
            await turn.take()
    await store.close()


async def test_a_folder_that_cannot_be_written_to_is_said_in_a_sentence(tmp_path: Path) -> None:
    store = await Store.open(sqlite_database(tmp_path))
    (tmp_path / "vigie.db-watcher").mkdir()  # root may write anywhere, but not into a folder
    with pytest.raises(StoreError, match="ne peut pas être verrouillé"):
        async with store.turn() as turn:
            await turn.take()
    await store.close()


async def test_a_locked_file_that_somebody_removed_holds_nothing_back(tmp_path: Path) -> None:
    store = await Store.open(sqlite_database(tmp_path))
    async with store.turn() as turn:
        assert await turn.take()
        (tmp_path / "vigie.db-watcher").unlink()
        async with store.turn() as second:
            assert await second.take(), (
                "who locks the file that stands there may watch; the look's own lock holds"
            )
    await store.close()


async def _never() -> None:
    raise AssertionError("PostgreSQL tells by itself")
