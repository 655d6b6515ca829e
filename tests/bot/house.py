"""The application in this process: a real store, a real repository, a fake Mattermost, a clock that is set."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from bot.channels.base import Channel
from bot.channels.mattermost import MattermostChannel
from bot.options.settings import Settings, load_settings
from bot.processes.app import App
from postings.dates import PARIS
from postings.model import EventKind
from postings.store import Delivery, Store
from tests.fakes.mattermost import FakeMattermost
from tests.fakes.mattermost_objects import Post
from tests.repositories import START, Repository

TEAM, ROOM = "equipe", "offres"
TARGET = f"{TEAM}/{ROOM}"
KEY = f"mattermost:{TARGET}"
AWAKE: dict[str, Any] = {"quiet_hours": "", "quiet_weekends": False}
"""Of a channel: it is told of everything at once."""


def paris(text: str) -> datetime:
    """The instant, in UTC, that the clocks of Paris show so: "2024-03-11T09:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=PARIS).astimezone(UTC)


class Clock:
    """The present instant, which a test sets."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **length: float) -> datetime:
        """Lets time pass (`hours=1`); returns the new instant."""
        self.now += timedelta(**length)
        return self.now


class House:
    """One `App` whose clock moves only when it is told to."""

    def __init__(self, app: App, fake: FakeMattermost, room: str) -> None:
        self.app = app
        self.store = app.store
        self.fake = fake
        self.room = room

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

    async def rows(self) -> list[Delivery]:
        """The outbox, oldest first."""
        return list(reversed(await self.store.outbox.deliveries(limit=10_000)))

    async def row(self) -> Delivery:
        """The only row of the outbox."""
        (row,) = await self.rows()
        return row


def settings(data: Path, address: Path | str, *channels: dict[str, Any], **options: Any) -> Settings:
    """A configuration with one git source and by default one channel for everything, without settling.

    No hour is quiet unless a channel says so: most tests let any time pass.
    """
    given: dict[str, Any] = {
        "data": data,
        "sources": [{"name": "beta", "address": str(address)}],
        "channels": [
            {"platform": "mattermost", "target": TARGET, **AWAKE, **channel} for channel in channels or ({},)
        ],
        "mattermost": {"url": "http://mattermost.invalid", "token": "jeton"},
        "settle": 0,
    }
    return load_settings(**{**given, **options})


@asynccontextmanager
async def house(
    store: Store, options: Settings, clock: Clock, fake: FakeMattermost | None = None
) -> AsyncIterator[House]:
    """Opens a house; a fake that is given stays, with what was posted there."""
    async with httpx.AsyncClient(verify=False) as client:
        if fake is not None:
            yield _furnished(store, options, clock, fake, client)
            return
        async with FakeMattermost(clock=lambda: clock.now.timestamp()) as own:
            yield _furnished(store, options, clock, own, client)


def _furnished(
    store: Store, options: Settings, clock: Clock, fake: FakeMattermost, client: httpx.AsyncClient
) -> House:
    known = next((id for id, room in fake.channels.items() if room.name == ROOM), None)
    room = known or fake.add_channel(TEAM, ROOM)
    channels: dict[str, Channel] = {"mattermost": MattermostChannel(fake.url, fake.token, client)}
    return House(App(options, store, channels, clock, chance=lambda: 0.0), fake, room)


async def watched(house: House, repository: Repository) -> None:
    """The baseline: an empty history, so that all that comes is told."""
    repository.commit(at=START)
    await house.look()
