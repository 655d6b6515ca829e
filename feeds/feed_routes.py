"""The feeds of postings over HTTP, one a subject or question and format."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from rapidfuzz import fuzz, process
from starlette.requests import Request
from starlette.responses import Response

from feeds.asked import question_of, refused, why_not
from feeds.cache import Plan
from feeds.conditional import Answer
from feeds.entries import Feed
from feeds.entry_cache import Entries
from feeds.making import aside
from feeds.offered import FORMATS, Subject, feed_of
from feeds.question_feed import PATH, answering, question_feed
from feeds.served import Served, missing
from feeds.shown import View, next_day
from feeds.subjects import Subjects
from postings.model import Record
from postings.text import fold

FEED_AGE = 300
"""Seconds for which a feed may be kept without asking again."""
_NEAR = 60


@dataclass(frozen=True, slots=True)
class Feeds(Served):
    """The handlers of the feeds of postings."""

    subjects: Subjects
    entries: Entries
    hub: str | None
    """The address of the hub that is told of changes; None when none is."""

    async def subject(self, request: Request) -> Response:
        """`/feeds/…`, one a subject and format."""
        view, now, key = await self.shown.view(), self.clock(), request.scope["path"]
        if held := self.cache.get(key, view.version, now):
            return held.to(request)
        path, dot, extension = f"feeds/{request.path_params['path']}".rpartition(".")
        is_format = dot + extension in FORMATS
        subject = await self.subjects.find(view, path)
        if subject is None or not is_format:
            known = (await self.subjects.every(view)).values()
            return self._no_feed(path if is_format else f"{path}{dot}{extension}".strip("."), known)

        async def plan() -> Plan:
            entered = view.latest(subject.holds, now)
            empty = replace(feed_of(subject, (), now, public_url=self.public_url), hub=self.hub)
            return self._plan(empty, entered, dot + extension, view, now, view.until(now))

        return (await self.cache.answer(key, view.version, now, plan)).to(request)

    async def question(self, request: Request) -> Response:
        """`/feeds/recherche.…?q=`, any question as a feed."""
        asked, extension = question_of(request), f".{request.path_params['extension']}"
        if extension not in FORMATS:
            return self._no_feed(f"{PATH}{extension}", ())
        if told := why_not(asked, needed=True):
            return refused(self.site, 400, *told)
        view, now, key = await self.shown.view(), self.clock(), (request.scope["path"], asked)

        async def plan() -> Plan:
            names = await self.shown.names(view)
            entered = await aside(answering, view.records, asked, names, now)
            empty = question_feed(asked, (), now, names=names, public_url=self.public_url)
            # What a question says of days is another thing every day.
            return self._plan(empty, entered, extension, view, now, next_day(view, now))

        return (await self.cache.answer(key, view.version, now, plan)).to(request)

    def _plan(
        self,
        empty: Feed,
        entered: Sequence[Record],
        extension: str,
        view: View,
        now: datetime,
        until: datetime | None,
    ) -> Plan:
        """How to make an `empty` feed one of the records `entered`."""

        async def build() -> Answer:
            bodies = await self.shown.bodies([record.id for record in entered])

            def body() -> bytes:
                feed = replace(empty, entries=self.entries.of(entered, view, bodies))
                return FORMATS[extension].render(feed)

            return Answer(
                await aside(body),
                media_type=f"{FORMATS[extension].media_type}; charset=utf-8",
                modified=view.modified(now),
                max_age=FEED_AGE,
                headers=empty.headers(extension),
            )

        return Plan((empty, view.stamped(entered)), build, until)

    def _no_feed(self, path: str, known: Iterable[Subject]) -> Response:
        asked = path.removeprefix("feeds/")
        near = process.extractOne(
            fold(asked),
            {subject: fold(subject.path.removeprefix("feeds/")) for subject in known},
            scorer=fuzz.ratio,
            score_cutoff=_NEAR,
        )
        nearest = (near[2].title, self.site.feed(near[2], next(iter(FORMATS)))) if near else None
        *some, last = FORMATS
        return missing(
            self.site,
            f"Aucun flux ne s’appelle «\u00a0{asked}\u00a0».",
            "L’encadré «\u00a0Suivre\u00a0» de la page des offres donne ceux qui existent\u00a0; "
            f"leurs adresses se terminent par {', '.join(some)} ou {last}.",
            nearest,
        )
