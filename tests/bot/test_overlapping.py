"""What takes its time in one place holds back nothing elsewhere."""

from __future__ import annotations

import asyncio
from datetime import datetime

import pytest

from bot.channels.mattermost import MattermostChannel
from bot.deliveries.outbox import Dispatcher
from bot.staff import notes
from bot.wording.message import Message
from postings.store import Limits, Outgoing, Store, unlimited
from postings.store.values import NOTE
from tests.repositories import START

SLOW, QUICK = "mattermost:equipe/lent", "mattermost:equipe/vif"


class Unhurried(MattermostChannel):
    """A platform that answers at once in one place, and in the other when all was said in the first."""

    def __init__(self, expected: int) -> None:
        super().__init__("http://mattermost.invalid", "jeton")
        self.said = 0
        self._expected = expected
        self._all = asyncio.Event()
        self.late = asyncio.Event()

    async def post(
        self,
        target: str,
        message: Message,
        *,
        delivery: str,
        reply_to: str | None = None,
        broadcast: bool = False,
    ) -> str:
        if target == "equipe/lent":
            await self._all.wait()
            self.late.set()
        else:
            self.said += 1
            if self.said == self._expected:
                self._all.set()
        return delivery


async def test_a_place_that_answers_late_does_not_hold_back_the_others(store: Store) -> None:
    rows = [
        Outgoing(f"k{n}", target, "", NOTE, notes.baseline(None, n), START, START)
        for n, target in enumerate([SLOW, QUICK, QUICK, QUICK])
    ]
    async with store.change() as change:
        for row in rows:
            await change.enqueue(row)
    channel = Unhurried(expected=3)
    worker = Dispatcher(store, {"mattermost": channel}, clock=lambda: START, owner="essai")
    running = asyncio.create_task(worker.run())
    async with asyncio.timeout(30):
        await channel.late.wait()
        worker.stop()
        await running
    assert channel.said == 3
    assert await store.outbox.deliveries(["pending"]) == []
    await channel.close()


async def test_a_worker_with_no_room_asks_for_nothing_before_something_ends(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with store.change() as change:
        for n in range(21):
            target = f"mattermost:equipe/canal-{n}"
            await change.enqueue(Outgoing(f"k{n}", target, "", NOTE, notes.baseline(None, n), START, START))
    channel = Unhurried(expected=21)
    worker = Dispatcher(store, {"mattermost": channel}, clock=lambda: START, owner="essai")
    next_ready, asked = store.outbox.next_ready, []

    async def counted(now: datetime, limits: Limits = unlimited) -> datetime | None:
        asked.append(channel.said)
        if channel.said == 21:
            worker.stop()
        return await next_ready(now, limits)

    monkeypatch.setattr(store.outbox, "next_ready", counted)
    async with asyncio.timeout(30):
        await worker.run()
    assert asked
    assert min(asked) > 0, "it asked while all that it may send at once was under way"
    await channel.close()
