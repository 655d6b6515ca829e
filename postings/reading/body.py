"""The body of a posting as blocks of plain text under headings: enough to find facts, cheaper than rendering.

Markdown is read line by line (headings, items, paragraphs, tables, code); inline marks are taken off.
https://spec.commonmark.org/0.31.2/ names the constructs; what they nest into does not matter here.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from textwrap import wrap
from typing import Literal

from postings.text import fold, one_line

BlockKind = Literal["heading", "paragraph", "item", "table", "code", "more"]

_LONGEST = 2000
"""Characters, above the longest paragraph of a real posting: a longer one is cut into several blocks."""

_FENCE = re.compile(r" {0,3}(```|~~~)")
_HEADING = re.compile(r" {0,3}(#{1,6})(?!#)(.*)$")
_CLOSING = re.compile(r"(?:(?<=\s)|^)#+$|#{2,}$")
_UNDERLINE = re.compile(r" {0,3}(=+|-{2,})\s*$")
_RULE = re.compile(r" {0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})$")
_ITEM = re.compile(r"\s*(?:[-*+•–]|\d{1,3}[.)])\s+(.*)$")
_BOLD_LINE = re.compile(r"\s*(\*\*|__)(?=\S)(.{1,100}?)(?<=\S)\1\s*:?\s*$")
_MORE = re.compile(r"\s*<!--\s*more\s*-->\s*$")
_MORE_INSIDE = re.compile(r"(<!--\s*more\s*-->)")

# Every repetition is bounded, so that no input takes longer than its length warrants.
_IMAGE = re.compile(r"!\[([^\]\[]{0,300})\]\((?:[^()]++|\([^()]{0,200}\)){0,50}\)")
_LINK = re.compile(
    r"\[([^\]\[]{0,1000})\]\(\s{0,9}<?((?:[^()\s<>]++|\([^()\s<>]{0,200}\)){0,50})>?(?:\s{1,9}[\"'][^()]{0,300})?\s{0,9}\)"
    r"(?:\{:[^}]{0,200}\})?"
)
_REFERENCE = re.compile(r"\[([^\]\[]{1,1000})\]\[[^\]\[]{0,300}\]")
_AUTOLINK = re.compile(r"<((?:https?|mailto):[^<>\s]{1,2000})>")
_BARE = re.compile(r"https?://[^\s<>\"'`\]\[{}|\\^]+")
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")
_EMPHASIS = re.compile(r"(?<!\\)(\*{1,3}|(?<![^\W_])_{1,3}|_{1,3}(?![^\W_])|~~|`+)")
_BACKSLASH = re.compile(r"\\([!-/:-@\[-`{-~])")


@dataclass(frozen=True, slots=True)
class Link:
    """An address in the body, with the words that carry it (the address itself when it stands alone)."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph, one item of a list, a table row or a line of code.

    `text` is plain text on one line, `raw` the Markdown, `line` counts from 1 in the file.
    """

    kind: BlockKind
    text: str
    raw: str
    line: int
    level: int = 0
    """Of a heading: 1 to 6; 7 for a line that is bold as a whole."""

    def links(self) -> tuple[Link, ...]:
        """The links of this block, in order, each address once."""
        return links(self.raw)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the blocks up to the next one, of whatever level. The first may have no heading."""

    heading: str
    level: int
    blocks: tuple[Block, ...]

    @property
    def folded(self) -> str:
        """The heading, folded, to be compared with vocabularies."""
        return fold(self.heading)

    def links(self) -> tuple[Link, ...]:
        """The links of the heading's blocks, in order."""
        return tuple(link for block in self.blocks for link in block.links())

    @property
    def text(self) -> str:
        """The blocks' plain text, a line each."""
        return "\n".join(block.text for block in self.blocks)


class Body:
    """The blocks of one body, and views of them that are made when asked for."""

    def __init__(self, blocks: tuple[Block, ...]) -> None:
        self.blocks = blocks

    @classmethod
    def parse(cls, markdown: str, first_line: int = 1) -> Body:
        """Reads `markdown`, whose first line is line `first_line` of the file. Never raises."""
        if "-->" in markdown:
            last = markdown.rfind("-->") + 3  # what opens after it never closes: nothing to look for there
            markdown = _COMMENT.sub(_keep_lines, markdown[:last]) + markdown[last:]
        return cls(tuple(_blocks(markdown.split("\n"), first_line)))

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The body cut at its headings (a heading's own links and addresses stand in the section's first block)."""
        found: list[tuple[str, int, list[Block]]] = [("", 0, [])]
        for block in self.blocks:
            if block.kind == "heading":
                found.append((block.text, block.level, [block] if block.links() or "@" in block.raw else []))
            elif block.kind != "more":
                found[-1][2].append(block)
        return tuple(Section(h, level, tuple(b)) for h, level, b in found if h or b)

    @cached_property
    def text(self) -> str:
        """All the plain text, a line a block."""
        return "\n".join(block.text for block in self.blocks if block.text)

    @cached_property
    def folded(self) -> str:
        """`text`, folded."""
        return fold(self.text)

    @property
    def first_heading(self) -> str | None:
        """The text of the first heading that has one; a bold line only where there is no other heading."""
        headings = [b for b in self.blocks if b.kind == "heading" and b.text]
        return next((b.text for b in headings if b.level <= 6), headings[0].text if headings else None)

    @property
    def excerpt(self) -> str | None:
        """The plain text before `<!--more-->`, None where there is no such mark."""
        before: list[str] = []
        for block in self.blocks:
            if block.kind == "more":
                return " ".join(before)
            if block.kind != "heading":
                before.append(block.text)
        return None


def _keep_lines(comment: re.Match[str]) -> str:
    """A comment goes, its line breaks stay, so that line numbers hold; the mark `more` stays as it is."""
    return comment[0] if _MORE.match(comment[0]) else "\n" * comment[0].count("\n")


def _blocks(lines: list[str], first_line: int) -> Iterator[Block]:
    pending: list[
        tuple[BlockKind, str, int]
    ] = []  # kind, raw line, number: a paragraph or an item being read

    def flush() -> tuple[Block, ...]:
        if not pending:
            return ()
        kind, _, start = pending[0]
        raw = "\n".join(row[1] for row in pending)
        pending.clear()
        text = plain(raw)
        if len(text) <= _LONGEST:
            return (Block(kind, text, raw, start),) if text else ()
        parts = wrap(text, _LONGEST)
        return tuple(Block(kind, part, raw if n == 0 else "", start) for n, part in enumerate(parts))

    fence: str | None = None
    for number, line in enumerate(lines, first_line):
        if fence is not None:
            if line.strip().startswith(fence):
                fence = None
            elif line.strip():
                yield Block("code", one_line(line), line, number)
            continue
        if line[:1].isalpha() and "<!--" not in line:  # most lines: nothing below begins with a letter
            pending.append((pending[-1][0] if pending else "paragraph", line, number))
        elif opening := _FENCE.match(line):
            yield from flush()
            fence = opening[1]
        elif not line.strip():
            yield from flush()
        elif "<!--" in line and len(parts := _MORE_INSIDE.split(line, maxsplit=1)) == 3:
            if parts[0].strip():
                pending.append((pending[-1][0] if pending else "paragraph", parts[0].lstrip("> \t"), number))
            yield from flush()
            yield Block("more", "", line, number)
            if parts[2].strip():
                pending.append(("paragraph", parts[2].lstrip("> \t"), number))
        elif heading := _HEADING.match(line):
            yield from flush()
            raw = _CLOSING.sub("", heading[2].strip())
            yield Block("heading", plain(raw), raw, number, len(heading[1]))
        elif pending and (under := _UNDERLINE.match(line)) and pending[0][0] == "paragraph":
            raw = "\n".join(row[1] for row in pending)
            start = pending[0][2]
            pending.clear()
            yield Block("heading", plain(raw), raw, start, 1 if under[1][0] == "=" else 2)
        elif _RULE.match(line):
            yield from flush()
        elif line.lstrip().startswith("|"):
            yield from flush()
            if text := plain(line.replace("|", " ")):
                yield Block("table", text, line, number)
        elif not pending and (bold := _BOLD_LINE.match(line)):
            yield Block("heading", plain(bold[2]).rstrip(" :"), line, number, 7)
        elif item := _ITEM.match(line):
            yield from flush()
            pending.append(("item", item[1], number))
        else:
            pending.append((pending[-1][0] if pending else "paragraph", line.lstrip("> \t"), number))
    yield from flush()


def plain(markdown: str) -> str:
    """Inline Markdown and HTML as plain text on one line: labels of links stay, marks and tags go."""
    text = markdown
    if "](" in text or "][" in text:
        text = _REFERENCE.sub(r"\1", _LINK.sub(r"\1", _IMAGE.sub(" ", text)))
    if "<" in text:
        if "-->" in text:
            text = _COMMENT.sub(" ", text)
        text = _TAG.sub(" ", _AUTOLINK.sub(r"\1", text))
    if "*" in text or "_" in text or "`" in text or "~" in text:
        text = _EMPHASIS.sub("", text)
    if "\\" in text:
        text = _BACKSLASH.sub(r"\1", text)
    return one_line(html.unescape(text))


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


def _trim(url: str) -> str:
    """A bare address without the punctuation of the sentence around it."""
    url = url.rstrip(".,;:!?*_»")
    if url.endswith(")") and url.count(")") > url.count("("):
        url = url[: -(url.count(")") - url.count("("))].rstrip(".,;:!?*_»")
    return url
