"""How a bot of the fake Telegram hears of things: updates, webhook, commands and pressed buttons."""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.types import Receive

from tests.fakes.telegram_objects import TelegramError

QUERY_TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)
OTHER_POLLER = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
)


class Incoming:
    """The updates of one bot; `first` waits for an event, for the client to leave or for so many seconds.

    https://core.telegram.org/bots/api#getting-updates
    """

    def __init__(self, first: Callable[[asyncio.Event, Receive, float], Awaitable[object]]) -> None:
        self.webhook: dict[str, Any] | None = None
        self.commands: dict[str, list[dict[str, str]]] = {}
        self.callback_answers: list[dict[str, Any]] = []
        self._first = first
        self._callbacks: set[str] = set()
        self._updates: list[dict[str, Any]] = []
        self._ids = itertools.count(1000)
        self.news = asyncio.Event()
        self._poller: object = None

    def numbered(self, update: dict[str, Any]) -> dict[str, Any]:
        """The update with an update_id; the press of a button in it can be answered once from now on."""
        if "callback_query" in update:
            self._callbacks.add(str(update["callback_query"]["id"]))
        return {"update_id": next(self._ids)} | update

    def push(self, update: dict[str, Any]) -> None:
        """Queues an update for who polls."""
        self._updates.append(update)
        self.news.set()

    async def get_updates(self, params: dict[str, Any], receive: Receive) -> list[dict[str, Any]]:
        """Long polling: an offset confirms all updates before it, a second poller sends the first away."""
        if self.webhook is not None:
            raise TelegramError(409, WEBHOOK_ACTIVE)
        offset = int(params.get("offset") or 0)
        self._updates = [update for update in self._updates if update["update_id"] >= offset]
        self._poller = me = object()
        self.news.set()
        if not self._updates:
            self.news = asyncio.Event()
            await self._first(self.news, receive, float(params.get("timeout") or 0))
        if self._poller is not me:
            raise TelegramError(409, OTHER_POLLER)
        return self._updates[: int(params.get("limit") or 100)]

    def set_webhook(self, params: dict[str, Any]) -> bool:
        """Only HTTPS, and a secret of the characters that a header may hold."""
        secret = params.get("secret_token")
        if not str(params.get("url", "")).startswith("https://"):
            description = "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"
            raise TelegramError(400, description)
        if secret is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
            raise TelegramError(400, "Bad Request: secret token contains unallowed characters")
        self.webhook = params
        return True

    def delete_webhook(self, params: dict[str, Any]) -> bool:
        """Back to polling; the updates that wait are dropped only if asked."""
        self.webhook = None
        if params.get("drop_pending_updates"):
            self._updates = []
        return True

    def set_commands(self, params: dict[str, Any]) -> bool:
        """At most 100, of small ASCII letters, digits and underscores."""
        commands: list[dict[str, str]] = params.get("commands", [])
        if len(commands) > 100:
            raise TelegramError(400, "Bad Request: BOT_COMMANDS_TOO_MUCH")
        for command in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
                raise TelegramError(400, "Bad Request: BOT_COMMAND_INVALID")
            if not 1 <= len(command["description"]) <= 256:
                raise TelegramError(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
        self.commands[str(params.get("language_code") or "")] = commands
        return True

    def answer_callback(self, params: dict[str, Any]) -> bool:
        """Ends the press of a button, which must be one that was told and not answered yet."""
        query = str(params.get("callback_query_id"))
        if query not in self._callbacks:
            raise TelegramError(400, QUERY_TOO_OLD)
        self._callbacks.discard(query)
        self.callback_answers.append(params)
        return True
