"""A worker that lives keeps what it is sending, however long that takes; one that died does not."""

from __future__ import annotations

import asyncio

from bot.channels.mattermost import MattermostChannel
from bot.deliveries.outbox import LEASE, Dispatcher
from bot.wording.message import Message
from tests.bot.house import Clock, House, watched
from tests.repositories import Repository, posting_file


class Slow(MattermostChannel):
    """A Mattermost that answers when it is let."""

    def __init__(self, channel: MattermostChannel) -> None:
        self.__dict__.update(channel.__dict__)
        self.let = asyncio.Event()

    async def post(
        self,
        target: str,
        message: Message,
        *,
        delivery: str,
        reply_to: str | None = None,
        broadcast: bool = False,
    ) -> str:
        await self.let.wait()
        return await super().post(target, message, delivery=delivery, reply_to=reply_to, broadcast=broadcast)


async def test_a_row_is_kept_for_longer_than_a_lease_while_it_is_being_sent(
    vigie: House, repository: Repository, clock: Clock
) -> None:
    await watched(vigie, repository)
    repository.commit({"dev.md": posting_file("open: true")})
    await vigie.app.watchers[0].look()
    channel = vigie.app.channels["mattermost"]
    assert isinstance(channel, MattermostChannel)
    slow = Slow(channel)
    begun = clock.now
    waits = 0

    async def over(sent: asyncio.Event, seconds: float) -> bool:
        nonlocal waits
        waits += 1
        if waits <= 6:
            clock.forward(seconds=seconds)
            return sent.is_set()
        assert clock.now - begun > LEASE
        assert await vigie.app.dispatcher.send_ready() == 0, "another worker may not take it"
        slow.let.set()
        return await sent.wait()

    worker = Dispatcher(vigie.store, {"mattermost": slow}, clock=clock, owner="lent", over=over)
    assert await worker.send_ready() == 1
    assert len(vigie.roots) == 1
    row = await vigie.row()
    assert (row.state, row.attempts) == ("sent", 1)
