"""What waits in the outbox as a look finds it: put off, dropped, rewritten, unless it may have been sent."""

from __future__ import annotations

from datetime import timedelta

from postings.store import Store
from tests.postings.store.samples import MINUTE, NOON, digest, enqueue, outgoing


async def _ready(store: Store) -> dict[str, float]:
    """Minutes after noon at which each row may be sent."""
    rows = await store.outbox.deliveries()
    return {row.key: (row.ready_at - NOON) / MINUTE for row in rows if row.ready_at is not None}


async def test_first_announcements_are_put_off_up_to_a_limit_and_never_brought_forward(store: Store) -> None:
    await enqueue(
        store,
        outgoing("opened", first=True),
        outgoing("reopened", "ailleurs", kind="reopened", first=True),
        digest("digest", "b", "a"),
        outgoing("reply", "ailleurs", kind="reopened"),
        outgoing("other", posting="c", first=True),
    )
    for until, expected in ((30, 30), (10, 30), (600, 120)):
        async with store.change() as change:
            await change.postpone(["a"], NOON + until * MINUTE, timedelta(hours=2))
        ready = dict.fromkeys(("opened", "reopened", "digest"), expected)
        assert await _ready(store) == {**ready, "reply": 0, "other": 0}


async def test_what_waits_about_a_posting_is_its_own_rows_and_every_digest(store: Store) -> None:
    await enqueue(store, outgoing("own"), outgoing("other", posting="b"), digest("both", "a", "b"))
    async with store.change() as change:
        assert [row.key for row in await change.waiting(["a"])] == ["own", "both"]
        assert await change.waiting([]) == []


async def test_what_may_have_been_sent_is_neither_dropped_nor_held_nor_rewritten(store: Store) -> None:
    await enqueue(store, outgoing("sending", "t1"), outgoing("waiting", "t2"))
    (sending,) = await store.outbox.lease(now=NOON, owner="w", duration=MINUTE, limit=1, targets=["t1"])
    assert await store.outbox.attempt(sending.id, now=NOON)
    async with store.change() as change:
        for row in await change.waiting(["a"]):
            free = row.key == "waiting"
            assert await change.rewrite(row.id, {"event": "autre"}) is free
            assert await change.drop(row.id, now=NOON, reason="fini") is free
            assert not await change.set_hold(row.id, None) or not free, "a dropped row stays dropped"
    states = {row.key: (row.state, row.payload["event"]) for row in await store.outbox.deliveries()}
    assert states == {"sending": ("pending", "sending"), "waiting": ("dropped", "autre")}
