"""A row that tells of several postings on its way: a digest of many at once, or of a period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.announcing.waiting import ENDS, digest_payload
from bot.deliveries.sender import Sender
from bot.wording import reasons
from postings.model import Event, EventKind, State
from postings.store import Living


class DigestSending(Sender):
    """What both kinds have in common: they become the message of the postings that they announce."""

    async def _worth_telling(self, event: Event) -> bool:
        record = await self._store.find(event.posting)
        if record is None or record.state is not State.OPEN or self._past(event, record):
            return False
        if event.kind is EventKind.CLOSING_SOON:
            return True
        living = await self._store.message(self._row.target, event.posting)
        return living is None or living.opening != record.entry

    async def _announced(
        self, message_id: str, events: Sequence[Event], payload: Mapping[str, object] | None = None
    ) -> None:
        """The digest becomes the message of the postings that have none of this opening."""
        made: list[Living] = []
        for event in events:
            record = await self._store.find(event.posting)
            former = await self._store.message(self._row.target, event.posting)
            if record is None or (
                former is not None
                and (event.kind is not EventKind.REOPENED or former.opening == record.entry)
            ):
                continue
            target, key = self._row.target, self._row.key
            made.append(Living(target, event.posting, message_id, record.entry, self._clock(), digest=key))
        await self._done(message_id, made, payload or digest_payload(events))


class FloodSending(DigestSending):
    """Too many new messages at once, in one."""

    async def send(self, events: Sequence[Event]) -> Event | None:
        """Announces those that are still to be told of; if that is one alone, returns it and sends nothing."""
        found = await self._posted_already()
        if found is not None:
            # What it named was true then; all of it is brought up to date.
            await self._channel.edit(self._place, found, await self._rendered(self._row, events))
            await self._announced(found, events)
            return None
        left = [event for event in events if await self._worth_telling(event)]
        if not left:
            await self._drop(reasons.ALL_ENDED)
        elif len(left) == 1:
            return left[0]
        else:
            message = await self._rendered(self._row, left)
            await self._announced(
                await self._channel.post(self._place, message, delivery=self._delivery), left
            )
        return None


class PeriodicSending(DigestSending):
    """What is new in a period."""

    async def send(self, events: Sequence[Event]) -> None:
        """Tells what opened and what closes within a week, as far as it is still so, and how many ended."""
        found = await self._posted_already()
        told = await self._told(events)
        if not told and found is None:
            await self._drop(reasons.NOTHING_NEW)
            return
        payload = {**self._row.payload, **digest_payload(told), "closed": await self._ended(events)}
        message = await self._rendered(self._row, told, payload)
        if found is None:
            found = await self._channel.post(self._place, message, delivery=self._delivery)
        else:
            await self._channel.edit(self._place, found, message)
        await self._announced(found, told, payload)

    async def _told(self, events: Sequence[Event]) -> list[Event]:
        """The events to tell of, one a posting: an opening says when it closes."""
        latest = {event.posting: event for event in events if event.kind not in ENDS}
        latest |= {
            event.posting: event
            for event in events
            if event.kind not in ENDS and event.kind is not EventKind.CLOSING_SOON
        }
        return [event for event in latest.values() if await self._worth_telling(event)]

    async def _ended(self, events: Sequence[Event]) -> int:
        """How many postings that were announced here ended, and are not open again."""
        ids = {event.posting for event in events if event.kind in ENDS}
        records = await self._store.records(ids=list(ids)) if ids else []
        return sum(record.state is not State.OPEN for record in records)
