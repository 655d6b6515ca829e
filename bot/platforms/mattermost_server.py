"""What is said to a Mattermost server after a request of its own was acknowledged: later, to all, to one person."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx
import structlog

_TIMEOUT = httpx.Timeout(20, connect=5, pool=5)
_LATER = re.compile(r"(?:/[\w.~-]+)*/hooks/commands/\w+", re.ASCII)

_log = structlog.get_logger(__name__)


class MattermostServer:
    """The server at `url`, with the bot account's `token`; a client that is given stays the caller's to close.

    Nothing here raises: what fails is logged, and the methods that return something say whether it was said.
    """

    def __init__(self, url: str, token: str, client: httpx.AsyncClient | None = None) -> None:
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"}
        self._own = client is None
        # An answer is said once: on a connection that was kept, and that the server closes at that moment, it is lost.
        self._client = client or httpx.AsyncClient(limits=httpx.Limits(max_keepalive_connections=0))
        self._account = ""

    async def answer_later(self, response_url: str, body: Mapping[str, Any]) -> bool:
        """Sends a delayed answer to a command: five in 30 minutes.

        https://developers.mattermost.com/integrate/slash-commands/custom/ (delayed responses). Of the address only
        the path is followed, on the configured server: nobody sends Vigie elsewhere.
        """
        path = urlsplit(response_url).path
        if not _LATER.fullmatch(path):
            _log.error("answer refused", platform="mattermost", error="no response_url of Mattermost")
            return False
        parts = urlsplit(self._url)
        return await self._said(f"{parts.scheme}://{parts.netloc}{path}", body, {}) is not None

    async def share(self, channel_id: str, text: str) -> bool:
        """Posts in a channel, for everybody there."""
        body = {"channel_id": channel_id, "message": text}
        return await self._said(f"{self._url}/api/v4/posts", body, self._headers) is not None

    async def tell(self, person: str, text: str) -> bool:
        """Posts in the direct channel with a person."""
        if not self._account:
            me = await self._said(f"{self._url}/api/v4/users/me", None, self._headers)
            self._account = str(me["id"]) if me else ""
        url = f"{self._url}/api/v4/channels/direct"
        channel = await self._said(url, [self._account, person], self._headers) if self._account else None
        if not channel:
            return False
        body = {"channel_id": channel["id"], "message": text}
        return await self._said(f"{self._url}/api/v4/posts", body, self._headers) is not None

    async def close(self) -> None:
        """Closes the connections, unless the client was given."""
        if self._own:
            await self._client.aclose()

    async def _said(self, url: str, body: object, headers: Mapping[str, str]) -> dict[str, Any] | None:
        """What the server answers as JSON ({} where it is none); None, logged, when it refuses or is not reached."""
        try:
            answer = await self._client.request(
                "GET" if body is None else "POST",
                url,
                json=body,
                headers=dict(headers),
                timeout=_TIMEOUT,
                follow_redirects=False,
            )
        except httpx.HTTPError as error:
            _log.error("answer refused", platform="mattermost", error=type(error).__name__)
            return None
        if answer.status_code >= httpx.codes.MULTIPLE_CHOICES:
            _log.error("answer refused", platform="mattermost", status=answer.status_code)
            return None
        try:
            told = answer.json()
        except ValueError:
            return {}
        return told if isinstance(told, dict) else {}
