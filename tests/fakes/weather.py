"""A stream of failures by rates: what a bad day of a platform looks like, the same for the same seed."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Mapping

from tests.fakes.failures import Failure


class Weather:
    """Draws a failure, or none, for each request; any thread may ask.

    `rates` are shares of all requests by kind, of `KINDS`. `spared` are parts of paths of which nothing is
    drawn. `pause` is the longest time between two bytes of a slow answer, in seconds.
    """

    def __init__(
        self,
        seed: int | str,
        rates: Mapping[str, float],
        *,
        spared: tuple[str, ...] = (),
        pause: float = 0.02,
    ) -> None:
        self._random = random.Random(seed)
        self._rates = dict(rates)
        self._spared = spared
        self._pause = pause
        self._lock = threading.Lock()
        self.drawn: dict[str, int] = dict.fromkeys(rates, 0)
        """How often each kind came."""

    def draw(self, path: str) -> Failure | None:
        """What happens to a request to `path`; None when it is answered well."""
        if any(part in path for part in self._spared):
            return None
        with self._lock:
            left = self._random.random()
            for kind, rate in self._rates.items():
                left -= rate
                if left < 0:
                    self.drawn[kind] += 1
                    return KINDS[kind](self._random, self._pause)
        return None


KINDS: Mapping[str, Callable[[random.Random, float], Failure]] = {
    "too many requests": lambda chance, _: Failure.status(429, retry_after=chance.choice((1, 1, 2))),
    "server error": lambda chance, _: Failure.status(chance.choice((500, 503))),
    "time-out before": lambda *_: Failure.hang_before(),
    "time-out after": lambda *_: Failure.hang_after(),
    "cut before": lambda *_: Failure.cut_before(),
    "cut after": lambda *_: Failure.accept_then_cut(),
    "page of HTML": lambda chance, _: Failure.garbage(chance.choice((200, 502))),
    "truncated": lambda *_: Failure.truncated(),
    "nonsense before": lambda *_: Failure.nonsense(stored=False),
    "nonsense after": lambda *_: Failure.nonsense(stored=True),
    "slow": lambda chance, pause: Failure.drip(pause=chance.uniform(0, pause)),
}
"""Every kind that a weather draws, each made with a source of chance and the longest pause between bytes."""
