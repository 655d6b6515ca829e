"""Answers are kept until what they were made from changes, and built once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest

from feeds.cache import Cache, Plan
from feeds.conditional import Answer
from tests.feeds.samples import NOW


def planned(
    inputs: object,
    body: str = "",
    until: datetime | None = None,
    ready: asyncio.Event | None = None,
) -> Callable[[], Awaitable[Plan]]:
    """A plan whose answer waits for `ready`."""

    async def build() -> Answer:
        if ready is not None:
            await ready.wait()
        said = (body or str(inputs)).encode()
        return Answer(said, media_type="text/plain", modified=NOW - timedelta(days=1), max_age=60)

    async def plan() -> Plan:
        return Plan(inputs, build, until)

    return plan


async def test_another_version_of_the_same_inputs_builds_nothing() -> None:
    cache = Cache()
    first = await cache.answer("a", 1, NOW, planned("x"))
    assert await cache.answer("a", 2, NOW, planned("x")) is first
    assert await cache.answer("a", 3, NOW, planned("y")) is not first
    assert cache.built == 2


async def test_within_a_version_nothing_is_asked_for_again() -> None:
    cache = Cache()
    first = await cache.answer("a", 1, NOW, planned("x"))
    assert await cache.answer("a", 1, NOW + timedelta(days=400), planned("y")) is first


async def test_what_the_clock_alone_changes_is_asked_for_again_at_that_instant() -> None:
    cache, midnight = Cache(), NOW + timedelta(hours=3)
    first = await cache.answer("a", 1, NOW, planned("mardi", until=midnight))
    assert cache.get("a", 1, midnight - timedelta(seconds=1)) is first
    assert cache.get("a", 1, midnight) is None
    assert (await cache.answer("a", 1, midnight, planned("mercredi"))).body == b"mercredi"


async def test_two_that_ask_at_once_wait_for_one_building() -> None:
    cache, ready = Cache(), asyncio.Event()
    asking = [asyncio.create_task(cache.answer("a", 1, NOW, planned("x", ready=ready))) for _ in range(5)]
    later = asyncio.create_task(cache.answer("a", 2, NOW, planned("y", ready=ready)))
    asking[0].cancel()
    ready.set()
    found = await asyncio.gather(*asking, return_exceptions=True)
    assert isinstance(found[0], asyncio.CancelledError), "who leaves takes nothing from the others"
    assert len({id(answer) for answer in found[1:]}) == 1
    assert (await later).body == b"y", "of a later version it is another building"


async def test_a_building_that_fails_is_tried_again_by_the_next() -> None:
    cache = Cache()

    async def failing() -> Plan:
        raise LookupError

    with pytest.raises(LookupError):
        await cache.answer("a", 1, NOW, failing)
    assert (await cache.answer("a", 1, NOW, planned("x"))).body == b"x"


async def test_what_is_held_is_bounded_and_the_longest_unasked_goes_first() -> None:
    cache = Cache(limit=30_000)
    for number in range(5):
        await cache.answer(number, 1, NOW, planned(number, body=f"{number}" * 4_000))
        if number > 1:
            assert cache.get(0, 1, NOW), "it was asked for lately"
    assert cache.get(1, 1, NOW) is None
    assert 0 < cache.size <= 30_000
    await cache.answer("large", 1, NOW, planned("x", body="x" * 100_000))
    assert cache.get("large", 1, NOW) is None
    assert cache.size <= 30_000


async def test_other_bytes_are_of_now_even_where_no_instant_says_so() -> None:
    """Else a client that compares dates alone would keep what it has."""
    cache, later = Cache(), NOW + timedelta(minutes=5)
    await cache.answer("a", 1, NOW, planned("x"))
    assert (await cache.answer("a", 2, later, planned("x+", body="x"))).modified == NOW - timedelta(days=1)
    assert (await cache.answer("a", 3, later, planned("y"))).modified == later
