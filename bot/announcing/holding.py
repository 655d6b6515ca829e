"""What is not told before a person has looked at it: pure rules (specification, section 3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from postings.model import Posting, Record, State

_KEPT = 0.5
"""Of the runs of words of a body: with fewer found in the former one, most of it is another."""
_RUN = 3
"""Words. In ten years of real postings edits kept 62 % of such runs and more; two teams share 38 % at most."""


@dataclass(frozen=True, slots=True)
class Moved:
    """How many postings of a source entered and left *open* in one look."""

    entered: int
    left: int

    @property
    def together(self) -> int:
        """How many postings entered or left."""
        return self.entered + self.left

    @classmethod
    def between(cls, pairs: Iterable[tuple[Record | None, Record]]) -> Moved:
        """Counted over what was known of each posting and what is known now."""
        pairs = list(pairs)
        return cls(
            sum(_is_open(after) and not _is_open(before) for before, after in pairs),
            sum(_is_open(before) and not _is_open(after) for before, after in pairs),
        )


def is_mass_change(moved: Moved, open_before: int, limit: int) -> bool:
    """Whether more than `limit` postings, and more than half of those that were open, moved at once."""
    return moved.together > limit and 2 * moved.together > open_before


def overwritten(before: Record | None, after: Record) -> bool:
    """Whether a posting seems to have been written over another: its team and most of its body changed at once.

    Only of a posting that is open, or was: what becomes of a closed one is told to nobody. The new text may name
    no team that is known.
    """
    if before is None or not (_is_open(before) or _is_open(after)):
        return False
    was, now = before.posting, after.posting
    if was is None or now is None or was.team is None:
        return False
    if now.team is not None and now.team.id == was.team.id:
        return False
    return _kept(was, now) < _KEPT


def _is_open(record: Record | None) -> bool:
    return record is not None and record.state is State.OPEN


def _kept(before: Posting, after: Posting) -> float:
    """Which share of the body's runs of words the former body had; 1 for a body too short to tell."""
    runs = set(_runs(after.text))
    return len(runs & set(_runs(before.text))) / len(runs) if runs else 1.0


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    words = text.split()
    return (tuple(words[i : i + _RUN]) for i in range(len(words) - _RUN + 1))
