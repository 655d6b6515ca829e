"""What one event makes of what a channel has of a posting: a draft of what to say, and what is taken back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.announcing.waiting import ENDS, OPENINGS, Board, Waiting, is_periodic
from bot.wording import reasons
from postings.model import Event, EventKind, Record
from postings.store import Living

EDIT = "edit"
"""The kind of a row whose event the channel did not ask for: the message is made true again, nothing is said."""


def standing(record: Record, id: str, kind: EventKind, *, revision: str | None, now: datetime) -> Event:
    """An event that the decider did not find, of a posting as it stands at `now` (UTC), for a row that needs one."""
    return Event(
        id=id,
        kind=kind,
        posting=record.id,
        at=now,
        state=record.state,
        previous_state=record.state,
        role=record.role,
        team=record.team,
        opening=record.openings,
        revision=revision,
    )


@dataclass(slots=True)
class Draft:
    """Something to say in a target about one posting."""

    target: str
    event: Event
    kind: str
    new: bool = False
    """Whether it would be a message of the channel itself: no edit, no reply."""
    first: bool = False
    """Whether it announces the posting's opening: then it waits until the file has settled."""
    hold: int | None = None
    """The number of the hold that it joins."""
    goes: bool = False
    """Whether it is sent even if all that this look found is held: it undoes what was held."""


class Telling:
    """The events of one look, one after the other. Nothing is written before `carry_out`.

    `untold` are the instants of looks whose closings were held and never told. `held` says that all that this
    look would enqueue is held: then what waits already is not dropped but held too.
    """

    def __init__(self, board: Board, untold: Collection[datetime], *, by_clock: bool) -> None:
        self.held = False
        self.undone: set[str] = set()
        """Postings that are again what they were before changes that were held."""
        self._board = board
        self._untold = untold
        self._by_clock = by_clock
        self._dropped: list[tuple[Waiting, str]] = []
        self._kept: list[Waiting] = []
        self._freed: list[Waiting] = []

    @property
    def keeps(self) -> bool:
        """Whether something that waited already is held with this look."""
        return bool(self._kept)

    def undoes(self, event: Event) -> bool:
        """Whether a posting enters or leaves *open* against what is held of it, so that nothing is to be told."""
        waiting = self._board.anywhere(event.posting)
        if event.kind in ENDS:
            return any(w.held is not None and w.event.kind in OPENINGS for w in waiting)
        return event.kind in OPENINGS and (event.ended_at in self._untold or bool(self._held_ends(waiting)))

    def settling(self, posting: str) -> bool:
        """Whether a posting's opening still waits somewhere to be told."""
        waiting = self._board.anywhere(posting)
        return any((w.row.first or is_periodic(w.row)) and not w.begun for w in waiting)

    def draft(self, target: str, event: Event, record: Record, *, asked: bool, wanted: bool) -> Draft | None:
        """What a target is told of an event; None when it is nothing.

        `record` is the posting after it. `asked`: the target wants events of this kind; `wanted`: and of this
        posting.
        """
        kind = str(event.kind) if asked else EDIT
        if event.kind in ENDS:
            return self._end(target, event, kind)
        if event.kind is EventKind.UPDATED:
            return self._update(target, event, kind)
        if event.kind is EventKind.CLOSING_SOON:
            return self._notice(target, event) if wanted else None
        return self._opening(target, event, record, wanted=wanted)

    def start(self, target: str, event: Event) -> Draft | None:
        """What a target is told of a posting that it did not ask for before a change, as `event` says it.

        None where it has the posting's message, or will have it.
        """
        waiting, living = self._of(target, event)
        if living is not None or any(w.row.kind != EDIT and w.event.kind not in ENDS for w in waiting):
            return None
        return Draft(target, event, str(event.kind), new=True, first=True, hold=self._joined(waiting))

    async def carry_out(self, hold: int | None) -> None:
        """Drops, holds and frees what waited; `hold` is that of this look."""
        for one, reason in self._dropped:
            await self._board.drop(one, reason)
        for one in self._freed:
            await self._board.free(one)
        for one in self._kept:
            if hold is not None:
                await self._board.hold(one, hold)

    def _opening(self, target: str, event: Event, record: Record, *, wanted: bool) -> Draft | None:
        waiting, living = self._of(target, event)
        ends = self._held_ends(waiting)
        if ends or event.ended_at in self._untold:
            self._drop(ends, reasons.OPEN_AGAIN)
            self._freed += [w for w in waiting if w.held is not None and w.event.kind in OPENINGS]
            return Draft(target, event, EDIT, goes=True) if living else None
        if wanted:
            new = living is None or (event.kind is EventKind.REOPENED and living.opening != record.entry)
            return Draft(target, event, str(event.kind), new=new, first=new, hold=self._joined(waiting))
        return Draft(target, event, EDIT, hold=self._joined(waiting)) if living else None

    def _notice(self, target: str, event: Event) -> Draft:
        waiting, _ = self._of(target, event)
        hold = self._joined(w for w in waiting if w.event.kind in OPENINGS)
        return Draft(target, event, str(event.kind), new=True, hold=hold)

    def _update(self, target: str, event: Event, kind: str) -> Draft | None:
        waiting, living = self._of(target, event)
        if any(w.row.first and not w.begun for w in waiting):
            return None  # an announcement that still waits will say what is true when it goes
        if living is None and not any(w.begun for w in waiting):
            return None
        held = [w for w in waiting if w.held is not None and w.event.kind is EventKind.UPDATED]
        if held and _nothing_left([*(w.event for w in held), event]):
            self._drop(held, reasons.AS_IT_WAS)
            self.undone.add(event.posting)
            return None
        unsaid = [w for w in waiting if w.event.kind is EventKind.UPDATED and not w.held and not w.begun]
        if unsaid and _nothing_left([*_once(w.event for w in unsaid), event]):
            self._drop(unsaid, reasons.AS_IT_WAS)
            kind = EDIT
        return Draft(target, event, kind, hold=self._joined(waiting))

    def _end(self, target: str, event: Event, kind: str) -> Draft | None:
        waiting, living = self._of(target, event)
        if any(w.held is not None and w.event.kind in OPENINGS for w in waiting):
            self._drop([w for w in waiting if w.held is not None], reasons.ENDED)
            return Draft(target, event, EDIT, goes=True) if living else None
        opening = [w for w in waiting if w.event.kind in OPENINGS and not w.begun]
        if self.held:
            self._kept += opening
        else:
            self._drop(opening, reasons.ENDED)
            changes = [w for w in waiting if w.held is not None and w.event.kind not in ENDS]
            self._drop([w for w in changes if not self._board.overwritten(w)], reasons.HAS_ENDED)
        # Never announced here: its end says nothing.
        told = living is not None or any(w.begun for w in waiting) or (self.held and bool(opening))
        if not told:
            return None
        return Draft(target, event, kind, hold=None if self._by_clock else self._joined(waiting))

    def _of(self, target: str, event: Event) -> tuple[list[Waiting], Living | None]:
        """What waits of a posting in a target, and its message there."""
        board, posting = self._board, event.posting
        return board.about(target, posting), board.living.get((target, posting))

    def _held_ends(self, waiting: Iterable[Waiting]) -> list[Waiting]:
        return [
            w
            for w in waiting
            if w.held is not None and w.event.kind in ENDS and not self._board.overwritten(w)
        ]

    def _joined(self, waiting: Iterable[Waiting]) -> int | None:
        """The hold of what waits already: nothing of a posting overtakes what is held of it."""
        dropped = {id(w) for w, _ in self._dropped}
        return next((w.held for w in waiting if w.held is not None and id(w) not in dropped), None)

    def _drop(self, some: Iterable[Waiting], reason: str) -> None:
        self._dropped += [(one, reason) for one in some]


def _once(events: Iterable[Event]) -> list[Event]:
    """Events without those that a second row tells of."""
    return list({event.id: event for event in events}.values())


def _nothing_left(events: Sequence[Event]) -> bool:
    """Whether changes of a posting, one after the other, end where they began."""
    before: dict[str, object] = {}
    after: dict[str, object] = {}
    for event in events:
        for change in event.changes:
            before.setdefault(change.field, change.before)
            after[change.field] = change.after
    return before == after
