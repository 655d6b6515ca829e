"""What one process at a time does: looks at the sources, lets the clock act, asks who can be asked by one only."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial

from bot.app import App
from bot.looking import Looking
from postings.sources.directory import DirectorySource
from postings.sources.git import GitSource


class Following:
    """The part of a process that watches. `app.duties` go on beside the looks, for as long as it does."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._looking: Looking | None = None

    async def called(self) -> None:
        """The forge says that something was pushed: every git source is looked at soon."""
        if self._looking is not None:
            self._looking.call(*(n for n, s in enumerate(self._app.sources) if isinstance(s, GitSource)))

    @contextlib.asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Watches until the block ends, then lets what is under way end by itself."""
        looking = looking_of(self._app)
        async with contextlib.AsyncExitStack() as stack:
            for duty in self._app.duties:
                await stack.enter_async_context(duty())
            await stack.enter_async_context(looking.running())
            self._looking = looking
            try:
                yield
            finally:
                self._looking = None


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
