"""How a process ends when it is asked to: what is in flight is finished, within ten seconds whatever hangs.

After PATIENCE what is still under way is cut off, and what it held is given back: leases are freed so that another
worker takes the rows at once, and git is ended. After AT_MOST the process ends as it is, as in a crash, which loses
nothing either. A second signal does that at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Coroutine, Iterator
from types import FrameType
from typing import Final

import structlog

from postings.sources import git_process

PATIENCE: Final = 5.0
"""Seconds that what is in flight has to end by itself."""
AT_MOST: Final = 9.5
"""Seconds after which the process ends, whatever hangs: hosts kill after ten."""
_CUT_OFF: Final = 1.0
"""Seconds that what is cut off has to notice it."""
_STOPPING = (signal.SIGINT, signal.SIGTERM)

_log = structlog.get_logger(__name__)


class Ending(asyncio.Event):
    """Set once the process was asked to stop."""

    def __init__(self) -> None:
        super().__init__()
        self._since: float | None = None

    def set(self) -> None:
        """Begins the end."""
        if self._since is None:
            self._since = asyncio.get_running_loop().time()
        super().set()

    @property
    def lasts(self) -> float:
        """The seconds since the process was asked to stop, 0 before."""
        return 0.0 if self._since is None else asyncio.get_running_loop().time() - self._since

    @property
    def left(self) -> float:
        """The seconds that what is in flight still has."""
        return max(0.0, PATIENCE - self.lasts)


@contextlib.contextmanager
def told_to_stop() -> Iterator[Ending]:
    """What the first SIGINT or SIGTERM sets; the second ends the process where it is, with status 128 and its number.

    The last bound stays when the block has ended, since threads may hang that are waited for afterwards: `over` ends
    it.
    """
    loop, told = asyncio.get_running_loop(), Ending()
    asked = False

    def stop(number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            _end(128 + number)
        asked = True
        # An alarm and no thread: a signal may come while the locks are held that starting one needs.
        signal.signal(signal.SIGALRM, _too_late)
        signal.setitimer(signal.ITIMER_REAL, AT_MOST)
        loop.call_soon_threadsafe(told.set)

    former = {number: signal.signal(number, stop) for number in _STOPPING}
    try:
        yield told
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def over() -> None:
    """Takes the last bound away: nothing is left that could hang, and the interpreter's own end takes its time."""
    signal.setitimer(signal.ITIMER_REAL, 0)


async def bounded(work: Coroutine[object, object, None], told: Ending) -> None:
    """Does some work to its end, or cuts it off when it goes on for too long after `told`. Raises what it raises."""
    task, asked = asyncio.create_task(work, name="process"), asyncio.create_task(told.wait(), name="told")
    await asyncio.wait((task, asked), return_when=asyncio.FIRST_COMPLETED)
    asked.cancel()
    if not task.done():
        _log.info("stopping")
        # More than what it itself waits for, so that it can give back what it holds.
        await asyncio.wait((task,), timeout=told.left + 2 * _CUT_OFF)
    if not task.done():
        _log.warning("cut off", what="the process")
        task.cancel()
        await asyncio.wait((task,), timeout=_CUT_OFF)
    if task.done() and not task.cancelled():
        task.result()


async def ended(tasks: set[asyncio.Task[None]], seconds: float = PATIENCE) -> None:
    """Lets tasks end by themselves, and cuts off those that take longer.

    One that is cancelled within a transaction may take long over it: it is waited for no longer than the rest of
    the process can bear.
    """
    if not tasks:
        return
    _, late = await _over(tasks, seconds)
    if late:
        _log.warning("cut off", what=", ".join(sorted({task.get_name() for task in late})))
        await asyncio.wait(late, timeout=_CUT_OFF)


async def _over(
    tasks: set[asyncio.Task[None]], seconds: float
) -> tuple[set[asyncio.Task[None]], set[asyncio.Task[None]]]:
    late = tasks
    try:
        done, late = await asyncio.wait(tasks, timeout=seconds)
    finally:  # also when this wait itself is cut off
        for task in late:
            task.cancel()
    return done, late


def _too_late(_number: int, _frame: FrameType | None) -> None:
    with contextlib.suppress(RuntimeError):  # it interrupted another line of the log
        _log.error("ended before everything was over")
    _end(1)


def _end(status: int) -> None:
    git_process.end_all(signal.SIGKILL)
    os._exit(status)
