"""A feed after one event: built anew among 100,000 postings, of which one in twenty is open, against 10,000.

The feed of everything is the largest, and from 4,000 postings on it holds what a feed may hold at most (of 1,000 it
holds 50 entries, a fourth: what that takes is only told). All are asked as HTTP asks, and what is measured is all
that the first request after the event waits for.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from starlette.applications import Starlette

from benchmarks.measure import Ratio
from benchmarks.questions import record
from benchmarks.serving import filled
from feeds.routes import routes
from postings.store import Store
from tests.databases import sqlite_database

_ROUNDS = 7
_FEED = "/feeds/postes.atom"
_ADDRESS = "https://vigie.exemple.example"


@dataclass(frozen=True, slots=True)
class _Cost:
    seconds: float
    """The first request after one event: of some, the best."""
    bytes: int


def rebuilding(many: int = 100_000, few: int = 10_000, told: Sequence[int] = (1_000,)) -> Iterator[Ratio]:
    """The ratios of time and of size; both are also written to standard error, and those of the sizes `told`."""
    costs = {count: asyncio.run(_cost(count)) for count in (*told, few, many)}
    for count, cost in costs.items():
        sys.stderr.write(
            f"  {_FEED} after one event, {count} postings: {cost.seconds * 1000:.0f} ms, {cost.bytes // 1000} kB\n"
        )
    large, small = costs[many], costs[few]
    yield Ratio(f"rebuild a feed {many}/{few} postings", large.seconds / small.seconds, 3.0)
    yield Ratio(f"bytes of a feed {many}/{few} postings", large.bytes / small.bytes, 1.1)


async def _cost(count: int) -> _Cost:
    with tempfile.TemporaryDirectory(prefix="vigie-bench-") as folder:
        url = sqlite_database(Path(folder))
        await filled(url, count)
        store = await Store.open(url)
        app = Starlette(routes=routes(store, public_url=_ADDRESS, clock=lambda: datetime.now(UTC)))
        try:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=_ADDRESS) as client:
                return await _asked(client, store)
        finally:
            await store.close()


async def _asked(client: httpx.AsyncClient, store: Store) -> _Cost:
    before = (await client.get(_FEED)).content
    best = float("inf")
    for number in range(_ROUNDS):
        known = record(0)
        assert known.posting is not None  # noqa: S101  every one of the samples is read
        posting = replace(known.posting, role=f"{known.posting.role} {number}")
        at = datetime.now(UTC) - timedelta(seconds=_ROUNDS - number)
        async with store.change() as change:
            await change.put_records(
                "bench", [(replace(known, posting=posting, opened_at=at, updated_at=at), None)]
            )
        start = time.perf_counter()
        answered = await client.get(_FEED)
        best = min(best, time.perf_counter() - start)
        if answered.content == before or posting.role not in answered.text:
            raise AssertionError("the feed does not tell of the event")
        before = answered.content
    return _Cost(best, len(before))
