"""What feeds and pages show, kept in memory: what is open or ended less than 14 days ago, however much is known."""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice

from feeds.entries import KEPT, MOST, is_shown, to_the_second
from postings.catalogue import Catalogue
from postings.dates import midnight, paris_day
from postings.model import Posting, Record
from postings.questions.model import Names

_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class View:
    """What was known at one moment; it does not change any more."""

    version: int
    """Another one whenever a posting, a team or an event may have been written."""
    records: tuple[Record, ...]
    """The latest opened first, then by id; some may have ended 14 days ago since."""
    stamps: Mapping[str, int]
    """By id, a number that is another one once what people see of the record changed."""
    last_look: datetime | None
    """The instant of the last look at the sources that succeeded, None before the first."""
    changed_at: datetime
    """The last instant at which something happened to one of the records."""
    left_at: datetime
    """The last instant at which a posting that is in `records` no more left them because of the clock."""
    leaving: tuple[datetime, ...]
    """The instants at which records of these are shown no more, in order."""

    def stamped(self, records: Iterable[Record]) -> tuple[tuple[str, int], ...]:
        """What stands for some of `records` as people see them: equal as long as these do not change."""
        return tuple((record.id, self.stamps[record.id]) for record in records)

    def latest(self, holds: Callable[[Posting], bool], now: datetime) -> list[Record]:
        """What `entries.shown` gives of the records whose posting `holds`, without looking at all of them."""
        found = (r for r in self.records if r.posting is not None and holds(r.posting) and is_shown(r, now))
        return list(islice(found, MOST))

    def modified(self, now: datetime) -> datetime:
        """The last instant up to `now` at which anything changed that is shown, or left because of the clock."""
        gone = self.leaving[: bisect_right(self.leaving, now)]
        return max(self.changed_at, self.left_at, *gone[-1:])

    def until(self, now: datetime) -> datetime | None:
        """The first instant after `now` at which a record of these is shown no more."""
        return next(iter(self.leaving[bisect_right(self.leaving, now) :]), None)


class Shown:
    """Keeps what is shown up to date: each `view` costs what was written since the last, and mostly nothing.

    `clock` gives the present instant in UTC.
    """

    def __init__(self, catalogue: Catalogue, clock: Callable[[], datetime]) -> None:
        self._catalogue = catalogue
        self._clock = clock
        self._lock = asyncio.Lock()
        self._beat: object = None
        self._mark: object = None
        self._view: View | None = None
        self._records: dict[str, Record] = {}
        self._stamps: dict[str, int] = {}
        self._stamped = 0
        self._bodies: dict[str, int] = {}
        self._changes: dict[str, datetime] = {}
        self._ranks: dict[str, float] = {}
        self._names: tuple[int, Names] | None = None

    async def view(self) -> View:
        """What is shown now. Raises StoreError when it must be read and cannot be."""
        beat = self._catalogue.beat()
        if self._view is not None and beat is not None and beat == self._beat:
            return self._view
        async with self._lock:
            # The beat comes before what is read: what is written meanwhile is seen the next time.
            beat = self._catalogue.beat()
            if self._view is None or beat is None or beat != self._beat:
                self._view = await self._refreshed(self._view)
                self._beat = beat
            return self._view

    async def names(self, view: View) -> Names:
        """The names of a view, to understand questions with: the same object as long as they do not change."""
        if self._names is None or self._names[0] != view.version:
            names = await self._catalogue.names()
            same = self._names is not None and self._names[1] == names
            self._names = view.version, self._names[1] if same and self._names else names
        return self._names[1]

    async def bodies(self, ids: Collection[str]) -> Mapping[str, str]:
        """The bodies of some postings that are shown; from now on they are looked at as well."""
        found = await self._catalogue.bodies(ids)
        for id in ids:
            self._bodies.setdefault(id, hash(found.get(id)))
        return found

    async def _refreshed(self, former: View | None) -> View:
        changed = await self._catalogue.changed(self._mark)
        if former is not None and changed.mark is not None and changed.mark == self._mark:
            return replace(former, last_look=changed.last_look)
        since = self._clock() - KEPT
        ids = None if former is None else changed.ids
        if ids is None or ids:
            await self._read(since, ids)
        self._mark = changed.mark
        left_at = self._let_go(since) if former else await self._left(since)
        return View(
            version=former.version + 1 if former else 0,
            records=self._sorted(),
            stamps=dict(self._stamps),
            last_look=changed.last_look,
            changed_at=max(self._changes.values(), default=_LONG_AGO),
            left_at=max(left_at, former.left_at if former else _LONG_AGO),
            leaving=tuple(sorted(r.ended_at + KEPT for r in self._records.values() if r.ended_at)),
        )

    def _sorted(self) -> tuple[Record, ...]:
        """The records, in the order of feeds. What was in order already costs next to nothing to sort."""
        order = sorted(self._records, key=lambda id: (self._ranks[id], id))
        self._records = {id: self._records[id] for id in order}
        return tuple(self._records.values())

    async def _read(self, since: datetime, ids: Collection[str] | None) -> None:
        """Reads all that is shown, or what of it is of some ids."""
        read = await self._catalogue.shown(since, ids)
        found = {record.id: record for record in read if record.posting is not None and record.opened_at}
        concerned = self._records.keys() if ids is None else self._records.keys() & ids
        for id in concerned - found.keys():
            self._forget(id)
        known = self._bodies.keys() & found.keys()
        bodies = await self._catalogue.bodies(known) if known else {}
        for id, record in found.items():
            before = self._records.get(id)
            body = hash(bodies.get(id))
            if before is None or as_seen(before) != as_seen(record) or self._bodies.get(id, body) != body:
                self._stamped += 1
                self._stamps[id] = self._stamped
            if id in known:
                self._bodies[id] = body
            self._records[id] = record
            self._ranks[id] = -to_the_second(record.opened_at or _LONG_AGO).timestamp()
            moments = (record.opened_at, record.updated_at, record.ended_at)
            self._changes[id] = min(max(moment for moment in moments if moment is not None), self._clock())

    def _forget(self, id: str) -> None:
        for held in (self._records, self._stamps, self._changes, self._ranks):
            held.pop(id)
        self._bodies.pop(id, None)

    def _let_go(self, since: datetime) -> datetime:
        """Forgets what ended up to `since`; returns the instant at which the last of it was shown no more."""
        gone = {r.id: r.ended_at for r in self._records.values() if r.ended_at and r.ended_at <= since}
        for id in gone:
            self._forget(id)
        return max(gone.values(), default=_LONG_AGO - KEPT) + KEPT

    async def _left(self, since: datetime) -> datetime:
        last = await self._catalogue.last_end(since)
        return _LONG_AGO if last is None else last + KEPT


def next_day(view: View, now: datetime) -> datetime:
    """The instant from which the clock alone changes what is shown, or what is said of days in Paris."""
    tomorrow = midnight(paris_day(now) + timedelta(days=1))
    return min(tomorrow, view.until(now) or tomorrow)


def as_seen(record: Record) -> Record:
    """A record as people see it: without what only decides on events."""
    return replace(record, told=frozenset(), quiet_since=None)
