"""The staff is told what is wrong, once, and when it is over, however many processes watch and restart."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.staff import alert_notes
from bot.staff.silence import DEAD_WITHIN, STUCK_AFTER, Limits, Wrong, is_over, wrong_sources, wrong_targets
from postings.store import Alert, AlertKind, Outgoing, Store
from postings.store.codec import Json
from postings.store.values import NOTE

_log = structlog.get_logger(__name__)

EVERY: Final = timedelta(minutes=5)
"""How often it is asked what is wrong."""
_KINDS: Final[tuple[AlertKind, ...]] = ("refused", "silent", "quiet", "stuck", "dead")


class Alerts:
    """Asks what is wrong with the configured sources and targets, and tells `staff` (None: the log only).

    `clock` returns the present instant in UTC.
    """

    def __init__(
        self,
        store: Store,
        *,
        sources: Collection[str],
        targets: Collection[str],
        staff: str | None,
        limits: Limits,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._sources = frozenset(sources)
        self._targets = frozenset(targets)
        self._staff = staff
        self._limits = limits
        self._clock = clock
        self._since: datetime | None = None
        self._asked: datetime | None = None

    async def ask(self) -> None:
        """Tells what is wrong and what is over, if that was not asked within the last minutes. Raises StoreError."""
        now = self._clock()
        if self._asked is not None and timedelta() <= now - self._asked < EVERY:
            return
        self._asked = now
        self._since = self._since or now
        known = await self._store.alerts(_KINDS)
        wrong = {one.key: one for one in await self._wrong(known, now, self._since)}
        if wrong.keys() == known.keys():
            return
        stopped = {one.target for one in await self._store.outbox.stopped()}
        async with self._store.change() as change:
            now = self._clock()  # what others have told since comes before
            for key in sorted(wrong.keys() - known.keys()):
                one = wrong[key]
                note = self._note(key, alert_notes.alert(one), one.about, now)
                if await change.begin_alert(Alert(key, one.kind, one.since), note):
                    _log.warning(
                        "something is wrong", kind=one.kind, about=one.about, error=one.english or None
                    )
            for key in sorted(known.keys() - wrong.keys()):
                alert = known[key]
                about = key.removeprefix(f"{alert.kind}:")
                good = is_over(alert, wrong.values(), stopped) and about in self._sources | self._targets
                over = self._note(key, alert_notes.over(alert.kind, about), about, now) if good else None
                if await change.end_alert(key, now=now, note=over) and good:
                    _log.info("it is over", kind=alert.kind, about=about)

    async def _wrong(self, known: Collection[str], now: datetime, since: datetime) -> list[Wrong]:
        lives = [life for life in await self._store.lives() if life.source.name in self._sources]
        queues = await self._store.queues(before=now - STUCK_AFTER, after=now - DEAD_WITHIN)
        configured = [queue for queue in queues if queue.target in self._targets]
        return [
            *wrong_sources(lives, known, self._limits, now=now, watched_since=since),
            *wrong_targets(configured, now=now, watched_since=since),
        ]

    def _note(self, key: str, payload: Json, about: str, now: datetime) -> Outgoing | None:
        """A row that tells the staff; None where there is no place for it, or it is the one that is wrong."""
        if self._staff is None or self._staff == about:
            return None
        name = f"{NOTE}:{payload['note']}:{key}:{now.isoformat()}:{self._staff}"
        return Outgoing(name, self._staff, "", NOTE, payload, now, now)
