"""The feeds over HTTP, one a subject and format."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz, process
from starlette.requests import Request
from starlette.responses import Response

from feeds.conditional import answer
from feeds.entries import last_modified
from feeds.offered import FORMATS, Subject, about, feed_of, subjects
from feeds.served import Served, missing
from postings.text import fold

_FEED_AGE = 300
_NEAR = 60


class Feeds(Served):
    """The handlers of the feeds."""

    async def feed(self, request: Request) -> Response:
        """`/feeds/…`, one a subject and format."""
        path, dot, extension = f"feeds/{request.path_params['path']}".rpartition(".")
        records = await self.catalogue.records()
        known = subjects(records, await self.catalogue.names())
        subject = next((subject for subject in known if subject.path == path), None)
        format_ = FORMATS.get(dot + extension)
        if subject is None or format_ is None:
            return self._no_feed(path if format_ else f"{path}{dot}{extension}".strip("."), known)
        now = self.clock()
        body = format_.render(feed_of(subject, records, now, public_url=self.public_url))
        return answer(
            request,
            body,
            media_type=f"{format_.media_type}; charset=utf-8",
            modified=last_modified(about(subject, records), now),
            max_age=_FEED_AGE,
        )

    def _no_feed(self, path: str, known: Sequence[Subject]) -> Response:
        asked = path.removeprefix("feeds/")
        near = process.extractOne(
            fold(asked),
            {subject: fold(subject.path.removeprefix("feeds/")) for subject in known},
            scorer=fuzz.ratio,
            score_cutoff=_NEAR,
        )
        nearest = (near[2].title, self.site.feed(near[2], next(iter(FORMATS)))) if near else None
        return missing(
            self.site,
            f"Aucun flux ne s’appelle «\u00a0{asked}\u00a0».",
            "Les flux qui existent sont au bas de la page des offres\u00a0; "
            f"leurs adresses se terminent par {' ou '.join(FORMATS)}.",
            nearest,
        )
