"""A question as text again, in fields: what a form, a filter to take away and a link to an answer are made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from typing import Any

from postings.model import Contract, Domain, State
from postings.questions.model import Exclusions, Question
from postings.questions.search import OR

_LISTS = (
    ("contracts", "contrat"),
    ("domains", "domaine"),
    ("teams", "équipe"),
    ("incubators", "incubateur"),
    ("cities", "ville"),
    ("technologies", "techno"),
)
_STATES = {
    State.SCHEDULED: '"à venir"',
    State.OPEN: "ouvert",
    State.CLOSED: "fermé",
    State.FILLED: "pourvu",
}
_EMPTY = Question()


def spelt(question: Question) -> str:
    """The question in fields, such that it is understood as the same again; empty for all that is open."""
    return " ".join(
        [*_lists(question, ""), *_alone(question), *_text(question.text, ""), *_excluded(question.exclude)]
    )


def parts(question: Question) -> Iterator[tuple[Question, Question]]:
    """Each single filter as a question of its own, with the question that is left without it.

    The states are one filter; each value of another and each thing that is excluded is one.
    """
    bare = replace(question, problems=())
    for name in (*(name for name, _ in _LISTS), "text"):
        for value, left in _each(getattr(bare, name)):
            yield _with(_EMPTY, name, (value,)), _with(bare, name, left)
    for name in ("states", "remote", "junior", "closing_within", "opened_within"):
        if getattr(bare, name) != getattr(_EMPTY, name):
            yield _with(_EMPTY, name, getattr(bare, name)), _with(bare, name, getattr(_EMPTY, name))
    for name in (field.name for field in fields(Exclusions)):
        for value, left in _each(getattr(bare.exclude, name)):
            only, others = {name: (value,)}, {name: left}
            yield (
                replace(_EMPTY, exclude=replace(_EMPTY.exclude, **only)),
                replace(bare, exclude=replace(bare.exclude, **others)),
            )


def _with(question: Question, name: str, value: Any) -> Question:
    return replace(question, **{name: value})


def _each(values: tuple[Any, ...]) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    return ((value, tuple(other for other in values if other != value)) for value in values)


def field(name: str, values: Iterable[str]) -> str:
    """`name:value,value`, with quotes around what would not be one value without them."""
    return f"{name}:{','.join(map(_value, values))}"


def _value(text: str) -> str:
    plain = text.replace('"', " ").strip()
    return plain if plain.replace("-", "").replace("_", "").isalnum() else f'"{plain}"'


def _named(name: str, values: Iterable[str]) -> list[str]:
    if name == "contracts":
        return [Contract(value).value for value in values]
    if name == "domains":
        return [Domain(value).value.lower() for value in values]
    return list(values)


def _lists(asked: Question | Exclusions, minus: str) -> Iterator[str]:
    for name, spelling in _LISTS:
        if values := getattr(asked, name):
            yield minus + field(spelling, _named(name, values))


def _alone(question: Question) -> Iterator[str]:
    if question.states != _EMPTY.states:
        yield "état:" + (",".join(_STATES[state] for state in question.states) or "tous")
    for name, spelling in (("remote", "télétravail"), ("junior", "junior")):
        answer = getattr(question, name)
        if answer is not None:
            yield f"{spelling}:{'oui' if answer else 'non'}"
    for name, spelling in (("closing_within", "ferme"), ("opened_within", "depuis")):
        days = getattr(question, name)
        if days is not None:
            yield f"{spelling}:{days}j"


def _text(items: Iterable[str], minus: str) -> Iterator[str]:
    return (minus + field("texte", item.split(OR)) for item in items)


def _excluded(out: Exclusions) -> Iterator[str]:
    yield from _lists(out, "-")
    yield from _text(out.text, "-")
