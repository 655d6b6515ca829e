"""What becomes of a sending that failed: tried again after which wait, its target stopped, or given up.

A pure policy over the errors of bot.channels.base. A failure is temporary (the platform is down, is not reached or
asks for a wait), lasts for the target (a person must change something), or is ours (any other exception).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from bot.channels.base import MessageGone, OutcomeUnknown, TargetRefused, TryLater

ATTEMPTS = 8
CAPS = tuple(timedelta(seconds=min(10 * 6**n, 10 * 3600)) for n in range(ATTEMPTS - 1))
"""The longest wait after each failed attempt: six times the one before, ten hours at most; together a day."""
_JITTER = 0.25
"""What chance may take from a wait, so that rows that failed together do not come back together."""
PATIENCE = (1 - _JITTER) * sum(CAPS, timedelta())
"""A row is not given up before it is this old (18 hours), however many attempts there were."""


class End(Enum):
    """What becomes of a row that is not tried again by itself."""

    DEAD = "dead"
    """Given up: kept, and sent again only by hand."""
    DROPPED = "dropped"
    """There is nothing left to send."""
    STOPPED = "stopped"
    """It waits, as if untried, until its target works again."""


@dataclass(frozen=True, slots=True)
class Again:
    """The row is tried again after `wait`."""

    wait: timedelta
    asked: bool = False
    """Whether the platform asked for this wait: then it concerns all that is sent there, and no attempt is used up,
    since nothing was wrong with the message."""
    unknown: bool = False
    """Whether the message may be there all the same."""


def after(error: Exception, *, attempts: int, age: timedelta, chance: Callable[[], float]) -> Again | End:
    """What becomes of a row that failed with `error`.

    `attempts` counts those before this one, `age` is the time since the row was made, `chance` returns a number
    from 0 up to 1.
    """
    match error:
        case MessageGone():
            return End.DROPPED
        case TargetRefused():
            return End.STOPPED
        case TryLater(wait=float() | int() as seconds):
            return Again(timedelta(seconds=seconds), asked=True)
    if attempts + 1 >= ATTEMPTS and age >= PATIENCE:
        return End.DEAD
    # What is ours may have happened after the message was taken.
    unknown = isinstance(error, OutcomeUnknown) or not isinstance(error, TryLater)
    return Again(backoff(attempts, chance), unknown=unknown)


def backoff(attempts: int, chance: Callable[[], float]) -> timedelta:
    """The wait after a failure that followed so many others: at most its cap, at least three quarters of it."""
    return CAPS[min(attempts, len(CAPS) - 1)] * (1 - _JITTER * chance())
