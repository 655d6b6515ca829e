"""Fixtures of the tests that run the application in this process."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from functools import cache
from pathlib import Path

import pytest

from postings import watched
from postings.reading.reader import read_file
from postings.store import Store
from tests.bot.house import ROOM, TEAM, Clock, House, house, settings
from tests.fakes.mattermost import FakeMattermost
from tests.repositories import Repository


@pytest.fixture(autouse=True)
def _nobody_s_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the environment nor a vigie.toml of whoever runs the tests counts."""
    for name in os.environ:
        if name in {"DATABASE_URL", "PORT", "DYNO", "STACK"} or (
            name.startswith("VIGIE_") and name != "VIGIE_TEST_DATABASE_URL"
        ):
            monkeypatch.delenv(name)
    empty = tmp_path / "sans-reglage.toml"
    empty.touch()
    monkeypatch.setenv("VIGIE_CONFIG", str(empty))


@pytest.fixture
def clock() -> Clock:
    """Stands at `tests.repositories.START` until it is set."""
    return Clock()


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """An empty repository."""
    return Repository(tmp_path / "depot")


@pytest.fixture
def _read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each content is read once: a look, which keeps nothing, reads anew all that a team's file concerns."""
    monkeypatch.setattr(watched, "read_file", cache(read_file))


@pytest.fixture
async def vigie(store: Store, tmp_path: Path, repository: Repository, clock: Clock) -> AsyncIterator[House]:
    """Follows `repository` and announces everything in one Mattermost channel, without settling."""
    async with house(store, settings(tmp_path, repository.path), clock) as opened:
        yield opened


@pytest.fixture
def fake() -> Iterator[FakeMattermost]:
    """A Mattermost with the channel that is announced in, which answers whatever the test's own loop does."""
    with FakeMattermost().in_thread() as server:
        server.add_channel(TEAM, ROOM)
        yield server
