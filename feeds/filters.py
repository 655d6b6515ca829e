"""The filters of the list as a form, whose fields and words are one question in the language of questions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from postings import labels
from postings.model import Contract, Domain
from postings.questions.canonical import canonical
from postings.questions.model import Names, Question
from postings.questions.parse import parse_question
from postings.questions.spelling import field as spelt_field
from postings.text import one_line

WORDS = "q"
"""The field of the words; it alone makes the address of an answer."""

_FIELDS = {
    "contrat": "contrat",
    "domaine": "domaine",
    "equipe": "équipe",
    "ville": "ville",
    "teletravail": "télétravail",
    "etat": "état",
    "ferme": "ferme",
    "depuis": "depuis",
}
"""What each field of the form is called in a question."""

_STATES = (
    ("", "Ouvertes"),
    ("à venir", "À venir"),
    ("fermé", "Fermées"),
    ("pourvu", "Pourvues"),
    ("fermé,pourvu", "Fermées ou pourvues"),
    ("tous", "Toutes, ouvertes ou non"),
)
_REMOTE = (("", "Peu importe"), ("oui", "En télétravail"), ("non", "Sur place"))
_CONTRACTS = {contract.value: labels.contract(contract) for contract in Contract}
_DOMAINS = {domain.value.lower(): labels.domain(domain) for domain in Domain}
_CLOSING = (7, 14, 30)
_OPENED = (7, 30, 90)

# As `postings.questions.spelling` writes them; what is written otherwise is left among the words.
_BY_SPELLING = {spelling: name for name, spelling in _FIELDS.items()} | {"incubateur": "equipe"}
_VALUE = r'(?:"[^"]*"|[\w-]+)'
_VALUES = re.compile(_VALUE)
_WRITTEN = re.compile(rf"(?<!\S)(?P<name>{'|'.join(_BY_SPELLING)}):(?P<values>{_VALUE}(?:,{_VALUE})*)(?!\S)")
_DAYS = re.compile(r"\d{1,5}j")


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that can be chosen."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The form as it is filled in."""

    words: str
    """What no other field holds."""
    contracts: tuple[Choice, ...]
    domains: tuple[Choice, ...]
    team: str = ""
    city: str = ""
    remote: tuple[Choice, ...] = ()
    states: tuple[Choice, ...] = ()
    closing: tuple[Choice, ...] = ()
    opened: tuple[Choice, ...] = ()


def is_sent(given: Iterable[tuple[str, str]]) -> bool:
    """Whether an address comes from the form: the words alone need no composing."""
    return any(name in _FIELDS for name, _ in given)


def composed(given: Iterable[tuple[str, str]]) -> str:
    """The question that the fields of a form ask for together, from their names and values as they were sent."""
    values: dict[str, list[str]] = {}
    for name, value in given:
        # Some names of teams hold a comma; those are rarely typed, and « équipe:"…" » among the words finds them.
        values.setdefault(name, []).extend(part for one in value.split(",") if (part := one.strip()))
    words = ", ".join(value.strip() for name, value in given if name == WORDS)
    return " ".join(
        filter(
            None,
            [
                words,
                *(
                    spelt_field(spelling, values[name])
                    for name, spelling in _FIELDS.items()
                    if values.get(name)
                ),
            ],
        )
    )


def form_of(question: Question, asked: str, names: Names, now: datetime) -> Form:
    """The form that asks for `question` as `asked` does: what stands there in fields is in fields, the rest in words.

    `names` and `now` are those with which `asked` was understood.
    """
    values: dict[str, list[str]] = {}

    def take(match: re.Match[str]) -> str:
        name = _BY_SPELLING[match["name"]]
        given = [value.strip('"') for value in _VALUES.findall(match["values"])]
        if not _can_hold(name, given):
            return match[0]
        values.setdefault(name, []).extend(given)
        return " "

    filled = _form(one_line(_WRITTEN.sub(take, asked)), values, names)
    again = composed(sent(filled))
    # Understanding costs most of what the form does, and the same text is understood as it was.
    if again == asked or canonical(parse_question(again, names, now)) == canonical(question):
        return filled
    return _form(asked, {}, names)


def _can_hold(name: str, values: list[str]) -> bool:
    """Whether a field of the form can hold values that were written in a question."""
    match name:
        case "contrat":
            return all(value in _CONTRACTS for value in values)
        case "domaine":
            return all(value in _DOMAINS for value in values)
        case "etat":
            return ",".join(values) in dict(_STATES)
        case "teletravail":
            return "".join(values) in dict(_REMOTE)
        case "ferme" | "depuis":
            return len(values) == 1 and _DAYS.fullmatch(values[0]) is not None
    return True


def sent(form: Form) -> list[tuple[str, str]]:
    """The names and values that a browser sends of a form as it is filled in."""
    choices = {
        "contrat": form.contracts,
        "domaine": form.domains,
        "teletravail": form.remote,
        "etat": form.states,
        "ferme": form.closing,
        "depuis": form.opened,
    }
    chosen = [(name, choice.value) for name, some in choices.items() for choice in some if choice.chosen]
    return [(WORDS, form.words), ("equipe", form.team), ("ville", form.city), *chosen]


def _form(words: str, values: Mapping[str, list[str]], names: Names) -> Form:
    def given(name: str) -> list[str]:
        return values.get(name, [])

    state = ",".join(given("etat"))
    return Form(
        words=words,
        contracts=tuple(Choice(*offered, offered[0] in given("contrat")) for offered in _CONTRACTS.items()),
        domains=tuple(Choice(*offered, offered[0] in given("domaine")) for offered in _DOMAINS.items()),
        team=", ".join(
            (names.incubators.get(id) or names.teams.get(id) or (id,))[0] for id in given("equipe")
        ),
        city=", ".join(given("ville")),
        remote=tuple(
            Choice(value, label, value == "".join(given("teletravail"))) for value, label in _REMOTE
        ),
        states=tuple(Choice(value, label, value == state) for value, label in _STATES),
        closing=_days(_CLOSING, given("ferme"), "D’ici"),
        opened=_days(_OPENED, given("depuis"), "Depuis"),
    )


def _days(offered: Iterable[int], given: list[str], word: str) -> tuple[Choice, ...]:
    chosen = int(given[0].removesuffix("j")) if len(given) == 1 else None
    days = sorted({*offered, *(() if chosen is None else (chosen,))})
    named = {0: "Aujourd’hui", 1: f"{word} {'demain' if word == 'D’ici' else 'hier'}"}
    return (
        Choice("", "Peu importe", chosen is None),
        *(Choice(f"{n}j", named.get(n, f"{word} {n}\u00a0jours"), n == chosen) for n in days),
    )
