"""What is served, asked over HTTP within the process."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import httpx
from starlette.applications import Starlette

from feeds.routes import failures, routes
from postings.catalogue import Catalogue
from tests.feeds.samples import NOW, PUBLIC_URL


def visit(
    catalogue: Catalogue, public_url: str = PUBLIC_URL, clock: Callable[[], datetime] = lambda: NOW
) -> httpx.AsyncClient:
    """A client of what is served of a catalogue."""
    app = Starlette(
        routes=routes(catalogue, public_url=public_url, clock=clock),
        exception_handlers=failures(public_url),
    )
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=public_url)
