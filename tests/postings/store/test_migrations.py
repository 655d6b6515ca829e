"""A database of any earlier revision, with rows of its time, becomes one of today's, and is backed up as it was."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from postings.model import EventKind, State
from postings.store import Store, backup, migrate, restore
from postings.store.tables import metadata
from tests.databases import sqlite_database
from tests.postings.store.former import REVISIONS, fill
from tests.postings.store.samples import NOON

LATER = NOON + timedelta(hours=1)


async def _holds_what_it_held(url: str, revision: str) -> None:
    store = await Store.open(url, migrate=False)
    try:
        record = await store.find("ancien")
        assert record is not None
        assert record.posting is not None
        assert (record.id, record.state, record.opened_at) == ("dev", State.OPEN, NOON)
        assert record.posting.summary == "L’été, c’est ‹ bien ›."
        source = await store.source("site")
        assert source is not None
        assert (source.revision, source.baseline_at, source.refused) == ("r1", NOON, False)
        assert {path: file.id for path, file in (await store.files("site")).items()} == {
            "content/_jobs/dev.md": "dev"
        }
        assert [(e.kind, e.posting, e.at) for e in await store.events()] == [(EventKind.OPENED, "dev", NOON)]
        assert (await store.names()).teams["exemple"]
        living = await store.message("salon", "dev")
        assert living is not None
        assert (living.message_id, living.posted_at, living.digest) == ("m1", NOON, None)
        rows = {row.key: row for row in await store.outbox.deliveries()}
        sent, waits = rows["dev:opened:1:salon"], rows["dev:updated:salon"]
        assert (sent.state, sent.message_id, sent.finished_at, sent.payload["role"]) == (
            "sent",
            "m1",
            NOON,
            "Développeuse",
        )
        assert waits.state == "pending"
        held = [
            row.key for hold in await store.outbox.holds() for row in await store.outbox.held(hold.number)
        ]
        assert held == (["dev:closed:salon"] if revision >= "0003" else [])
        assert [one.target for one in await store.outbox.stopped()] == (
            ["parti"] if revision >= "0004" else []
        )
        assert [(one.number, one.text) for one in await store.subscriptions()] == (
            [(7, "freelance")] if revision >= "0006" else []
        )
        assert list(await store.alerts(["unreadable"])) == (["unreadable:dev"] if revision >= "0007" else [])
        assert await store.bodies(["dev"]) == ({"dev": "Une *mission* utile."} if revision >= "0011" else {})
        leased = await store.outbox.lease(now=LATER, owner="w", duration=timedelta(minutes=1), limit=9)
        assert [row.key for row in leased] == ["dev:updated:salon"]
    finally:
        await store.close()


@pytest.mark.parametrize("revision", REVISIONS)
async def test_what_each_version_stored_is_there_after_migrating(
    empty_database_url: str, revision: str
) -> None:
    await fill(empty_database_url, revision)
    assert await migrate(empty_database_url) == REVISIONS[-1]
    await _holds_what_it_held(empty_database_url, revision)


@pytest.mark.parametrize("revision", REVISIONS)
async def test_a_backup_of_each_version_is_restored_into_this_one(
    empty_database_url: str, tmp_path: Path, revision: str
) -> None:
    (tmp_path / "avant").mkdir()
    former = sqlite_database(tmp_path / "avant")
    await fill(former, revision)
    assert (await backup(former, tmp_path / "b", NOON)).keys() <= metadata.tables.keys()
    done = await restore(empty_database_url, tmp_path / "b", LATER, nothing_since=True)
    assert done.revision == revision
    await _holds_what_it_held(empty_database_url, revision)
