"""What breaks around Vigie is told in a sentence, and heals by itself when its cause is gone: nothing lost or twice."""

from __future__ import annotations

import json
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import event
from structlog.testing import capture_logs

from bot.deliveries.outbox import LEASE
from postings.model import EventKind
from postings.sources import git_process, http
from postings.store import Store
from tests.bot.floods import notes, open_file, staff_room, staffed
from tests.bot.house import AWAKE, ROOM, TARGET, TEAM, Clock, House, house, paris, settings, watched
from tests.bot.running import running
from tests.databases import own_postgresql_server, sqlite_database
from tests.fakes.failures import Failure
from tests.fakes.lists import FakeLists
from tests.fakes.mattermost import FakeMattermost
from tests.git_server import Forge, certificate, serving
from tests.repositories import Repository, posting_file

OPEN = posting_file("open: true")


def _reasons(address: str) -> list[str]:
    return [reason["code"] for reason in httpx.get(f"{address}/readyz").json()["reasons"]]


def test_postgresql_is_stopped_and_started(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "depot")
    repository.commit()
    with own_postgresql_server() as server, FakeMattermost().in_thread() as fake:
        fake.add_channel(TEAM, ROOM)
        options = {
            "VIGIE_SOURCES": json.dumps([{"name": "beta", "address": str(repository.path)}]),
            "VIGIE_CHANNELS": json.dumps([{"platform": "mattermost", "target": TARGET, **AWAKE}]),
            "VIGIE_MATTERMOST__URL": fake.url,
            "VIGIE_MATTERMOST__TOKEN": fake.token,
            "VIGIE_DATABASE_URL": server.address,
            "VIGIE_DATA": str(tmp_path / "var"),
            "VIGIE_SETTLE": "0",
            "VIGIE_POLL": "0.005",
        }
        with running(tmp_path, **options) as run:
            address = run.logged("serving")["address"]
            run.logged("baseline taken, nothing announced")
            run.logged("prepared")
            server.stop()
            assert "cannot be used" in run.logged("turn not asked for")["error"]
            assert _reasons(address) == ["database"]
            assert httpx.get(f"{address}/healthz").text == "ok"
            repository.commit({"dev.md": OPEN})
            server.start()
            fake.wait(lambda: len(fake.posts) == 1, seconds=60)
            assert _reasons(address) == []
            repository.commit({"design.md": posting_file("open: true", body="Dessinez des services.")})
            fake.wait(lambda: len(fake.posts) == 2, seconds=60)
            assert run.stop() == 0
        assert len(fake.posts) == 2, "what was found while it was away is told once"
    assert "Traceback" not in "".join(run.errors)


class Disk:
    """The disk of a SQLite database, which a test fills: no page can be added while it is full."""

    def __init__(self, store: Store) -> None:
        self.full = False
        event.listen(store._database._engine.sync_engine, "checkout", self._bound)

    def _bound(self, connection: Any, *_others: object) -> None:
        cursor = connection.cursor()
        # https://www.sqlite.org/pragma.html#pragma_max_page_count: never less than there are.
        cursor.execute(f"PRAGMA max_page_count = {1 if self.full else 2**31 - 2}")
        cursor.close()


async def test_the_disk_of_sqlite_is_full(tmp_path: Path, repository: Repository, clock: Clock) -> None:
    store = await Store.open(sqlite_database(tmp_path))
    disk = Disk(store)
    async with house(store, settings(tmp_path, repository.path), clock) as vigie:
        await watched(vigie, repository)
        disk.full = True
        repository.commit({"dev.md": posting_file("open: true", body="Une mission utile. " * 5000)})
        for _ in range(2):
            with capture_logs() as logs:
                await vigie.app.look(vigie.app.watchers[0])
            (log,) = logs
            assert log["event"] == "look failed"
            assert log["error"].endswith(
                "is full (database or disk is full): make room, Vigie goes on by itself."
            )
        assert await vigie.kinds() == []
        disk.full = False
        await vigie.look()
        await vigie.look()
        assert vigie.said == ["**Nouvelle offre\u00a0: Développeuse web**, exemple"]
    await store.close()


async def _lived(vigie: House, clock: Clock, until: str) -> None:
    """Time passes as it should, with a look and a tick every eight hours."""
    while clock.now < paris(until):
        clock.forward(hours=8)
        await vigie.look()
        await vigie.tick()


async def test_the_clock_jumps_a_day_ahead_and_back(
    vigie: House, repository: Repository, clock: Clock
) -> None:
    await watched(vigie, repository)
    repository.commit({"dev.md": posting_file("open: true", "poste_ferme: 2024-03-14")})
    await vigie.look()
    for instant in ("2024-03-06T10:00", "2024-03-12T10:00", "2024-03-14T10:00"):
        await _lived(vigie, clock, instant)
        clock.forward(days=1)
        await vigie.look()
        await vigie.tick()
        clock.forward(days=-1)
        await vigie.look()
        await vigie.tick()
    repository.commit({"design.md": posting_file("open: true", body="Dessinez des services.")})
    await _lived(vigie, clock, "2024-03-16T10:00")
    kinds = await vigie.kinds()
    assert kinds.count(EventKind.OPENED) == 2, "what came while the clock was right again is told"
    assert [kind for kind in kinds if kind is not EventKind.OPENED] == [
        EventKind.CLOSING_SOON,
        EventKind.CLOSING_SOON,
        EventKind.CLOSED,
    ], "what the clock caused too early is not told again at its time"
    assert {row.state for row in await vigie.rows()} <= {"sent", "dropped"}
    assert len(vigie.roots) == 4, "two postings and two notices"


async def test_the_clock_jumps_a_day_back_and_ahead(
    vigie: House, repository: Repository, clock: Clock
) -> None:
    await watched(vigie, repository)
    repository.commit({"dev.md": OPEN})
    await vigie.look()
    clock.forward(days=-1)
    repository.commit({"design.md": posting_file("open: true", body="Dessinez des services.")})
    await vigie.look()
    await vigie.tick()
    assert len(vigie.roots) == 2, "a clock that is late delays nothing"
    clock.forward(days=1)
    for _ in range(2):
        await vigie.look()
        await vigie.tick()
    assert await vigie.kinds() == [EventKind.OPENED] * 2
    assert len(vigie.roots) == 2


async def test_a_lease_of_a_clock_that_was_wrong_holds_nothing(
    vigie: House, repository: Repository, clock: Clock
) -> None:
    await watched(vigie, repository)
    repository.commit({"dev.md": OPEN})
    await vigie.app.watchers[0].look()
    outbox = vigie.store.outbox
    wrong = clock.now + timedelta(days=1)
    assert len(await outbox.lease(now=wrong, owner="mort", duration=LEASE, limit=9)) == 1
    assert await outbox.next_ready(clock.now) == clock.now
    assert len(await outbox.lease(now=clock.now, owner="vif", duration=LEASE, limit=9)) == 1
    assert await outbox.lease(now=clock.now, owner="autre", duration=LEASE, limit=9) == [], "a true one holds"
    clock.forward(minutes=2)
    await vigie.send()
    assert len(vigie.roots) == 1


async def _silent_for(vigie: House, clock: Clock, hours: int) -> None:
    for _ in range(0, hours, 2):
        clock.forward(hours=2)
        await vigie.look()
        await vigie.tick()


def _told(vigie: House) -> list[str]:
    """The first lines of what the staff was told but for the baseline."""
    return [note.splitlines()[0] for note in notes(vigie) if not note.startswith("Vigie veille")]


def _told_once(vigie: House, name: str) -> None:
    (told,) = _told(vigie)
    assert told.startswith(f"**Source muette** : « {name} » n’a pas répondu depuis le 4 mars 2024")
    assert vigie.roots == []


@pytest.fixture
def forge(tmp_path: Path, repository: Repository, monkeypatch: pytest.MonkeyPatch) -> Iterator[Forge]:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    pem = certificate(tmp_path)
    monkeypatch.setenv("GIT_SSL_CAINFO", str(pem))
    with serving(Forge(repository.path.parent), pem) as made:
        yield made


async def test_a_forge_takes_connections_and_does_not_answer(
    store: Store,
    tmp_path: Path,
    repository: Repository,
    clock: Clock,
    forge: Forge,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address = f"https://127.0.0.1:{forge.port}/{repository.path.name}/.git"
    async with house(store, staffed(tmp_path, Path("/"), sources=[{"address": address}]), clock) as vigie:
        staff_room(vigie)
        await watched(vigie, repository)
        await vigie.tick()
        forge.answers.clear()
        limit = git_process.ANSWER_TIMEOUT
        monkeypatch.setattr(git_process, "ANSWER_TIMEOUT", 0.1)
        repository.commit({"dev.md": open_file("dev")})
        with capture_logs() as logs:
            await _silent_for(vigie, clock, 12)
        _told_once(vigie, "beta")
        assert {log["error"] for log in logs if log["event"] == "source not reached"} == {
            "git did not finish within 0.1 seconds: the source does not answer, check its address."
        }
        monkeypatch.setattr(git_process, "ANSWER_TIMEOUT", limit)
        forge.answers.set()
        await _silent_for(vigie, clock, 6)
        assert _told(vigie)[1:] == ["**Rétabli** : la source « beta » répond de nouveau."]
        assert len(vigie.roots) == 1, "what was missed is told, once"


@pytest.fixture
async def lists() -> AsyncIterator[FakeLists]:
    async with FakeLists() as fake:
        yield fake


async def test_a_list_takes_connections_and_does_not_answer(
    store: Store, tmp_path: Path, clock: Clock, lists: FakeLists, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = {
        "name": "liste",
        "kind": "jobs_api",
        "address": lists.jobs_json,
        "allow_private_addresses": True,
    }
    monkeypatch.setattr(http, "Limits", partial(http.Limits, read=0.5))
    async with house(store, staffed(tmp_path, Path("/"), sources=[source]), clock) as vigie:
        staff_room(vigie)
        await vigie.look()
        await vigie.tick()
        lists.fail(*[Failure.hang_before()] * 6)
        lists.postings = [{"id": "1", "title": "Développeuse web - Offre de Exemple"}]
        with capture_logs() as logs:
            await _silent_for(vigie, clock, 12)
        _told_once(vigie, "liste")
        assert len([log for log in logs if log["event"] == "source not reached"]) == 6
        await _silent_for(vigie, clock, 6)
        assert _told(vigie)[1:] == ["**Rétabli** : la source « liste » répond de nouveau."]
        assert len(vigie.roots) == 1
