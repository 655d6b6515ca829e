"""The feeds and pages over HTTP (docs/specification.md, section 7)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

import structlog
from rapidfuzz import fuzz, process
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from feeds.conditional import SECURITY, answer
from feeds.entries import last_modified
from feeds.offered import FORMATS, Subject, about, feed_of, subjects
from feeds.site_page import CSS, PAGES, Search, Site, home, not_found, posting_page
from feeds.text import segment
from postings.catalogue import Catalogue
from postings.dates import midnight, paris_day
from postings.errors import VigieError
from postings.model import Record
from postings.questions.echo import understood
from postings.questions.match import select
from postings.questions.parse import parse_question
from postings.text import fold

_log = structlog.get_logger(__name__)
_HTML = "text/html; charset=utf-8"
_FEED_AGE = 300
_PAGE_AGE = 60
_LONGEST_QUESTION = 300
_NEAR = 60


Handler: TypeAlias = Callable[[Request, Exception], Response]


def failures(public_url: str) -> dict[int | type[Exception], Handler]:
    """What is answered, as a page, where there is nothing (404) and where the store cannot be read (503)."""
    site = Site.served(public_url)

    def missing(request: Request, _error: Exception) -> Response:
        return _page(
            not_found(
                site, f"La page «\u00a0{request.url.path}\u00a0» n’existe pas.", "Vérifiez son adresse."
            ),
            404,
        )

    def unreadable(_request: Request, error: Exception) -> Response:
        _log.error("page not served", error=error.english if isinstance(error, VigieError) else str(error))
        told = "Vigie ne peut pas lire ses données pour le moment."
        return _page(
            not_found(site, told, "Réessayez dans quelques minutes.", title="Service interrompu"), 503
        )

    return {404: missing, VigieError: unreadable}


def _page(body: bytes, status: int) -> Response:
    headers = {**SECURITY, "Cache-Control": f"public, max-age={_PAGE_AGE}" if status == 404 else "no-store"}
    return Response(body, status, media_type=_HTML, headers=headers)


def routes(catalogue: Catalogue, *, public_url: str, clock: Callable[[], datetime]) -> list[Route]:
    """The routes of the open postings, of each posting and of the feeds; they answer GET and HEAD.

    `public_url` is the root of all addresses; `clock` gives the present instant in UTC.
    """
    pages = _Pages(catalogue, public_url, clock, Site.served(public_url))
    gzip = [Middleware(GZipMiddleware, minimum_size=500)]
    return [
        Route("/", pages.home, middleware=gzip),
        Route(f"/{CSS}", pages.style, middleware=gzip),
        Route("/postes/{name:path}", pages.posting, middleware=gzip),
        Route("/feeds/{path:path}", pages.feed, middleware=gzip),
    ]


@dataclass(frozen=True, slots=True)
class _Pages:
    catalogue: Catalogue
    public_url: str
    clock: Callable[[], datetime]
    site: Site

    async def home(self, request: Request) -> Response:
        """`/`, and `/?q=` for a question."""
        now = self.clock()
        records = await self.catalogue.records()
        last_look = await self.catalogue.last_look()
        search = await self._search(request.query_params.get("q", ""), records, now)
        body = home(self.site, records, now, last_look=last_look, search=search)
        # What the page says of days changes at midnight in Paris.
        seen = [last_modified(records, now), midnight(paris_day(now)), *([last_look] if last_look else [])]
        return answer(request, body, media_type=_HTML, modified=max(seen), max_age=_PAGE_AGE)

    async def _search(self, text: str, records: Sequence[Record], now: datetime) -> Search | None:
        asked = text.strip()[:_LONGEST_QUESTION]
        if not asked:
            return None
        names = await self.catalogue.names()
        question = parse_question(asked, names, now)
        return Search(
            asked=asked,
            understood=understood(question, names, "fr", asked),
            problems=[french for french, _ in question.problems],
            found=select(records, question, now),
        )

    async def style(self, request: Request) -> Response:
        """The style sheet."""
        body = (PAGES / CSS).read_bytes()
        return answer(request, body, media_type="text/css; charset=utf-8", modified=None, max_age=_FEED_AGE)

    async def posting(self, request: Request) -> Response:
        """`/postes/{id}`; a former name leads to the present one."""
        name: str = request.path_params["name"].removesuffix("/")
        record = await self.catalogue.find(name) or await self._by_segment(name)
        if record is None or record.posting is None:
            return self._missing(
                f"Aucune offre ne s’appelle «\u00a0{name}\u00a0».",
                "Vérifiez l’adresse, ou cherchez l’offre par son équipe ou son intitulé.",
            )
        if request.path_params["name"] != segment(record.id):
            return RedirectResponse(self.site.posting(record.id), 301, headers=SECURITY)
        history = await self.catalogue.events(record.id)
        body = posting_page(self.site, record, record.posting, history)
        modified = max([last_modified([record], self.clock()), *(event.at for event in history)])
        return answer(request, body, media_type=_HTML, modified=modified, max_age=_PAGE_AGE)

    async def _by_segment(self, name: str) -> Record | None:
        """The record of an id that an address cannot hold as it is."""
        records = await self.catalogue.records()
        return next((record for record in records if segment(record.id) == name), None)

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
        return self._missing(
            f"Aucun flux ne s’appelle «\u00a0{asked}\u00a0».",
            "Les flux qui existent sont au bas de la page des offres\u00a0; "
            f"leurs adresses se terminent par {' ou '.join(FORMATS)}.",
            nearest,
        )

    def _missing(self, sentence: str, advice: str, nearest: tuple[str, str] | None = None) -> Response:
        return _page(not_found(self.site, sentence, advice, nearest), 404)
