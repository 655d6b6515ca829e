"""Where HTTP listens, and how a process ends when it is asked to stop."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import Iterator

import uvicorn

from bot.mistakes import ConfigurationError
from postings.text import french

_STOPPING = (signal.SIGINT, signal.SIGTERM)


class Server(uvicorn.Server):
    """Ends once `told` is set, and lets the rest of the process end in order: uvicorn raises signals again."""

    def __init__(self, config: uvicorn.Config, told: asyncio.Event) -> None:
        super().__init__(config)
        self._told = told

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield  # they are caught from before the start until after the end: `told_to_stop`

    async def on_tick(self, counter: int) -> bool:
        return self._told.is_set() or await super().on_tick(counter)


@contextlib.contextmanager
def told_to_stop() -> Iterator[asyncio.Event]:
    """An event that the first SIGINT or SIGTERM sets; within the block neither does anything else."""
    loop, told = asyncio.get_running_loop(), asyncio.Event()
    for number in _STOPPING:
        loop.add_signal_handler(number, told.set)
    try:
        yield told
    finally:
        for number in _STOPPING:
            loop.remove_signal_handler(number)


def listening_on(host: str, port: int) -> socket.socket:
    """A socket that listens there; port 0 is any that is free. Raises ConfigurationError when it cannot."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise ConfigurationError(
            french(
                f"Vigie ne peut pas écouter sur {host}, port {port} ({error.strerror}) : "
                "changez « host » ou « port », ou arrêtez le programme qui l’occupe."
            ),
            f"Vigie cannot listen on {host}, port {port} ({error.strerror}): "
            "change “host” or “port”, or stop the program that holds it.",
        ) from None
    # Connections inherit it. asyncio leaves it off where a socket does not name its protocol, and a body then waits
    # 40 ms for the acknowledgement of its head.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener
