"""What a test can make a fake server do wrong, and how a platform limits the rate of requests."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    STATUS = "status"
    GARBAGE = "garbage"
    CUT = "cut"
    HANG = "hang"


@dataclass(frozen=True, slots=True)
class Failure:
    """What happens to one request instead of a good answer; made by the class methods.

    `stored` tells whether the request was carried out first. `path` limits the failure to requests whose path
    contains it, so that a background request (long polling, "who am I") does not use it up.
    """

    kind: Kind
    stored: bool = False
    code: int = 0
    retry_after: float | None = None
    path: str = ""

    @classmethod
    def status(cls, code: int, *, retry_after: float | None = None, path: str = "") -> Failure:
        """Not carried out; answered with this code in the platform's own form.

        `retry_after` is in seconds, and stands where the platform puts it.
        """
        return cls(Kind.STATUS, code=code, retry_after=retry_after, path=path)

    @classmethod
    def garbage(cls, code: int = 502, *, path: str = "") -> Failure:
        """Not carried out; a proxy in front of the platform answers with a page of HTML."""
        return cls(Kind.GARBAGE, code=code, path=path)

    @classmethod
    def cut_before(cls, *, path: str = "") -> Failure:
        """Not carried out; the connection closes without an answer."""
        return cls(Kind.CUT, path=path)

    @classmethod
    def accept_then_cut(cls, *, path: str = "") -> Failure:
        """Carried out; the connection closes without an answer."""
        return cls(Kind.CUT, stored=True, path=path)

    @classmethod
    def hang_before(cls, *, path: str = "") -> Failure:
        """No answer until `release()`, then carried out; never carried out if the client gives up first."""
        return cls(Kind.HANG, path=path)

    @classmethod
    def hang_after(cls, *, path: str = "") -> Failure:
        """Carried out at once; no answer until `release()` or until the client gives up."""
        return cls(Kind.HANG, stored=True, path=path)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` requests in any `seconds` seconds."""

    count: int
    seconds: float


class SlidingWindow:
    """Counts requests by key; `clock` returns seconds."""

    def __init__(self, limit: Limit, clock: Callable[[], float]) -> None:
        self._limit = limit
        self._clock = clock
        self._taken: dict[str, deque[float]] = {}

    def take(self, key: str) -> float | None:
        """None if the request fits, else the seconds until one would; a refused request is not counted."""
        now = self._clock()
        taken = self._taken.setdefault(key, deque())
        while taken and taken[0] <= now - self._limit.seconds:
            taken.popleft()
        if len(taken) < self._limit.count:
            taken.append(now)
            return None
        return taken[0] + self._limit.seconds - now
