"""The processes of a soak: two `vigie web`, three `vigie worker`, each of which can be started anew."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import Counter
from collections.abc import Callable, Iterator

from tests.bot.running import Running, running
from tests.soak.front import Front
from tests.soak.town import Town

WEB, WORKERS = 2, 3
COUNT = WEB + WORKERS


class Fleet:
    """Started within `running`. What `front` passes on goes to the web processes."""

    def __init__(self, town: Town, front: Front) -> None:
        self.statuses: list[int] = []
        """How those ended that were asked to."""
        self._town = town
        self._front = front
        self._living: list[contextlib.ExitStack] = [contextlib.ExitStack() for _ in range(COUNT)]
        self._processes: dict[int, Running] = {}
        self._logs: list[list[str]] = []

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """What still runs at the end of the block is killed."""
        with contextlib.ExitStack() as all_of_them:
            for living in self._living:
                all_of_them.enter_context(living)
            yield

    @property
    def pids(self) -> dict[str, int]:
        """The numbers of the processes, by what they are called here."""
        return {_name(number): process.pid for number, process in self._processes.items()}

    async def start(self) -> None:
        """Starts all of them, and waits until each does what it is for and the baseline is taken."""
        for number in range(COUNT):
            self._begin(number)
        for number in range(COUNT):
            await self._ready(number)

    async def stop(self, number: int) -> None:
        """Asks one to end, and waits until it has."""
        self.statuses.append(await asyncio.to_thread(self._processes[number].stop))
        self._living[number].close()

    async def start_anew(self, number: int) -> None:
        """Starts one that has ended, and waits until it does what it is for."""
        self._begin(number)
        await self._ready(number)

    def logged(self, holds: Callable[[dict[str, object]], object]) -> Counter[str]:
        """The lines of all logs of which that holds, and those that are no event, by how often each came."""
        found: Counter[str] = Counter()
        for line in (line for log in self._logs for line in log):
            try:
                event = json.loads(line)
            except ValueError:
                found[line.rstrip()] += 1
                continue
            if holds(event):
                found[f"{event.get('event')}: {event.get('error', event.get('exception', ''))}"] += 1
        return found

    def _begin(self, number: int) -> None:
        command = "web" if number < WEB else "worker"
        process = self._living[number].enter_context(
            running(self._town.folder, command, **self._town.options(number))
        )
        self._processes[number] = process
        self._logs.append(process.errors)

    async def _ready(self, number: int) -> None:
        process = self._processes[number]
        if number >= WEB:
            await asyncio.to_thread(process.logged, "working", seconds=120)
            return
        await asyncio.to_thread(process.logged, "prepared", seconds=120)
        await self._front.open(number, process.logged("serving")["address"])


def _name(number: int) -> str:
    return f"web {number + 1}" if number < WEB else f"worker {number - WEB + 1}"
