"""What a test can make a fake server do wrong, and how a platform limits the rate of requests."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    STATUS = "status"
    GARBAGE = "garbage"
    CUT = "cut"
    HANG = "hang"
    TRUNCATED = "truncated"
    NONSENSE = "nonsense"
    DRIP = "drip"


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
    pause: float | None = None

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

    @classmethod
    def truncated(cls, *, path: str = "") -> Failure:
        """Carried out; the good answer ends in its middle, which HTTP itself does not tell."""
        return cls(Kind.TRUNCATED, stored=True, path=path)

    @classmethod
    def nonsense(cls, *, stored: bool, path: str = "") -> Failure:
        """Carried out or not; answered 200 with JSON in which nothing has the type that the platform promises."""
        return cls(Kind.NONSENSE, stored=stored, path=path)

    @classmethod
    def drip(cls, *, pause: float | None, path: str = "") -> Failure:
        """Carried out; the good answer comes byte by byte, `pause` seconds apart.

        With None no byte follows the first half until `release()` or until the client gives up.
        """
        return cls(Kind.DRIP, stored=True, path=path, pause=pause)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` requests in any `seconds` seconds: a sliding window, which knows no credit."""

    count: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Bucket:
    """`burst` requests at once, and `rate` more each second: who was quiet has credit."""

    rate: float
    burst: int


class Pace:
    """Counts requests by key, each against a limit; `clock` returns seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._taken: dict[str, deque[float]] = {}
        self._left: dict[str, tuple[float, float]] = {}

    def take(self, limits: Mapping[str, Limit | Bucket]) -> float | None:
        """None if the request fits every limit, else the seconds until it would.

        A refused request is counted by none of them.
        """
        now = self._clock()
        wait = max((self._wait(key, limit, now) for key, limit in limits.items()), default=0.0)
        if wait > 0:
            return wait
        for key, limit in limits.items():
            if isinstance(limit, Limit):
                self._taken[key].append(now)
            else:
                self._left[key] = (self._left[key][0] - 1, now)
        return None

    def _wait(self, key: str, limit: Limit | Bucket, now: float) -> float:
        if isinstance(limit, Bucket):
            left, then = self._left.get(key, (float(limit.burst), now))
            left = min(float(limit.burst), left + (now - then) * limit.rate)
            self._left[key] = (left, now)
            # Ten steps of a tenth make a little less than one.
            return 0.0 if left >= 1 - 1e-6 else (1 - left) / limit.rate
        taken = self._taken.setdefault(key, deque())
        while taken and taken[0] <= now - limit.seconds:
            taken.popleft()
        return 0.0 if len(taken) < limit.count else taken[0] + limit.seconds - now
