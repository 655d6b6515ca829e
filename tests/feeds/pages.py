"""What a test asks of a page: that it is well made, what a link is called, how it looks to a visitor."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser

import httpx
from starlette.applications import Starlette

from feeds.routes import failures, routes
from feeds.site_page import Site
from postings.model import Record
from tests.feeds.samples import NOW, PUBLIC_URL, MemoryCatalogue

SITE = Site.served(PUBLIC_URL)
_VOID = {"meta", "link", "input", "br", "hr", "option"}


class Outline(HTMLParser):
    """The tags and links of a page, with a check that each tag is closed where it should be."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[tuple[str, str]] = []
        """The address and the text of each link."""
        self.headings: list[int] = []
        self._open: list[str] = []
        self._ids: set[str] = set()
        self._text = ""
        self._href: str | None = None
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        given = dict(attrs)
        assert not [name for name in given if name.startswith("on") or name == "style"]
        if identity := given.get("id"):
            assert identity not in self._ids, identity
            self._ids.add(identity)
        if tag == "a":
            self._href, self._text = given.get("href"), ""
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self.headings.append(int(tag[1]))
        if tag not in _VOID or (tag == "option" and self._open[-1] == "select"):
            self._open.append(tag)

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag
        if tag == "a" and self._href is not None:
            self.links.append((self._href, re.sub("[ \n]+", " ", self._text).strip(" ")))

    def named(self, text: str) -> str:
        """The address of the one link with this text."""
        (href,) = {href for href, name in self.links if name == text}
        return href


def visit(
    catalogue: MemoryCatalogue,
    public_url: str = PUBLIC_URL,
    edit: Callable[[Record], str | None] = lambda _record: None,
) -> httpx.AsyncClient:
    """A visitor of the pages of a catalogue, at `NOW`."""
    app = Starlette(
        routes=routes(catalogue, public_url=public_url, clock=lambda: NOW, edit=edit),
        exception_handlers=failures(public_url),
    )
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=public_url)


async def page_of(*records: Record, path: str = "/", **asked: str) -> str:
    """The page at a path where these records are all that is known."""
    async with visit(MemoryCatalogue(list(records))) as client:
        answer = await client.get(path, params=asked or None)
    assert answer.status_code == 200
    return answer.text
