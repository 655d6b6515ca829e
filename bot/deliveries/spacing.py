"""Two calls of one sending, an edit and a reply, as far apart as the limits of the target ask for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.channels.access import Access
from bot.channels.base import Channel
from bot.wording.message import Message


class Spaced:
    """A channel for one sending: `pause` comes before each call but the first.

    Without it the second call of an instant would be refused, and again with the first one at each later attempt.
    """

    def __init__(self, channel: Channel, pause: Callable[[], Awaitable[object]]) -> None:
        self.platform = channel.platform
        self._channel = channel
        self._pause = pause
        self._called = False

    async def post(
        self,
        target: str,
        message: Message,
        *,
        delivery: str,
        reply_to: str | None = None,
        broadcast: bool = False,
    ) -> str:
        """As the channel's, in its turn."""
        await self._turn()
        return await self._channel.post(
            target, message, delivery=delivery, reply_to=reply_to, broadcast=broadcast
        )

    async def edit(self, target: str, message_id: str, message: Message) -> None:
        """As the channel's, in its turn."""
        await self._turn()
        await self._channel.edit(target, message_id, message)

    async def find(self, target: str, delivery: str, since: float) -> str | None:
        """As the channel's: reading is not counted."""
        return await self._channel.find(target, delivery, since)

    def permalink(self, target: str, message_id: str) -> str | None:
        """As the channel's."""
        return self._channel.permalink(target, message_id)

    async def check(self, target: str) -> Access:
        """As the channel's."""
        return await self._channel.check(target)

    async def close(self) -> None:
        """As the channel's."""
        await self._channel.close()

    async def _turn(self) -> None:
        if self._called:
            await self._pause()
        self._called = True
