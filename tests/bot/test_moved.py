"""A Telegram group becomes a supergroup: another number, and messages that nobody can edit any more."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.channels.telegram import TelegramChannel
from bot.processes.app import App
from postings.store import Store
from tests.bot.floods import open_file, shut_file
from tests.bot.house import Clock, settings
from tests.fakes.telegram import FakeTelegram
from tests.repositories import START, Repository

OLD, NEW = -77, -1_002_000_000_077
KEY = f"telegram:{OLD}"


class Group:
    """Vigie, which announces in one Telegram group."""

    def __init__(self, folder: Path, store: Store, repository: Repository, clock: Clock) -> None:
        self.telegram = FakeTelegram(clock=lambda: clock.now.timestamp())
        self.telegram.add_chat(OLD, "group")
        self.store = store
        self._folder, self._clock = folder, clock
        self.repository = repository

    def start(self) -> None:
        """A process that remembers nothing by itself."""
        options = settings(
            self._folder,
            self.repository.path,
            {"platform": "telegram", "target": str(OLD)},
            telegram={"token": self.telegram.token, "api_url": self.telegram.url},
        )
        self.channel = TelegramChannel(self.telegram.token, self.telegram.url)
        self.app = App(options, self.store, {"telegram": self.channel}, self._clock)

    async def told(self, **files: bytes) -> None:
        """A commit, seen and told; a minute later, so that no limit of the platform is in the way."""
        self._clock.forward(minutes=1)
        self.repository.commit({f"{name}.md": file for name, file in files.items()}, at=self._clock.now)
        await self.app.watchers[0].look()
        while await self.app.dispatcher.send_ready():
            pass

    def said(self, chat: int) -> list[str]:
        """What stands in a chat, oldest first."""
        shown = [m.plain.partition(",")[0] for m in self.telegram.messages if m.chat_id == chat]
        return [text.replace("\u00a0", " ") for text in shown]

    @property
    def asked_of_old(self) -> int:
        """How many calls named the old chat."""
        return sum(r.json.get("chat_id") in (OLD, str(OLD)) for r in self.telegram.requests if r.json)


@pytest.fixture
async def group(tmp_path: Path, store: Store, repository: Repository, clock: Clock) -> AsyncIterator[Group]:
    group = Group(tmp_path, store, repository, clock)
    async with group.telegram:
        group.start()
        repository.commit(at=START)
        await group.told(reste=shut_file("reste"))
        yield group
        await group.channel.close()


async def test_what_follows_goes_to_the_new_chat_at_once_after_a_restart_too(group: Group) -> None:
    await group.told(a=open_file("a"))
    group.telegram.migrate(OLD, NEW)
    await group.told(b=open_file("b"))
    asked = group.asked_of_old
    await group.told(c=open_file("c"))
    await group.channel.close()
    group.start()
    await group.told(d=open_file("d"))
    assert group.said(NEW) == [
        "Nouvelle offre : Métier b",
        "Nouvelle offre : Métier c",
        "Nouvelle offre : Métier d",
    ]
    assert group.asked_of_old == asked, "the old number is not asked again"


async def test_no_message_of_the_new_chat_is_taken_for_one_that_stayed_behind(group: Group) -> None:
    await group.told(a=open_file("a"))
    group.telegram.migrate(OLD, NEW)
    group.telegram._message_ids = itertools.count(1)  # a supergroup counts its messages anew
    await group.told(b=open_file("b"))
    assert len({message.message_id for message in group.telegram.messages}) == 1
    await group.told(a=shut_file("a"))
    assert group.said(NEW) == ["Nouvelle offre : Métier b"]
    await group.told(b=shut_file("b"))
    assert group.said(NEW) == ["Offre fermée : Métier b"]
    assert group.said(OLD) == ["Nouvelle offre : Métier a"], "nobody can edit it"
