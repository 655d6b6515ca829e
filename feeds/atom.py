"""Atom (RFC 4287)."""

from __future__ import annotations

from feedgen.feed import FeedGenerator

from feeds.entries import Feed
from feeds.feed_links import write_links

MEDIA_TYPE = "application/atom+xml"
EXTENSION = ".atom"


def render_atom(feed: Feed) -> bytes:
    """The feed as UTF-8 bytes: the same feed gives the same bytes."""
    generator = FeedGenerator()
    generator.id(feed.id)
    generator.title(feed.title)
    generator.subtitle(feed.subtitle)
    generator.updated(feed.updated)
    generator.language("fr")
    generator.generator("Vigie")
    generator.link(href=feed.at(EXTENSION), rel="self", type=MEDIA_TYPE)
    generator.link(href=feed.page, rel="alternate", type="text/html")
    write_links(generator, feed, EXTENSION, MEDIA_TYPE)
    for entry in feed.entries:
        # feedgen puts the entry added last first unless told otherwise.
        item = generator.add_entry(order="append")
        item.id(entry.id)
        item.title(entry.title)
        item.link(href=entry.link, rel="alternate", type="text/html")
        item.author(name=entry.author)
        item.published(entry.published)
        item.updated(entry.updated)
        for category in entry.categories:
            item.category(term=category.term, label=category.label, scheme=category.scheme)
        if entry.summary:
            item.summary(entry.summary, type="text")
        item.content(entry.content, type="html")
    written: bytes = generator.atom_str(pretty=True)
    return written
