"""What an entry says of its posting, as HTML: the state, the facts, the body, the links."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import nh3

from feeds.facts import ended_sentence, facts
from feeds.text import clean, web_address
from postings.model import Posting, Record, State
from postings.text import one_line
from postings.wording import NBSP

_ALLOWED = {"p", "ul", "li", "strong", "a"}


def line(text: str) -> str:
    """`text` on one line, without what XML forbids."""
    return one_line(clean(text))


def sentence(text: str) -> str:
    """Vigie's own words with a posting's in them, as `line` does, but for the no-break spaces of French."""
    return NBSP.join(map(line, text.split(NBSP)))


def paragraph(text: str, *, strong: bool = False) -> str:
    """`text` as a paragraph of HTML."""
    return f"<p><strong>{escape(text)}</strong></p>" if strong else f"<p>{escape(text)}</p>"


def facts_list(posting: Posting) -> str:
    """The facts of a posting as a list; empty when none is known."""
    rows = "".join(
        f"<li>{escape(fact.label)}\u00a0: {escape(line(fact.value))}</li>" for fact in facts(posting)
    )
    return f"<ul>{rows}</ul>" if rows else ""


def links(named: Iterable[tuple[str, str]]) -> str:
    """A paragraph of links, each given as its words and its absolute address."""
    return "<p>" + ", ".join(f'<a href="{escape(url)}">{words}</a>' for words, url in named) + "</p>"


def sanitised(html: str) -> str:
    """`html` of paragraphs, lists and links, with nothing in it that could do more than be read."""
    return nh3.clean(
        html,
        tags=_ALLOWED,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )


def content(record: Record, posting: Posting, own_page: str) -> str:
    """The content of a posting's entry: sanitised HTML, its links absolute. `own_page` is Vigie's page of it."""
    parts = []
    if ended := ended_sentence(record):
        parts.append(paragraph(ended, strong=True))
    if summary := line(posting.summary):
        parts.append(paragraph(summary))
    parts += [facts_list(posting), links(_links(record, posting, own_page))]
    return sanitised("".join(parts))


def _links(record: Record, posting: Posting, own_page: str) -> Iterable[tuple[str, str]]:
    read, apply_url = web_address(posting.url), web_address(posting.apply_url)
    if record.state is not None and read:
        yield "Lire l’offre", read
    if record.state is State.OPEN and apply_url:
        yield "Candidater", apply_url
    yield "Historique sur Vigie", own_page
