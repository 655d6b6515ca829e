"""Which changes of an open posting are worth telling (docs/specification.md, section 3, "updated")."""

from __future__ import annotations

import re
from collections.abc import Iterator

from postings.dates import When
from postings.model import Change, Posting
from postings.text import fold

# Inclusive endings and plural marks, which teams rewrite without meaning another role.
_ENDING = re.compile(
    r"(?<=\w)(?:[·.\-/](?:e|es|se|euse|trice|rice|ice|ne|ve|fe|ere|eur|teur|le|te)(?:[·.\-]?s)?|\(-?(?:e|se|euse|trice|rice|ne|fe|ve|le)s?\)s?|[·.\-]s)(?!\w)"
)
_NOT_WORD = re.compile(r"[^a-z0-9+#]+")
# The longest first: `directrice` and `directeur`, `cheffe` and `chef`, `ingenieure` and `ingenieur` are one.
_GENDERED = (
    ("trice", "t"),
    ("euse", ""),
    ("eure", ""),
    ("eur", ""),
    ("enne", "en"),
    ("onne", "on"),
    ("elle", "el"),
    ("ffe", "f"),
    ("ive", "if"),
    ("ere", ""),
    ("er", ""),
    ("ee", ""),
    ("e", ""),
)
_SMALL = {
    "de",
    "du",
    "des",
    "d",
    "la",
    "le",
    "les",
    "l",
    "un",
    "une",
    "et",
    "ou",
    "en",
    "a",
    "au",
    "aux",
    "pour",
    "chez",
    "the",
}


def significant_changes(before: Posting, after: Posting) -> Iterator[Change]:
    """The changes of an open posting that are worth telling, in the order in which they are told."""
    # The name of a team that came, went or changed is nobody's role.
    teams = _team_words(before) | _team_words(after)
    if _role_words(before, teams) != _role_words(after, teams):
        yield Change("role", before.role, after.role)
    if (before.team and before.team.id) != (after.team and after.team.id):
        yield Change("team", _team_json(before), _team_json(after))
    if set(before.contracts) != set(after.contracts):
        yield Change("contracts", [str(c) for c in before.contracts], [str(c) for c in after.contracts])
    if set(before.cities) != set(after.cities):
        yield Change("cities", list(before.cities), list(after.cities))
    if before.remote != after.remote:
        yield Change("remote", before.remote and str(before.remote), after.remote and str(after.remote))
    if before.closes != after.closes:
        yield Change("closes", _iso(before.closes), _iso(after.closes))
    if before.url != after.url:
        yield Change("url", before.url, after.url)


def _role_words(posting: Posting, teams: set[str]) -> frozenset[str]:
    """The words that make a role: without case, accents, articles, inclusive endings, emoji, names of `teams`."""
    words = set(_NOT_WORD.sub(" ", _ENDING.sub("", fold(posting.role))).split()) - _SMALL
    return frozenset(_stem(word) for word in (words - teams or words))


def _team_words(posting: Posting) -> set[str]:
    return set(_NOT_WORD.sub(" ", fold(posting.team.name)).split()) if posting.team else set()


def _stem(word: str) -> str:
    """A word without the ending of its gender or number: `developpeuses` and `developpeur` are one."""
    word = word.removesuffix("s")
    for ending, masculine in _GENDERED:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending) + masculine
    return word


def _team_json(posting: Posting) -> dict[str, str] | None:
    return {"id": posting.team.id, "name": posting.team.name} if posting.team else None


def _iso(moment: When | None) -> str | None:
    return moment.iso() if moment else None
