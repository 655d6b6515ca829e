"""Names with typos, found by an index: the cost of a look-up does not grow with the names that are unlike it.

A name is cut into 2 d + 1 pieces. Of d typos (optimal string alignment: a letter too many, too few, another one, or
two that changed places) each damages two pieces at most, so one piece stays whole, at most d letters away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import OSA, Levenshtein


def typos(name: str) -> int:
    """How many typos a name of this length may have."""
    return 1 if len(name) < 8 else 2 if len(name) < 14 else 3


def astray(words: Sequence[str], name: str) -> list[int]:
    """How many letters of each word a name has otherwise or not at all; those that only the name has do not count."""
    owners = [place for place, word in enumerate(words) for _ in word]
    found = [0] * len(words)
    for edit in Levenshtein.editops("".join(words), name):
        if edit.tag != "insert":
            found[owners[edit.src_pos]] += 1
    return found


class NearNames:
    """Names, by the pieces that a misspelling leaves whole. All of `among` are among them, and are cut once only."""

    def __init__(self, names: Iterable[str], among: NearNames | None = None) -> None:
        self._rank = {name: rank for rank, name in enumerate(names)}
        self._among = among
        self._pieces: dict[tuple[int, int], list[dict[str, list[str]]]] = {}
        for name in self._rank.keys() - among._rank.keys() if among else self._rank:
            for most in (1, 2, 3):
                cuts = self._pieces.setdefault((most, len(name)), [{} for _ in range(2 * most + 1)])
                for (start, end), found in zip(_cuts(len(name), most), cuts, strict=True):
                    found.setdefault(name[start:end], []).append(name)

    @property
    def names(self) -> Set[str]:
        """All of them."""
        return self._rank.keys()

    def nearest(self, written: str, allowed: Callable[[str], bool]) -> str | None:
        """The allowed name that differs least, by no more typos than its length may have; of several the first."""
        choices = sorted(filter(allowed, self._candidates(written)), key=self._rank.__getitem__)
        best = process.extractOne(written, choices, scorer=OSA.distance, score_cutoff=typos(written))
        return best[0] if best else None

    def _candidates(self, written: str) -> set[str]:
        found = self._among._candidates(written) if self._among else set()
        most = typos(written)
        for length in range(max(len(written) - most, 1), len(written) + most + 1):
            for (start, end), names in zip(
                _cuts(length, most), self._pieces.get((most, length), ()), strict=False
            ):
                for first in range(max(start - most, 0), start + most + 1):
                    found.update(names.get(written[first : first + end - start], ()))
        return found


@cache
def _cuts(length: int, most: int) -> Sequence[tuple[int, int]]:
    """Where the pieces of a name begin and end."""
    parts = 2 * most + 1
    return [(length * part // parts, length * (part + 1) // parts) for part in range(parts)]
