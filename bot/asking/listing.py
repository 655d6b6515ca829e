"""The answer to a question: how it was understood, how many postings, one line each (specification, section 4).

Days are days of Europe/Paris. An answer is read when it is given, so that it may say "depuis 4 mois".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.asking.suggesting import suggestions
from bot.wording.message import TRIGGER, Bold, Code, Line, Link, Message, line
from postings import labels
from postings.catalogue import Catalogue
from postings.dates import paris_day
from postings.facts import contracts, place, unreadable
from postings.model import Posting, Record, State
from postings.questions.echo import filters
from postings.questions.model import Question
from postings.questions.parse import parse_question
from postings.suggesting import Way, ways
from postings.wording import SEPARATOR, checked, colon, day, how_many, months, number, pick

PAGE = 20
"""Postings shown in one answer."""

_OLD = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Listing(Message):
    """The answer to a question: `page` of `pages`, the first being 1; `ways` leads on where nothing answers."""

    page: int = 1
    pages: int = 1
    ways: tuple[Way, ...] = ()


async def listing(text: str, catalogue: Catalogue, *, now: datetime, language: str, page: int = 1) -> Listing:
    """The postings that answer `text` at `now`: those that close within 14 days, then the latest opened.

    Twenty a page; a page after the last is the last. When there is none, which filter to drop and what that
    gives. Raises what the catalogue raises.
    """
    names = await catalogue.names()
    question = parse_question(text, names, now)
    wanted = max(page, 1)
    found = await catalogue.search(question, now, start=(wanted - 1) * PAGE, limit=PAGE)
    pages = max(-(-found.total // PAGE), 1)
    if wanted > pages:
        wanted = pages
        found = await catalogue.search(question, now, start=(wanted - 1) * PAGE, limit=PAGE)
    time = checked(await catalogue.last_look(), now, language)
    echo = filters(question, names, language, text)
    where = pick(language, f", page {wanted} sur {pages}", f", page {wanted} of {pages}") if pages > 1 else ""
    head = line(
        Bold(how_many(found.total, question.states, language)),
        where + (f"{colon('', language)}{echo}. {time}." if echo else f". {time}."),
    )
    lines: list[Line] = [head]
    lines += [line(pick(language, *sentences)) for sentences in question.problems]
    lines += [_row(record, record.posting, now, language) for record in found.records if record.posting]
    if question.states == (State.FILLED,):
        lines += await _closed_too(question, catalogue, now, language)
    others = [] if found.total else await ways(question, text, catalogue, now, language)
    if not found.total:
        lines += suggestions(question, text, others, names, language)
    elif found.records:
        lines.append(_detail(found.records[0], language))
    return Listing(tuple(lines), page=wanted, pages=pages, ways=tuple(others))


def _detail(record: Record, language: str) -> Line:
    label = pick(language, "Le détail d’une offre", "One posting in detail")
    return line(colon(label, language), Code(f"{TRIGGER} {pick(language, 'voir', 'show')} {record.id}"))


def _row(record: Record, posting: Posting, now: datetime, language: str) -> Line:
    told = [
        contracts(posting, language),
        place(posting, language),
        *_state(record, posting, now, language),
        "" if record.readable else unreadable(language),
    ]
    team = f", {posting.team.name}" if posting.team else ""
    role = Link(posting.role, posting.url) if posting.url else posting.role
    return line("• ", role, team + "".join(SEPARATOR + fact for fact in told if fact))


def _state(record: Record, posting: Posting, now: datetime, language: str) -> Iterator[str]:
    today = paris_day(now)
    if record.state is State.OPEN:
        if posting.closes:
            until = day(posting.closes.paris_day, language, year_of=today, weekday=True)
            yield pick(language, f"jusqu’au {until}", f"until {until}")
        if record.opened_at and now - record.opened_at > _OLD:
            age = months((now - record.opened_at).days, language)
            yield pick(language, f"en ligne depuis {age}, à confirmer", f"online for {age}, to be confirmed")
    elif record.state is State.SCHEDULED and posting.opens:
        opens = day(posting.opens.paris_day, language, year_of=today)
        yield pick(language, f"à venir, le {opens}", f"upcoming, on {opens}")
    else:
        label = labels.state(record.state, language)
        ended = day(paris_day(record.ended_at), language, year_of=today) if record.ended_at else ""
        yield label + (pick(language, f" le {ended}", f" on {ended}") if ended else "")


async def _closed_too(question: Question, catalogue: Catalogue, now: datetime, language: str) -> list[Line]:
    """How many closed postings match too: teams mostly close a posting whose post was filled."""
    count = await catalogue.count(replace(question, states=(State.CLOSED,)), now)
    if not count:
        return []
    label = colon(pick(language, "Fermées", "Closed"), language)
    shown = number(count, language)
    return [
        line(
            pick(
                language,
                f"{label}{shown}, sans que leur fiche dise si le poste est pourvu.",
                f"{label}{shown}; whether they were filled is not said.",
            )
        )
    ]
