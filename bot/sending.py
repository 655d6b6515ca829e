"""One row of the outbox on its way to one place: a first message, an edit, what is told besides, or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime

from bot import messages
from bot.announcer import EDIT
from bot.channels.base import Channel, MessageGone, OutcomeUnknown
from bot.message import Message
from postings.dates import paris_day
from postings.model import EventKind, State
from postings.store import Delivery, Living, Store
from postings.store.codec import event_from_json

_FIRST = {EventKind.OPENED, EventKind.REOPENED, EventKind.CLOSING_SOON}
"""What may be a posting's first message in a channel."""


class Sending:
    """Sends `row` to `place` and notes it. `clock` returns the present instant in UTC."""

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
        self._event = event_from_json(row.payload)

    async def send(self) -> None:
        """Sends what is true now. Raises the errors of bot.channels.base and StoreError."""
        record = await self._store.find(self._row.posting)
        if record is None:
            await self._drop("the posting is not known any more")
            return
        self._record = record
        living = await self._store.message(self._row.target, self._row.posting)
        event = self._event
        if living is not None and (event.kind is not EventKind.REOPENED or living.opening == record.entry):
            await self._follow_up(living)
        elif event.kind not in _FIRST or self._row.kind == EDIT:
            await self._drop("it was not announced here")
        elif record.state is State.OPEN and not self._past:
            await self._first_message(living)
        else:
            await self._ended_meanwhile()

    @property
    def _past(self) -> bool:
        """Whether it is a notice ("Dernier jour demain") that another day has made untrue."""
        return self._event.kind is EventKind.CLOSING_SOON and paris_day(self._clock()) != paris_day(
            self._event.at
        )

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
            await self._channel.edit(
                self._place, living.message_id, messages.living(self._record, language=self._language)
            )
        except MessageGone:
            if not self._tells or self._event.kind not in _FIRST:
                raise
            await self._first_message(None)  # somebody deleted it: what is told now becomes its message
            return
        await self._done(await self._told_besides(living) if self._tells else None)

    @property
    def _tells(self) -> bool:
        """Whether there is more to say than an edit: the channel asked for it and it is still so."""
        return self._row.kind != EDIT and self._record.state is State.OPEN and not self._past

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

    async def _announced(self, message_id: str) -> None:
        target, posting, entry = self._row.target, self._row.posting, self._record.entry
        await self._done(message_id, Living(target, posting, message_id, entry, self._clock()))

    async def _done(self, message_id: str | None, living: Living | None = None) -> None:
        await self._store.outbox.done(self._row.id, now=self._clock(), message_id=message_id, living=living)

    async def _drop(self, reason: str) -> None:
        await self._store.outbox.drop(self._row.id, now=self._clock(), reason=reason)

    @property
    def _delivery(self) -> str:
        return delivery_id(self._row.key)

    def _permalink(self, living: Living | None) -> str | None:
        return self._channel.permalink(self._place, living.message_id) if living else None


def delivery_id(key: str) -> str:
    """What a platform keeps of a row's key, to find its message again: 32 characters, the same for ever."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:32]
