"""The application behind its HTTP routes, with a fake of each platform."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.processes.app import App
from postings.store import Store
from tests.bot.house import Clock
from tests.conversations.platforms import OnMattermost, OnSlack, OnTelegram, Talk, talking
from tests.conversations.world import configured, watched
from tests.fakes.mattermost import FakeMattermost
from tests.fakes.slack import FakeSlack
from tests.fakes.telegram import FakeTelegram


@dataclass
class Town:
    """The application, its clock, and whoever talks to it on each platform."""

    app: App
    clock: Clock
    talks: tuple[Talk, ...]

    @property
    def mattermost(self) -> OnMattermost:
        return next(talk for talk in self.talks if isinstance(talk, OnMattermost))

    @property
    def slack(self) -> OnSlack:
        return next(talk for talk in self.talks if isinstance(talk, OnSlack))

    @property
    def telegram(self) -> OnTelegram:
        return next(talk for talk in self.talks if isinstance(talk, OnTelegram))


@pytest.fixture
async def folder(store: Store, tmp_path: Path) -> Path:
    """Where the repository is of which the store has seen every posting."""
    await watched(store, tmp_path, Clock())
    return tmp_path


@pytest.fixture
async def town(store: Store, folder: Path) -> AsyncIterator[Town]:
    """Everybody is there and nothing was said yet; Monday 4 March 2024, 10:00 in Paris."""
    clock = Clock()

    def tick() -> float:
        return clock.now.timestamp()

    async with AsyncExitStack() as stack:
        mattermost = await stack.enter_async_context(FakeMattermost(clock=tick))
        slack = await stack.enter_async_context(FakeSlack(clock=tick))
        telegram = await stack.enter_async_context(FakeTelegram(clock=tick))
        options = configured(folder, mattermost.url, slack.url, telegram.url, telegram.token)
        app = App(options, store, {}, clock)
        talks = await stack.enter_async_context(talking(app, mattermost, slack, telegram))
        yield Town(app, clock, talks)
