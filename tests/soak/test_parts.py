"""What a soak is judged by: its last line, the memory, and what stands before the processes."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping

import pytest

from tests.soak.client import Answer, Client, Lost, Refused
from tests.soak.front import Front
from tests.soak.memory import growth, resident
from tests.soak.soak import Verdict
from tests.soak.turnstile import Turnstile

ONE, TWO = "http://un.example", "http://deux.example"


def test_the_last_line_of_a_soak_is_what_others_read() -> None:
    assert str(Verdict(requests=120_600, messages=900)) == (
        "soak: requests=120600 errors=0 messages=900 lost=0 twice=0"
    )


@pytest.mark.parametrize("wrong", [{"errors": 1}, {"lost": 1}, {"twice": 1}, {"findings": ["a sentence"]}])
def test_a_soak_in_which_something_is_wrong_is_not_sound(wrong: dict[str, object]) -> None:
    assert Verdict(requests=1, messages=1).sound
    assert not Verdict(**wrong).sound  # type: ignore[arg-type]  # counts, and once a list


def test_memory_is_flat_when_the_last_third_is_like_the_second() -> None:
    assert growth([10, 20, 30, 100, 100, 100, 104, 105, 104]).flat, "what came first does not count"
    assert not growth([9, 9, 100, 100, 106, 107]).flat
    with pytest.raises(ValueError, match="too few"):
        growth([100, 100])


def test_the_memory_of_a_process_is_read_where_the_system_tells_it() -> None:
    assert resident(os.getpid()) > 1_000_000


class Processes(Client):
    """Two of them, which answer what a test has them answer."""

    def __init__(self) -> None:
        self.served: list[str] = []
        self.ready: dict[str, int] = {}

    async def get(self, address: str, headers: Mapping[str, str] | None = None) -> Answer:
        base, _, path = address.rpartition("/")
        if path == "readyz":
            return Answer(self.ready.get(base, 200))
        if path == "perdue":
            raise Lost(address)
        if path == "refusee" and base == ONE:
            raise Refused(address)
        self.served.append(base)
        return Answer(200)


async def _asked(front: Front, path: str, times: int) -> None:
    for _ in range(times):
        await front.passed(lambda at: front.client.get(at + path))


async def _front(processes: Processes) -> Front:
    front = Front(processes, 2)
    for number, address in enumerate((ONE, TWO)):
        await front.open(number, address)
    return front


async def test_both_processes_are_asked_in_turn() -> None:
    processes = Processes()
    await _asked(await _front(processes), "/", 4)
    assert processes.served.count(ONE) == processes.served.count(TWO) == 2


async def test_a_process_that_says_it_is_not_fit_is_passed_by_until_it_is() -> None:
    processes = Processes()
    front = await _front(processes)
    processes.ready[ONE] = 503
    await _asked(front, "/", 10)
    processes.served.clear()
    await _asked(front, "/", 10)
    assert processes.served == [TWO] * 10
    del processes.ready[ONE]
    await _asked(front, "/", 20)
    assert ONE in processes.served


async def test_a_refused_request_goes_to_the_other_and_a_lost_one_is_an_error() -> None:
    processes = Processes()
    front = await _front(processes)
    await _asked(front, "/refusee", 2)
    assert processes.served == [TWO, TWO]
    with pytest.raises(Lost):
        await _asked(front, "/perdue", 1)


async def test_a_get_that_may_have_been_accepted_is_lost_and_not_sent_again() -> None:
    got: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        got.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\noui")
        got.append(await reader.readuntil(b"\r\n\r\n"))
        writer.close()  # on a connection that had stayed

    async with await asyncio.start_server(serve, "127.0.0.1") as server, Client() as client:
        host, port = server.sockets[0].getsockname()
        assert (await client.get(f"http://{host}:{port}/")).text == "oui"
        with pytest.raises(Lost):
            await client.get(f"http://{host}:{port}/")
    assert len(got) == 2
    async with Client() as client:
        with pytest.raises(Refused):
            await client.get(f"http://{host}:{port}/")


async def test_only_so_many_requests_begin_as_were_let() -> None:
    turnstile = Turnstile(4)
    turnstile.let(2)
    assert [await turnstile.next(), await turnstile.next()] == [0, 1]
    waiting, awaited = asyncio.create_task(turnstile.next()), asyncio.create_task(turnstile.reached(4))
    await turnstile.reached(2)
    assert not waiting.done()
    turnstile.let(None)
    assert await waiting == 2
    assert not awaited.done()
    assert await turnstile.next() == 3
    await awaited
    assert await turnstile.next() is None


async def test_who_waits_for_a_request_goes_when_there_are_none_left() -> None:
    turnstile = Turnstile(1)
    turnstile.let(0)
    waiting = [asyncio.create_task(turnstile.next()) for _ in range(3)]
    await asyncio.gather(*(turnstile.reached(0) for _ in waiting))
    turnstile.let(None)
    assert sorted(await asyncio.gather(*waiting), key=str) == [0, None, None]
