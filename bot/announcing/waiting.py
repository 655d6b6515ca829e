"""What a channel already has of a posting, and what still waits to be said there, while a look is told."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from bot.wording import reasons
from postings.model import Event, EventKind
from postings.store import Change, Delivery, Hold, Living, Outgoing
from postings.store.codec import Json, event_from_json, event_to_json
from postings.store.values import DIGEST

OPENINGS = frozenset({EventKind.OPENED, EventKind.REOPENED})
ENDS = frozenset({EventKind.CLOSED, EventKind.FILLED, EventKind.WITHDRAWN})
FORMER = "former"
"""The kind of a row that lets the message of a former opening lead to the one of a reopening: its payload is
the event, with `former`, the id of that message, and `link`."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row that waits, and the event that it tells of the posting in question: a digest tells of several."""

    row: Delivery
    event: Event

    @property
    def held(self) -> int | None:
        """The number of the hold that keeps it."""
        return self.row.hold if self.row.state == "held" else None

    @property
    def begun(self) -> bool:
        """Whether it may have been sent."""
        return self.row.unknown


@dataclass(slots=True)
class Board:
    """What is said and what waits, of some postings in every target, within one transaction."""

    change: Change
    now: datetime
    holds: dict[int, Hold]
    """The holds of the source that are not ended."""
    living: dict[tuple[str, str], Living]
    """The living messages, by target and posting."""
    _by_posting: dict[str, list[Waiting]] = field(default_factory=dict)
    _digests: dict[int, list[Waiting]] = field(default_factory=dict)

    @classmethod
    async def load(cls, change: Change, source: str, postings: Collection[str], now: datetime) -> Board:
        """Locks the holds of the source, and what waits."""
        holds = {hold.number: hold for hold in await change.holds(source)}
        # What waits comes first: it is locked, so that what a worker notes as sent meanwhile is one or the other. Read
        # after the messages it could be neither, and the message would never be made true again.
        rows = await change.waiting(postings)
        board = cls(change, now, holds, await change.messages(postings))
        for row in rows:
            named = [Waiting(row, event) for event in events_of(row)]
            for one in named:
                board._by_posting.setdefault(one.event.posting, []).append(one)
            if row.kind == DIGEST:
                board._digests[row.id] = named
        return board

    def about(self, target: str, posting: str) -> list[Waiting]:
        """What waits to be said of a posting in a target, in order."""
        return [one for one in self.anywhere(posting) if one.row.target == target]

    def anywhere(self, posting: str) -> list[Waiting]:
        """What waits to be said of a posting in any target, in order."""
        return self._by_posting.get(posting, [])

    def targets(self, posting: str) -> set[str]:
        """Every target that has a posting's message, or waits to be told of it."""
        there = {target for target, told in self.living if told == posting}
        return there | {one.row.target for one in self.anywhere(posting)}

    def overwritten(self, one: Waiting) -> bool:
        """Whether it is held because a posting was written over another."""
        hold = self.holds.get(one.held) if one.held is not None else None
        return hold is not None and hold.reason == "overwritten"

    async def drop(self, one: Waiting, reason: str) -> None:
        """Takes back what is not sent yet: a row of its own is dropped, a digest names the posting no more."""
        if one.row.kind == DIGEST:
            await self._take_out(one, reason)
        else:
            await self.change.drop(one.row.id, now=self.now, reason=reason)
        self._forget(one)

    async def hold(self, one: Waiting, number: int) -> None:
        """Holds what waits; out of a digest, which goes without it."""
        if one.row.kind == DIGEST:
            await self._take_out(one, reasons.ALL_HELD)
            row = one.row
            await self.change.enqueue(
                Outgoing(
                    key=f"{one.event.id}:{row.target}",
                    target=row.target,
                    posting=one.event.posting,
                    kind=str(one.event.kind),
                    payload=event_to_json(one.event),
                    ready_at=row.ready_at or self.now,
                    created_at=row.created_at,
                    first=row.first,
                    hold=number,
                )
            )
        else:
            await self.change.set_hold(one.row.id, number)
        self._forget(one)

    async def free(self, one: Waiting) -> None:
        """Lets what is held be sent after all."""
        await self.change.set_hold(one.row.id, None)
        self._forget(one)

    async def _take_out(self, one: Waiting, reason: str) -> None:
        """Leaves one posting out of a digest, which goes on naming the others."""
        others = [other for other in self._digests[one.row.id] if other is not one]
        if others or is_periodic(one.row):
            events = [event_to_json(other.event) for other in others]
            await self.change.rewrite(one.row.id, {**one.row.payload, "events": events})
        else:
            await self.change.drop(one.row.id, now=self.now, reason=reason)

    def _forget(self, one: Waiting) -> None:
        for some in (self._by_posting[one.event.posting], self._digests.get(one.row.id)):
            if some is not None:
                some[:] = [other for other in some if other is not one]


def events_of(row: Delivery) -> list[Event]:
    """The events that a row tells of, in order; none for a note."""
    if row.kind == DIGEST:
        return [event_from_json(event) for event in cast("list[Json]", row.payload["events"])]
    return [event_from_json(row.payload)] if row.posting else []


def digest_payload(events: Iterable[Event]) -> Json:
    """The payload of a digest of some events."""
    return {"events": [event_to_json(event) for event in events]}


def is_periodic(row: Delivery) -> bool:
    """Whether a row is the digest of a period, which more may join until it leaves."""
    return "since" in row.payload
