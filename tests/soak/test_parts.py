"""What a soak is judged by: its last line, the memory, and what stands before the processes."""

from __future__ import annotations

import os
from collections.abc import Mapping

import pytest

from tests.soak.client import Answer, Client, Lost, Refused
from tests.soak.front import Front
from tests.soak.memory import growth, resident
from tests.soak.soak import Verdict

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
