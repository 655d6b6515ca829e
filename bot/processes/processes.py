"""The processes of Vigie: one that does everything, or HTTP apart from the rest, any number of each."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from enum import Enum
from functools import partial
from typing import TypeVar

import structlog

from bot.channels.base import Channel
from bot.ending import Ending, bounded, ended, told_to_stop
from bot.options.mistakes import ConfigurationError
from bot.options.settings import Settings
from bot.processes.app import App, channels_of
from bot.processes.following import Following
from bot.processes.readiness import Readiness
from bot.processes.web import operator_web, prepare, web
from bot.watching.sources_check import check_sources
from postings.errors import StoreError
from postings.sources import git_process
from postings.store import Store, Wakeup

_EVERY = 1.0
"""Seconds after which a process on SQLite looks whether another has written."""
_MARGIN = 0.5
"""Seconds that who waits for others waits longer than they do."""
_GIVING_BACK = 1.0
"""Seconds that the database has to take leases back."""

_log = structlog.get_logger(__name__)
_T = TypeVar("_T")


class Process(Enum):
    """What a process does. WEB and WORKER together do all that RUN does."""

    RUN = "run"
    WEB = "web"
    """Serves HTTP: feeds, pages, what the platforms and the forge call."""
    WORKER = "worker"
    """Watches, announces, and asks the platforms that do not call."""


async def serve(settings: Settings, process: Process = Process.RUN) -> None:
    """Runs until the process is asked to stop (SIGINT, SIGTERM). Raises ConfigurationError, SourceError, StoreError."""
    if not settings.sources:
        raise ConfigurationError(
            "Aucune source n’est configurée : lancez « vigie init », ou ajoutez [[sources]] dans vigie.toml.",
            "No source is configured: run “vigie init”, or add [[sources]] to vigie.toml.",
        )
    with told_to_stop() as told:
        store = await Store.open(settings.database)
        channels: dict[str, Channel] = {}
        try:
            await check_sources(store, settings.sources)
            channels = {} if process is Process.WEB else channels_of(settings)
            await bounded(_run(App(settings, store, channels), process, told), told)
        finally:
            git_process.end_all()
            for channel in channels.values():
                await channel.close()
            await store.close()


async def _run(app: App, process: Process, told: Ending) -> None:
    """Does what a process does, until `told` is set."""
    following = Following(app)
    app.chat.look = following.called
    readiness = Readiness(app.store, told.is_set)
    readiness.loaded = (
        process is Process.WORKER
    )  # which answers nobody, or reads what it needs when it is asked
    async with contextlib.AsyncExitStack() as stack:
        going_on: Callable[[], Awaitable[object]] = told.wait
        if process is not Process.WORKER:
            # HTTP is listened to first: a port that is taken is told before anything is looked at.
            going_on = await stack.enter_async_context(web(app, following.called, told, readiness))
        elif (port := app.settings.worker_port) is not None:
            going_on = await stack.enter_async_context(operator_web(app, port, told, readiness))
        await stack.enter_async_context(_hearing(app, following, readiness))
        if process is not Process.WEB:
            await stack.enter_async_context(_working(app, following, told, readiness))
        await going_on()


@contextlib.asynccontextmanager
async def _hearing(app: App, following: Following, readiness: Readiness) -> AsyncIterator[None]:
    """Hears what other processes tell until the block ends: who serves must know what to show anew."""
    async with _meanwhile(hear(app, following), "hearing") as hearing:
        readiness.needs(hearing)
        yield


@contextlib.asynccontextmanager
async def _meanwhile(work: Coroutine[object, object, _T], name: str) -> AsyncIterator[asyncio.Task[_T]]:
    """Does some work while the block goes on, at most until it ends."""
    task = asyncio.create_task(work, name=name)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@contextlib.asynccontextmanager
async def _working(app: App, following: Following, told: Ending, readiness: Readiness) -> AsyncIterator[None]:
    """Watches and announces until the block ends; nothing is begun any more once `told` is set."""
    telegram = app.settings.telegram
    if telegram is not None and telegram.webhook_secret is None:
        from bot.processes.listening import asking_telegram

        app.duties.append(partial(asking_telegram, app, telegram))
        app.duties.append(lambda: _meanwhile(prepare(app.store.prepare), "preparing"))

    async def stop() -> None:
        await told.wait()
        following.stop()
        app.dispatcher.stop()

    watching = asyncio.create_task(following.run(), name="following")
    dispatching = asyncio.create_task(app.dispatcher.run(), name="dispatcher")
    # Not at the end of the block: requests may keep that waiting.
    stopping = asyncio.create_task(stop(), name="stopping")
    for task in (watching, dispatching):
        readiness.needs(task)
    try:
        _log.info("working", worker=app.owner)
        yield
    finally:
        following.stop()
        app.dispatcher.stop()
        stopping.cancel()
        try:
            # A little longer than what watches waits for its looks, which it cuts off itself.
            await ended({watching, dispatching}, told.left + _MARGIN)
        finally:
            await _give_back(app)


async def _give_back(app: App) -> None:
    """Frees the leases of what was not sent. Where the database is away they end by themselves, within a minute."""
    try:
        async with asyncio.timeout(_GIVING_BACK):
            await app.dispatcher.give_back()
    except (StoreError, TimeoutError) as error:
        _log.warning("leases not given back", error=getattr(error, "english", "") or "the database hangs")


async def hear(
    app: App, following: Following, pause: Callable[[], Awaitable[None]] = lambda: asyncio.sleep(_EVERY)
) -> None:
    """Passes on what other processes tell, without end. A lost connection is made anew after a `pause`."""
    missed = False
    while True:
        try:
            async with contextlib.aclosing(app.store.heard(pause)) as heard:
                async for wakeup in heard:
                    app.dispatcher.wake()
                    for told in (Wakeup.LOOK, Wakeup.TURN) if missed else (wakeup,):
                        following.heard(told)
                    missed = False
        except StoreError as error:
            _log.warning("other processes not heard", error=error.english)
            missed = True
        await pause()
