"""What all rules share: the document that they look at, dates, addresses, the HTML of a content."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import cached_property, lru_cache
from html.parser import HTMLParser
from typing import Any, TypeAlias
from urllib.parse import urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import html5lib

_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
_IRI = re.compile(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20]+", re.IGNORECASE)
_ACTIVE = {"script", "style", "iframe", "object", "embed", "form", "input", "link", "meta", "base", "svg"}
_SCHEMES = {"http", "https", "mailto"}


@dataclass(frozen=True)
class Document:
    """One feed as it was served: its bytes and the address at which they were found."""

    raw: bytes
    address: str

    @cached_property
    def root(self) -> Element:
        """Its XML. Raises ParseError when it is not well-formed."""
        return ElementTree.fromstring(self.raw)

    @cached_property
    def held(self) -> dict[str, Any]:
        """Its JSON object. Raises ValueError when it is none."""
        held = json.loads(self.raw.decode("utf-8"))
        assert isinstance(held, dict)
        return held


Rule: TypeAlias = Callable[[Document], Iterator[str]]


def broken(document: Document, rules: Iterable[Rule]) -> list[str]:
    """The sentences of every rule that `document` breaks, each with the rule's name."""
    return [f"{rule.__name__}: {told}" for rule in rules for told in rule(document)]


def text_of(element: Element | None) -> str:
    """The text of an element, empty when it is not there."""
    return (element.text or "") if element is not None else ""


def counted(parent: Element, once: Iterable[str], at_most_once: Iterable[str] = ()) -> Iterator[str]:
    """Children that are missing, empty or there too often."""
    for name in once:
        found = parent.findall(name)
        if len(found) != 1:
            yield f"{len(found)} {name} in {parent.tag}"
        elif not "".join(found[0].itertext()).strip():
            yield f"empty {name}"
    for name in at_most_once:
        if len(parent.findall(name)) > 1:
            yield f"several {name} in {parent.tag}"


def twice(values: Iterable[str]) -> Iterator[str]:
    """The values that are there more than once."""
    seen: set[str] = set()
    for value in values:
        if value in seen:
            yield f"{value!r} is there twice"
        seen.add(value)


def is_rfc_3339(text: str) -> bool:
    """Whether `text` is a date and time of RFC 3339, with T and an offset, that exists."""
    try:
        return bool(_RFC_3339.fullmatch(text)) and datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def is_rfc_822(text: str) -> bool:
    """Whether `text` is a date and time of RFC 822 with a year of four digits, its day of the week the true one."""
    try:
        return format_datetime(parsedate_to_datetime(text)) == text
    except ValueError:
        return False


def is_iri(text: str) -> bool:
    """Whether `text` is an absolute IRI."""
    return bool(_IRI.fullmatch(text))


def is_web_address(text: str) -> bool:
    """Whether `text` is an absolute http or https address."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return is_iri(text) and parts.scheme in ("http", "https") and bool(parts.hostname)


@lru_cache(maxsize=2_000)
def html_faults(html: str) -> tuple[str, ...]:
    """What a content may not hold: what runs, what loads, what is relative, what is not well-formed.

    The latest are kept: a posting has one content in every feed and format.
    """
    parser = html5lib.HTMLParser()
    parser.parseFragment(html)
    links = _Links()
    links.feed(html)
    links.close()
    return *(f"HTML: {fault[1]} in {html[:60]!r}" for fault in parser.errors), *links.faults


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _ACTIVE:
            self.faults.append(f"<{tag}> in a content")
        for name, value in attrs:
            if name.startswith("on") or name == "style":
                self.faults.append(f"{name} in a content")
            if name in ("href", "src") and (
                urlsplit(value or "").scheme not in _SCHEMES or not is_iri(value or "")
            ):
                self.faults.append(f"relative or foreign link {value!r}")
