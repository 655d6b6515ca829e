"""What a hundred times as much costs: a million postings, a million subscriptions in ten thousand places.

`make capacity` prints what each figure is at both sizes, and how much it grew; docs/capacity.md tells them. It has no
goals: it takes half an hour and a few gigabytes, and is for whoever wants to know where the limits are.
`python -m benchmarks.capacity WHAT COUNT` measures one of them at one size, in a process of its own.
"""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles

import httpx
import structlog

from benchmarks.delivering import Nothing
from benchmarks.matching import questions, sample
from benchmarks.questions import mix
from benchmarks.repositories import commit, made
from benchmarks.running import mib
from benchmarks.samples import markdown
from benchmarks.serving import filled, vigie
from bot.announcing.announcer import Announcer
from bot.deliveries.outbox import Dispatcher
from bot.watching.watcher import Watcher
from postings.lifecycle import Policy
from postings.reading.address import POSTING_URL
from postings.sources.git import GitSource
from postings.store import Store, Subscription
from tests.databases import sqlite_database

_MANY, _TIMES = 1_000_000, 100
_PLACES = 100
"""So many subscriptions a place."""
_NOW = datetime(2022, 6, 15, 10, 0, tzinfo=UTC)


def main() -> int:
    """Prints a line a figure: its name, what it is at a hundredth, at a million, and how much it grew."""
    for what in _MEASURED:
        small, large = (_alone(what, count) for count in (_MANY // _TIMES, _MANY))
        for name, value in large.items():
            sys.stdout.write(f"{name} {small[name]:.3g} {value:.3g} {value / small[name]:.2f}\n")
            sys.stdout.flush()
    return 0


def _alone(what: str, count: int) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.capacity", what, str(count)], stdout=subprocess.PIPE, check=True
    )
    told: dict[str, float] = json.loads(done.stdout)
    return told


async def _postings(folder: Path, count: int) -> dict[str, float]:
    """What a process with so many postings takes to start, to answer and to tell its figures; one in twenty is open."""
    await filled(sqlite_database(folder), count)
    start = time.perf_counter()
    with vigie(folder) as (process, port):
        figures = {
            "database MB": _megabytes(folder),
            "start s": time.perf_counter() - start,
            "start MiB": mib(process),
        }
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=120) as client:

            async def taken(path: str, **query: str) -> float:
                began = time.perf_counter()
                (await client.get(path, params=query)).raise_for_status()
                return (time.perf_counter() - began) * 1000

            for name, path in (("list", "/"), ("feed", "/feeds/postes.atom"), ("figures", "/metrics")):
                figures[f"{name}, first ms"] = await taken(path)
                figures[f"{name}, again ms"] = min([await taken(path) for _ in range(5)])
            asked = [await taken("/", q=text) for text in mix()]
            cuts = quantiles(asked, n=100, method="inclusive")
            figures |= {
                "question, median ms": cuts[49],
                "question, 99th ms": cuts[98],
                "asked MiB": mib(process),
            }
    store = await Store.open(sqlite_database(folder))
    try:
        figures["next due ms"] = await _best(store.next_due)
        figures["due ms"] = await _best(lambda: store.due(_NOW))
    finally:
        await store.close()
    return figures


def _megabytes(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.glob("*.db*")) / 1e6


async def _best(work: Callable[[], Awaitable[object]], rounds: int = 5) -> float:
    """The milliseconds of the best of some rounds."""
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        await work()
        best = min(best, time.perf_counter() - start)
    return best * 1000


async def _subscriptions(folder: Path, count: int) -> dict[str, float]:
    """What a posting that every place asked for takes to be noticed, and to be told in all of them."""
    store = await Store.open(sqlite_database(folder))
    await _subscribed(store, count)
    places = count // _PLACES
    repository = folder / "depot.git"
    made(repository, 10)
    source = GitSource("bench", str(repository), folder / "miroir.git")
    now = datetime.now(UTC)
    watcher = Watcher(
        store, source, Announcer((), timedelta()), address="", policy=Policy(), posting_url=POSTING_URL,
        clock=lambda: now,
    )  # fmt: skip
    try:
        await watcher.look()
        commit(repository, 1, [("content/_jobs/2022-01-02-nouvelle.md", markdown(4))])
        start = time.perf_counter()
        await watcher.look()
        figures = {"look that is told everywhere s": time.perf_counter() - start}
        rows = len(await store.outbox.deliveries(["pending"], limit=10 * places))
        if rows != places:
            raise AssertionError(f"{rows} of {places} places are told")
        figures["next ready ms"] = await _best(lambda: store.outbox.next_ready(now))
        dispatcher = Dispatcher(store, {"slack": Nothing("slack")}, clock=lambda: now, owner="banc")
        start = time.perf_counter()
        while await dispatcher.send_ready():
            now += timedelta(seconds=1)
        figures["sending a message ms"] = (time.perf_counter() - start) * 1000 / places
        sent = len(await store.outbox.deliveries(["sent"], limit=10 * places))
        if sent != places:
            raise AssertionError(f"{sent} of {places} messages were sent")
    finally:
        await store.close()
    return figures


async def _subscribed(store: Store, count: int) -> None:
    """So many subscriptions, a hundred a place: one that the posting answers, others that it does not."""
    record, names = sample()
    answered, others = questions(record, names, count // 10, 500)
    async with store.change() as change:
        await change.subscriptions.understood(names, _NOW)
        for place in range(count // _PLACES):
            texts = [answered[place % len(answered)]]
            texts += [others[(place * 97 + n) % len(others)] for n in range(_PLACES - 1)]
            new = [Subscription(0, f"slack:C{place}", text, "fr", _NOW) for text in texts]
            await change.subscriptions.add(new, _NOW)


_MEASURED: dict[str, Callable[[Path, int], Awaitable[dict[str, float]]]] = {
    "postings": _postings,
    "subscriptions": _subscriptions,
}


async def _measure(what: str, count: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="vigie-bench-") as folder:
        return await _MEASURED[what](Path(folder), count)


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    if len(sys.argv) == 1:
        sys.exit(main())
    sys.stdout.write(json.dumps(asyncio.run(_measure(sys.argv[1], int(sys.argv[2])))))
