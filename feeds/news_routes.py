"""What happened and what will soon be over, over HTTP: the feed of events and the calendar."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from feeds.asked import question_of, refused, why_not
from feeds.cache import Plan
from feeds.calendar import MEDIA_TYPE, render_calendar
from feeds.conditional import Answer
from feeds.entries import is_shown
from feeds.event_entries import PATH, READ, events_feed
from feeds.feed_routes import FEED_AGE
from feeds.offered import FORMATS
from feeds.question_feed import answering
from feeds.served import Served, missing
from feeds.shown import as_seen, next_day
from postings.model import Record


@dataclass(frozen=True, slots=True)
class News(Served):
    """The handlers of the events and of the closing days."""

    async def events(self, request: Request) -> Response:
        """`/feeds/evenements.…`, one entry an event."""
        extension = f".{request.path_params['extension']}"
        if extension not in FORMATS:
            told = f"Aucun flux ne s’appelle «\u00a0{PATH.removeprefix('feeds/')}{extension}\u00a0»."
            return missing(self.site, told, f"Les événements sont dans {PATH}{next(iter(FORMATS))}.")
        view, now, key = await self.shown.view(), self.clock(), request.scope["path"]

        async def plan() -> Plan:
            happened = await self.catalogue.events(limit=READ)
            records = await self.catalogue.records_of({event.posting for event in happened})

            def body() -> bytes:
                feed = events_feed(happened, records, public_url=self.public_url)
                return FORMATS[extension].render(feed)

            async def build() -> Answer:
                return Answer(
                    await asyncio.to_thread(body),
                    media_type=f"{FORMATS[extension].media_type}; charset=utf-8",
                    modified=max([view.modified(now), *(event.at for event in happened if event.at <= now)]),
                    max_age=FEED_AGE,
                )

            told = tuple(event.id for event in happened), {r.id: as_seen(r) for r in records}
            return Plan(told, build)

        return (await self.cache.answer(key, view.version, now, plan)).to(request)

    async def closing(self, request: Request) -> Response:
        """`/feeds/echeances.ics`, with `?q=` for those that answer a question."""
        asked = question_of(request)
        if told := why_not(asked, needed=False):
            return refused(self.site, 400, *told)
        view, now, key = await self.shown.view(), self.clock(), (request.scope["path"], asked)

        async def plan() -> Plan:
            records: Sequence[Record] = view.records
            if asked:
                names = await self.shown.names(view)
                records = await asyncio.to_thread(answering, records, asked, names, now)
            closing = [r for r in records if is_shown(r, now) and r.posting is not None and r.posting.closes]

            def body() -> bytes:
                return render_calendar(closing, now, public_url=self.public_url, asked=asked)

            async def build() -> Answer:
                return Answer(
                    await asyncio.to_thread(body),
                    media_type=f"{MEDIA_TYPE}; charset=utf-8",
                    modified=view.modified(now),
                    max_age=FEED_AGE,
                )

            return Plan((asked, view.stamped(closing)), build, next_day(view, now))

        return (await self.cache.answer(key, view.version, now, plan)).to(request)
