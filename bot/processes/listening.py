"""Vigie's ear on Telegram, as the settings make it: called by it, or asking it."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from bot.options.settings import TelegramSettings
from bot.platforms.telegram import TelegramBot, Webhook
from bot.platforms.telegram_answers import TelegramAnswers
from bot.processes.app import App


def telegram_bot(app: App, settings: TelegramSettings) -> TelegramBot:
    """The bot, not started. With a webhook's secret it is called by Telegram, else it asks."""
    secret = settings.webhook_secret
    address = f"{app.settings.site_url}/telegram/webhook"
    token, language = settings.token.get_secret_value(), app.settings.language
    answers = TelegramAnswers(
        app.chat, secret=token, language=language, clock=app.clock, chats=settings.chats
    )
    return TelegramBot(
        answers.application(token=token, api_url=str(settings.api_url).rstrip("/")),
        language=language,
        clock=app.clock,
        webhook=Webhook(address, secret.get_secret_value()) if secret else None,
    )


@contextlib.asynccontextmanager
async def asking_telegram(app: App, settings: TelegramSettings) -> AsyncIterator[None]:
    """Asks Telegram for updates until the block ends, then lets the one that is being answered end.

    One process at a time may: Telegram refuses a second one that asks.
    """
    bot = telegram_bot(app, settings)
    await bot.start()
    try:
        yield
    finally:
        await bot.stop()
