"""What helps when nothing answers a question: which filter to drop, other states, the nearest name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from postings.catalogue import Catalogue
from postings.model import State
from postings.questions.echo import as_typed, shown
from postings.questions.lexicon import index
from postings.questions.model import Names, Question
from postings.questions.search import OR
from postings.wording import listed, number, pick, quoted

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
_OTHER_STATES = (
    (State.CLOSED, "Fermées", "Closed"),
    (State.FILLED, "Pourvues", "Filled"),
    (State.SCHEDULED, "À venir", "Upcoming"),
)
_TIMES: tuple[tuple[str, str, str], ...] = (
    ("closing_within", "D’ici {} jours", "Within {} days"),
    ("opened_within", "Depuis {} jours au plus", "For {} days at most"),
)
_LONGER = (14, 30, 60, 90, 180, 365)
"""Days that are tried instead of fewer."""
_EMPTY = Question()
_NEAR = 75
"""Out of 100: how much a name must look like what was written, to be worth telling."""


@dataclass(frozen=True, slots=True)
class Way:
    """Another question that something answers."""

    label: str
    """What it changes: "Sans l’équipe", "Fermées"."""
    count: int
    question: Question


@dataclass(frozen=True, slots=True)
class Near:
    """A name that looks like words that were searched in vain."""

    written: str
    name: str


async def ways(
    question: Question, asked: str, catalogue: Catalogue, now: datetime, language: str
) -> list[Way]:
    """The questions near one, as `asked`, that nothing answers, and how many postings answer each: never none.

    Without one of its filters, of a time with a longer one, else with one filter alone or without any; then in other
    states. Raises what the catalogue raises.
    """
    found = await _dropped(question, asked, catalogue, now, language)
    if not found:
        found = await _bare(question, catalogue, now, language)
    if question.states == (State.OPEN,):
        for state, french, english in _OTHER_STATES:
            other = replace(question, states=(state,))
            found.append(Way(pick(language, french, english), await catalogue.count(other, now), other))
    return [way for way in found if way.count]


def nearest(question: Question, asked: str, names: Names) -> Near | None:
    """The team or incubator whose name looks most like the words that were searched in vain."""
    found = index(names)
    written: Sequence[str] = (
        [" ".join(question.text), *question.text] if len(question.text) > 1 else question.text
    )
    for words in written:
        if OR not in words and (like := found.like(words, ("teams", "incubators"), _NEAR)):
            return Near(" ".join(shown(words, as_typed(asked))), like)
    return None


def can_be_awaited(question: Question) -> bool:
    """Whether it makes sense to be told of the next posting that answers: not for one day's or yesterday's postings."""
    timeless = question.closing_within is None and question.opened_within is None
    return not question.problems and question.states == (State.OPEN,) and timeless


async def _dropped(
    question: Question, asked: str, catalogue: Catalogue, now: datetime, language: str
) -> list[Way]:
    found = [
        way for way in [await _longer(question, *time, catalogue, now, language) for time in _TIMES] if way
    ]
    told = {name for name, _, _ in _TIMES} if found else set()
    bare = replace(_EMPTY, states=question.states)
    for name, french, english in _FILTERS:
        if name in told or getattr(question, name) == getattr(_EMPTY, name):
            continue
        other = replace(question, problems=(), **{name: getattr(_EMPTY, name)})
        if other == bare:
            continue  # there is no other filter: `_bare` says what is there without any
        count = await catalogue.count(other, now)
        if count:
            label = pick(language, "Sans ", "Without ") + pick(language, french, english)
            words = [word for item in question.text for word in shown(item, as_typed(asked))]
            quotes = listed([quoted(word, language) for word in words], language)
            found.append(Way(f"{label} {quotes}" if name == "text" else label, count, other))
    return found


async def _bare(question: Question, catalogue: Catalogue, now: datetime, language: str) -> list[Way]:
    """When no single filter is to blame: what each gives alone, else what is there without any."""
    bare = replace(_EMPTY, states=question.states)
    if bare == replace(question, problems=()):
        return []
    found = []
    for name, french, english in _FILTERS:
        if name != "exclude" and getattr(question, name) != getattr(_EMPTY, name):
            other = replace(bare, **{name: getattr(question, name)})
            label = pick(language, f"Seulement {french}", f"Only {english}")
            found.append(Way(label, await catalogue.count(other, now), other))
    if len(found) > 1 and any(way.count for way in found):
        return found
    label = pick(language, "Sans aucun filtre", "Without any filter")
    return [Way(label, await catalogue.count(bare, now), bare)]


async def _longer(
    question: Question,
    name: str,
    french: str,
    english: str,
    catalogue: Catalogue,
    now: datetime,
    language: str,
) -> Way | None:
    """The question with the first longer time that something answers."""
    asked: int | None = getattr(question, name)
    for days in () if asked is None else (days for days in _LONGER if days > asked):
        longer: dict[str, Any] = {name: days}
        other = replace(question, **longer)
        if count := await catalogue.count(other, now):
            return Way(pick(language, french, english).format(number(days, language)), count, other)
    return None
