"""A client that may go to the loopback, and what the reader makes of the files that a list becomes."""

from __future__ import annotations

from datetime import UTC, datetime

from postings.model import Posting
from postings.reading.reader import read_file, resolve
from postings.reading.site import Site
from postings.sources.base import inside, slug_in
from postings.sources.http import HttpClient
from postings.sources.listed import ListedSource

NOW = datetime(2024, 3, 4, 9, 0, tzinfo=UTC)


def loopback() -> HttpClient:
    """Its clock stands at `NOW`."""
    return HttpClient(clock=lambda: NOW, allow_private=True)


async def read_all(source: ListedSource) -> list[Posting]:
    """Looks once and reads every posting of the list, by path."""
    look = await source.look(None)
    assert look is not None
    blobs = {path: blob for path, blob in sorted(look.files.items()) if blob is not None}
    contents = await source.read(blobs.values())
    layout = source.layout
    startups = {
        slug: contents[blob]
        for path, blob in blobs.items()
        if (slug := slug_in(path, layout.startups)) is not None
    }
    site = Site.from_files(startups, {})
    return [
        resolve(read_file(path, contents[blob]), site)
        for path, blob in blobs.items()
        if inside(path, layout.postings)
    ]


async def read_one(source: ListedSource) -> Posting:
    """The only posting of the list."""
    (posting,) = await read_all(source)
    return posting
