"""What one process at a time does: looks at the sources, lets the clock act, asks who can be asked by one only."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial

import structlog

from bot.processes.app import App
from bot.watching.looking import Looking
from postings.errors import StoreError
from postings.sources.directory import DirectorySource
from postings.sources.git import GitSource
from postings.store import Turn, Wakeup

AGAIN = timedelta(seconds=5)
"""What is waited before the turn to watch is asked for again: a process that dies tells nobody."""

_log = structlog.get_logger(__name__)


class Following:
    """The part of a process that watches when it is its turn. `app.duties` go on beside the looks, for as long.

    A turn that is not to be had is asked for again after `AGAIN`, or when another gives it back.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self._looking: Looking | None = None
        self._now = asyncio.Event()
        self._stopping = False

    def heard(self, wakeup: Wakeup) -> None:
        """Does what another process asks for, where it is for who watches."""
        if wakeup is Wakeup.TURN:
            self._now.set()
        elif wakeup is Wakeup.LOOK:
            self._look()

    async def called(self) -> None:
        """The forge says that something was pushed: whoever watches looks at every git source soon.

        Raises StoreError when another process cannot be told.
        """
        if not self._look():
            await self._app.store.wake(Wakeup.LOOK)

    def stop(self) -> None:
        """Lets `run` end once what is under way has ended."""
        self._stopping = True
        self._now.set()

    async def run(self) -> None:
        """Watches whenever it is this process's turn, until `stop`."""
        while not self._stopping:
            try:
                async with self._app.store.turn() as turn:
                    if await self._taken(turn):
                        await self._watch(turn)
            except StoreError as error:
                _log.warning("turn not asked for", error=error.english)
            except Exception:
                _log.exception("watching failed")
            await self._pause()

    async def _taken(self, turn: Turn) -> bool:
        """Waits for the turn; returns whether it came before `stop`."""
        told = False
        while not self._stopping:
            self._now.clear()
            if await turn.take():
                return True
            if not told:
                _log.info("standing by")
            told = True
            await self._pause()
        return False

    async def _pause(self) -> None:
        if not self._stopping:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._now.wait(), AGAIN.total_seconds())

    async def _watch(self, turn: Turn) -> None:
        """Watches until `stop`, or until the turn is lost: another process may watch from that moment on."""
        lost = asyncio.create_task(turn.lost(), name="turn")
        lost.add_done_callback(lambda _: self._now.set())
        try:
            async with self._watching():
                while not (self._stopping or lost.done()):
                    self._now.clear()
                    await self._now.wait()
                if not self._stopping:
                    _log.warning("turn lost")
        finally:
            lost.cancel()
            await asyncio.gather(lost, return_exceptions=True)

    @contextlib.asynccontextmanager
    async def _watching(self) -> AsyncIterator[None]:
        """Watches until the block ends, then lets what is under way end by itself."""
        for watcher in self._app.watchers:
            watcher.forget()  # another process has gone on since the last turn
        looking = looking_of(self._app)
        async with contextlib.AsyncExitStack() as stack:
            for duty in self._app.duties:
                await stack.enter_async_context(duty())
            await stack.enter_async_context(looking.running())
            self._looking = looking
            self._app.metrics.watching(True)
            _log.info("watching")
            try:
                yield
            finally:
                self._app.metrics.watching(False)
                self._looking = None

    def _look(self) -> bool:
        """Has the git sources looked at soon; returns False where it is not this process's turn."""
        if self._looking is None:
            return False
        self._looking.call(
            *(n for n, source in enumerate(self._app.sources) if isinstance(source, GitSource))
        )
        return True


def looking_of(app: App) -> Looking:
    """What decides when the app's sources are looked at."""
    return Looking(
        [partial(app.look, watcher) for watcher in app.watchers],
        poll=timedelta(minutes=app.settings.poll),
        tick=app.tick,
        next_due=app.store.next_due,
        clock=app.clock,
        changes={
            number: source.changes
            for number, source in enumerate(app.sources)
            if isinstance(source, DirectorySource)
        },
    )
