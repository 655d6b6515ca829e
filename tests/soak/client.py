"""What a soak asks with: connections that stay, and requests that are sent once.

Not httpx: with some dozens of connections its pool costs more than the five processes that are asked.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import aiohttp

_SECONDS = 60


class Lost(Exception):
    """A request that may have been accepted was not answered."""


class Refused(Exception):
    """A connection was refused: nothing was accepted."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    text: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    def json(self) -> Any:
        """The text as JSON."""
        return json.loads(self.text)


class Client:
    """Used as a context. Every method raises `Refused` or `Lost`."""

    def __init__(self) -> None:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=_SECONDS)
        )
        # As in aiohttp's own `test_utils`: it would send a GET again that may have been accepted.
        self._session._retry_connection = False

    async def __aenter__(self) -> Self:
        """The client itself."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Closes the connections."""
        await self._session.close()

    async def get(self, address: str, headers: Mapping[str, str] | None = None) -> Answer:
        """The answer to a GET; what it redirects to is not asked for."""
        return await self._sent("GET", address, headers=headers)

    async def post(
        self, address: str, body: bytes | Mapping[str, str], headers: Mapping[str, str] | None = None
    ) -> Answer:
        """The answer to a POST of some bytes or of a form."""
        return await self._sent("POST", address, data=body, headers=headers)

    async def _sent(self, method: str, address: str, **more: Any) -> Answer:
        try:
            async with self._session.request(method, address, allow_redirects=False, **more) as answer:
                return Answer(answer.status, await answer.text(), answer.headers)
        except aiohttp.ClientConnectorError as error:
            raise Refused(f"{address}: {error}") from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Lost(f"{address}: {type(error).__name__} {error}") from error
