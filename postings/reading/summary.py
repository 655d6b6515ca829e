"""The summary: prose of this posting's own, as plain text, cut at a word."""

from __future__ import annotations

import re
from collections.abc import Container
from hashlib import blake2s
from itertools import zip_longest

from postings.reading.body import Body
from postings.text import fold, one_line

LIMIT = 280
"""Characters."""
_SHORTEST = 60
"""A paragraph with fewer characters is a line of layout more often than prose."""
_FULL_STOP = (".", "!", "?", "…")
_OPENING = 40
"""Characters, more than the longest of the words below."""
_BEGINNING = 100
"""Letters by which a paragraph is told from others: what follows often names the team."""
_NO_LETTER = re.compile(r"[\W_]+")
_CALL = re.compile(
    r"^(?:candidat|postule[zr]|pour (?:postuler|candidater)|merci d|envoye[zr]|n'hesitez pas|contacte[zr]|ecrivez|"
    r"rejoignez|vous etes interesse|interesse)"
)


def paragraphs_of(body: Body) -> tuple[str, ...]:
    """The prose paragraphs that could be a summary, in order; short ones, if sentences, where none is longer."""
    prose = [
        block.text
        for block in body.blocks
        if block.kind == "paragraph" and not _CALL.match(fold(block.text[:_OPENING]))
    ]
    return tuple(p for p in prose if len(p) >= _SHORTEST) or tuple(p for p in prose if p.endswith(_FULL_STOP))


def digest(paragraph: str) -> str:
    """Eight hexadecimal digits, equal for paragraphs that begin alike, whatever their case and punctuation."""
    letters = _NO_LETTER.sub("", paragraph[: 2 * _BEGINNING].lower())[:_BEGINNING]
    return blake2s(letters.encode(errors="replace"), digest_size=4).hexdigest()


def summary_of(
    excerpt: str | None,
    paragraphs: tuple[str, ...],
    digests: tuple[str, ...] = (),
    shared: Container[str] = (),
) -> str:
    """The text before `<!--more-->`, else the first paragraph whose digest is not in `shared`; 280 characters at most.

    `digests` are those of the first paragraphs; a paragraph after them is taken as the posting's own.
    """
    if excerpt and excerpt.strip():
        return cut(excerpt)
    own = (p for p, known in zip_longest(paragraphs, digests) if known is None or known not in shared)
    return cut(next(own, ""))


def cut(text: str, limit: int = LIMIT) -> str:
    """`text` on one line, cut at a word with an ellipsis where it is longer than `limit` characters."""
    text = one_line(text)
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    return (head[: head.rfind(" ")] if " " in head[limit // 2 :] else head).rstrip(" ,;:.–—-") + "…"
