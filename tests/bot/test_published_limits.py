"""Two thousand messages to sixty targets: all leave, in order, as fast as the platforms allow and never faster."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from contextlib import AsyncExitStack
from typing import Any

import pytest
from hypothesis import settings

from bot.channels.base import Channel
from bot.channels.mattermost import MattermostChannel
from bot.channels.slack import SlackChannel
from bot.channels.telegram import TelegramChannel
from bot.deliveries.outbox import Dispatcher
from bot.deliveries.pacing import limits_of
from bot.staff import notes
from postings.store import Outgoing, Store
from postings.store.values import NOTE
from tests.bot.house import Clock
from tests.fakes.mattermost import FakeMattermost
from tests.fakes.slack import FakeSlack
from tests.fakes.telegram import FakeTelegram
from tests.repositories import START

MESSAGES = 2_000
FEWER = 300
"""On PostgreSQL, but in `make campaign`: there the messages take minutes, and what is shown is the same."""
ROOMS = [f"mattermost:equipe/salon-{n}" for n in range(20)]
CHANNELS = [f"slack:C{n:04}" for n in range(20)]
PEOPLE = [f"telegram:{n}" for n in range(1, 11)]
GROUPS = [f"telegram:-100{n}" for n in range(1, 11)]
TARGETS = [*ROOMS, *CHANNELS, *PEOPLE, *GROUPS]


def least_seconds(counts: dict[str, int]) -> float:
    """The largest, over targets and platforms, of (messages - burst) / rate of the published limits."""

    def of(targets: Iterable[str], rate: float, burst: int = 1) -> float:
        return (sum(counts[target] for target in targets) - burst) / rate

    return max(
        of(ROOMS, 10, burst=100),
        *(of([channel], 1) for channel in CHANNELS),
        of([*PEOPLE, *GROUPS], 30),
        *(of([person], 1) for person in PEOPLE),
        *(of([group], 20 / 60) for group in GROUPS),
    )


class Platforms:
    """The three fakes, which hold their published limits by the test's clock, and the channels that talk to them."""

    def __init__(self, clock: Clock) -> None:
        given: dict[str, Any] = {"clock": lambda: clock.now.timestamp(), "paced": True}
        self.mattermost = FakeMattermost(**given)
        self.slack = FakeSlack(**given)
        self.telegram = FakeTelegram(**given)

    async def start(self, stack: AsyncExitStack) -> dict[str, Channel]:
        """Starts the servers, with every target; returns the channels by platform."""
        for fake in (self.mattermost, self.slack, self.telegram):
            await stack.enter_async_context(fake)
        self._rooms = {self.mattermost.add_channel("equipe", room.rpartition("/")[2]): room for room in ROOMS}
        for name in CHANNELS:
            self.slack.add_channel(name.removeprefix("slack:"))
        for chat in (*PEOPLE, *GROUPS):
            self.telegram.add_chat(
                int(chat.removeprefix("telegram:")), "private" if chat in PEOPLE else "group"
            )
        channels: dict[str, Channel] = {
            "mattermost": MattermostChannel(self.mattermost.url, self.mattermost.token),
            "slack": SlackChannel(self.slack.token, self.slack.url),
            "telegram": TelegramChannel(self.telegram.token, self.telegram.url),
        }
        for channel in channels.values():
            stack.push_async_callback(channel.close)
        return channels

    @property
    def too_many(self) -> dict[str, int]:
        """How often each platform answered 429."""
        fakes = {"mattermost": self.mattermost, "slack": self.slack, "telegram": self.telegram}
        return {name: fake.too_many for name, fake in fakes.items()}

    def received(self) -> dict[str, list[str]]:
        """What each target was told, in the order in which it came."""
        told: dict[str, list[str]] = defaultdict(list)
        for post in self.mattermost.posts:
            told[self._rooms[post.channel_id]].append(post.message)
        for message in self.slack.messages:
            told[f"slack:{message.channel}"].append(message.text)
        for sent in self.telegram.messages:
            told[f"telegram:{sent.chat_id}"].append(sent.plain)
        return told


async def enqueue(store: Store, messages: int) -> dict[str, int]:
    """The messages, a note each, numbered within their target; returns how many each target gets."""
    counts = dict.fromkeys(TARGETS, 0)
    async with store.change() as change:
        for number in range(messages):
            target = TARGETS[number % len(TARGETS)]
            counts[target] += 1
            payload = notes.baseline(f"numero-{counts[target]:03}", 0)
            await change.enqueue(Outgoing(f"k{number}", target, "", NOTE, payload, START, START))
    return counts


@pytest.mark.property
async def test_messages_leave_as_fast_as_the_platforms_allow_and_no_faster(
    store: Store, database_url: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    platforms = Platforms(clock)
    whole = database_url.startswith("sqlite") or settings.get_current_profile_name() == "campaign"
    counts = await enqueue(store, MESSAGES if whole else FEWER)
    async with AsyncExitStack() as stack:
        dispatcher = Dispatcher(store, await platforms.start(stack), clock=clock, owner="essai")
        while True:
            if not await dispatcher.send_ready():
                if (at := await store.outbox.next_ready(clock.now, limits_of)) is None:
                    break
                assert at > clock.now, "it would look again and again"
                clock.now = at
    assert platforms.too_many == {"mattermost": 0, "slack": 0, "telegram": 0}
    received = platforms.received()
    for target, count in counts.items():
        numbers = [f"numero-{number:03}" for number in range(1, count + 1)]
        texts = received[target]
        assert len(texts) == count, target
        assert all(number in text for number, text in zip(numbers, texts, strict=True)), target
    taken, least = (clock.now - START).total_seconds(), least_seconds(counts)
    assert taken <= 1.1 * least, f"{taken:.1f} s instead of {least:.1f} s: a ratio of {taken / least:.3f}"
