from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import text

from postings.catalogue import Catalogue
from postings.model import EventKind, State, Team
from postings.store import File, Living, Source, Store, StoredTeam
from postings.store.engine import Database
from tests.postings.store.samples import (
    MINUTE,
    NOON,
    SOURCE,
    enqueue,
    keep,
    opened,
    outgoing,
    posting,
    record,
)


def test_the_store_is_a_catalogue(store: Store) -> None:
    catalogue: Catalogue = store
    assert catalogue is store


async def test_records_are_chosen_by_state_source_and_id_the_last_opened_first(store: Store) -> None:
    early = record("early", opened_at=NOON)
    late = record("late", opened_at=NOON + MINUTE)
    closed = record("closed", State.CLOSED)
    gone = record("gone", None)
    await keep(store, early, late, closed, gone)
    async with store.change() as change:
        await change.put_source(Source("other", "/srv/postes"))
        await change.put_records("other", [(record("other:x"), None)])
    assert await store.records([State.OPEN], source="site") == [late, early]
    assert await store.records(source="site") == [late, early, closed, gone]
    assert await store.records(ids=["gone", "early", "absent"]) == [early, gone]
    assert [r.id for r in await store.records([State.CLOSED, State.OPEN])] == [
        "late",
        "early",
        "closed",
        "other:x",
    ]
    assert await store.records([]) == []


async def test_a_record_that_is_stored_again_replaces_the_former(store: Store) -> None:
    await keep(store, record("a"))
    changed = record("a", State.FILLED, openings=2, told=frozenset({"a:opened:1"}))
    await keep(store, changed)
    assert await store.records() == [changed]


async def test_a_posting_is_found_by_its_id_and_by_every_name_that_it_had(store: Store) -> None:
    moved = record("first", names=("first", "second", "third"))
    await keep(store, moved)
    for name in moved.names:
        assert await store.find(name) == moved
    assert await store.find("fourth") is None


async def test_of_two_postings_of_one_name_the_one_that_still_has_a_file_is_found(store: Store) -> None:
    gone = record("a", None, names=("a", "shared"))
    there = record("z", names=("z", "shared", "now"))
    await keep(store, gone, there)
    assert await store.find("shared") == there
    assert await store.find("a") == gone


async def test_a_posting_of_another_source_is_found_by_the_name_after_its_prefix(store: Store) -> None:
    await keep(store, record("old"))
    async with store.change() as change:
        await change.put_source(Source("other", "/srv/postes"))
        other = record("other:new", names=("old", "new"))
        await change.put_records("other", [(other, None)])
    assert await store.find("other:old") == other
    found = await store.find("old")
    assert found is not None
    assert found.id == "old"


async def test_what_the_clock_alone_changes_is_found_when_it_is_due(store: Store) -> None:
    async with store.change() as change:
        await change.put_source(SOURCE)
        await change.put_records("site", [(record("later"), NOON + MINUTE)])
        await change.put_records("site", [(record("now"), NOON)])
        await change.put_records("site", [(record("never"), None)])
    assert await store.next_due() == NOON
    assert [(source, r.id) for source, r in await store.due(NOON)] == [("site", "now")]
    assert [r.id for _, r in await store.due(NOON + MINUTE)] == ["now", "later"]
    assert await store.due(NOON - MINUTE) == []


async def test_what_is_due_is_read_through_an_index(store: Store, database_url: str) -> None:
    database = Database(database_url)
    query = "SELECT id FROM postings WHERE next_due <= '2024-05-14'"
    async with database.read() as connection:
        if not database.is_sqlite:
            await connection.execute(text("SET LOCAL enable_seqscan = off"))
        explain = "EXPLAIN QUERY PLAN " if database.is_sqlite else "EXPLAIN "
        plan = str((await connection.execute(text(explain + query))).all())
    await database.close()
    assert "ix_postings_next_due" in plan


async def test_an_event_is_stored_once_and_events_are_told_newest_first(store: Store) -> None:
    await keep(store, record("a"), record("b"))
    first, same_instant, last = opened("a"), opened("b"), opened("a", NOON + MINUTE, id="a:opened:2")
    async with store.change() as change:
        assert [await change.add_event("site", e) for e in (first, same_instant, last)] == [True] * 3
    async with store.change() as change:
        assert not await change.add_event("site", replace(first, role="Autre"))
    assert await store.events() == [last, same_instant, first]
    assert await store.events("a") == [last, first]
    assert await store.events(limit=1) == [last]


async def test_what_readers_are_told_is_read_from_one_instant_to_another(store: Store) -> None:
    await keep(store, record("a"))
    told = [opened("a", NOON + n * MINUTE, id=f"a:{n}") for n in range(4)]
    stale = replace(opened("a", NOON + MINUTE, id="a:stale"), kind=EventKind.STALE)
    async with store.change() as change:
        for event in (*told, stale):
            await change.add_event("site", event)
    for read in (store.news, partial(Catalogue.news, store)):
        assert await read() == told[::-1]
        assert await read(since=told[1].at, before=told[3].at) == [told[2], told[1]]
        assert await read(before=told[3].at, limit=1) == [told[2]]
        assert await read(since=told[1].at, limit=2, oldest=True) == [told[1], told[2]]


async def test_what_happened_in_a_month_is_read_through_an_index(store: Store, database_url: str) -> None:
    database = Database(database_url)
    query = (
        "SELECT event FROM events WHERE kind != 'stale' AND at >= '2024-05-01' AND at < '2024-06-01' "
        "ORDER BY at DESC, number DESC"
    )
    async with database.read() as connection:
        if not database.is_sqlite:
            await connection.execute(text("SET LOCAL enable_seqscan = off"))
        explain = "EXPLAIN QUERY PLAN " if database.is_sqlite else "EXPLAIN "
        plan = str((await connection.execute(text(explain + query))).all())
    await database.close()
    assert "ix_events_at_number" in plan


async def test_files_are_stored_replaced_and_removed(store: Store) -> None:
    await keep(store)
    a, b = File("content/_jobs/a.md", "a", "1"), File("content/_jobs/b.md", "b", "1")
    async with store.change() as change:
        await change.put_files("site", [a, b], [])
    async with store.change() as change:
        await change.put_files("site", [replace(a, blob="2")], [b.path, "content/_jobs/never.md"])
    assert await store.files("site") == {a.path: replace(a, blob="2")}
    assert await store.files("other") == {}


async def test_the_last_file_of_a_posting_leads_to_it_until_it_has_one_again(store: Store) -> None:
    await keep(store)

    async def look(*files: File, removed: str | None = None) -> dict[str, str]:
        async with store.change() as change:
            await change.put_files("site", files, [removed] if removed else [])
        return await store.gone_names("site")

    assert await look(File("jobs/2024-a.md", "2024-a", "1")) == {}
    assert await look(File("jobs/2024-b.md", "2024-a", "1"), removed="jobs/2024-a.md") == {}
    assert await look(removed="jobs/2024-b.md") == {"jobs/2024-b.md": "2024-a", "2024-b": "2024-a"}
    assert await store.files("site") == {}
    assert await look(File("autre/2024-b.md", "2024-a", "2")) == {}
    assert list(await store.files("site")) == ["autre/2024-b.md"]


async def test_the_teams_of_a_source_are_replaced_as_a_whole(store: Store) -> None:
    await keep(store)
    old, incubator = StoredTeam("vieille", "startup", "Vieille"), StoredTeam("labo", "incubator", "Labo")
    new = StoredTeam("neuve", "startup", "Neuve", "labo", "La Neuve")
    elsewhere = StoredTeam("ailleurs", "startup", "Ailleurs")
    async with store.change() as change:
        await change.put_source(Source("other", "/srv/postes"))
        await change.put_teams("other", [elsewhere])
        await change.put_teams("site", [old, incubator])
    async with store.change() as change:
        await change.put_teams("site", [new, incubator])
    assert await store.teams() == [incubator, elsewhere, new]


async def test_the_names_that_exist_come_from_team_files_and_from_postings(store: Store) -> None:
    shown = posting(
        "a",
        team=Team("exemple", "Exemple"),
        incubator=Team("labo", "Le Labo"),
        cities=("Lyon", "Arras"),
        technologies=("django",),
    )
    forgotten = posting("b", cities=("Brest",))
    await keep(store, record("a", posting=shown), record("b", None, posting=forgotten))
    async with store.change() as change:
        files = [
            StoredTeam("labo", "incubator", "Labo", None, "Labo"),
            StoredTeam("neuve", "startup", "Neuve", "labo", "La Neuve"),
        ]
        await change.put_teams("site", files)
    names = await store.names()
    assert names.teams["exemple"] == ("Exemple", "exemple")
    assert names.teams["neuve"] == ("Neuve", "neuve", "La Neuve")
    assert names.incubators["labo"] == ("Labo", "labo", "Le Labo")
    assert "ANCT" in names.incubators["anct"]  # aliases are known in chats too
    assert names.cities == ("Arras", "Lyon")
    assert names.technologies == ("django",)


async def test_the_last_look_is_that_of_the_source_seen_longest_ago(store: Store) -> None:
    assert await store.last_look() is None
    await keep(store)
    async with store.change() as change:
        await change.put_source(Source("other", "/srv/postes", looked_at=NOON - MINUTE))
    assert await store.last_look() == NOON - MINUTE


async def test_a_change_that_fails_leaves_nothing(store: Store) -> None:
    await keep(store, record("a"))

    async def fail() -> None:
        async with store.change() as change:
            await change.put_source(replace(SOURCE, revision="r2"))
            await change.put_records("site", [(record("a", State.CLOSED), NOON)])
            await change.put_records("site", [(record("b"), NOON)])
            await change.put_files("site", [File("content/_jobs/b.md", "b", "1")], [])
            await change.add_event("site", opened("a"))
            await change.enqueue(outgoing("k"))
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        await fail()
    assert await store.source("site") == SOURCE
    assert await store.records() == [record("a")]
    assert await store.find("b") is None
    assert await store.files("site") == {}
    assert await store.events() == []
    assert await store.outbox.deliveries() == []


async def test_a_change_reads_what_it_wrote(store: Store) -> None:
    async with store.change() as change:
        assert await change.lock_source("site") is None
        await change.put_source(SOURCE)
        await change.put_records("site", [(record("a"), None)])
        await change.enqueue(outgoing("k"))
        assert await change.lock_source("site") == SOURCE
        assert await change.records(ids=["a"]) == [record("a")]
        assert [row.key for row in await change.waiting(["a"])] == ["k"]


async def test_a_living_message_is_known_by_target_and_posting(store: Store) -> None:
    living = Living("salon", "a", "m1", 1, NOON)
    await enqueue(store, outgoing("k"))
    (row,) = await store.outbox.lease(now=NOON, owner="w", duration=MINUTE, limit=1)
    await store.outbox.done(row.id, now=NOON, message_id="m1", living=[living])
    assert await store.message("salon", "a") == living
    assert await store.message("ailleurs", "a") is None
    async with store.change() as change:
        assert await change.messages(["a", "b"]) == {("salon", "a"): living}
