"""Fixtures for every test: a database of each kind, and a store on it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from postings.store import Store
from tests.databases import postgresql_database, postgresql_server, sqlite_database

# `make campaign`: what a test marked `property` does a hundred times in `make test`.
settings.register_profile(
    "campaign", max_examples=20_000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A PostgreSQL server, started when the first test needs it."""
    with postgresql_server() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database: the test runs once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield sqlite_database(tmp_path)
    else:
        with postgresql_database(request.getfixturevalue("postgresql")) as address:
            yield address


@pytest.fixture
def postgresql_url(postgresql: str) -> Iterator[str]:
    """The address of an empty PostgreSQL database, for what only PostgreSQL does."""
    with postgresql_database(postgresql) as address:
        yield address


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    """An empty store, on each kind of database."""
    opened = await Store.open(database_url)
    yield opened
    await opened.close()
