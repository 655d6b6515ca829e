"""RFC 4287, by section."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from tests.feeds.rules.archived import ARCHIVE
from tests.feeds.rules.frame import (
    Document,
    Rule,
    counted,
    html_faults,
    is_iri,
    is_rfc_3339,
    is_web_address,
    text_of,
    twice,
)

NS = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"

_FEED = {"author", "category", "contributor", "generator", "icon", "id", "link", "logo", "rights", "subtitle"}
_FEED |= {"title", "updated", "entry"}
_ENTRY = {"author", "category", "content", "contributor", "id", "link", "published", "rights", "source"}
_ENTRY |= {"summary", "title", "updated"}
_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+")


def _entries(document: Document) -> list[Element]:
    return document.root.findall(f"{NS}entry")


def _both(document: Document) -> list[Element]:
    return [document.root, *_entries(document)]


def section_2_the_root_is_a_feed_in_utf_8(document: Document) -> Iterator[str]:
    if document.root.tag != f"{NS}feed":
        yield f"the root is {document.root.tag}"
    if not re.match(rb"<\?xml [^>]*encoding=['\"]UTF-8['\"]", document.raw, re.IGNORECASE):
        yield "no XML declaration with UTF-8"


def section_2_the_language_is_french(document: Document) -> Iterator[str]:
    if document.root.get(LANG) != "fr":
        yield f"xml:lang is {document.root.get(LANG)!r}"


def section_3_1_1_text_says_its_type(document: Document) -> Iterator[str]:
    for parent in _both(document):
        for name in ("title", "subtitle", "summary", "rights"):
            for element in parent.findall(NS + name):
                if element.get("type", "text") not in ("text", "html", "xhtml"):
                    yield f"type {element.get('type')!r} of {name}"
                if element.get("type") != "xhtml" and len(element):
                    yield f"elements in {name}"


def section_3_2_a_person_has_one_name(document: Document) -> Iterator[str]:
    for parent in _both(document):
        for person in (*parent.findall(f"{NS}author"), *parent.findall(f"{NS}contributor")):
            yield from counted(person, [f"{NS}name"], [f"{NS}uri", f"{NS}email"])


def section_3_3_dates_are_those_of_rfc_3339(document: Document) -> Iterator[str]:
    for parent in _both(document):
        for name in ("updated", "published"):
            for element in parent.findall(NS + name):
                if not is_rfc_3339(text_of(element)):
                    yield f"{name} {text_of(element)!r}"


def section_4_1_1_a_feed_has_what_it_must(document: Document) -> Iterator[str]:
    once = [NS + name for name in ("id", "title", "updated")]
    rest = [NS + name for name in ("generator", "icon", "logo", "rights", "subtitle")]
    yield from counted(document.root, once, rest)


def section_4_1_1_somebody_wrote_every_entry(document: Document) -> Iterator[str]:
    if document.root.find(f"{NS}author") is None:
        for entry in _entries(document):
            if entry.find(f"{NS}author") is None:
                yield f"no author of {text_of(entry.find(f'{NS}id'))}"


def section_4_1_1_the_feed_says_its_own_address(document: Document) -> Iterator[str]:
    own = [link.get("href") for link in document.root.findall(f"{NS}link") if link.get("rel") == "self"]
    if own != [document.address]:
        yield f"self is {own}, not {document.address}"


def section_4_1_1_one_alternate_a_type(document: Document) -> Iterator[str]:
    for parent in _both(document):
        links = [link for link in parent.findall(f"{NS}link") if link.get("rel", "alternate") == "alternate"]
        yield from twice(f"{link.get('type')} {link.get('hreflang')}" for link in links)
        if not links:
            yield f"no alternate of {parent.tag}"


def section_4_1_2_an_entry_has_what_it_must(document: Document) -> Iterator[str]:
    for entry in _entries(document):
        once = [NS + name for name in ("id", "title", "updated")]
        rest = [NS + name for name in ("content", "published", "rights", "source", "summary")]
        yield from counted(entry, once, rest)


def section_4_1_3_content_is_html_that_only_can_be_read(document: Document) -> Iterator[str]:
    for entry in _entries(document):
        content = entry.find(f"{NS}content")
        if content is None or content.get("type") != "html" or len(content) or not text_of(content).strip():
            yield f"no content of type html in {text_of(entry.find(f'{NS}id'))}"
        else:
            yield from html_faults(text_of(content))


def section_4_2_2_a_category_has_a_term(document: Document) -> Iterator[str]:
    for parent in _both(document):
        for category in parent.findall(f"{NS}category"):
            if not (category.get("term") or "").strip():
                yield "a category without term"
            if category.get("scheme") is not None and not is_iri(category.get("scheme", "")):
                yield f"scheme {category.get('scheme')!r}"


def section_4_2_6_ids_are_absolute_and_unique(document: Document) -> Iterator[str]:
    ids = [text_of(parent.find(f"{NS}id")) for parent in _both(document)]
    yield from (f"id {one!r} is no IRI" for one in ids if not is_iri(one))
    yield from twice(ids)


def section_4_2_7_links_lead_somewhere(document: Document) -> Iterator[str]:
    for parent in _both(document):
        for link in parent.findall(f"{NS}link"):
            if not is_web_address(link.get("href", "")) and not link.get("href", "").startswith("mailto:"):
                yield f"link {link.get('href')!r}"
            if not _MEDIA_TYPE.fullmatch(link.get("type", "a/b")):
                yield f"type {link.get('type')!r} of a link"


def section_4_2_9_nothing_is_published_after_its_change(document: Document) -> Iterator[str]:
    for entry in _entries(document):
        published, updated = text_of(entry.find(f"{NS}published")), text_of(entry.find(f"{NS}updated"))
        if published > updated:
            yield f"published {published}, updated {updated}"


def section_6_nothing_else_is_in_it(document: Document) -> Iterator[str]:
    for parent, known in [(document.root, _FEED), *((entry, _ENTRY) for entry in _entries(document))]:
        tags = {child.tag for child in parent} - {ARCHIVE if parent is document.root else ""}
        yield from (tag for tag in sorted(tags) if tag.removeprefix(NS) not in known)


ATOM: tuple[Rule, ...] = tuple(
    rule for name, rule in sorted(globals().items()) if name.startswith("section_")
)
