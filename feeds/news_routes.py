"""What happened and what will soon be over, over HTTP: the feed of events, its archives, and the calendar."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from feeds.archives import ARCHIVE_AGE, archived_at, first_open, month_after, month_of, named
from feeds.asked import question_of, refused, why_not
from feeds.cache import Plan
from feeds.calendar import MEDIA_TYPE, render_calendar
from feeds.conditional import Answer
from feeds.entries import MOST, Feed, is_shown
from feeds.event_entries import PATH, events_archive, events_feed
from feeds.feed_routes import FEED_AGE
from feeds.making import aside
from feeds.offered import FORMATS
from feeds.question_feed import answering
from feeds.served import Served, missing
from feeds.shown import as_seen, next_day
from postings.model import Event, Record


@dataclass(frozen=True, slots=True)
class News(Served):
    """The handlers of the events and of the closing days."""

    hub: str | None
    """The address of the hub that is told of changes; None when none is."""

    async def events(self, request: Request) -> Response:
        """`/feeds/evenements.…`, one entry an event."""
        extension = f".{request.path_params['extension']}"
        if extension not in FORMATS:
            told = f"Aucun flux ne s’appelle «\u00a0{PATH.removeprefix('feeds/')}{extension}\u00a0»."
            return missing(self.site, told, f"Les événements sont dans {PATH}{next(iter(FORMATS))}.")
        view, now, key = await self.shown.view(), self.clock(), request.scope["path"]

        async def plan() -> Plan:
            since = first_open(now)
            happened = await self.catalogue.news(limit=MOST)
            if len(happened) == MOST and happened[-1].at >= since:
                happened = await self.catalogue.news(since=since)
            previous = await self._archived_before(since)
            records = await self.catalogue.records_of({event.posting for event in happened})

            def feed() -> Feed:
                made = events_feed(
                    happened, records, public_url=self.public_url, since=since, previous=previous
                )
                return replace(made, hub=self.hub)

            seen = [view.modified(now), *(event.at for event in happened if event.at <= now)]
            linked = [archived_at(previous)] if previous else []
            told = tuple(event.id for event in happened), {r.id: as_seen(r) for r in records}, previous
            build = _building(feed, extension, max(seen + linked), FEED_AGE)
            return Plan(told, build, archived_at(since))

        return (await self.cache.answer(key, view.version, now, plan)).to(request)

    async def archive(self, request: Request) -> Response:
        """`/feeds/evenements/2026-03.…`, what happened in a month that is over (RFC 5005, section 4)."""
        name, extension = request.path_params["month"], f".{request.path_params['extension']}"
        view, now, key = await self.shown.view(), self.clock(), request.scope["path"]
        if held := self.cache.get(key, view.version, now):
            return held.to(request)
        month, since = named(name), first_open(now)
        if extension not in FORMATS or month is None or month >= since:
            return self._no_archive(name)
        end = month_after(month)
        happened = await self.catalogue.news(since=month, before=end)
        if not happened:
            return self._no_archive(name)

        async def plan() -> Plan:
            previous = await self._archived_before(month)
            later = await self.catalogue.news(since=end, before=since, limit=1, oldest=True)
            following = month_of(later[0].at) if later else None

            def feed() -> Feed:
                return events_archive(
                    month, happened, public_url=self.public_url, previous=previous, following=following
                )

            told = tuple(event.id for event in happened), previous, following
            build = _building(feed, extension, archived_at(following or month), ARCHIVE_AGE)
            return Plan(told, build, archived_at(since))

        return (await self.cache.answer(key, view.version, now, plan)).to(request)

    async def _archived_before(self, month: datetime) -> datetime | None:
        """The last month before another in which anything happened; None when there is none."""
        found: list[Event] = await self.catalogue.news(before=month, limit=1)
        return month_of(found[0].at) if found else None

    def _no_archive(self, name: str) -> Response:
        return missing(
            self.site,
            f"Aucune archive des événements ne s’appelle «\u00a0{name}\u00a0».",
            f"Partez de {PATH}{next(iter(FORMATS))}\u00a0: chaque document mène à l’archive qui le précède.",
        )

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
                records = await aside(answering, records, asked, names, now)
            closing = [r for r in records if is_shown(r, now) and r.posting is not None and r.posting.closes]

            def body() -> bytes:
                return render_calendar(closing, now, public_url=self.public_url, asked=asked)

            async def build() -> Answer:
                return Answer(
                    await aside(body),
                    media_type=f"{MEDIA_TYPE}; charset=utf-8",
                    modified=view.modified(now),
                    max_age=FEED_AGE,
                )

            return Plan((asked, view.stamped(closing)), build, next_day(view, now))

        return (await self.cache.answer(key, view.version, now, plan)).to(request)


def _building(
    feed: Callable[[], Feed], extension: str, modified: datetime, max_age: int
) -> Callable[[], Awaitable[Answer]]:
    """How the answer that holds a feed is built; `max_age` is in seconds."""
    format_ = FORMATS[extension]

    async def build() -> Answer:
        made = await aside(feed)
        return Answer(
            await aside(format_.render, made),
            media_type=f"{format_.media_type}; charset=utf-8",
            modified=modified,
            max_age=max_age,
            headers=made.headers(extension),
        )

    return build
