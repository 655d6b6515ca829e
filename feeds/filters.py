"""The filters of the list as a form, whose fields and words are one question in the language of questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from postings import labels
from postings.model import Contract, Domain, State
from postings.questions.canonical import canonical
from postings.questions.echo import as_typed, shown
from postings.questions.model import Names, Question
from postings.questions.parse import parse_question
from postings.questions.search import OR
from postings.questions.spelling import field as spelt_field
from postings.questions.spelling import spelt

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

_STATES: Mapping[tuple[State, ...], tuple[str, str]] = {
    (State.OPEN,): ("", "Ouvertes"),
    (State.SCHEDULED,): ("à venir", "À venir"),
    (State.CLOSED,): ("fermé", "Fermées"),
    (State.FILLED,): ("pourvu", "Pourvues"),
    (State.CLOSED, State.FILLED): ("fermé,pourvu", "Fermées ou pourvues"),
    (): ("tous", "Toutes, ouvertes ou non"),
}
_REMOTE = {None: ("", "Peu importe"), True: ("oui", "En télétravail"), False: ("non", "Sur place")}
_CLOSING = (7, 14, 30)
_OPENED = (7, 30, 90)
_HELD = ("contracts", "domains", "teams", "incubators", "cities", "remote", "closing_within", "opened_within")
"""What of a question the form has fields for, beside the states."""


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
    contracts: list[Choice]
    domains: list[Choice]
    team: str = ""
    city: str = ""
    remote: list[Choice] = field(default_factory=list)
    states: list[Choice] = field(default_factory=list)
    closing: list[Choice] = field(default_factory=list)
    opened: list[Choice] = field(default_factory=list)


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
    """The form that would ask for `question`; what it has no field for, or cannot say as well, stays in the words.

    `names` and `now` are those with which `asked` was understood.
    """
    whole = _form(Question(), asked, names)
    if question.problems or not asked:
        return whole
    filled = _form(question, _words(question, asked, names, now), names)
    again = parse_question(composed(sent(filled)), names, now)
    return filled if canonical(again) == canonical(question) else whole


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


def _words(question: Question, asked: str, names: Names, now: datetime) -> str:
    """What of a question has no field, the words that are searched as a person would type them."""
    held = {name: getattr(Question(), name) for name in _HELD}
    left = replace(question, **held, problems=())
    if left.states in _STATES:
        left = replace(left, states=Question().states)
    plain = " ".join(_typed(item, asked) for item in left.text)
    only = Question(text=left.text)
    if plain and canonical(parse_question(plain, names, now)) == canonical(only):
        return f"{plain} {spelt(replace(left, text=()))}".strip()
    return spelt(left)


def _typed(item: str, asked: str) -> str:
    words = shown(item, as_typed(asked))
    return " ou ".join(words) if OR in item else f'"{words[0]}"' if " " in words[0] else words[0]


def _form(question: Question, words: str, names: Names) -> Form:
    people = [*question.teams, *question.incubators]
    states = question.states if question.states in _STATES else Question().states
    return Form(
        words=words,
        contracts=[Choice(c.value, labels.contract(c), c in question.contracts) for c in Contract],
        domains=[Choice(d.value.lower(), labels.domain(d), d in question.domains) for d in Domain],
        team=", ".join((names.teams.get(id) or names.incubators.get(id) or (id,))[0] for id in people),
        city=", ".join(question.cities),
        remote=[Choice(*told, answer is question.remote) for answer, told in _REMOTE.items()],
        states=[Choice(*told, asked == states) for asked, told in _STATES.items()],
        closing=_days(_CLOSING, question.closing_within, "Peu importe", "D’ici"),
        opened=_days(_OPENED, question.opened_within, "Peu importe", "Depuis"),
    )


def _days(offered: Iterable[int], chosen: int | None, whatever: str, word: str) -> list[Choice]:
    days = sorted({*offered, *(() if chosen is None else (chosen,))})
    named = {0: "Aujourd’hui", 1: f"{word} {'demain' if word == 'D’ici' else 'hier'}"}
    return [
        Choice("", whatever, chosen is None),
        *(Choice(f"{n}j", named.get(n, f"{word} {n}\u00a0jours"), n == chosen) for n in days),
    ]
