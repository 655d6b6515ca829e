"""When and together with what each thing leaves: drafts become rows of the outbox, as their place wants it.

At once, after the quiet hours, or in the digest of a period; too many new messages for a place go together.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Final

import structlog

from bot.announcing.telling import EDIT, Draft
from bot.announcing.waiting import ENDS, digest_payload, events_of, is_periodic
from bot.options.ways import WaysOf
from bot.wording import reasons
from bot.wording.messages import TOLD_IN_THREAD
from postings.dates import paris_day
from postings.model import EventKind
from postings.store import Change, Delivery, Outgoing
from postings.store.codec import event_to_json
from postings.store.values import DIGEST

DIGEST_AT_MOST: Final = 15
"""Postings that one digest names: with their links they stay within every platform's limits."""
_log = structlog.get_logger(__name__)

_GRACE = timedelta(minutes=1)
"""A digest leaves so long after its instant, at which the clock finds things too: they are in it."""


class Leaving:
    """Puts drafts into the outbox. `settle` is how long a first announcement waits, but in a digest of a period.

    With more than `flood_limit` new messages for a place in one look, or at one end of its quiet hours, they
    become one.
    """

    def __init__(self, ways: WaysOf, settle: timedelta, flood_limit: int) -> None:
        self._ways = ways
        self._settle = settle
        self._flood_limit = flood_limit

    def at(self, target: str, instant: datetime) -> datetime:
        """The first instant, in UTC, at or after another at which a place may be told something new."""
        return self._ways(target).quiet.ends(instant)

    async def enqueue(self, change: Change, drafts: Iterable[Draft], now: datetime) -> int:
        """Enqueues drafts, in their order, each ready when its place takes it; returns how many rows are new."""
        at_once: list[Draft] = []
        late: dict[tuple[str, datetime], list[Draft]] = {}
        periodic: dict[str, list[Draft]] = {}
        alone: list[Draft] = []
        for draft in drafts:
            if change.restored_from is not None and self._in_a_digest(draft, change.restored_from, now):
                _log.warning(
                    "perhaps told before the restore", target=draft.target, posting=draft.event.posting
                )
            elif self._ways(draft.target).schedule is not None:
                periodic.setdefault(draft.target, []).append(draft)
            elif change.restored_from is not None:
                alone.append(draft)  # each is looked for by its own key
            elif draft.new and self._ready(draft, now) > self._asked(draft, now):
                late.setdefault((draft.target, self._ready(draft, now)), []).append(draft)
            else:
                at_once.append(draft)
        groups = [*self._grouped(at_once), *([draft] for draft in alone)]
        rows = [row for some in groups for row in self._rows(some, now)]
        added = sum([await change.enqueue(row) for row in rows])
        for (target, ready), some in late.items():
            added += await self._together(change, target, ready, some, now)
        for target, some in periodic.items():
            added += await self._periodic(change, target, some, now)
        return added

    def _in_a_digest(self, draft: Draft, since: datetime, now: datetime) -> bool:
        """Whether a digest that left since a backup may have told of it: what a digest named cannot be looked for."""
        schedule = self._ways(draft.target).schedule
        if schedule is None or not draft.new or draft.hold is not None:
            return False
        former = schedule.former(now)
        return former is not None and former + _GRACE >= since

    def _asked(self, draft: Draft, now: datetime) -> datetime:
        """When it would leave if no hour were quiet."""
        return now + self._settle if draft.first else now

    def _ready(self, draft: Draft, now: datetime) -> datetime:
        asked = self._asked(draft, now)
        if draft.hold is not None or draft.goes:
            return asked
        ends = self.at(draft.target, asked)
        event = draft.event
        if event.kind is EventKind.CLOSING_SOON:
            closing = paris_day(event.at) + timedelta(days=event.notice or 0)
            if paris_day(ends) > closing:
                return asked  # a weekend that is disturbed costs less than a deadline that is missed
        return ends

    def _grouped(self, drafts: Sequence[Draft]) -> list[list[Draft]]:
        """What goes in one row each: too many new messages for a target go together."""
        groups: dict[object, list[Draft]] = {}
        new = Counter((draft.target, draft.hold) for draft in drafts if draft.new)
        for draft in drafts:
            flood = draft.new and new[draft.target, draft.hold] > self._flood_limit
            groups.setdefault((draft.target, draft.hold, draft.first) if flood else id(draft), []).append(
                draft
            )
        return [
            some[start : start + DIGEST_AT_MOST]
            for some in groups.values()
            for start in range(0, len(some), DIGEST_AT_MOST)
        ]

    def _rows(self, drafts: Sequence[Draft], now: datetime) -> list[Outgoing]:
        """The row that says one thing, or several in a digest; in quiet hours an edit, and its reply later."""
        first = drafts[0]
        if len(drafts) > 1:
            return [_digest(drafts, self._asked(first, now), now)]
        row = _single(first, self._ready(first, now) if self._aloud(first) else self._asked(first, now), now)
        if first.new or row.ready_at == now or row.hold is not None:
            return [row]
        return [replace(row, key=f"{first.event.id}:{EDIT}:{first.target}", kind=EDIT, ready_at=now), row]

    def _aloud(self, draft: Draft) -> bool:
        """Whether more than an edit is made of it."""
        kind = draft.event.kind
        if draft.kind == EDIT:
            return False
        if kind is EventKind.UPDATED:
            return any(change.field in TOLD_IN_THREAD for change in draft.event.changes)
        return kind not in ENDS or self._ways(draft.target).tells_ends

    async def _together(
        self, change: Change, target: str, ready: datetime, drafts: Sequence[Draft], now: datetime
    ) -> int:
        """Adds what waits for the end of quiet hours to what waits for the same end already."""
        waiting = [row for row in await change.ready_at(target, ready) if not is_periodic(row) and _new(row)]
        digests = [row for row in waiting if row.kind == DIGEST]
        singles = [row for row in waiting if row.kind != DIGEST]
        if not digests and len(singles) + len(drafts) <= self._flood_limit:
            return sum([await change.enqueue(_single(draft, ready, now)) for draft in drafts])
        # Drafts again, so that what waited and what comes now are one kind of thing.
        pool = [
            Draft(target, event, row.kind, new=True, first=row.first)
            for row in singles
            if await change.drop(row.id, now=now, reason=reasons.TOGETHER)
            for event in events_of(row)
        ]
        pool += drafts
        for row in digests:
            events = events_of(row)
            room = max(0, DIGEST_AT_MOST - len(events))
            more = [draft.event for draft in pool[:room]]
            if more and await change.rewrite(row.id, digest_payload([*events, *more])):
                pool = pool[room:]
        parts = [pool[start : start + DIGEST_AT_MOST] for start in range(0, len(pool), DIGEST_AT_MOST)]
        rows = [
            _digest(some, ready, now) if len(some) > 1 else _single(some[0], ready, now) for some in parts
        ]
        return sum([await change.enqueue(row) for row in rows])

    async def _periodic(self, change: Change, target: str, drafts: Sequence[Draft], now: datetime) -> int:
        """What a place with digests is told: what is new in the next one, all else by silent edits."""
        schedule = self._ways(target).schedule
        assert schedule is not None  # noqa: S101  the caller looked
        rows = [
            replace(_single(draft, now, now), kind=EDIT) for draft in drafts if not draft.new or draft.goes
        ]
        held: dict[int, list[Draft]] = {}
        for draft in drafts:
            if draft.new and draft.hold is not None:
                held.setdefault(draft.hold, []).append(draft)
        since = schedule.former(now) or now
        rows += [
            _digest(some[start : start + DIGEST_AT_MOST], now, now, since)
            for some in held.values()
            for start in range(0, len(some), DIGEST_AT_MOST)
        ]
        added = sum([await change.enqueue(row) for row in rows])
        free = [draft for draft in drafts if draft.hold is None and not draft.goes]
        named = [draft.event for draft in free if draft.new]
        ended = [draft.event for draft in free if draft.event.kind in ENDS and draft.kind != EDIT]
        for instant in schedule.instants(now - _GRACE):
            if not named and not ended:
                break
            since = schedule.former(instant) or now
            for part in count():
                if not named and not ended:
                    break
                key = f"{DIGEST}:{instant.isoformat()}:{part}:{target}"
                if await change.enqueue(_empty(key, target, since, part, instant + _GRACE, now), unsent=True):
                    added += 1
                row = await change.row(key)
                if row is None or row.state != "pending" or row.unknown:
                    break  # it has left, or is leaving
                events = events_of(row)
                room = max(0, DIGEST_AT_MOST - sum(event.kind not in ENDS for event in events))
                joined = [*events, *ended, *named[:room]]
                if not await change.rewrite(row.id, {**row.payload, **digest_payload(joined)}):
                    break
                ended, named = [], named[room:]
        return added


def _single(draft: Draft, ready: datetime, now: datetime) -> Outgoing:
    return Outgoing(
        key=f"{draft.event.id}:{draft.target}",
        target=draft.target,
        posting=draft.event.posting,
        kind=draft.kind,
        payload=event_to_json(draft.event),
        ready_at=ready,
        created_at=now,
        first=draft.first,
        hold=draft.hold,
    )


def _digest(
    drafts: Sequence[Draft], ready: datetime, now: datetime, since: datetime | None = None
) -> Outgoing:
    """One row for several postings; with `since`, of the period that began then."""
    first = drafts[0]
    events = [draft.event for draft in drafts]
    name = hashlib.sha256("".join(event.id for event in events).encode()).hexdigest()[:32]
    payload = digest_payload(events)
    if since is not None:
        payload |= {"since": since.isoformat(), "part": 0}
    return Outgoing(
        key=f"{DIGEST}:{name}:{first.target}",
        target=first.target,
        posting="",
        kind=DIGEST,
        payload=payload,
        ready_at=ready,
        created_at=now,
        first=since is None and any(draft.first for draft in drafts),
        hold=first.hold,
    )


def _empty(key: str, target: str, since: datetime, part: int, ready: datetime, now: datetime) -> Outgoing:
    """The digest of a period, before anything joined it."""
    payload = {"events": [], "since": since.isoformat(), "part": part}
    return Outgoing(key, target, "", DIGEST, payload, ready, now)


def _new(row: Delivery) -> bool:
    """Whether a row that waits would be a message of the channel itself."""
    return row.first or row.kind in {DIGEST, str(EventKind.CLOSING_SOON)}
