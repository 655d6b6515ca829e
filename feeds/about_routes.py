"""The pages about Vigie itself over HTTP: the figures, the accessibility statement."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from feeds.accessibility_page import accessibility_page
from feeds.conditional import HTML, answer
from feeds.figures_page import MONTHS, figures_page
from feeds.served import Served
from postings.figures import figures

_FIGURES_AGE = 300
_STATEMENT_AGE = 3600


@dataclass(frozen=True, slots=True)
class About(Served):
    """The handlers of these pages."""

    contact: str | None = None
    """Where barriers are reported: an address of mail or of a page."""

    async def figures(self, request: Request) -> Response:
        """`/chiffres`."""
        now = self.clock()
        found = await figures(self.catalogue, now, months=MONTHS)
        body = figures_page(self.site, found, now, last_look=await self.catalogue.last_look())
        return answer(request, body, media_type=HTML, modified=None, max_age=_FIGURES_AGE)

    async def accessibility(self, request: Request) -> Response:
        """`/accessibilite`."""
        body = accessibility_page(self.site, self.contact)
        return answer(request, body, media_type=HTML, modified=None, max_age=_STATEMENT_AGE)
