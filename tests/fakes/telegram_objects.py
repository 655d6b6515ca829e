"""What a Telegram server keeps and shows: chats, messages, errors, and the parameters of a call."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request

from tests.fakes import telegram_html
from tests.fakes.exchange import parsed

MAX_TEXT = 4096  # UTF-16 units after parsing


class TelegramError(Exception):
    """Answered as `{"ok": false, "error_code": …, "description": …}` with the same status code.

    https://core.telegram.org/bots/api#making-requests; `parameters` as in #responseparameters.
    """

    def __init__(self, code: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.answer: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
        if parameters:
            self.answer["parameters"] = parameters


@dataclass
class Chat:
    """A chat; `topics` are the ids of its topics, None when it has none."""

    id: int
    type: str
    title: str
    username: str | None
    topics: frozenset[int] | None
    blocked: bool = False
    status: str = "member"
    """Of the bot: member, administrator, restricted or left."""
    bot_may_post: bool = True
    """Of an administrator of a channel, or of a restricted member."""
    members_may_post: bool = True
    migrated_to: int | None = None

    @property
    def bot_posts(self) -> bool:
        """Whether the bot may post here."""
        if self.status == "administrator":
            return self.type != "channel" or self.bot_may_post
        return (self.status == "member" and self.members_may_post) or (
            self.status == "restricted" and self.bot_may_post
        )

    def as_json(self) -> dict[str, Any]:
        """The chat as it stands in a message."""
        shown: dict[str, Any] = {"id": self.id, "type": self.type}
        shown["first_name" if self.type == "private" else "title"] = self.title
        if self.username:
            shown["username"] = self.username
        if self.topics is not None:
            shown["is_forum"] = True
        return shown


def member_json(chat: Chat, bot: dict[str, Any]) -> dict[str, Any]:
    """The bot as getChatMember shows it (https://core.telegram.org/bots/api#chatmember)."""
    shown: dict[str, Any] = {"status": chat.status, "user": bot}
    if chat.status == "administrator":
        rights = (
            "manage_chat", "delete_messages", "manage_video_chats", "restrict_members", "promote_members",
            "change_info", "invite_users", "post_stories", "edit_stories", "delete_stories",
        )  # fmt: skip
        shown |= {"can_be_edited": False, "is_anonymous": False} | {f"can_{right}": False for right in rights}
        if chat.type == "channel":
            shown |= {"can_post_messages": chat.bot_may_post, "can_edit_messages": chat.bot_may_post}
    elif chat.status == "restricted":
        allowed = {f"can_{right}": chat.bot_may_post for right in SENDING}
        shown |= allowed | {
            "is_member": True,
            "until_date": 0,
            "can_change_info": False,
            "can_invite_users": False,
        }
        shown |= {"can_pin_messages": False, "can_manage_topics": False, "can_edit_tag": False}
    return shown


SENDING = (
    "send_messages", "send_audios", "send_documents", "send_photos", "send_videos", "send_video_notes",
    "send_voice_notes", "send_polls", "send_other_messages", "add_web_page_previews", "react_to_messages",
)  # fmt: skip


@dataclass
class TelegramMessage:
    """A message: `text` as the bot sent it, `plain` as people read it; `date` in seconds since 1970."""

    message_id: int
    chat_id: int
    text: str
    parse_mode: str | None
    plain: str
    entities: list[dict[str, Any]]
    date: int
    from_bot: bool = True
    message_thread_id: int | None = None
    reply_parameters: dict[str, Any] | None = None
    reply_to: int | None = None
    reply_markup: dict[str, Any] | None = None
    link_preview_options: dict[str, Any] | None = None
    edit_date: int | None = None
    edits: list[str] = field(default_factory=list)

    @property
    def link_preview_disabled(self) -> bool:
        """Whether the bot asked for no preview of the links."""
        return bool((self.link_preview_options or {}).get("is_disabled"))

    @property
    def mentions(self) -> list[str]:
        """The words of the text that Telegram makes mentions of people."""
        units = self.plain.encode("utf-16-le")
        return [
            units[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode("utf-16-le")
            for e in self.entities
            if e["type"] == "mention"
        ]


def read_text(params: dict[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    """The plain text and entities of a message to send or to edit; raises TelegramError."""
    text, mode = str(params.get("text") or ""), params.get("parse_mode")
    if mode == "HTML":
        try:
            plain, entities = telegram_html.parse(text)
        except telegram_html.CannotParse as problem:
            raise TelegramError(400, f"Bad Request: can't parse entities: {problem}") from None
    elif mode is None:
        plain, entities = text.strip(), []
    else:
        raise TelegramError(400, "Bad Request: unsupported parse_mode")
    if not plain:
        raise TelegramError(400, "Bad Request: message text is empty")
    if telegram_html.utf16(plain) > MAX_TEXT:
        raise TelegramError(400, "Bad Request: message is too long")
    return plain, entities + telegram_html.mentions(plain, entities)


def read_markup(params: dict[str, Any]) -> dict[str, Any] | None:
    """The inline keyboard of a message; raises TelegramError when a button's data is over 64 bytes."""
    markup: dict[str, Any] | None = params.get("reply_markup")
    for row in (markup or {}).get("inline_keyboard", []):
        for button in row:
            if len(str(button.get("callback_data", "-")).encode()) not in range(1, 65):
                raise TelegramError(400, "Bad Request: BUTTON_DATA_INVALID")
    return markup


async def parameters(request: Request) -> dict[str, Any]:
    """The parameters of a call from the query, a form or JSON; in a form all but text is written as JSON."""
    given: dict[str, Any] = dict(request.query_params)
    body = await request.body()
    kind = request.headers.get("content-type", "")
    given |= parsed(body, kind) or {}
    if kind.startswith("application/json"):
        return given
    texts = {"text", "parse_mode", "callback_query_id", "url", "secret_token"}
    return {key: value if key in texts else _value(value) for key, value in given.items()}


def _value(written: str) -> Any:
    try:
        return json.loads(written)
    except ValueError:
        return written
