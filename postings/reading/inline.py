"""The marks within lines of Markdown and HTML: taken off for plain text, and the links that they make."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import NamedTuple

from postings.text import one_line

# Every repetition is bounded, so that no input takes longer than its length warrants.
_IMAGE = re.compile(r"!\[([^\]\[]{0,300})\]\((?:[^()]++|\([^()]{0,200}\)){0,50}\)")
_LINK = re.compile(
    r"\[([^\]\[]{0,1000})\]\(\s{0,9}<?((?:[^()\s<>]++|\([^()\s<>]{0,200}\)){0,50})>?(?:\s{1,9}[\"'][^()]{0,300})?\s{0,9}\)"
    r"(?:\{:[^}]{0,200}\})?"
)
_REFERENCE = re.compile(r"\[([^\]\[]{1,1000})\]\[[^\]\[]{0,300}\]")
_AUTOLINK = re.compile(r"<((?:https?|mailto):[^<>\s]{1,2000})>")
_BARE = re.compile(r"https?://[^\s<>\"'`\]\[{}|\\^]+")
COMMENT = re.compile(r"<!--.*?-->", re.S)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")
# Each mark comes before what is looked for behind it, so that `re` skips from mark to mark.
_EMPHASIS = re.compile(
    r"\*(?<!\\\*)\*{0,2}|_(?<![^\W_]_)(?<!\\_)_{0,2}|_(?<!\\_)_{0,2}(?![^\W_])|~(?<!\\~)~|`(?<!\\`)`*"
)
_BACKSLASH = re.compile(r"\\([!-/:-@\[-`{-~])")


class Link(NamedTuple):
    """An address in the body, with the words that carry it (the address itself when it stands alone)."""

    label: str
    url: str


def plain(markdown: str) -> str:
    """Inline Markdown and HTML as plain text on one line: labels of links stay, marks and tags go."""
    text = markdown
    if "](" in text or "][" in text:
        text = _REFERENCE.sub(r"\1", _LINK.sub(r"\1", _IMAGE.sub(" ", text)))
    if "<" in text:
        if "-->" in text:
            text = COMMENT.sub(" ", text)
        text = _TAG.sub(" ", _AUTOLINK.sub(r"\1", text))
    if "*" in text or "_" in text or "`" in text or "~" in text:
        text = _EMPHASIS.sub("", text)
    if "\\" in text:
        text = _BACKSLASH.sub(r"\1", text)
    return one_line(html.unescape(text) if "&" in text else text)


def links(markdown: str) -> tuple[Link, ...]:
    """The links of some Markdown, in order, each address once; images are not links."""
    if "://" not in markdown and "](" not in markdown and "<mailto:" not in markdown:
        return ()
    found: dict[str, tuple[int, str]] = {}
    rest = _IMAGE.sub(lambda m: " " * len(m[0]), markdown)

    def take(match: re.Match[str], label: str, url: str) -> str:
        url = html.unescape(url.strip())
        if url:
            start, first = found.get(url, (match.start(), label))
            found[url] = min(start, match.start()), first
        return " " * len(match[0])

    rest = _LINK.sub(lambda m: take(m, m[1], m[2]), rest)
    rest = _AUTOLINK.sub(lambda m: take(m, "", m[1]), rest)
    _BARE.sub(lambda m: take(m, "", _trim(m[0])), rest)
    return tuple(
        Link(plain(label) or url, url) for url, (_, label) in sorted(found.items(), key=lambda f: f[1][0])
    )


def bare_addresses(text: str) -> Iterator[tuple[int, str]]:
    """Where each address that stands by itself begins, and the address without the sentence's punctuation."""
    for match in _BARE.finditer(text):
        yield match.start(), _trim(match[0])


def _trim(url: str) -> str:
    """A bare address without the punctuation of the sentence around it."""
    url = url.rstrip(".,;:!?*_»")
    if url.endswith(")") and url.count(")") > url.count("("):
        url = url[: -(url.count(")") - url.count("("))].rstrip(".,;:!?*_»")
    return url
