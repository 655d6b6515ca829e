"""What is old is taken away once a day, in small parts, by the process that watches."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Final

import structlog

from postings.store import Store

KEPT: Final = timedelta(days=180)
"""How long what is finished is kept: what was sent, and subscriptions that have ended."""
_EVERY: Final = timedelta(days=1)
_AT_ONCE: Final = 500
"""Rows that one transaction takes away: others write in between."""
_PARTS: Final = 20
"""Transactions of one tick; what is left is for the next."""

_log = structlog.get_logger(__name__)


class Retention:
    """Takes away what nobody asks for any more. `configured` are the places of the configuration.

    `clock` returns the present instant in UTC.
    """

    def __init__(self, store: Store, *, configured: Collection[str], clock: Callable[[], datetime]) -> None:
        self._store = store
        self._configured = configured
        self._clock = clock
        self._done: datetime | None = None

    async def prune(self) -> None:
        """Prunes, if that was not done within a day. Raises StoreError."""
        now = self._clock()
        if self._done is not None and timedelta() <= now - self._done < _EVERY:
            return
        deliveries = subscriptions = messages = 0
        for _ in range(_PARTS):
            gone = await self._store.prune(now - KEPT, self._configured, limit=_AT_ONCE)
            deliveries += gone.deliveries
            subscriptions += gone.subscriptions
            messages += gone.messages
            if max(gone.deliveries, gone.subscriptions) < _AT_ONCE:
                self._done = now
                break
        if deliveries or subscriptions:
            _log.info(
                "old rows taken away", deliveries=deliveries, subscriptions=subscriptions, messages=messages
            )
