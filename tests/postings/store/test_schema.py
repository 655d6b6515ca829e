from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, event, inspect, text
from sqlalchemy.engine import Engine
from sqlalchemy.engine.interfaces import CacheStats

from postings.errors import StoreError
from postings.store import Store, migrate, schema
from postings.store.engine import Database
from postings.store.tables import metadata
from tests.postings.store.samples import SOURCE

FAILING = """
revision = "9998"
down_revision = "LATEST"

def upgrade():
    from alembic import op
    import sqlalchemy as sa
    op.create_table("half", sa.Column("done", sa.Text))
    op.execute("INSERT INTO half VALUES ('x')")
    raise RuntimeError("it fails half way")
"""


@pytest.fixture
async def database(empty_database_url: str) -> AsyncIterator[Database]:
    opened = Database(empty_database_url)
    yield opened
    await opened.close()


async def ask(database: Database, question: Any) -> Any:
    async with database.read() as connection:
        return await connection.run_sync(question)


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


async def test_the_migrations_make_the_tables_that_the_code_speaks_of(
    empty_database_url: str, database: Database
) -> None:
    await migrate(empty_database_url)
    options = {"compare_type": True}

    def differences(connection: Connection) -> list[Any]:
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))

    assert await ask(database, differences) == []
    assert await ask(database, tables) == {*metadata.tables, "alembic_version"}


async def test_several_may_start_at_once_and_again(empty_database_url: str) -> None:
    revisions = await asyncio.gather(*(migrate(empty_database_url) for _ in range(4)))
    assert set(revisions) == {await migrate(empty_database_url)}


async def test_migrating_keeps_what_is_there(empty_database_url: str) -> None:
    store = await Store.open(empty_database_url)
    async with store.change() as change:
        await change.put_source(SOURCE)
    await store.close()
    await migrate(empty_database_url)
    store = await Store.open(empty_database_url, migrate=False)
    assert await store.source("site") == SOURCE
    await store.close()


async def test_a_failed_migration_leaves_nothing_behind(
    empty_database_url: str, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    revision = await migrate(empty_database_url)
    location = tmp_path / "100 % migrations"
    shutil.copytree(Path(schema.__file__).parent / "migrations", location)
    (location / "versions" / "9998_failing.py").write_text(FAILING.replace("LATEST", revision))
    monkeypatch.setattr(schema, "LOCATION", str(location))
    with pytest.raises(RuntimeError, match="half way"):
        await migrate(empty_database_url)
    assert "half" not in await ask(database, tables)
    monkeypatch.undo()
    assert await schema.check(database) == revision


@pytest.mark.parametrize("migrates", [True, False])
async def test_a_database_of_a_later_version_is_refused(
    empty_database_url: str, database: Database, migrates: bool
) -> None:
    await migrate(empty_database_url)
    async with database.write() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="plus récente") as caught:
        await Store.open(empty_database_url, migrate=migrates)
    assert "9999" in caught.value.english


async def test_without_migrating_an_empty_database_is_refused_with_the_remedy(
    empty_database_url: str,
) -> None:
    with pytest.raises(StoreError, match="vigie migrate"):
        await Store.open(empty_database_url, migrate=False)


async def test_asking_again_whether_a_database_is_current_compiles_nothing(
    empty_database_url: str, database: Database
) -> None:
    await migrate(empty_database_url)
    found: list[CacheStats] = []

    def asked(*arguments: Any) -> None:
        found.append(arguments[4].cache_hit)

    assert await schema.is_current(database)
    event.listen(Engine, "before_cursor_execute", asked)
    try:
        assert await schema.is_current(database)
    finally:
        event.remove(Engine, "before_cursor_execute", asked)
    assert found[-1] is CacheStats.CACHE_HIT
    assert CacheStats.CACHE_MISS not in found
