"""Questions, events and closing days over HTTP; and what one event has built anew."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta

import feedparser
import httpx
import pytest
from icalendar import Calendar

from feeds import feed_routes, news_routes
from feeds.conditional import Answer
from postings.dates import When
from postings.model import Contract, EventKind, State, Team
from postings.store import Store
from tests.feeds.samples import NOW, MemoryCatalogue, ended, posting, record
from tests.feeds.visits import visit
from tests.postings.store.samples import SOURCE, keep, opened

DEV = record("dev", posting=posting("dev", contracts=(Contract.CDD,)))
DESIGNER = record(
    "ux",
    posting=posting(
        "ux", role="Designer", contracts=(Contract.STAGE,), team=Team("bouee", "Bouée"), domains=()
    ),
)
HELD = [DEV, DESIGNER, ended("parti", State.FILLED, 2, posting=posting("parti", contracts=(Contract.CDI,)))]


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with visit(MemoryCatalogue(list(HELD))) as visitor:
        yield visitor


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The media types of the answers that were built."""
    told: list[str] = []

    def noted(body: bytes, *, media_type: str, **rest: object) -> Answer:
        told.append(media_type)
        return Answer(body, media_type=media_type, **rest)  # type: ignore[arg-type]

    for routes in (feed_routes, news_routes):
        monkeypatch.setattr(routes, "Answer", noted)
    return told


async def titles(client: httpx.AsyncClient, path: str) -> list[str]:
    answer = await client.get(path)
    assert answer.status_code == 200
    return [entry.title for entry in feedparser.parse(answer.content).entries]


async def test_any_question_is_a_feed(client: httpx.AsyncClient) -> None:
    assert await titles(client, "/feeds/recherche.atom?q=contrat:stage") == ["Designer – Bouée"]
    assert await titles(client, "/feeds/recherche.rss?q=contrat%3Acdd&utm_source=lettre") == [
        "Développeur web – Phare"
    ]
    assert await titles(client, "/feeds/recherche.atom?q=contrat:cdi") == [
        "[pourvue] Développeur web – Phare"
    ]
    answer = await client.get("/feeds/recherche.json?q=contrat:stage")
    assert answer.json()["feed_url"].endswith("/feeds/recherche.json?q=contrat%3Astage")


@pytest.mark.parametrize("query", ["", "?q=", "?q=%20%20", "?question=dev"])
async def test_a_feed_of_no_question_says_how_to_ask_one(client: httpx.AsyncClient, query: str) -> None:
    answer = await client.get(f"/feeds/recherche.atom{query}")
    assert answer.status_code == 400
    assert "Il manque la question" in answer.text
    assert "?q=contrat:freelance" in answer.text
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/feeds/recherche.atom", "/feeds/echeances.ics", "/", "/postes/dev"])
@pytest.mark.parametrize(
    ("query", "status", "told"),
    [("q=" + "x" * 8_000, 414, "trop longue"), ("&".join(["q=dev"] * 60), 400, "trop de paramètres")],
)
async def test_what_an_address_asks_is_bounded(
    client: httpx.AsyncClient, path: str, query: str, status: int, told: str
) -> None:
    answer = await client.get(f"{path}?{query}")
    assert answer.status_code == status
    assert told in answer.text
    assert "<h1>Adresse refusée</h1>" in answer.text


@pytest.mark.parametrize("path", ["/feeds/recherche.atom", "/feeds/echeances.ics"])
async def test_a_question_is_bounded(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path, params={"q": "é" * 300})).status_code == 200
    refused = await client.get(path, params={"q": "é" * 301})
    assert refused.status_code == 400
    assert "300 caractères au plus" in refused.text


async def test_what_happened_is_a_feed() -> None:
    events = [
        opened("dev", NOW - timedelta(days=9)),
        replace(opened("ux", NOW), id="2", kind=EventKind.FILLED),
    ]
    async with visit(MemoryCatalogue(list(HELD), events)) as client:
        found = await titles(client, "/feeds/evenements.atom")
        modified = (await client.get("/feeds/evenements.atom")).headers["last-modified"]
        nothing = await client.get("/feeds/evenements.xml")
    assert ["Poste pourvu" in found[0], "Nouvelle offre" in found[1]] == [True, True]
    assert modified == "Tue, 10 Mar 2026 13:05:00 GMT"
    assert nothing.status_code == 404
    assert "feeds/evenements.rss" in nothing.text


async def test_closing_days_are_a_calendar_also_of_a_question() -> None:
    soon = posting("ux", contracts=(Contract.STAGE,), closes=When(day=date(2026, 3, 20)))
    catalogue = MemoryCatalogue([DEV, replace(DESIGNER, posting=soon)])
    async with visit(catalogue) as client:
        every = Calendar.from_ical((await client.get("/feeds/echeances.ics")).content)
        some = Calendar.from_ical((await client.get("/feeds/echeances.ics?q=contrat:stage")).content)
    days = [[event.decoded("dtstart") for event in found.walk("VEVENT")] for found in (every, some)]
    assert days == [[date(2026, 3, 20), date(2026, 4, 30)], [date(2026, 3, 20)]]


async def test_a_question_about_days_is_another_one_tomorrow() -> None:
    clock = [NOW]
    closing = replace(DEV, posting=posting("dev", closes=When(day=date(2026, 3, 18))))
    async with visit(MemoryCatalogue([closing]), clock=lambda: clock[0]) as client:
        path = "/feeds/recherche.atom?q=ferme:7j"
        assert await titles(client, path) == []
        clock[0] = NOW + timedelta(days=1)
        assert len(await titles(client, path)) == 1


async def test_one_event_has_only_the_feeds_built_anew_whose_entries_changed(
    store: Store, built: list[str]
) -> None:
    await keep(store, *HELD)
    subjects = ["postes", "contrat/cdd", "contrat/stage", "contrat/cdi", "equipe/phare", "equipe/bouee"]
    subjects += ["domaine/developpement", "domaine/design", "incubateur/ocean"]
    paths = [f"/feeds/{subject}{format}" for subject in subjects for format in (".rss", ".atom", ".json")]
    paths += [
        "/feeds/recherche.atom?q=contrat:stage",
        "/feeds/recherche.atom?q=contrat:cdd",
        "/feeds/evenements.rss",
    ]
    paths += ["/feeds/echeances.ics"]
    async with visit(store) as client:
        before = {path: (await client.get(path)).content for path in paths}
        assert len(built) == len(paths)
        assert {path: (await client.get(path)).content for path in paths} == before
        assert len(built) == len(paths), "nothing happened"
        async with store.change() as change:
            filled = replace(DESIGNER, state=State.FILLED, ended_at=NOW, updated_at=NOW)
            await change.put_records(SOURCE.name, [(filled, None)])
            await change.add_event(SOURCE.name, replace(opened("ux", NOW), kind=EventKind.FILLED))
        after = {path: (await client.get(path)).content for path in paths}
    changed = {path for path in paths if after[path] != before[path]}
    assert {path.removeprefix("/feeds/").partition(".")[0] for path in changed} == {
        *("postes", "contrat/stage", "equipe/bouee", "incubateur/ocean"),
        *("recherche", "evenements", "echeances"),
    }
    assert "/feeds/recherche.atom?q=contrat:cdd" not in changed
    assert len(built) == len(paths) + len(changed), "each of these once, and no other"


async def test_a_body_that_changed_is_seen_in_the_feeds_that_hold_it(store: Store, built: list[str]) -> None:
    await keep(store, *HELD)
    async with visit(store) as client:
        paths = ["/feeds/contrat/cdd.atom", "/feeds/contrat/stage.atom"]
        for path in paths:
            await client.get(path)
        async with store.change() as change:
            await change.put_bodies(SOURCE.name, {"dev": "Venez voir la **mer**."})
        answers = [await client.get(path) for path in paths]
    assert "Venez voir la &lt;strong&gt;mer" in answers[0].text
    assert len(built) == 3


async def test_a_team_keeps_its_feed_for_ever(store: Store) -> None:
    gone = ended("vieux", None, 400, posting=posting("vieux", team=Team("vieille", "Vieille Équipe")))
    await keep(store, DEV, gone)
    async with visit(store) as client:
        answer = await client.get("/feeds/equipe/vieille.atom")
    assert answer.status_code == 200
    assert "Vieille Équipe" in answer.text


async def test_another_process_is_read_by_the_next_request(store: Store, database_url: str) -> None:
    await keep(store, DEV)
    other = await Store.open(database_url)
    async with visit(store) as client:
        heard = store.heard(_at_once)
        await anext(heard)
        assert len(await titles(client, "/feeds/postes.atom")) == 1
        await keep(other, DESIGNER)
        await anext(heard)
        assert len(await titles(client, "/feeds/postes.atom")) == 2
        await heard.aclose()
    await other.close()


async def _at_once() -> None:
    """What is waited between two looks at SQLite: nothing."""


async def test_a_question_in_a_format_that_is_not_offered_is_not_found_and_says_so(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/feeds/recherche.xml", params={"q": "dev"})
    assert answer.status_code == 404
    assert "recherche.xml" in answer.text
