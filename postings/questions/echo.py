"""A question told back: as a phrase for people, as JSON for programs."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from postings import labels
from postings.model import State
from postings.questions.model import Names, Question
from postings.questions.search import OR
from postings.questions.words import WORD
from postings.text import fold

_STATES = {
    State.SCHEDULED: ("à venir", "upcoming"),
    State.OPEN: ("ouvertes", "open"),
    State.CLOSED: ("fermées", "closed"),
    State.FILLED: ("pourvues", "filled"),
}


def understood(question: Question, names: Names, language: str, asked: str = "") -> str:
    """How a question was understood, as one short phrase in `language` ("fr" or "en") without a final mark.

    For example "offres ouvertes, Développement ou Design, freelance, à Paris, sauf stage". `asked` is what was
    typed: words that are searched are shown as they were.
    """
    return ", ".join(
        filter(None, [_states(question, language == "en"), filters(question, names, language, asked)])
    )


def filters(question: Question, names: Names, language: str, asked: str = "") -> str:
    """The same without the states: empty when nothing else was asked."""
    english = language == "en"
    typed = as_typed(asked)
    either = " or " if english else " ou "

    def several(values: Iterable[str]) -> str:
        return _list(list(values), either)

    parts = [several(labels.domain(domain, language) for domain in question.domains)]
    parts.append(several(labels.within(labels.contract(c, language)) for c in question.contracts))
    people = [*_named(question.teams, names), *_named(question.incubators, names)]
    parts.append(several(people))
    parts.append(f"{'in' if english else 'à'} {several(question.cities)}" if question.cities else "")
    if question.remote is not None:
        yes, no = ("remote", "on site") if english else ("en télétravail", "sur place")
        parts.append(yes if question.remote else no)
    if question.junior is not None:
        parts.append("junior" if question.junior else "not junior" if english else "hors juniors")
    parts.append(
        f"{'with' if english else 'avec'} {several(question.technologies)}" if question.technologies else ""
    )
    parts.append(_closing(question.closing_within, english))
    parts.append(_opened(question.opened_within, english))
    if question.text:
        quoted = " ".join(_searched(item, english, typed) for item in question.text)
        parts.append(
            f"{'with the words' if english else 'avec les mots'} {quoted}"
            if len(question.text) > 1
            else quoted
        )
    parts.append(_exclusions(question, names, language, typed))
    return ", ".join(part for part in parts if part)


def to_json(question: Question) -> dict[str, object]:
    """The filters as `vigie query --explain --format json` prints them (docs/specification.md, section 6)."""
    out = question.exclude
    excluded: Mapping[str, tuple[str, ...]] = {
        "contracts": tuple(out.contracts),
        "domains": tuple(out.domains),
        "teams": out.teams,
        "incubators": out.incubators,
        "cities": out.cities,
        "technologies": out.technologies,
        "text": out.text,
    }
    return {
        "contracts": [str(contract) for contract in question.contracts],
        "domains": [str(domain) for domain in question.domains],
        "teams": list(question.teams),
        "incubators": list(question.incubators),
        "cities": list(question.cities),
        "states": [str(state) for state in question.states] or ["all"],
        "closing_within": question.closing_within,
        "opened_within": question.opened_within,
        "remote": question.remote,
        "junior": question.junior,
        "technologies": list(question.technologies),
        "exclude": {key: [str(value) for value in values] for key, values in excluded.items() if values},
        "text": " ".join(question.text).replace(OR, " "),
    }


def _states(question: Question, english: bool) -> str:
    shown = [_STATES[state][english] for state in question.states]
    if not shown:
        return "all postings, open or not" if english else "toutes les offres, ouvertes ou non"
    return f"{_list(shown, ' or ')} postings" if english else f"offres {_list(shown, ' ou ')}"


def _named(ids: Iterable[str], names: Names) -> list[str]:
    return [(names.teams.get(id) or names.incubators.get(id) or (id,))[0] for id in ids]


def _closing(days: int | None, english: bool) -> str:
    if days is None:
        return ""
    if days == 0:
        return "closing today" if english else "qui ferment aujourd’hui"
    if days == 1:
        return "closing by tomorrow" if english else "qui ferment d’ici demain"
    return f"closing within {days} days" if english else f"qui ferment d’ici {days} jours"


def _opened(days: int | None, english: bool) -> str:
    if days is None:
        return ""
    if days == 0:
        return "opened today" if english else "parues aujourd’hui"
    if days == 1:
        return "opened since yesterday" if english else "parues depuis hier"
    return f"opened in the last {days} days" if english else f"parues depuis {days} jours au plus"


def _exclusions(question: Question, names: Names, language: str, typed: Mapping[str, str]) -> str:
    out = question.exclude
    things = [
        *(labels.within(labels.contract(contract, language)) for contract in out.contracts),
        *(labels.domain(domain, language) for domain in out.domains),
        *_named((*out.teams, *out.incubators), names),
        *out.cities,
        *out.technologies,
        *(_searched(item, language == "en", typed) for item in out.text),
    ]
    if not things:
        return ""
    return "except " + _list(things, " and ") if language == "en" else "sauf " + _list(things, " et ")


@lru_cache(maxsize=64)
def as_typed(asked: str) -> Mapping[str, str]:
    """The words of a text by what they fold to, as the first who typed each wrote it."""
    typed: dict[str, str] = {}
    for word in WORD.findall(unicodedata.normalize("NFC", asked)):
        typed.setdefault(fold(word), word.lower())
    return typed


def shown(item: str, typed: Mapping[str, str]) -> list[str]:
    """The alternatives of an item of `Question.text`, with the accents with which they were typed."""
    return [" ".join(typed.get(word, word) for word in part.split()) for part in item.split(OR)]


def _searched(item: str, english: bool, typed: Mapping[str, str]) -> str:
    """Words that are searched, between quotes, with their alternatives."""
    parts = [f"“{part}”" if english else f"«\u00a0{part}\u00a0»" for part in shown(item, typed)]
    return _list(parts, " or " if english else " ou ")


def _list(things: Sequence[str], last: str) -> str:
    return last.join([", ".join(things[:-1]), things[-1]] if len(things) > 1 else things)
