"""Fixtures for every test: a database of each kind, and a store on it."""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from coverage import Coverage
from hypothesis import HealthCheck, settings

from postings.store import Store, engine
from tests.browser.chromium import LEFT_OUT
from tests.compiled import create_engine
from tests.databases import MigratedDatabases, postgresql_database, postgresql_server, sqlite_database

# How long an example takes is the machine's affair: no test measures time.
settings.register_profile("test", settings(deadline=None))
settings.load_profile("test")
# `make campaign`: what a test marked `property` does a hundred times in `make test`.
settings.register_profile(
    "campaign", max_examples=20_000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says at the end that the browser's tests were left out: nobody should take them for passed."""
    if any(LEFT_OUT in str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])):
        terminalreporter.section("Browser", sep="-")
        terminalreporter.write_line(LEFT_OUT, yellow=True)


# The longest, by the time they take: a processor that had one of them at the end would be the only one at work.
LONG = (
    "test_real_history.py",
    "test_soak.py",
    "test_published_limits.py",
    "test_campaign.py",
    "test_lives.py",
    "test_soak_short.py",
    "test_real_feeds.py",
    "test_many.py",
    "test_preview_hostile.py",
    "test_kill.py",
    "test_wheel.py",
)
_COUNTED = "COVERAGE_PROCESS_CONFIG"
"""Where this is set, coverage counts what a process runs (https://coverage.readthedocs.io/en/latest/subprocess.html)."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each worker of xdist begins with its share of the longest; all others, which share what is made for neighbours,
    stay where they are.
    """
    long = sorted(
        (item for item in items if item.path.name in LONG), key=lambda item: LONG.index(item.path.name)
    )
    short = [item for item in items if item.path.name not in LONG]
    # `--dist worksteal` gives each worker as many neighbours at first.
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    items.clear()
    for number in range(workers):
        first, last = (len(short) * part // workers for part in (number, number + 1))
        items += [*long[number::workers], *short[first:last]]


def pytest_xdist_auto_num_workers() -> int:
    """Two for a processor: tests that start processes wait for them about as long as they work."""
    return 2 * (os.cpu_count() or 1)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """What repeats itself is not counted as covered, in the process of the test and in those that it starts.

    Other tests run each line of it once, and counting takes as long as running.
    """
    counting = Coverage.current()
    if counting is None or not _repeats(item):
        return (yield)
    counting.stop()
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.delenv(_COUNTED, raising=False)
            return (yield)
    finally:
        counting.start()


def _repeats(item: pytest.Item) -> bool:
    """Whether a test does the same many times, or what is counted with SQLite once more with PostgreSQL."""
    repeated = item.path.name in LONG or item.get_closest_marker("property") is not None
    again = "[postgresql" in item.name and "store" not in item.path.parts
    return repeated or again


def pytest_collection_finish() -> None:
    """Whatever was imported and collected lives to the end: no collection of garbage need go through it."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _compiled_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "create_async_engine", create_engine)
        yield


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A PostgreSQL server, started when the first test needs it."""
    with postgresql_server() as address:
        yield address


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database without a row, to be copied: migrating anew for each test takes longer than most tests."""
    folder = tmp_path_factory.mktemp("migre")
    asyncio.run(_migrated(sqlite_database(folder)))
    (made,) = folder.iterdir()
    return made


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql: str) -> Iterator[MigratedDatabases]:
    """The same on PostgreSQL, where one serves many tests."""
    with postgresql_database(postgresql) as address:
        asyncio.run(_migrated(address))
        with closing(MigratedDatabases(postgresql, address)) as databases:
            yield databases


async def _migrated(address: str) -> None:
    await (await Store.open(address)).close()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without a table: the test runs once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield sqlite_database(tmp_path)
    else:
        with postgresql_database(request.getfixturevalue("postgresql")) as address:
            yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database that is migrated and empty: once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        made: Path = request.getfixturevalue("migrated_sqlite")
        shutil.copy(made, tmp_path)
        yield sqlite_database(tmp_path)
    else:
        with request.getfixturevalue("migrated_postgresql").lent() as address:
            yield address


@pytest.fixture
def postgresql_url(migrated_postgresql: MigratedDatabases) -> Iterator[str]:
    """The address of such a PostgreSQL database, for what only PostgreSQL does."""
    with migrated_postgresql.lent() as address:
        yield address


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    """An empty store, on each kind of database."""
    opened = await Store.open(database_url)
    yield opened
    await opened.close()
