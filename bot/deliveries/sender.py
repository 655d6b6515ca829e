"""What every row of the outbox needs on its way: posting once, noting it, and the words of a digest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256

import structlog

from bot.announcing.periodic import periodic
from bot.announcing.waiting import is_periodic
from bot.channels.base import Channel, OutcomeUnknown
from bot.deliveries.doubts import Doubts
from bot.metrics import Outcome
from bot.options.ways import Ways
from bot.wording import reasons
from bot.wording.digests import digest
from bot.wording.message import Message
from postings.dates import paris_day
from postings.model import Event, EventKind, Record
from postings.store import Delivery, Living, Outgoing, Store

_log = structlog.get_logger(__name__)


class Skipped(Exception):
    """A message that may have been sent is not sent again."""


@dataclass(frozen=True, slots=True)
class Errand:
    """A row, and all that is needed to send it to its place. `clock` returns the present instant in UTC."""

    store: Store
    channel: Channel
    place: str
    row: Delivery
    clock: Callable[[], datetime]
    ways: Ways = field(default_factory=Ways)
    doubts: Doubts = field(default_factory=Doubts)
    count: Callable[[Outcome], None] = lambda _outcome: None


class Sender:
    """What can be done about an errand."""

    def __init__(self, errand: Errand) -> None:
        self._errand = errand
        self._store = errand.store
        self._channel = errand.channel
        self._place = errand.place
        self._row = errand.row
        self._clock = errand.clock
        self._language = errand.ways.language
        self._doubts = errand.doubts
        self._perhaps_twice = False

    async def _post(self, message: Message, *, reply_to: str | None = None, broadcast: bool = False) -> str:
        """Posts, unless an earlier attempt whose outcome was unknown turns out to have done so."""
        found = await self._posted_already()
        if found is None:
            return await self._channel.post(
                self._place, message, delivery=self._delivery, reply_to=reply_to, broadcast=broadcast
            )
        if self._row.restored_from is not None and reply_to is None:
            # It was told by whoever used the database that was lost, perhaps long ago: it is made true again.
            await self._channel.edit(self._place, found, message)
        return found

    async def _posted_already(self) -> str | None:
        """The message of an earlier attempt whose outcome was unknown, if the platform has it.

        Raises Skipped where the platform cannot tell and such messages are not sent again.
        """
        since = min(filter(None, (self._row.unknown_since, self._row.restored_from)), default=None)
        if since is None:
            return None
        try:
            return await self._channel.find(self._place, self._delivery, since.timestamp())
        except OutcomeUnknown:
            if self._row.restored_from is not None or self._doubts.skips(self._channel.platform):
                raise Skipped from None
            self._perhaps_twice = True
            return None

    async def _done(
        self,
        message_id: str | None,
        living: Iterable[Living] = (),
        payload: Mapping[str, object] | None = None,
        then: Iterable[Outgoing] = (),
    ) -> None:
        doubtful = self._perhaps_twice and message_id is not None
        await self._store.outbox.done(
            self._row.id,
            now=self._clock(),
            message_id=message_id,
            living=living,
            payload=payload,
            error=reasons.PERHAPS_TWICE if doubtful else None,
            then=then,
        )
        self._errand.count("sent")
        _log.info("delivered", target=self._row.target, message=message_id, sent_as=self._delivery)
        if doubtful:
            self._doubts.twice(self._row)

    async def _drop(self, reason: str) -> None:
        await self._store.outbox.drop(self._row.id, now=self._clock(), reason=reason)
        self._errand.count("dropped")
        _log.info("not delivered", target=self._row.target, reason=reason)

    def _permalink(self, living: Living | None) -> str | None:
        return self._channel.permalink(self._place, living.message_id) if living else None

    def _past(self, event: Event, record: Record) -> bool:
        """Whether it is a notice ("Dernier jour demain") that another day has made untrue.

        One that waited through quiet hours, or for a digest, is told on the day on which that ends.
        """
        if event.kind is not EventKind.CLOSING_SOON:
            return False
        row, today = self._row, paris_day(self._clock())
        days = {paris_day(event.at)}
        if is_periodic(row):
            days.add(today)
        elif row.hold is None and row.ready_at is not None:
            days.add(paris_day(row.ready_at))
        left = _days_left(record, self._clock())
        return today not in days or left is None or not 0 <= left <= (event.notice or 0)

    def _as_of_today(self, event: Event, record: Record) -> Event:
        """A notice counts the days that are left now; it may have waited."""
        if event.kind is not EventKind.CLOSING_SOON:
            return event
        return replace(event, notice=_days_left(record, self._clock()))

    async def _rendered(
        self, row: Delivery, events: Sequence[Event], payload: Mapping[str, object] | None = None
    ) -> Message:
        """A digest with all of its postings as they are now; `payload` is the row's, if it is another by now."""
        found = {r.id: r for r in await self._store.records(ids=[event.posting for event in events])}
        told = [(event, found[event.posting]) for event in events if event.posting in found]
        now = self._clock()
        posted = row.finished_at or now
        if not is_periodic(row):
            return digest(told, language=self._language, posted=posted, now=now)
        given = row.payload if payload is None else payload
        return periodic(
            told,
            since=datetime.fromisoformat(str(given["since"])),
            part=int(str(given["part"])),
            closed=int(str(given.get("closed", 0))),
            language=self._language,
            posted=posted,
            now=now,
        )

    @property
    def _delivery(self) -> str:
        return delivery_id(self._row.key)


def delivery_id(key: str) -> str:
    """What a platform keeps of a row's key, to find its message again: 32 characters, the same for ever."""
    return sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _days_left(record: Record, now: datetime) -> int | None:
    """Days from today to the closing day; None without one."""
    closes = record.posting.closes if record.posting else None
    return None if closes is None else (closes.paris_day - paris_day(now)).days
