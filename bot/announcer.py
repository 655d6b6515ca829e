"""Which channels are to be told of what a look found: rows of the outbox, in the transaction that found it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from bot.settings import ChannelSettings
from postings.model import Event, EventKind, Record
from postings.questions.match import matches
from postings.questions.model import Names
from postings.questions.parse import parse_question
from postings.store import Change, Outgoing
from postings.store.codec import event_to_json

SETTLE_AT_MOST = timedelta(hours=2)
"""A first announcement waits no longer, however often the file changes."""

_OPENINGS = {EventKind.OPENED, EventKind.REOPENED}


class Announcer:
    """Turns events into messages to send. It sends nothing itself."""

    def __init__(self, channels: Sequence[ChannelSettings], settle: timedelta) -> None:
        self._channels = channels
        self._settle = settle

    async def tell(
        self, change: Change, events: Iterable[Event], records: dict[str, Record], names: Names, now: datetime
    ) -> int:
        """Enqueues what the channels are to be told; returns how many messages that is."""
        count = 0
        for event in events:
            for channel in self._channels:
                count += await self._enqueue(change, channel, event, records[event.posting], names, now)
        return count

    async def settle(self, change: Change, changed: Iterable[str], now: datetime) -> None:
        """Lets the first announcements of postings whose files changed again wait anew."""
        if self._settle:
            for posting in changed:
                await change.postpone(posting, now + self._settle, SETTLE_AT_MOST)

    async def _enqueue(
        self,
        change: Change,
        channel: ChannelSettings,
        event: Event,
        record: Record,
        names: Names,
        now: datetime,
    ) -> bool:
        if event.kind is EventKind.STALE:
            return False  # for the team, not for the community
        living = await change.message(channel.key, event.posting)
        if event.kind in _OPENINGS or event.kind is EventKind.CLOSING_SOON:
            if event.kind not in channel.events or not _wanted(channel, record, names, now):
                return False
        elif living is None and not await self._announcing(change, channel, event):
            return False  # never announced here: its end, or a change of it, says nothing
        waits = event.kind in _OPENINGS and living is None
        return await change.enqueue(
            Outgoing(
                key=f"{event.id}:{channel.key}",
                target=channel.key,
                posting=event.posting,
                kind=str(event.kind),
                payload=event_to_json(event),
                ready_at=now + self._settle if waits else now,
                created_at=now,
            )
        )

    async def _announcing(self, change: Change, channel: ChannelSettings, event: Event) -> bool:
        """Whether the posting's first message here may be on its way; one that is not is dropped or amended.

        An announcement that still waits will say what is true when it goes; what ended meanwhile is not told.
        """
        waiting = [row for row in await change.pending(event.posting) if row.target == channel.key]
        if not waiting:
            return False
        if event.kind is EventKind.UPDATED:
            return any(row.attempts for row in waiting)
        dropped = await change.drop_pending(event.posting, channel.key)
        return dropped < len(waiting)


def _wanted(channel: ChannelSettings, record: Record, names: Names, now: datetime) -> bool:
    if not channel.filter:
        return True
    return matches(record, parse_question(channel.filter, names, now), now)
