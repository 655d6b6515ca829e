"""The three platforms behind one face, so that one suite of tests holds for all: a fake server and its channel."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.channels.base import Channel
from bot.channels.mattermost import MattermostChannel
from bot.channels.slack import SlackChannel
from bot.channels.telegram import TelegramChannel
from tests.fakes.mattermost import FakeMattermost
from tests.fakes.server import FakeServer
from tests.fakes.slack import FakeSlack
from tests.fakes.telegram import FakeTelegram

NOW = 1_900_000_000.0  # what the servers' clocks show at first


class Platform(ABC):
    """`target` exists, `missing` does not; `posting` is in the path of the request that sends a message."""

    server: FakeServer
    channel: Channel
    target: str
    missing: str
    posting: str
    account: str
    finds = True

    @abstractmethod
    def shown(self) -> list[str]:
        """What people read, oldest first."""

    @abstractmethod
    def in_thread(self, message_id: str) -> list[str]:
        """What people read in reply to a message."""

    @abstractmethod
    def delete(self, message_id: str) -> None:
        """Somebody deletes a message."""

    @abstractmethod
    def revoke(self) -> None:
        """Somebody makes the token worthless."""


class OnMattermost(Platform):
    target, missing, posting, account = "equipe/offres", "equipe/absent", "/posts", "vigie"

    def __init__(self, server: FakeMattermost) -> None:
        self.server: FakeMattermost = server
        self.room = server.add_channel("equipe", "offres")
        self.channel = MattermostChannel(server.url, server.token)

    def shown(self) -> list[str]:
        return [post.message for post in self.server.posts if not post.delete_at]

    def in_thread(self, message_id: str) -> list[str]:
        return [post.message for post in self.server.replies(message_id)]

    def delete(self, message_id: str) -> None:
        self.server.delete_post(message_id)

    def revoke(self) -> None:
        self.server.revoke_token()


class OnSlack(Platform):
    target, missing, posting, account = "C0OFFRES", "C0ABSENT", "chat.postMessage", "vigie"

    def __init__(self, server: FakeSlack) -> None:
        self.server: FakeSlack = server
        server.add_channel("C0OFFRES")
        self.channel = SlackChannel(server.token, server.url)

    def shown(self) -> list[str]:
        return [message.text for message in self.server.messages]

    def in_thread(self, message_id: str) -> list[str]:
        return [message.text for message in self.server.replies(message_id)]

    def delete(self, message_id: str) -> None:
        self.server.delete_post(message_id)

    def revoke(self) -> None:
        self.server.revoke_token()


class OnTelegram(Platform):
    target, missing, posting, account = "-1001234", "-1005678", "sendMessage", "vigie_exemple_bot"
    finds = False

    def __init__(self, server: FakeTelegram) -> None:
        self.server: FakeTelegram = server
        server.add_chat(-1001234)
        self.channel = TelegramChannel(server.token, server.url)

    def shown(self) -> list[str]:
        return [message.plain for message in self.server.messages]

    def in_thread(self, message_id: str) -> list[str]:
        return [m.plain for m in self.server.messages if m.reply_to == int(message_id)]

    def delete(self, message_id: str) -> None:
        self.server.delete_post(int(message_id))

    def revoke(self) -> None:
        self.server.revoke_token()


class Clock:
    """The servers' clock, which only a test moves; seconds since 1970."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


@asynccontextmanager
async def opened(name: str, clock: Clock | None = None) -> AsyncIterator[Platform]:
    """The platform of this name with its server started; everything is closed after."""
    tick = clock or Clock()
    platform: Platform
    if name == "mattermost":
        async with FakeMattermost(clock=tick) as mattermost:
            platform = OnMattermost(mattermost)
            yield platform
            await platform.channel.close()
    elif name == "slack":
        async with FakeSlack(clock=tick) as slack:
            platform = OnSlack(slack)
            yield platform
            await platform.channel.close()
    else:
        async with FakeTelegram(clock=tick) as telegram:
            platform = OnTelegram(telegram)
            yield platform
            await platform.channel.close()
