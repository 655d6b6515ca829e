"""Limits that all workers share: what is taken, what is owed, and what waits."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postings.store import Delivery, Limit, Store
from tests.postings.store.samples import MINUTE, NOON, enqueue, outgoing

SECOND = timedelta(seconds=1)
ACCOUNT = Limit("compte", SECOND, burst=3)


def limits(target: str) -> Sequence[Limit]:
    """`a/…` share an account with a burst of three; each `b/…` has a second of its own; others have none."""
    if target.startswith("a/"):
        return (ACCOUNT,)
    return (Limit(target, SECOND),) if target.startswith("b/") else ()


async def lease(
    store: Store, after: timedelta = timedelta(), owner: str = "w", limit: int = 20
) -> list[Delivery]:
    return await store.outbox.lease(
        now=NOON + after, owner=owner, duration=MINUTE, limit=limit, limits=limits
    )


async def attempt(
    store: Store, row: Delivery, after: timedelta = timedelta(), slots: int = 1, owner: str = "w"
) -> bool:
    return await store.outbox.attempt(
        row.id, now=NOON + after, owner=owner, limits=limits(row.target), slots=slots
    )


async def sent(store: Store, after: timedelta = timedelta(), slots: int = 1) -> list[str]:
    """What a worker sends of what it may take at once."""
    rows = [row for row in await lease(store, after) if await attempt(store, row, after, slots)]
    for row in rows:
        await store.outbox.done(row.id, now=NOON + after, message_id=None)
    return [row.key for row in rows]


@given(
    st.integers(1, 5),
    st.integers(1, 1000),
    st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 2)), min_size=1, max_size=40),
)
def test_no_window_holds_more_than_the_burst_and_the_rate(
    burst: int, interval: int, asked: list[tuple[int, int]]
) -> None:
    limit = Limit("k", timedelta(milliseconds=interval), burst)
    now, tat, taken = NOON, NOON, []
    for pause, slots in asked:
        now += timedelta(milliseconds=pause)
        if limit.free_at(tat) > now:
            continue
        tat = limit.taken(tat, now, slots)
        taken.append((now, slots))
    for start in range(len(taken)):
        for end in range(start, len(taken)):
            window = taken[end][0] - taken[start][0]
            owed = taken[end][1] - 1
            count = sum(slots for _, slots in taken[start : end + 1]) - owed
            assert count <= burst + window / limit.interval


async def test_a_burst_goes_at_once_and_then_one_an_interval(store: Store) -> None:
    await enqueue(store, *(outgoing(f"k{n}", f"a/{n}") for n in range(6)))
    assert await sent(store) == ["k0", "k1", "k2"]
    assert await sent(store) == []
    assert await store.outbox.next_ready(NOON, limits) == NOON + SECOND
    assert await sent(store, 0.999 * SECOND) == []
    assert await sent(store, SECOND) == ["k3"]
    assert await sent(store, 10 * SECOND) == ["k4", "k5"]
    assert await store.outbox.next_ready(NOON + 10 * SECOND, limits) is None


async def test_each_target_waits_for_itself_and_keeps_its_order(store: Store) -> None:
    await enqueue(store, *(outgoing(f"{t}{n}", f"b/{t}") for n in range(3) for t in "xy"))
    told = [await sent(store, n * SECOND) for n in range(3)]
    assert told == [["x0", "y0"], ["x1", "y1"], ["x2", "y2"]]


async def test_what_must_wait_does_not_keep_others_from_being_taken(store: Store) -> None:
    await enqueue(store, *(outgoing(f"k{n}", f"a/{n}") for n in range(30)))
    await enqueue(store, outgoing("libre", "ailleurs"))
    assert len(await sent(store)) == 4
    assert await sent(store) == []
    await enqueue(store, outgoing("encore", "ailleurs"))
    assert [row.key for row in await lease(store, limit=2)] == ["encore"]


async def test_a_row_whose_slot_another_worker_took_is_given_back_untried(store: Store) -> None:
    await enqueue(store, *(outgoing(f"k{n}", f"a/{n}") for n in range(6)))
    mine, theirs = await lease(store, owner="un"), await lease(store, owner="deux")
    assert (len(mine), len(theirs)) == (3, 3), "both saw three slots"
    taken = [await attempt(store, row, owner="un") for row in mine]
    assert [await attempt(store, row, owner="deux") for row in theirs] == [False, False, False]
    assert taken == [True, True, True]
    (row,) = await lease(store, SECOND, owner="trois")
    assert (row.key, row.attempts, row.unknown) == (theirs[0].key, 0, False)


@pytest.mark.parametrize("workers", [6])
async def test_workers_at_once_take_no_more_than_there_is(store: Store, workers: int) -> None:
    await enqueue(store, *(outgoing(f"k{n}", f"a/{n}") for n in range(4 * workers)))
    told: list[str] = []

    async def work(owner: str) -> None:
        for _ in range(3):
            for row in await lease(store, owner=owner, limit=3):
                if await attempt(store, row, owner=owner):
                    told.append(row.key)

    await asyncio.gather(*(work(f"w{n}") for n in range(workers)))
    assert len(told) == ACCOUNT.burst


async def test_a_row_that_is_not_to_be_sent_takes_no_slot(store: Store) -> None:
    await enqueue(store, *(outgoing(f"k{n}", f"a/{n}") for n in range(4)))
    for row in await lease(store):
        await store.outbox.drop(row.id, now=NOON, reason="fini")
        assert not await attempt(store, row)
    assert await sent(store) == ["k3"]
    assert len(await lease(store)) == 0
    await enqueue(store, *(outgoing(f"l{n}", f"a/{n}") for n in range(3)))
    assert await sent(store) == ["l0", "l1"], "one of three was taken"


async def test_what_costs_two_calls_takes_two_slots(store: Store) -> None:
    await enqueue(store, outgoing("k0", "b/x"), outgoing("k1", "b/x"))
    assert await sent(store, slots=2) == ["k0"]
    assert await sent(store, SECOND) == []
    assert await store.outbox.next_ready(NOON, limits) == NOON + 2 * SECOND
    assert await sent(store, 2 * SECOND) == ["k1"]


async def test_a_wait_that_was_asked_for_holds_all_that_shares_the_limit(store: Store) -> None:
    await enqueue(store, *(outgoing(f"k{n}", f"a/{n}") for n in range(6)), outgoing("libre", "b/x"))
    row = (await lease(store, limit=1))[0]
    assert await attempt(store, row)
    until = NOON + 30 * SECOND
    await store.outbox.retry(row.id, at=until, error="trop", unknown=False, attempts=0, hold=ACCOUNT)
    assert await sent(store) == ["libre"]
    assert await sent(store, 29 * SECOND) == []
    assert await store.outbox.next_ready(NOON, limits) == until
    assert await sent(store, 30 * SECOND) == ["k0"], "and no burst directly after it"
    rows = {row.key: row for row in await store.outbox.deliveries()}
    assert rows["k0"].attempts == 1


async def test_a_short_wait_does_not_end_a_longer_one(store: Store) -> None:
    await enqueue(store, *(outgoing(f"k{n}", f"a/{n}") for n in range(2)))
    for row, seconds in zip(await lease(store), (60, 5), strict=True):
        at = NOON + seconds * SECOND
        await store.outbox.retry(row.id, at=at, error="trop", unknown=False, hold=ACCOUNT)
    assert await store.outbox.next_ready(NOON, limits) == NOON + 60 * SECOND


async def test_next_ready_is_when_something_can_be_taken(store: Store) -> None:
    await enqueue(store, *(outgoing(f"{t}{n}", f"{t}/x") for n in range(4) for t in "ab"))
    now, steps = NOON, []
    while (at := await store.outbox.next_ready(now, limits)) is not None:
        now = at
        told = await sent(store, now - NOON)
        assert told, "nothing could be taken at the instant that was named"
        steps.append(now)
    assert all(earlier <= later for earlier, later in pairwise(steps))
    assert steps[-1] == NOON + 3 * SECOND
