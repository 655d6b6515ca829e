"""Which paragraphs many postings share: teams copy them from one posting to the next, so they sum up none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

SHARED_BY = 4
"""A paragraph that this many postings hold is nobody's own: three others share it."""


class Paragraphs:
    """Who holds which paragraphs (their digests), kept up posting by posting; contains the ones that are shared."""

    def __init__(self, held: Mapping[str, Iterable[str]] | None = None) -> None:
        self._held: dict[str, frozenset[str]] = {}
        self._holders: defaultdict[str, set[str]] = defaultdict(set)
        for id, digests in (held or {}).items():
            self.hold(id, digests)

    def __contains__(self, digest: object) -> bool:
        return len(self._holders.get(str(digest), ())) >= SHARED_BY

    def held(self, id: str) -> frozenset[str]:
        """The paragraphs that posting `id` holds."""
        return self._held.get(id, frozenset())

    def hold(self, id: str, digests: Iterable[str]) -> set[str]:
        """Posting `id` now holds these paragraphs and no others (a deleted one holds none).

        Returns the other postings whose summary may be another now: a paragraph of theirs became shared by
        this, or is no longer.
        """
        now, before = frozenset(digests), self._held.pop(id, frozenset())
        if now:
            self._held[id] = now
        others: set[str] = set()
        for digest in now ^ before:
            holders = self._holders[digest]
            was_shared = len(holders) >= SHARED_BY
            (holders.add if digest in now else holders.discard)(id)
            if was_shared != (len(holders) >= SHARED_BY):
                others |= holders - {id}
            if not holders:
                del self._holders[digest]
        return others
