"""What is said when nothing answers a question: which filter to drop, other states, the nearest name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.commands import TRIGGER, Name, command_of
from bot.message import Bold, Code, Line, line
from postings.catalogue import Catalogue
from postings.model import State
from postings.questions.echo import as_typed, shown
from postings.questions.lexicon import index
from postings.questions.model import Names, Question
from postings.questions.search import OR
from postings.wording import colon, listed, number, pick, quoted

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
_EMPTY = Question()
_NEAR = 75
"""Out of 100: how much a name must look like what was written, to be worth telling."""


async def suggestions(
    question: Question, asked: str, catalogue: Catalogue, names: Names, now: datetime, language: str
) -> list[Line]:
    """For a question, as `asked`, that nothing answers: what dropping each filter gives, other states, like names."""
    typed = as_typed(asked)
    told = await _dropped(question, typed, catalogue, now, language)
    if not told:
        told = await _bare(question, catalogue, now, language)
    if question.states == (State.OPEN,):
        for state, french, english in _OTHER_STATES:
            count = await catalogue.count(replace(question, states=(state,)), now)
            told.append((pick(language, french, english), count))
    counts = [f"{colon(label, language)}{number(count, language)}." for label, count in told if count]
    lines = [line(" ".join(counts))] if counts else []
    return [*_like(question, typed, names, language), *lines, *_alert(question, asked, language)]


def _alert(question: Question, asked: str, language: str) -> list[Line]:
    """The command by which the next posting that answers is announced: not for one day's or yesterday's postings."""
    timeless = question.closing_within is None and question.opened_within is None
    if not asked or question.problems or question.states != (State.OPEN,) or not timeless:
        return []
    follow = command_of(Name.FOLLOW)
    label = pick(language, "Pour recevoir les prochaines", "To be told of the next ones")
    name = pick(language, follow.french[0], follow.english[0])
    return [line(colon(label, language), Code(f"{TRIGGER} {name} {asked}"))]


async def _dropped(
    question: Question, typed: Mapping[str, str], catalogue: Catalogue, now: datetime, language: str
) -> list[tuple[str, int]]:
    told = []
    for name, french, english in _FILTERS:
        if getattr(question, name) == getattr(_EMPTY, name):
            continue
        count = await catalogue.count(replace(question, **{name: getattr(_EMPTY, name)}), now)
        if count:
            label = pick(language, "Sans ", "Without ") + pick(language, french, english)
            words = [word for item in question.text for word in shown(item, typed)]
            quotes = listed([quoted(word, language) for word in words], language)
            told.append((f"{label} {quotes}" if name == "text" else label, count))
    return told


async def _bare(
    question: Question, catalogue: Catalogue, now: datetime, language: str
) -> list[tuple[str, int]]:
    """When no single filter is to blame: what each gives alone, else what is there without any."""
    bare = replace(_EMPTY, states=question.states)
    if bare == replace(question, problems=()):
        return []
    told = []
    for name, french, english in _FILTERS:
        if name != "exclude" and getattr(question, name) != getattr(_EMPTY, name):
            count = await catalogue.count(replace(bare, **{name: getattr(question, name)}), now)
            told.append((pick(language, f"Seulement {french}", f"Only {english}"), count))
    if len(told) > 1 and any(count for _, count in told):
        return told
    return [(pick(language, "Sans aucun filtre", "Without any filter"), await catalogue.count(bare, now))]


def _like(question: Question, typed: Mapping[str, str], names: Names, language: str) -> list[Line]:
    """The team or incubator whose name looks most like the words that were searched in vain."""
    found = index(names)
    lines: list[Line] = []
    written: Sequence[str] = (
        [" ".join(question.text), *question.text] if len(question.text) > 1 else question.text
    )
    for words in written:
        if OR not in words and (like := found.like(words, ("teams", "incubators"), _NEAR)):
            asked = quoted(" ".join(shown(words, typed)), language)
            told = pick(language, f"Le nom le plus proche de {asked}", f"The name nearest to {asked}")
            lines.append(line(colon(told, language), Bold(like), "."))
            break
    return lines
