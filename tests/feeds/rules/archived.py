"""RFC 5005, section 4: what the documents of a feed with archives must be, in Atom and (appendix B) in RSS."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from tests.feeds.rules.frame import Document, Rule, is_web_address

ARCHIVE = "{http://purl.org/syndication/history/1.0}archive"
LINKS = ("current", "prev-archive", "next-archive")
_LINK = "{http://www.w3.org/2005/Atom}link"


def _head(document: Document) -> Element:
    channel = document.root.find("channel")
    return document.root if channel is None else channel


def links(document: Document) -> dict[str, list[str]]:
    """The addresses of the links between documents, by relation."""
    found: dict[str, list[str]] = {}
    for link in _head(document).findall(_LINK):
        if link.get("rel") in LINKS:
            found.setdefault(str(link.get("rel")), []).append(link.get("href", ""))
    return found


def is_archive(document: Document) -> bool:
    """Whether the document says that it is one."""
    return _head(document).find(ARCHIVE) is not None


def section_4_a_relation_is_there_once(document: Document) -> Iterator[str]:
    yield from (relation for relation, found in links(document).items() if len(found) != 1)


def section_4_links_lead_to_other_documents(document: Document) -> Iterator[str]:
    for relation, found in links(document).items():
        for address in found:
            if not is_web_address(address) or address == document.address:
                yield f"{relation} {address!r}"


def section_4_an_archive_alone_leads_to_what_is_current(document: Document) -> Iterator[str]:
    if is_archive(document) != ("current" in links(document)):
        yield f"archive: {is_archive(document)}, links: {links(document)}"


def section_4_only_an_archive_has_one_after_it(document: Document) -> Iterator[str]:
    if "next-archive" in links(document) and not is_archive(document):
        yield "next-archive of the subscription document"


ARCHIVED: tuple[Rule, ...] = tuple(
    rule for name, rule in sorted(globals().items()) if name.startswith("section_")
)
