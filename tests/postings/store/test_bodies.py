"""The Markdown of postings in the store."""

from __future__ import annotations

from sqlalchemy import select

from postings.store import Store
from postings.store.engine import Database
from postings.store.tables import generations
from tests.postings.store.samples import SOURCE, keep, record


async def put(store: Store, **read: str) -> None:
    async with store.change() as change:
        await change.put_bodies(SOURCE.name, read)


async def generation(database_url: str) -> int:
    database = Database(database_url)
    async with database.read() as connection:
        number: int = (await connection.scalars(select(generations.c.number))).one()
    await database.close()
    return number


async def test_bodies_are_those_of_the_ids_asked_for_and_the_last_ones(store: Store) -> None:
    await keep(store, record("a"), record("b"), record("c"))
    await put(store, a="# Un", b="# Deux")
    await put(store, b="# Deux, corrigé")
    assert await store.bodies(["b", "c", "inconnue"]) == {"b": "# Deux, corrigé"}
    assert await store.bodies([]) == {}


async def test_whatever_a_body_holds_is_stored_as_far_as_databases_can(store: Store) -> None:
    await keep(store, record("a"))
    await put(store, a="un\x00deux \ud800 trois 🦊\u2028")
    assert await store.bodies(["a"]) == {"a": "undeux \ufffd trois 🦊\u2028"}


async def test_only_a_body_that_changed_lets_what_was_made_of_it_be_made_anew(
    store: Store, database_url: str
) -> None:
    await keep(store, record("a"), record("b"))
    await put(store, a="un\x00", b="deux")
    before = await generation(database_url)
    await put(store, a="un\x00", b="deux")
    assert await generation(database_url) == before
    await put(store, a="un\x00", b="trois")
    assert await generation(database_url) == before + 1
