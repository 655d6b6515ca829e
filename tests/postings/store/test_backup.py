"""A backup holds all there is at one moment, and is restored as a whole or not at all, on either database."""

from __future__ import annotations

import gzip
import hashlib
import json
import stat
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from postings.errors import VigieError
from postings.store import (
    Alert,
    ArchiveError,
    File,
    Hold,
    Living,
    Store,
    StoredTeam,
    Subscription,
    backup,
    restore,
)
from postings.store.archive import Archive, Writer
from postings.store.engine import Database
from postings.store.tables import metadata, sources
from tests.databases import sqlite_database
from tests.postings.store.former import REVISIONS
from tests.postings.store.samples import (
    MINUTE,
    NOON,
    SOURCE,
    enqueue,
    keep,
    opened,
    outgoing,
    posting,
    record,
)

HOSTILE = (
    "'; DROP TABLE outbox; -- \\ \" \u2028\u2029\r\n\t\x01\x1f\ufeff %s :at {x} 🧭 \u202eةيبرع" + "é" * 3000
)
LATER = NOON + timedelta(hours=1)
Dump = list[bytes]


async def _lived_in(url: str) -> None:
    """A store with something in every part, hostile where text is free."""
    store = await Store.open(url)
    await keep(
        store,
        record(HOSTILE, posting=posting(HOSTILE, role=HOSTILE, extra={HOSTILE: [HOSTILE]})),
        record("a"),
    )
    async with store.change() as change:
        await change.add_event(SOURCE.name, opened("a", NOON.replace(microsecond=7)))
        await change.put_files(
            SOURCE.name, [File(HOSTILE, "a", "b1"), File("parti.md", "b", "b2")], ["parti.md"]
        )
        await change.put_teams(SOURCE.name, [StoredTeam("exemple", "startup", HOSTILE)])
        await change.put_bodies(SOURCE.name, {"a": HOSTILE})
        number = await change.add_hold(Hold(0, SOURCE.name, NOON, "mass_change", left=12))
        for new in (
            outgoing("k1"),
            outgoing("k2"),
            outgoing("k3", hold=number),
            outgoing("k4", target=HOSTILE),
            outgoing("late", ready_at=LATER + MINUTE),
        ):
            await change.enqueue(new)
        await change.begin_alert(Alert("stuck:salon", "stuck", NOON, HOSTILE), outgoing("n1", "direction"))
        await change.subscriptions.add(
            [Subscription(0, "salon", HOSTILE, "fr", NOON, "@nom", "slack:U1")], NOON
        )
    row = (await store.outbox.lease(now=NOON, owner="w", duration=MINUTE, limit=1, targets=["salon"]))[0]
    await store.outbox.attempt(row.id, now=NOON)
    await store.outbox.done(row.id, now=NOON, message_id="m", living=[Living("salon", "a", "m", 1, NOON)])
    await store.outbox.move("telegram:-1", "-1001")
    await store.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def other_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database of either kind, besides the one that a test restores into."""
    if request.param == "sqlite":
        (tmp_path / "premiere").mkdir()
        return sqlite_database(tmp_path / "premiere")
    url: str = request.getfixturevalue("postgresql_url")
    return url


@pytest.fixture
async def lived_in(other_url: str) -> str:
    """The address of such a database that was lived in."""
    await _lived_in(other_url)
    return other_url


@pytest.fixture
async def file(tmp_path: Path) -> Path:
    """A backup of a SQLite database that was lived in."""
    (tmp_path / "ailleurs").mkdir()
    url = sqlite_database(tmp_path / "ailleurs")
    await _lived_in(url)
    made = tmp_path / "vigie.sauvegarde"
    await backup(url, made, NOON)
    return made


def _lines(path: Path) -> Dump:
    return gzip.decompress(path.read_bytes()).splitlines(keepends=True)


def _written(path: Path, lines: Dump) -> Path:
    path.write_bytes(gzip.compress(b"".join(lines)))
    return path


async def _is_empty(url: str) -> bool:
    store = await Store.open(url)
    try:
        return not (await store.records() or await store.outbox.deliveries() or await store.origins())
    finally:
        await store.close()


async def test_all_there_is_comes_back_on_either_database(
    lived_in: str, empty_database_url: str, tmp_path: Path
) -> None:
    counts = await backup(lived_in, tmp_path / "un", NOON)
    assert counts.keys() == metadata.tables.keys()
    assert all(counts[name] for name in counts.keys() - {"stopped", "pacing", "paragraphs"})
    await restore(empty_database_url, tmp_path / "un", LATER, nothing_since=True)
    await backup(empty_database_url, tmp_path / "deux", NOON)
    free = [line.replace(b',"w",', b",null,") for line in _lines(tmp_path / "un")]
    assert sorted(free[:-1]) == sorted(_lines(tmp_path / "deux")[:-1])
    store = await Store.open(empty_database_url, migrate=False)
    found = await store.find(HOSTILE)
    await store.close()
    assert found is not None
    assert found.posting is not None
    assert found.posting.role == HOSTILE


async def test_what_comes_after_a_restore_has_numbers_of_its_own(file: Path, empty_database_url: str) -> None:
    await restore(empty_database_url, file, LATER)
    store = await Store.open(empty_database_url, migrate=False)
    try:
        before = {row.id for row in await store.outbox.deliveries()}
        await enqueue(store, outgoing("new"))
        new = await store.outbox.find("new")
        async with store.change() as change:
            assert await change.add_hold(Hold(0, SOURCE.name, NOON, "emptied")) == 2
            assert await change.add_event(SOURCE.name, opened("a", LATER, "a:opened:2"))
            assert await change.subscriptions.add([Subscription(0, "salon", "cdd", "fr", NOON)], NOON) == [2]
        assert new is not None
        assert new.id > max(before)
    finally:
        await store.close()


async def test_a_backup_sees_one_moment_whoever_writes_meanwhile(lived_in: str) -> None:
    database = Database(lived_in)
    store = await Store.open(lived_in, migrate=False)
    try:
        async with database.snapshot() as connection:
            names = list(await connection.scalars(select(sources.c.name)))
            await keep(store, record("neuve"))
            await enqueue(store, outgoing("neuf"))
            outbox = metadata.tables["outbox"]
            keys = set(await connection.scalars(select(outbox.c.key)))
        assert names == ["site"]
        assert "neuf" not in keys
        assert await store.outbox.find("neuf") is not None
    finally:
        await store.close()
        await database.close()


def test_only_its_owner_reads_a_backup(file: Path) -> None:
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_no_file_is_replaced(tmp_path: Path) -> None:
    taken = tmp_path / "b"
    early = Writer(taken, REVISIONS[-1], NOON)
    taken.write_text("à quelqu’un d’autre")
    with pytest.raises(ArchiveError, match="existe déjà"):
        early.finish()
    with pytest.raises(ArchiveError, match="existe déjà"):
        Writer(taken, REVISIONS[-1], NOON)
    assert taken.read_text() == "à quelqu’un d’autre"
    assert list(tmp_path.iterdir()) == [taken]


async def test_a_database_that_was_never_migrated_has_nothing_to_back_up(
    empty_database_url: str, tmp_path: Path
) -> None:
    with pytest.raises(VigieError, match="rien à sauvegarder"):
        await backup(empty_database_url, tmp_path / "b", NOON)
    assert not (tmp_path / "b").exists()


async def test_a_database_that_holds_anything_is_not_restored_into(file: Path, lived_in: str) -> None:
    with pytest.raises(VigieError, match="n’est pas vide") as caught:
        await restore(lived_in, file, LATER)
    assert "empty" in caught.value.english
    store = await Store.open(lived_in, migrate=False)
    assert await store.outbox.find("k1") is not None
    await store.close()


async def test_one_that_is_migrated_and_empty_is(file: Path, database_url: str) -> None:
    await restore(database_url, file, LATER)
    assert not await _is_empty(database_url)


def _reseal(lines: Dump) -> Dump:
    """The lines with counts and sum that fit them, as somebody would make them by hand."""
    last = json.loads(lines[-1])
    last["sha256"] = hashlib.sha256(b"".join(lines[:-1])).hexdigest()
    return [*lines[:-1], json.dumps(last).encode()]


def _header(**changes: object) -> Callable[[Dump], Dump]:
    def changed(lines: Dump) -> Dump:
        return _reseal([json.dumps({**json.loads(lines[0]), **changes}).encode() + b"\n", *lines[1:]])

    return changed


def _row_twice(lines: Dump) -> Dump:
    at = next(n for n, line in enumerate(lines) if b'"k1"' in line)
    last = json.loads(lines[-1])
    last["counts"]["outbox"] += 1
    return _reseal([*lines[: at + 1], lines[at], *lines[at + 1 : -1], json.dumps(last).encode()])


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda lines: lines[:-1], "incomplet ou abîmé"),
        (lambda lines: lines[: len(lines) // 2], "incomplet ou abîmé"),
        (lambda lines: [*lines[:5], *lines[6:]], "incomplet ou abîmé"),
        (lambda lines: [*lines, b"[]\n"], "incomplet ou abîmé"),
        (lambda lines: [line.replace(b"site", b"sitE") for line in lines], "incomplet ou abîmé"),
        (lambda lines: [*lines[:3], b"{\n", *lines[3:]], "incomplet ou abîmé"),
        (_row_twice, "incomplet ou abîmé"),
        (_header(made_at="hier"), "incomplet ou abîmé"),
        (_header(format=2), "plus récente"),
        (_header(revision="9999"), "plus récente"),
        (_header(revision="head"), "plus récente"),
        (_header(vigie="export"), "n’est pas une sauvegarde"),
        (lambda _: [b"bonjour\n"], "n’est pas une sauvegarde"),
        (lambda _: [], "n’est pas une sauvegarde"),
    ],
)
async def test_what_is_not_a_whole_backup_of_ours_changes_nothing(
    file: Path, database_url: str, tmp_path: Path, damage: Callable[[Dump], Dump], told: str
) -> None:
    hurt = _written(tmp_path / "blesse", damage(_lines(file)))
    with pytest.raises(VigieError, match=told) as caught:
        await restore(database_url, hurt, LATER)
    assert str(hurt) in caught.value.english
    assert await _is_empty(database_url)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.99])
def test_a_file_that_was_cut_anywhere_is_recognised(file: Path, tmp_path: Path, share: float) -> None:
    whole = file.read_bytes()
    cut = tmp_path / "coupe"
    cut.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(ArchiveError):
        Archive.verified(cut)


def test_what_is_no_file_or_no_archive_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "texte").write_text("bonjour")
    with pytest.raises(ArchiveError, match="n’est pas une sauvegarde"):
        Archive.verified(tmp_path / "texte")
    with pytest.raises(ArchiveError, match="n’a pas pu être lu"):
        Archive.verified(tmp_path / "absent")
    with pytest.raises(ArchiveError, match="n’a pas pu être lu"):
        Archive.verified(tmp_path)


async def test_a_folder_that_is_not_there_is_told(tmp_path: Path, database_url: str) -> None:
    with pytest.raises(ArchiveError, match="n’a pas pu être écrit"):
        await backup(database_url, tmp_path / "absent" / "b", NOON)


async def test_what_waits_may_have_been_sent_since_but_not_what_was_not_ready(
    file: Path, empty_database_url: str
) -> None:
    await restore(empty_database_url, file, LATER)
    store = await Store.open(empty_database_url, migrate=False)
    try:
        rows = {
            row.key: (row.state, row.unknown_since, row.restored_from)
            for row in await store.outbox.deliveries()
        }
        assert rows["k1"] == ("sent", None, None)
        assert rows["k2"] == ("pending", NOON, NOON)
        assert rows["k3"] == ("held", None, NOON)
        assert rows["late"] == ("pending", None, None)
        source = await store.source("site")
        assert source is not None
        assert source.restored_from == NOON
    finally:
        await store.close()
