"""One soak: a load, a history that goes on, every process started anew once, and what came of it."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from postings.store.engine import Database
from tests.campaign.judge import Verdict as Told
from tests.campaign.judge import judge
from tests.campaign.progress import Progress
from tests.soak.client import Client
from tests.soak.fleet import COUNT, Fleet
from tests.soak.front import Front
from tests.soak.load import Load
from tests.soak.memory import Growth, growth, resident
from tests.soak.town import HOOK, Town
from tests.soak.turnstile import Turnstile

_DRAINED = 300.0
"""Seconds within which all that was told must have left."""
_RESTARTED_AT = 1 / 10
"""The share of the requests after which processes are started anew: memory is judged from a third on, when all are."""


@dataclass(frozen=True)
class Size:
    """How long a soak is, in counts; `rate` is in requests a second, None for as fast as they are answered."""

    requests: int
    events: int
    visitors: int
    """Requests that are under way at once, at most."""
    rate: float | None = None
    meanwhile: int | None = None
    """Requests sent while one process is started anew, at most; None for as many as `rate` makes."""


@dataclass
class Verdict:
    """What was found; `findings` are sentences for whoever mends it."""

    requests: int = 0
    errors: int = 0
    messages: int = 0
    lost: int = 0
    twice: int = 0
    events: int = 0
    seconds: float = 0.0
    """For which the requests came."""
    findings: list[str] = field(default_factory=list)
    memory: dict[str, Growth] = field(default_factory=dict)

    def __str__(self) -> str:
        counts = ("requests", "errors", "messages", "lost", "twice")
        return "soak: " + " ".join(f"{name}={getattr(self, name)}" for name in counts)

    @property
    def sound(self) -> bool:
        """Whether nothing failed, was lost or told twice, whatever the memory did."""
        return not (self.errors or self.lost or self.twice or self.findings)

    def wrong(self, finding: str, times: int = 1) -> None:
        """Notes something that must not be."""
        self.errors += times
        self.findings.append(finding if times == 1 else f"{times} times: {finding}")


class Soak:
    """In a folder, on a database; what is invented depends on `seed`."""

    def __init__(self, folder: Path, database_url: str, size: Size, seed: str) -> None:
        self.verdict = Verdict()
        self._size = size
        self._town = Town(folder, database_url, seed)
        self._turnstile = Turnstile(size.requests)
        self._memory: dict[str, list[int]] = defaultdict(list)

    async def run(self) -> Verdict:
        """The soak from its start to the verdict. Raises TimeoutError when it does not come to its end."""
        town = self._town
        with town.running():
            async with Client() as client:
                front = Front(client, 2)
                fleet = Fleet(town, front)
                load = Load(front, town.mattermost, HOOK)
                with fleet.running():
                    await fleet.start()
                    await self._baseline()
                    await self._played(load, fleet)
                    await self._ended(load)
                    for number in range(COUNT):
                        await fleet.stop(number)
            self._judge(load, fleet)
            await self._told()
        return self.verdict

    async def _baseline(self) -> None:
        """What is there already is told to nobody: the events begin when that look is over."""
        room = self._town.places["mattermost:equipe/vigie-admin"]
        if not await asyncio.to_thread(self._town.wait, lambda: bool(self._town.mattermost.roots(room)), 120):
            raise TimeoutError("no baseline within two minutes")

    async def _played(self, load: Load, fleet: Fleet) -> None:
        begun = time.monotonic()
        measuring = asyncio.create_task(self._measure(fleet)) if self._size.rate else None
        async with asyncio.TaskGroup() as tasks:
            for _ in range(self._size.visitors):
                tasks.create_task(self._visit(load, begun))
            tasks.create_task(self._tell(load))
            tasks.create_task(self._restart(fleet))
        if measuring is not None:
            measuring.cancel()
            await asyncio.gather(measuring, return_exceptions=True)
        self.verdict.seconds = time.monotonic() - begun

    async def _visit(self, load: Load, begun: float) -> None:
        """Sends requests, one after the other, until there are enough."""
        while (number := await self._turnstile.next()) is not None:
            if self._size.rate is not None:
                await asyncio.sleep(begun + number / self._size.rate - time.monotonic())
            await load.one()

    async def _tell(self, load: Load) -> None:
        """Goes on with the history as the requests do, and tells of it."""
        for number in range(self._size.events):
            await self._turnstile.reached(number * self._size.requests / self._size.events)
            await asyncio.to_thread(self._town.story.go_on)
            self.verdict.events += 1
            await load.pushed()

    async def _restart(self, fleet: Fleet) -> None:
        """Each process in turn: it is asked to end, has ended, is started anew and is ready."""
        slack = self._size.meanwhile
        await self._turnstile.reached(int(self._size.requests * _RESTARTED_AT))
        for number in range(COUNT):
            self._turnstile.let(slack)
            await fleet.stop(number)
            self._turnstile.let(slack)
            await fleet.start_anew(number)
        self._turnstile.let(None)

    async def _measure(self, fleet: Fleet) -> None:
        """Notes the memory of each process every second."""
        while True:
            for name, pid in fleet.pids.items():
                self._memory[name].append(resident(pid))
            await asyncio.sleep(1)

    async def _ended(self, load: Load) -> None:
        """Waits until all that was found has left, and every answer that was promised has come."""
        database = Database(self._town.database_url)
        progress = Progress(database, self._town.story.repository)
        try:
            if not await progress.drained(_DRAINED):
                self.verdict.wrong(
                    f"after {_DRAINED:.0f} s {await progress.counts()} rows were sent, and wait"
                )
        finally:
            await database.close()
        answers = self._town.mattermost.delayed_answers
        if not await asyncio.to_thread(self._town.wait, lambda: len(answers) >= load.later, 30):
            self.verdict.wrong("an answer was promised and did not come", load.later - len(answers))

    def _judge(self, load: Load, fleet: Fleet) -> None:
        verdict = self.verdict
        verdict.requests = load.requests
        for found, times in load.errors.items():
            verdict.wrong(found, times)
        for found, times in fleet.logged(lambda event: event.get("level") in ("error", "critical")).items():
            verdict.wrong(f"logged {found}", times)
        for status in filter(None, fleet.statuses):
            verdict.wrong(f"a process ended with {status}")
        verdict.memory = {name: growth(samples) for name, samples in self._memory.items()}

    async def _told(self) -> None:
        told: Told = await judge(self._town)
        verdict = self.verdict
        verdict.messages, verdict.lost = told.deliveries, told.lost
        verdict.twice = told.twice_mattermost + told.twice_slack + told.twice_telegram
        verdict.errors += told.out_of_order
        verdict.findings += told.findings
