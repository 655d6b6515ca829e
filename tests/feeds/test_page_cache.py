"""Pages are built once, until anything is written or the day changes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from feeds.cache import Cache
from feeds.conditional import HTML, answer
from feeds.page_cache import kept
from feeds.routes import routes
from feeds.served import Served
from feeds.shown import Shown
from feeds.site_page import Site
from postings.model import State
from postings.store import Store
from tests.feeds.samples import NOW, PUBLIC_URL, posting, record
from tests.postings.store.samples import SOURCE, keep


class House:
    """One kept page, which says how often it was built."""

    def __init__(self, store: Store) -> None:
        self.now = NOW
        self.built = 0
        site, shown = Site.served(PUBLIC_URL), Shown(store, self.clock)
        served = Served(store, PUBLIC_URL, self.clock, site, shown, Cache())
        app = Starlette(
            routes=[Route("/", kept(served, self.page)), Route("/ailleurs", kept(served, self.elsewhere))]
        )
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=PUBLIC_URL)

    def clock(self) -> datetime:
        return self.now

    async def page(self, request: Request) -> Response:
        self.built += 1
        body = f"{self.built}{request.url.query}".encode()
        return answer(request, body, media_type=HTML, modified=self.now, max_age=60)

    async def elsewhere(self, _request: Request) -> Response:
        self.built += 1
        return RedirectResponse("/", 301)

    async def asked(self, query: str = "", **headers: str) -> httpx.Response:
        return await self.client.get(f"/{query}", headers=headers)


@pytest.fixture
async def house(store: Store) -> AsyncIterator[House]:
    await keep(store, record("dev"))
    made = House(store)
    async with made.client:
        yield made


async def test_a_page_is_built_once_for_each_address(house: House) -> None:
    assert [(await house.asked(query)).text for query in ("", "?q=dev", "", "?q=dev")] == ["1", "2q=dev"] * 2


async def test_who_has_it_already_may_be_the_first_to_ask(house: House) -> None:
    assert (await house.asked(**{"If-None-Match": "*"})).status_code == 304
    assert (await house.asked()).text == "1"
    assert house.built == 1


async def test_a_page_is_built_anew_after_an_event_and_after_a_look(house: House, store: Store) -> None:
    await house.asked()
    await keep(store, record("ux"))
    assert (await house.asked()).text == "2"
    async with store.change() as change:
        await change.put_source(replace(SOURCE, looked_at=NOW))
    assert (await house.asked()).text == "3", "it says when it was verified"


async def test_what_a_page_says_of_days_changes_at_midnight_in_paris(house: House) -> None:
    await house.asked()
    house.now = datetime.fromisoformat("2026-03-10T22:59:59+00:00")
    assert (await house.asked()).text == "1"
    house.now += timedelta(seconds=1)
    assert (await house.asked()).text == "2"


async def test_what_is_elsewhere_is_not_kept(house: House) -> None:
    for _ in range(2):
        assert (await house.client.get("/ailleurs")).headers["location"] == "/"
    assert house.built == 2


async def test_the_page_of_a_question_says_what_a_posting_has_become(store: Store) -> None:
    shown = Shown(store, lambda: NOW)
    app = Starlette(routes=routes(store, public_url=PUBLIC_URL, clock=lambda: NOW, shown=shown))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=PUBLIC_URL) as client:
        for role in ("Fauconnière", "Horloger"):
            await keep(store, record("dev", posting=posting("dev", role=role)))
            for query in ("/", "/?q=état:tous"):
                assert role in (await client.get(query)).text
        await keep(store, record("dev", state=State.CLOSED, ended_at=NOW))
        assert "fr-badge--closed" in (await client.get("/?q=état:tous")).text
