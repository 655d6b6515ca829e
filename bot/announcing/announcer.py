"""Which channels are to be told of what a look found: rows of the outbox, in the transaction that found it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.announcing.audience import Audience
from bot.announcing.holding import Moved, is_mass_change, overwritten
from bot.announcing.leaving import Leaving
from bot.announcing.telling import EDIT, Draft, Telling, standing
from bot.announcing.waiting import Board
from bot.options.settings import ChannelSettings
from bot.options.ways import WaysOf, plain
from bot.staff import hold_notes, notes
from postings.lifecycle import NEW_ENTRY_AFTER
from postings.model import Event, EventKind, Record
from postings.questions.model import Names
from postings.store import Change, Hold, Outgoing
from postings.store.codec import Json
from postings.store.values import NOTE

__all__ = ["EDIT", "SETTLE_AT_MOST", "Announcer", "Found"]

_log = structlog.get_logger(__name__)

SETTLE_AT_MOST = timedelta(hours=2)
"""A first announcement waits no longer, however often the file changes."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a look, or the clock, found in a source: events that are new, and the records before and after."""

    source: str
    events: Sequence[Event]
    known: Mapping[str, Record]
    records: Mapping[str, Record]
    names: Names
    """The names that filters may mean."""
    revision: str | None = None
    """The revision in which it was found; None when the clock alone caused it: then nothing is held."""
    changed: Collection[str] = ()
    """The postings whose own files changed, whether an event came of it or not."""

    @property
    def by_clock(self) -> bool:
        """Whether nothing changed but the time."""
        return self.revision is None

    def moved(self, but: Collection[str] = ()) -> Moved:
        """How many postings entered and left *open*, but for some."""
        postings = {event.posting for event in self.events}.difference(but)
        return Moved.between((self.known.get(id), self.records[id]) for id in postings)


class Announcer:
    """Turns events into messages to send. It sends nothing itself.

    Channels and subscriptions of one platform and target are one place, told once of what any of them asks for.
    `staff` is the key of the place that is told what a person must know or decide. `named` says which source is
    meant, where there are several. `ways` says how each place is told.
    """

    def __init__(
        self,
        channels: Sequence[ChannelSettings],
        settle: timedelta,
        *,
        flood_limit: int = 5,
        mass_change: int = 10,
        staff: str | None = None,
        named: bool = False,
        ways: WaysOf = plain,
    ) -> None:
        self._settle = settle
        self._flood_limit = flood_limit
        self._leaving = Leaving(ways, settle, flood_limit)
        self._mass_change = mass_change
        self._staff = staff
        self._named = named
        self._places: dict[str, list[ChannelSettings]] = {}
        for channel in channels:
            self._places.setdefault(channel.key, []).append(channel)

    @property
    def filters(self) -> bool:
        """Whether any channel asks for some postings only: then, or with subscriptions, `tell` needs names."""
        return any(channel.filter for channels in self._places.values() for channel in channels)

    async def baseline(
        self, change: Change, source: str, open_now: int, now: datetime, unreadable: int = 0
    ) -> None:
        """Tells the staff that a source is followed from now on, and how many files of it cannot be read."""
        payload = notes.baseline(self._name(source), open_now, unreadable)
        await self._note(change, f"baseline:{source}", payload, now)

    async def settle(self, change: Change, changed: Iterable[str], now: datetime) -> None:
        """Lets the first announcements of postings whose files changed again wait anew."""
        changed = set(changed)
        if self._settle and changed:
            await change.postpone(changed, now + self._settle, SETTLE_AT_MOST, self._leaving.at)

    async def tell(self, change: Change, found: Found, now: datetime) -> int:
        """Enqueues what the channels are to be told, or holds it; returns how many rows that is."""
        events = [event for event in found.events if event.kind is not EventKind.STALE]
        # Stale postings are for the staff (bot/staff/staff.py), not for the community.
        audience = await Audience.of(self._places, change, found.names, now)
        starts = await audience.starts(found.changed, found.known, found.records)
        if not events and not starts:
            return 0
        concerned = {event.posting for event in events} | {record.id for record, _ in starts}
        board = await Board.load(change, found.source, concerned, now)
        await audience.load(events, found.records, board)
        telling = Telling(board, await _untold(change, found.source, events), by_clock=found.by_clock)
        mass = None if found.by_clock else await self._mass(change, found, telling, now)
        telling.held = mass is not None
        drafts = [draft for event in events for draft in _drafts(telling, event, found, audience, board)]
        drafts += _new_here(telling, starts, found, now)
        number = None
        if mass is not None:
            number = await self._hold_all(change, mass, drafts, keeps=telling.keeps)
        elif not found.by_clock:
            await self._hold_overwritten(change, found, telling, drafts, now)
        await telling.carry_out(number)
        count = await self._leaving.enqueue(change, drafts, now)
        if board.holds:
            for number in await change.void_holds(found.source, now):
                _log.info("hold ended by itself", source=found.source, hold=number)
                await self._note(change, f"void:{number}", hold_notes.void(number), now)
        return count

    async def _mass(self, change: Change, found: Found, telling: Telling, now: datetime) -> Hold | None:
        """The hold of all that this look found, when too much moved at once. What is undone does not count."""
        undone = {event.posting for event in found.events if telling.undoes(event)}
        moved, counted = found.moved(), found.moved(undone)
        # A last posting that ends is no surprise; several that end with nothing left are.
        emptied = counted.left > 1 and not await change.lists_any(found.source)
        # Since a backup that was restored they may have been told of together, which cannot be looked for.
        restored = change.restored_from is not None and counted.entered > self._flood_limit
        if not emptied and not restored and counted.together <= self._mass_change:
            return None
        before = await change.count_open(found.source) - moved.entered + moved.left
        mass = is_mass_change(counted, before, self._mass_change)
        if not emptied and not mass and not restored:
            return None
        return Hold(
            0,
            found.source,
            now,
            "emptied" if emptied else "mass_change" if mass else "restored",
            entered=counted.entered,
            left=counted.left,
            open_before=before,
        )

    async def _hold_all(
        self, change: Change, mass: Hold, drafts: Sequence[Draft], *, keeps: bool
    ) -> int | None:
        """Holds what a mass change would tell; what nobody was to be told of is remembered, and void."""
        held = [draft for draft in drafts if draft.hold is None and not draft.goes]
        if not held and not keeps:
            if not mass.left:
                return None
            mass = replace(mass, state="void", ended_at=mass.at)
        number = await change.add_hold(mass)
        for draft in held:
            draft.hold = number
        mass = replace(mass, number=number)
        self._warn(mass, len(held))
        await self._note(
            change, f"hold:{number}", hold_notes.mass(mass, self._name(mass.source), len(held)), mass.at
        )
        return number

    async def _hold_overwritten(
        self, change: Change, found: Found, telling: Telling, drafts: Sequence[Draft], now: datetime
    ) -> None:
        """Holds what would be told of postings that others seem to have been written over, and asks the staff."""
        for id in sorted({event.posting for event in found.events} - telling.undone):
            known, record = found.known.get(id), found.records[id]
            mine = [draft for draft in drafts if draft.event.posting == id and not draft.goes]
            if telling.settling(id) or any(draft.hold is not None for draft in mine):
                continue  # nothing was told of the former one, or the staff was asked already
            if known is None or not overwritten(known, record):
                continue
            hold = Hold(0, found.source, now, "overwritten", posting=id)
            if mine:
                hold = replace(hold, number=await change.add_hold(hold))
                for draft in mine:
                    draft.hold = hold.number
            self._warn(hold, len(mine))
            key = f"hold:{hold.number}" if mine else f"overwritten:{id}:{found.revision}"
            payload = hold_notes.overwritten(
                hold.number or None, self._name(found.source), known, record, len(mine)
            )
            await self._note(change, key, payload, now)

    async def _note(self, change: Change, what: str, payload: Json, now: datetime) -> None:
        """Tells the staff, where there is a place for it."""
        if self._staff is not None:
            key = f"{NOTE}:{what}:{self._staff}"
            await change.enqueue(Outgoing(key, self._staff, "", NOTE, payload, now, now))

    def _name(self, source: str) -> str | None:
        return source if self._named else None

    def _warn(self, hold: Hold, rows: int) -> None:
        _log.warning(
            "announcements held",
            source=hold.source,
            hold=hold.number or None,
            reason=hold.reason,
            posting=hold.posting,
            entered=hold.entered,
            left=hold.left,
            rows=rows,
        )


async def _untold(change: Change, source: str, events: Iterable[Event]) -> set[datetime]:
    """The ends from which postings came back, and of which nobody was told since they were held."""
    ends = {
        event.ended_at
        for event in events
        if event.ended_at is not None and event.at - event.ended_at <= NEW_ENTRY_AFTER
    }
    return await change.held_ends(source, ends) if ends else set()


def _drafts(
    telling: Telling, event: Event, found: Found, audience: Audience, board: Board
) -> Iterator[Draft]:
    """What each place is told of an event."""
    record = found.records[event.posting]
    for place in audience.places(event, record, board):
        draft = telling.draft(place.target, event, record, asked=place.asked, wanted=place.wanted)
        if draft is not None:
            yield draft


def _new_here(
    telling: Telling, starts: Iterable[tuple[Record, Collection[str]]], found: Found, now: datetime
) -> Iterator[Draft]:
    """What places are told of postings that they did not ask for before these changed: once an opening."""
    for record, targets in starts:
        id = f"match:{record.id}:{record.openings}"
        event = standing(record, id, EventKind.OPENED, revision=found.revision, now=now)
        yield from filter(None, (telling.start(target, event) for target in sorted(targets)))
