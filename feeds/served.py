"""What every handler of HTTP has at hand, and the page that is answered where there is nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from starlette.responses import Response

from feeds.cache import Cache
from feeds.conditional import HTML, SECURITY
from feeds.shown import Shown
from feeds.site_page import Site, not_found
from postings.catalogue import Catalogue

_MISSING_AGE = 60


@dataclass(frozen=True, slots=True)
class Served:
    """Where what is served comes from."""

    catalogue: Catalogue
    public_url: str
    """The root of all addresses that are given away."""
    clock: Callable[[], datetime]
    """Gives the present instant in UTC."""
    site: Site
    shown: Shown
    cache: Cache


def page(body: bytes, status: int) -> Response:
    """A page that stands in for another; only that nothing is there (404) may be kept for a while."""
    kept = f"public, max-age={_MISSING_AGE}" if status == 404 else "no-store"
    return Response(body, status, media_type=HTML, headers={**SECURITY, "Cache-Control": kept})


def missing(site: Site, sentence: str, advice: str, nearest: tuple[str, str] | None = None) -> Response:
    """404: what is missing, what to do, and the title and link of what is nearest."""
    return page(not_found(site, sentence, advice, nearest), 404)
