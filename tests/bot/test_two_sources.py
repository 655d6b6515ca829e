"""A git repository and a list in one store: ids, pages, feeds and answers, and a configuration that changes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from bot.asking.chat import Caller
from bot.options.mistakes import ConfigurationError
from bot.options.settings import Settings
from bot.watching.sources_check import check_sources
from feeds import routes as feed_routes
from postings.model import EventKind, State
from postings.store import Store
from tests.bot.house import Clock, House, house, settings
from tests.fakes.lists import ORGANIZATION, FakeLists, job
from tests.feeds.samples import posting, record
from tests.repositories import START, Repository, posting_file

CALLER = Caller("mattermost", "personne")

OPEN = posting_file("post_ouvert: 2024-03-04")
SHUT = posting_file("post_ouvert: 2024-03-04", "open: false")


@pytest.fixture
async def lists() -> AsyncIterator[FakeLists]:
    async with FakeLists() as fake:
        fake.jobs = [job("dev")]
        yield fake


def git(repository: Repository) -> dict[str, Any]:
    return {"name": "beta", "address": str(repository.path)}


def welcomekit(lists: FakeLists) -> dict[str, Any]:
    return {
        "name": "jungle",
        "kind": "welcomekit",
        "address": ORGANIZATION,
        "url": lists.base,
        "allow_private_addresses": True,
    }


def options(tmp_path: Path, *sources: dict[str, Any]) -> Settings:
    return settings(tmp_path, "", sources=list(sources))


@pytest.fixture
async def both(
    store: Store, tmp_path: Path, clock: Clock, repository: Repository, lists: FakeLists
) -> AsyncIterator[House]:
    """Follows both, each with an open posting whose file is called `dev.md`."""
    repository.commit({"dev.md": OPEN}, at=START)
    async with house(store, options(tmp_path, git(repository), welcomekit(lists)), clock) as opened:
        await opened.look()
        yield opened


async def test_each_has_its_own_ids_and_files(both: House) -> None:
    assert {record.id for record in await both.store.records([State.OPEN])} == {"dev", "jungle:dev"}
    assert (
        set(await both.store.files("beta"))
        == set(await both.store.files("jungle"))
        == {"content/_jobs/dev.md"}
    )


async def test_each_lives_its_own_life(both: House, repository: Repository, lists: FakeLists) -> None:
    lists.jobs = []
    await both.look()
    repository.commit({"dev.md": SHUT})
    await both.look()
    told = [(event.kind, event.posting) for event in reversed(await both.store.events())]
    assert told == [(EventKind.CLOSED, "jungle:dev"), (EventKind.CLOSED, "dev")]


async def test_one_that_fails_holds_the_other_up_in_nothing(both: House, repository: Repository) -> None:
    repository.path.rename(repository.path.with_name("ailleurs"))
    assert [await watcher.look() for watcher in both.app.watchers] == [False, True]


async def test_pages_feeds_and_answers_tell_them_apart(both: House, clock: Clock) -> None:
    routes = feed_routes.routes(both.store, public_url="http://vigie.invalid", clock=clock)
    transport = httpx.ASGITransport(Starlette(routes=list(routes)))
    async with httpx.AsyncClient(transport=transport, base_url="http://vigie.invalid") as client:
        feed = (await client.get("/feeds/postes.atom")).text
        assert feed.count("<entry>") == 2
        assert [id.rpartition("/")[2] for id in _ids(feed)[1:]] == ["dev", "jungle:dev"]
        assert "Carnet Vert" in (await client.get("/")).text
    listed = await both.app.chat("", CALLER)
    assert "2 " in listed.first_line
    seen = await both.app.chat("voir jungle:dev", CALLER)
    assert "Carnet Vert" in seen.text
    assert "exemple" in (await both.app.chat("voir dev", CALLER)).text


async def test_a_file_is_edited_where_its_own_source_is(
    store: Store, tmp_path: Path, clock: Clock, lists: FakeLists
) -> None:
    forge = {"name": "beta", "address": "https://github.com/equipe/site", "branch": "main"}
    async with house(store, options(tmp_path, forge, welcomekit(lists)), clock) as opened:
        edited = [
            opened.app.edited(record(id, posting=posting(id, path="content/_jobs/dev.md")))
            for id in ("dev", "beta:dev", "jungle:dev")
        ]
    page = "https://github.com/equipe/site/edit/main/content/_jobs/dev.md"
    assert edited == [page, page, None]


def _ids(feed: str) -> list[str]:
    """The ids of a feed and of its entries."""
    return [part.partition("</id>")[0] for part in feed.split("<id>")[1:]]


async def _refused(store: Store, given: Settings) -> str:
    with pytest.raises(ConfigurationError) as refused:
        await check_sources(store, given.sources)
    assert refused.value.english != str(refused.value)
    return str(refused.value).replace("\u00a0", " ")


async def test_the_same_sources_or_one_more_may_start(
    both: House, tmp_path: Path, repository: Repository, lists: FakeLists
) -> None:
    same = git(repository), welcomekit(lists)
    await check_sources(both.store, options(tmp_path, *same).sources)
    more = {"name": "amis", "address": "ailleurs"}
    await check_sources(both.store, options(tmp_path, *same, more).sources)
    await check_sources(both.store, options(tmp_path, same[0], more, same[1]).sources)


async def test_another_order_is_refused_with_how_to_mend_it(
    both: House, tmp_path: Path, repository: Repository, lists: FakeLists
) -> None:
    told = await _refused(both.store, options(tmp_path, welcomekit(lists), git(repository)))
    assert "L’ordre des sources a changé" in told
    assert "remettez « beta » en premier" in told
    new = {"name": "amis", "address": "ailleurs"}
    assert "remettez « beta » en premier" in await _refused(
        both.store, options(tmp_path, new, git(repository), welcomekit(lists))
    )


async def test_a_source_with_open_postings_may_not_go(
    both: House, tmp_path: Path, repository: Repository, lists: FakeLists
) -> None:
    told = await _refused(both.store, options(tmp_path, git(repository)))
    assert "« jungle » n’est plus dans la configuration, et 1 de ses offres" in told
    lists.jobs = []
    await both.look()
    await check_sources(both.store, options(tmp_path, git(repository)).sources)


async def test_the_first_source_may_not_leave_its_place_to_the_second(
    both: House, tmp_path: Path, repository: Repository, lists: FakeLists
) -> None:
    repository.commit({"dev.md": SHUT})
    await both.look()
    told = await _refused(both.store, options(tmp_path, welcomekit(lists)))
    assert "les offres de « jungle » changeraient d’identifiant : remettez « beta » en premier" in told


async def test_an_empty_database_takes_any_sources(store: Store, tmp_path: Path, lists: FakeLists) -> None:
    await check_sources(store, options(tmp_path, welcomekit(lists)).sources)
