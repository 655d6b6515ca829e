"""Subscriptions as they are stored: made, ended, and found by the postings that they ask for."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from postings.dates import When
from postings.model import Contract, Posting, Record, Team
from postings.questions.match import matches
from postings.questions.model import Names, Question
from postings.questions.parse import parse_question
from postings.store import Store, Subscription
from postings.store.engine import Database
from postings.store.tables import anchors, questions
from tests.postings.store.samples import NOON, SOURCE, posting, record

HERE, THERE = "mattermost:equipe/offres", "slack:C01"
NAMES = Names({"exemple": ("Exemple",)}, {}, ("Lyon",), ())


def asked(text: str, target: str = HERE, by: str | None = None) -> Subscription:
    return Subscription(0, target, text, "fr", NOON, by)


async def added(store: Store, *some: Subscription) -> list[int]:
    async with store.change() as change:
        return await change.subscriptions.add(some, NOON)


async def asking(store: Store, found: Record, known: Names = NAMES) -> set[str]:
    async with store.change() as change:
        names = await change.subscriptions.understood(known, NOON)
        return await change.subscriptions.asking(found, names, NOON)


async def test_a_subscription_is_kept_as_it_was_made(store: Store) -> None:
    (number,) = await added(store, asked("designer à Lyon", by="U042"))
    (kept,) = await store.subscriptions()
    assert kept == replace(asked("designer à Lyon", by="U042"), number=number)


async def test_asking_the_same_in_the_same_place_makes_no_second_one(store: Store) -> None:
    numbers = await added(store, asked("contrat:cdd"), asked("CDD"), asked("contrat:cdd", THERE))
    assert numbers[0] == numbers[1] != numbers[2]
    assert await added(store, asked("cdd")) == numbers[:1]
    assert [s.text for s in await store.subscriptions()] == ["contrat:cdd", "contrat:cdd"]


async def test_who_asks_the_same_at_once_makes_one(store: Store) -> None:
    numbers = await asyncio.gather(*(added(store, asked("contrat:cdd")) for _ in range(4)))
    assert len({number for (number,) in numbers}) == 1
    assert len(await store.subscriptions()) == 1


async def test_the_places_of_the_questions_that_a_posting_answers_are_found(store: Store) -> None:
    await added(store, asked("cdd"), asked("équipe:exemple", THERE), asked("cdi", "slack:C02"))
    found = record("a", posting=posting("a", contracts=(Contract.CDD,)))
    assert await asking(store, found) == {HERE, THERE}
    assert await asking(store, record("b", state=None)) == set()


async def test_one_that_ended_asks_for_nothing_and_is_kept(store: Store) -> None:
    first, second = await added(store, asked("exemple"), asked("exemple", THERE))
    async with store.change() as change:
        assert await change.subscriptions.end(first, NOON)
        assert not await change.subscriptions.end(first, NOON + timedelta(days=1))
        assert not await change.subscriptions.end(99, NOON)
    assert await asking(store, record("a")) == {THERE}
    assert [s.number for s in await store.subscriptions()] == [second]
    assert [s.ended_at for s in await store.subscriptions(ended=True)] == [NOON, None]
    assert await store.standing([HERE, THERE, "slack:C09"]) == {HERE: False, THERE: True}


async def test_a_question_that_nobody_asks_any_more_is_forgotten(store: Store, database_url: str) -> None:
    first, second = await added(store, asked("cdd"), asked("CDD", THERE))
    database = Database(database_url)

    async def left() -> tuple[int, int]:
        async with database.read() as connection:
            counts = [
                await connection.scalar(select(func.count()).select_from(t)) for t in (questions, anchors)
            ]
            return counts[0] or 0, counts[1] or 0

    try:
        assert await left() == (1, 1)
        for number, expected in ((first, (1, 1)), (second, (0, 0))):
            async with store.change() as change:
                await change.subscriptions.end(number, NOON)
            assert await left() == expected
    finally:
        await database.close()
    async with store.change() as change:
        assert not await change.subscriptions.any()


async def test_a_question_about_a_team_that_appears_later_is_answered_by_it(store: Store) -> None:
    await added(store, asked("postes chez Bonne Marche"))
    there = record("a", posting=posting("a", team=Team("marche-2", "Bonne Marche")))
    known = replace(NAMES, teams={**NAMES.teams, "marche-2": ("Bonne Marche",)})
    assert await asking(store, there, known) == {HERE}
    # It goes on meaning the team, for another process too that does not know it.
    assert await asking(store, there, NAMES) == {HERE}
    other = record("b", posting=posting("b", role="Carnet", text="une bonne marche a suivre"))
    assert await asking(store, other, known) == set()


async def test_other_rules_make_every_question_be_understood_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await added(store, asked("exemple"), asked("cdd", THERE))
    found = record("a", posting=posting("a", contracts=(Contract.CDD,)))
    assert await asking(store, found) == {HERE, THERE}
    monkeypatch.setattr("postings.store.filing.parse_question", lambda *_: Question(text=("otarie",)))
    assert await asking(store, found) == {HERE, THERE}
    monkeypatch.setattr("postings.questions.canonical.RULES", "other")
    assert await asking(store, found) == set()
    assert await asking(store, record("b", posting=posting("b", text="une otarie"))) == {HERE, THERE}


async def test_the_names_that_are_stored_are_known_to_who_subscribes(store: Store) -> None:
    async with store.change() as change:
        await change.put_source(SOURCE)
        there = record("a", posting=posting("a", team=Team("velos", "Deux Roues")))
        await change.put_records("site", [(there, None)])
    await added(store, asked("deux roues"))
    assert await asking(store, there, Names({}, {})) == {HERE}
    assert await asking(store, record("b", posting=posting("b", text="des deux roues"))) == set()


async def test_what_means_another_day_every_day_is_understood_when_it_is_asked(store: Store) -> None:
    await added(store, asked("ferme avant vendredi"))  # NOON is a Tuesday
    closing = record("a", posting=posting("a", closes=When(day=(NOON + timedelta(days=2)).date())))
    later = record("b", posting=posting("b", closes=When(day=(NOON + timedelta(days=8)).date())))
    assert await asking(store, closing) == {HERE}
    assert await asking(store, later) == set()
    week = NOON + timedelta(days=7)
    async with store.change() as change:
        known = await change.subscriptions.understood(NAMES, week)
        assert await change.subscriptions.asking(later, known, week) == {HERE}


async def test_a_subscription_with_bytes_that_no_database_holds_is_stored(store: Store) -> None:
    (number,) = await added(store, asked("dev\x00 \ud800lyon"))
    assert [s.number for s in await store.subscriptions()] == [number]


def _postings(texts: Sequence[str]) -> list[Posting]:
    found = [posting("a", text=" ".join(texts))]
    for id in ("carnet", "marche", "velos", "emplois"):
        team = Team(id, id.capitalize())
        found.append(posting("a", team=team, incubator=Team("anct", "ANCT"), cities=("Brest", "Ys")))
    return found


async def test_the_index_finds_what_a_scan_finds_whatever_names_came(store: Store) -> None:
    """The names come one after the other, as postings bring them."""
    texts = [
        "carnet vert",
        "équipe:velos",
        "brset",
        "dev à ys",
        "-équipe:emplois",
        "agile",
        "techno:elixir",
        "incubateur:anct sauf marche",
        "emploi",
        "bonne marche freelance",
        "transports",
    ]
    await added(store, *(asked(text, f"slack:{text}") for text in texts))
    steps = [
        NAMES,
        replace(NAMES, cities=("Lyon", "Brest"), technologies=("Elixir", "Agile")),
        Names({"velos": ("Les Vélos",), "carnet": ("Carnet Vert",)}, {"anct": ("ANCT",)}, ("Ys",), ()),
        Names(
            {"emplois": ("Les Emplois",), "marche": ("Bonne Marche",), "velos": ("Vélos",)}, {}, ("Ys",), ()
        ),
    ]
    for known in steps:
        async with store.change() as change:
            present = await change.subscriptions.understood(known, NOON)
            for one in _postings(["un carnet vert", "de l'agile", "transports"]):
                there = record("a", posting=one)
                expected = {
                    f"slack:{t}" for t in texts if matches(there, parse_question(t, present, NOON), NOON)
                }
                assert await change.subscriptions.asking(there, present, NOON) == expected
