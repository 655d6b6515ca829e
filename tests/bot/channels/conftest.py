from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.bot.channels.platforms import OnMattermost, OnSlack, OnTelegram, Platform, opened


@pytest.fixture(params=["mattermost", "slack", "telegram"])
async def platform(request: pytest.FixtureRequest) -> AsyncIterator[Platform]:
    """Each platform in turn."""
    async with opened(request.param) as started:
        yield started


@pytest.fixture
async def mattermost() -> AsyncIterator[OnMattermost]:
    async with opened("mattermost") as started:
        assert isinstance(started, OnMattermost)
        yield started


@pytest.fixture
async def slack() -> AsyncIterator[OnSlack]:
    async with opened("slack") as started:
        assert isinstance(started, OnSlack)
        yield started


@pytest.fixture
async def telegram() -> AsyncIterator[OnTelegram]:
    async with opened("telegram") as started:
        assert isinstance(started, OnTelegram)
        yield started
