"""Hostile postings in every feed and on every page: these parse, and nothing in them acts.

`make test` tries a hundred; `make campaign` tries twenty thousand.
"""

from __future__ import annotations

import json
from urllib.parse import quote
from xml.etree import ElementTree

import feedparser
import httpx
import pytest
from hypothesis import given, settings
from starlette.applications import Starlette

from feeds.body import rendered
from feeds.offered import FORMATS
from feeds.routes import failures, routes
from feeds.text import segment
from postings.questions.model import Names
from tests.feeds.harmless import faults
from tests.feeds.hostile import Hostile, hostile
from tests.feeds.samples import NOW, PUBLIC_URL, MemoryCatalogue

_HTML = ("{http://www.w3.org/2005/Atom}content", "description")


def catalogue(some: Hostile) -> MemoryCatalogue:
    """What is known when there is nothing but this posting."""
    posting = some.posting
    teams = {team.id: (team.name,) for team in (posting.team, posting.host) if team is not None}
    incubators = {posting.incubator.id: (posting.incubator.name,)} if posting.incubator else {}
    names = Names(teams, incubators, posting.cities, posting.technologies)
    bodies = {some.record.id: some.body}
    return MemoryCatalogue([some.record], list(some.events), known=names, held_bodies=bodies)


def visit(some: Hostile) -> httpx.AsyncClient:
    app = Starlette(
        routes=routes(catalogue(some), public_url=PUBLIC_URL, clock=lambda: NOW),
        exception_handlers=failures(PUBLIC_URL),
    )
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=PUBLIC_URL)


def paths(some: Hostile) -> list[str]:
    """Where the posting shows: the list, an answer to its own words, its page, its team's page."""
    found = ["/", f"/?q={quote(some.posting.role[:80].encode('utf-8', 'replace'))}"]
    found.append(f"/postes/{quote(segment(some.record.id), safe='')}")
    if some.posting.team is not None:
        found.append(f"/equipes/{quote(segment(some.posting.team.id), safe='')}")
    return found


@pytest.mark.property
@settings(deadline=None)
@given(hostile())
async def test_whatever_a_posting_holds_its_pages_and_feeds_are_sound(some: Hostile) -> None:
    assert faults(rendered(some.body, f"{PUBLIC_URL}/postes/x"), fragment=True) == []
    async with visit(some) as client:
        for path in paths(some):
            page = await client.get(path)
            assert page.status_code == 200
            assert faults(page.text) == []
        for extension in FORMATS:
            feed = await client.get(f"/feeds/postes{extension}")
            assert feed.status_code == 200
            _check(extension, feed.content)


def _check(extension: str, feed: bytes) -> None:
    """Well-formed, read by a reader's program without a doubt, and harmless in the HTML that it holds."""
    if extension == ".json":
        for item in json.loads(feed)["items"]:
            assert faults(item["content_html"], fragment=True) == []
        return
    parsed = feedparser.parse(feed)
    assert not parsed.bozo, parsed.get("bozo_exception")
    for entry in parsed.entries:
        assert entry.id
        assert entry.title
        assert entry.link.startswith(("https://", "http://", "mailto:"))
        assert entry.author
    for element in ElementTree.fromstring(feed).iter():
        if element.tag in _HTML and element.text and element.get("type") in (None, "html"):
            assert faults(element.text, fragment=True) == []
