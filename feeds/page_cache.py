"""Pages that are kept until anything is written, or midnight in Paris changes what they say of days."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from starlette.requests import Request
from starlette.responses import Response

from feeds.cache import Plan
from feeds.conditional import Answer, Ready
from feeds.served import Served
from feeds.shown import next_day

Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]


class _NotKept(Exception):
    """What a page answered is no representation: nothing is there, or it is elsewhere."""

    def __init__(self, response: Response) -> None:
        self.response = response


def kept(served: Served, endpoint: Endpoint) -> Endpoint:
    """An endpoint that answers from what it last answered to the same address, as long as that still holds."""

    async def answered(request: Request) -> Response:
        view, now = await served.shown.view(), served.clock()
        version = view.version, view.last_look

        async def build() -> Answer:
            response = await endpoint(request)
            if isinstance(response, Ready):
                return response.answer
            raise _NotKept(response)

        async def plan() -> Plan:
            # A page says more than what is shown: its history, names, counts. Any writing may change it.
            return Plan((version, now), build, next_day(view, now))

        key = request.scope["path"], request.scope["query_string"]
        try:
            return (await served.cache.answer(key, version, now, plan)).to(request)
        except _NotKept as other:
            return other.response

    return answered
