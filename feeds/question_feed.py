"""Any question as a feed: what answers it, and what answered it lately."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from urllib.parse import quote

from feeds.content import sentence
from feeds.entries import NO_BODIES, TAG, Feed, entries, shown
from feeds.offered import SUBTITLE
from postings.model import Record, State
from postings.questions.canonical import digest
from postings.questions.echo import filters
from postings.questions.match import matches
from postings.questions.model import Names, Question
from postings.questions.parse import parse_question
from postings.text import fold, one_line

PATH = "feeds/recherche"
"""Where it is found, without extension and question."""


def followed(asked: str, names: Names, now: datetime) -> Question:
    """The question whose answers the feed of `asked` holds.

    Who asks for what is open also wants to read that it ended: of such a question the state is left out, and what
    ended is shown as long as in every feed.
    """
    question = parse_question(asked, names, now)
    return replace(question, states=()) if question.states == (State.OPEN,) else question


def answering(records: Iterable[Record], asked: str, names: Names, now: datetime) -> list[Record]:
    """Of `records` what the feed of `asked` shows at `now`: the latest opened first, at most `entries.MOST`."""
    question = followed(asked, names, now)
    return shown((record for record in records if _answers(record, question, now)), now)


def question_feed(
    asked: str,
    records: Iterable[Record],
    now: datetime,
    *,
    names: Names,
    public_url: str,
    bodies: Mapping[str, str] = NO_BODIES,
) -> Feed:
    """The feed of a question as it was typed. `records` are all that is known, or what `answering` gives of it.

    `bodies` are the Markdown of the latter, by id.

    Its id comes from the words, without case, accents and double spaces, never from what they mean: that may be
    another team tomorrow, and the id of an address must not change (RFC 4287, section 4.2.6).
    """
    root = public_url.rstrip("/")
    told = filters(followed(asked, names, now), names, "fr", asked)
    query = f"?q={quote(asked, safe='', errors='surrogatepass')}"
    return Feed(
        id=f"{TAG}/{PATH}/{digest(one_line(fold(asked)))}",
        title=sentence(f"Les offres de beta.gouv.fr\u00a0: {told or 'toutes'}"),
        subtitle=SUBTITLE,
        address=f"{root}/{PATH}",
        query=query,
        page=f"{root}/{query}",
        entries=tuple(
            entries(answering(records, asked, names, now), now, public_url=public_url, bodies=bodies)
        ),
    )


def _answers(record: Record, question: Question, now: datetime) -> bool:
    if record.state is None and not question.states:
        # A file that is gone answers no question; here it is told to those whom it did answer.
        record = replace(record, state=State.CLOSED)
    return matches(record, question, now)
