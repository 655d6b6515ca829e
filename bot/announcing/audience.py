"""Who asks for what: the channels of the configuration and the subscriptions, one place where they share a target."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.announcing.waiting import Board
from bot.options.settings import ChannelSettings
from postings.model import Event, EventKind, Record, State
from postings.questions.match import matches
from postings.questions.model import Names
from postings.questions.parse import parse_question
from postings.store import Change

Channels = Mapping[str, Sequence[ChannelSettings]]
"""The channels of the configuration, by place."""

_ASKED_OF = frozenset({EventKind.OPENED, EventKind.REOPENED, EventKind.CLOSING_SOON})
"""Of these a place is told that asks for the posting; all else follows the message that is there."""


@dataclass(frozen=True, slots=True)
class Place:
    """What one place asks of one event."""

    target: str
    asked: bool
    """Whether it wants events of this kind."""
    wanted: bool
    """Whether it wants them of this posting."""


@dataclass(slots=True)
class Audience:
    """What the places ask of some postings, within one transaction."""

    _channels: Channels
    _names: Names
    _now: datetime
    _change: Change
    _filed: Names | None = None
    """The names that subscriptions are understood with; None where there is none."""
    _asking: dict[str, set[str]] = field(default_factory=dict)
    """The targets whose subscriptions a posting answers, by its id."""
    _standing: Mapping[str, bool] = field(default_factory=dict)

    @classmethod
    async def of(cls, channels: Channels, change: Change, names: Names, now: datetime) -> Audience:
        """The audience as it is: no subscription is made or ended before the transaction ends."""
        audience = cls(channels, names, now, change)
        if await change.subscriptions.any():
            audience._filed = await change.subscriptions.understood(names, now)
        return audience

    async def starts(
        self, changed: Collection[str], known: Mapping[str, Record], records: Mapping[str, Record]
    ) -> list[tuple[Record, frozenset[str]]]:
        """Of some postings whose files changed, the open ones that answer in places where they did not before.

        Both readings are asked at the same instant: what only the time does is no start.
        """
        found: list[tuple[Record, frozenset[str]]] = []
        filtered = any(channel.filter for some in self._channels.values() for channel in some)
        if not filtered and self._filed is None:
            return found
        for id in sorted(changed):
            before, after = known.get(id), records.get(id)
            if before is None or after is None or before.posting == after.posting:
                continue
            if not before.state == after.state == State.OPEN:
                continue  # what opens is told as such
            here = await self._wanting(after)
            if here and (new := here - await self._wanting(before)):
                found.append((after, frozenset(new)))
        return found

    async def load(self, events: Sequence[Event], records: Mapping[str, Record], board: Board) -> None:
        """Reads what `places` needs of some events, and of what the board has of their postings."""
        if self._filed is not None:
            for id in dict.fromkeys(event.posting for event in events if event.kind in _ASKED_OF):
                self._asking[id] = await self._subscribed(records[id])
        targets = set().union(*self._asking.values(), *(board.targets(event.posting) for event in events))
        self._standing = await self._change.subscriptions.standing(targets)

    def places(self, event: Event, record: Record, board: Board) -> Iterator[Place]:
        """Every place that may be told of an event, the configured ones first.

        Where all subscriptions have ended, what was announced goes on being kept true.
        """
        asking = self._asking.get(event.posting, set())
        for target, channels in self._channels.items():
            asks = [channel for channel in channels if event.kind in channel.events]
            asked = bool(asks) or self._standing.get(target, False)
            wanted = target in asking or any(self._matches(channel, record) for channel in asks)
            yield Place(target, asked, wanted)
        there = asking | (board.targets(event.posting) & self._standing.keys())
        for target in sorted(there - self._channels.keys()):
            yield Place(target, self._standing[target], target in asking)

    async def _wanting(self, record: Record) -> set[str]:
        """The places that want an opening of a posting to be told."""
        wanting = await self._subscribed(record)
        for target, channels in self._channels.items():
            asks = (channel for channel in channels if EventKind.OPENED in channel.events)
            if target not in wanting and any(self._matches(channel, record) for channel in asks):
                wanting.add(target)
        return wanting

    async def _subscribed(self, record: Record) -> set[str]:
        if self._filed is None:
            return set()
        return await self._change.subscriptions.asking(record, self._filed, self._now)

    def _matches(self, channel: ChannelSettings, record: Record) -> bool:
        if not channel.filter:
            return True
        return matches(record, parse_question(channel.filter, self._names, self._now), self._now)
