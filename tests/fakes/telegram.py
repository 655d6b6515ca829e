"""A fake Telegram Bot API: sending, editing, updates by long polling and by webhook.

Methods follow https://core.telegram.org/bots/api; descriptions of errors are those of the real server, which
client libraries tell apart by their words.
"""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from tests.fakes.exchange import Recorded, call
from tests.fakes.failures import Bucket, Limit
from tests.fakes.server import FakeServer
from tests.fakes.telegram_incoming import Incoming
from tests.fakes.telegram_objects import (
    SENDING,
    Chat,
    TelegramError,
    TelegramMessage,
    member_json,
    parameters,
    read_markup,
    read_text,
)

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


class FakeTelegram(FakeServer):
    """The Bot API with one bot; `limit` counts messages by chat."""

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.time,
        limit: Limit | None = None,
        paced: bool = False,
    ) -> None:
        self.bot_user_id = 100200300
        self.token = f"{self.bot_user_id}:FAKE-telegram-token_0123456789"
        self.chats: dict[int, Chat] = {}
        self.messages: list[TelegramMessage] = []
        self.incoming = Incoming(self.first)
        self._revoked = False
        self._message_ids = itertools.count(1)
        self._presses = itertools.count(1)
        super().__init__(clock=clock, limit=limit, paced=paced)
        self._methods: dict[str, Callable[[dict[str, Any]], Any]] = {
            "getMe": self._get_me,
            "sendMessage": self._send_message,
            "editMessageText": self._edit_message,
            "getChat": self._get_chat,
            "getChatMember": self._get_chat_member,
            "setWebhook": self.incoming.set_webhook,
            "deleteWebhook": self.incoming.delete_webhook,
            "setMyCommands": self.incoming.set_commands,
            "answerCallbackQuery": self.incoming.answer_callback,
        }

    @property
    def webhook(self) -> dict[str, Any] | None:
        """The parameters of the last setWebhook, None without a webhook."""
        return self.incoming.webhook

    @property
    def commands(self) -> dict[str, list[dict[str, str]]]:
        """The bot's commands by language code, under "" those for every other language."""
        return self.incoming.commands

    @property
    def callback_answers(self) -> list[dict[str, Any]]:
        """The parameters of each answerCallbackQuery."""
        return self.incoming.callback_answers

    @property
    def url(self) -> str:
        """The base address without a final slash; python-telegram-bot's base_url is this and "/bot"."""
        return self.address

    # What a test sets up and looks at

    def add_chat(
        self,
        chat_id: int,
        type: str = "supergroup",
        *,
        title: str = "Offres",
        username: str | None = None,
        topics: Sequence[int] | None = None,
    ) -> int:
        """Makes a chat (private, group, supergroup or channel) with the bot in it; returns its id."""
        known = None if topics is None else frozenset(topics)
        self.chats[chat_id] = Chat(chat_id, type, title, username, known)
        return chat_id

    def delete_channel(self, chat_id: int) -> None:
        """Deletes a chat for good."""
        del self.chats[chat_id]

    def block(self, chat_id: int) -> None:
        """The person blocks the bot, or the group kicks it."""
        self.chats[chat_id].blocked = True

    def migrate(self, old: int, new: int) -> None:
        """A group becomes a supergroup with another id; its messages stay behind, where no bot can edit them."""
        group = self.chats[old]
        group.migrated_to = new
        self.add_chat(new, "supergroup", title=group.title)

    def say(self, chat_id: int, text: str) -> TelegramMessage:
        """A message that somebody else wrote."""
        message = TelegramMessage(
            next(self._message_ids), chat_id, text, None, text, [], int(self.clock()), from_bot=False
        )
        self.messages.append(message)
        return message

    def delete_post(self, message_id: int) -> None:
        """Deletes a message (ids are not shared between chats here)."""
        self.messages[:] = [m for m in self.messages if m.message_id != message_id]

    def revoke_token(self) -> None:
        """Makes the bot's token worthless."""
        self._revoked = True

    def give_token_back(self) -> None:
        """Makes the token good again."""
        self._revoked = False

    def push_update(self, update: dict[str, Any]) -> dict[str, Any]:
        """Queues an update for getUpdates; returns it with the update_id that it was given."""
        update = self.incoming.numbered(update)
        self.in_loop(lambda: self.incoming.push(update))
        return update

    async def deliver(
        self,
        url: str,
        secret: str | None,
        update: dict[str, Any],
        *,
        client: httpx.AsyncClient | None = None,
    ) -> httpx.Response:
        """Calls a bot's webhook as Telegram does, with the secret token unless it is None.

        `client` is used when given, for example one on a test's ASGI application.
        """
        headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret}
        return await call(url, client, json=self.incoming.numbered(update), headers=headers)

    def pressed(self, message: TelegramMessage, data: str, *, person: int) -> dict[str, Any]:
        """The update of a pressed button (https://core.telegram.org/bots/api#callbackquery).

        `data` need not be that of a button: clients can forge it.
        """
        query = {
            "id": f"{next(self._presses)}",
            "from": {"id": person, "is_bot": False, "first_name": "Personne"},
            "message": self._shown(message),
            "chat_instance": "1",
            "data": data,
        }
        return {"callback_query": query}

    # The platform

    def routes(self) -> Sequence[BaseRoute]:
        return [Route("/{bot}/{method}", self._call, methods=["GET", "POST"])]

    def refusal(self, code: int, retry_after: float | None) -> Response:
        if code == 429:
            wait = max(1, -int(-(retry_after or 1) // 1))
            description = f"Too Many Requests: retry after {wait}"
            return JSONResponse(TelegramError(429, description, {"retry_after": wait}).answer, 429)
        return JSONResponse(TelegramError(code, "Internal Server Error").answer, code)

    def pace_key(self, request: Recorded) -> str | None:
        if not request.path.endswith(("/sendMessage", "/editMessageText")) or not isinstance(
            request.json, dict
        ):
            return None
        return str(request.json.get("chat_id"))

    def published(self, request: Recorded) -> Mapping[str, Limit | Bucket]:
        # https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this: 30 a second in all,
        # one a second in a chat, 20 a minute in a group. Bursts that it "may allow" are not.
        key = self.pace_key(request)
        if key is None:
            return {}
        group = {f"{key} by the minute": Limit(20, 60)} if key.startswith(("-", "@")) else {}
        return {"bot": Limit(30, 1), key: Limit(1, 1), **group}

    async def _call(self, request: Request) -> Response:
        try:
            token = request.path_params["bot"].removeprefix("bot")
            if not re.fullmatch(r"\d+:[\w-]+", token):
                raise TelegramError(404, "Not Found")
            if token != self.token or self._revoked:
                raise TelegramError(401, "Unauthorized")
            params = await parameters(request)
            if request.path_params["method"] == "getUpdates":
                result = await self.incoming.get_updates(params, request.receive)
            elif (method := self._methods.get(request.path_params["method"])) is None:
                raise TelegramError(404, "Not Found")
            else:
                result = method(params)
            return JSONResponse({"ok": True, "result": result})
        except TelegramError as error:
            return JSONResponse(error.answer, error.code)

    def _get_me(self, _params: dict[str, Any]) -> dict[str, Any]:
        return self._bot() | {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }

    def _get_chat(self, params: dict[str, Any]) -> dict[str, Any]:
        chat = self._chat(params)
        everybody = {f"can_{right}": chat.members_may_post for right in SENDING}
        shown = chat.as_json() | ({} if chat.type in {"private", "channel"} else {"permissions": everybody})
        return shown | {
            "accent_color_id": 0,
            "max_reaction_count": 11,
            "accepted_gift_types": {
                "unlimited_gifts": False,
                "limited_gifts": False,
                "unique_gifts": False,
                "premium_subscription": False,
                "gifts_from_channels": False,
            },
        }

    def _get_chat_member(self, params: dict[str, Any]) -> dict[str, Any]:
        chat = self._chat(params)
        if params.get("user_id") != self.bot_user_id:
            raise TelegramError(400, "Bad Request: PARTICIPANT_ID_INVALID")
        return member_json(chat, self._bot())

    def _send_message(self, params: dict[str, Any]) -> dict[str, Any]:
        chat = self._writable(params)
        if not chat.bot_posts:
            raise TelegramError(400, "Bad Request: not enough rights to send text messages to the chat")
        plain, entities = read_text(params)
        thread = params.get("message_thread_id")
        if thread is not None and thread not in (chat.topics or ()):
            raise TelegramError(400, "Bad Request: message thread not found")
        message = TelegramMessage(
            next(self._message_ids),
            chat.id,
            params["text"],
            params.get("parse_mode"),
            plain,
            entities,
            int(self.clock()),
            message_thread_id=thread,
            reply_parameters=params.get("reply_parameters"),
            reply_markup=read_markup(params),
            link_preview_options=params.get("link_preview_options"),
        )
        if reply := message.reply_parameters:
            if self._message(chat.id, reply.get("message_id")) is not None:
                message.reply_to = reply["message_id"]
            elif not reply.get("allow_sending_without_reply"):
                raise TelegramError(400, "Bad Request: message to be replied not found")
        self.messages.append(message)
        return self._shown(message)

    def _edit_message(self, params: dict[str, Any]) -> dict[str, Any]:
        chat = self._writable(params)
        message = self._message(chat.id, params.get("message_id"))
        if message is None:
            raise TelegramError(400, "Bad Request: message to edit not found")
        if not message.from_bot:
            raise TelegramError(400, "Bad Request: message can't be edited")
        plain, entities = read_text(params)
        markup = read_markup(params)
        if (plain, entities, markup) == (message.plain, message.entities, message.reply_markup):
            raise TelegramError(400, NOT_MODIFIED)
        message.edits.append(message.text)
        message.text, message.parse_mode = params["text"], params.get("parse_mode")
        message.plain, message.entities, message.reply_markup = plain, entities, markup
        message.link_preview_options = params.get("link_preview_options")
        message.edit_date = int(self.clock())
        return self._shown(message)

    def _writable(self, params: dict[str, Any]) -> Chat:
        """The chat, unless it was left behind when its group became a supergroup."""
        chat = self._chat(params)
        if chat.migrated_to is not None:
            description = "Bad Request: group chat was upgraded to a supergroup chat"
            raise TelegramError(400, description, {"migrate_to_chat_id": chat.migrated_to})
        return chat

    def _chat(self, params: dict[str, Any]) -> Chat:
        wanted = params.get("chat_id")
        for chat in self.chats.values():
            if wanted == chat.id or (chat.username and wanted == f"@{chat.username}"):
                if chat.blocked and chat.type == "private":
                    raise TelegramError(403, "Forbidden: bot was blocked by the user")
                if chat.blocked:
                    raise TelegramError(403, f"Forbidden: bot was kicked from the {chat.type} chat")
                return chat
        raise TelegramError(400, "Bad Request: chat not found")

    def _message(self, chat_id: int, message_id: Any) -> TelegramMessage | None:
        here = (m for m in self.messages if (m.chat_id, m.message_id) == (chat_id, message_id))
        return next(here, None)

    def _bot(self) -> dict[str, Any]:
        return {
            "id": self.bot_user_id,
            "is_bot": True,
            "first_name": "Vigie",
            "username": "vigie_exemple_bot",
        }

    def _shown(self, message: TelegramMessage) -> dict[str, Any]:
        chat = self.chats[message.chat_id]
        shown: dict[str, Any] = {
            "message_id": message.message_id,
            "date": message.date,
            "chat": chat.as_json(),
            "text": message.plain,
        }
        if chat.type == "channel":
            shown["sender_chat"] = chat.as_json()
        elif message.from_bot:
            shown["from"] = self._bot()
        if message.message_thread_id is not None:
            shown |= {"message_thread_id": message.message_thread_id, "is_topic_message": True}
        replied = self._message(message.chat_id, message.reply_to)
        if replied is not None:
            shown["reply_to_message"] = self._shown(replied)
            shown["reply_to_message"].pop("reply_to_message", None)
        for key in ("entities", "edit_date", "reply_markup", "link_preview_options"):
            if value := getattr(message, key):
                shown[key] = value
        return shown
