"""Documents are made one after the other, beside the loop."""

from __future__ import annotations

import asyncio
import threading

import pytest

from feeds.making import aside


async def test_all_is_made_in_one_thread_which_is_not_that_of_the_loop() -> None:
    made = await asyncio.gather(*(aside(threading.get_ident) for _ in range(20)))
    assert len(set(made)) == 1
    assert made[0] != threading.get_ident()


async def test_the_loop_goes_on_while_something_is_made() -> None:
    going = threading.Event()
    making = asyncio.create_task(aside(going.wait, timeout=60))
    await asyncio.sleep(0)
    going.set()
    assert await making


async def test_what_could_not_be_made_is_raised_and_the_next_is_made() -> None:
    with pytest.raises(ZeroDivisionError):
        await aside(divmod, 1, 0)
    assert await aside(divmod, 7, 2) == (3, 1)
