"""A process killed at the worst moments and started again: what it found is told, once."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import update

from postings.store.engine import Database
from postings.store.tables import outbox
from tests.bot.house import AWAKE, TARGET
from tests.bot.running import running
from tests.fakes.failures import Failure
from tests.fakes.mattermost import FakeMattermost
from tests.repositories import Repository, posting_file

OPEN = posting_file("open: true")


def _lease_over(database_url: str) -> None:
    """What two minutes do: the rows that the dead process held are free."""

    async def free() -> None:
        database = Database(database_url)
        async with database.write() as connection:
            await connection.execute(update(outbox).values(leased_until=datetime(2000, 1, 1, tzinfo=UTC)))
        await database.close()

    asyncio.run(free())


@pytest.mark.parametrize(
    "failure",
    [
        Failure.hang_before(path="/users/me"),
        Failure.hang_before(path="/api/v4/posts"),
        Failure.hang_after(path="/api/v4/posts"),
    ],
    ids=["before sending", "while sending", "sent, answer lost"],
)
def test_a_message_found_before_a_crash_is_sent_once_after_it(
    failure: Failure, fake: FakeMattermost, database_url: str, tmp_path: Path
) -> None:
    repository = Repository(tmp_path / "depot")
    repository.commit()
    options = {
        "VIGIE_SOURCES": json.dumps([{"name": "beta", "address": str(repository.path)}]),
        "VIGIE_CHANNELS": json.dumps([{"platform": "mattermost", "target": TARGET, **AWAKE}]),
        "VIGIE_MATTERMOST__URL": fake.url,
        "VIGIE_MATTERMOST__TOKEN": fake.token,
        "VIGIE_DATABASE_URL": database_url,
        "VIGIE_DATA": str(tmp_path / "var"),
        "VIGIE_SETTLE": "0",
        "VIGIE_POLL": "0.005",
    }
    with running(tmp_path, **options) as first:
        first.logged("baseline taken, nothing announced")
        fake.fail(failure)
        repository.commit({"dev.md": OPEN})
        stored = 1 if failure.stored else 0
        fake.wait(lambda: any(failure.path in request.path for request in fake.requests))
        fake.wait(lambda: len(fake.posts) == stored)
        first.kill()
    assert len(fake.posts) == stored
    _lease_over(database_url)
    asked = len(fake.requests)
    with running(tmp_path, **options) as second:
        # Once the second look is over the outbox has been worked on; the channel is asked or told before.
        fake.wait(lambda: len(fake.posts) == 1 and len(fake.requests) > asked)
        repository.commit({"design.md": posting_file("open: true", body="Dessinez des services.")})
        fake.wait(lambda: len(fake.posts) == 2)
        assert second.stop() == 0
    assert len(fake.posts) == 2, "the second posting's message is the only other one"
    assert len({post.props["vigie_delivery"] for post in fake.posts}) == 2
