"""A list of jobs through the whole application: what is announced of it, what is not, and when its server is down."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.options.settings import Settings
from postings.model import EventKind, State
from postings.store import Store
from tests.bot.house import Clock, House, house, settings
from tests.fakes.failures import Failure
from tests.fakes.lists import ORGANIZATION, FakeLists, job


def options(tmp_path: Path, lists: FakeLists) -> Settings:
    source = {
        "name": "jungle",
        "kind": "welcomekit",
        "address": ORGANIZATION,
        "url": lists.base,
        "allow_private_addresses": True,
    }
    return settings(tmp_path, "", sources=[source])


@pytest.fixture
async def lists() -> AsyncIterator[FakeLists]:
    async with FakeLists() as fake:
        yield fake


@pytest.fixture
async def jungle(store: Store, tmp_path: Path, clock: Clock, lists: FakeLists) -> AsyncIterator[House]:
    """Follows the list, whose baseline holds one job."""
    lists.jobs = [job("ancienne")]
    async with house(store, options(tmp_path, lists), clock) as opened:
        await opened.look()
        yield opened


async def told(house: House) -> list[tuple[EventKind, str]]:
    return [(event.kind, event.posting) for event in reversed(await house.store.events())]


async def test_the_first_look_is_a_baseline(jungle: House) -> None:
    assert await told(jungle) == []
    assert jungle.said == []
    assert [record.id for record in await jungle.store.records([State.OPEN])] == ["ancienne"]


async def test_the_life_of_a_job(jungle: House, lists: FakeLists, clock: Clock) -> None:
    lists.jobs = [*lists.jobs, job("neuve")]
    await jungle.look()
    (post,) = jungle.roots
    assert post.message.startswith("**Nouvelle offre\u00a0: Développeuse ou développeur web**, Carnet Vert")
    assert "welcometothejungle.com/fr/companies/exemple/jobs/neuve" in post.message

    clock.forward(hours=1)
    lists.jobs[1]["description"] += "<p>Une phrase de plus, qui ne change rien à ce que l’on annonce.</p>"
    await jungle.look()
    assert await told(jungle) == [(EventKind.OPENED, "neuve")]

    lists.jobs[1]["contract_type"] = {"en": "Freelance", "fr": "Freelance"}
    await jungle.look()
    assert (await told(jungle))[1:] == [(EventKind.UPDATED, "neuve")]

    clock.forward(days=1)
    gone = lists.jobs.pop()
    await jungle.look()
    assert (await told(jungle))[2:] == [(EventKind.CLOSED, "neuve")]
    (event,) = await jungle.store.events(limit=1)
    assert (event.state, event.reason) == (State.CLOSED, "delisted")
    message = jungle.roots[0].message
    assert message.startswith("**Offre fermée\u00a0: Développeuse ou développeur web**")
    assert "(retirée de la liste des offres)" in message

    clock.forward(days=1)
    lists.jobs.append(gone)
    await jungle.look()
    assert (await told(jungle))[3:] == [(EventKind.REOPENED, "neuve")]
    assert (await jungle.store.records([State.OPEN]))[0].openings == 2


async def test_a_title_that_changes_is_an_update_and_no_other_posting(
    jungle: House, lists: FakeLists
) -> None:
    lists.jobs[0]["name"] = "Designer chez Carnet Vert"
    await jungle.look()
    assert await told(jungle) == [(EventKind.UPDATED, "ancienne")]


async def test_a_server_that_is_down_for_a_day_closes_nothing(
    jungle: House, lists: FakeLists, clock: Clock
) -> None:
    for failure in (Failure.cut_before(), Failure.status(503), Failure.garbage(200), Failure.status(404)):
        lists.fail(failure)
        clock.forward(hours=6)
        assert await jungle.app.watchers[0].look() is False
    clock.forward(minutes=5)
    assert await jungle.app.watchers[0].look() is True
    assert await told(jungle) == []


async def test_after_a_restart_nothing_is_told_anew(
    jungle: House, store: Store, lists: FakeLists, tmp_path: Path, clock: Clock
) -> None:
    lists.jobs.append(job("neuve"))
    async with house(store, options(tmp_path, lists), clock, jungle.fake) as after:
        await after.look()
        assert await told(after) == [(EventKind.OPENED, "neuve")]
    async with house(store, options(tmp_path, lists), clock, jungle.fake) as again:
        await again.look()
        await again.look()
        assert await told(again) == [(EventKind.OPENED, "neuve")]
        lists.jobs.pop()
        await again.look()
        assert (await told(again))[1:] == [(EventKind.CLOSED, "neuve")]


async def test_a_release_that_reads_or_writes_jobs_differently_tells_nothing(
    jungle: House,
    store: Store,
    lists: FakeLists,
    tmp_path: Path,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("postings.sources.welcomekit._PARTLY_REMOTE", "Télétravail total.")
    monkeypatch.setattr("postings.sources.welcomekit._REMOTES", {"partial": "Télétravail total."})
    monkeypatch.setattr("bot.watching.watcher.RULES", "apres")
    async with house(store, options(tmp_path, lists), clock, jungle.fake) as after:
        await after.look()
        (record,) = await store.records()
        assert record.posting is not None
        assert str(record.posting.remote) == "full"
        assert await told(after) == []


async def test_a_list_that_is_suddenly_empty_is_looked_at(jungle: House, lists: FakeLists) -> None:
    lists.jobs = []
    assert await jungle.app.watchers[0].look() is True
    source: Any = await jungle.store.source("jungle")
    assert source.failing_since is None


async def test_a_list_that_is_suddenly_empty_is_held_and_its_return_says_nothing(
    jungle: House, lists: FakeLists, clock: Clock
) -> None:
    lists.jobs += [job("deuxieme"), job("troisieme")]
    await jungle.look()
    said = jungle.said
    listed, lists.jobs = lists.jobs, []
    clock.forward(hours=1)
    await jungle.look()
    (hold,) = await jungle.store.outbox.holds()
    assert (hold.reason, hold.left, hold.state) == ("emptied", 3, "held")
    assert jungle.said == said
    lists.jobs = listed
    clock.forward(hours=1)
    await jungle.look()
    ended = await jungle.store.outbox.hold(hold.number)
    assert ended is not None
    assert ended.state == "void"
    assert jungle.said == said


async def test_the_only_job_of_a_list_that_goes_is_no_surprise(jungle: House, lists: FakeLists) -> None:
    lists.jobs.clear()
    await jungle.look()
    assert await told(jungle) == [(EventKind.CLOSED, "ancienne")]
    assert await jungle.store.outbox.holds() == []
