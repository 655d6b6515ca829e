"""The application behind its HTTP routes, with a fake of each platform."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.app import App
from postings.store import Store
from tests.bot.house import Clock
from tests.conversations.platforms import OnMattermost, OnSlack, OnTelegram, Talk, talking
from tests.conversations.world import configured, watching
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
async def town(store: Store, tmp_path: Path) -> AsyncIterator[Town]:
    """Everybody is there and nothing was said yet; Monday 4 March 2024, 10:00 in Paris."""
    clock = Clock()

    def tick() -> float:
        return clock.now.timestamp()

    async with AsyncExitStack() as stack:
        mattermost = await stack.enter_async_context(FakeMattermost(clock=tick))
        slack = await stack.enter_async_context(FakeSlack(clock=tick))
        telegram = await stack.enter_async_context(FakeTelegram(clock=tick))
        options = configured(tmp_path, mattermost.url, slack.url, telegram.url, telegram.token)
        app = await stack.enter_async_context(watching(store, options, tmp_path, clock))
        talks = await stack.enter_async_context(talking(app, mattermost, slack, telegram))
        yield Town(app, clock, talks)
