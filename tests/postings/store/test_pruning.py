"""What is old and needed by nothing is taken away; what a posting, a message or a person still needs stays."""

from __future__ import annotations

from datetime import datetime, timedelta

from postings.model import State
from postings.store import Alert, Living, Outgoing, Stopped, Store, Subscription
from postings.store.values import NOTE
from tests.postings.store.samples import MINUTE, NOON, digest, enqueue, keep, outgoing, record

LATER = NOON + timedelta(days=181)
BEFORE = LATER - timedelta(days=180)


async def _finish(store: Store, *keys: str, at: datetime = NOON, living: tuple[Living, ...] = ()) -> None:
    for key in keys:
        row = await store.outbox.find(key)
        assert row is not None
        await store.outbox.done(row.id, now=at, message_id=key, living=living)


async def _keys(store: Store) -> set[str]:
    return {row.key for row in await store.outbox.deliveries()}


async def _prune(store: Store, *configured: str, limit: int = 100) -> tuple[int, int, int]:
    gone = await store.prune(BEFORE, configured, limit=limit)
    return gone.deliveries, gone.subscriptions, gone.messages


async def test_what_was_sent_long_ago_goes_and_what_was_sent_lately_or_waits_stays(store: Store) -> None:
    await keep(store, record("a", State.CLOSED))
    await enqueue(store, *(outgoing(key) for key in ("old", "given-up", "dropped", "late", "waits", "last")))
    await _finish(store, "old", "last")
    await _finish(store, "late", at=BEFORE)
    rows = {row.key: row.id for row in await store.outbox.deliveries()}
    await store.outbox.dead(rows["given-up"], now=NOON, error="Mattermost est injoignable.")
    await store.outbox.drop(rows["dropped"], now=NOON, reason="it has ended")
    assert await _prune(store) == (3, 0, 0)
    assert await _keys(store) == {"late", "waits", "last"}, (
        "the last one keeps its number from being given again"
    )
    assert await _prune(store) == (0, 0, 0)


async def test_rows_of_what_is_open_stay_so_that_nothing_is_told_twice(store: Store) -> None:
    await keep(store, record("a"), record("b", State.CLOSED), record("c", None))
    rows = [outgoing(f"match:{id}:1:salon", posting=id) for id in "abc"]
    await enqueue(store, *rows, outgoing("last"))
    await _finish(store, *(row.key for row in rows))
    assert await _prune(store) == (2, 0, 0)
    async with store.change() as change:
        assert not await change.enqueue(rows[0])


async def test_a_digest_stays_as_long_as_it_is_the_message_of_a_posting(store: Store) -> None:
    await keep(store, record("a", State.CLOSED), record("b", State.CLOSED))
    await enqueue(store, digest("named", "a"), digest("replaced", "b"), outgoing("last"))
    await _finish(store, "named", living=(Living("salon", "a", "m", 1, NOON, digest="named"),))
    await _finish(store, "replaced", living=(Living("salon", "b", "m", 1, NOON, digest="replaced"),))
    await enqueue(store, outgoing("anew", posting="b"))
    await _finish(store, "anew", at=LATER, living=(Living("salon", "b", "m2", 2, LATER),))
    await _prune(store)
    assert await _keys(store) == {"named", "last", "anew"}


async def test_what_told_of_something_wrong_stays_until_that_is_over(store: Store) -> None:
    await keep(store, record("a"))
    note = Outgoing("note:stuck", "direction", "", NOTE, {"note": "alert"}, NOON, NOON)
    stop = Outgoing("note:stopped", "direction", "", NOTE, {"note": "stopped"}, NOON - MINUTE, NOON - MINUTE)
    async with store.change() as change:
        await change.begin_alert(Alert("stuck:salon", "stuck", NOON), note)
    await enqueue(store, outgoing("row", "salon"), outgoing("last"))
    row = await store.outbox.find("row")
    assert row is not None
    refused = Stopped("salon", NOON - MINUTE, LATER, "Il est archivé.", "It is archived.", "f")
    await store.outbox.refused(row, lambda: (refused, [stop]), error="Il est archivé.")
    await enqueue(store, outgoing("very-last"))
    await _finish(store, "note:stuck", "note:stopped")
    assert await _prune(store) == (0, 0, 0)
    await store.outbox.resume_changed({}, now=LATER)
    async with store.change() as change:
        await change.end_alert("stuck:salon", now=LATER, note=None)
    assert await _prune(store) == (2, 0, 0)


async def test_small_parts_take_all_away_in_the_end(store: Store) -> None:
    await keep(store, record("a", State.CLOSED))
    keys = [f"k{number}" for number in range(5)]
    await enqueue(store, *map(outgoing, keys), outgoing("last"))
    await _finish(store, *keys)
    assert [(await _prune(store, limit=2))[0] for _ in range(4)] == [2, 2, 1, 0]


async def _subscribed(store: Store, *targets: str) -> list[int]:
    async with store.change() as change:
        new = [Subscription(0, target, "freelance", "fr", NOON, "@nom", "slack:U1") for target in targets]
        return await change.subscriptions.add(new, NOON)


async def test_a_place_that_nobody_subscribes_any_more_is_forgotten_with_its_messages(store: Store) -> None:
    await keep(store, record("a"))
    numbers = await _subscribed(store, "parti", "reste", "configure", "recent")
    async with store.change() as change:
        await change.subscriptions.add([Subscription(0, "reste", "cdd", "fr", NOON)], NOON)
        for number, at in zip(numbers, (NOON, NOON, NOON, BEFORE), strict=True):
            await change.subscriptions.end(number, at)
    places = ("parti", "reste", "configure", "recent")
    await enqueue(store, outgoing("row"))
    await _finish(store, "row", living=tuple(Living(place, "a", "m", 1, NOON) for place in places))
    assert await _prune(store, "configure") == (0, 3, 1)
    there = [place for place in places if await store.message(place, "a") is not None]
    assert there == ["reste", "configure", "recent"]
    assert [one.number for one in await store.subscriptions(ended=True)] == [4, 5]


async def test_a_number_is_never_given_again(store: Store) -> None:
    await keep(store)
    (number,) = await _subscribed(store, "parti")
    async with store.change() as change:
        await change.subscriptions.end(number, NOON)
    await _prune(store)
    assert await store.subscriptions(ended=True) == []
    assert await _subscribed(store, "autre") == [number + 1]
    assert await _prune(store) == (0, 0, 0)
