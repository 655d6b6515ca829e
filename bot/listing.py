"""The answer to a question: how it was understood, how many postings, one line each (specification, section 4).

Days are days of Europe/Paris. An answer is read when it is given, so that it may say "depuis 4 mois".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.commands import TRIGGER
from bot.message import Bold, Code, Line, Link, Message, line
from postings import labels
from postings.catalogue import Catalogue
from postings.dates import paris_day
from postings.facts import contracts, place, unreadable
from postings.model import Posting, Record, State
from postings.questions.echo import filters
from postings.questions.match import select
from postings.questions.model import Question
from postings.questions.parse import parse_question
from postings.wording import SEPARATOR, checked, colon, day, listed, months, number, pick, quoted

PAGE = 20
"""Postings shown in one answer."""

_OLD = timedelta(days=90)

_FILTERS: tuple[tuple[str, str, str], ...] = (
    ("text", "les mots", "the words"),
    ("teams", "l’équipe", "the team"),
    ("incubators", "l’incubateur", "the incubator"),
    ("contracts", "le contrat", "the contract"),
    ("domains", "le domaine", "the field of work"),
    ("cities", "la ville", "the city"),
    ("remote", "le télétravail", "remote work"),
    ("technologies", "la technologie", "the technology"),
    ("junior", "l’expérience", "the experience"),
    ("closing_within", "la date limite", "the deadline"),
    ("opened_within", "la date d’ouverture", "the opening day"),
    ("exclude", "ce qui est exclu", "what is excluded"),
)
_EMPTY = Question()


async def listing(text: str, catalogue: Catalogue, *, now: datetime, language: str, page: int = 1) -> Message:
    """The postings that answer `text` at `now`: those that close within 14 days, then the latest opened.

    Twenty a page; a page after the last is the last. When there is none, which filter to drop and what that gives.
    """
    names = await catalogue.names()
    question = parse_question(text, names, now)
    found = select(await catalogue.records(question.states or tuple(State)), question, now)
    start = min(page - 1, max(0, len(found) - 1) // PAGE) * PAGE
    time = checked(await catalogue.last_look(), now, language)
    echo = filters(question, names, language)
    head = line(
        Bold(_how_many(len(found), question.states, language)),
        f"{colon('', language)}{echo}. {time}." if echo else f". {time}.",
    )
    lines: list[Line] = [head]
    lines += [line(pick(language, *sentences)) for sentences in question.problems]
    lines += [
        _row(record, record.posting, now, language)
        for record in found[start : start + PAGE]
        if record.posting
    ]
    lines += await _after(found[start:], question, catalogue, now, language)
    return Message(tuple(lines))


def _how_many(count: int, states: Sequence[State], language: str) -> str:
    """The count with the states that were asked for: "2 offres fermées ou pourvues", "No open posting"."""
    shown = [labels.state(state, language) for state in states]
    if language == "en":
        noun = "postings" if count > 1 else "posting"
        said = f"{listed(shown, language, 'or')} {noun}" if shown else f"{noun}, open or not"
        return f"No {said}" if count == 0 else f"{number(count, language)} {said}"
    many = count > 1
    shown = [f"{word}s" if many and word != labels.state(State.SCHEDULED) else word for word in shown]
    noun = "offres" if many else "offre"
    said = (
        f"{noun} {listed(shown, language, 'or')}"
        if shown
        else f"{noun}, {'ouvertes' if many else 'ouverte'} ou non"
    )
    return f"Aucune {said}" if count == 0 else f"{number(count, language)} {said}"


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


async def _after(
    found: Sequence[Record], question: Question, catalogue: Catalogue, now: datetime, language: str
) -> list[Line]:
    """What is said below the postings: how many are left, what else there is, what to ask next."""
    lines: list[Line] = []
    if len(found) > PAGE:
        left = len(found) - PAGE
        more = number(left, language)
        if left == 1:
            told = pick(language, "et une autre", "and one more")
        else:
            told = pick(language, f"et {more} autres", f"and {more} more")
        precise = pick(
            language, "précisez, par exemple une ville ou un contrat.", "be more precise: a city, a contract…"
        )
        lines.append(line(colon(told, language) + precise))
    if question.states == (State.FILLED,):
        closed = replace(question, states=(State.CLOSED,))
        count = len(select(await catalogue.records((State.CLOSED,)), closed, now))
        if count:
            lines.append(_closed_too(count, language))
    if not found:
        lines += _widened(question, await catalogue.records(tuple(State)), now, language)
    else:
        label = pick(language, "Le détail d’une offre", "One posting in detail")
        show = pick(language, "voir", "show")
        lines.append(line(colon(label, language), Code(f"{TRIGGER} {show} {found[0].id}")))
    return lines


def _closed_too(count: int, language: str) -> Line:
    label = colon(pick(language, "Fermées", "Closed"), language)
    shown = number(count, language)
    return line(
        pick(
            language,
            f"{label}{shown}, sans que leur fiche dise si le poste est pourvu.",
            f"{label}{shown}; whether they were filled is not said.",
        )
    )


def _widened(question: Question, records: Sequence[Record], now: datetime, language: str) -> list[Line]:
    """For a question that nothing matches: what each filter that is dropped gives, and what other states give."""
    told = []
    for name, french, english in _FILTERS:
        if getattr(question, name) != getattr(_EMPTY, name):
            count = len(select(records, replace(question, **{name: getattr(_EMPTY, name)}), now))
            words = f" {quoted(' '.join(question.text), language)}" if name == "text" else ""
            told.append(
                (pick(language, "Sans ", "Without ") + pick(language, french, english) + words, count)
            )
    if not any(count for _, count in told):
        bare = replace(_EMPTY, states=question.states)
        if bare != replace(question, problems=()):
            told.append(
                (pick(language, "Sans aucun filtre", "Without any filter"), len(select(records, bare, now)))
            )
    if question.states == (State.OPEN,):
        for state, french, english in (
            (State.CLOSED, "Fermées", "Closed"),
            (State.FILLED, "Pourvues", "Filled"),
            (State.SCHEDULED, "À venir", "Upcoming"),
        ):
            told.append(
                (
                    pick(language, french, english),
                    len(select(records, replace(question, states=(state,)), now)),
                )
            )
    shown = [f"{colon(label, language)}{number(count, language)}." for label, count in told if count]
    return [line(" ".join(shown))] if shown else []
