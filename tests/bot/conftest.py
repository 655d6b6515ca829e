"""Fixtures of the tests that run the application in this process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from postings.store import Store
from tests.bot.house import Clock, House, house, settings
from tests.repositories import Repository


@pytest.fixture
def clock() -> Clock:
    """Stands at `tests.repositories.START` until it is set."""
    return Clock()


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """An empty repository."""
    return Repository(tmp_path / "depot")


@pytest.fixture
async def vigie(store: Store, tmp_path: Path, repository: Repository, clock: Clock) -> AsyncIterator[House]:
    """Follows `repository` and announces everything in one Mattermost channel, without settling."""
    async with house(store, settings(tmp_path, repository.path), clock) as opened:
        yield opened
