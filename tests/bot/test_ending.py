"""How a process ends, within this process: no signal ends the one that runs the tests."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator

import pytest

from bot import ending
from bot.ending import Ending


@pytest.fixture
def statuses(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The statuses with which the process would have ended at once."""
    found: list[int] = []
    monkeypatch.setattr(ending, "_end", found.append)
    former = signal.getsignal(signal.SIGALRM)
    yield found
    ending.over()
    signal.signal(signal.SIGALRM, former)


async def test_being_asked_again_gives_no_more_time(monkeypatch: pytest.MonkeyPatch) -> None:
    told = Ending()
    assert (told.lasts, told.left) == (0.0, ending.PATIENCE)
    loop = asyncio.get_running_loop()
    at = loop.time()
    with monkeypatch.context() as clock:
        clock.setattr(loop, "time", lambda: at)
        told.set()
        clock.setattr(loop, "time", lambda: at + 3)
        told.set()
        assert (told.lasts, told.left) == (3.0, ending.PATIENCE - 3)
        clock.setattr(loop, "time", lambda: at + 60)
        assert told.left == 0.0


async def test_the_first_signal_asks_and_the_second_ends(statuses: list[int]) -> None:
    former = signal.getsignal(signal.SIGTERM)
    with ending.told_to_stop() as told:
        os.kill(os.getpid(), signal.SIGTERM)
        await told.wait()
        assert statuses == []
        os.kill(os.getpid(), signal.SIGTERM)
        assert statuses == [128 + signal.SIGTERM]
    assert signal.getsignal(signal.SIGTERM) == former


async def test_work_that_goes_on_after_its_time_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "PATIENCE", 0.0)
    monkeypatch.setattr(ending, "_CUT_OFF", 0.0)
    given_back: list[str] = []

    async def endless() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            given_back.append("lease")

    told = Ending()
    told.set()
    await ending.bounded(endless(), told)
    assert given_back == ["lease"]


async def test_what_failed_at_the_end_is_told() -> None:
    async def fails() -> None:
        raise ValueError("cassé")

    with pytest.raises(ValueError, match="cassé"):
        await ending.bounded(fails(), Ending())


async def test_nothing_in_flight_is_over_at_once() -> None:
    await ending.ended(set())
