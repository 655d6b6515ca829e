"""What Telegram sends (https://core.telegram.org/bots/api): commands, and plain text in a private conversation.

With a public address Telegram calls the webhook; without one Vigie asks for updates itself (long polling).
Telegram being down never stops the start: what must be asked first is asked again until it is answered.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any, TypeAlias

import structlog
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from telegram import BotCommand, LinkPreviewOptions, Update
from telegram.error import RetryAfter, TelegramError
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackContext,
    CommandHandler,
    MessageHandler,
    filters,
)

from bot.channels.layout import telegram_html
from bot.commands import COMMANDS, TRIGGER, Name
from bot.platforms.answering import MAX_BODY, Answerer, answered
from postings.wording import pick

App: TypeAlias = Application[Any, Any, Any, Any, Any, Any]
_Context: TypeAlias = CallbackContext[Any, Any, Any, Any]

os.environ.setdefault("PTB_TIMEDELTA", "true")  # else the library warns whenever it makes a RetryAfter

_UPDATES = ("message",)
_POLL_SECONDS = 30
_LONGEST_PAUSE = 300.0

_LIST = TRIGGER.removeprefix("/")
_HELP = next(command for command in COMMANDS if command.name is Name.HELP)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram shall call, and the secret that it sends with each call (1 to 256 of A-Z a-z 0-9 _ -)."""

    url: str
    secret: str


def pause(error: Exception, failures: int) -> float:
    """The seconds to wait after an error: those that Telegram asks for, else 2, 4, 8… up to five minutes.

    `failures` is how many there were in a row, this one included.
    """
    if isinstance(error, RetryAfter):
        asked = error.retry_after
        return float(asked) if isinstance(asked, int) else asked.total_seconds()
    return min(_LONGEST_PAUSE, 2.0 ** min(failures, 10))


def telegram_application(answerer: Answerer, *, token: str, api_url: str, language: str) -> App:
    """The application that answers updates; it neither polls nor listens by itself."""

    async def question(update: Update, context: _Context) -> None:
        await reply(update, " ".join(context.args or ()))

    async def usage(update: Update, _context: _Context) -> None:
        await reply(update, pick(language, _HELP.french[0], _HELP.english[0]))

    async def private(update: Update, _context: _Context) -> None:
        text = update.effective_message.text if update.effective_message else None
        await reply(update, (text or "").removeprefix("/"))

    async def reply(update: Update, text: str) -> None:
        if update.effective_message is None:
            return
        message = await answered(answerer, text, platform="telegram", language=language)
        await update.effective_message.reply_html(
            telegram_html(message),
            link_preview_options=LinkPreviewOptions(is_disabled=True),
            allow_sending_without_reply=True,  # in a group it quotes the question, which may be gone by then
        )

    async def failed(_update: object, context: _Context) -> None:
        _log.error("answer not sent", platform="telegram", error=str(context.error))

    application: App = (
        ApplicationBuilder().token(token).base_url(f"{api_url}/bot").updater(None).job_queue(None).build()
    )
    new = filters.UpdateType.MESSAGE
    application.add_handler(CommandHandler(_LIST, question, filters=new))
    application.add_handler(CommandHandler([*_HELP.french, *_HELP.english, "start"], usage, filters=new))
    application.add_handler(MessageHandler(new & filters.ChatType.PRIVATE & filters.TEXT, private))
    application.add_error_handler(failed)
    return application


class TelegramBot:
    """Listens to Telegram from `start` to `stop`, by webhook when it is given one, else by long polling.

    `pause` gives the seconds to wait after an error.
    """

    def __init__(
        self,
        application: App,
        *,
        language: str,
        webhook: Webhook | None = None,
        pause: Callable[[Exception, int], float] = pause,
    ) -> None:
        self._application = application
        self._language = language
        self._webhook = webhook
        self._pause = pause
        self._ready = asyncio.Event()
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._offset = 0

    def routes(self) -> list[Route]:
        """The webhook's route; none when Vigie polls.

        A wrong secret is answered 401, a body that is no update 400, one over 64 kB 413. Until Telegram could
        be asked who the bot is, 503 makes Telegram send the update again.
        """
        if self._webhook is None:
            return []
        secret = self._webhook.secret.encode()

        async def update(request: Request) -> Response:
            given = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
            if not compare_digest(given.encode(), secret):
                _log.warning("update refused", platform="telegram")
                return PlainTextResponse("wrong secret token", status_code=401)
            if not self._ready.is_set():
                return PlainTextResponse("not ready yet", status_code=503)
            try:
                found = Update.de_json(await request.json(), self._application.bot)
            except (ValueError, TypeError, KeyError, AttributeError):
                return PlainTextResponse("not an update", status_code=400)
            await self._application.process_update(found)
            return Response(status_code=200)

        return [Route("/telegram/webhook", update, methods=["POST"], max_body_size=MAX_BODY)]

    async def start(self) -> None:
        """Begins to listen, in a task of its own; returns at once whether Telegram answers or not."""
        self._task = asyncio.create_task(self._run(), name="telegram")

    async def stop(self) -> None:
        """Ends listening: an update that is being answered is finished first."""
        self._stopping.set()
        if self._task is not None:
            await self._task
        await self._application.shutdown()
        await self._application.bot.shutdown()  # the application leaves it open when it never was ready

    async def ready(self) -> None:
        """Returns once Telegram has said who the bot is and knows where to send updates."""
        await self._ready.wait()

    async def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            try:
                if not self._ready.is_set():
                    await self._prepare()
                    self._ready.set()
                if self._webhook is not None:
                    return
                await self._poll()
                failures = 0
            except Exception as error:
                failures += 1
                wait = self._pause(error, failures)
                _log.warning(
                    "Telegram does not answer",
                    error=str(error),
                    again_in_seconds=wait,
                    exc_info=not isinstance(error, TelegramError),  # else it is a mistake of ours
                )
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), wait)
        await self._confirm()

    async def _prepare(self) -> None:
        bot = self._application.bot
        await self._application.initialize()
        questions = next(command for command in COMMANDS if command.name is Name.LIST)
        await bot.set_my_commands(
            [
                BotCommand(_LIST, pick(self._language, questions.french_help, questions.english_help)),
                BotCommand(
                    pick(self._language, _HELP.french[0], _HELP.english[0]),
                    pick(self._language, _HELP.french_help, _HELP.english_help),
                ),
            ]
        )
        if self._webhook is None:
            await bot.delete_webhook()
        else:
            await bot.set_webhook(
                self._webhook.url, secret_token=self._webhook.secret, allowed_updates=_UPDATES
            )

    async def _poll(self) -> None:
        """Asks for updates once, unless told to stop meanwhile, and answers them one after the other."""
        asked = asyncio.create_task(self._updates(_POLL_SECONDS), name="telegram updates")
        stopping = asyncio.create_task(self._stopping.wait(), name="telegram stopping")
        await asyncio.wait((asked, stopping), return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not asked.done():
            asked.cancel()
            await asyncio.wait((asked,))
            return
        for update in asked.result():
            await self._application.process_update(update)
            self._offset = update.update_id + 1

    async def _updates(self, seconds: int) -> Sequence[Update]:
        updates: Sequence[Update] = await self._application.bot.get_updates(
            offset=self._offset or None, timeout=seconds, allowed_updates=_UPDATES
        )
        return updates

    async def _confirm(self) -> None:
        """Tells Telegram which updates were answered, so that the next start does not answer them again."""
        if self._offset:
            with contextlib.suppress(TelegramError):
                await self._updates(0)
