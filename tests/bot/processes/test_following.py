"""Which of several processes watches, in this process: taking over, a lost connection, calls of the forge."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import psycopg
import pytest
from structlog.testing import capture_logs

from bot.processes import following as module
from bot.processes.app import App
from bot.processes.following import Following
from bot.processes.processes import hear
from postings.store import Store, Wakeup
from tests.bot.house import Clock, settings
from tests.repositories import Repository


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AGAIN", module.AGAIN / 1000)


class Duties:
    """Counts who watches, as a duty of the process that does."""

    def __init__(self) -> None:
        self.watching: list[str] = []
        self._changed = asyncio.Event()

    def of(self, app: App, name: str) -> None:
        @contextlib.asynccontextmanager
        async def duty() -> AsyncIterator[None]:
            self.watching.append(name)
            self._changed.set()
            yield
            self.watching.remove(name)
            self._changed.set()

        app.duties.append(duty)

    async def until(self, *names: str) -> None:
        """Waits until these watch, and no others."""
        async with asyncio.timeout(30):
            while self.watching != list(names):
                self._changed.clear()
                await self._changed.wait()


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110  what is waited for is a line of the log
            await asyncio.sleep(0)


@contextlib.asynccontextmanager
async def _process(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock, duties: Duties, name: str
) -> AsyncIterator[Following]:
    app = App(settings(tmp_path / name, repository.path, poll=60), store, {}, clock)
    duties.of(app, name)
    following = Following(app)
    task = asyncio.create_task(following.run())
    try:
        yield following
    finally:
        following.stop()
        await task


async def test_another_takes_over_when_the_watching_one_ends(
    store: Store, database_url: str, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    repository.commit()
    duties, other = Duties(), await Store.open(database_url)
    with capture_logs() as logs:
        async with _process(store, tmp_path, repository, clock, duties, "un"):
            await duties.until("un")
            async with _process(other, tmp_path, repository, clock, duties, "deux"):
                await _until(lambda: any(log["event"] == "standing by" for log in logs))
                assert duties.watching == ["un"]
            assert duties.watching == ["un"], "one that stands by ends in order"
        async with _process(other, tmp_path, repository, clock, duties, "deux"):
            await duties.until("deux")
    await other.close()
    assert [log["event"] for log in logs if log["log_level"] == "warning"] == []


async def test_watching_stops_when_the_connection_is_lost_and_goes_on_with_another(
    postgresql_url: str, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    repository.commit()
    duties, store = Duties(), await Store.open(postgresql_url)
    with capture_logs() as logs:
        async with _process(store, tmp_path, repository, clock, duties, "un"):
            await duties.until("un")
            await _until(lambda: any(log["event"].startswith("baseline taken") for log in logs))
            with psycopg.connect(postgresql_url, autocommit=True) as administrator:
                administrator.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database ON database = pg_database.oid "
                    "WHERE locktype = 'advisory' AND datname = current_database()"
                )
            await duties.until()
            await duties.until("un")
    await store.close()
    assert [log["event"] for log in logs].count("watching") == 2
    assert [log["event"] for log in logs].count("turn lost") == 1


async def test_a_call_of_the_forge_reaches_the_process_that_watches(
    store: Store, database_url: str, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    repository.commit()
    duties, other = Duties(), await Store.open(database_url)
    called = asyncio.Event()

    class Heard(Following):
        def _look(self) -> bool:
            if super()._look():
                called.set()
                return True
            return False

    app = App(settings(tmp_path / "un", repository.path, poll=60), store, {}, clock)
    duties.of(app, "un")
    watching = Heard(app)
    tasks = [
        asyncio.create_task(watching.run()),
        asyncio.create_task(hear(app, watching, lambda: asyncio.sleep(0))),
    ]
    await duties.until("un")
    elsewhere = Following(App(settings(tmp_path / "deux", repository.path), other, {}, clock))
    async with asyncio.timeout(30):
        while not called.is_set():  # it may not hear yet
            await elsewhere.called()
            await asyncio.sleep(0)
    watching.stop()
    tasks[1].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await other.close()


async def test_a_lost_connection_is_made_anew_and_what_was_missed_is_done(
    postgresql_url: str, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    store = await Store.open(postgresql_url)
    app = App(settings(tmp_path, repository.path), store, {}, clock)
    told: list[str] = []

    class Recorded(Following):
        def heard(self, wakeup: Wakeup) -> None:
            told.append(str(wakeup))

    listening = asyncio.create_task(hear(app, Recorded(app), lambda: asyncio.sleep(0)))
    with capture_logs() as logs:
        await _until(lambda: told == ["outbox"])
        with psycopg.connect(postgresql_url, autocommit=True) as administrator:
            administrator.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND query LIKE 'LISTEN%'"
            )
        await _until(lambda: told == ["outbox", "look", "turn"])
    assert [log["event"] for log in logs] == ["other processes not heard"]
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    await store.close()
