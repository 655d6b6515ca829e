"""What stands before the web processes, as a host's balancer does: it goes to each in turn, and past the unfit."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus

from tests.soak.client import Answer, Client, Lost, Refused

_ASKED_EVERY = 10
"""Requests after which a process is asked again whether it is fit."""


class Port:
    """One web process, as the front knows it."""

    def __init__(self) -> None:
        self.address = ""
        self.fit = False
        self.passed = 0
        self.until_asked = 0
        """Requests until it is asked again."""


class Front:
    """Passes each request on to one of the processes that are fit; `client` holds the connections, which stay."""

    def __init__(self, client: Client, count: int) -> None:
        self.client = client
        self.ports = [Port() for _ in range(count)]
        self._turn = 0

    async def open(self, number: int, address: str) -> None:
        """A process listens there now. Raises RuntimeError when it is not fit to serve."""
        port = self.ports[number]
        port.address = address
        if not await self._ask(port):
            raise RuntimeError(f"{address} says that it serves, and is not fit to")

    async def passed(self, send: Callable[[str], Awaitable[Answer]]) -> Answer:
        """The answer of one process to what `send` sends to an address.

        A process that refuses the connection has accepted nothing: the next is asked. Raises Lost when a
        request was lost that had been accepted, and RuntimeError when no process is fit.
        """
        for _ in self.ports:
            port = await self._next()
            try:
                answer = await send(port.address)
            except Refused:
                port.fit = False
                continue
            port.passed += 1
            return answer
        raise RuntimeError("every process refused")

    async def _next(self) -> Port:
        for port in self.ports:
            port.until_asked -= 1
            if port.until_asked <= 0:
                await self._ask(port)
        if not any(port.fit for port in self.ports):
            raise RuntimeError("no process is fit")
        while True:
            self._turn += 1
            port = self.ports[self._turn % len(self.ports)]
            if port.fit:
                return port

    async def _ask(self, port: Port) -> bool:
        port.until_asked = _ASKED_EVERY
        try:
            answer = await self.client.get(f"{port.address}/readyz")
            port.fit = answer.status == HTTPStatus.OK
        except (Lost, Refused):
            port.fit = False
        return port.fit
