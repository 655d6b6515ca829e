"""The search of words in the text of postings: folded roots, the same in memory and in any database.

A word's root is what its forms share (« écologie », « écologiques »): Snowball's French stemmer would be another
dependency for little more (https://snowballstem.org/algorithms/french/stemmer.html lists the same endings).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from itertools import chain, groupby

from postings.model import Posting
from postings.questions.words import INCLUSIVE, WORD, bare
from postings.text import fold
from postings.vocabulary import load

OR = "|"
"""Parts the alternatives of one item of `Question.text`: "avocat|juriste"."""

_ENDINGS = (
    "isation", "ation", "ement", "ateur", "ilit", "iqu", "ist", "ism", "ier", "eur", "ur", "if", "al", "i",
)  # fmt: skip
_SHORTEST = 5
"""Letters that are left of a word, so that « formation » and « forme » stay apart."""


@lru_cache(maxsize=50_000)
def root(word: str) -> str:
    """What the forms of a folded word share."""
    word = bare(word)
    if word.endswith("au") and len(word) > _SHORTEST:
        word = word[:-1] + "l"
    if word.endswith("bl"):
        word = word[:-1]
    while True:
        ending = next((e for e in _ENDINGS if word.endswith(e) and len(word) - len(e) >= _SHORTEST), None)
        if ending is None:
            return word
        word = word.removesuffix(ending)


def roots(text: str) -> list[str]:
    """The roots of the words of a text, in order, the words that only make a sentence too."""
    plain = unicodedata.normalize("NFC", text).replace("’", "'")
    return [root(word) for word in WORD.findall(fold(INCLUSIVE.sub("", plain)))]


def head(posting: Posting) -> list[str]:
    """The roots of what names a posting: its role and its team. A word found there ranks first."""
    team = f" . {posting.team.name}" if posting.team else ""
    return roots(posting.role + team)


def body(posting: Posting) -> list[str]:
    """The roots of a posting's text."""
    return roots(posting.text)


def alternatives(item: str) -> list[list[str]]:
    """The roots of each alternative of an item of `Question.text`; several roots are a phrase."""
    return [found for part in item.split(OR) if (found := roots(part))]


def begins(wanted: str, word: str) -> bool:
    """Whether a root answers for another: « carto » does for « cartographie », « rh » for itself alone."""
    return word == wanted or (len(wanted) >= _SHORTEST and word.startswith(wanted))


def says(words: Sequence[str], item: str) -> bool:
    """Whether the roots of a text hold one of the alternatives of an item, a phrase word by word."""
    for wanted in alternatives(item):
        if len(wanted) == 1:
            if any(begins(wanted[0], word) for word in words):
                return True
        elif holds_phrase(" ".join(words), wanted):
            return True
    return False


def holds_phrase(words: str, wanted: Sequence[str]) -> bool:
    """Whether roots, parted by spaces, hold others side by side."""
    return f" {' '.join(wanted)} " in f" {words} "


def technologies(posting: Posting) -> frozenset[str]:
    """The technologies of a posting, folded: of its front matter, else those of the vocabulary in its text.

    The front matter may name several as one: « Python / Django » is itself, and each of the two.
    """
    if posting.technologies:
        named = tuple(map(fold, posting.technologies))
        each = (_known().findall(name.replace("-", " ")) for name in named)
        found = frozenset((*named, *chain.from_iterable(each)))
    else:
        found = frozenset(_known().findall(posting.text))
    return found.union(*(spellings().get(letters(name), ()) for name in found))


def letters(technology: str) -> str:
    """What « Vue.js » and « vuejs » share."""
    return fold(technology).replace(".", "").replace("-", "").replace(" ", "")


@cache
def spellings() -> Mapping[str, tuple[str, ...]]:
    """The technologies of the vocabulary by what their spellings share."""
    names = sorted(known_technologies(), key=letters)
    return {shared: tuple(same) for shared, same in groupby(names, key=letters)}


@cache
def known_technologies() -> frozenset[str]:
    """The technologies of the vocabulary, folded."""
    return frozenset(map(fold, load("questions")["technologies"]["names"]))


@cache
def _known() -> re.Pattern[str]:
    names = "|".join(map(re.escape, sorted(known_technologies(), key=len, reverse=True)))
    return re.compile(rf"(?<![^\W_])(?:{names})(?![^\W_])")
