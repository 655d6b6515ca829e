"""What a Mattermost server sends to a bot: slash commands, pressed buttons; and the delayed answers that it takes."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import httpx
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from tests.fakes.exchange import call
from tests.fakes.mattermost_objects import body_of, error
from tests.fakes.response_urls import DelayedAnswer, ResponseUrls
from tests.fakes.server import FakeServer


class Calling(FakeServer):
    """The part of the fake that calls the bot."""

    def _begin(self, clock: Callable[[], float]) -> None:
        """What ids and addresses are made from, before the rest is."""
        self._count = itertools.count(1)
        self._response_urls = ResponseUrls(clock)
        self.command_token = "mattermost-command-token"

    @property
    def delayed_answers(self) -> list[DelayedAnswer]:
        """What the bot sent to response_urls, in order."""
        return self._response_urls.answers

    async def slash_command(
        self,
        url: str,
        *,
        text: str = "",
        command: str = "/postes",
        token: str | None = None,
        user_id: str | None = None,
        user_name: str = "personne",
        channel_id: str = "",
        channel_name: str = "offres",
        team_domain: str = "equipe",
        client: httpx.AsyncClient | None = None,
    ) -> httpx.Response:
        """Calls a bot as the server does when somebody types a command.

        `token` is the one that both the body and the header carry (`command_token` unless given). `client` is
        used when given, for example one on a test's ASGI application.
        """
        form, headers = self.typed(text, command=command, token=token)
        form |= {"channel_name": channel_name, "team_domain": team_domain, "user_name": user_name}
        form |= {"channel_id": channel_id} if channel_id else {}
        form |= {"user_id": user_id} if user_id else {}
        return await call(url, client, data=form, headers=headers)

    def typed(
        self, text: str, *, command: str = "/postes", token: str | None = None
    ) -> tuple[dict[str, str], dict[str, str]]:
        """The form and the headers that the server sends when somebody types a command."""
        token = self.command_token if token is None else token
        command_id = self._id("command")
        self._response_urls.issue(command_id)
        form = {
            "channel_id": self._id("channel"),
            "channel_name": "offres",
            "command": command,
            "response_url": f"{self.address}/hooks/commands/{command_id}",
            "team_domain": "equipe",
            "team_id": self._id("team"),
            "text": text,
            "token": token,
            "trigger_id": self._id("trigger"),
            "user_id": self._id("user"),
            "user_name": "personne",
        }
        return form, {"Authorization": f"Token {token}", "Accept": "application/json"}

    async def press(
        self,
        url: str,
        context: Any,
        *,
        user_id: str,
        channel_id: str,
        channel_name: str = "offres",
        team_domain: str = "equipe",
        trigger_id: str | None = None,
        client: httpx.AsyncClient | None = None,
    ) -> httpx.Response:
        """Calls a bot as the server does when somebody presses a button: JSON, with nothing that proves the caller.

        https://developers.mattermost.com/integrate/plugins/interactive-messages/
        """
        body = {
            "user_id": user_id,
            "user_name": "personne",
            "channel_id": channel_id,
            "channel_name": channel_name,
            "team_id": self._id("team"),
            "team_domain": team_domain,
            "post_id": self._id("post"),
            "trigger_id": trigger_id or self._id("trigger"),
            "type": "button",
            "data_source": "",
            "context": context,
        }
        return await call(url, client, json=body)

    async def _delayed(self, request: Request) -> Response:
        taken = self._response_urls.take(request.path_params["command"], await body_of(request, dict))
        if taken == "expired":
            return error(404, "app.command_webhook.get.missing", "Unable to get the webhook.")
        if taken == "used":
            return error(400, "app.command_webhook.try_use.invalid", "Invalid webhook.")
        return PlainTextResponse("ok")

    def _id(self, kind: str) -> str:
        """26 letters and digits, as every id of Mattermost."""
        return kind + str(next(self._count)).zfill(26 - len(kind))
