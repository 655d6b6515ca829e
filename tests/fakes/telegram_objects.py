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
    migrated_to: int | None = None

    def as_json(self) -> dict[str, Any]:
        """The chat as it stands in a message."""
        shown: dict[str, Any] = {"id": self.id, "type": self.type}
        shown["first_name" if self.type == "private" else "title"] = self.title
        if self.username:
            shown["username"] = self.username
        if self.topics is not None:
            shown["is_forum"] = True
        return shown


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
