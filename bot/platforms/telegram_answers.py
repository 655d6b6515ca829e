"""What Telegram's updates are answered with: commands, text in a private conversation, pressed buttons.

A button's data is 64 bytes at most (https://core.telegram.org/bots/api#inlinekeyboardbutton). It is what the button
asks, where that fits; in a long question its words are left out, since the answer stands as a reply to the message
that has them. Data that a client may have forged is signed for its chat.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

import structlog
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, Message, Update
from telegram.error import BadRequest, TelegramError
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackContext,
    CallbackQueryHandler,
    CommandHandler,
    MessageHandler,
    filters,
)

from bot.asking.chat import Caller
from bot.asking.commands import COMMANDS, Call, Name, command_of, parse
from bot.channels.layout import telegram_html, telegram_keyboard
from bot.platforms.answering import Answerer, answered, stale
from bot.platforms.signing import LIFETIME, Signer
from bot.wording import message as neutral
from bot.wording.message import TRIGGER
from postings.text import fold
from postings.wording import pick

App: TypeAlias = Application[Any, Any, Any, Any, Any, Any]
_Context: TypeAlias = CallbackContext[Any, Any, Any, Any]

_LIST = TRIGGER.removeprefix("/")
_MOST = 64 - 12  # bytes of data beside the signature
_WORDS = "\n"  # stands in data, which is one line, for the words of the question that is replied to

_log = structlog.get_logger(__name__)


def commands_of(language: str) -> Mapping[str, str]:
    """The commands that Telegram shows, by name, each with its help: a to z and digits only."""
    questions = command_of(Name.LIST)
    shown = {_LIST: pick(language, questions.french_help, questions.english_help)}
    for command in COMMANDS:
        if command.alone:
            name = fold(pick(language, command.french[0], command.english[0]))
            shown[name] = pick(language, command.french_help, command.english_help)
    return shown


class TelegramAnswers:
    """Makes the application that answers updates. `chats` are the groups that are answered; all when it is empty."""

    def __init__(
        self,
        answerer: Answerer,
        *,
        secret: str,
        language: str,
        clock: Callable[[], datetime],
        chats: Collection[int] = (),
    ) -> None:
        self._answerer = answerer
        self._signer = Signer(secret, clock)
        self._language = language
        self._clock = clock
        self._chats = chats

    def application(self, *, token: str, api_url: str) -> App:
        """The application, which neither polls nor listens by itself."""
        application: App = (
            ApplicationBuilder().token(token).base_url(f"{api_url}/bot").updater(None).job_queue(None).build()
        )
        new = filters.UpdateType.MESSAGE
        application.add_handler(CommandHandler(_LIST, self._question, filters=new))
        for command in COMMANDS:
            if command.alone:
                names = sorted({fold(name) for name in (*command.french, *command.english)})
                application.add_handler(CommandHandler(names, self._named(command.name), filters=new))
        application.add_handler(CommandHandler("start", self._named(Name.HELP), filters=new))
        application.add_handler(MessageHandler(new & filters.ChatType.PRIVATE & filters.TEXT, self._private))
        application.add_handler(CallbackQueryHandler(self._pressed))
        application.add_error_handler(_failed)
        return application

    async def _question(self, update: Update, context: _Context) -> None:
        await self._reply(update, " ".join(context.args or ()))

    def _named(self, name: Name) -> Callable[[Update, _Context], Any]:
        command = command_of(name)
        first = pick(self._language, command.french[0], command.english[0])

        async def answer(update: Update, context: _Context) -> None:
            await self._reply(update, " ".join((first, *(context.args or ()))))

        return answer

    async def _private(self, update: Update, _context: _Context) -> None:
        await self._reply(update, _typed(update.effective_message))

    async def _reply(self, update: Update, text: str) -> None:
        asked, caller = update.effective_message, self._caller(update)
        if asked is None or caller is None:
            return
        message = await answered(self._answerer, text, caller, language=self._language)
        await asked.reply_html(
            telegram_html(message),
            link_preview_options=LinkPreviewOptions(is_disabled=True),
            reply_markup=self._keyboard(message, asked, caller),
            do_quote=bool(message.buttons) or not caller.place.isdigit(),
            allow_sending_without_reply=True,  # the question may be gone by then
        )

    async def _pressed(self, update: Update, _context: _Context) -> None:
        query = update.callback_query
        caller = self._caller(update)
        if query is None or caller is None:
            return
        shown = query.message if isinstance(query.message, Message) else None
        data = self._signer.unshort(query.data or "", caller.place)
        if data is None:
            _log.warning("button refused", platform="telegram")
            await query.answer()
            return
        asked = shown.reply_to_message if shown is not None else None
        words = _question_of(_typed(asked))
        too_old = shown is None or self._clock().astimezone(UTC) - shown.date > LIFETIME
        if shown is None or too_old or (_WORDS in data and not words):
            await query.answer(stale(self._language))
            return
        await query.answer()
        message = await answered(self._answerer, data.replace(_WORDS, words), caller, language=self._language)
        try:
            await query.edit_message_text(
                telegram_html(message),
                parse_mode="HTML",
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                reply_markup=self._keyboard(message, asked, caller),
            )
        except BadRequest as error:
            if "not modified" not in error.message:
                raise

    def _keyboard(
        self, message: neutral.Message, asked: Message | None, caller: Caller
    ) -> InlineKeyboardMarkup | None:
        """The buttons; one whose question is too long for its data, with or without the words, is left out."""
        words = _question_of(_typed(asked))

        def data(button: neutral.Button) -> str | None:
            told = button.asks
            if len(told.encode()) > _MOST and words:
                told = told.replace(words, _WORDS, 1)
            return self._signer.short(told, caller.place) if len(told.encode()) <= _MOST else None

        rows = telegram_keyboard(message, data)
        if not rows:
            return None
        return InlineKeyboardMarkup(
            [[InlineKeyboardButton(label, callback_data=told) for label, told in row] for row in rows]
        )

    def _caller(self, update: Update) -> Caller | None:
        """Who asks; None in a group that is not answered."""
        chat, user = update.effective_chat, update.effective_user
        if chat is None or user is None:
            return None
        if chat.type != chat.PRIVATE and self._chats and chat.id not in self._chats:
            _log.warning("group not allowed", platform="telegram", chat=chat.id)
            return None
        message = update.effective_message
        topic = message.message_thread_id if message is not None and message.is_topic_message else None
        place = str(chat.id) if topic is None else f"{chat.id}/{topic}"
        return Caller("telegram", str(user.id), place, name=user.name, direct=str(user.id))


def _typed(message: Message | None) -> str:
    """What was typed after a command, or the whole text."""
    text = (message.text or "") if message is not None else ""
    first, _, rest = text.partition(" ")
    if first.partition("@")[0] == TRIGGER:
        return rest
    return text.removeprefix("/")


def _question_of(text: str) -> str:
    call: Call = parse(text)
    return call.argument if call.command in (Name.LIST, Name.PUBLISH) else ""


async def _failed(_update: object, context: _Context) -> None:
    error = context.error
    _log.error(
        "answer not sent",
        platform="telegram",
        error=str(error),
        exc_info=None if isinstance(error, TelegramError) else error,
    )
