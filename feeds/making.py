"""Where documents are made: beside the loop, which goes on answering meanwhile, and in one thread.

More threads would make nothing sooner, as they take turns in Python. They would cost memory for ever: glibc gives
each thread an arena of its own (https://sourceware.org/glibc/wiki/MallocInternals), every one of which grows to what
the largest document takes while it is made, and answers that are kept lie between what is freed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_T = TypeVar("_T")

_THREAD = ThreadPoolExecutor(1, thread_name_prefix="making")


async def aside(make: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
    """What `make` returns or raises, called after all that was to be made before."""
    return await asyncio.get_running_loop().run_in_executor(_THREAD, partial(make, *args, **kwargs))
