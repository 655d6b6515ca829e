"""What is wrong now, by what is remembered of sources and of the outbox: pure rules (specification, section 5).

What is silent tells nothing by itself: only a rule notices that a source does not answer, that nothing happens in
it any more, or that messages do not leave.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from postings.store import Alert, AlertKind, Life, Queue

REFUSED_AFTER: Final = timedelta(minutes=15)
"""A refusal is told once it lasted for some looks: a forge that restarts refuses for moments."""
STUCK_AFTER: Final = timedelta(hours=1)
"""Rows that were to be sent longer ago do not leave; waits that platforms ask for are much shorter."""
DEAD_WITHIN: Final = timedelta(days=1)
"""Rows given up are told of for as long; a day without another one ends it."""
SILENT: Final = ("silent", "refused")
"""Kinds of alerts that end with the next answer of the source."""


@dataclass(frozen=True, slots=True)
class Limits:
    """After which times something is wrong."""

    silence: timedelta
    """Without an answer of a source."""
    quiet: timedelta
    """Without any change or open posting in a source."""
    poll: timedelta
    """Between two looks: a source that was not asked is not silent."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something that is wrong: of what kind, and of which source or target."""

    kind: AlertKind
    about: str
    since: datetime
    """From when, in UTC."""
    french: str = ""
    """The sentence of the error behind it, as far as it is known."""
    english: str = ""
    count: int = 0
    """Of rows: how many."""

    @property
    def key(self) -> str:
        """The alert's key."""
        return f"{self.kind}:{self.about}"


def wrong_sources(
    lives: Iterable[Life], known: Collection[str], limits: Limits, *, now: datetime, watched_since: datetime
) -> Iterator[Wrong]:
    """What is wrong with sources at `now`; `known` are the keys of alerts that were told and are not over.

    `watched_since` is when this process began to watch: what no process asked does not count as silence.
    """
    for life in lives:
        source = life.source
        if source.failing_since is not None:
            kind: AlertKind = "refused" if source.refused else "silent"
            told: AlertKind | None = next((k for k in SILENT if f"{k}:{source.name}" in known), None)
            lasts = now - source.failing_since
            if told is not None or lasts >= (REFUSED_AFTER if source.refused else limits.silence):
                since = source.looked_at or source.failing_since
                french = source.error_french or source.error or ""
                yield Wrong(told or kind, source.name, since, french, source.error or "")
        else:
            asked = max(source.looked_at or watched_since, watched_since)
            if now - asked >= limits.silence + limits.poll:
                yield Wrong("silent", source.name, source.looked_at or watched_since)
        if life.open == 0 and source.baseline_at is not None:
            since = max(life.changed_at or source.baseline_at, source.baseline_at)
            if now - since >= limits.quiet:
                yield Wrong("quiet", source.name, since)


def wrong_targets(queues: Iterable[Queue], *, now: datetime, watched_since: datetime) -> Iterator[Wrong]:
    """What does not leave the outbox at `now`; what waited while no process ran counts from `watched_since`."""
    for queue in queues:
        error = queue.error or ""
        if queue.since is not None and now - max(queue.since, watched_since) >= STUCK_AFTER:
            yield Wrong("stuck", queue.target, queue.since, error, error, queue.waiting)
        if queue.died_at is not None:
            yield Wrong("dead", queue.target, queue.died_at, count=queue.dead)


def is_over(alert: Alert, wrong: Collection[Wrong], stopped: Collection[str]) -> bool:
    """Whether the end of an alert is good news: it is not when something else is wrong with the same thing.

    `stopped` are the targets that refuse: what was stuck there still is.
    """
    about = alert.key.removeprefix(f"{alert.kind}:")
    worse = any(one.about == about and one.kind in SILENT for one in wrong)
    return alert.kind != "dead" and about not in stopped and not worse
