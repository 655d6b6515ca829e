"""A fake Slack workspace: the Web API methods that a bot calls, signed slash commands and response_urls.

Methods and errors follow https://docs.slack.dev/reference/methods (one page a method).
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from tests.fakes.exchange import Recorded
from tests.fakes.failures import Bucket, Limit
from tests.fakes.response_urls import DelayedAnswer, ResponseUrls
from tests.fakes.server import FakeServer
from tests.fakes.slack_calls import SlackCalls
from tests.fakes.slack_objects import (
    TEAM_ID,
    TEAM_URL,
    Conversation,
    SlackError,
    SlackMessage,
    arguments,
    content_of,
    conversation_json,
    cut,
    message_json,
    metadata_of,
    truth,
)

MAX_POSTED = 40_000  # characters; what is longer is cut
MAX_UPDATED = 4_000  # bytes; what is longer is refused

# The scopes of which a method needs one (the methods' own pages).
NEEDED = {
    "chat.postMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.info": ("channels:read", "groups:read", "im:read", "mpim:read"),
    "conversations.history": ("channels:history", "groups:history", "im:history", "mpim:history"),
    "conversations.replies": ("channels:history", "groups:history", "im:history", "mpim:history"),
    "conversations.open": ("channels:manage", "groups:write", "im:write", "mpim:write"),
}


class FakeSlack(FakeServer):
    """One workspace with one app; `limit` counts messages by channel."""

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.time,
        limit: Limit | None = None,
        paced: bool = False,
    ) -> None:
        self.token = "xoxb-fake-bot-token"
        self.signing_secret = "fake-signing-secret"
        self.bot_user_id = "U0VIGIE"
        self.scopes = [
            "chat:write",
            "commands",
            "channels:read",
            "channels:history",
            "groups:read",
            "groups:history",
            "im:write",
            "im:history",
        ]
        """Of the app's token, told with every answer."""
        self.channels: dict[str, Conversation] = {}
        self.people = {"U0PERSONNE"}
        """Who is in the workspace."""
        self.messages: list[SlackMessage] = []
        self._revoked: set[str] = set()
        self._count = itertools.count(1)
        self._response_urls = ResponseUrls(clock)
        self.calls = SlackCalls(self._response_urls, self.signing_secret)
        self.ephemerals: list[dict[str, Any]] = []
        """What chat.postEphemeral showed to one person, in order: its arguments."""
        self._methods: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "auth.test": self._auth_test,
            "chat.postMessage": self._post_message,
            "chat.postEphemeral": self._post_ephemeral,
            "chat.update": self._update,
            "chat.getPermalink": self._permalink,
            "conversations.info": self._info,
            "conversations.open": self._open,
            "conversations.history": self._history,
            "conversations.replies": self._replies,
        }
        super().__init__(clock=clock, limit=limit, paced=paced)

    @property
    def url(self) -> str:
        """The base address of the Web API, with the final slash that slack_sdk wants."""
        return f"{self.address}/api/"

    @property
    def delayed_answers(self) -> list[DelayedAnswer]:
        """What the bot sent to response_urls, in order."""
        return self._response_urls.answers

    # What a test sets up and looks at

    def add_channel(
        self, channel_id: str, name: str = "offres", *, member: bool = True, private: bool = False
    ) -> str:
        """Makes a channel, with the bot in it if `member`; returns its id."""
        self.channels[channel_id] = Conversation(channel_id, name, member, private)
        return channel_id

    def delete_channel(self, channel_id: str) -> None:
        """Deletes for good."""
        del self.channels[channel_id]

    def archive_channel(self, channel_id: str) -> None:
        """Archives: it can be read and no more written to."""
        self.channels[channel_id].archived = True

    def say(self, channel_id: str, text: str, *, user: str = "U0PERSONNE") -> SlackMessage:
        """A message that somebody else wrote."""
        message = SlackMessage(self._ts(), channel_id, user, text)
        self.messages.append(message)
        return message

    def delete_post(self, ts: str) -> None:
        """Deletes a message; one that has replies leaves a tombstone in the channel."""
        message = next(message for message in self.messages if message.ts == ts)
        if any(reply.thread_ts == ts and reply is not message for reply in self.messages):
            message.deleted = True
        else:
            self.messages.remove(message)

    def revoke_token(self) -> None:
        """Uninstalls the app: the token is known and worth nothing."""
        self._revoked.add(self.token)

    def give_token_back(self) -> None:
        """Makes the token good again."""
        self._revoked.discard(self.token)

    def roots(self, channel_id: str) -> list[SlackMessage]:
        """The messages of a channel that are there and are no replies, oldest first."""
        return [
            m
            for m in self.messages
            if m.channel == channel_id and m.thread_ts in (None, m.ts) and not m.deleted
        ]

    def replies(self, ts: str) -> list[SlackMessage]:
        """The replies to a message, oldest first."""
        return [message for message in self.messages if message.thread_ts == ts != message.ts]

    async def slash_command(
        self,
        url: str,
        *,
        text: str = "",
        command: str = "/postes",
        user_id: str = "U0PERSONNE",
        user_name: str = "personne",
        channel_id: str = "C0OFFRES",
        channel_name: str = "offres",
        signing_secret: str | None = None,
        timestamp: int | None = None,
        client: httpx.AsyncClient | None = None,
    ) -> httpx.Response:
        """Calls an app as Slack does when somebody types a command.

        https://docs.slack.dev/authentication/verifying-requests-from-slack: `timestamp` (seconds since 1970,
        by default the real time, which the receiver compares with) and `signing_secret` can be forged.
        `text` is sent as it is: Slack has escaped the & < > that a person typed. `client` is used when given,
        for example one on a test's ASGI application.
        """
        form = {
            "channel_id": channel_id,
            "channel_name": channel_name,
            "user_id": user_id,
            "user_name": user_name,
            "command": command,
            "text": text,
        }
        return await self.calls.command(
            url, self.address, form, signing_secret=signing_secret, timestamp=timestamp, client=client
        )

    # The platform

    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/api/{method}", self._call, methods=["GET", "POST"]),
            Route("/commands/{team}/{command}", self._delayed, methods=["POST"]),
        ]

    def refusal(self, code: int, retry_after: float | None) -> Response:
        if code != 429:
            return JSONResponse({"ok": False, "error": "internal_error"}, code)
        headers = {"Retry-After": str(max(1, -int(-(retry_after or 1) // 1)))}
        return JSONResponse({"ok": False, "error": "ratelimited"}, 429, headers)

    def pace_key(self, request: Recorded) -> str | None:
        # https://docs.slack.dev/apis/web-api/rate-limits: one message a second and channel.
        if not request.path.endswith("/chat.postMessage") or not isinstance(request.json, dict):
            return None
        return str(request.json.get("channel"))

    def published(self, request: Recorded) -> Mapping[str, Limit | Bucket]:
        # The page tolerates "short bursts" without saying how short: here none.
        key = self.pace_key(request)
        return {} if key is None else {key: Limit(1, 1)}

    async def _call(self, request: Request) -> Response:
        try:
            args = await arguments(request)
            method = self._methods.get(request.path_params["method"])
            if method is None:
                raise SlackError("unknown_method")
            token = request.headers.get("authorization", "").removeprefix("Bearer ") or args.get("token")
            if not token:
                raise SlackError("not_authed")
            if token in self._revoked:
                raise SlackError("token_revoked")
            if token != self.token:
                raise SlackError("invalid_auth")
            kinds = NEEDED.get(request.path_params["method"], ())
            if kinds and not set(kinds).intersection(self.scopes):
                raise SlackError("missing_scope", needed=",".join(kinds), provided=",".join(self.scopes))
            scopes = {"x-oauth-scopes": ",".join(self.scopes)}
            return JSONResponse({"ok": True} | method(args), headers=scopes)
        except SlackError as error:
            answer: dict[str, Any] = {"ok": False, "error": error.error, **error.details}
            if error.messages:
                answer["errors"] = error.messages
                answer["response_metadata"] = {"messages": [f"[ERROR] {text}" for text in error.messages]}
            return JSONResponse(answer)

    async def _delayed(self, request: Request) -> Response:
        taken = self._response_urls.take(request.path_params["command"], await request.json())
        if taken == "ok":
            return PlainTextResponse("ok")
        return JSONResponse({"ok": False, "error": f"{taken}_url"}, 404)

    def _auth_test(self, _args: dict[str, Any]) -> dict[str, Any]:
        return {
            "url": TEAM_URL,
            "team": "Équipe exemple",
            "user": "vigie",
            "team_id": TEAM_ID,
            "user_id": self.bot_user_id,
            "bot_id": "B0VIGIE",
            "is_enterprise_install": False,
        }

    def _post_message(self, args: dict[str, Any]) -> dict[str, Any]:
        wanted = str(args.get("channel", ""))
        by_name = (c.id for c in self.channels.values() if c.name == wanted.removeprefix("#"))
        channel = self._channel(wanted if wanted in self.channels else next(by_name, ""))
        if not channel.member and (channel.private or "chat:write.public" not in self.scopes):
            raise SlackError("not_in_channel")
        if channel.archived:
            raise SlackError("is_archived")
        text, blocks = content_of(args)
        thread = str(args["thread_ts"]) if args.get("thread_ts") else None
        if thread:
            root = self._message(channel.id, thread, "thread_not_found")
            thread = root.thread_ts or root.ts
            root.thread_ts = thread
        message = SlackMessage(
            self._ts(),
            channel.id,
            self.bot_user_id,
            text[:MAX_POSTED],
            blocks,
            thread_ts=thread,
            metadata=metadata_of(args.get("metadata")),
            broadcast=thread is not None and truth(args.get("reply_broadcast")),
        )
        self.messages.append(message)
        return {"channel": channel.id, "ts": message.ts, "message": self._shown(message)}

    def _post_ephemeral(self, args: dict[str, Any]) -> dict[str, Any]:
        # https://docs.slack.dev/reference/methods/chat.postEphemeral
        channel = self._readable(args)
        if not args.get("user"):
            raise SlackError("user_not_in_channel")
        text, blocks = content_of(args)
        self.ephemerals.append({**args, "channel": channel.id, "text": text, "blocks": blocks})
        return {"message_ts": self._ts()}

    def _update(self, args: dict[str, Any]) -> dict[str, Any]:
        channel = self._channel(args.get("channel"))
        message = self._message(channel.id, args.get("ts"), "message_not_found")
        if message.user != self.bot_user_id:
            raise SlackError("cant_update_message")
        if channel.archived:
            raise SlackError("is_archived")
        text, blocks = content_of(args)
        # Unlike chat.postMessage, which cuts, this one refuses; it counts bytes after escaping.
        if len(text.encode()) > MAX_UPDATED:
            raise SlackError("msg_too_long")
        message.edits.append(message.text)
        message.text = text
        message.edited_ts = self._ts()
        # What an update leaves out stays as it was; an empty list or object takes it away.
        if "blocks" in args:
            message.blocks = blocks
        if "metadata" in args:
            message.metadata = metadata_of(args["metadata"])
        return {"channel": channel.id, "ts": message.ts, "text": text, "message": self._shown(message)}

    def _permalink(self, args: dict[str, Any]) -> dict[str, Any]:
        channel = self._channel(args.get("channel"))
        message = self._message(channel.id, args.get("message_ts"), "message_not_found")
        link = f"{TEAM_URL}archives/{channel.id}/p{message.ts.replace('.', '')}"
        if message.thread_ts not in (None, message.ts):
            link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
        return {"channel": channel.id, "permalink": link}

    def _info(self, args: dict[str, Any]) -> dict[str, Any]:
        return {"channel": conversation_json(self._channel(args.get("channel")))}

    def _open(self, args: dict[str, Any]) -> dict[str, Any]:
        # https://docs.slack.dev/reference/methods/conversations.open: the direct channel with one person.
        person = str(args.get("users", ""))
        if person not in self.people:
            raise SlackError("user_not_found")
        direct = f"D{person[1:]}"
        if direct not in self.channels:
            self.add_channel(direct, person)
        return {"channel": {"id": direct}}

    def _history(self, args: dict[str, Any]) -> dict[str, Any]:
        channel = self._readable(args)
        shown = [
            m
            for m in reversed(self.messages)
            if m.channel == channel.id and (m.thread_ts in (None, m.ts) or m.broadcast)
        ]
        return self._page(shown, args, default=100)

    def _replies(self, args: dict[str, Any]) -> dict[str, Any]:
        channel = self._readable(args)
        root = self._message(channel.id, args.get("ts"), "thread_not_found", deleted=True)
        return self._page([root, *self.replies(root.ts)], args, default=1000)

    def _page(self, messages: list[SlackMessage], args: dict[str, Any], *, default: int) -> dict[str, Any]:
        fitting, start, end = cut(messages, args, default)
        with_metadata = truth(args.get("include_all_metadata"))
        page: dict[str, Any] = {
            "messages": [self._shown(m, with_metadata=with_metadata) for m in fitting[start:end]],
            "has_more": end < len(fitting),
        }
        if page["has_more"]:
            page["response_metadata"] = {"next_cursor": str(end)}
        return page

    def _channel(self, channel_id: Any) -> Conversation:
        channel = self.channels.get(str(channel_id))
        # A private channel that the app is not in is hidden as if it did not exist.
        if channel is None or (channel.private and not channel.member):
            raise SlackError("channel_not_found")
        return channel

    def _readable(self, args: dict[str, Any]) -> Conversation:
        channel = self._channel(args.get("channel"))
        if not channel.member:
            raise SlackError("not_in_channel")
        return channel

    def _message(self, channel: str, ts: Any, missing: str, *, deleted: bool = False) -> SlackMessage:
        for message in self.messages:
            if (message.channel, message.ts) == (channel, str(ts)) and (deleted or not message.deleted):
                return message
        raise SlackError(missing)

    def _shown(self, message: SlackMessage, *, with_metadata: bool = True) -> dict[str, Any]:
        return message_json(message, bot_user=self.bot_user_id, with_metadata=with_metadata)

    def _ts(self) -> str:
        return f"{int(self.clock())}.{next(self._count):06d}"
