"""Hostile postings in every feed and on every page: these parse, and nothing in them acts.

`make test` tries a hundred, five at a time; `make campaign` tries twenty thousand.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from urllib.parse import quote
from xml.etree import ElementTree

import feedparser
import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar
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


TOGETHER = 5
"""Postings of one example: the list, the feeds and the data show them all. More would be too much to draw."""
SHARES = 4
"""Into how many tests the examples are parted, for as many processes."""


def catalogue(some: Sequence[Hostile]) -> MemoryCatalogue:
    """What is known when there is nothing but these postings."""
    postings = [one.posting for one in some]
    teams = {t.id: (t.name,) for p in postings for t in (p.team, p.host) if t is not None}
    return MemoryCatalogue(
        [one.record for one in some],
        [event for one in some for event in one.events],
        known=Names(
            teams,
            {p.incubator.id: (p.incubator.name,) for p in postings if p.incubator is not None},
            tuple(city for p in postings for city in p.cities),
            tuple(name for p in postings for name in p.technologies),
        ),
        held_bodies={one.record.id: one.body for one in some},
    )


def visit(some: Sequence[Hostile]) -> httpx.AsyncClient:
    app = Starlette(
        routes=routes(catalogue(some), public_url=PUBLIC_URL, clock=lambda: NOW),
        exception_handlers=failures(PUBLIC_URL),
    )
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=PUBLIC_URL)


def pages(some: Sequence[Hostile]) -> Iterator[str]:
    """Where the postings show: the list, an answer to words of one, the page of each, a team's page."""
    yield "/"
    yield f"/?q={quote(some[0].posting.role[:80].encode('utf-8', 'replace'))}"
    for one in some:
        yield f"/postes/{quote(segment(one.record.id), safe='')}"
    for team in [one.posting.team for one in some if one.posting.team is not None][:1]:
        yield f"/equipes/{quote(segment(team.id), safe='')}"


@pytest.mark.property
@pytest.mark.parametrize("share", range(SHARES))
@settings(deadline=None, max_examples=settings().max_examples // TOGETHER // SHARES)
@given(some=st.lists(hostile(), min_size=TOGETHER, max_size=TOGETHER, unique_by=lambda one: one.record.id))
async def test_whatever_postings_hold_pages_feeds_and_data_are_sound(share: int, some: list[Hostile]) -> None:
    for one in some:
        assert faults(rendered(one.body, f"{PUBLIC_URL}/postes/x"), fragment=True) == []
    async with visit(some) as client:
        for path in pages(some):
            page = await client.get(path)
            assert page.status_code == 200
            assert faults(page.text) == []
        for extension in FORMATS:
            for path in ("postes", "evenements"):
                feed = await client.get(f"/feeds/{path}{extension}")
                assert feed.status_code == 200
                _check(extension, feed.content)
        calendar = await client.get("/feeds/echeances.ics")
        assert Calendar.from_ical(calendar.content).errors == []
        table = await client.get("/export.csv?q=état:tous")
        lengths = {
            len(row)
            for row in csv.reader(io.StringIO(table.text.removeprefix("\ufeff"), newline=""), strict=True)
        }
        assert len(lengths) == 1, "a row has as many cells as any other"
        for path in ("/api/v2.6/jobs.json", "/api/postings?q=état:tous"):
            assert (await client.get(path)).json() is not None


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
