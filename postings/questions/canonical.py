"""One form for all the ways of asking the same, so that equal questions are kept once; and its JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any

from postings.model import Contract, Domain, State
from postings.questions.model import Exclusions, Question
from postings.text import fold, slug

RULES = "4"
"""Raised whenever the same words may be understood, or what they mean filed, otherwise: all are filed anew then."""
_LISTS = ("contracts", "domains", "teams", "incubators", "cities", "technologies", "text")
_ALONE = ("closing_within", "opened_within", "remote", "junior")


def canonical(question: Question) -> Question:
    """A question that the same postings answer, equal for all that ask for the same in another order or spelling."""
    return replace(
        question,
        **_lists(question),
        states=tuple(state for state in State if state in question.states),
        exclude=Exclusions(**_lists(question.exclude)),
        problems=(),
    )


def to_json(question: Question) -> str:
    """A canonical question as JSON, always the same text: only what it asks for, its keys in order."""
    told: dict[str, object] = {name: getattr(question, name) for name in (*_LISTS, *_ALONE)}
    told["exclude"] = {name: values for name in _LISTS if (values := getattr(question.exclude, name))}
    told = {name: value for name, value in told.items() if value not in (None, (), {})}
    if question.states != (State.OPEN,):
        told["states"] = question.states
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@lru_cache(maxsize=20_000)
def from_json(text: str) -> Question:
    """The question of `to_json`; the latest ones are kept."""
    told = json.loads(text)
    lists = _enums(told)
    return Question(
        **lists,
        **{name: told[name] for name in _ALONE if name in told},
        states=tuple(State(value) for value in told.get("states", (State.OPEN,))),
        exclude=Exclusions(**_enums(told.get("exclude", {}))),
    )


def digest(text: str) -> str:
    """What tells a question's JSON from every other: 32 characters."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _lists(asked: Question | Exclusions) -> dict[str, Any]:
    """Every list of values, each value as it is compared, once and in order."""
    same: dict[str, Callable[[str], str]] = {"cities": slug, "technologies": fold}
    return {
        name: tuple(sorted({same.get(name, _as_it_is)(value) for value in getattr(asked, name)}))
        for name in _LISTS
    }


def _as_it_is(value: str) -> str:
    return value


def _enums(told: dict[str, Iterable[str]]) -> dict[str, Any]:
    kinds: dict[str, Callable[[str], str]] = {"contracts": Contract, "domains": Domain}
    return {
        name: tuple(kinds.get(name, str)(value) for value in told[name]) for name in _LISTS if name in told
    }
