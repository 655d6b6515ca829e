"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json

from feeds.entries import Entry, Feed

MEDIA_TYPE = "application/feed+json"
EXTENSION = ".json"

_VERSION = "https://jsonfeed.org/version/1.1"


def render_json(feed: Feed) -> bytes:
    """The feed as UTF-8 bytes: the same feed gives the same bytes."""
    written = {
        "version": _VERSION,
        "title": feed.title,
        "home_page_url": feed.page,
        "feed_url": feed.at(EXTENSION),
        "description": feed.subtitle,
        "language": "fr",
        **({"hubs": [{"type": "WebSub", "url": feed.hub}]} if feed.hub else {}),
        # Its readers page back by this one link, to the archive before.
        **({"next_url": feed.chain.previous + EXTENSION} if feed.chain.previous else {}),
        "authors": [{"name": feed.author}],
        "items": [_item(entry) for entry in feed.entries],
    }
    return json.dumps(written, ensure_ascii=False, separators=(",", ":")).encode()


def _item(entry: Entry) -> dict[str, object]:
    item: dict[str, object] = {
        "id": entry.id,
        "url": entry.link,
        "title": entry.title,
        "content_html": entry.content,
        "summary": entry.summary,
        "date_published": entry.published.isoformat(),
        "date_modified": entry.updated.isoformat(),
        "authors": [{"name": entry.author}],
        "tags": [category.label for category in entry.categories],
    }
    # What is not known is left out, as the format wants it.
    return {name: value for name, value in item.items() if value}
