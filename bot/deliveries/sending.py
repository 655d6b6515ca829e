"""One row of the outbox on its way to one place: a first message, an edit, what is told besides, or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.announcing.telling import EDIT
from bot.announcing.waiting import ENDS, FORMER, events_of, is_periodic
from bot.channels.base import MessageGone
from bot.deliveries.sender import Errand, Sender, Skipped
from bot.deliveries.sending_digests import FloodSending, PeriodicSending
from bot.staff import notes
from bot.staff.staff import still_true
from bot.wording import messages, reasons
from bot.wording.message import Message
from postings.model import Event, EventKind, Record, State
from postings.store import Living, Outgoing
from postings.store.codec import event_to_json
from postings.store.values import DIGEST, NOTE

_FIRST = {EventKind.OPENED, EventKind.REOPENED, EventKind.CLOSING_SOON}
"""What may be a posting's first message in a channel."""


class Sending(Sender):
    """One errand, whatever the kind of its row."""

    async def send(self) -> None:
        """Sends what is true now. Raises the errors of bot.channels.base and StoreError."""
        try:
            await self._send()
        except Skipped:
            await self._drop(reasons.RESTORED if self._row.restored_from else reasons.SKIPPED)
            self._doubts.skipped(self._row)

    async def _send(self) -> None:
        if self._row.kind == NOTE:
            await self._note()
        elif is_periodic(self._row):
            await PeriodicSending(self._errand).send(events_of(self._row))
        elif self._row.kind == DIGEST:
            alone = await FloodSending(self._errand).send(events_of(self._row))
            if alone is not None:
                payload = event_to_json(alone)
                row = replace(self._row, posting=alone.posting, kind=str(alone.kind), payload=payload)
                await _About(replace(self._errand, row=row), alone).send()
        else:
            (event,) = events_of(self._row)
            await _About(self._errand, event).send()

    async def _note(self) -> None:
        payload = await still_true(self._store, self._row.payload)
        if payload is not None:
            await self._done(await self._post(notes.message(payload, self._language)))
        elif (found := await self._posted_already()) is not None:
            await self._done(found)
        else:
            await self._drop(reasons.NO_LONGER_SO)


class _About(Sender):
    """A row that tells of one event of one posting."""

    def __init__(self, errand: Errand, event: Event) -> None:
        super().__init__(errand)
        self._event = event
        self._tells_ends = errand.ways.tells_ends

    async def send(self) -> None:
        record = await self._store.find(self._row.posting)
        if record is None:
            await self._drop(reasons.UNKNOWN)
            return
        self._record = record
        if self._row.kind == FORMER:
            await self._link()
            return
        living = await self._store.message(self._row.target, self._row.posting)
        event = self._event
        if living is not None and (self._row.kind == EDIT or _of_this_opening(living, record, event)):
            await self._follow_up(living)
        elif event.kind not in _FIRST or self._row.kind == EDIT:
            await self._drop(reasons.NOT_HERE)
        elif record.state is State.OPEN and not self._past(event, record):
            await self._first_message(living)
        else:
            await self._ended_meanwhile()

    async def _first_message(self, former: Living | None) -> None:
        """The posting's message in this channel; one of a former opening is linked."""
        message = messages.announcement(
            self._as_of_today(self._event, self._record),
            self._record,
            language=self._language,
            first=self._permalink(former),
            ended_at=self._event.ended_at,
        )
        message_id = await self._post(message)
        await self._announced(message_id, self._linked(former, message_id))

    def _linked(self, former: Living | None, message_id: str) -> list[Outgoing]:
        """The row that lets the message of a former opening lead to the new one; a digest names others too."""
        link = self._channel.permalink(self._place, message_id)
        event, target, now = self._event, self._row.target, self._clock()
        if former is None or former.digest is not None or link is None:
            return []
        payload = {**event_to_json(event), "former": former.message_id, "link": link}
        return [Outgoing(f"{event.id}:{FORMER}:{target}", target, event.posting, FORMER, payload, now, now)]

    async def _link(self) -> None:
        """Says in the message of a former opening how that ended, and where the new one is."""
        payload = self._row.payload
        message = messages.former(
            self._event, self._record, language=self._language, again=str(payload["link"])
        )
        await self._channel.edit(self._place, str(payload["former"]), message)
        await self._done(None)

    async def _ended_meanwhile(self) -> None:
        """It ended before it could be told: nothing is said, unless an earlier attempt has said it already."""
        message_id = await self._posted_already()
        if message_id is None:
            await self._drop(reasons.ENDED)
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
        told = await self._told_besides(living) if self._tells else None
        now_of_this = replace(living, opening=self._record.entry)
        await self._done(
            told,
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
        if self._row.kind == EDIT:
            return False
        if self._event.kind in ENDS:
            return self._tells_ends and self._record.state == self._event.state
        return self._record.state is State.OPEN and not self._past(self._event, self._record)

    async def _told_besides(self, living: Living) -> str | None:
        """A change, a reopening or an end is told in the message's thread, a closing soon to the whole channel."""
        event, record = self._as_of_today(self._event, self._record), self._record
        if event.kind is EventKind.UPDATED:
            told = messages.reply(event, record, language=self._language)
            return None if told is None else await self._post(told, reply_to=living.message_id)
        if event.kind is EventKind.REOPENED or event.kind in ENDS:
            told = messages.announcement(event, record, language=self._language, ended_at=event.ended_at)
            return await self._post(told, reply_to=living.message_id)
        if event.kind is EventKind.CLOSING_SOON:
            first = self._permalink(living)
            told = messages.announcement(event, record, language=self._language, first=first)
            if self._channel.platform == "slack":
                return await self._post(told, reply_to=living.message_id, broadcast=True)
            return await self._post(told)
        return None

    async def _announced(self, message_id: str, then: Iterable[Outgoing] = ()) -> None:
        target, posting, entry = self._row.target, self._row.posting, self._record.entry
        living = Living(target, posting, message_id, entry, self._clock())
        await self._done(message_id, [living], then=then)


def _of_this_opening(living: Living, record: Record, event: Event) -> bool:
    """Whether a posting's message goes on: reopened after long, it gets a new one."""
    return event.kind is not EventKind.REOPENED or living.opening == record.entry
