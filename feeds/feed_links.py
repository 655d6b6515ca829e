"""What a feed's XML says of others than its entries: its hub (WebSub), its archives (RFC 5005, section 4, appendix B).

The same elements stand in Atom and in RSS.
"""

from __future__ import annotations

from typing import Any

from feedgen.ext.base import BaseExtension
from feedgen.feed import FeedGenerator
from feedgen.util import xml_elem

from feeds.entries import Feed

_ATOM = "http://www.w3.org/2005/Atom"
_HISTORY = "http://purl.org/syndication/history/1.0"


def write_links(generator: FeedGenerator, feed: Feed, extension: str, media_type: str) -> None:
    """Has `generator` write the hub of `feed`, the links between its documents, and which of them are archives.

    Of a feed that has neither nothing is written. `extension` and `media_type` are the format's.
    """
    if feed.hub or feed.archive_links(extension):
        generator.register_extension("fh", lambda: _Links(feed, extension, media_type))


class _Links(BaseExtension):  # type: ignore[misc]  # feedgen has no types
    def __init__(self, feed: Feed, extension: str, media_type: str) -> None:
        self._feed, self._extension, self._media_type = feed, extension, media_type

    def extend_ns(self) -> dict[str, str]:
        return {"fh": _HISTORY} if self._feed.chain.current else {}

    def extend_atom(self, feed: Any) -> Any:
        # To feedgen Atom's namespace is an attribute of the root: naming it again gives a prefix to each link.
        self._write(feed, "link")
        return feed

    def extend_rss(self, rss: Any) -> Any:
        self._write(rss[0], f"{{{_ATOM}}}link")
        return rss

    def _write(self, head: Any, link: str) -> None:
        if self._feed.chain.current:
            xml_elem(f"{{{_HISTORY}}}archive", head)
        if self._feed.hub:
            xml_elem(link, head, href=self._feed.hub, rel="hub")
        for relation, address in self._feed.archive_links(self._extension):
            xml_elem(link, head, href=address, rel=relation, type=self._media_type)
