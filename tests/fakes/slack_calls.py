"""What Slack calls an app with: slash commands, pressed buttons, events; signed, and forged where a test wants."""

from __future__ import annotations

import itertools
import json
import time
from typing import Any
from urllib.parse import urlencode

import httpx

from tests.fakes.exchange import call
from tests.fakes.response_urls import ResponseUrls
from tests.fakes.slack_objects import TEAM_ID, signed


class SlackCalls:
    """The calls of one workspace; `timestamp` is in seconds since 1970, by default the real time.

    The receiver compares with it. `client` is used when given, for example one on a test's ASGI application.
    """

    def __init__(self, response_urls: ResponseUrls, signing_secret: str) -> None:
        self._response_urls = response_urls
        self._secret = signing_secret
        self._count = itertools.count(1)

    async def command(self, url: str, address: str, form: dict[str, str], **forged: Any) -> httpx.Response:
        """As when somebody types a command: `form` is completed with what every call has."""
        command_id = self._issued()
        body = {
            "token": "legacy-verification-token",
            "team_id": TEAM_ID,
            "team_domain": "equipe-exemple",
            "api_app_id": "A0VIGIE",
            "is_enterprise_install": "false",
            "response_url": f"{address}/commands/{TEAM_ID}/{command_id}",
            "trigger_id": f"{command_id}.0",
            **form,
        }
        return await self.sent(url, urlencode(body), **forged)

    async def press(
        self,
        url: str,
        address: str,
        action: dict[str, Any],
        *,
        user_id: str,
        channel_id: str,
        team_id: str = TEAM_ID,
        **forged: Any,
    ) -> httpx.Response:
        """As when somebody presses a button (https://docs.slack.dev/reference/interaction-payloads/block_actions-payload)."""
        action_id = self._issued()
        payload = {
            "type": "block_actions",
            "user": {"id": user_id, "username": "personne", "name": "personne", "team_id": team_id},
            "api_app_id": "A0VIGIE",
            "token": "legacy-verification-token",
            "container": {
                "type": "message",
                "message_ts": "1.0",
                "channel_id": channel_id,
                "is_ephemeral": True,
            },
            "trigger_id": f"{action_id}.0",
            "team": {"id": team_id, "domain": "equipe-exemple"},
            "enterprise": None,
            "is_enterprise_install": False,
            "channel": {"id": channel_id, "name": "offres"},
            "response_url": f"{address}/commands/{team_id}/{action_id}",
            "actions": [{"block_id": "b", "action_ts": "1.0", **action}],
        }
        return await self.sent(url, urlencode({"payload": json.dumps(payload)}), **forged)

    async def event(
        self,
        url: str,
        event: dict[str, Any],
        *,
        team_id: str = TEAM_ID,
        event_id: str | None = None,
        **forged: Any,
    ) -> httpx.Response:
        """As when something happened that the app asked to hear of (https://docs.slack.dev/apis/events-api/)."""
        body = {
            "token": "legacy-verification-token",
            "team_id": team_id,
            "api_app_id": "A0VIGIE",
            "event": {"ts": "1.0", "event_ts": "1.0", **event},
            "type": "event_callback",
            "event_id": event_id or f"Ev{next(self._count)}",
            "event_time": 1,
            "authorizations": [{"team_id": team_id, "user_id": "U0VIGIE", "is_bot": True}],
            "is_ext_shared_channel": False,
        }
        headers = {"Content-Type": "application/json"}
        return await self.sent(url, json.dumps(body), headers=headers, **forged)

    async def sent(
        self,
        url: str,
        body: str,
        *,
        signing_secret: str | None = None,
        timestamp: int | None = None,
        headers: dict[str, str] | None = None,
        client: httpx.AsyncClient | None = None,
    ) -> httpx.Response:
        """A signed request with this body."""
        stamp = int(time.time()) if timestamp is None else timestamp
        secret = self._secret if signing_secret is None else signing_secret
        return await call(url, client, content=body, headers=signed(body, secret, stamp) | (headers or {}))

    def _issued(self) -> str:
        """The id of a command or of a press, with an open response_url. No two bodies are the same."""
        command_id = f"{next(self._count)}"
        self._response_urls.issue(command_id)
        return command_id
