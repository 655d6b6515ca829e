"""What is said to a Mattermost server after a request of its own was acknowledged: later, to all, to one person."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx
import structlog

from bot.channels.mattermost_api import MattermostApi

_LATER = re.compile(r"(?:/[\w.~-]+)*/hooks/commands/\w+", re.ASCII)

_log = structlog.get_logger(__name__)


class MattermostServer:
    """The server at `url`, with the bot account's `token`; a client that is given stays the caller's to close.

    Nothing here raises: what fails is logged, and the methods that return something say whether it was said.
    """

    def __init__(self, url: str, token: str, client: httpx.AsyncClient | None = None) -> None:
        # An answer is said once: on a connection that was kept, and that the server closes at that moment, it is lost.
        self._api = MattermostApi(url, token, client, limits=httpx.Limits(max_keepalive_connections=0))
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
        parts = urlsplit(self._api.url)
        address = f"{parts.scheme}://{parts.netloc}{path}"
        return await _said(self._api.request("POST", address, json=body)) is not None

    async def share(self, channel_id: str, text: str) -> bool:
        """Posts in a channel, for everybody there."""
        body = {"channel_id": channel_id, "message": text}
        return await _said(self._api.call("POST", "/posts", json=body)) is not None

    async def tell(self, person: str, text: str) -> bool:
        """Posts in the direct channel with a person."""
        if not self._account:
            self._account = _id(await _said(self._api.call("GET", "/users/me")))
        if not self._account:
            return False
        people = [self._account, person]
        channel = _id(await _said(self._api.call("POST", "/channels/direct", json=people)))
        return await self.share(channel, text) if channel else False

    async def close(self) -> None:
        """Closes the connections, unless the client was given."""
        await self._api.close()


async def _said(asked: Awaitable[httpx.Response]) -> dict[str, Any] | None:
    """What the server answers as JSON ({} where it is none); None, logged, when it refuses or is not reached."""
    try:
        answer = await asked
    except (httpx.HTTPError, TimeoutError) as error:
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


def _id(told: Mapping[str, Any] | None) -> str:
    """The id of what the server told of, "" where it told of nothing."""
    return str((told or {}).get("id") or "")
