"""Answers as of the beat of a store: from memory as long as it stays the same, and never older than it tells."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from sqlalchemy import delete

from postings.model import Record, State
from postings.questions.match import select
from postings.questions.model import Question
from postings.questions.parse import parse_question
from postings.store import Store, shelving
from postings.store.engine import Database
from postings.store.searching import Searching
from postings.store.shelving import Shelving
from postings.store.tables import names, postings, shelf
from tests.postings.store.samples import NOON, keep, posting, record
from tests.postings.store.test_search import ASKED, MANY


class House:
    """What searches by a beat that is what a test says."""

    def __init__(self, database: Database) -> None:
        self.beat: object = 1
        self.searched = Searching(database, Shelving(), lambda: self.beat)

    async def ids(self, question: Question, limit: int = 100) -> list[str]:
        return [r.id for r in (await self.searched.search(question, NOON, limit=limit)).records]


@pytest.fixture
async def house(store: Store, database_url: str) -> AsyncIterator[House]:
    await keep(store, *MANY)
    database = Database(database_url)
    yield House(database)
    await database.close()


async def empty(database_url: str) -> None:
    """Takes every record away, as nothing of Vigie does: whoever reads then finds none."""
    database = Database(database_url)
    async with database.write() as connection:
        for table in (shelf, names, postings):
            await connection.execute(delete(table))
    await database.close()


async def test_what_is_found_in_memory_is_what_reading_every_posting_finds(
    store: Store, house: House
) -> None:
    known, named = await store.records(), await store.names()
    questions = [parse_question(text, named, NOON) for text in ASKED]
    expected = [[r.id for r in select(known, question, NOON)] for question in questions]
    for _ in ("read", "in memory"):
        assert [await house.ids(question) for question in questions] == expected
        assert await house.searched.counts(questions, NOON) == [len(ids) for ids in expected]
        assert await house.searched.count(questions[0], NOON) == len(expected[0])


async def test_nothing_is_read_until_the_beat_is_another(house: House, database_url: str) -> None:
    found = await house.ids(Question())
    assert found
    await empty(database_url)
    assert await house.ids(Question()) == found
    assert await house.ids(Question(), limit=3) == found[:3]
    house.beat = None
    assert await house.ids(Question(states=(State.CLOSED,))) == []


async def test_a_posting_that_changed_is_as_it_is_now(store: Store) -> None:
    searched = store.by_beat()

    async def roles() -> list[str | None]:
        found = await searched.search(Question(), NOON, limit=5)
        return [r.posting.role for r in found.records if r.posting]

    def named(role: str) -> Record:
        return record("dev", opened_at=NOON, posting=posting("dev", role=role))

    for role in ("Développeuse", "Développeur", "Architecte"):
        await keep(store, named(role))
        assert await roles() == [role]
        assert await roles() == [role]
    await keep(store, replace(named("Architecte"), state=State.FILLED))
    assert await roles() == []
    assert await searched.counts([Question(states=(State.FILLED,))], NOON) == [1]


async def test_who_asks_for_now_and_who_asks_by_the_beat_share_what_is_known(
    store: Store, database_url: str
) -> None:
    await keep(store, *MANY)
    searched, everything = store.by_beat(), Question(states=())
    assert (await searched.search(everything, NOON, limit=50)).total == 30
    other = await Store.open(database_url)
    await keep(other, replace(MANY[1], state=None), record("neuve", posting=posting("neuve")))
    await other.close()
    assert "neuve" in [r.id for r in (await store.search(everything, NOON, limit=50)).records]
    found = await searched.search(everything, NOON, limit=50)
    assert "neuve" in [r.id for r in found.records]
    assert MANY[1].id not in [r.id for r in found.records]


async def test_an_answer_is_whole_however_few_records_are_kept(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = Question(states=())
    wanted = await house.ids(every)
    assert len(wanted) == 30
    for name in ("_RECORDS", "_AT_HAND"):
        monkeypatch.setattr(shelving, name, 4)
        house.beat = name
        for _ in range(2):
            assert await house.ids(every) == wanted
            assert await house.ids(every, limit=3) == wanted[:3]
