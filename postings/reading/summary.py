"""The summary: prose of this posting's own, as plain text, cut at a word."""

from __future__ import annotations

import re
from collections.abc import Container

from postings.reading.body import Body
from postings.text import fold, one_line

LIMIT = 280
"""Characters."""
_SHORTEST = 60
"""A paragraph with fewer characters is a line of layout more often than prose."""
_FULL_STOP = (".", "!", "?", "…")
_OPENING = 40
"""Characters, more than the longest of the words below."""
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


def summary_of(excerpt: str | None, paragraphs: tuple[str, ...], shared: Container[str] = ()) -> str:
    """The text before `<!--more-->`, else the first paragraph that is not in `shared`; at most 280 characters."""
    if excerpt and excerpt.strip():
        return cut(excerpt)
    return cut(next((p for p in paragraphs if p not in shared), ""))


def cut(text: str, limit: int = LIMIT) -> str:
    """`text` on one line, cut at a word with an ellipsis where it is longer than `limit` characters."""
    text = one_line(text)
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    return (head[: head.rfind(" ")] if " " in head[limit // 2 :] else head).rstrip(" ,;:.–—-") + "…"
