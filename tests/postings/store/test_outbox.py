from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from postings.store import Delivery, Living, Outgoing, Stopped, Store
from tests.postings.store.samples import MINUTE, NOON, enqueue, outgoing


async def lease(
    store: Store, now: datetime = NOON, owner: str = "w", limit: int = 10, targets: list[str] | None = None
) -> list[Delivery]:
    return await store.outbox.lease(now=now, owner=owner, duration=MINUTE, limit=limit, targets=targets)


async def state_of(store: Store, key: str) -> str:
    return next(row.state for row in await store.outbox.deliveries() if row.key == key)


async def test_a_key_is_taken_once(store: Store) -> None:
    await enqueue(store, outgoing("k"))
    async with store.change() as change:
        assert not await change.enqueue(outgoing("k", "ailleurs"))
    assert [(row.key, row.target) for row in await store.outbox.deliveries()] == [("k", "salon")]


async def test_a_leased_row_says_all_that_the_sender_needs(store: Store) -> None:
    await enqueue(store, Outgoing("k", "salon", "a", "opened", {"rôle": "Développeuse"}, NOON, NOON - MINUTE))
    (row,) = await lease(store)
    assert (row.key, row.target, row.posting, row.kind) == ("k", "salon", "a", "opened")
    assert row.payload == {"rôle": "Développeuse"}
    assert (row.attempts, row.created_at, row.unknown) == (0, NOON - MINUTE, False)


async def test_a_target_gets_its_rows_in_order_one_at_a_time(store: Store) -> None:
    await enqueue(
        store,
        outgoing("late", ready_at=NOON + MINUTE),
        outgoing("first"),
        outgoing("second"),
        outgoing("elsewhere", "ailleurs"),
    )
    seen: list[list[str]] = []
    for _ in range(4):
        rows = await lease(store, NOON + MINUTE)
        seen.append([row.key for row in rows])
        for row in rows:
            await store.outbox.done(row.id, now=NOON, message_id=None)
    assert seen == [["first", "elsewhere"], ["second"], ["late"], []]


async def test_nothing_is_leased_before_it_is_ready(store: Store) -> None:
    await enqueue(store, outgoing("k", ready_at=NOON + MINUTE))
    assert await lease(store, NOON) == []
    assert len(await lease(store, NOON + MINUTE)) == 1


async def test_only_the_targets_asked_for_and_no_more_than_the_limit(store: Store) -> None:
    await enqueue(store, *(outgoing(f"k{n}", f"t{n}") for n in range(4)))
    assert [row.key for row in await lease(store, targets=["t2"])] == ["k2"]
    assert [row.key for row in await lease(store, limit=2)] == ["k0", "k1"]


async def test_a_lease_ends_by_itself_and_the_row_is_not_lost(store: Store) -> None:
    await enqueue(store, outgoing("k"))
    assert len(await lease(store, owner="one")) == 1
    assert await lease(store, NOON + MINUTE / 2, owner="two") == []
    (row,) = await lease(store, NOON + MINUTE, owner="two")
    assert not row.unknown


async def test_the_outcome_of_a_sending_that_was_begun_and_never_ended_is_unknown(store: Store) -> None:
    await enqueue(store, outgoing("k"))
    (row,) = await lease(store)
    assert await store.outbox.attempt(row.id, now=NOON)
    (row,) = await lease(store, NOON + MINUTE)
    assert (row.unknown, row.unknown_since, row.attempts) == (True, NOON, 1)
    assert await store.outbox.attempt(row.id, now=NOON + MINUTE)
    (row,) = await lease(store, NOON + 2 * MINUTE)
    assert (row.unknown_since, row.attempts) == (NOON, 2)


async def test_a_retry_says_whether_the_outcome_is_known(store: Store) -> None:
    await enqueue(store, outgoing("k"))
    for unknown in (True, False):
        (row,) = await lease(store)
        assert await store.outbox.attempt(row.id, now=NOON)
        await store.outbox.retry(row.id, at=NOON, error="Le serveur ne répond pas.", unknown=unknown)
        (row,) = await store.outbox.deliveries()
        assert (row.unknown, row.error) == (unknown, "Le serveur ne répond pas.")


async def test_a_row_that_waits_holds_its_target_and_a_dead_one_does_not(store: Store) -> None:
    await enqueue(store, outgoing("first"), outgoing("second"))
    (row,) = await lease(store)
    await store.outbox.retry(row.id, at=NOON + MINUTE, error="trop de demandes", unknown=False)
    assert await lease(store, NOON + MINUTE / 2) == []
    (row,) = await lease(store, NOON + MINUTE)
    assert row.key == "first"
    await store.outbox.dead(row.id, now=NOON + MINUTE, error="canal supprimé")
    assert [row.key for row in await lease(store, NOON + MINUTE)] == ["second"]
    assert await state_of(store, "first") == "dead"


async def test_a_dead_row_can_be_sent_again_by_hand(store: Store) -> None:
    await enqueue(store, outgoing("k"))
    (row,) = await lease(store)
    assert not await store.outbox.again(row.id, now=NOON)
    await store.outbox.dead(row.id, now=NOON, error="canal supprimé")
    assert await store.outbox.deliveries(["dead"]) != []
    assert await store.outbox.again(row.id, now=NOON + MINUTE)
    assert [row.key for row in await lease(store, NOON + MINUTE)] == ["k"]


async def test_a_dropped_row_is_not_sent(store: Store) -> None:
    await enqueue(store, outgoing("k"))
    (row,) = await lease(store)
    await store.outbox.drop(row.id, now=NOON, reason="rien à dire")
    assert await lease(store, NOON + MINUTE) == []
    (row,) = await store.outbox.deliveries()
    assert (row.state, row.error, row.finished_at) == ("dropped", "rien à dire", NOON)


async def test_no_sending_begins_once_the_row_is_dropped_put_off_or_leased_to_another(store: Store) -> None:
    await enqueue(store, outgoing("dropped", "t1"), outgoing("late", "t2", first=True))
    dropped, late = await lease(store, owner="one")
    async with store.change() as change:
        assert await change.drop(dropped.id, now=NOON, reason="fini")
        await change.postpone(["a"], NOON + 5 * MINUTE, timedelta(hours=2))
    assert not await store.outbox.attempt(dropped.id, now=NOON)
    assert not await store.outbox.attempt(late.id, now=NOON)
    assert not await store.outbox.attempt(late.id, now=NOON + 5 * MINUTE)
    (late,) = await lease(store, NOON + 5 * MINUTE, owner="two")
    assert not await store.outbox.attempt(late.id, now=NOON + 5 * MINUTE, owner="one")
    assert await store.outbox.attempt(late.id, now=NOON + 5 * MINUTE, owner="two")


async def test_a_worker_that_comes_late_does_not_undo_what_was_sent(store: Store) -> None:
    await enqueue(store, outgoing("k"))
    (row,) = await lease(store, owner="slow")
    await lease(store, NOON + MINUTE, owner="quick")
    await store.outbox.done(row.id, now=NOON, message_id="m1", living=[Living("salon", "a", "m1", 1, NOON)])
    await store.outbox.retry(row.id, at=NOON, error="délai dépassé", unknown=True)
    await store.outbox.dead(row.id, now=NOON, error="délai dépassé")
    (row,) = await store.outbox.deliveries()
    assert (row.state, row.message_id, row.error) == ("sent", "m1", None)


@pytest.mark.parametrize("workers", [8])
async def test_workers_that_lease_at_once_never_get_the_same_row(store: Store, workers: int) -> None:
    targets, rows = 6, 4
    await enqueue(store, *(outgoing(f"{t}.{n}", f"t{t}") for n in range(rows) for t in range(targets)))
    sent: dict[str, list[str]] = {}

    async def work(owner: str) -> None:
        idle = 0
        while idle < 3:
            leased = await lease(store, owner=owner, limit=2)
            idle = 0 if leased else idle + 1
            for row in leased:
                assert await store.outbox.attempt(row.id, now=NOON, owner=owner)
                sent.setdefault(row.target, []).append(row.key)
                await store.outbox.done(row.id, now=NOON, message_id=None)

    await asyncio.gather(*(work(f"w{n}") for n in range(workers)))
    assert sent == {f"t{t}": [f"{t}.{n}" for n in range(rows)] for t in range(targets)}


async def test_when_the_next_row_may_be_leased(store: Store) -> None:
    assert await store.outbox.next_ready(NOON) is None
    await enqueue(store, outgoing("held", "t1"), outgoing("behind", "t1"))
    await enqueue(store, outgoing("later", "t2", ready_at=NOON + 9 * MINUTE))
    assert await store.outbox.next_ready(NOON + MINUTE) == NOON + MINUTE
    (row,) = await lease(store)
    assert await store.outbox.next_ready(NOON) == NOON + MINUTE
    await store.outbox.retry(row.id, at=NOON + 5 * MINUTE, error="trop de demandes", unknown=False)
    assert await store.outbox.next_ready(NOON) == NOON + 5 * MINUTE
    await store.outbox.drop(row.id, now=NOON, reason="rien à dire")
    assert await store.outbox.next_ready(NOON) == NOON
    (row,) = await lease(store)
    await store.outbox.done(row.id, now=NOON, message_id=None)
    assert await store.outbox.next_ready(NOON) == NOON + 9 * MINUTE


async def refuse(store: Store, now: datetime = NOON, retry_at: datetime = NOON + 9 * MINUTE) -> bool:
    """The first row of the target `salon` is refused, and a note waits for the staff."""
    (row,) = await lease(store, now, targets=["salon"])
    assert await store.outbox.attempt(row.id, now=now)
    told = Outgoing("note", "équipe", "", "note", {}, NOON, NOON)
    stopped = Stopped("salon", now, retry_at, "Le canal n’existe pas.", "There is no such channel.", "f1")
    return await store.outbox.refused(row, lambda: (stopped, [told]), error="Le canal n’existe pas.")


async def test_the_rows_of_a_target_that_refused_wait_as_if_they_had_not_been_tried(store: Store) -> None:
    await enqueue(store, outgoing("first"), outgoing("second"), outgoing("elsewhere", "ailleurs"))
    assert await refuse(store)
    assert [row.key for row in await lease(store, NOON + 8 * MINUTE)] == ["elsewhere", "note"]
    (row,) = await lease(store, NOON + 9 * MINUTE, targets=["salon"])
    assert (row.key, row.attempts, row.unknown, row.on_trial) == ("first", 0, False, True)
    assert row.error == "Le canal n’existe pas."


async def test_a_second_refusal_keeps_the_first_instant_and_is_not_told(store: Store) -> None:
    await enqueue(store, outgoing("first"))
    assert await refuse(store)
    again = NOON + 9 * MINUTE
    assert not await refuse(store, again, again + MINUTE)
    (known,) = await store.outbox.stopped()
    assert (known.since, known.retry_at, known.french) == (NOON, again + MINUTE, "Le canal n’existe pas.")
    assert len(await store.outbox.deliveries()) == 2


async def test_a_stop_ends_with_the_first_row_that_was_sent(store: Store) -> None:
    await enqueue(store, outgoing("first"), outgoing("second"))
    await refuse(store)
    (row,) = await lease(store, NOON + 9 * MINUTE, targets=["salon"])
    over = Outgoing("over", "équipe", "", "note", {}, NOON, NOON)
    assert not await store.outbox.works_again(row, lambda: (NOON, {"note": over})), "it is not sent yet"
    assert await store.outbox.attempt(row.id, now=NOON + 9 * MINUTE)
    await store.outbox.done(row.id, now=NOON, message_id="m1")
    assert await store.outbox.works_again(row, lambda: (NOON, {"note": over}))
    assert await store.outbox.stopped() == []
    assert [(row.key, row.on_trial) for row in await lease(store, targets=["salon"])] == [("second", False)]
    assert await state_of(store, "note") == "dropped", "it was over before it was told"


async def test_that_a_target_works_again_is_told_where_its_stop_was(store: Store) -> None:
    await enqueue(store, outgoing("first"))
    await refuse(store)
    (note,) = await lease(store, targets=["équipe"])
    await store.outbox.done(note.id, now=NOON, message_id=None)
    (row,) = await lease(store, NOON + 9 * MINUTE, targets=["salon"])
    await store.outbox.done(row.id, now=NOON, message_id="m1")
    over = Outgoing("over", "équipe", "", "note", {}, NOON, NOON)
    assert await store.outbox.works_again(row, lambda: (NOON, {"note": over}))
    assert await state_of(store, "over") == "pending"


async def test_a_stopped_target_is_tried_when_asked_for_or_configured_otherwise(store: Store) -> None:
    await enqueue(store, outgoing("first"))
    await refuse(store)
    assert await store.outbox.next_ready(NOON + MINUTE) == NOON + MINUTE, "the note for the staff"
    (note,) = await lease(store)
    await store.outbox.done(note.id, now=NOON, message_id=None)
    assert await store.outbox.next_ready(NOON) == NOON + 9 * MINUTE
    assert await store.outbox.resume_changed({"salon": "f1"}, now=NOON) == []
    assert await lease(store) == []
    assert await store.outbox.resume_changed({"salon": "f2"}, now=NOON) == ["salon"]
    assert await store.outbox.resume_changed({"salon": "f2"}, now=NOON) == []
    assert len(await lease(store)) == 1
    await refuse(store, NOON + MINUTE)
    assert await store.outbox.resume("salon", now=NOON + MINUTE)
    assert not await store.outbox.resume("ailleurs", now=NOON + MINUTE)
    assert len(await lease(store, NOON + MINUTE)) == 1
    assert await store.outbox.resume_changed({}, now=NOON) == []
    assert await store.outbox.stopped() == []


async def test_what_failed_is_dead_or_waits_after_a_failure(store: Store) -> None:
    await enqueue(store, *(outgoing(key, key) for key in ("fresh", "tried", "dead", "dropped")))
    rows = {row.key: row.id for row in await lease(store)}
    await store.outbox.retry(rows["tried"], at=NOON, error="trop de demandes", unknown=False)
    await store.outbox.dead(rows["dead"], now=NOON, error="canal supprimé")
    await store.outbox.drop(rows["dropped"], now=NOON, reason="rien à dire")
    assert [row.key for row in await store.outbox.deliveries(failed=True)] == ["dead", "tried"]
    found = await store.outbox.row(rows["dead"])
    assert found is not None
    assert found.error == "canal supprimé"
    assert await store.outbox.row(10_000) is None
