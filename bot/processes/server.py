"""Where HTTP listens, and until when."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from typing import Final

import uvicorn

from bot.ending import PATIENCE, Ending
from bot.options.mistakes import ConfigurationError
from postings.text import french

_DRAINING: Final = 1.0
"""Seconds for which new connections are taken although the process stops: whoever shares them out has to notice
that it is not ready any more, and what waits at the socket would be reset."""
_DRAINING_AT_MOST: Final = PATIENCE / 2
"""The same, while there are requests that go on."""


class Server(uvicorn.Server):
    """Ends once `told` is set, and lets the rest of the process end in order: uvicorn raises signals again.

    What was accepted is answered. While there is any of it, who asks anew is answered, too, and told to go elsewhere.
    """

    def __init__(self, config: uvicorn.Config, told: Ending) -> None:
        super().__init__(config)
        self._told = told

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """As uvicorn's, without catching any."""
        yield  # they are caught from before the start until after the end: `told_to_stop`

    async def on_tick(self, counter: int) -> bool:
        """As uvicorn's, ten times a second: whether the server ends."""
        return await super().on_tick(counter) or (self._told.is_set() and self._drained)

    @property
    def _drained(self) -> bool:
        least = _DRAINING_AT_MOST if self.server_state.tasks else _DRAINING
        return self._told.lasts >= least


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
