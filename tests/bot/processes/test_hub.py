"""The hub is told which feeds changed, once a look, and its failures hold nothing up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from structlog.testing import capture_logs

from bot.processes.app import App
from bot.processes.hub import Hub
from feeds.routes import routes
from postings.model import Contract
from postings.store import Store
from tests.bot.house import Clock, settings
from tests.fakes.hub import FakeHub
from tests.feeds.samples import NOW, PUBLIC_URL, posting, record
from tests.postings.store.samples import keep
from tests.repositories import Repository, posting_file


@pytest.fixture
async def fake() -> AsyncIterator[FakeHub]:
    async with FakeHub() as hub:
        yield hub


class Pauses:
    """Waits for nothing, and remembers for how long it should have."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


def hub_of(store: Store, fake: FakeHub, pauses: Pauses | None = None) -> Hub:
    return Hub(store, fake.hub, public_url=f"{PUBLIC_URL}/", pause=pauses or Pauses())


async def test_it_is_told_of_the_feeds_that_hold_what_changed(store: Store, fake: FakeHub) -> None:
    await keep(store, record("autre", posting=posting("autre", contracts=(Contract.STAGE,))))
    hub = hub_of(store, fake)
    async with hub.telling():
        await keep(store, record("dev"))
        hub.wake()
        await fake.until(lambda: fake.told)
    (told,) = fake.told
    paths = {address.removeprefix(PUBLIC_URL) for address in told}
    subjects = (
        "postes",
        "evenements",
        "equipe/phare",
        "incubateur/ocean",
        "contrat/freelance",
        "contrat/cdd",
    )
    assert paths == {
        f"/feeds/{subject}{extension}"
        for subject in (*subjects, "domaine/developpement")
        for extension in (".atom", ".rss", ".json")
    }
    app = Starlette(routes=routes(store, public_url=PUBLIC_URL, clock=lambda: NOW, hub=fake.hub))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as client:
        for address in told:
            assert (await client.get(address)).links["self"]["url"] == address


async def test_it_is_told_once_a_change(store: Store, fake: FakeHub) -> None:
    await keep(store, record("dev"))
    hub = hub_of(store, fake)
    async with hub.telling():
        hub.wake()
        await keep(store, record("ux"))
        hub.wake()
        await fake.until(lambda: fake.told)
        hub.wake()
        await keep(store, record("web"))
        hub.wake()
        await fake.until(lambda: len(fake.told) == 2)
    assert len(fake.told) == 2


async def test_a_hub_that_fails_is_told_again_and_later(store: Store, fake: FakeHub) -> None:
    fake.refusals = [503, 307]
    pauses = Pauses()
    hub = hub_of(store, fake, pauses)
    with capture_logs() as logs:
        async with hub.telling():
            await keep(store, record("dev"))
            hub.wake()
            await fake.until(lambda: fake.told)
            await keep(store, record("ux"))
            hub.wake()
            await fake.until(lambda: len(fake.told) == 2)
    assert pauses.seconds == [10, 60]
    assert [log["reason"] for log in logs if log["event"] == "hub not told"] == ["status 503", "status 307"]


async def test_it_is_given_up_after_four_attempts_until_something_changes(
    store: Store, fake: FakeHub
) -> None:
    fake.refusals = [500] * 4
    pauses = Pauses()
    hub = hub_of(store, fake, pauses)
    with capture_logs() as logs:
        async with hub.telling():
            await keep(store, record("dev"))
            hub.wake()
            await fake.until(lambda: not fake.refusals)
            await keep(store, record("ux"))
            hub.wake()
            await fake.until(lambda: fake.told)
    assert pauses.seconds == [10, 60, 600]
    assert [log["log_level"] for log in logs if log["event"] == "hub given up"] == ["error"]


async def test_a_hub_that_is_not_there_is_said_in_a_word(store: Store, fake: FakeHub) -> None:
    failed = asyncio.Event()

    async def pause(_seconds: float) -> None:
        failed.set()
        await asyncio.Event().wait()

    hub = Hub(store, "http://127.0.0.1:9/", public_url=PUBLIC_URL, pause=pause)
    with capture_logs() as logs:
        async with hub.telling():
            await keep(store, record("dev"))
            hub.wake()
            async with asyncio.timeout(30):
                await failed.wait()
    (log,) = logs
    assert log == {
        "event": "hub not told", "log_level": "warning", "reason": "ConnectError", "again_in_seconds": 10,
    }  # fmt: skip


async def test_a_look_that_finds_something_is_what_it_hears_of(
    store: Store, fake: FakeHub, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    app = App(settings(tmp_path, repository.path, hub=fake.hub, public_url=PUBLIC_URL), store, {}, clock)
    (watcher,) = app.watchers
    async with AsyncExitStack() as stack:
        for duty in app.duties:
            await stack.enter_async_context(duty())
        repository.commit({"2024-03-01-dev-phare.md": posting_file()})
        await app.look(watcher)
        await fake.until(lambda: fake.told)
    assert f"{PUBLIC_URL}/feeds/postes.atom" in fake.told[0]


def test_without_the_option_nobody_is_told(store: Store, tmp_path: Path, repository: Repository) -> None:
    assert App(settings(tmp_path, repository.path), store, {}).duties == []
