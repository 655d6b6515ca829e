"""The store answers questions as reading every posting would, on both databases, whoever wrote meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from postings.catalogue import Catalogue
from postings.model import Contract, Record, State, Team
from postings.questions.match import select
from postings.questions.model import Question
from postings.questions.parse import parse_question
from postings.store import Store, StoredTeam
from postings.store.engine import Database
from postings.store.tables import shelf
from tests.postings.store.samples import NOON, SOURCE, keep, posting, record

MANY = [
    record(
        f"offre-{n}",
        (State.OPEN, State.CLOSED, State.FILLED)[n % 3],
        opened_at=NOON - timedelta(hours=n),
        posting=posting(
            f"offre-{n}",
            role=("Développeuse", "Juriste", "Cartographe")[n % 3],
            contracts=((Contract.CDD,), (Contract.STAGE, Contract.FREELANCE))[n % 2],
            cities=(("Saint-Étienne",), ())[n % 2],
            team=Team("velos", "Vélos Partagés") if n % 5 == 0 else None,
            text=("de l’open data pour l’ecologie", "data open, accessibilite", "des cartes ecologiques")[
                n % 3
            ],
        ),
    )
    for n in range(30)
]

ASKED = [
    "",
    "cdd à saint etienne",
    "écologique",
    '"open data" état:tous',
    "carto état:tous",
    "juriste ou cartographe état:tous",
    "vélos partagés état:fermé",
    "accessibilité -contrat:stage état:fermé,pourvu",
    "depuis:1j",
]


async def ids(store: Store, text: str, start: int = 0, limit: int = 100) -> tuple[int, list[str]]:
    found = await store.search(await asked(store, text), NOON, start=start, limit=limit)
    return found.total, [record.id for record in found.records]


async def asked(store: Store, text: str) -> Question:
    return parse_question(text, await store.names(), NOON)


async def expected(store: Store, text: str) -> tuple[int, list[str]]:
    found = select(await store.records(), await asked(store, text), NOON)
    return len(found), [record.id for record in found]


async def test_a_question_finds_what_reading_every_posting_would(store: Store) -> None:
    await keep(store, *MANY)
    for text in ASKED:
        wanted = await expected(store, text)
        assert await ids(store, text) == wanted, text
        assert wanted[0] > 0, text
        assert await store.count(await asked(store, text), NOON) == wanted[0]


async def test_what_answers_have_in_common_is_counted(store: Store) -> None:
    await keep(store, *MANY)
    for text in ASKED:
        question = await asked(store, text)
        found = await Catalogue.facets(store, question, NOON)
        assert await store.facets(question, NOON) == found, text
    assert found.total > 0
    assert found.cities == {"Saint-Étienne": 5}


async def test_a_page_is_a_part_of_the_same_order(store: Store) -> None:
    await keep(store, *MANY)
    total, whole = await ids(store, "état:tous")
    assert total == 30
    assert await ids(store, "état:tous", 10, 7) == (30, whole[10:17])
    assert await ids(store, "état:tous", 30, 7) == (30, [])


async def test_what_another_process_wrote_is_found_at_once(store: Store, database_url: str) -> None:
    await keep(store, *MANY)
    assert (await ids(store, "juriste état:tous"))[0] == 10
    other = await Store.open(database_url)
    try:
        jurist = record("neuve", posting=posting("neuve", role="Juriste"))
        gone = replace(MANY[1], state=None)
        await keep(other, jurist, gone)
        async with other.change() as change:
            await change.put_teams(
                SOURCE.name, [StoredTeam("phare", "startup", "Le Phare", None, "Le Phare")]
            )
    finally:
        await other.close()
    total, found = await ids(store, "juriste état:tous")
    assert total == 10
    assert "neuve" in found
    assert MANY[1].id not in found
    assert "phare" in (await store.names()).teams


async def test_the_names_stay_the_same_object_until_something_is_written(store: Store) -> None:
    await keep(store, *MANY)
    names = await store.names()
    assert await store.names() is names
    await keep(store, replace(MANY[0], state=State.CLOSED))
    assert await store.names() is names  # nothing that names read was changed
    await keep(store, record("lyon", posting=posting("lyon", cities=("Lyon",))))
    assert "Lyon" in (await store.names()).cities


@pytest.mark.parametrize("lost", ["rows", "rules"])
async def test_postings_stored_by_an_earlier_version_are_found(
    store: Store, database_url: str, lost: str
) -> None:
    await keep(store, *MANY)
    database = Database(database_url)
    async with database.write() as connection:
        some = shelf.c.posting.in_([r.id for r in MANY[::2]])
        change = (
            delete(shelf).where(some)
            if lost == "rows"
            else update(shelf).where(some).values(rules="0", entry=None, text="")
        )
        await connection.execute(change)
    await database.close()
    for text in ASKED:
        assert await ids(store, text) == await expected(store, text), text


async def test_a_posting_that_changes_again_and_again_is_one(store: Store) -> None:
    states: list[Record] = [
        replace(MANY[0], state=(State.OPEN, State.CLOSED)[n % 2], updated_at=NOON) for n in range(5)
    ]
    for state in states:
        await keep(store, state)
        assert (await ids(store, "état:tous")) == (1, ["offre-0"])
        assert (await ids(store, ""))[0] == (1 if state.state is State.OPEN else 0)
