"""The known name that somebody may have meant."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

_ALIKE = 0.82
"""From here on two names are alike: a letter more or less, two that changed places, or one of several words."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that is most like `name`, whatever the case and `-` for `_`; None where none is alike."""
    found = process.extractOne(
        name, list(known), scorer=JaroWinkler.similarity, processor=_plain, score_cutoff=_ALIKE
    )
    return found[0] if found else None


def _plain(name: str) -> str:
    return name.casefold().replace("-", "_").removeprefix("vigie_")
