"""The application in this process: a real store, a real repository, a fake Mattermost, a clock that is set."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from bot.app import App
from bot.channels.base import Channel
from bot.channels.mattermost import MattermostChannel
from bot.settings import Settings, load_settings
from postings.model import EventKind
from postings.store import Delivery, Store
from tests.fakes.mattermost import FakeMattermost
from tests.fakes.mattermost_objects import Post

TEAM, ROOM = "equipe", "offres"
TARGET = f"{TEAM}/{ROOM}"
KEY = f"mattermost:{TARGET}"


class House:
    """One `App`, whose clock stands still until it is set."""

    def __init__(self, app: App, fake: FakeMattermost, room: str) -> None:
        self.app = app
        self.fake = fake
        self.room = room
        self._now = app.clock

    @property
    def store(self) -> Store:
        return self.app.store

    @property
    def roots(self) -> list[Post]:
        """What stands in the channel, oldest first."""
        return self.fake.roots(self.room)

    @property
    def said(self) -> list[str]:
        """The first line of everything in the channel, replies too, oldest first."""
        posts = [post for post in self.fake.posts if post.channel_id == self.room and not post.delete_at]
        return [post.message.partition("\n")[0] for post in posts]

    async def look(self) -> None:
        """One look at every source, and everything sent that may be."""
        for watcher in self.app.watchers:
            await watcher.look()
        await self.send()

    async def tick(self) -> None:
        """What the clock causes now, and everything sent that may be."""
        await self.app.tick()
        await self.send()

    async def send(self) -> None:
        """Sends until nothing is left that may be sent now."""
        while await self.app.dispatcher.send_ready():
            pass

    async def kinds(self) -> list[EventKind]:
        """The kinds of all events, oldest first."""
        return [event.kind for event in reversed(await self.store.events(limit=10_000))]

    async def row(self) -> Delivery:
        """The only row of the outbox."""
        (row,) = await self.store.outbox.deliveries()
        return row


class Clock:
    """The present instant, which a test sets."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def settings(data: Path, address: Path | str, *channels: dict[str, Any], **options: Any) -> Settings:
    """A configuration with one git source and by default one channel for everything, without settling."""
    given: dict[str, Any] = {
        "data": data,
        "sources": [{"name": "beta", "address": str(address)}],
        "channels": [{"platform": "mattermost", "target": TARGET, **channel} for channel in channels or ({},)],
        "mattermost": {"url": "http://mattermost.invalid", "token": "jeton"},
        "settle": 0,
    }
    return load_settings(**{**given, **options})


@asynccontextmanager
async def house(
    store: Store, options: Settings, clock: Clock, *, fake: FakeMattermost | None = None
) -> AsyncIterator[House]:
    """Opens a house; a fake that is given stays, with what was posted there."""
    if fake is None:
        async with FakeMattermost(clock=lambda: clock.now.timestamp()) as own, house(store, options, clock, fake=own) as it:
            yield it
        return
    room = next((id for id, r in fake.channels.items() if r.name == ROOM), None) or fake.add_channel(TEAM, ROOM)
    async with httpx.AsyncClient() as client:
        channels: dict[str, Channel] = {"mattermost": MattermostChannel(fake.url, fake.token, client)}
        yield House(App(options, store, channels, clock), fake, room)
