"""Holds: rows that wait for a person, released or dropped once, whoever else asks for it at the same time."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from postings.store import Hold, Store, migrate, schema
from postings.store.engine import Database
from tests.postings.store.samples import MINUTE, NOON, enqueue, keep, outgoing, record

HOLD = Hold(0, "site", NOON, "mass_change", entered=1, left=12, open_before=20)


async def _held(store: Store, *keys: str) -> int:
    """A hold with rows of these keys."""
    await keep(store, record("a"))
    async with store.change() as change:
        number = await change.add_hold(HOLD)
        for key in keys:
            await change.enqueue(outgoing(key, hold=number))
    return number


async def _states(store: Store) -> dict[str, str]:
    return {row.key: row.state for row in await store.outbox.deliveries()}


async def _leased(store: Store) -> list[str]:
    rows = await store.outbox.lease(now=NOON + MINUTE, owner="w", duration=MINUTE, limit=9)
    return [row.key for row in rows]


async def test_a_held_row_is_not_sent_and_holds_nothing_back(store: Store) -> None:
    number = await _held(store, "k1", "k2")
    await enqueue(store, outgoing("later"))
    assert await _leased(store) == ["later"]
    assert await store.outbox.holds() == [replace(HOLD, number=number)]
    assert [row.key for row in await store.outbox.held(number)] == ["k1", "k2"]


async def test_released_rows_are_ready_at_once_and_in_order(store: Store) -> None:
    number = await _held(store, "k1", "k2")
    assert await store.outbox.release(number, now=NOON + MINUTE) == 2
    assert await _leased(store) == ["k1"]
    hold = await store.outbox.hold(number)
    assert hold is not None
    assert (hold.state, hold.ended_at) == ("released", NOON + MINUTE)
    assert await store.outbox.holds() == []


async def test_dropped_rows_are_never_sent(store: Store) -> None:
    number = await _held(store, "k1", "k2")
    assert await store.outbox.drop_held(number, now=NOON) == 2
    assert await _states(store) == {"k1": "dropped", "k2": "dropped"}
    assert await store.outbox.release(number, now=NOON) is None
    assert await _leased(store) == []


async def test_a_hold_that_never_was_is_nobody_s(store: Store) -> None:
    assert await store.outbox.release(7, now=NOON) is None
    assert await store.outbox.hold(7) is None


async def test_of_two_who_decide_at_once_one_does(store: Store) -> None:
    number = await _held(store, *(f"k{n}" for n in range(20)))
    decided = await asyncio.gather(
        *(store.outbox.release(number, now=NOON) for _ in range(3)),
        *(store.outbox.drop_held(number, now=NOON) for _ in range(3)),
    )
    assert sorted(decided, key=str) == [20, *[None] * 5]
    assert len(set((await _states(store)).values())) == 1


async def test_a_look_that_adds_to_a_hold_and_a_release_leave_no_row_behind(store: Store) -> None:
    number = await _held(store, "k1")
    reading = asyncio.Event()

    async def look() -> None:
        async with store.change() as change:
            joined = {hold.number for hold in await change.holds("site")}
            reading.set()
            await asyncio.sleep(0)
            await change.enqueue(outgoing("k2", hold=number if number in joined else None))

    async def release() -> None:
        await reading.wait()
        await store.outbox.release(number, now=NOON)

    await asyncio.gather(look(), release())
    assert await _states(store) == {"k1": "pending", "k2": "pending"}


async def test_a_hold_of_which_nothing_is_left_ends_by_itself(store: Store) -> None:
    number = await _held(store, "k1", "k2")
    for left, ended in ((1, []), (0, [number])):
        async with store.change() as change:
            (row, *_) = [row for row in await change.waiting(["a"]) if row.state == "held"]
            await change.drop(row.id, now=NOON, reason="rétablie")
            assert await change.void_holds("site", NOON) == ended
        assert len(await store.outbox.held(number)) == left
    hold = await store.outbox.hold(number)
    assert hold is not None
    assert hold.state == "void"


@pytest.mark.parametrize("end", ["release", "drop_held", None])
async def test_ends_that_were_held_are_remembered_until_they_are_told(store: Store, end: str | None) -> None:
    number = await _held(store, "k1")
    if end is not None:
        await getattr(store.outbox, end)(number, now=NOON)
    async with store.change() as change:
        assert await change.held_ends("site", {NOON, NOON + MINUTE}) == (
            set() if end == "release" else {NOON}
        )
        assert await change.held_ends("ailleurs", {NOON}) == set()


OLD_ROW = """
INSERT INTO outbox (key, target, posting, kind, payload, state, created_at, ready_at, attempts)
VALUES ('{kind}', 'salon', 'a', '{kind}', '{{"event": 1}}', 'pending', '2024-05-14 12:00:00', '2024-05-14 12:00:00', 0)
"""


async def test_the_outbox_of_an_earlier_version_is_kept(
    empty_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    location = tmp_path / "migrations"
    shutil.copytree(Path(schema.__file__).parent / "migrations", location)
    for later in (location / "versions").glob("*.py"):
        if later.name[:4].isdigit() and later.name[:4] > "0002":
            later.unlink()
    monkeypatch.setattr(schema, "LOCATION", str(location))
    assert await migrate(empty_database_url) == "0002"
    database = Database(empty_database_url)
    async with database.write() as connection:
        for kind in ("opened", "closed"):
            await connection.execute(text(OLD_ROW.format(kind=kind).replace(":00", "\\:00")))
    await database.close()
    monkeypatch.undo()
    store = await Store.open(empty_database_url)
    async with store.change() as change:
        rows = [(row.key, row.first, row.hold) for row in await change.waiting(["a"])]
        assert rows == [("opened", True, None), ("closed", False, None)]
        assert not await change.enqueue(outgoing("opened")), "keys are still unique"
        assert await change.enqueue(outgoing("new"))
    await store.close()
