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
_LETTERS = bytes(c if chr(c).isalnum() and c < 128 else 32 for c in range(256))
_HEAD = 3
LONGEST = 1000
"""Characters, more than any sentence that a person wrote."""
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
    return frozenset(folded.encode("ascii", errors="replace").translate(_LETTERS).decode("ascii").split())


def sentences(written: str, folded: str, end: re.Pattern[str]) -> list[tuple[str, str]]:
    """The sentences of a block, cut where `end` is found, as written and folded.

    One of more than `LONGEST` characters is cut at spaces, so that what is looked at together stays short.
    """
    as_written, parts = end.split(written), end.split(folded)
    if len(as_written) != len(parts):
        as_written, parts = [written], [folded]
    if len(folded) <= LONGEST:
        return list(zip(as_written, parts, strict=True))
    return [piece for pair in zip(as_written, parts, strict=True) for piece in _pieces(*pair)]


def _pieces(written: str, folded: str) -> Iterator[tuple[str, str]]:
    """Where folding changed the length each piece has the beginning of what is written."""
    aligned = len(written) == len(folded)
    start = 0
    while len(folded) - start > LONGEST:
        space = folded.rfind(" ", start + 1, start + LONGEST)
        end = space if space > 0 else start + LONGEST
        yield written[start:end] if aligned else written[:LONGEST], folded[start:end]
        start = end
    yield written[start:] if aligned else written[:LONGEST], folded[start:]


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
    return re.compile(rf"(?<![a-z0-9])(?:{_tree(phrases) or '(?!)'})(?![a-z0-9])")


def _tree(expressions: Iterable[str], depth: int = 2) -> str:
    """An alternation by first letters, so that a word is held against the phrases that begin like it only."""
    by_head: dict[str, list[str]] = {}
    for expression in expressions:
        head = expression[:1] if depth and expression[:1].isalnum() else ""
        by_head.setdefault(head, []).append(expression[len(head) :])
    return "|".join(
        f"{head}(?:{_tree(rest, depth - 1)})" if head else "|".join(rest) for head, rest in by_head.items()
    )


class Phrases(Generic[T]):
    """The phrases of several values in one alternation. Of two that begin together the longer wins."""

    def __init__(self, phrases: Mapping[T, Iterable[str]]) -> None:
        pairs = sorted(
            ((phrase(written), value) for value, all_written in phrases.items() for written in all_written),
            key=lambda pair: len(pair[0]),
            reverse=True,
        )
        self._values = {f"p{number}": value for number, (_, value) in enumerate(pairs)}
        # The empty group tells which phrase it was; at the end, so that `re` skips by the first letter.
        alternatives = _tree(f"{expression}(?P<p{number}>)" for number, (expression, _) in enumerate(pairs))
        self._pattern = re.compile(rf"(?<![a-z0-9])(?:{alternatives or '(?!)'})(?![a-z0-9])")
        stems = _stems(written for some in phrases.values() for written in some)
        self._literals = tuple(stem for stem in stems if not stem.isalnum() or len(stem) < _HEAD)
        self._heads: dict[str, tuple[str, ...]] = {}
        for stem in sorted(set(stems) - set(self._literals)):
            self._heads[stem[:_HEAD]] = (*self._heads.get(stem[:_HEAD], ()), stem)

    def stems(self, text: str) -> tuple[str, ...]:
        """Parts of words, one of which stands in whatever part of a folded `text` holds a phrase: a first sieve."""
        heads, found = self._heads, set()
        for word in words_of(text):
            if stems := heads.get(word[:_HEAD]):
                found.update([stem for stem in stems if word.startswith(stem)])
        return (*sorted(found), *[literal for literal in self._literals if literal in text])

    def find(self, text: str) -> Iterator[tuple[T, re.Match[str]]]:
        """Each value whose phrase stands in a folded and neutral `text`, with where, left to right."""
        for match in self._pattern.finditer(text):
            yield self._values[match.lastgroup or ""], match
