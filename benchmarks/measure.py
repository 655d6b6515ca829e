"""Timing two ways of doing a thing against each other."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass

_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Ratio:
    """How much longer (or, in memory, larger) the first is than the second; at most `goal` is well.

    Of rates (`at_least`) it is how much faster, and less than `goal` is short.
    """

    name: str
    ratio: float
    goal: float
    at_least: bool = False

    @property
    def short(self) -> bool:
        """Whether the goal is missed."""
        return self.ratio < self.goal if self.at_least else self.ratio > self.goal

    def __str__(self) -> str:
        return f"{self.name} {_digits(self.ratio)} {_digits(self.goal)} {'short' if self.short else 'ok'}"


def ratio(
    name: str,
    ours: Callable[[], object],
    other: Callable[[], object],
    goal: float,
    *,
    rounds: int = _ROUNDS,
    times: int = 1,
) -> Ratio:
    """The best of some rounds of `ours` over the best of `other`, taken in turn so that both meet the same machine.

    `other` is done so many `times` a round and its mean is taken: of a short and a long work the short one alone
    would find the moments in which the machine is quiet.
    """

    def again() -> None:
        for _ in range(times):
            other()

    best_ours = best_other = float("inf")
    for _ in range(rounds):
        best_ours = min(best_ours, seconds(ours))
        best_other = min(best_other, seconds(again))
    return Ratio(name, best_ours * times / best_other, goal)


def seconds(work: Callable[[], object]) -> float:
    """How long some work takes, by the wall clock."""
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _digits(value: float) -> str:
    return f"{value:.2f}" if value >= 0.1 else f"{value:.4f}"
