"""What the feeds and pages answer over HTTP (docs/specification.md, section 7)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from feeds.about_routes import About
from feeds.asked import bounded
from feeds.cache import Cache
from feeds.data_routes import Data
from feeds.entry_cache import Entries
from feeds.feed_routes import Feeds
from feeds.news_routes import News
from feeds.page_cache import kept
from feeds.page_routes import Pages
from feeds.served import missing, page
from feeds.shown import Shown
from feeds.site_page import CSS, Site, not_found
from feeds.subjects import Subjects
from postings.catalogue import Catalogue
from postings.errors import VigieError
from postings.model import Record

_log = structlog.get_logger(__name__)

Handler: TypeAlias = Callable[[Request, Exception], Response]


def failures(public_url: str) -> dict[int | type[Exception], Handler]:
    """What is answered, as a page, where there is nothing (404) and where the store cannot be read (503)."""
    site = Site.served(public_url)

    def nothing(request: Request, _error: Exception) -> Response:
        told = f"La page «\u00a0{request.url.path}\u00a0» n’existe pas."
        return missing(site, told, "Vérifiez son adresse.")

    def unreadable(_request: Request, error: Exception) -> Response:
        _log.error("page not served", error=error.english if isinstance(error, VigieError) else str(error))
        told = "Vigie ne peut pas lire ses données pour le moment."
        return page(
            not_found(site, told, "Réessayez dans quelques minutes.", title="Service interrompu"), 503
        )

    return {404: nothing, VigieError: unreadable}


def routes(
    catalogue: Catalogue,
    *,
    public_url: str,
    clock: Callable[[], datetime],
    edit: Callable[[Record], str | None] = lambda _record: None,
    shown: Shown | None = None,
    contact: str | None = None,
    hub: str | None = None,
) -> list[Route]:
    """The routes of the open postings, of each posting and of the feeds; they answer GET and HEAD.

    `public_url` is the root of all addresses; `clock` gives the present instant in UTC; `edit` the address at which
    the file of a posting is edited, None where it is not known. `shown` is what the catalogue shows, where somebody
    else reads it as well; `contact` is where barriers to access are reported, `hub` the
    address of the hub that is told of changes.
    """
    site, shown = Site.served(public_url), shown or Shown(catalogue, clock)
    served = (catalogue, public_url, clock, site, shown, Cache())
    pages, news, data = Pages(*served, edit=edit), News(*served, hub), Data(*served)
    feeds = Feeds(*served, Subjects(catalogue, shown), Entries(public_url), hub)
    about = About(*served, contact)
    endpoints = {
        "/feeds/recherche.{extension}": feeds.question,
        "/feeds/evenements.{extension}": news.events,
        "/feeds/evenements/{month}.{extension}": news.archive,
        "/feeds/echeances.ics": news.closing,
        "/feeds/{path:path}": feeds.subject,
        "/": kept(pages, pages.home),
        f"/{CSS}": kept(pages, pages.style),
        "/postes/{name:path}": kept(pages, pages.posting),
        "/equipes/{name:path}": kept(pages, pages.team),
        "/chiffres": kept(about, about.figures),
        "/accessibilite": kept(about, about.accessibility),
        "/export.csv": data.export,
        "/api/v2.6/jobs.json": kept(data, data.jobs),
        "/api/openapi.json": data.description,
        "/api/postings": data.postings,
        "/api/postings/{name:path}": kept(data, data.posting),
    }
    return [Route(path, bounded(site, endpoint)) for path, endpoint in endpoints.items()]
