"""Messages of which nobody can tell whether they were sent: what becomes of them, and how many there were."""

from __future__ import annotations

from collections.abc import Collection

import structlog

from postings.store import Delivery

_log = structlog.get_logger(__name__)


class Doubts:
    """The choice of each platform that lets no bot read what it sent (specification, section 5).

    `skips` are the platforms where such a message is not sent again; elsewhere twice is better than never.
    """

    def __init__(self, skips: Collection[str] = ()) -> None:
        self._skips = frozenset(skips)
        self._twice: set[int] = set()
        self._skipped: set[int] = set()

    def skips(self, platform: str) -> bool:
        """Whether a message that may have been sent is not sent again."""
        return platform in self._skips

    def twice(self, row: Delivery) -> None:
        """Logs that a message may stand there twice; `so_far` counts them since the process began."""
        self._twice.add(row.id)
        self._warn("perhaps sent twice", row, len(self._twice))

    def skipped(self, row: Delivery) -> None:
        """Logs that a message may never have been sent; `so_far` counts them since the process began."""
        self._skipped.add(row.id)
        self._warn("perhaps not sent", row, len(self._skipped))

    def _warn(self, event: str, row: Delivery, so_far: int) -> None:
        _log.warning(event, target=row.target, posting=row.posting, delivery=row.id, so_far=so_far)
