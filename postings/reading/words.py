"""Words of a vocabulary compiled into one alternation, and the French endings that inclusive writing adds.

A phrase in a vocabulary is plain French. Each of its words is found with its feminine and plural; `*` at the
end of a word stands for any ending; a space is a space or a dash. Case and accents do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Generic, TypeVar

from postings.text import fold

T = TypeVar("T")

_FEMININE = r"(?:e|s|es|se|ses|ne|nes|le|les|fe|ve|re|ere|r|x|euse|euses|ice|rice|trice|trices)\b\)?"
_WORD = re.compile(r"[a-z0-9]+")
_HEAD = 3
# The mark comes first, before the look behind it, so that `re` skips from mark to mark.
_ENDING = re.compile(rf"[·.(/-](?<=[a-z].)[·.(/-]?{_FEMININE}(?:[·.(/-]{{1,2}}{_FEMININE})*(?![a-z])")


def neutral(folded: str) -> str:
    """`folded` without the endings of inclusive writing: `charge·e`, `charge(e)` and `charge.e.s` are `charge`."""
    return _ENDING.sub("", folded)


def phrase(written: str) -> str:
    """The expression that finds a phrase of a vocabulary in a folded and neutral text."""
    found = (
        re.escape(word[:-1]) + "[a-z]*" if word.endswith("*") else re.escape(word) + "(?:e?s?|x)"
        for word in fold(written).replace("-", " ").split()
    )
    return r"[\s-]+".join(found)


@lru_cache(maxsize=4)
def words_of(folded: str) -> frozenset[str]:
    """The distinct words of a folded text. The last texts are kept: contracts and places ask for the same one."""
    return frozenset(_WORD.findall(folded))


def _stems(phrases: Iterable[str]) -> tuple[str, ...]:
    """Few beginnings of words, one of which stands in whatever any of the phrases finds."""
    stems: list[str] = []
    for written in sorted(set(map(fold, phrases)), key=len):
        words = _WORD.findall(written) or [written]
        longest = max(words, key=len)
        if not any(word.startswith(stem) for stem in stems for word in words):
            stems.append(longest if len(longest) >= _HEAD else written)
    return tuple(stems)


def any_of(written: Iterable[str]) -> re.Pattern[str]:
    """One expression that finds any of the phrases, as whole words, in a folded and neutral text."""
    phrases = sorted(map(phrase, written), key=len, reverse=True)
    return re.compile(rf"(?<![a-z0-9])(?:{'|'.join(phrases) or '(?!)'})(?![a-z0-9])")


class Phrases(Generic[T]):
    """The phrases of several values in one alternation. Of two that begin together the longer wins."""

    def __init__(self, phrases: Mapping[T, Iterable[str]]) -> None:
        pairs = sorted(
            ((phrase(written), value) for value, all_written in phrases.items() for written in all_written),
            key=lambda pair: len(pair[0]),
            reverse=True,
        )
        self._values = [value for _, value in pairs]
        # The empty group tells which phrase it was; at the end, so that `re` skips by the first letter.
        alternatives = "|".join(f"{expression}()" for expression, _ in pairs) or "(?!)"
        self._pattern = re.compile(rf"(?<![a-z0-9])(?:{alternatives})(?![a-z0-9])")
        stems = _stems(written for some in phrases.values() for written in some)
        self._literals = tuple(stem for stem in stems if not stem.isalnum() or len(stem) < _HEAD)
        self._heads: dict[str, tuple[str, ...]] = {}
        for stem in sorted(set(stems) - set(self._literals)):
            self._heads[stem[:_HEAD]] = (*self._heads.get(stem[:_HEAD], ()), stem)

    def stems(self, text: str) -> tuple[str, ...]:
        """Words of a folded `text` without which none of the phrases stands in a part of it: a cheap first sieve."""
        heads = self._heads
        words = (w for w in words_of(text) if (stems := heads.get(w[:_HEAD])) and w.startswith(stems))
        return (*sorted(words), *(literal for literal in self._literals if literal in text))

    def find(self, text: str) -> Iterator[tuple[T, re.Match[str]]]:
        """Each value whose phrase stands in a folded and neutral `text`, with where, left to right."""
        for match in self._pattern.finditer(text):
            yield self._values[(match.lastindex or 1) - 1], match
