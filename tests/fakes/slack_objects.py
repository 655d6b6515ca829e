"""What a Slack workspace keeps and shows: messages, channels, errors."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from starlette.requests import Request

from tests.fakes import slack_blocks
from tests.fakes.exchange import parsed

TEAM_ID = "T0EXEMPLE"
TEAM_URL = "https://equipe-exemple.slack.com/"


class SlackError(Exception):
    """Answered as `{"ok": false, "error": …}` with status 200, as nearly all errors of Slack are."""

    def __init__(self, error: str, messages: list[str] | None = None, **details: str) -> None:
        super().__init__(error)
        self.error = error
        self.messages = messages or []
        self.details = details


@dataclass
class SlackMessage:
    """A message; `ts` is its id in the channel and its instant, in seconds. `edits` holds its former texts."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[dict[str, Any]] = field(default_factory=list)
    thread_ts: str | None = None
    metadata: dict[str, Any] | None = None
    broadcast: bool = False
    edits: list[str] = field(default_factory=list)
    edited_ts: str | None = None
    deleted: bool = False


@dataclass
class Conversation:
    """A channel of the workspace."""

    id: str
    name: str
    member: bool
    private: bool
    archived: bool = False


def message_json(message: SlackMessage, *, bot_user: str, with_metadata: bool) -> dict[str, Any]:
    """The message as the API shows it; metadata only for who asks for it."""
    shown: dict[str, Any] = {
        "type": "message",
        "user": message.user,
        "ts": message.ts,
        "text": message.text,
        "team": TEAM_ID,
    }
    if message.deleted:
        # A deleted message that has replies leaves this behind, so that the thread keeps a head.
        return shown | {"subtype": "tombstone", "user": "USLACKBOT", "text": "This message was deleted."}
    if message.user == bot_user:
        shown |= {"bot_id": "B0VIGIE", "app_id": "A0VIGIE"}
    if message.blocks:
        shown["blocks"] = message.blocks
    if message.thread_ts:
        shown["thread_ts"] = message.thread_ts
    if message.broadcast:
        shown["subtype"] = "thread_broadcast"
    if message.edited_ts:
        shown["edited"] = {"user": message.user, "ts": message.edited_ts}
    if with_metadata and message.metadata:
        shown["metadata"] = message.metadata
    return shown


def conversation_json(channel: Conversation) -> dict[str, Any]:
    """The channel as conversations.info shows it."""
    return {
        "id": channel.id,
        "name": channel.name,
        "is_channel": not channel.private,
        "is_group": channel.private,
        "is_private": channel.private,
        "is_member": channel.member,
        "is_archived": channel.archived,
    }


async def arguments(request: Request) -> dict[str, Any]:
    """The arguments of a call, from the query, a form or JSON; structures in a form are JSON in a string.

    https://docs.slack.dev/apis/web-api/ (request bodies). Raises SlackError("invalid_json").
    """
    merged: dict[str, Any] = dict(request.query_params)
    if request.headers.get("content-type", "").startswith("application/json"):
        try:
            merged |= await request.json()
        except (ValueError, TypeError):
            raise SlackError("invalid_json") from None
        return merged
    merged |= parsed(await request.body(), request.headers.get("content-type", "")) or {}
    for name in ("blocks", "metadata", "attachments"):
        if isinstance(merged.get(name), str):
            try:
                merged[name] = json.loads(merged[name])
            except ValueError:
                raise SlackError(f"invalid_{name}_format") from None
    return merged


def truth(value: Any) -> bool:
    """A boolean argument, which a form or a query writes as 1, 0, true or false."""
    return value in (True, 1, "1", "true", "True")


def cut(
    messages: list[SlackMessage], args: dict[str, Any], default: int
) -> tuple[list[SlackMessage], int, int]:
    """The messages between `oldest` and `latest`, and where the page asked for starts and ends in them."""
    oldest, latest = Decimal(args.get("oldest") or 0), Decimal(args.get("latest") or "Infinity")
    ends = () if truth(args.get("inclusive")) else (oldest, latest)
    fitting = [m for m in messages if oldest <= (at := Decimal(m.ts)) <= latest and at not in ends]
    start = int(str(args.get("cursor") or 0))
    return fitting, start, start + min(int(args.get("limit") or default), 999)


def metadata_of(given: Any) -> dict[str, Any] | None:
    """The metadata of a message; raises SlackError if it has another shape than Slack takes.

    https://docs.slack.dev/messaging/message-metadata/
    """
    if not given:
        return None
    if (
        not isinstance(given, dict)
        or not isinstance(given.get("event_type"), str)
        or not isinstance(given.get("event_payload"), dict)
    ):
        raise SlackError("invalid_metadata_format")
    return given


def content_of(args: dict[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    """The text and blocks of a message; raises SlackError when Slack would not take them."""
    text, blocks = str(args.get("text") or ""), args.get("blocks") or []
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    if not text and not blocks:
        raise SlackError("no_text")
    if found := slack_blocks.problems(blocks):
        raise SlackError("invalid_blocks", found)
    if slack_blocks.all_text(blocks) > slack_blocks.MAX_ALL_TEXT:
        raise SlackError("msg_blocks_too_long")
    return text, blocks


def signed(body: str, secret: str, stamp: int) -> dict[str, str]:
    """The headers of a request from Slack with this body, sent at `stamp` (seconds since 1970).

    https://docs.slack.dev/authentication/verifying-requests-from-slack
    """
    digest = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/x-www-form-urlencoded",
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        "X-Slack-Request-Timestamp": str(stamp),
        "X-Slack-Signature": f"v0={digest}",
    }
