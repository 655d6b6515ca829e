"""The buttons below an answer: pages, sharing, the commonest filters. Each says what would be typed instead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.commands import TRIGGER, Call, Name
from bot.listing import PAGE
from bot.message import Button, Code, Message, line
from postings import labels
from postings.catalogue import Catalogue, Facets
from postings.model import Record, State
from postings.questions.model import Question
from postings.questions.parse import parse_question
from postings.wording import colon, number, pick

MOST = 10
"""Buttons below one message."""
_FILTERS = 5
_LABEL = 40


async def buttons(
    call: Call, catalogue: Catalogue, *, now: datetime, language: str, share: bool
) -> tuple[Button, ...]:
    """What may be pressed below the answer to `call`; `share` where there are others to share it with."""
    match call.command:
        case Name.LIST:
            return await _of_list(call, catalogue, now, language, share=share)
        case Name.PUBLISH:
            question = parse_question(call.argument, await catalogue.names(), now)
            return tuple(_pages(call, await catalogue.count(question, now), language))
        case Name.TEAMS | Name.CONTRACTS | Name.DOMAINS:
            records = await catalogue.records((State.OPEN,))
            return tuple(_names(call.command, records, language))[:MOST]
        case _:
            return ()


def spelt(message: Message, language: str) -> Message:
    """`message` with its buttons as commands to type, for a place without buttons."""
    typed = (
        line(colon(button.label, language), Code(f"{TRIGGER} {button.asks}")) for button in message.buttons
    )
    return Message((*message.lines, *typed))


async def _of_list(
    call: Call, catalogue: Catalogue, now: datetime, language: str, *, share: bool
) -> tuple[Button, ...]:
    question = parse_question(call.argument, await catalogue.names(), now)
    found = await catalogue.facets(question, now)
    told = list(_pages(call, found.total, language))
    if share and found.total:
        label = pick(language, "Partager ici", "Share here")
        told.append(Button(label, Call(Name.PUBLISH, call.argument, call.page).typed))
    return (*told, *_narrower(call.argument, question, found, language))


def _pages(call: Call, count: int, language: str) -> Iterator[Button]:
    pages = max(1, -(-count // PAGE))
    page = min(call.page, pages)
    if page > 1:
        label = pick(language, "Page précédente", "Previous page")
        yield Button(label, Call(call.command, call.argument, page - 1).typed)
    if page < pages:
        label = pick(language, "Page suivante", "Next page")
        yield Button(label, Call(call.command, call.argument, page + 1).typed)


def _narrower(text: str, question: Question, found: Facets, language: str) -> list[Button]:
    """The filters that most of what was found would pass, and not all of it, of fields that were not asked for."""
    counts: Counter[tuple[str, str, str]] = Counter()
    contract, domain = pick(language, "contrat", "contract"), pick(language, "domaine", "domain")
    city = pick(language, "ville", "city")
    if not question.contracts:
        counts.update(
            {(contract, str(c), labels.contract(c, language)): n for c, n in found.contracts.items()}
        )
    if not question.domains:
        counts.update({(domain, str(d), labels.domain(d, language)): n for d, n in found.domains.items()})
    if not question.cities:
        counts.update({(city, name, name): n for name, n in found.cities.items()})
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [
        _narrowing(text, field, value, label, count, language)
        for (field, value, label), count in ranked
        if count < found.total
    ][:_FILTERS]


def _names(command: Name, records: Sequence[Record], language: str) -> list[Button]:
    """The names that the answer to `command` lists, the commonest first."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for posting in (record.posting for record in records if record.posting):
        if command is Name.TEAMS and posting.team:
            counts[pick(language, "équipe", "team"), posting.team.id, posting.team.name] += 1
        elif command is Name.CONTRACTS:
            field = pick(language, "contrat", "contract")
            counts.update((field, str(c), labels.contract(c, language)) for c in posting.contracts)
        elif command is Name.DOMAINS:
            field = pick(language, "domaine", "domain")
            counts.update((field, str(d), labels.domain(d, language)) for d in posting.domains)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [_narrowing("", field, value, label, count, language) for (field, value, label), count in ranked]


def _narrowing(text: str, field: str, value: str, label: str, count: int, language: str) -> Button:
    value = value.replace('"', "")
    written = f'"{value}"' if " " in value else value
    shown = label if len(label) <= _LABEL else label[: _LABEL - 1] + "…"
    return Button(f"{shown} ({number(count, language)})", f"{text} {field}:{written}".strip())
