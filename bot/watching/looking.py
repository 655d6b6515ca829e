"""When sources are looked at, and when the clock is asked what is due.

A source is looked at every `poll`, and within moments of a call that says it changed (the forge's, the file
system's). Lengths are measured by a clock that nobody sets; only what is due by date goes by the wall clock.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.ending import ended
from postings.errors import VigieError

QUIET = 3.0
"""Seconds without a further call after which a source is looked at: one look for a series of pushes or saves."""
PATIENCE = 30.0
"""Seconds after its first call at which it is looked at however many more come."""
LONGEST_SLEEP = timedelta(seconds=60)
"""The scheduler's timers do not see the wall clock being set: it is looked at again at least this often."""
_ASLEEP = timedelta(minutes=5)
"""Ticks are a minute apart at most: after a longer time the machine slept, or its clock was set."""

# A job that is late is run late, once: APScheduler would skip one that is a second late. Two instances, since
# a job that plans the next one is still counted while it ends.
_JOB = {"misfire_grace_time": None, "max_instances": 2, "replace_existing": True}

Changes: TypeAlias = Callable[[asyncio.Event], AsyncGenerator[None, None]]
"""Yields whenever a source may have changed, until the event is set."""

_log = structlog.get_logger(__name__)


class Agenda:
    """When one source is looked at next. Instants are seconds of a clock that only goes forward."""

    def __init__(self, poll: float, *, quiet: float = QUIET) -> None:
        self._poll = poll
        self._quiet = quiet
        self._next_poll: float | None = None
        self._called: tuple[float, float] | None = None
        """The first and the last of the calls that no look has answered yet."""
        self._looking = False
        self.looked = False
        """Whether a look has ended since the process began."""

    def call(self, now: float) -> None:
        """Somebody says that the source changed. A call that comes during a look is answered by the next."""
        self._called = (self._called[0] if self._called else now), now

    def due(self, now: float) -> float | None:
        """When the next look is due, `now` at the earliest and for the first; None while one is under way."""
        if self._looking:
            return None
        at = now if self._next_poll is None else self._next_poll
        if self._called is not None:
            first, last = self._called
            at = min(at, last + self._quiet, first + PATIENCE)
        return max(now, at)

    def begin(self, now: float) -> bool:
        """Begins a look if one is due; False where it is too early or one is under way."""
        due = self.due(now)
        if due is None or due > now:
            return False
        self._looking, self._called, self._next_poll = True, None, now + self._poll
        return True

    def end(self) -> None:
        """The look is over."""
        self._looking, self.looked = False, True


def next_tick(due: datetime | None, now: datetime, ticked: datetime | None) -> datetime:
    """When to tick next, at the earliest `now`: when something is `due`, a minute after the last tick at most.

    What is due and was at the last tick (`ticked`) already waits for that minute: it belongs to a source that is
    not configured any more, or a fault is in its way, and asking again at once would never end. All are in UTC.
    """
    if ticked is None or ticked > now:
        return now
    latest = max(now, ticked + LONGEST_SLEEP)
    return latest if due is None or due <= ticked else min(max(due, now), latest)


class Looking:
    """Looks at sources when they are due, and ticks when the clock demands it, while the process runs.

    `looks` look at one source each, end with a tick of it, and raise nothing. `changes` are of those sources, by
    their numbers, that tell by themselves when they change. `clock` gives the present instant in UTC, `steady`
    seconds that only go forward.
    """

    def __init__(
        self,
        looks: Sequence[Callable[[], Awaitable[None]]],
        *,
        poll: timedelta,
        tick: Callable[[], Awaitable[None]],
        next_due: Callable[[], Awaitable[datetime | None]],
        clock: Callable[[], datetime],
        steady: Callable[[], float] = time.monotonic,
        changes: Mapping[int, Changes] | None = None,
        quiet: float = QUIET,
    ) -> None:
        self._looks = looks
        self._agendas = [Agenda(poll.total_seconds(), quiet=quiet) for _ in looks]
        self._tick_all = tick
        self._next_due = next_due
        self._clock = clock
        self._steady = steady
        self._changes = changes or {}
        self._ticked: datetime | None = None
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._working: set[asyncio.Task[None]] = set()
        self._stop = asyncio.Event()

    def call(self, *numbers: int) -> None:
        """Says that sources changed: they are looked at soon. Returns at once."""
        for number in numbers:
            self._agendas[number].call(self._steady())
            self._plan_look(number)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Looks and ticks until the block ends, then lets what is under way end by itself, for some seconds."""
        self._scheduler.start()
        tasks = [asyncio.create_task(self._keep(), name="planning")]
        tasks += [asyncio.create_task(self._listen(n, c), name="listening") for n, c in self._changes.items()]
        try:
            yield
        finally:
            self._stop.set()
            self._scheduler.pause()
            try:
                await ended({*self._working, *tasks})
            finally:
                self._scheduler.shutdown(wait=False)

    async def look(self, number: int) -> None:
        """Looks at a source if that is due, and plans what comes next."""
        agenda = self._agendas[number]
        if agenda.begin(self._steady()):
            try:
                await self._looks[number]()
            finally:
                agenda.end()
        self._plan_look(number)
        await self._plan_tick()

    async def tick(self) -> None:
        """Ticks, and plans what comes next.

        After a sleep of the machine what the clock knows is old: sources are looked at, which ends with a tick of
        theirs, so that nothing is told of a posting that was changed meanwhile.
        """
        last, self._ticked = self._ticked, self._clock()
        if last is not None and self._ticked - last > _ASLEEP:
            self.call(*range(len(self._looks)))
        else:
            await self._tick_all()
        await self._plan_tick()

    async def _keep(self) -> None:
        """Plans everything anew every minute, since the scheduler's dates are those of the wall clock."""
        while not self._stop.is_set():
            for number in range(len(self._looks)):
                self._plan_look(number)
            await self._plan_tick()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), LONGEST_SLEEP.total_seconds())

    async def _listen(self, number: int, changes: Changes) -> None:
        try:
            async with contextlib.aclosing(changes(self._stop)) as noticed:
                async for _ in noticed:
                    self.call(number)
        except Exception:
            _log.exception("changes are not noticed")

    def _plan_look(self, number: int) -> None:
        now = self._steady()
        due = self._agendas[number].due(now)
        if due is not None:  # a look that is under way plans the next one
            self._plan(f"look {number}", timedelta(seconds=due - now), self.look, number)

    async def _plan_tick(self) -> None:
        if not all(agenda.looked for agenda in self._agendas):
            return  # what fell due while no process ran may have been changed meanwhile
        now = self._clock()
        try:
            due = await self._next_due()
        except VigieError as error:
            _log.warning("tick failed", error=error.english)
            due = None
        self._plan("tick", next_tick(due, now, self._ticked) - now, self.tick)

    def _plan(self, id: str, wait: timedelta, job: Callable[..., Awaitable[None]], *arguments: int) -> None:
        async def noted() -> None:
            task = asyncio.current_task()
            assert task is not None  # noqa: S101  jobs are tasks
            task.set_name(id)
            self._working.add(task)
            try:
                await job(*arguments)
            except asyncio.CancelledError:
                pass  # cut off at the end, which is no fault that the scheduler should tell of
            finally:
                self._working.discard(task)

        self._scheduler.add_job(noted, "date", run_date=datetime.now(UTC) + wait, id=id, **_JOB)
