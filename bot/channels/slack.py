"""Slack through its Web API (https://docs.slack.dev/reference/methods) with a bot token."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.channels import outcomes
from bot.channels.access import Access
from bot.channels.layout import slack_blocks, slack_text
from bot.channels.slack_access import lacks, outside, reads, scopes_of
from bot.channels.slack_errors import NAME, failure, refused
from bot.wording.message import Message
from postings.errors import VigieError

_TIMEOUT = 20  # seconds for a whole request
_CLOCKS_APART = 300  # seconds by which Slack's clock may be behind ours
_EVENT = "vigie_delivery"
_PEOPLE = ("U", "W")
POSTED_TEXT = 40_000
"""Bytes: chat.postMessage cuts a text at 40,000 characters."""
UPDATED_TEXT = 4_000
"""Bytes: chat.update refuses a longer text (msg_too_long)."""
_PAGE = 200
_THREAD_PAGES = 5  # how far back a thread that got the reply is looked for


class SlackChannel:
    """Posts as an app's bot; a target is the id of a channel (`C…`, `G…`, `D…`) or of a person (`U…`, `W…`), who is
    told alone; a message's id is its `ts`.

    `api_url` is the base of the Web API; `commands`: whether commands are answered, for `check`. Scopes: chat:write,
    channels:read and channels:history (groups:… for private channels), im:write for persons.
    """

    platform = "slack"

    def __init__(self, token: str, api_url: str = AsyncWebClient.BASE_URL, *, commands: bool = False) -> None:
        # slack_sdk's own handlers send again after a cut connection: one message could be two.
        base_url = api_url if api_url.endswith("/") else api_url + "/"
        self._client = AsyncWebClient(token, base_url=base_url, timeout=_TIMEOUT, retry_handlers=[])
        self._commands = commands
        self._team_url: str | None = None
        self._name = ""
        self._direct: dict[str, str] = {}

    async def post(
        self,
        target: str,
        message: Message,
        *,
        delivery: str,
        reply_to: str | None = None,
        broadcast: bool = False,
    ) -> str:
        """Sends `message` with its delivery as metadata; `broadcast` shows a reply in the channel too."""
        request = self._client.chat_postMessage(
            channel=await self._channel(target),
            text=slack_text(message, POSTED_TEXT),
            blocks=slack_blocks(message),
            metadata={"event_type": _EVENT, "event_payload": {"delivery": delivery}},
            thread_ts=reply_to,
            reply_broadcast=broadcast if reply_to else None,
            unfurl_links=False,
            unfurl_media=False,
            parse="none",
            link_names=False,
        )
        answer = await _answer(request, target, creates=True)
        if self._team_url is None:
            # For permalinks; the message is out, so nothing that goes wrong here may undo that.
            with contextlib.suppress(VigieError):
                await self._identify()
        return outcomes.text_in(answer, "ts", NAME, creates=True)

    async def edit(self, target: str, message_id: str, message: Message) -> None:
        """Replaces text and blocks; the metadata stays. Raises MessageGone when it was deleted."""
        request = self._client.chat_update(
            channel=await self._channel(target),
            ts=message_id,
            text=slack_text(message, UPDATED_TEXT),
            blocks=slack_blocks(message),
            parse="none",
            link_names=False,
        )
        await _answer(request, target)

    async def find(self, target: str, delivery: str, since: float) -> str | None:
        """The `ts` of the message whose metadata names `delivery`: in the channel, then in its threads.

        A thread is looked at when it got a reply after `since` and its first message is among the latest 1,000.
        """
        oldest = max(since - _CLOCKS_APART, 0)
        cursor = ""
        while True:
            page = await self._history(target, cursor, f"{oldest:.6f}")
            if found := _of_delivery(_messages(page), delivery):
                return found
            cursor = _next(page)
            if not cursor:
                return await self._find_reply(target, delivery, oldest)

    async def _find_reply(self, target: str, delivery: str, oldest: float) -> str | None:
        cursor = ""
        for _ in range(_THREAD_PAGES):
            page = await self._history(target, cursor)
            for head in _messages(page):
                # `latest_reply` names the last reply; where it is missing the thread itself must tell.
                if head.get("thread_ts") == head["ts"] and float(head.get("latest_reply", oldest)) >= oldest:
                    request = self._client.conversations_replies(
                        channel=await self._channel(target),
                        ts=head["ts"],
                        oldest=f"{oldest:.6f}",
                        include_all_metadata=True,
                        limit=_PAGE,
                    )
                    thread = await _answer(request, target)
                    if found := _of_delivery(_messages(thread), delivery):
                        return found
            cursor = _next(page)
            if not cursor:
                break
        return None

    def permalink(self, target: str, message_id: str) -> str | None:
        """The message's address, once the workspace's own is known (from the first post or check on)."""
        if self._team_url is None:
            return None
        return f"{self._team_url}archives/{self._direct.get(target, target)}/p{message_id.replace('.', '')}"

    async def check(self, target: str) -> Access:
        """Asks who the bot is, which scopes its token has, and whether it is in the channel."""
        scopes = scopes_of((await self._identify()).headers.get("x-oauth-scopes"))
        channel = None
        if reads(scopes):
            request = self._client.conversations_info(channel=await self._channel(target))
            channel = (await _answer(request, target))["channel"]
            if channel.get("is_archived"):
                raise refused("is_archived", target)
        missing = list(lacks(scopes, channel, commands=self._commands))
        if channel is not None and channel.get("is_member") is False:
            if channel.get("is_private") or "chat:write.public" not in (scopes or ()):
                raise refused("not_in_channel", target)
            missing.append(outside(target))
        return Access(self._name, tuple(missing))

    async def close(self) -> None:
        """Nothing stays open: slack_sdk makes a session for each request."""

    async def _identify(self) -> AsyncSlackResponse:
        answer = await _response(self._client.auth_test())
        self._team_url = outcomes.text_in(answer.data, "url", NAME)
        self._name = outcomes.text_in(answer.data, "user", NAME)
        return answer

    async def _channel(self, target: str) -> str:
        """The id of the channel to write to: with a person the direct one, which is opened."""
        if not target.startswith(_PEOPLE):
            return target
        if target not in self._direct:
            opened = await _answer(self._client.conversations_open(users=target), target)
            self._direct[target] = outcomes.text_in(opened.get("channel"), "id", NAME)
        return self._direct[target]

    async def _history(self, target: str, cursor: str, oldest: str | None = None) -> dict[str, Any]:
        request = self._client.conversations_history(
            channel=await self._channel(target),
            cursor=cursor or None,
            oldest=oldest,
            include_all_metadata=True,
            limit=_PAGE,
        )
        return await _answer(request, target)


async def _answer(
    request: Awaitable[AsyncSlackResponse], target: str = "", *, creates: bool = False
) -> dict[str, Any]:
    """The body of what Slack answers; raises the errors of bot.channels.base."""
    answer = await _response(request, target, creates=creates)
    return dict(answer.data) if isinstance(answer.data, dict) else {}


async def _response(
    request: Awaitable[AsyncSlackResponse], target: str = "", *, creates: bool = False
) -> AsyncSlackResponse:
    """What Slack answers; raises the errors of bot.channels.base."""
    try:
        answer = await request
    except (SlackApiError, aiohttp.ClientError, TimeoutError, ValueError) as error:
        raise failure(error, target, creates=creates) from error
    if not isinstance(answer.data, dict) or answer.data.get("ok") is not True:
        raise outcomes.troubled(NAME, "not ok", creates=creates)
    return answer


def _messages(page: dict[str, Any]) -> list[dict[str, Any]]:
    """The messages of a page. Raises TryLater where it has none: one could be taken for missing."""
    messages = page.get("messages")
    if not isinstance(messages, list):
        raise outcomes.troubled(NAME, "no messages", creates=False)
    return messages


def _of_delivery(messages: list[dict[str, Any]], delivery: str) -> str | None:
    for message in messages:
        metadata = message.get("metadata") or {}
        payload = metadata.get("event_payload") or {}
        if metadata.get("event_type") == _EVENT and payload.get("delivery") == delivery:
            return str(message["ts"])
    return None


def _next(page: dict[str, Any]) -> str:
    return str((page.get("response_metadata") or {}).get("next_cursor") or "")
