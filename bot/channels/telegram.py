"""Telegram through its Bot API (https://core.telegram.org/bots/api), with python-telegram-bot."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable
from datetime import timedelta
from typing import TypeVar

import httpx
from telegram import Bot, LinkPreviewOptions, ReplyParameters
from telegram.constants import ChatType, ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)
from telegram.request import HTTPXRequest

from bot.channels import outcomes
from bot.channels.access import Access
from bot.channels.base import OutcomeUnknown, TargetMoved, TargetRefused
from bot.channels.layout import telegram_html
from bot.channels.telegram_access import lacks, remarks
from bot.wording.message import Message
from postings.errors import VigieError, refused_certificate

# Without it python-telegram-bot warns of a future change at each RetryAfter that it makes itself.
os.environ.setdefault("PTB_TIMEDELTA", "true")

_T = TypeVar("_T")

_NAME = "Telegram"
_TIMEOUT = 20.0  # seconds for a whole request: httpx counts anew with each byte that comes

_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_SUPERGROUP = "-100"

# Telegram tells its refusals apart by words alone (https://github.com/tdlib/telegram-bot-api, Client.cpp).
_UNCHANGED = "message is not modified"
_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")
_NO_TARGET = (
    "chat not found",
    "message thread not found",
    "topic_closed",
    "topic_deleted",
    "not enough rights",
    "need administrator rights",
    "chat_write_forbidden",
    "have no rights to send",
    "group chat was deactivated",
    "peer_id_invalid",
)


class TelegramChannel:
    """Posts as a bot; a target is a chat (`-100…`, `@public_name`), or `chat/topic`.

    `api_url` is the base of the Bot API, without "/bot". Nothing is asked of Telegram before the first
    message, so that Telegram being down does not stop the start.
    """

    platform = "telegram"

    def __init__(self, token: str, api_url: str = "https://api.telegram.org") -> None:
        # httpx logs every address that it calls, and Telegram's hold the token.
        logging.getLogger("httpx").setLevel(logging.WARNING)
        self._request = HTTPXRequest(
            connection_pool_size=8,
            connect_timeout=5,
            pool_timeout=5,
            read_timeout=_TIMEOUT,
            write_timeout=_TIMEOUT,
        )
        base_url = api_url.rstrip("/") + "/bot"
        self._bot = Bot(token, base_url=base_url, request=self._request, get_updates_request=self._request)

    async def post(
        self,
        target: str,
        message: Message,
        *,
        delivery: str,  # noqa: ARG002  Telegram keeps nothing with a message
        reply_to: str | None = None,
        broadcast: bool = False,  # noqa: ARG002  a reply stands in the chat anyway
    ) -> str:
        """Sends `message`; a reply to a message that was deleted is sent as a message of its own."""
        chat, topic = _place(target)
        reply = ReplyParameters(int(reply_to), allow_sending_without_reply=True) if reply_to else None
        request = self._bot.send_message(
            chat,
            telegram_html(message),
            parse_mode=ParseMode.HTML,
            link_preview_options=_NO_PREVIEW,
            message_thread_id=topic,
            reply_parameters=reply,
        )
        sent = await _answer(request, target, creates=True)
        if not isinstance(sent.message_id, int):
            raise outcomes.troubled(_NAME, "no message_id", creates=True)
        return str(sent.message_id)

    async def edit(self, target: str, message_id: str, message: Message) -> None:
        """Replaces the text of a message. Raises MessageGone when it was deleted."""
        chat, _ = _place(target)
        request = self._bot.edit_message_text(
            telegram_html(message),
            chat,
            int(message_id),
            parse_mode=ParseMode.HTML,
            link_preview_options=_NO_PREVIEW,
        )
        try:
            await _answer(request, target)
        except _Unchanged:
            return

    async def find(self, target: str, delivery: str, since: float) -> str | None:  # noqa: ARG002
        """Raises OutcomeUnknown: a bot cannot read what it sent."""
        raise OutcomeUnknown(
            "Telegram ne permet pas de retrouver un message déjà envoyé\u00a0: regardez dans "
            f"«\u00a0{target}\u00a0» s’il y est.",
            f"Telegram lets no bot find a message that was sent: look in “{target}” whether it is there.",
        )

    def permalink(self, target: str, message_id: str) -> str | None:
        """The message's address in a supergroup, a channel or a public chat; other chats have none."""
        chat, topic = _place(target)
        place = f"{topic}/{message_id}" if topic is not None else message_id
        if isinstance(chat, str):
            return f"https://t.me/{chat[1:]}/{place}"
        if str(chat).startswith(_SUPERGROUP):
            return f"https://t.me/c/{str(chat).removeprefix(_SUPERGROUP)}/{place}"
        return None

    async def check(self, target: str) -> Access:
        """Asks who the bot is, whether it reaches the chat, and what it may do there."""
        place, topic = _place(target)
        account = await _answer(self._bot.get_me(), target)
        chat = await _answer(self._bot.get_chat(place), target)
        member = None
        if chat.type != ChatType.PRIVATE:
            member = await _answer(self._bot.get_chat_member(place, account.id), target)
        return Access(
            account.username or account.first_name,
            tuple(lacks(target, chat, member, topic)),
            tuple(remarks(target, chat, topic)),
        )

    async def close(self) -> None:
        """Closes the connections."""
        await self._request.shutdown()


class _Unchanged(VigieError):
    """The text is the one that the message has already."""


def _place(target: str) -> tuple[int | str, int | None]:
    """The chat and the topic that `target` names. Raises TargetRefused."""
    chat, _, topic = target.partition("/")
    try:
        if chat[:1] == "@" and len(chat) > 1:
            return chat, int(topic) if topic else None
        return int(chat), int(topic) if topic else None
    except ValueError:
        raise TargetRefused(
            f"«\u00a0{target}\u00a0» n’est pas une discussion Telegram\u00a0: écrivez son numéro (-100…) ou son "
            "@nom public, suivi de «\u00a0/sujet\u00a0» pour un sujet.",
            f"“{target}” is no Telegram chat: write its number (-100…) or its public @name, followed by "
            "“/topic” for a topic.",
        ) from None


async def _answer(request: Awaitable[_T], target: str, *, creates: bool = False) -> _T:
    """What Telegram answers; raises the errors of bot.channels.base."""
    try:
        async with asyncio.timeout(_TIMEOUT):
            return await request
    except TelegramError as error:
        raise _failure(error, target, creates=creates) from error
    except (AttributeError, KeyError, TypeError, ValueError, TimeoutError) as error:
        # What was answered is of another shape than the library reads, or comes too slowly.
        raise outcomes.troubled(_NAME, type(error).__name__, creates=creates) from error


def _failure(error: TelegramError, target: str, *, creates: bool) -> VigieError:
    """What an exception of python-telegram-bot means for the outbox."""
    name = _NAME
    words = error.message.lower()
    match error:
        case RetryAfter(retry_after=wait):
            return outcomes.too_many(name, wait.total_seconds() if isinstance(wait, timedelta) else wait)
        case ChatMigrated():
            return TargetMoved(
                f"Le groupe Telegram «\u00a0{target}\u00a0» a un nouveau numéro, {error.new_chat_id}\u00a0: "
                "reportez-le dans la configuration.",
                f"The Telegram group “{target}” has a new number, {error.new_chat_id}: "
                "put it in the configuration.",
                str(error.new_chat_id),
            )
        case InvalidToken():
            return outcomes.token_refused(
                name,
                "demandez-en un à @BotFather et mettez-le dans la configuration",
                "ask @BotFather for one and put it in the configuration",
            )
        case Forbidden():
            return TargetRefused(
                f"Le bot n’a plus accès à «\u00a0{target}\u00a0» sur Telegram\u00a0: ajoutez-le de nouveau à la "
                "discussion, ou débloquez-le.",
                f"The bot has no access to “{target}” on Telegram: add it to the chat again, or unblock it.",
            )
        case BadRequest() if _UNCHANGED in words:
            return _Unchanged("Le message est inchangé.", "The message is unchanged.")
        case BadRequest() if any(told in words for told in _GONE):
            return outcomes.gone(name)
        case BadRequest() if any(told in words for told in _NO_TARGET):
            return TargetRefused(
                f"Telegram ne trouve pas «\u00a0{target}\u00a0» ou n’y laisse pas écrire le bot\u00a0: vérifiez le "
                "numéro de la discussion et du sujet, et donnez au bot le droit d’y écrire.",
                f"Telegram does not find “{target}” or does not let the bot post there: check the number of "
                "the chat and of the topic, and let the bot post there.",
            )
        case BadRequest():
            return outcomes.unexpected(name, error.message)
    if refused_certificate(error):
        return outcomes.certificate_refused(name)
    if isinstance(error.__cause__, _NOT_SENT):
        return outcomes.not_reached(name)
    reason = type(error.__cause__ or error).__name__
    return outcomes.troubled(name, reason, creates=creates)
