"""The body of a posting as blocks of plain text under headings: enough to find facts, cheaper than rendering.

Markdown is read line by line (headings, items, paragraphs, tables, code); inline marks are taken off.
https://spec.commonmark.org/0.31.2/ names the constructs; what they nest into does not matter here.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import accumulate
from typing import Literal, NamedTuple

from postings.reading.inline import COMMENT, Link, links, plain
from postings.text import fold, one_line

BlockKind = Literal["heading", "paragraph", "item", "table", "code", "more"]

_LONGEST = 2000
"""Characters, above the longest paragraph of a real posting: a longer block is cut into several."""

_FENCE = re.compile(r" {0,3}(```|~~~)")
_HEADING = re.compile(r" {0,3}(#{1,6})(?!#)(.*)$")
_CLOSING = re.compile(r"(?:(?<=\s)|^)#+$|#{2,}$")
_UNDERLINE = re.compile(r" {0,3}(=+|-{2,})\s*$")
_RULE = re.compile(r" {0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})$")
_ITEM = re.compile(r"\s*(?:[-*+•–]|\d{1,3}[.)])\s+(.*)$")
_BOLD_LINE = re.compile(r"\s*(\*\*|__)(?=\S)(.{1,100}?)(?<=\S)\1\s*:?\s*$")
_MORE = re.compile(r"\s*<!--\s*more\s*-->\s*$")
_MORE_INSIDE = re.compile(r"(<!--\s*more\s*-->)")


class Block(NamedTuple):
    """A heading, a paragraph, one item of a list, a table row or a line of code; at most 2000 characters of text.

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


class Section(NamedTuple):
    """A heading and the blocks up to the next one, of whatever level. The first may have no heading."""

    heading: str
    folded: str
    """The heading, folded, to be compared with vocabularies."""
    level: int
    blocks: tuple[Block, ...]

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
            markdown = COMMENT.sub(_keep_lines, markdown[:last]) + markdown[last:]
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
        return tuple(Section(h, fold(h), level, tuple(b)) for h, level, b in found if h or b)

    @cached_property
    def text(self) -> str:
        """All the plain text, a line a block."""
        return "\n".join(block.text for block in self.blocks if block.text)

    @cached_property
    def folded(self) -> str:
        """`text`, folded."""
        return fold(self.text)

    @cached_property
    def _lines(self) -> tuple[list[Block], list[str], list[int], list[int]]:
        """The blocks that have text, that text folded, where it begins in `folded`, and which are headings."""
        blocks = [block for block in self.blocks if block.text]
        folded = self.folded.split("\n")
        starts = list(accumulate([len(line) + 1 for line in folded[:-1]], initial=0))
        return blocks, folded, starts, [n for n, block in enumerate(blocks) if block.kind == "heading"]

    def holding(self, words: Iterable[str]) -> Iterator[tuple[Block, str, str]]:
        """The blocks in whose folded text one of `words` stands, in order.

        With each its folded text and that of its heading: its own for a heading, empty before the first one.
        """
        blocks, lines, starts, headings = self._lines
        found = set()
        for word in words:
            at = self.folded.find(word)
            while at >= 0:
                number = bisect_right(starts, at) - 1
                found.add(number)
                at = self.folded.find(word, starts[number] + len(lines[number]))
        for number in sorted(found):
            above = bisect_right(headings, number)
            yield blocks[number], lines[number], lines[headings[above - 1]] if above else ""

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


def _blocks(lines: list[str], first_line: int) -> list[Block]:
    found: list[Block] = []
    kind: BlockKind = "paragraph"
    rows: list[str] = []  # of the paragraph or the item being read, which begins at line `start`
    start = 0
    fence: str | None = None
    for number, line in enumerate(lines, first_line):
        if fence is not None:
            if line.strip().startswith(fence):
                fence = None
            elif line.strip():
                found += _cut("code", one_line(line), line, number)
            continue
        mark = line[:1]
        if mark.isalpha():  # most lines: nothing below begins with a letter
            if "<!--" not in line:
                if not rows:
                    kind, start = "paragraph", number
                rows.append(line)
                continue
        elif line[:2] in ("- ", "* ") and line[2:3].isalnum() and "<!--" not in line:  # most others
            if rows:
                found += _flushed(kind, rows, start)
            kind, rows, start = "item", [line[2:]], number
            continue
        mark = line.lstrip()[:1]
        if not mark:
            if rows:
                found += _flushed(kind, rows, start)
                rows = []
        elif mark in "`~" and (opening := _FENCE.match(line)):
            found += _flushed(kind, rows, start)
            rows, fence = [], opening[1]
        elif "<!--" in line and len(parts := _MORE_INSIDE.split(line, maxsplit=1)) == 3:
            if parts[0].strip():
                if not rows:
                    kind, start = "paragraph", number
                rows.append(parts[0].lstrip("> \t"))
            found += _flushed(kind, rows, start)
            found.append(Block("more", "", line, number))
            kind, start = "paragraph", number
            rows = [parts[2].lstrip("> \t")] if parts[2].strip() else []
        elif mark == "#" and (heading := _HEADING.match(line)):
            found += _flushed(kind, rows, start)
            rows = []
            found += _heading(_CLOSING.sub("", heading[2].strip()), number, len(heading[1]))
        elif mark in "=-" and rows and kind == "paragraph" and (under := _UNDERLINE.match(line)):
            found += _heading("\n".join(rows), start, 1 if under[1][0] == "=" else 2)
            rows = []
        elif mark in "*-_" and _RULE.match(line):
            found += _flushed(kind, rows, start)
            rows = []
        elif mark == "|":
            found += _flushed(kind, rows, start)
            rows = []
            found += _cut("table", plain(line.replace("|", " ")), line, number)
        elif mark in "*_" and not rows and (bold := _BOLD_LINE.match(line)):
            found.append(Block("heading", plain(bold[2]).rstrip(" :"), line, number, 7))
        elif (mark in "-*+•–" or mark.isdecimal()) and (item := _ITEM.match(line)):
            found += _flushed(kind, rows, start)
            kind, rows, start = "item", [item[1]], number
        else:
            if not rows:
                kind, start = "paragraph", number
            rows.append(line.lstrip("> \t"))
    return found + _flushed(kind, rows, start)


def _heading(raw: str, line: int, level: int) -> list[Block]:
    text = plain(raw)
    return (
        [Block("heading", text, raw, line, level)]
        if len(text) <= _LONGEST
        else _cut("paragraph", text, raw, line)
    )


def _flushed(kind: BlockKind, rows: list[str], line: int) -> list[Block]:
    raw = rows[0] if len(rows) == 1 else "\n".join(rows)
    return _cut(kind, plain(raw), raw, line)


def _cut(kind: BlockKind, text: str, raw: str, line: int) -> list[Block]:
    """One block, or several where it is too long: they have no Markdown but the first, which has all."""
    if len(text) <= _LONGEST:
        return [Block(kind, text, raw, line)] if text else []
    found: list[Block] = []
    while text:
        end = len(text)
        if end > _LONGEST:
            end = text.rfind(" ", 0, _LONGEST + 1)
            end = end if end > 0 else _LONGEST
        found.append(Block(kind, text[:end], "" if found else raw, line))
        text = text[end:].lstrip()
    return found
