"""Whether HTML is what it should be: well-formed by the standard, with nothing in it that acts."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from xml.etree.ElementTree import Element

import html5lib

TOLERATED: dict[str, str] = {}
"""Errors that html5lib tells of and the standard of today does not, with the reason."""

_TAGS = frozenset(
    [
        "html",
        "head",
        "meta",
        "title",
        "link",
        "script",
        "body",
        "a",
        "abbr",
        "article",
        "aside",
        "b",
        "blockquote",
        "br",
        "button",
        "caption",
        "code",
        "dd",
        "del",
        "details",
        "div",
        "dl",
        "dt",
        "em",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "i",
        "input",
        "label",
        "legend",
        "li",
        "main",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "s",
        "section",
        "select",
        "small",
        "datalist",
        "span",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "time",
        "tr",
        "u",
        "ul",
        "kbd",
        "q",
    ]
)
_ADDRESSES = ("href", "src", "srcset", "action", "formaction", "poster", "data", "cite", "background", "ping")
_SCHEME = re.compile(r"[\x00-\x20]*([a-z][a-z0-9+.\-\x00-\x20]*):", re.I)
_SCHEMES = {"http", "https", "mailto"}
_REFERENCES = ("aria-labelledby", "aria-describedby", "for", "list")
_WHITE = re.compile(r"\s+")


def faults(html: str, *, fragment: bool = False) -> list[str]:
    """What is wrong with a page, or with a `fragment` of one, each in a few words."""
    return list(_faults(html, fragment))


@lru_cache(maxsize=256)  # the same content stands in every format of a feed
def _faults(html: str, fragment: bool) -> tuple[str, ...]:
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parseFragment(html) if fragment else parser.parse(html)
    elements = [each for each in tree.iter() if isinstance(each.tag, str)]
    if fragment:
        elements.remove(tree)
    wrong = [code for _, code, _ in parser.errors if code not in TOLERATED]
    for element in elements:
        wrong += _element(element, fragment)
    ids = Counter(each.get("id") for each in elements if each.get("id") is not None)
    wrong += [f"id {name!r} {times} times" for name, times in ids.items() if times > 1]
    for element in elements:
        for name in _REFERENCES:
            wrong += [
                f"{name} of nothing: {ref!r}" for ref in (element.get(name) or "").split() if ref not in ids
            ]
    return tuple(wrong)


def _element(element: Element, fragment: bool) -> Iterator[str]:
    tag = str(element.tag)
    if tag not in _TAGS:
        yield f"<{tag}>"
    if tag == "script":
        if fragment or element.get("type") != "application/ld+json" or element.get("src") is not None:
            yield "a script that runs"
        else:
            json.loads("".join(element.itertext()))
    if tag in {"form", "input", "button", "select"} and fragment:
        yield f"<{tag}> in what a posting says"
    if tag == "meta" and element.get("http-equiv") is not None:
        yield "a meta that acts"
    for name, value in element.attrib.items():
        if name.startswith("on") or name == "style":
            yield f"{name}="
        if name in _ADDRESSES:
            yield from _address(element, name, value)


def _address(element: Element, name: str, value: str) -> Iterator[str]:
    if element.tag == "link" and element.get("rel") == "icon":
        return
    found = _SCHEME.match(value)
    scheme = _WHITE.sub("", found[1]).lower() if found else None
    if scheme is not None and scheme not in _SCHEMES:
        yield f"{name}={value!r}"
    if scheme is None and value.lstrip().startswith(("//", "\\")):
        yield f"{name}={value!r} leads elsewhere"
    if element.tag == "form" and scheme is not None:
        yield "a form that is sent elsewhere"
