"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/), by what a rule is of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.feeds.rules.frame import Document, Rule, html_faults, is_iri, is_rfc_3339, is_web_address, twice

_TOP = {"version", "title", "home_page_url", "feed_url", "description", "language", "authors", "items"}
_TOP |= {"hubs", "next_url"}
_ITEM = {
    "id",
    "url",
    "title",
    "content_html",
    "summary",
    "date_published",
    "date_modified",
    "authors",
    "tags",
}


def _items(document: Document) -> list[dict[str, Any]]:
    return [item for item in document.held.get("items", []) if isinstance(item, dict)]


def top_level_has_what_it_must(document: Document) -> Iterator[str]:
    held = document.held
    if held.get("version") != "https://jsonfeed.org/version/1.1":
        yield f"version {held.get('version')!r}"
    if not isinstance(held.get("title"), str) or not held["title"].strip():
        yield "no title"
    if not isinstance(held.get("items"), list) or len(_items(document)) != len(held["items"]):
        yield "no list of items"


def top_level_says_its_own_address_and_page(document: Document) -> Iterator[str]:
    if document.held.get("feed_url") != document.address:
        yield f"feed_url {document.held.get('feed_url')!r}, not {document.address}"
    if not is_web_address(str(document.held.get("home_page_url"))):
        yield "no home_page_url"


def top_level_is_in_french(document: Document) -> Iterator[str]:
    if document.held.get("language") != "fr":
        yield "the language is not fr"


def authors_have_names(document: Document) -> Iterator[str]:
    for held in (document.held, *_items(document)):
        authors = held.get("authors")
        if not authors or not all(
            isinstance(one.get("name"), str) and one["name"].strip() for one in authors
        ):
            yield f"authors {authors!r}"


def items_have_unique_ids(document: Document) -> Iterator[str]:
    ids = [item.get("id") for item in _items(document)]
    yield from (f"id {one!r}" for one in ids if not isinstance(one, str) or not is_iri(one))
    yield from twice(str(one) for one in ids)


def items_have_titles_and_links(document: Document) -> Iterator[str]:
    for item in _items(document):
        if not str(item.get("title", "")).strip():
            yield "an item without title"
        url = str(item.get("url", ""))
        if not is_web_address(url) and not url.startswith("mailto:"):
            yield f"url {item.get('url')!r}"


def items_have_content_that_only_can_be_read(document: Document) -> Iterator[str]:
    for item in _items(document):
        content = item.get("content_html")
        if not isinstance(content, str) or not content.strip():
            yield f"no content in {item.get('id')}"
        else:
            yield from html_faults(content)


def items_have_dates_of_rfc_3339(document: Document) -> Iterator[str]:
    for item in _items(document):
        for name in ("date_published", "date_modified"):
            if not is_rfc_3339(str(item.get(name))):
                yield f"{name} {item.get(name)!r}"


def items_have_tags_of_words(document: Document) -> Iterator[str]:
    for item in _items(document):
        if not all(isinstance(tag, str) and tag.strip() for tag in item.get("tags", [])):
            yield f"tags {item['tags']!r}"


def extensions_begin_with_an_underscore(document: Document) -> Iterator[str]:
    for held, known in [(document.held, _TOP), *((item, _ITEM) for item in _items(document))]:
        yield from (name for name in held if name not in known and not name.startswith("_"))


JSON: tuple[Rule, ...] = tuple(
    rule
    for name, rule in sorted(globals().items())
    if name.startswith(("top_", "authors_", "items_", "extensions_"))
)
