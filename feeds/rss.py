"""RSS 2.0 (https://www.rssboard.org/rss-specification).

The whole is the content module's `content:encoded` (https://www.rssboard.org/rss-profile#namespace-elements-content),
the summary the description; where there is no summary the whole is.
"""

from __future__ import annotations

import re
from html import escape

from feedgen.feed import FeedGenerator

from feeds.entries import Feed
from feeds.feed_links import write_links

MEDIA_TYPE = "application/rss+xml"
EXTENSION = ".rss"

_TAG = re.compile("<(?=[A-Za-z/!?])")
_PLAIN_TEXT = re.compile(rb"<(title|category|dc:creator)\b[^>]*>[^<]*</")


def render_rss(feed: Feed) -> bytes:
    """The feed as UTF-8 bytes: the same feed gives the same bytes."""
    generator = FeedGenerator()
    generator.load_extension("dc", atom=False)
    generator.title(_no_tag(feed.title))
    generator.description(_no_tag(feed.subtitle))
    generator.language("fr")
    generator.generator("Vigie")
    generator.lastBuildDate(feed.updated)
    # The channel's own link is the last one that feedgen is given.
    generator.link(href=feed.at(EXTENSION), rel="self", type=MEDIA_TYPE)
    generator.link(href=feed.page, rel="alternate")
    write_links(generator, feed, EXTENSION, MEDIA_TYPE)
    for entry in feed.entries:
        item = generator.add_entry(order="append")
        item.guid(entry.id, permalink=False)
        item.title(_no_tag(entry.title))
        item.link(href=entry.link)
        # An RSS author must be an address; a name alone is Dublin Core's creator.
        item.dc.dc_creator(_no_tag(entry.author))
        item.pubDate(entry.published)
        for category in entry.categories:
            item.category(term=category.term, label=category.label, scheme=category.scheme)
        # A description is HTML (https://www.rssboard.org/rss-profile#element-channel-item-description).
        item.description(escape(entry.summary, quote=False))
        item.content(entry.content)
    written: bytes = generator.rss_str(pretty=True)
    return _PLAIN_TEXT.sub(lambda found: _hexadecimal(found[0]), written)


def _no_tag(text: str) -> str:
    """`text` in which nothing can be taken for a tag: a joiner that nobody sees follows what would begin one.

    RSS does not say whether its titles are text or HTML; readers guess, and lose what looks like a tag.
    """
    return _TAG.sub("<\u2060", text)


def _hexadecimal(element: bytes) -> bytes:
    """The W3C validator takes `&amp;` and `&lt;` in plain text for HTML, unless written by their number."""
    return element.replace(b"&amp;", b"&#x26;").replace(b"&lt;", b"&#x3C;")
