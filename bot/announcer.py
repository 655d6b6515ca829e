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

EDIT = "edit"
"""The kind of a row whose event the channel did not ask for: the message is made true again, nothing is said."""

_OPENINGS = {EventKind.OPENED, EventKind.REOPENED}


class Announcer:
    """Turns events into messages to send. It sends nothing itself.

    Channels of one platform and target are one place, told once of what any of them asks for.
    """

    def __init__(self, channels: Sequence[ChannelSettings], settle: timedelta) -> None:
        self._settle = settle
        self._places: dict[str, list[ChannelSettings]] = {}
        for channel in channels:
            self._places.setdefault(channel.key, []).append(channel)

    @property
    def filters(self) -> bool:
        """Whether any channel asks for some postings only: then `tell` needs the names that exist."""
        return any(channel.filter for channels in self._places.values() for channel in channels)

    async def tell(
        self, change: Change, events: Iterable[Event], records: dict[str, Record], names: Names, now: datetime
    ) -> int:
        """Enqueues what the channels are to be told; returns how many messages that is."""
        count = 0
        for event in events:
            for target, channels in self._places.items():
                asking = [channel for channel in channels if event.kind in channel.events]
                wanted = any(_matches(channel, records[event.posting], names, now) for channel in asking)
                kind = await self._kind(change, target, event, asked=bool(asking), wanted=wanted)
                count += kind is not None and await self._enqueue(change, target, event, kind, now)
        return count

    async def settle(self, change: Change, changed: Iterable[str], now: datetime) -> None:
        """Lets the first announcements of postings whose files changed again wait anew."""
        if self._settle:
            for posting in changed:
                await change.postpone(posting, now + self._settle, SETTLE_AT_MOST)

    async def _kind(
        self, change: Change, target: str, event: Event, *, asked: bool, wanted: bool
    ) -> str | None:
        """What kind of row tells a target of an event; None when it is told nothing.

        `asked`: the target wants events of this kind; `wanted`: and of this posting.
        """
        if event.kind is EventKind.STALE:
            return None  # for the team, not for the community
        announced = await change.message(target, event.posting) is not None
        if event.kind in _OPENINGS or event.kind is EventKind.CLOSING_SOON:
            if wanted:
                return str(event.kind)
            return EDIT if announced and event.kind in _OPENINGS else None
        if announced or await self._announcing(change, target, event):
            return str(event.kind) if asked else EDIT
        return None  # never announced here: its end, or a change of it, says nothing

    async def _enqueue(self, change: Change, target: str, event: Event, kind: str, now: datetime) -> bool:
        waits = event.kind in _OPENINGS and await change.message(target, event.posting) is None
        return await change.enqueue(
            Outgoing(
                key=f"{event.id}:{target}",
                target=target,
                posting=event.posting,
                kind=kind,
                payload=event_to_json(event),
                ready_at=now + self._settle if waits else now,
                created_at=now,
            )
        )

    async def _announcing(self, change: Change, target: str, event: Event) -> bool:
        """Whether the posting's first message here may be on its way; one that is not is dropped or amended.

        An announcement that still waits will say what is true when it goes; what ended meanwhile is not told.
        """
        waiting = [row for row in await change.pending(event.posting) if row.target == target]
        if not waiting:
            return False
        if event.kind is EventKind.UPDATED:
            return any(row.attempts for row in waiting)
        dropped = await change.drop_pending(event.posting, target)
        return dropped < len(waiting)


def _matches(channel: ChannelSettings, record: Record, names: Names, now: datetime) -> bool:
    if not channel.filter:
        return True
    return matches(record, parse_question(channel.filter, names, now), now)
