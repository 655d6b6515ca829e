"""The buttons below an answer: pages, sharing, the commonest filters; where nothing answers, what else there is.

Each says what would be typed instead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from bot.asking.answers import Answer
from bot.asking.commands import Call, Name
from bot.wording.message import TRIGGER, Button, Code, Message, line
from postings import labels
from postings.catalogue import Catalogue, Facets
from postings.model import Record, State
from postings.questions.model import Question
from postings.questions.parse import parse_question
from postings.questions.spelling import spelt
from postings.wording import colon, number, pick

MOST = 10
"""Buttons below one message."""
_FILTERS = 5
Counts: TypeAlias = Mapping[tuple[str, str, str], int]
"""How many postings a filter would leave, by its field, its value, and the value as it is shown."""
_LABEL = 40


async def buttons(
    call: Call, said: Answer, catalogue: Catalogue, *, now: datetime, language: str, share: bool
) -> tuple[Button, ...]:
    """What may be pressed below `said`, the answer to `call`; `share` where there are others to share it with."""
    match call.command:
        case Name.LIST:
            return await _of_list(call, said, catalogue, now, language, share=share)
        case Name.PUBLISH:
            return tuple(_pages(call, said, language))
        case Name.TEAMS:
            return tuple(_teams(await catalogue.records((State.OPEN,)), language))
        case Name.CONTRACTS | Name.DOMAINS:
            found = await catalogue.facets(Question(), now)
            counts = (
                _contracts(found, language) if call.command is Name.CONTRACTS else _domains(found, language)
            )
            return tuple(_ranked("", counts, language))[:MOST]
        case _:
            return ()


def written_out(message: Message, language: str) -> Message:
    """`message` with its buttons as commands to type, for a place without buttons."""
    typed = (
        line(colon(button.label, language), Code(f"{TRIGGER} {button.asks}")) for button in message.buttons
    )
    return Message((*message.lines, *typed))


async def _of_list(
    call: Call, said: Answer, catalogue: Catalogue, now: datetime, language: str, *, share: bool
) -> tuple[Button, ...]:
    question = parse_question(call.argument, await catalogue.names(), now)
    if said.ways:
        return tuple(
            Button(f"{way.label} ({number(way.count, language)})", spelt(way.question)) for way in said.ways
        )
    found = await catalogue.facets(question, now)
    told = list(_pages(call, said, language))
    if share and found.total:
        label = pick(language, "Partager ici", "Share here")
        told.append(Button(label, Call(Name.PUBLISH, call.argument, call.page).typed))
    return (*told, *_narrower(call.argument, question, found, language))


def _pages(call: Call, said: Answer, language: str) -> Iterator[Button]:
    if said.page > 1:
        label = pick(language, "Page précédente", "Previous page")
        yield Button(label, Call(call.command, call.argument, said.page - 1).typed)
    if said.page < said.pages:
        label = pick(language, "Page suivante", "Next page")
        yield Button(label, Call(call.command, call.argument, said.page + 1).typed)


def _narrower(text: str, question: Question, found: Facets, language: str) -> list[Button]:
    """The filters that most of what was found would pass, and not all of it, of fields that were not asked for."""
    counts: dict[tuple[str, str, str], int] = {}
    if not question.contracts:
        counts |= _contracts(found, language)
    if not question.domains:
        counts |= _domains(found, language)
    if not question.cities:
        city = pick(language, "ville", "city")
        counts |= {(city, name, name): count for name, count in found.cities.items()}
    narrower = {key: count for key, count in counts.items() if count < found.total}
    return list(_ranked(text, narrower, language))[:_FILTERS]


def _contracts(found: Facets, language: str) -> Counts:
    field = pick(language, "contrat", "contract")
    return {(field, str(c), labels.contract(c, language)): count for c, count in found.contracts.items()}


def _domains(found: Facets, language: str) -> Counts:
    field = pick(language, "domaine", "domain")
    return {(field, str(d), labels.domain(d, language)): count for d, count in found.domains.items()}


def _teams(records: Sequence[Record], language: str) -> list[Button]:
    """The teams that are hiring, the busiest first."""
    field = pick(language, "équipe", "team")
    teams = [record.posting.team for record in records if record.posting and record.posting.team]
    return list(_ranked("", Counter((field, team.id, team.name) for team in teams), language))[:MOST]


def _ranked(text: str, counts: Counts, language: str) -> Iterator[Button]:
    """A button for each value that `text` may be narrowed to, the commonest first."""
    for (field, value, label), count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        yield _narrowing(text, field, value, label, count, language)


def _narrowing(text: str, field: str, value: str, label: str, count: int, language: str) -> Button:
    value = value.replace('"', "")
    written = f'"{value}"' if " " in value else value
    shown = label if len(label) <= _LABEL else label[: _LABEL - 1] + "…"
    return Button(f"{shown} ({number(count, language)})", f"{text} {field}:{written}".strip())
