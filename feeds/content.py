"""What an entry says of its posting, as HTML: the state, the facts, the body, the links."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from html import escape

import nh3

from feeds.body import rendered
from feeds.facts import ended_sentence, facts
from feeds.text import clean, web_address
from postings.model import Posting, Record, State
from postings.text import one_line
from postings.wording import NBSP

_ALLOWED = {"p", "ul", "li", "strong", "a"}
_LONGEST_BODY = 50_000
"""Characters: ten times an ordinary posting. With `entries.MOST` it bounds what a feed can weigh."""


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


def content(record: Record, posting: Posting, own_page: str, markdown: str) -> str:
    """The content of a posting's entry: sanitised HTML, its links absolute.

    `own_page` is Vigie's page of it; `markdown` its body, in place of which the summary stands where it is empty, very
    long, or of a posting whose team took it back.
    """
    ended = ended_sentence(record)
    head = [paragraph(ended, strong=True)] if ended else []
    body = _body(markdown, web_address(posting.url) or "") if record.state is not None else ""
    summary = line(posting.summary)
    if not body and summary:
        head.append(paragraph(summary))
    head.append(facts_list(posting))
    return sanitised("".join(head)) + body + sanitised(links(_links(record, posting, own_page)))


@lru_cache(maxsize=1_000)
def _body(markdown: str, address: str) -> str:
    """A posting is in several feeds, each in several formats: its body is rendered once for all."""
    return rendered(markdown, address) if len(markdown) <= _LONGEST_BODY else ""


def _links(record: Record, posting: Posting, own_page: str) -> Iterable[tuple[str, str]]:
    read, apply_url = web_address(posting.url), web_address(posting.apply_url)
    if record.state is not None and read:
        yield "Lire l’offre", read
    if record.state is State.OPEN and apply_url:
        yield "Candidater", apply_url
    yield "Historique sur Vigie", own_page
