"""`field:value` in a question: what is written with a colon, quotes, commas and a dash that excludes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from postings.questions.lexicon import NameIndex
from postings.questions.values import known
from postings.text import fold, one_line
from postings.vocabulary import load

_QUOTED = r"\"[^\"]*\"|«[^»]*»|“[^”]*”|„[^”“]*[”“]"
_VALUE = rf"(?:{_QUOTED}|[^\s,\"«»“”„]+)"
_FIELD = re.compile(
    rf"(?P<minus>(?<![\w])-)?(?P<name>(?<![\w:/])[^\W\d_]+(?:-[^\W\d_]+)?)\s*:(?!//)\s*"
    rf"(?P<values>{_VALUE}(?:\s*,\s*{_VALUE})*)"
)
_ONE = re.compile(_VALUE)
_EXTENSION = re.compile(r"\s+([^\s,:\"«»]+)(?!\s*:)")


@dataclass(frozen=True, slots=True)
class Field:
    """One `field:value,value`, with the key of `Question` that the field sets."""

    key: str
    values: tuple[str, ...]
    excluded: bool


@dataclass(frozen=True, slots=True)
class Written:
    """A question taken apart: its fields, its quoted phrases (True: excluded), and the words that are left."""

    fields: tuple[Field, ...]
    quoted: tuple[tuple[str, bool], ...]
    rest: str
    problems: tuple[tuple[str, str], ...]


@cache
def field_names() -> dict[str, str]:
    """The folded names of the fields, French and English, with the key that each sets."""
    return {fold(name): key for key, names in load("questions")["fields"].items() for name in names}


def take_apart(text: str, index: NameIndex) -> Written:
    """The fields and quoted phrases of a question, and what is left. Never raises."""
    names = field_names()
    fields: list[Field] = []
    problems: list[tuple[str, str]] = []
    quoted: list[tuple[str, bool]] = []
    rest: list[str] = []
    position = 0
    while match := _FIELD.search(text, position):
        rest.append(text[position : match.start()])
        key = names.get(fold(match["name"]))
        tight = (
            text[match.end("name") : match.end("name") + 1] == ":"
            and not text[match.start("values") - 1].isspace()
        )
        if key is None:
            # « Bonjour : je cherche… » is a sentence; « urgence:oui » was meant as a field.
            near = process.extractOne(fold(match["name"]), names.keys(), scorer=OSA.distance, score_cutoff=2)
            if near and len(match["name"]) > 4:
                key = names[near[0]]
            else:
                if tight:
                    problems.append(_unknown_field(match["name"]))
                rest.append(f" {match['name']} " if not tight else " ")
                position = match.start("values")
                continue
        end = match.end()
        values = [_unquote(value) for value in _ONE.findall(match["values"])]
        if key in ("teams", "incubators", "cities", "contracts", "domains", "states", "closing", "opened"):
            end, values[-1] = _extended(text, end, values[-1], key, index)
        fields.append(Field(key, tuple(v for v in values if v), bool(match["minus"])))
        position = end
        rest.append(" ")
    rest.append(text[position:])

    def quote(match: re.Match[str]) -> str:
        phrase = _unquote(match[2])
        if phrase:
            quoted.append((phrase, bool(match[1])))
        return " . "

    left = re.sub(rf"((?<!\w)-)?({_QUOTED})", quote, "".join(rest))
    return Written(tuple(fields), tuple(quoted), left, tuple(problems))


def _unquote(value: str) -> str:
    return one_line(value.strip('"«»“”„ \t\n\u00a0\u202f'))


def _extended(text: str, end: int, value: str, key: str, index: NameIndex) -> tuple[int, str]:
    """A value that was left without quotes goes on as far as it makes a name: `équipe:place des entreprises`."""
    best, longer, position = (end, value), value, end
    for _ in range(8):
        match = _EXTENSION.match(text, position)
        if not match:
            break
        longer, position = f"{longer} {match[1]}", match.end()
        if known(key, longer, index):
            best = (position, longer)
    return best


def _unknown_field(name: str) -> tuple[str, str]:
    choices = "équipe, incubateur, contrat, domaine, ville, état, ferme, depuis, télétravail, junior, techno"
    english = "team, incubator, contract, domain, city, state, closing, since, remote, junior, tech"
    return (
        f"Le champ « {name} » n’existe pas : essayez l’un de ceux-ci : {choices}.",
        f"There is no field “{name}”: try one of {english}.",
    )
