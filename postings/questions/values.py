"""The value of a field: the contract, team, day… that a person means, or what to say when nobody can tell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from postings.labels import contract as contract_label
from postings.labels import domain as domain_label
from postings.model import Contract, Domain
from postings.questions.lexicon import NameIndex
from postings.questions.phrases import Kind
from postings.questions.words import bare, tokens
from postings.text import fold, slug
from postings.vocabulary import load

Problem = tuple[str, str]

_DURATION = re.compile(r"(\d{1,4})\s*([a-z]*)$")
_NAMED: Mapping[str, tuple[Kind, ...]] = {
    "teams": ("teams", "incubators"),
    "incubators": ("incubators", "teams"),
    "cities": ("cities",),
}
_WORDS = {
    "contracts": ("le contrat", "contract"),
    "domains": ("le domaine", "domain"),
    "states": ("l’état", "state"),
}
_NOUNS = {"teams": ("l’équipe", "team"), "incubators": ("l’incubateur", "incubator")}


def known(key: str, value: str, index: NameIndex) -> bool:
    """Whether a value is one as it is written, without correcting it."""
    if key in _NAMED:
        return index.exact(value, _NAMED[key]) is not None
    if key in ("closing", "opened"):
        return days(value)[0] is not None
    return _stems(value) in _choices(key)


def word(key: str, value: str) -> tuple[str | None, Problem | None]:
    """The contract, domain or state ("all" too) of a value; None with a problem when there is none such."""
    choices = _choices(key)
    if found := choices.get(_stems(value)):
        return found, None
    joined = {"".join(stems): meaning for stems, meaning in choices.items()}
    wanted = "".join(_stems(value))
    if len(wanted) > 3:
        cutoff = 1 if len(wanted) < 8 else 2
        near = process.extractOne(wanted, joined.keys(), scorer=OSA.distance, score_cutoff=cutoff)
        if near:
            return joined[near[0]], None
    french, english = _WORDS[key]
    known_french, known_english = _offered(key)
    return None, (
        f"Je ne connais pas {french} « {value} » : essayez l’une de ces valeurs : {known_french}.",
        f"I know no {english} “{value}”: try one of {known_english}.",
    )


def name(key: str, value: str, index: NameIndex) -> tuple[Kind, str, Problem | None]:
    """The kind and id of a team or incubator, or the city, that a value names.

    A name that is an incubator's is the incubator. What nobody knows stays as it is, with a problem that says
    the nearest name: it then matches nothing, rather than everything.
    """
    kinds = _NAMED[key]
    if found := index.exact(value, kinds) or index.nearest(value, kinds):
        return found.kind, str(found.value), None
    if key == "cities":
        return "cities", value, None
    kind: Kind = "incubators" if key == "incubators" else "teams"
    french, english = _NOUNS[key]
    like = index.like(value, kinds)
    return (
        kind,
        slug(value),
        (
            f"Je ne connais pas {french} « {value} »"
            + (
                f" : vouliez-vous dire « {like} » ?" if like else " : la commande « équipes » donne la liste."
            ),
            f"I know no {english} “{value}”"
            + (f": did you mean “{like}”?" if like else ": “équipes” lists them."),
        ),
    )


def days(value: str) -> tuple[int | None, Problem | None]:
    """The days of `7j`, `14d`, `2 semaines`, `48h` (hours are rounded up to days) or of a word like `demain`."""
    words = load("questions")["time"]
    folded = fold(value)
    if match := _DURATION.fullmatch(folded.strip()):
        units = {fold(unit): length for unit, length in words["units"].items()}
        unit = match[2] or "j"
        if unit in units:
            return amount(int(match[1]), units[unit]), None
    for section in ("either", "closing", "opened"):
        for phrase, length in words[section].items():
            if fold(phrase).replace("'", " ") == folded.replace("'", " ").replace("-", " "):
                return int(length), None
    return None, (
        f"Je ne comprends pas la durée « {value} » : écrivez par exemple « 7j » ou « 2 semaines ».",
        f"I do not understand the duration “{value}”: write for example “7d” or “2 weeks”.",
    )


def amount(number: int, unit: int) -> int:
    """`number` times a unit in days (0 for hours, rounded up), at most 100 years."""
    return min(number * unit if unit else -(-number // 24), 36500)


def boolean(value: str) -> tuple[bool | None, Problem | None]:
    """Yes or no, in French or English."""
    booleans = load("questions")["booleans"]
    for answer in ("yes", "no"):
        if fold(value) in map(fold, booleans[answer]):
            return answer == "yes", None
    return None, (
        f"Je ne comprends pas « {value} » : écrivez « oui » ou « non ».",
        f"I do not understand “{value}”: write “yes” or “no”.",
    )


def _stems(value: str) -> tuple[str, ...]:
    return tuple(bare(token.text) for token in tokens(value))


@cache
def _choices(key: str) -> dict[tuple[str, ...], str]:
    """Every phrase of a key of the vocabulary, and the values' own names and labels."""
    words = load("questions")
    values: dict[str, list[str]] = {value: [value, *phrases] for value, phrases in words[key].items()}
    if key == "contracts":
        for contract in Contract:
            values[contract].append(contract_label(contract))
    elif key == "domains":
        values.setdefault(Domain.AUTRE, [Domain.AUTRE, "autres"])
        for domain in Domain:
            values[domain].append(domain_label(domain, "en"))
    else:
        for state, phrases in words["state_values"].items():
            values[state] = [*phrases, *values[state]]
    # Of a spelling that two values share, the shorter phrases of the fields' own values come first.
    found: dict[tuple[str, ...], str] = {}
    for value, phrases in values.items():
        found.setdefault(_stems(value), value)
        for phrase in phrases:
            if stems := _stems(phrase):
                found.setdefault(stems, value)
    return found


def _offered(key: str) -> tuple[str, str]:
    if key == "contracts":
        return ", ".join(contract_label(c) for c in Contract), ", ".join(
            contract_label(c, "en") for c in Contract
        )
    if key == "domains":
        return ", ".join(domain_label(d) for d in Domain), ", ".join(domain_label(d, "en") for d in Domain)
    return "ouvert, pourvu, fermé, à venir, tous", "open, filled, closed, scheduled, all"
