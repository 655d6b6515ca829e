"""One row of the outbox on its way to one place: a first message, an edit, what is told besides, or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot import messages, notes
from bot.channels.base import Channel, MessageGone, OutcomeUnknown
from bot.digests import digest
from bot.message import Message
from bot.staff import still_true
from bot.telling import EDIT
from bot.waiting import digest_payload, events_of
from postings.dates import paris_day
from postings.model import Event, EventKind, Record, State
from postings.store import Delivery, Living, Store
from postings.store.codec import event_to_json
from postings.store.values import DIGEST, NOTE

_FIRST = {EventKind.OPENED, EventKind.REOPENED, EventKind.CLOSING_SOON}
"""What may be a posting's first message in a channel."""


class _Sender:
    """What every row needs: posting once, and noting it."""

    def __init__(
        self,
        store: Store,
        channel: Channel,
        place: str,
        row: Delivery,
        *,
        clock: Callable[[], datetime],
        language: str,
    ) -> None:
        self._store = store
        self._channel = channel
        self._place = place
        self._row = row
        self._clock = clock
        self._language = language

    async def _post(self, message: Message, *, reply_to: str | None = None, broadcast: bool = False) -> str:
        """Posts, unless an earlier attempt whose outcome was unknown turns out to have done so."""
        return await self._posted_already() or await self._channel.post(
            self._place, message, delivery=self._delivery, reply_to=reply_to, broadcast=broadcast
        )

    async def _posted_already(self) -> str | None:
        """The message of an earlier attempt whose outcome was unknown, if the platform has it."""
        if self._row.unknown_since is None:
            return None
        try:
            return await self._channel.find(self._place, self._delivery, self._row.unknown_since.timestamp())
        except OutcomeUnknown:
            return None  # Telegram cannot tell: better twice than never

    async def _done(
        self,
        message_id: str | None,
        living: Iterable[Living] = (),
        payload: Mapping[str, object] | None = None,
    ) -> None:
        await self._store.outbox.done(
            self._row.id, now=self._clock(), message_id=message_id, living=living, payload=payload
        )

    async def _drop(self, reason: str) -> None:
        await self._store.outbox.drop(self._row.id, now=self._clock(), reason=reason)

    def _permalink(self, living: Living | None) -> str | None:
        return self._channel.permalink(self._place, living.message_id) if living else None

    def _past(self, event: Event) -> bool:
        """Whether it is a notice ("Dernier jour demain") that another day has made untrue."""
        return event.kind is EventKind.CLOSING_SOON and paris_day(self._clock()) != paris_day(event.at)

    async def _rendered(self, row: Delivery, events: Sequence[Event]) -> Message:
        """A digest with all of its postings as they are now."""
        found = {r.id: r for r in await self._store.records(ids=[event.posting for event in events])}
        told = [(event, found[event.posting]) for event in events if event.posting in found]
        now = self._clock()
        return digest(told, language=self._language, posted=row.finished_at or now, now=now)

    @property
    def _delivery(self) -> str:
        return delivery_id(self._row.key)


class Sending(_Sender):
    """Sends `row` to `place` and notes it. `clock` returns the present instant in UTC."""

    async def send(self) -> None:
        """Sends what is true now. Raises the errors of bot.channels.base and StoreError."""
        if self._row.kind == NOTE:
            await self._note()
        elif self._row.kind == DIGEST:
            await self._digest(events_of(self._row))
        else:
            (event,) = events_of(self._row)
            await _About(
                self._store,
                self._channel,
                self._place,
                self._row,
                event,
                clock=self._clock,
                language=self._language,
            ).send()

    async def _note(self) -> None:
        payload = await still_true(self._store, self._row.payload)
        if payload is not None:
            await self._done(await self._post(notes.message(payload, self._language)))
        elif (found := await self._posted_already()) is not None:
            await self._done(found)
        else:
            await self._drop("nothing of it is so any more")

    async def _digest(self, events: Sequence[Event]) -> None:
        """Announces several postings: those that are still to be told of."""
        found = await self._posted_already()
        if found is not None:
            # What it named was true then; all of it is brought up to date.
            await self._channel.edit(self._place, found, await self._rendered(self._row, events))
            await self._announced(found, events)
            return
        left = [event for event in events if await self._worth_telling(event)]
        if not left:
            await self._drop("all that it named ended before it could be announced")
        elif len(left) == 1:
            (event,) = left
            row = replace(
                self._row, posting=event.posting, kind=str(event.kind), payload=event_to_json(event)
            )
            await Sending(
                self._store, self._channel, self._place, row, clock=self._clock, language=self._language
            ).send()
        else:
            message = await self._rendered(self._row, left)
            await self._announced(
                await self._channel.post(self._place, message, delivery=self._delivery), left
            )

    async def _worth_telling(self, event: Event) -> bool:
        record = await self._store.find(event.posting)
        if record is None or record.state is not State.OPEN or self._past(event):
            return False
        if event.kind is EventKind.CLOSING_SOON:
            return True
        living = await self._store.message(self._row.target, event.posting)
        return living is None or living.opening != record.entry

    async def _announced(self, message_id: str, events: Sequence[Event]) -> None:
        """The digest becomes the message of the postings that have none of this opening."""
        made: list[Living] = []
        for event in events:
            record = await self._store.find(event.posting)
            former = await self._store.message(self._row.target, event.posting)
            if record is None or (former is not None and _of_this_opening(former, record, event)):
                continue
            made.append(
                Living(
                    self._row.target,
                    event.posting,
                    message_id,
                    record.entry,
                    self._clock(),
                    digest=self._row.key,
                )
            )
        await self._done(message_id, made, digest_payload(events))


class _About(_Sender):
    """A row that tells of one event of one posting."""

    def __init__(
        self,
        store: Store,
        channel: Channel,
        place: str,
        row: Delivery,
        event: Event,
        *,
        clock: Callable[[], datetime],
        language: str,
    ) -> None:
        super().__init__(store, channel, place, row, clock=clock, language=language)
        self._event = event

    async def send(self) -> None:
        record = await self._store.find(self._row.posting)
        if record is None:
            await self._drop("the posting is not known any more")
            return
        self._record = record
        living = await self._store.message(self._row.target, self._row.posting)
        event = self._event
        if living is not None and (self._row.kind == EDIT or _of_this_opening(living, record, event)):
            await self._follow_up(living)
        elif event.kind not in _FIRST or self._row.kind == EDIT:
            await self._drop("it was not announced here")
        elif record.state is State.OPEN and not self._past(event):
            await self._first_message(living)
        else:
            await self._ended_meanwhile()

    async def _first_message(self, former: Living | None) -> None:
        """The posting's message in this channel; one of a former opening is linked."""
        message = messages.announcement(
            self._event,
            self._record,
            language=self._language,
            first=self._permalink(former),
            ended_at=self._event.ended_at,
        )
        await self._announced(await self._post(message))

    async def _ended_meanwhile(self) -> None:
        """It ended before it could be told: nothing is said, unless an earlier attempt has said it already."""
        message_id = await self._posted_already()
        if message_id is None:
            await self._drop("it ended before it could be announced")
        else:
            await self._announced(message_id)

    async def _follow_up(self, living: Living) -> None:
        """What came after: the message is edited so that it tells the truth, and what matters is told anew."""
        try:
            await self._channel.edit(self._place, living.message_id, await self._as_it_is(living))
        except MessageGone:
            if not self._tells or self._event.kind not in _FIRST:
                raise
            await self._first_message(None)  # somebody deleted it: what is told now becomes its message
            return
        now_of_this = replace(living, opening=self._record.entry)
        await self._done(
            await self._told_besides(living) if self._tells else None,
            [now_of_this] if self._record.state is State.OPEN and now_of_this != living else (),
        )

    async def _as_it_is(self, living: Living) -> Message:
        """The message as it is true now; a digest is true of all that it names."""
        row = await self._store.outbox.find(living.digest) if living.digest is not None else None
        if row is not None:
            return await self._rendered(row, events_of(row))
        return messages.living(self._record, language=self._language)

    @property
    def _tells(self) -> bool:
        """Whether there is more to say than an edit: the channel asked for it and it is still so."""
        return self._row.kind != EDIT and self._record.state is State.OPEN and not self._past(self._event)

    async def _told_besides(self, living: Living) -> str | None:
        """A change or a reopening is told in the message's thread, a closing soon to the whole channel."""
        event, record = self._event, self._record
        if event.kind is EventKind.UPDATED:
            told = messages.reply(event, record, language=self._language)
            return None if told is None else await self._post(told, reply_to=living.message_id)
        if event.kind is EventKind.REOPENED:
            told = messages.announcement(event, record, language=self._language, ended_at=event.ended_at)
            return await self._post(told, reply_to=living.message_id)
        if event.kind is EventKind.CLOSING_SOON:
            first = self._permalink(living)
            told = messages.announcement(event, record, language=self._language, first=first)
            if self._channel.platform == "slack":
                return await self._post(told, reply_to=living.message_id, broadcast=True)
            return await self._post(told)
        return None

    async def _announced(self, message_id: str) -> None:
        target, posting, entry = self._row.target, self._row.posting, self._record.entry
        await self._done(message_id, [Living(target, posting, message_id, entry, self._clock())])


def _of_this_opening(living: Living, record: Record, event: Event) -> bool:
    """Whether a posting's message goes on: reopened after long, it gets a new one."""
    return event.kind is not EventKind.REOPENED or living.opening == record.entry


def delivery_id(key: str) -> str:
    """What a platform keeps of a row's key, to find its message again: 32 characters, the same for ever."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:32]
