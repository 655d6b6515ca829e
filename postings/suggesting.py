"""What helps when nothing answers a question: which filter to drop, other states, the nearest name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeAlias

from postings.catalogue import Searched
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


_Try: TypeAlias = tuple[str, Question]
"""What another question changes, and that question."""


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
    question: Question, asked: str, catalogue: Searched, now: datetime, language: str
) -> list[Way]:
    """The questions near one, as `asked`, that nothing answers, and how many postings answer each: never none.

    Without one of its filters, of a time with a longer one, else with one filter alone or without any; then in other
    states. Raises what the catalogue raises.
    """
    longer = list(_longer(question, language))
    dropped, single = list(_dropped(question, asked, language)), list(_single(question, language))
    bare = list(_bare(question, language))
    states = list(_states(question, language))
    tried = list(dict.fromkeys(other for _, other in (*longer, *dropped, *single, *bare, *states)))
    counts = dict(zip(tried, await catalogue.counts(tried, now), strict=True))

    def those(some: Sequence[_Try]) -> list[Way]:
        return [Way(label, counts[other], other) for label, other in some if counts[other]]

    first = those(longer)[:1]
    near = [way for way in those(dropped) if not first or not _timeless(way.question)]
    kept = [*first, *near] or (those(single) if len(single) > 1 else []) or those(bare)
    return [*kept, *those(states)]


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


def _timeless(question: Question) -> bool:
    return question.closing_within is None and question.opened_within is None


def _longer(question: Question, language: str) -> Iterator[_Try]:
    """The question with longer times, the shortest first."""
    for name, french, english in _TIMES:
        asked: int | None = getattr(question, name)
        for days in () if asked is None else (days for days in _LONGER if days > asked):
            longer: dict[str, Any] = {name: days}
            yield pick(language, french, english).format(number(days, language)), replace(question, **longer)


def _dropped(question: Question, asked: str, language: str) -> Iterator[_Try]:
    """The question without each of its filters, but for the only one."""
    bare = replace(_EMPTY, states=question.states)
    for name, french, english in _FILTERS:
        other = replace(question, problems=(), **{name: getattr(_EMPTY, name)})
        if getattr(question, name) == getattr(_EMPTY, name) or other == bare:
            continue
        label = pick(language, "Sans ", "Without ") + pick(language, french, english)
        if name == "text":
            words = [word for item in question.text for word in shown(item, as_typed(asked))]
            label += " " + listed([quoted(word, language) for word in words], language)
        yield label, other


def _single(question: Question, language: str) -> Iterator[_Try]:
    """Each filter alone."""
    bare = replace(_EMPTY, states=question.states)
    for name, french, english in _FILTERS:
        if name != "exclude" and getattr(question, name) != getattr(_EMPTY, name):
            other = replace(bare, **{name: getattr(question, name)})
            yield pick(language, f"Seulement {french}", f"Only {english}"), other


def _bare(question: Question, language: str) -> Iterator[_Try]:
    """No filter but the states."""
    bare = replace(_EMPTY, states=question.states)
    if bare != replace(question, problems=()):
        yield pick(language, "Sans aucun filtre", "Without any filter"), bare


def _states(question: Question, language: str) -> Iterator[_Try]:
    """What is not open."""
    if question.states == (State.OPEN,):
        for state, french, english in _OTHER_STATES:
            yield pick(language, french, english), replace(question, states=(state,))
