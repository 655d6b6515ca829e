"""The pages over HTTP: the open postings, the answer to a question, one posting, one team, the style sheet."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from rapidfuzz import fuzz, process
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from feeds.conditional import HTML, SECURITY, answer
from feeds.filters import WORDS, composed, is_sent
from feeds.job_posting import job_posting
from feeds.list_page import find, list_page
from feeds.posting_page import posting_page
from feeds.served import Served, missing
from feeds.shown import Shown
from feeds.site_page import CSS, PAGES, Site
from feeds.team_page import recruiting, team_named, team_page
from feeds.text import segment
from postings.catalogue import Catalogue
from postings.dates import midnight, paris_day
from postings.model import Posting, Record
from postings.questions.model import Question
from postings.text import fold

_PAGE_AGE = 60
_STYLE_AGE = 300
_LONGEST_QUESTION = 300
_SIMILAR = 5
_NEAR = 60
_LAST_PAGE = 100_000
_REHEARSED = ("", "contrat:cdd domaine:design état:fermé")
"""The open postings, and a question that needs the vocabulary of fields."""
_AT_HAND = 100
"""The open postings that are read before anyone asks for them."""
_MADE = re.compile("-[0-9a-f]{12}$")


@dataclass(frozen=True, slots=True)
class Pages(Served):
    """The handlers of the pages."""

    edit: Callable[[Record], str | None]
    """Gives the address at which the file of a posting is edited, None where it is not known."""

    async def home(self, request: Request) -> Response:
        """`/`, `/?q=` for a question and `&page=` for one of its pages; what the form sends leads to its question."""
        given = request.query_params.multi_items()
        if is_sent(given):
            asked = composed(given)[:_LONGEST_QUESTION]
            return RedirectResponse(self.site.search(asked), 303, headers=SECURITY)
        asked = request.query_params.get(WORDS, "").strip()[:_LONGEST_QUESTION]
        now = self.clock()
        view = await self.shown.view()
        page, names = _page(request.query_params.get("page", "")), await self.shown.names(view)
        found = await find(self.catalogue.by_beat(), asked, now, page, names=names, last_look=view.last_look)
        body = list_page(self.site, found)
        return answer(request, body, media_type=HTML, modified=await self._changed(now), max_age=_PAGE_AGE)

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
        now = self.clock()
        markdown = (await self.catalogue.bodies([record.id])).get(record.id, "")
        body = posting_page(
            self.site,
            record,
            record.posting,
            await self.catalogue.events(record.id),
            now=now,
            body=markdown,
            structured=job_posting(record, record.posting, markdown, public_url=self.public_url, now=now),
            similar=await self._similar(record, record.posting, now),
            edit=self.edit(record),
        )
        return answer(request, body, media_type=HTML, modified=await self._changed(now), max_age=_PAGE_AGE)

    async def team(self, request: Request) -> Response:
        """`/equipes/{id}`, of a team or an incubator."""
        name: str = request.path_params["name"].removesuffix("/")
        view = await self.shown.view()
        names = await self.shown.names(view)
        team = team_named(name, names)
        if team is None:
            return self._no_team(name, {**names.teams, **names.incubators})
        if request.path_params["name"] != segment(team.id):
            return RedirectResponse(self.site.team(team.id), 301, headers=SECURITY)
        now = self.clock()
        found = await recruiting(self.catalogue, team, now)
        body = team_page(self.site, found, now, last_look=view.last_look)
        return answer(request, body, media_type=HTML, modified=await self._changed(now), max_age=_PAGE_AGE)

    async def _changed(self, now: datetime) -> datetime:
        """The last instant at which what pages say may have changed.

        What they say of days changes at midnight in Paris; all else is found by a look, or ends with the clock.
        """
        view = await self.shown.view()
        look = [view.last_look] if view.last_look else []
        return max(midnight(paris_day(now)), view.modified(now), *look)

    async def _similar(self, record: Record, posting: Posting, now: datetime) -> list[Record]:
        """The other open postings of the same team."""
        if posting.team is None:
            return []
        found = await self.catalogue.search(Question(teams=(posting.team.id,)), now, limit=_SIMILAR + 1)
        return [other for other in found.records if other.id != record.id][:_SIMILAR]

    async def _by_segment(self, name: str) -> Record | None:
        """The record of an id that an address cannot hold as it is: `segment` made a name of it that tells so."""
        if not _MADE.search(name):
            return None  # every record is read for it: not for any name that somebody tries
        records = await self.catalogue.records()
        return next((record for record in records if segment(record.id) == name), None)

    def _no_team(self, name: str, known: dict[str, tuple[str, ...]]) -> Response:
        spellings = {(id, spelling): fold(spelling) for id, some in known.items() for spelling in (id, *some)}
        near = process.extractOne(fold(name), spellings, scorer=fuzz.ratio, score_cutoff=_NEAR)
        id = near[2][0] if near else ""
        return missing(
            self.site,
            f"Aucune équipe ni aucun incubateur ne s’appelle «\u00a0{name}\u00a0».",
            "Vérifiez l’adresse, ou cherchez l’équipe par son nom dans la page des offres.",
            (next(iter(known[id]), id), self.site.team(id)) if near else None,
        )


async def rehearse(
    catalogue: Catalogue, shown: Shown, *, public_url: str, clock: Callable[[], datetime]
) -> None:
    """Makes pages once, so that no visitor waits for what is read, compiled and indexed for the first of them.

    Raises StoreError.
    """
    view = await shown.view()
    names = await shown.names(view)
    await catalogue.by_beat().search(Question(), clock(), limit=_AT_HAND)
    for asked in _REHEARSED:
        found = await find(catalogue.by_beat(), asked, clock(), 1, names=names, last_look=view.last_look)
        list_page(Site.served(public_url), found)


def _page(text: str) -> int:
    """The number of a page, 1 for what is none."""
    return min(int(text), _LAST_PAGE) if text.isascii() and text.isdecimal() and len(text) < 10 else 1
