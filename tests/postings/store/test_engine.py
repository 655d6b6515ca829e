from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text

from postings.errors import StoreError
from postings.store import Store, engine, migrate, normalise, shown
from postings.store.engine import Database
from tests.databases import sqlite_database


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (
            "postgres://u:p%40x@db.example.org:5433/vigie",
            "postgresql+psycopg://u:p%40x@db.example.org:5433/vigie",
        ),
        ("postgresql://db.example.org/vigie?sslmode=require", None),
        ("postgresql+asyncpg://db.example.org/vigie", "postgresql+psycopg://db.example.org/vigie"),
        ("sqlite:///vigie.db", "sqlite+aiosqlite:///vigie.db"),
        ("sqlite:////srv/vigie.db", "sqlite+aiosqlite:////srv/vigie.db"),
    ],
)
def test_addresses_as_hosts_write_them_get_the_driver_that_is_used(written: str, meant: str | None) -> None:
    assert normalise(written) == (meant or written.replace("postgresql", "postgresql+psycopg"))


@pytest.mark.parametrize(
    "url", ["", "vigie.db", "mysql://db.example.org/vigie", "sqlite://", "sqlite:///:memory:"]
)
def test_an_address_that_is_none_is_refused_with_an_example(url: str) -> None:
    with pytest.raises(StoreError) as caught:
        normalise(url)
    assert "sqlite:///vigie.db" in str(caught.value)
    assert "sqlite:///vigie.db" in caught.value.english


@pytest.mark.parametrize(
    "url",
    [
        "postgres://u:s3cret@db.example.org/vigie",
        "postgresql+psycopg://u@db.example.org/vigie?password=s3cret",
        "postgres://u:s3cret@db.example.org:port/vigie",
    ],
)
def test_a_password_is_never_shown(url: str) -> None:
    assert "s3cret" not in shown(url)
    assert "postgres" in shown(url)


async def test_a_server_that_does_not_answer_is_one_sentence_without_the_password() -> None:
    with pytest.raises(StoreError) as caught:
        await Store.open("postgres://u:s3cret@127.0.0.1:1/vigie")
    for sentence in (str(caught.value), caught.value.english):
        assert "127.0.0.1" in sentence
        assert "database_url" in sentence
        assert "s3cret" not in sentence
        assert "\n" not in sentence


async def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="absent"):
        await Store.open(f"sqlite:///{tmp_path}/absent/vigie.db")


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "vigie.db").write_text(
        "une liste de courses, assez longue pour remplir un en-tête de base" * 20
    )
    with pytest.raises(StoreError, match="inutilisable"):
        await migrate(f"sqlite:///{tmp_path}/vigie.db")


async def test_the_writers_of_a_process_wait_for_one_another_and_not_for_sqlite(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_BUSY_SECONDS", 0)  # whoever met SQLite's lock would fail at once
    database = Database(sqlite_database(tmp_path))
    async with database.write() as connection:
        await connection.execute(text("CREATE TABLE written (number INTEGER)"))

    async def written() -> None:
        async with database.write() as connection:
            (before,) = (await connection.execute(text("SELECT count(*) FROM written"))).one()
            await asyncio.sleep(0)
            await connection.execute(text("INSERT INTO written VALUES (:n)"), {"n": before})

    try:
        await asyncio.gather(*(written() for _ in range(20)))
        async with database.read() as connection:
            rows = (await connection.execute(text("SELECT number FROM written ORDER BY number"))).scalars()
            assert list(rows) == list(range(20))
    finally:
        await database.close()
