"""Slack through its Web API (https://docs.slack.dev/reference/methods) with a bot token."""

from __future__ import annotations

from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.channels import outcomes
from bot.channels.base import TargetRefused
from bot.channels.layout import slack_blocks, slack_text
from bot.message import Message
from postings.errors import VigieError

_TIMEOUT = 20  # seconds for a whole request
_CLOCKS_APART = 300  # seconds by which Slack's clock may be behind ours
_EVENT = "vigie_delivery"
_POSTED_TEXT = 40_000  # bytes: chat.postMessage cuts a text at 40,000 characters
_UPDATED_TEXT = 4_000  # bytes: chat.update refuses a longer text (msg_too_long)
_PAGE = 200
_THREAD_PAGES = 5  # how far back a thread that got the reply is looked for

_TOKEN = {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "org_login_required"}
_GONE = {
    "message_not_found",
    "thread_not_found",
    "invalid_thread_ts",
    "cannot_reply_to_message",
    "cant_update_message",
    "edit_window_closed",
}
_NOT_NOW = {"ratelimited", "rate_limited", "message_limit_exceeded"}
_TROUBLE = {"internal_error", "fatal_error", "service_unavailable", "request_timeout"}
_NOT_WRITABLE = {
    "restricted_action",
    "restricted_action_read_only_channel",
    "restricted_action_thread_only_channel",
    "ekm_access_denied",
    "no_permission",
    "team_access_not_granted",
    "access_denied",
}


class SlackChannel:
    """Posts as an app's bot; a target is a channel's id (`C…`, `G…`, `D…`); a message's id is its `ts`.

    `api_url` is the base of the Web API. Scopes: chat:write, channels:read and channels:history (groups:… for
    private channels).
    """

    platform = "slack"

    def __init__(self, token: str, api_url: str = AsyncWebClient.BASE_URL) -> None:
        # slack_sdk's own handlers send again after a cut connection: one message could be two.
        base_url = api_url if api_url.endswith("/") else api_url + "/"
        self._client = AsyncWebClient(token, base_url=base_url, timeout=_TIMEOUT, retry_handlers=[])
        self._team_url: str | None = None

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
        answer = await self._call(
            "chat.postMessage",
            target,
            creates=True,
            channel=target,
            text=slack_text(message, _POSTED_TEXT),
            blocks=slack_blocks(message),
            metadata={"event_type": _EVENT, "event_payload": {"delivery": delivery}},
            unfurl_links=False,
            unfurl_media=False,
            parse="none",
            link_names=False,
            **({"thread_ts": reply_to, "reply_broadcast": broadcast} if reply_to else {}),
        )
        return str(answer["ts"])

    async def edit(self, target: str, message_id: str, message: Message) -> None:
        """Replaces text and blocks; the metadata stays. Raises MessageGone when it was deleted."""
        await self._call(
            "chat.update",
            target,
            channel=target,
            ts=message_id,
            text=slack_text(message, _UPDATED_TEXT),
            blocks=slack_blocks(message),
            parse="none",
            link_names=False,
        )

    async def find(self, target: str, delivery: str, since: float) -> str | None:
        """The `ts` of the message whose metadata names `delivery`: in the channel, then in its threads.

        A thread is looked at when it got a reply after `since` and its first message is among the latest 1,000.
        """
        oldest = max(since - _CLOCKS_APART, 0)
        cursor = ""
        while True:
            page = await self._history(target, cursor, oldest=f"{oldest:.6f}")
            if found := _of_delivery(page["messages"], delivery):
                return found
            cursor = _next(page)
            if not cursor:
                return await self._find_reply(target, delivery, oldest)

    async def _find_reply(self, target: str, delivery: str, oldest: float) -> str | None:
        cursor = ""
        for _ in range(_THREAD_PAGES):
            page = await self._history(target, cursor)
            for head in page["messages"]:
                # `latest_reply` names the last reply; where it is missing the thread itself must tell.
                if head.get("thread_ts") == head["ts"] and float(head.get("latest_reply", oldest)) >= oldest:
                    thread = await self._call(
                        "conversations.replies",
                        target,
                        channel=target,
                        ts=head["ts"],
                        oldest=f"{oldest:.6f}",
                        include_all_metadata=True,
                        limit=_PAGE,
                    )
                    if found := _of_delivery(thread["messages"], delivery):
                        return found
            cursor = _next(page)
            if not cursor:
                break
        return None

    def permalink(self, target: str, message_id: str) -> str | None:
        """The message's address, once the workspace's own is known (from the first post or check on)."""
        if self._team_url is None:
            return None
        return f"{self._team_url}archives/{target}/p{message_id.replace('.', '')}"

    async def check(self, target: str) -> str:
        """Asks who the bot is and whether it is in the channel; returns its name."""
        account = await self._identify()
        answer = await self._call("conversations.info", target, channel=target)
        if answer["channel"].get("is_archived"):
            raise _refused("is_archived", target, {})
        if answer["channel"].get("is_member") is False:
            raise _refused("not_in_channel", target, {})
        return account

    async def close(self) -> None:
        """Nothing stays open: slack_sdk makes a session for each request."""

    async def _identify(self) -> str:
        answer = await self._call("auth.test")
        self._team_url = str(answer["url"])
        return str(answer["user"])

    async def _history(self, target: str, cursor: str, **bounds: str) -> dict[str, Any]:
        if cursor:
            bounds["cursor"] = cursor
        return await self._call(
            "conversations.history",
            target,
            channel=target,
            include_all_metadata=True,
            limit=_PAGE,
            **bounds,
        )

    async def _call(
        self, method: str, target: str = "", *, creates: bool = False, **arguments: Any
    ) -> dict[str, Any]:
        """What Slack answers; raises the errors of bot.channels.base."""
        try:
            answer = await self._client.api_call(method, json=arguments)
        except (SlackApiError, aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise _failure(error, target, creates=creates) from error
        return dict(answer.data) if isinstance(answer.data, dict) else {}
