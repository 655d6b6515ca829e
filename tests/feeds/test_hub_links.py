"""A feed that a hub is told of says so, in each format and in its headers (WebSub, section 4)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import feedparser
import httpx
import pytest
from starlette.applications import Starlette

from feeds.routes import routes
from postings.model import EventKind
from tests.feeds.rules import RULES, Document, broken
from tests.feeds.samples import NOW, PUBLIC_URL, MemoryCatalogue, record
from tests.feeds.test_event_entries import event

HUB = "https://hub.example.org/?a=1&b=2"
OLD = event(EventKind.CLOSED, at=datetime(2026, 1, 5, tzinfo=UTC), reason="unlisted")
CATALOGUE = MemoryCatalogue([record("dev")], [event(EventKind.OPENED), OLD])


@pytest.fixture
async def client(request: pytest.FixtureRequest) -> AsyncIterator[httpx.AsyncClient]:
    hub = getattr(request, "param", HUB)
    app = Starlette(routes=routes(CATALOGUE, public_url=PUBLIC_URL, clock=lambda: NOW, hub=hub))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL) as visitor:
        yield visitor


@pytest.mark.parametrize("path", ["/feeds/postes", "/feeds/equipe/phare", "/feeds/evenements"])
@pytest.mark.parametrize("extension", RULES)
async def test_a_subscriber_finds_the_hub_and_the_feed_s_own_address(
    client: httpx.AsyncClient, path: str, extension: str
) -> None:
    answer = await client.get(path + extension)
    own = f"{PUBLIC_URL}{path}{extension}"
    unchanged = await client.get(path + extension, headers={"If-None-Match": answer.headers["etag"]})
    for one in (answer, unchanged):
        assert {rel: link["url"] for rel, link in one.links.items()} == {"hub": HUB, "self": own}
    if extension == ".json":
        assert answer.json()["hubs"] == [{"type": "WebSub", "url": HUB}]
    else:
        links = feedparser.parse(answer.content).feed.links
        assert [link.href for link in links if link.rel == "hub"] == [HUB]
        assert b"ns0:" not in answer.content, (
            "the W3C validator advises against prefixes of Atom's own elements"
        )
    assert broken(Document(answer.content, own), RULES[extension]) == []


@pytest.mark.parametrize(
    "path", ["/feeds/recherche.atom?q=dev", "/feeds/evenements/2026-01.atom", "/feeds/echeances.ics"]
)
async def test_what_the_hub_is_not_told_of_does_not_name_it(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert answer.status_code == 200
    assert "hub.example.org" not in answer.text + answer.headers.get("link", "")


@pytest.mark.parametrize("client", [None], indirect=True)
async def test_without_a_hub_none_is_named(client: httpx.AsyncClient) -> None:
    for path in ("/feeds/postes.atom", "/feeds/evenements.rss", "/feeds/postes.json"):
        answer = await client.get(path)
        assert "link" not in answer.headers
        assert 'rel="hub"' not in answer.text
        assert "hubs" not in answer.text
