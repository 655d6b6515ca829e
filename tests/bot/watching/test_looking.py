"""When sources are looked at: polls, calls, one look for many calls, and what the clock demands."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.watching.looking import LONGEST_SLEEP, PATIENCE, QUIET, Agenda, Changes, Looking, next_tick
from postings.errors import StoreError
from tests.bot.house import Clock
from tests.repositories import START

POLL = 300.0
MINUTE = timedelta(minutes=1)


@pytest.fixture
def agenda() -> Agenda:
    """Has looked once, at 1000."""
    agenda = Agenda(POLL)
    assert agenda.begin(1000)
    agenda.end()
    return agenda


def test_the_first_look_is_due_at_once_then_one_a_poll() -> None:
    agenda = Agenda(POLL)
    assert agenda.due(50) == 50
    assert agenda.begin(50)
    agenda.end()
    assert agenda.due(60) == 50 + POLL


def test_a_look_that_takes_longer_than_a_poll_is_followed_by_the_next(agenda: Agenda) -> None:
    assert agenda.begin(1300)
    assert agenda.due(1700) is None
    agenda.end()
    assert agenda.due(1700) == 1700


def test_a_call_causes_a_look_when_it_is_quiet(agenda: Agenda) -> None:
    agenda.call(1010)
    assert agenda.due(1010) == 1010 + QUIET
    assert not agenda.begin(1010)
    assert agenda.begin(1010 + QUIET)
    agenda.end()
    assert agenda.due(1020) == 1010 + QUIET + POLL


def test_many_pushes_within_seconds_cause_one_look(agenda: Agenda) -> None:
    for second in range(5):
        agenda.call(1010 + second)
    assert agenda.due(1014) == 1014 + QUIET


def test_calls_that_never_pause_are_answered_all_the_same(agenda: Agenda) -> None:
    now, looks = 1010.0, []
    while now < 1110:
        agenda.call(now)
        if agenda.begin(now):
            looks.append(now)
            agenda.end()
        now += 0.5
    assert looks == [1010 + PATIENCE, 1010.5 + 2 * PATIENCE, 1011 + 3 * PATIENCE]


def test_a_call_during_a_look_is_answered_by_one_more(agenda: Agenda) -> None:
    assert agenda.begin(1300)
    for second in range(20):
        agenda.call(1301 + second)
    assert agenda.due(1325) is None
    assert not agenda.begin(1325), "never two looks of one source at once"
    agenda.end()
    assert agenda.due(1325) == 1325
    assert agenda.begin(1325)
    agenda.end()
    assert agenda.due(1326) == 1325 + POLL


def test_a_poll_that_is_due_answers_a_call_too(agenda: Agenda) -> None:
    agenda.call(1299.5)
    assert agenda.begin(1300)
    agenda.end()
    assert agenda.due(1301) == 1300 + POLL


@given(st.lists(st.tuples(st.floats(0, 40), st.sampled_from(["call", "look", "end"])), max_size=60))
def test_no_call_is_lost_and_looks_are_bounded(steps: list[tuple[float, str]]) -> None:
    """Whatever comes, in any order: a call is followed by the beginning of a look within the bounds."""
    agenda, now, looking = Agenda(POLL), 0.0, False
    waiting: float | None = None  # the first call that no look has begun after
    begun: list[float] = []
    for length, step in steps:
        now += length
        if step == "call":
            agenda.call(now)
            waiting = now if waiting is None else waiting
        elif step == "end" and looking:
            agenda.end()
            looking = False
        elif step == "look" and agenda.begin(now):
            assert not looking
            looking, waiting = True, None
            begun.append(now)
        due = agenda.due(now)
        assert (due is None) == looking
        if due is not None and waiting is not None:
            assert due <= max(now, waiting + PATIENCE)
    assert all(later - earlier >= QUIET for earlier, later in pairwise(begun))


# What the clock demands.


def test_it_ticks_at_the_next_due_instant_and_a_minute_later_at_most() -> None:
    now = START
    assert next_tick(now + timedelta(seconds=20), now, now) == now + timedelta(seconds=20)
    assert next_tick(now + timedelta(days=3), now, now) == now + LONGEST_SLEEP
    assert next_tick(None, now, now) == now + LONGEST_SLEEP


def test_planning_anew_does_not_put_the_tick_off() -> None:
    assert next_tick(None, START + timedelta(seconds=50), START) == START + LONGEST_SLEEP


def test_what_fell_due_since_the_last_tick_is_done_at_once() -> None:
    now = START + timedelta(seconds=30)
    assert next_tick(START + timedelta(seconds=10), now, START) == now


def test_what_a_tick_could_not_do_waits_and_does_not_keep_the_process_busy() -> None:
    assert next_tick(START - timedelta(days=9), START, START) == START + LONGEST_SLEEP


def test_a_clock_that_was_set_back_does_not_stop_it() -> None:
    now = START - timedelta(hours=1)
    assert next_tick(START - timedelta(minutes=30), now, START) == now


# The whole, with its scheduler: a test waits for what happens, never for time to pass.


class Sources:
    """Two sources that are looked at, a clock, and what was done in which order."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.clock = Clock()
        self.due: datetime | None = None
        self.news = asyncio.Condition()
        self.held: asyncio.Event | None = None
        """While it is set to an event that is not set, looks do not end."""
        self.broken = False

    def look(self, name: str) -> Callable[[], Awaitable[None]]:
        async def look() -> None:
            await self.note(name)
            if self.held is not None:
                await self.held.wait()

        return look

    async def tick(self) -> None:
        self.due = None
        await self.note("tick")

    async def next_due(self) -> datetime | None:
        if self.broken:
            raise StoreError("La base ne répond pas.", "The database does not answer.")
        return self.due

    async def note(self, what: str) -> None:
        async with self.news:
            self.done.append(what)
            self.news.notify_all()

    async def until(self, *done: str) -> None:
        """Waits until this was done, each as often as it is given."""
        async with asyncio.timeout(60), self.news:
            await self.news.wait_for(lambda: all(self.done.count(name) >= done.count(name) for name in done))

    def looking(self, **options: Any) -> Looking:
        given: dict[str, Any] = {"poll": timedelta(hours=1), "quiet": 0}
        return Looking(
            [self.look("a"), self.look("b")],
            tick=self.tick,
            next_due=self.next_due,
            clock=self.clock,
            **{**given, **options},
        )


@pytest.fixture
def sources() -> Sources:
    return Sources()


async def test_every_source_is_looked_at_and_only_then_the_clock_asked(sources: Sources) -> None:
    sources.due = START - timedelta(days=1)  # fell due while nothing ran: its file may have changed since
    async with sources.looking().running():
        await sources.until("a", "b", "tick")
    assert sources.done == ["a", "b", "tick"]


async def test_a_call_looks_at_the_sources_that_it_names(sources: Sources) -> None:
    looking = sources.looking()
    async with looking.running():
        await sources.until("a", "b", "tick")
        looking.call(1)
        await sources.until("b", "b")
    assert sources.done.count("a") == 1


async def test_calls_during_a_look_cause_one_more_look(sources: Sources) -> None:
    sources.held = asyncio.Event()
    looking = sources.looking()
    async with looking.running():
        await sources.until("a", "b")
        for _ in range(1000):
            looking.call(0)
        assert sources.done == ["a", "b"]
        sources.held.set()
        await sources.until("a", "a", "tick")
    assert sources.done.count("a") == 2


async def test_it_looks_again_and_again_without_being_called(sources: Sources) -> None:
    async with sources.looking(poll=timedelta(milliseconds=1)).running():
        await sources.until(*["a"] * 5, *["b"] * 5)


async def test_a_source_that_tells_is_looked_at_when_it_does(sources: Sources) -> None:
    told: asyncio.Queue[None] = asyncio.Queue()
    ended = False

    async def changes(stop: asyncio.Event) -> AsyncGenerator[None, None]:
        nonlocal ended
        while not stop.is_set():
            stopping, telling = (asyncio.ensure_future(c) for c in (stop.wait(), told.get()))
            done, _ = await asyncio.wait({stopping, telling}, return_when=asyncio.FIRST_COMPLETED)
            for task in {stopping, telling} - done:
                task.cancel()
            if telling in done:
                yield
        ended = True

    async with sources.looking(changes={1: changes}).running():
        await sources.until("a", "b", "tick")
        told.put_nowait(None)
        await sources.until("b", "b")
    assert ended, "it stopped in order"


async def test_a_source_that_cannot_tell_is_polled_all_the_same(sources: Sources) -> None:
    async def broken(stop: asyncio.Event) -> AsyncGenerator[None, None]:
        yield
        raise RuntimeError("no notices here")

    changes: dict[int, Changes] = {0: broken}
    with capture_logs() as logs:
        async with sources.looking(changes=changes, poll=timedelta(milliseconds=1)).running():
            await sources.until(*["a"] * 5)
    assert [log["event"] for log in logs] == ["changes are not noticed"]


async def test_what_falls_due_is_done(sources: Sources) -> None:
    looking = sources.looking()
    async with looking.running():
        await sources.until("a", "b", "tick")
        sources.due = sources.clock.forward(seconds=10)
        looking.call(0)
        await sources.until("tick", "tick")


async def test_after_a_long_sleep_sources_are_looked_at_before_anything_is_told(sources: Sources) -> None:
    looking = sources.looking()
    async with looking.running():
        await sources.until("a", "b", "tick")
        sources.due = sources.clock.forward(days=3)
        await looking.tick()
        await sources.until("a", "a", "b", "b")
        assert sources.done.count("tick") == 1


async def test_a_clock_set_back_stops_neither_looks_nor_ticks(sources: Sources) -> None:
    looking = sources.looking()
    async with looking.running():
        await sources.until("a", "b", "tick")
        sources.clock.forward(hours=-1)
        looking.call(0)
        await sources.until("a", "a", "tick", "tick")


async def test_a_store_that_does_not_answer_is_logged_and_asked_again_later(sources: Sources) -> None:
    sources.broken = True
    looking = sources.looking()
    with capture_logs() as logs:
        async with looking.running():
            await sources.until("a", "b", "tick")
            looking.call(0)
            await sources.until("a", "a")
    assert {log["event"] for log in logs} == {"tick failed"}


async def test_what_is_under_way_ends_before_it_stops(sources: Sources) -> None:
    sources.held = asyncio.Event()
    async with sources.looking().running():
        await sources.until("a", "b")
        asyncio.get_running_loop().call_soon(sources.held.set)
    assert sources.done == ["a", "b"]
