"""The RSS 2.0 specification, by the element that a rule is of, with the W3C validator's habits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from tests.feeds.rules.archived import ARCHIVE, LINKS
from tests.feeds.rules.frame import (
    Document,
    Rule,
    counted,
    html_faults,
    is_rfc_822,
    is_web_address,
    text_of,
    twice,
)

ATOM_LINK = "{http://www.w3.org/2005/Atom}link"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
ENCODED = "{http://purl.org/rss/1.0/modules/content/}encoded"

_CHANNEL = {
    "title",
    "link",
    "description",
    "language",
    "generator",
    "lastBuildDate",
    "docs",
    "item",
    ATOM_LINK,
    ARCHIVE,
}
_ITEM = {"title", "link", "description", "guid", "pubDate", "category", CREATOR, ENCODED}
_PLAIN = re.compile(rb"<(title|category|dc:creator|language|generator)\b[^>]*>([^<]*)</")


def _channel(document: Document) -> Element:
    channel = document.root.find("channel")
    assert channel is not None
    return channel


def _items(document: Document) -> list[Element]:
    return document.root.findall("channel/item")


def rss_is_of_version_2_0_with_one_channel(document: Document) -> Iterator[str]:
    if (document.root.tag, document.root.get("version")) != ("rss", "2.0"):
        yield f"the root is {document.root.tag}, of version {document.root.get('version')}"
    if len(document.root) != 1:
        yield f"{len(document.root)} channels"


def channel_has_what_it_must(document: Document) -> Iterator[str]:
    rest = ["language", "generator", "lastBuildDate", "pubDate", "ttl", "docs"]
    yield from counted(_channel(document), ["title", "link", "description"], rest)


def channel_is_in_french(document: Document) -> Iterator[str]:
    if text_of(_channel(document).find("language")) != "fr":
        yield "the language is not fr"


def channel_says_its_own_address(document: Document) -> Iterator[str]:
    own = [
        (link.get("rel"), link.get("href"), link.get("type"))
        for link in _channel(document).findall(ATOM_LINK)
        if link.get("rel") not in (*LINKS, "hub")
    ]
    if own != [("self", document.address, "application/rss+xml")]:
        yield f"{own}, not {document.address}"


def channel_holds_nothing_else(document: Document) -> Iterator[str]:
    yield from (child.tag for child in _channel(document) if child.tag not in _CHANNEL)


def dates_are_those_of_rfc_822(document: Document) -> Iterator[str]:
    dates = [_channel(document).find("lastBuildDate"), *(item.find("pubDate") for item in _items(document))]
    yield from (
        f"date {text_of(date)!r}" for date in dates if date is not None and not is_rfc_822(text_of(date))
    )


def link_is_absolute(document: Document) -> Iterator[str]:
    for parent in (_channel(document), *_items(document)):
        link = text_of(parent.find("link"))
        if not is_web_address(link) and not link.startswith("mailto:"):
            yield f"link {link!r}"


def item_has_one_of_each(document: Document) -> Iterator[str]:
    for item in _items(document):
        yield from counted(item, ["title", "link", "guid", "pubDate"], ["description", "author", ENCODED])
        if item.find("description") is None:
            yield "an item without description"


def item_holds_nothing_else(document: Document) -> Iterator[str]:
    yield from (child.tag for item in _items(document) for child in item if child.tag not in _ITEM)


def item_has_an_author_that_is_no_address(document: Document) -> Iterator[str]:
    for item in _items(document):
        yield from counted(item, [CREATOR])


def guid_is_unique_and_says_that_it_is_no_address(document: Document) -> Iterator[str]:
    guids = [guid for item in _items(document) for guid in item.findall("guid")]
    yield from twice(text_of(guid) for guid in guids)
    for guid in guids:
        if guid.get("isPermaLink") != "false" and not is_web_address(text_of(guid)):
            yield f"guid {text_of(guid)!r} is said to be an address"


def category_has_words(document: Document) -> Iterator[str]:
    for item in _items(document):
        yield from ("an empty category" for one in item.findall("category") if not text_of(one).strip())


def description_and_content_only_can_be_read(document: Document) -> Iterator[str]:
    for item in _items(document):
        for element in (item.find("description"), item.find(ENCODED)):
            yield from html_faults(text_of(element))


def w3c_plain_text_writes_signs_by_number(document: Document) -> Iterator[str]:
    for name, text in _PLAIN.findall(document.raw):
        if re.search(rb"&(?:amp|lt);", text):
            yield f"{name.decode()} {text.decode()!r}"


RSS: tuple[Rule, ...] = tuple(
    rule
    for name, rule in sorted(globals().items())
    if name.startswith(
        ("rss_", "channel_", "dates_", "link_", "item_", "guid_", "category_", "description_", "w3c_")
    )
)
