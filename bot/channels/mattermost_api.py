"""Requests to a Mattermost server, as an account of it (https://developers.mattermost.com/api-documentation/)."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

_TIMEOUT = 20.0  # seconds for a whole request: httpx counts anew with each byte that comes
_CONNECT = 5.0
_KEPT = httpx.Limits(max_connections=100, max_keepalive_connections=20)


class MattermostApi:
    """The server at `url`, with an account's `token`; a client that is given stays the caller's to close."""

    def __init__(
        self, url: str, token: str, client: httpx.AsyncClient | None = None, *, limits: httpx.Limits = _KEPT
    ) -> None:
        self.url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"}
        self._own = client is None
        self._client = client or httpx.AsyncClient(limits=limits)

    async def call(self, method: str, path: str, **content: Any) -> httpx.Response:
        """What the API answers to the account, whatever its status. Raises httpx.HTTPError and TimeoutError."""
        return await self.request(method, f"{self.url}/api/v4{path}", headers=self._headers, **content)

    async def request(self, method: str, url: str, **content: Any) -> httpx.Response:
        """What an address of the server answers to anybody, as `call`; nothing leads elsewhere."""
        timeout = httpx.Timeout(_TIMEOUT, connect=_CONNECT, pool=_CONNECT)
        async with asyncio.timeout(_TIMEOUT):
            return await self._client.request(method, url, timeout=timeout, follow_redirects=False, **content)

    async def close(self) -> None:
        """Closes the connections, unless the client was given."""
        if self._own:
            await self._client.aclose()
