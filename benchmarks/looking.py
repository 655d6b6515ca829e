"""A look costs what changed: ten changed files among 100,000 postings, against ten among 1,000.

Each look is measured in a process of its own, which finds a database and a mirror that are there already, as after
a restart: `python -m benchmarks.looking FOLDER ROUNDS` looks after each of some commits and prints what it took.
"""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from benchmarks.measure import Ratio
from benchmarks.repositories import brief, commit, made, name
from bot.announcing.announcer import Announcer
from bot.options.settings import ChannelSettings
from bot.watching.watcher import Watcher
from postings.lifecycle import Policy
from postings.model import EventKind
from postings.reading.address import POSTING_URL
from postings.sources.git import GitSource
from postings.store import Store

_CHANGED = 10
_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Cost:
    """What the cheapest of some looks took: seconds outside git, seconds of git, and the process's peak in kB."""

    ours: float
    git: float
    peak: int


def looking(many: int = 100_000, few: int = 1_000) -> Iterator[Ratio]:
    """The ratios of time outside git and of peak memory; git's own time is printed on standard error."""
    with tempfile.TemporaryDirectory(prefix="vigie-bench-") as folder:
        large, small = (_cost(Path(folder) / str(count), count) for count in (many, few))
        sys.stderr.write(
            f"  {_CHANGED} changed of {many}: {large.ours * 1000:.0f} ms outside git, git {large.git * 1000:.0f} ms, "
            f"{large.peak // 1024} MB; of {few}: {small.ours * 1000:.0f} ms, git {small.git * 1000:.0f} ms, "
            f"{small.peak // 1024} MB\n"
        )
        yield Ratio(f"look time outside git {many}/{few} postings", large.ours / small.ours, 1.3)
        yield Ratio(f"look peak memory {many}/{few} postings", large.peak / small.peak, 1.5)


def _cost(folder: Path, count: int) -> Cost:
    folder.mkdir()
    made(folder / "depot.git", count)
    for round in ("baseline", "measured"):
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.looking", str(folder), round],
            stdout=subprocess.PIPE,
            check=True,
        )
    told = json.loads(done.stdout)
    if told["updated"] != _CHANGED * (_ROUNDS + 1):
        raise AssertionError(f"{told['updated']} updates were found")
    return Cost(told["ours"], told["git"], told["peak"])


async def _looked(folder: Path, round: str) -> dict[str, float | int]:
    """Looks, after as many commits as are measured; only once for the baseline."""
    store = await Store.open(f"sqlite:///{folder / 'vigie.db'}")
    source = GitSource("bench", str(folder / "depot.git"), folder / "miroir.git")
    channel = ChannelSettings(platform="console", filter="contrat:cdd")
    watcher = Watcher(
        store, source, Announcer((channel,), timedelta()), address="", policy=Policy(), posting_url=POSTING_URL,
        clock=lambda: datetime.now(UTC),
    )  # fmt: skip
    try:
        if round == "baseline":
            await watcher.look()
            return {}
        costs: list[tuple[float, float]] = []
        for number in range(1, _ROUNDS + 2):
            changed = range(0, 7 * _CHANGED, 7)
            commit(folder / "depot.git", number, ((name(n), brief(n, number)) for n in changed))
            wall, cpu = time.perf_counter(), time.process_time()
            await watcher.look()
            own = time.process_time() - cpu
            costs.append((own, time.perf_counter() - wall - own))
        # The first look of a process also learns what is constant: it is in the peak, and in no time.
        ours, git = min(costs[1:])
        updated = [e for e in await store.events(limit=1000) if e.kind is EventKind.UPDATED]
        return {
            "ours": ours,
            "git": git,
            "peak": _peak(),
            "updated": sum(change.field == "contracts" for event in updated for change in event.changes),
        }
    finally:
        await store.close()


def _peak() -> int:
    """The most memory that this process has held, in kB (proc(5)); getrusage would count that of its parent too."""
    rows = Path("/proc/self/status").read_text().splitlines()
    return next(int(row.split()[1]) for row in rows if row.startswith("VmHWM:"))


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    sys.stdout.write(json.dumps(asyncio.run(_looked(Path(sys.argv[1]), sys.argv[2]))))
