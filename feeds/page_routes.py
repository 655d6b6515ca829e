"""The pages over HTTP: the open postings, the answer to a question, one posting, the style sheet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from feeds.conditional import HTML, SECURITY, answer
from feeds.entries import last_modified
from feeds.served import Served, missing
from feeds.site_page import CSS, PAGES, Search, home, posting_page
from feeds.text import segment
from postings.dates import midnight, paris_day
from postings.model import Record
from postings.questions.echo import understood
from postings.questions.match import select
from postings.questions.parse import parse_question

_PAGE_AGE = 60
_STYLE_AGE = 300
_LONGEST_QUESTION = 300


class Pages(Served):
    """The handlers of the pages."""

    async def home(self, request: Request) -> Response:
        """`/`, and `/?q=` for a question."""
        now = self.clock()
        records = await self.catalogue.records()
        last_look = await self.catalogue.last_look()
        search = await self._search(request.query_params.get("q", ""), records, now)
        body = home(self.site, records, now, last_look=last_look, search=search)
        # What the page says of days changes at midnight in Paris.
        seen = [last_modified(records, now), midnight(paris_day(now)), *([last_look] if last_look else [])]
        return answer(request, body, media_type=HTML, modified=max(seen), max_age=_PAGE_AGE)

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
        return answer(request, body, media_type="text/css; charset=utf-8", modified=None, max_age=_STYLE_AGE)

    async def posting(self, request: Request) -> Response:
        """`/postes/{id}`; a former name leads to the present one."""
        name: str = request.path_params["name"].removesuffix("/")
        record = await self.catalogue.find(name) or await self._by_segment(name)
        if record is None or record.posting is None:
            return missing(
                self.site,
                f"Aucune offre ne s’appelle «\u00a0{name}\u00a0».",
                "Vérifiez l’adresse, ou cherchez l’offre par son équipe ou son intitulé.",
            )
        if request.path_params["name"] != segment(record.id):
            return RedirectResponse(self.site.posting(record.id), 301, headers=SECURITY)
        history = await self.catalogue.events(record.id)
        body = posting_page(self.site, record, record.posting, history)
        modified = max([last_modified([record], self.clock()), *(event.at for event in history)])
        return answer(request, body, media_type=HTML, modified=modified, max_age=_PAGE_AGE)

    async def _by_segment(self, name: str) -> Record | None:
        """The record of an id that an address cannot hold as it is."""
        records = await self.catalogue.records()
        return next((record for record in records if segment(record.id) == name), None)
