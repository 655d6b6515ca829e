"""Kills processes at random points of real progress, and starts them again, until enough was delivered."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from postings.store.engine import Database
from postings.store.tables import outbox
from tests.campaign.judge import Cause, Verdict, judge
from tests.campaign.process import Child
from tests.campaign.progress import Progress
from tests.campaign.trouble import Trouble
from tests.campaign.world import World

_FULL = 1.5
"""Rows that wait, for each channel, from which on nothing more is told for now."""
_DRAINED = 180.0
"""Seconds within which everything must have left once the sky is clear."""


@dataclass(frozen=True)
class Size:
    """How long a campaign is: at least so many kills and deliveries, within a time that is only an emergency."""

    kills: int
    deliveries: int
    channels: int
    """On each platform."""
    processes: int = 4
    seconds: float = 1500.0


class Driver:
    """One campaign on one database. Everything that is drawn depends on `seed`; what the machine makes of it
    depends on the machine as well.
    """

    def __init__(self, folder: Path, database_url: str, size: Size, seed: str) -> None:
        self.kills = 0
        self.world = World(folder, database_url, size.channels, seed)
        self._size = size
        self._chance = random.Random(f"{seed} driver")
        self._trouble = Trouble(self.world, seed)
        self._children: list[Child] = []
        self._database = Database(database_url)
        self._progress = Progress(self._database, self.world.story.repository)
        self._causes: list[Cause] = []
        """Rows of which a process was killed before it had noted their outcome."""

    @property
    def failures(self) -> int:
        """How many failures the platforms' weather brought."""
        return sum(self._trouble.drawn.values())

    def run(self) -> Verdict:
        """The campaign from its start to the verdict. Raises TimeoutError when it does not come to its end."""
        with self.world.running(), self._processes():
            asyncio.run(self._play())
        return asyncio.run(self._judged())

    @contextmanager
    def _processes(self) -> Iterator[None]:
        try:
            yield
        finally:
            for child in self._children:
                child.kill()

    async def _play(self) -> None:
        end = time.monotonic() + self._size.seconds
        self._children = [self._started(slot) for slot in range(self._size.processes)]
        self._wait_for_baseline()
        delivered, waiting = await self._progress.counts(self._trouble.dead)
        while self.kills < self._size.kills or delivered < self._size.deliveries:
            if time.monotonic() > end:
                raise TimeoutError(f"{self.kills} kills and {delivered} deliveries when the time was over")
            if waiting < _FULL * len(self.world.places):
                self.world.story.go_on()
            self._trouble.turn(min(self.kills / self._size.kills, delivered / self._size.deliveries))
            await self._kill()
            delivered, waiting = await self._progress.counts(self._trouble.dead)
        self._trouble.clear()
        await self._drain()
        for child in self._children:
            child.stop()
        await self._database.close()

    async def _judged(self) -> Verdict:
        trouble = self._trouble
        return await judge(
            self.world,
            kills=self.kills,
            dead=trouble.dead,
            moved=trouble.moved,
            causes=self._causes,
            logs=[child.log for child in self._children],
        )

    def _started(self, slot: int) -> Child:
        folder = self.world.folder
        return Child("worker", folder, folder / f"processus{slot}.log", self.world.options(slot))

    def _wait_for_baseline(self) -> None:
        """What is there already is told to nobody: the campaign begins when that look is over."""
        room = self.world.places["mattermost:equipe/vigie-admin"]
        if not self.world.wait(lambda: bool(self.world.mattermost.roots(room)), 60):
            raise TimeoutError("no baseline: " + self._children[0].log.read_text()[-2000:])

    async def _kill(self) -> None:
        """Waits for a random number of requests, then kills: as one arrives, or some time after."""
        chance, world = self._chance, self.world
        goal = world.requests + chance.randint(1, 60)
        world.wait(lambda: world.requests >= goal, 2)
        if chance.random() < 0.5:
            await asyncio.sleep(chance.uniform(0, 0.2))  # not always as a request arrives
        slots = range(len(self._children))
        for slot in slots if chance.random() < 0.03 else [chance.choice(slots)]:
            child = self._children[slot]
            child.kill()
            self.kills += 1
            await self._left_behind(child.pid)
            self._children[slot] = self._started(slot)

    async def _left_behind(self, pid: int) -> None:
        """Notes which sendings of a process that was killed had begun: nobody can know what became of them."""
        begun = select(outbox.c.id, outbox.c.target).where(
            outbox.c.owner.like(f"%:{pid}:%"),
            outbox.c.state == "pending",
            outbox.c.unknown_since.is_not(None),
        )
        async with self._database.read() as connection:
            self._causes += [Cause(row.target, row.id) for row in await connection.execute(begun)]

    async def _drain(self) -> None:
        """Waits until the last commit was seen and nothing is left to send, but where nothing can be."""
        if not await self._progress.drained(_DRAINED, self._trouble.dead):
            delivered, waiting = await self._progress.counts(self._trouble.dead)
            told = [child.log.read_text()[-3000:] for child in self._children]
            raise TimeoutError(f"{waiting} rows wait after {delivered} deliveries\n" + "\n".join(told))
