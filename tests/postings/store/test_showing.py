"""What is shown, and what changed since it was last read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import text

from postings.catalogue import Catalogue
from postings.model import State, Team
from postings.store import Store, schema
from postings.store.engine import Database
from tests.feeds.samples import MemoryCatalogue
from tests.postings.store.samples import NOON, SOURCE, keep, posting, record

DAY = timedelta(days=1)
OPEN = record("ouverte", opened_at=NOON - 90 * DAY)
LATELY = record("fermee", State.CLOSED, opened_at=NOON - 9 * DAY, ended_at=NOON - 3 * DAY)
GONE = record("retiree", None, opened_at=NOON - 9 * DAY, ended_at=NOON - DAY)
LONG_AGO = record("ancienne", State.FILLED, opened_at=NOON - 90 * DAY, ended_at=NOON - 20 * DAY)
NEVER = record("a-venir", State.SCHEDULED)


async def test_what_is_shown_is_what_reading_everything_gives(store: Store) -> None:
    every = (OPEN, LATELY, GONE, LONG_AGO, NEVER)
    await keep(store, *every)
    catalogues: tuple[Catalogue, ...] = (store, MemoryCatalogue(list(every)))
    for catalogue in catalogues:
        shown = await catalogue.shown(NOON - 14 * DAY)
        assert sorted(r.id for r in shown) == ["fermee", "ouverte", "retiree"]
        some = await catalogue.shown(NOON - 14 * DAY, {"ancienne", "fermee"})
        assert [r.id for r in some] == ["fermee"]
        assert await catalogue.last_end(NOON - 14 * DAY) == NOON - 20 * DAY
        assert await catalogue.last_end(NOON - 30 * DAY) is None
        assert sorted(r.id for r in await catalogue.records_of({"a-venir", "ancienne"})) == [
            "a-venir",
            "ancienne",
        ]


async def test_the_teams_of_all_that_ever_was_are_known(store: Store) -> None:
    former = replace(
        GONE, posting=posting("retiree", team=Team("vieille", "Vieille"), incubator=Team("anct", "ANCT"))
    )
    await keep(store, OPEN, former)
    teams, incubators = await store.teams_ever()
    assert sorted(teams, key=lambda t: t.id) == [Team("exemple", "Exemple"), Team("vieille", "Vieille")]
    assert incubators == [Team("anct", "ANCT")]
    assert [set(found) for found in await MemoryCatalogue([OPEN, former]).teams_ever()] == [
        set(teams),
        set(incubators),
    ]


async def test_what_was_written_since_a_mark_is_named(store: Store) -> None:
    await keep(store, OPEN, LATELY)
    first = await store.changed(None)
    assert (first.ids, first.last_look) == (None, NOON)
    nothing = await store.changed(first.mark)
    assert (nothing.mark, nothing.ids) == (first.mark, ())
    await keep(store, replace(OPEN, state=State.FILLED, ended_at=NOON))
    second = await store.changed(first.mark)
    assert (set(second.ids or ()), second.mark == first.mark) == ({"ouverte"}, False)
    async with store.change() as change:
        await change.put_bodies(SOURCE.name, {"fermee": "# Autre texte"})
    assert set((await store.changed(second.mark)).ids or ()) == {"fermee"}
    assert set((await store.changed(first.mark)).ids or ()) == {"fermee", "ouverte"}


async def test_a_look_that_changed_no_posting_is_told_by_its_instant_alone(store: Store) -> None:
    await keep(store, OPEN)
    first = await store.changed(None)
    async with store.change() as change:
        await change.put_source(replace(SOURCE, looked_at=NOON + DAY))
    second = await store.changed(first.mark)
    assert (second.mark, second.ids, second.last_look) == (first.mark, (), NOON + DAY)


async def test_what_ended_before_there_was_a_column_is_found_once_migrated(
    store: Store, database_url: str
) -> None:
    await keep(store, OPEN, LATELY, LONG_AGO)
    database = Database(database_url)
    async with database.write() as connection:
        await connection.execute(text("DROP INDEX ix_postings_ended_at"))
        await connection.execute(text("ALTER TABLE postings DROP COLUMN ended_at"))
        for table in ("sources", "outbox"):  # what a later revision added
            await connection.execute(text(f"ALTER TABLE {table} DROP COLUMN restored_from"))
        await connection.execute(text("ALTER TABLE holds ADD COLUMN ended_by TEXT"))  # what one took away
        await connection.execute(text("UPDATE alembic_version SET version_num = '0011'"))
    await schema.upgrade(database)
    await database.close()
    assert {r.id for r in await store.shown(NOON - 14 * DAY)} == {"ouverte", "fermee"}
    assert await store.last_end(NOON - 14 * DAY) == LONG_AGO.ended_at
