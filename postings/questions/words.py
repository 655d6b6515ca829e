"""The words of a question: tokens without case, accents and inclusive endings, and the stem they share."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from postings.text import fold

INCLUSIVE = re.compile(
    r"(?<=[^\W\d_]{2})(?!-s(?!\w))(?:[·•‧⋅∙./-]|-?\(-?)"
    r"(?:euses?|rices?|trices?|i?[eè]res?|ives?|fes?|ve?s?|nn?es?|ll?es?|tes?|ses?|eure?s?|es?|s|x)\)?"
    r"(?:[·•‧⋅∙.-]s|s|\(s\))?(?!\w)",
    re.I,
)
"""The inclusive ending of a word: "·euse·s", "(e)", ".trice"."""
WORD = re.compile(r"[^\W_]+(?:\+\+|#)?")
"""A word, as it is searched: letters and digits, "c++" and "c#" too."""
_STOP = re.compile(r"[.!?;:](?:\s|$)|[\n()—–…]")
_PARTICIPLE = re.compile(r"(?:ée?s?|ees?)$")
_FEMININES = (
    ("euse", "eur"),
    ("trice", "teur"),
    ("rice", "eur"),
    ("elle", "el"),
    ("enne", "en"),
    ("onne", "on"),
    ("ere", "er"),
)


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a question."""

    text: str
    """Folded, without its inclusive ending."""
    stem: str
    before: str
    """The mark of punctuation that stands before it: ".", "," or ""."""
    capital: bool
    """Whether a capital shows a name: inside a sentence that is not in capitals throughout."""
    joined: bool = False
    """Whether nothing but a dash, a dot or an underscore parts it from the word before."""


def stem(word: str) -> str:
    """What the masculine, feminine and plural forms of a word share; participles keep an "é" that tells them.

    `fermées` is `fermé`, `ferme` and `fermes` are `ferm`: a closing day is not a closed posting.
    """
    if len(word) > 3 and (match := _PARTICIPLE.search(word)):
        return fold(word[: match.start()]) + "é"
    return bare(word)


@lru_cache(maxsize=20_000)
def bare(word: str) -> str:
    """The stem of a word that was written without accents."""
    word = fold(word)
    if len(word) > 3 and word.endswith(("s", "x")) and not word.endswith("ss"):
        word = word[:-1]
    for feminine, masculine in _FEMININES:
        if word.endswith(feminine) and len(word) > len(feminine) + 1:
            return word.removesuffix(feminine) + masculine
    return word[:-1] if len(word) > 3 and word.endswith("e") else word


def tokens(text: str) -> list[Token]:
    """The words of a text, in order. Single letters that only elide or end a word are words too."""
    text = INCLUSIVE.sub("", unicodedata.normalize("NFC", text).replace("’", "'"))
    shouted = text.upper() == text
    found: list[Token] = []
    end = 0
    for match in WORD.finditer(text):
        gap = text[end : match.start()]
        end = match.end()
        before = "" if gap in ("", " ") else "." if _STOP.search(gap) else "," if "," in gap else ""
        starts = not found or before == "."
        folded = fold(match[0])
        if folded:
            capital = match[0][0].isupper() and not starts and not shouted
            found.append(Token(folded, stem(match[0].lower()), before, capital, gap in ("-", ".", "_")))
    return found


def stems(phrase: str) -> tuple[str, ...]:
    """The stems of a phrase of the vocabulary."""
    return tuple(token.stem for token in tokens(phrase))
