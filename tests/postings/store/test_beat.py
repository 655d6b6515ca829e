"""Whether anything was written is seen without a question to the database."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from postings.store import Store, Wakeup
from postings.store.beat import Beat
from postings.store.engine import Database
from tests.databases import sqlite_database
from tests.postings.store.samples import keep, record


class Seconds:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


async def test_what_this_process_writes_is_seen_at_once(store: Store) -> None:
    before = store.beat()
    await keep(store, record("a"))
    assert store.beat() != before


async def test_another_process_on_sqlite_is_seen_the_next_twentieth_of_a_second(tmp_path: Path) -> None:
    store = await Store.open(sqlite_database(tmp_path))
    seconds = Seconds()
    beat = Beat(Database(sqlite_database(tmp_path)), seconds)
    before = beat()
    seconds.now += 3600
    assert beat() == before, "nothing was written"
    await keep(store, record("a"))
    assert beat() == before, "it was asked a moment ago"
    seconds.now += 0.05
    assert beat() != before
    beat.close()
    await store.close()


async def test_another_process_on_postgresql_is_seen_once_it_is_heard(postgresql_url: str) -> None:
    store, other = [await Store.open(postgresql_url) for _ in range(2)]
    heard = store.heard(_never)
    await anext(heard)
    before = store.beat()
    await keep(other, record("a"))
    assert await anext(heard) is Wakeup.POSTINGS
    assert store.beat() != before
    await heard.aclose()
    await other.close()
    await store.close()


async def test_a_wakeup_that_is_lost_costs_a_second(postgresql_url: str) -> None:
    seconds = Seconds()
    beat = Beat(Database(postgresql_url), seconds)
    before = beat()
    seconds.now += 0.9
    assert beat() == before
    seconds.now += 0.1
    assert beat() != before


async def test_a_database_that_cannot_be_asked_is_to_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(_database: Database) -> sqlite3.Connection:
        raise sqlite3.OperationalError("database is locked")

    monkeypatch.setattr(Database, "aside", locked)
    assert Beat(Database(sqlite_database(tmp_path)))() is None


async def _never() -> None:
    raise AssertionError("PostgreSQL tells by itself")
