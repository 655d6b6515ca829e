"""What Telegram sends (https://core.telegram.org/bots/api): commands, buttons, plain text in a private conversation.

With a public address Telegram calls the webhook; without one Vigie asks for updates itself (long polling).
Telegram being down never stops the start: what must be asked first is asked again until it is answered.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest

import structlog
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from telegram import BotCommand, Update
from telegram.error import RetryAfter, TelegramError

from bot.platforms.answering import MAX_BODY, Later
from bot.platforms.signing import Seen
from bot.platforms.telegram_answers import App, commands_of

os.environ.setdefault("PTB_TIMEDELTA", "true")  # else the library warns whenever it makes a RetryAfter

_UPDATES = ("message", "callback_query")
_POLL_SECONDS = 30
_LONGEST_PAUSE = 300.0

_REPEATED = timedelta(days=1)
"""For as long Telegram keeps an update that it could not deliver."""

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


class TelegramBot:
    """Listens to Telegram from `start` to `stop`, by webhook when it is given one, else by long polling.

    `pause` gives the seconds to wait after an error.
    """

    def __init__(
        self,
        application: App,
        *,
        language: str,
        clock: Callable[[], datetime],
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
        self._later = Later()
        self._seen = Seen(clock, _REPEATED)

    def routes(self) -> list[Route]:
        """The webhook's route; none when Vigie polls.

        A wrong secret is answered 401, a body that is no update 400, one over 64 kB 413. Until Telegram could
        be asked who the bot is, 503 makes Telegram send the update again. An update is acknowledged before it is
        answered, and one that came before is only acknowledged.
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
            if self._seen.first(str(found.update_id)):
                self._later.start(self._application.process_update(found))
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
        await self._later.ended()
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
        await bot.set_my_commands(
            [BotCommand(name, said) for name, said in commands_of(self._language).items()]
        )
        if self._webhook is None:
            await bot.delete_webhook()
        else:
            await bot.set_webhook(
                self._webhook.url, secret_token=self._webhook.secret, allowed_updates=_UPDATES
            )

    async def _poll(self) -> None:
        """Asks for updates once, unless told to stop meanwhile, and begins to answer them."""
        asked = asyncio.create_task(self._updates(_POLL_SECONDS), name="telegram updates")
        stopping = asyncio.create_task(self._stopping.wait(), name="telegram stopping")
        await asyncio.wait((asked, stopping), return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not asked.done():
            asked.cancel()
            await asyncio.wait((asked,))
            return
        for update in asked.result():
            self._later.start(self._application.process_update(update))
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
