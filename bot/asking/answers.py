"""A call → its answer, the same on every platform (specification, section 4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from rapidfuzz import process

from bot.asking.commands import Call, Name, help_message
from bot.asking.listing import PAGE, listing
from bot.wording.links import links
from bot.wording.message import TRIGGER, Bold, Code, Line, Message, Span, line
from postings import labels
from postings.catalogue import Catalogue
from postings.dates import paris_day
from postings.facts import changes, deadline, facts, unreadable
from postings.model import Contract, Domain, Event, EventKind, Record, State
from postings.questions.model import Names, Question
from postings.suggesting import Way
from postings.text import fold
from postings.wording import SEPARATOR, checked, colon, counted, day, number, pick, quoted

LONGEST = 1_000
"""Characters of a text that is still taken as a question."""

_HISTORY = 10
_NEAR = 70.0
_TOLD = frozenset(EventKind) - {EventKind.CLOSING_SOON, EventKind.STALE}


@dataclass(frozen=True, slots=True)
class Answer(Message):
    """A message for the person who asked; `public`: for the whole channel.

    Of a list: `page` of `pages`, the first being 1; the same call with another page gives that one. Where nothing
    answers, `ways` are other questions that something answers.
    """

    public: bool = False
    page: int = 1
    pages: int = 1
    ways: tuple[Way, ...] = ()


async def answer(call: Call, catalogue: Catalogue, *, now: datetime, language: str, page: int = 1) -> Answer:
    """The answer to `call` at `now` in `language`; of a long list some page, from 1.

    Raises what the catalogue raises (StoreError, SourceError).
    """
    if len(call.argument) > LONGEST:
        return Answer(_too_long(language).lines)
    match call.command:
        case Name.LIST | Name.PUBLISH:
            listed = await listing(call.argument, catalogue, now=now, language=language, page=page)
            public = call.command is Name.PUBLISH
            return Answer(listed.lines, public=public, page=listed.page, pages=listed.pages, ways=listed.ways)
        case Name.SHOW:
            message = await _show(call.argument, catalogue, now, language)
        case Name.TEAMS:
            message = await _teams(catalogue, now, language)
        case Name.CONTRACTS:
            message = await _contracts(catalogue, now, language)
        case Name.DOMAINS:
            message = await _domains(catalogue, now, language)
        case _:
            message = help_message(language)
    return Answer(message.lines)


def _too_long(language: str) -> Message:
    most = number(LONGEST, language)
    return Message(
        (
            line(
                pick(
                    language,
                    f"La question dépasse {most}\u00a0caractères\u00a0: raccourcissez-la.",
                    f"The question is over {most} characters: make it shorter.",
                )
            ),
        )
    )


async def _show(name: str, catalogue: Catalogue, now: datetime, language: str) -> Message:
    record = await catalogue.find(name)
    if record is None:
        records = await catalogue.records()
        record = next((r for r in records if r.posting and r.posting.url and r.posting.url == name), None)
        if record is None and not any(c.isdigit() or c in "-_:" for c in name):
            return await listing(name, catalogue, now=now, language=language)  # "voir freelance"
        if record is None:
            return _not_found(name, records, language)
    return _posting(record, await catalogue.events(record.id), language)


def _not_found(name: str, records: Iterable[Record], language: str) -> Message:
    shown = quoted(name, language)
    told: list[Span | str] = [
        pick(language, f"Aucune offre ne s’appelle {shown}.", f"No posting is called {shown}.")
    ]
    ids = {fold(record.id): record.id for record in records}
    near = process.extractOne(fold(name), list(ids), score_cutoff=_NEAR)
    if near:
        label = colon(pick(language, "La plus proche", "The nearest"), language)
        told += [f" {label}", Code(f"{TRIGGER} {pick(language, 'voir', 'show')} {ids[near[0]]}")]
    return Message((line(*told),))


def _posting(record: Record, events: list[Event], language: str) -> Message:
    """One posting: facts, summary, links, history from the oldest to the latest."""
    posting = record.posting
    if posting is None:
        return Message((line(Bold(record.id), f", {unreadable(language)}."),))
    lines: list[Line] = [line(Bold(posting.role), _head(record, language))]
    domains = ", ".join(labels.domain(domain, language) for domain in posting.domains)
    known = [fact for fact in (*facts(posting, language), domains) if fact]
    if not record.readable:
        known.append(unreadable(language))
    if known:
        lines.append(line(SEPARATOR.join(known)))
    is_open = record.state is State.OPEN
    if posting.closes and is_open:
        lines.append(line(deadline(posting.closes, language)))
    if posting.summary:
        lines.append(line(posting.summary))
    spans: list[Span] = []
    for link in links(posting, language, apply=is_open) if record.state else ():
        spans += [*line(SEPARATOR), link] if spans else [link]
    if spans:
        lines.append(tuple(spans))
    told = [event for event in events if event.kind in _TOLD][:_HISTORY]
    if told:
        lines.append(line(colon(pick(language, "Histoire", "History"), language).rstrip()))
        lines += [line(_happened(event, language)) for event in reversed(told)]
    return Message(tuple(lines))


def _head(record: Record, language: str) -> str:
    said = labels.state(record.state, language)
    if record.state is State.OPEN and record.opened_at:
        since = day(paris_day(record.opened_at), language)
        said += pick(language, f" depuis le {since}", f" since {since}")
    elif record.ended_at:
        ended = day(paris_day(record.ended_at), language)
        said += pick(language, f" le {ended}", f" on {ended}")
    return (f", {record.team.name}" if record.team else "") + colon("", language) + said + "."


def _happened(event: Event, language: str) -> str:
    at = paris_day(event.at)
    told = f"{colon(day(at, language), language)}{labels.event(event.kind, language)}"
    if event.kind is EventKind.CLOSED and event.reason == "deadline":
        told += pick(language, ", date limite passée", ", the deadline has passed")
    changed = changes(event.changes, language, year_of=at)
    return f"• {told}. {' '.join(changed)}".rstrip()


async def _teams(catalogue: Catalogue, now: datetime, language: str) -> Message:
    postings = [r.posting for r in await catalogue.records((State.OPEN,)) if r.posting]
    names: Names = await catalogue.names()
    teams = Counter(p.team.name for p in postings if p.team)
    incubators = Counter(
        p.incubator.name for p in postings if p.incubator and p.incubator.id in names.incubators
    )
    head = pick(language, "Les équipes qui recrutent", "The teams that are hiring")
    lines = [await _counts_head(head, len(postings), catalogue, now, language)]
    ranked = sorted(teams.items(), key=lambda item: (-item[1], fold(item[0])))
    lines += [_count(name, count, language) for name, count in ranked[:PAGE]]
    if len(ranked) > PAGE:
        rest = ", ".join(name for name, _ in ranked[PAGE:])
        lines.append(line(colon(pick(language, "Et aussi", "And also"), language) + rest))
    if incubators:
        ranked = sorted(incubators.items(), key=lambda item: (-item[1], fold(item[0])))
        told = ", ".join(f"{name} ({number(count, language)})" for name, count in ranked)
        lines.append(line(colon(pick(language, "Par incubateur", "By incubator"), language) + told))
    return Message(tuple(lines))


async def _contracts(catalogue: Catalogue, now: datetime, language: str) -> Message:
    found = await catalogue.facets(Question(), now)
    head = pick(language, "Les contrats proposés", "The contracts offered")
    lines = [await _counts_head(head, found.total, catalogue, now, language)]
    lines += [
        _count(labels.contract(contract, language), found.contracts.get(contract, 0), language)
        for contract in Contract
    ]
    return Message(tuple(lines))


async def _domains(catalogue: Catalogue, now: datetime, language: str) -> Message:
    found = await catalogue.facets(Question(), now)
    head = pick(language, "Les domaines", "The fields of work")
    lines = [await _counts_head(head, found.total, catalogue, now, language)]
    lines += [
        _count(labels.domain(domain, language), found.domains.get(domain, 0), language) for domain in Domain
    ]
    return Message(tuple(lines))


async def _counts_head(head: str, count: int, catalogue: Catalogue, now: datetime, language: str) -> Line:
    one, other = (
        pick(language, "offre ouverte", "open posting"),
        pick(language, "offres ouvertes", "open postings"),
    )
    time = checked(await catalogue.last_look(), now, language)
    return line(Bold(head), f", {counted(count, one, other, language)}. {time}.")


def _count(label: str, count: int, language: str) -> Line:
    return line(f"• {colon(label, language)}{number(count, language)}")
