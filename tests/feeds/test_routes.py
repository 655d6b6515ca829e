from __future__ import annotations

import gzip
from collections.abc import AsyncIterator, Collection
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime

import httpx
import pytest
from starlette.applications import Starlette

from feeds.routes import failures, routes
from postings.errors import StoreError
from postings.model import Event, EventKind, Record, State
from tests.feeds.samples import NOW, PUBLIC_URL, TEAM, MemoryCatalogue, ended, posting, record


def visit(catalogue: MemoryCatalogue, public_url: str = PUBLIC_URL) -> httpx.AsyncClient:
    app = Starlette(
        routes=routes(catalogue, public_url=public_url, clock=lambda: NOW),
        exception_handlers=failures(public_url),
    )
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=public_url)


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    renamed = record("first", posting=posting("first", role="Chargée de nuit"), names=("first", "second"))
    held = [renamed, ended("gone", None, 3), record("plain")]
    async with visit(MemoryCatalogue(held)) as visitor:
        yield visitor


@pytest.mark.parametrize(
    "path", ["/", "/feeds/postes.rss", "/feeds/postes.atom", "/postes/first", "/vigie.css"]
)
async def test_what_has_not_changed_is_not_sent_again(client: httpx.AsyncClient, path: str) -> None:
    first = await client.get(path)
    assert first.status_code == 200
    again = await client.get(path, headers={"If-None-Match": f'"other", {first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["cache-control"] == first.headers["cache-control"]
    other = await client.get(path, headers={"If-None-Match": '"other"'})
    assert other.content == first.content


@pytest.mark.parametrize("path", ["/", "/feeds/postes.rss", "/feeds/equipe/phare.atom", "/postes/first"])
async def test_dates_are_compared_when_there_is_no_entity_tag(client: httpx.AsyncClient, path: str) -> None:
    modified = (await client.get(path)).headers["last-modified"]
    assert (await client.get(path, headers={"If-Modified-Since": modified})).status_code == 304
    old = format_datetime(NOW - timedelta(days=400), usegmt=True)
    assert (await client.get(path, headers={"If-Modified-Since": old})).status_code == 200
    assert (await client.get(path, headers={"If-Modified-Since": "hier"})).status_code == 200
    both = {"If-Modified-Since": modified, "If-None-Match": '"other"'}
    assert (await client.get(path, headers=both)).status_code == 200


async def test_a_closing_is_seen_by_a_client_that_has_the_feed() -> None:
    catalogue = MemoryCatalogue([record("dev")])
    async with visit(catalogue) as client:
        first = await client.get("/feeds/postes.atom")
        catalogue.held = [replace(catalogue.held[0], state=State.FILLED, ended_at=NOW, updated_at=NOW)]
        known = {
            "If-None-Match": first.headers["etag"],
            "If-Modified-Since": first.headers["last-modified"],
        }
        second = await client.get("/feeds/postes.atom", headers=known)
    assert second.status_code == 200
    assert "[pourvue]" in second.text


@pytest.mark.parametrize("path", ["/", "/feeds/postes.rss", "/postes/first", "/postes/inconnue"])
async def test_head_says_what_get_says(client: httpx.AsyncClient, path: str) -> None:
    head, get = await client.head(path), await client.get(path)
    assert head.status_code == get.status_code
    assert dict(head.headers) == dict(get.headers)


async def test_answers_are_compressed_for_those_who_can_read_it(client: httpx.AsyncClient) -> None:
    async with client.stream("GET", "/feeds/postes.atom", headers={"Accept-Encoding": "gzip"}) as answer:
        raw = b"".join([part async for part in answer.aiter_raw()])
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["vary"] == "Accept-Encoding"
    plain = await client.get("/feeds/postes.atom", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(raw) == plain.content


async def test_feeds_are_sent_as_what_they_are(client: httpx.AsyncClient) -> None:
    for extension in ("rss", "atom"):
        answer = await client.get(f"/feeds/postes.{extension}")
        assert answer.headers["content-type"] == f"application/{extension}+xml; charset=utf-8"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "max-age=" in answer.headers["cache-control"]


async def test_every_answer_forbids_scripts_and_other_sites(client: httpx.AsyncClient) -> None:
    for path in ("/", "/postes/first", "/postes/inconnue", "/feeds/inconnu.rss", "/vigie.css"):
        policy = (await client.get(path)).headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert "unsafe" not in policy


async def test_a_former_name_leads_to_the_present_page(client: httpx.AsyncClient) -> None:
    moved = await client.get("/postes/second")
    assert moved.status_code in (301, 308)
    assert moved.headers["location"] == "/postes/first"
    page = await client.get("/postes/second", follow_redirects=True)
    assert "Chargée de nuit" in page.text


async def test_pages_below_a_path_keep_to_it() -> None:
    async with visit(MemoryCatalogue([record("a", names=("a", "b"))]), "https://example.org/vigie") as client:
        assert (await client.get("https://example.org/postes/b")).headers["location"] == "/vigie/postes/a"
        page = (await client.get("https://example.org/")).text
    assert 'href="/vigie/vigie.css"' in page
    assert 'href="/vigie/postes/a"' in page


async def test_an_unknown_posting_is_said_in_french_with_what_to_do(client: httpx.AsyncClient) -> None:
    answer = await client.get("/postes/<b>inconnue")
    assert answer.status_code == 404
    assert "Aucune offre ne s’appelle «\u00a0&lt;b&gt;inconnue\u00a0»." in answer.text
    assert "Vérifiez l’adresse" in answer.text


async def test_an_unknown_team_names_the_nearest(client: httpx.AsyncClient) -> None:
    answer = await client.get("/feeds/equipe/phrae.rss")
    assert answer.status_code == 404
    assert 'href="/feeds/equipe/phare.rss"' in answer.text
    assert "Les offres de l’équipe Phare" in answer.text


@pytest.mark.parametrize("path", ["/feeds/postes", "/feeds/postes.xml", "/feeds/", "/feeds/contrat/rien.rss"])
async def test_what_is_no_feed_is_not_found(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert answer.status_code == 404
    assert ".rss, .atom ou .json" in answer.text


async def test_a_team_can_be_followed_before_its_first_posting() -> None:
    async with visit(MemoryCatalogue([])) as client:
        answer = await client.get("/feeds/equipe/phare.atom")
    assert answer.status_code == 200
    assert "l’équipe Phare" in answer.text


async def test_a_name_that_an_address_cannot_hold_still_has_a_page() -> None:
    async with visit(MemoryCatalogue([record("../a b", posting=posting(role="Vigie"))])) as client:
        home = (await client.get("/")).text
        href = home.split('fr-card__title"><a href="')[1].split('"')[0]
        assert ".." not in href
        assert "<h1>Vigie</h1>" in (await client.get(href)).text


async def test_the_page_of_a_posting_tells_its_history() -> None:
    event = Event(
        id="1",
        kind=EventKind.CLOSED,
        posting="dev",
        at=NOW - timedelta(days=1),
        state=State.CLOSED,
        previous_state=State.OPEN,
        role="Développeur web",
        team=TEAM,
        opening=1,
        reason="deadline",
    )
    async with visit(MemoryCatalogue([ended("dev", State.CLOSED, 1)], [event])) as client:
        page = (await client.get("/postes/dev")).text
    assert "Offre fermée\u00a0: date limite passée." in page
    assert "lundi 9 mars 2026" in page
    assert "Candidater" not in page


class _Broken(MemoryCatalogue):
    async def records(self, states: Collection[State] | None = None) -> list[Record]:
        raise StoreError("La base ne répond pas.", "The database does not answer.")


async def test_an_address_of_nothing_is_a_page_in_french() -> None:
    async with visit(MemoryCatalogue([])) as client:
        answered = await client.get("/nulle-part")
    assert answered.status_code == 404
    assert "La page «\u00a0/nulle-part\u00a0» n’existe pas." in answered.text


async def test_a_store_that_does_not_answer_is_a_page_that_nobody_keeps() -> None:
    async with visit(_Broken([])) as client:
        answered = await client.get("/")
    assert answered.status_code == 503
    assert "Service interrompu" in answered.text
    assert "base ne répond pas" not in answered.text
    assert answered.headers["cache-control"] == "no-store"
