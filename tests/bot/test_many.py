"""Four workers on one database, any of which may watch: killed one after the other, nothing is lost or told twice."""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from sqlalchemy import select

from postings.model import EventKind
from postings.store import Store
from postings.store.engine import Database
from postings.store.tables import outbox
from tests.bot.house import AWAKE, ROOM, TARGET, TEAM
from tests.bot.running import VIGIE, Running, environment, running
from tests.fakes.failures import Failure
from tests.fakes.mattermost import FakeMattermost
from tests.fakes.slack import FakeSlack
from tests.repositories import Repository, posting_file

SLACK_ROOM = "C0OFFRES"
LEASE = "12"


@pytest.fixture
def mattermost() -> Iterator[FakeMattermost]:
    with FakeMattermost().in_thread() as server:
        server.add_channel(TEAM, ROOM)
        yield server


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack().in_thread() as server:
        server.add_channel(SLACK_ROOM)
        yield server


@pytest.fixture
def options(
    tmp_path: Path, database_url: str, mattermost: FakeMattermost, slack: FakeSlack
) -> dict[str, str]:
    return {
        "VIGIE_SOURCES": json.dumps([{"name": "beta", "address": str(tmp_path / "depot")}]),
        "VIGIE_CHANNELS": json.dumps(
            [
                {"platform": "mattermost", "target": TARGET, **AWAKE},
                {"platform": "slack", "target": SLACK_ROOM, **AWAKE},
            ]
        ),
        "VIGIE_MATTERMOST__URL": mattermost.url,
        "VIGIE_MATTERMOST__TOKEN": mattermost.token,
        "VIGIE_SLACK__TOKEN": slack.token,
        "VIGIE_SLACK__API_URL": slack.url,
        "VIGIE_DATABASE_URL": database_url,
        "VIGIE_DATA": str(tmp_path / "var"),
        "VIGIE_SETTLE": "0",
        "VIGIE_POLL": "0.02",
        "VIGIE_TEST_LEASE": LEASE,
    }


def test_work_goes_on_when_the_watching_and_a_sending_process_are_killed(
    options: Mapping[str, str], tmp_path: Path, mattermost: FakeMattermost, slack: FakeSlack
) -> None:
    repository = Repository(tmp_path / "depot")
    repository.commit()
    url = options["VIGIE_DATABASE_URL"]

    def published(name: str) -> None:
        repository.commit({f"{name}.md": posting_file("open: true", body=f"Une mission pour {name}.")})

    def told(count: int) -> None:
        mattermost.wait(lambda: len(mattermost.posts) == count, seconds=90)
        slack.wait(lambda: len(slack.messages) == count, seconds=90)

    with contextlib.ExitStack() as stack:
        workers = [stack.enter_context(running(tmp_path, "worker", **options)) for _ in range(4)]
        for worker in workers:
            worker.logged("working", seconds=120)
        first = _watching(workers)
        for other in workers:
            if other is not first:
                other.logged("standing by")
        first.logged("baseline taken, nothing announced")
        for name in ("un", "deux", "trois"):
            published(name)
        told(3)

        workers.remove(first)
        first.kill()
        published("quatre")
        told(4)
        second = _watching(workers)

        mattermost.fail(Failure.hang_before(path="/api/v4/posts"))
        asked = _posts(mattermost)
        published("cinq")
        mattermost.wait(lambda: _posts(mattermost) > asked, seconds=90)
        sending = next(worker for worker in workers if worker.pid == asyncio.run(_sender(url)))
        workers.remove(sending)
        sending.kill()
        told(5)
        if sending is second:
            _watching(workers)
        assert [worker.stop() for worker in workers] == [0, 0]
        logs = "".join(line for worker in (*workers, first, sending) for line in worker.errors)
    assert "Traceback" not in logs
    assert "followed by another process" not in logs, "two never watched at once"
    assert len(mattermost.posts) == len({post.props["vigie_delivery"] for post in mattermost.posts}) == 5
    assert len(slack.messages) == len({json.dumps(message.metadata) for message in slack.messages}) == 5
    assert asyncio.run(_found(url)) == [EventKind.OPENED] * 5


def test_processes_that_start_at_once_on_an_empty_database_migrate_it_together(
    empty_database_url: str, tmp_path: Path
) -> None:
    started = [
        subprocess.Popen(
            [*VIGIE, "migrate"],
            cwd=tmp_path,
            env=environment(VIGIE_DATABASE_URL=empty_database_url),
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        for _ in range(3)
    ]
    said = [process.communicate(timeout=120)[1] for process in started]
    assert [process.returncode for process in started] == [0, 0, 0], said
    assert len(set(said)) == 1, "each says the same revision"


def _posts(mattermost: FakeMattermost) -> int:
    return sum(request.path == "/api/v4/posts" for request in mattermost.requests)


def _watching(workers: list[Running]) -> Running:
    """The one that watches; waits until there is one."""
    with Running.news:
        Running.news.wait_for(lambda: any(worker.has_logged("watching") for worker in workers), 90)
    (found,) = [worker for worker in workers if worker.has_logged("watching")]
    return found


async def _sender(database_url: str) -> int:
    """The number of the process that is sending to Mattermost."""
    database = Database(database_url)
    query = select(outbox.c.owner).where(outbox.c.state == "pending", outbox.c.target.like("mattermost:%"))
    async with database.read() as connection:
        owner = await connection.scalar(query)
    await database.close()
    return int(str(owner).split(":")[1])


async def _found(database_url: str) -> list[EventKind]:
    store = await Store.open(database_url, migrate=False)
    events = await store.events()
    await store.close()
    return [event.kind for event in events]
