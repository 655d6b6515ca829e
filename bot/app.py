"""One process that does everything: watches, announces, serves feeds and pages, answers in chat."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import structlog
import uvicorn
from rich.console import Console
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot import commands
from bot.announcer import Announcer
from bot.answers import answer
from bot.channels.base import Channel
from bot.looking import LAST_ANSWERS, Looking, ended
from bot.message import Message
from bot.mistakes import ConfigurationError
from bot.outbox import Dispatcher
from bot.serving import Server, listening_on
from bot.settings import Settings, SourceSettings
from bot.sources_check import check_sources
from bot.stopped import fingerprints
from bot.watcher import Watcher
from feeds import routes as feed_routes
from postings.errors import VigieError
from postings.sources.base import Source
from postings.sources.directory import QUIET, DirectorySource
from postings.sources.git import GitSource
from postings.sources.git_repository import without_credentials
from postings.store import Store

_log = structlog.get_logger(__name__)


def utc_now() -> datetime:
    """The clock of production: the present instant in UTC."""
    return datetime.now(UTC)


class App:
    """The parts of one process, put together from the settings. `clock` returns the present instant in UTC."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        channels: Mapping[str, Channel],
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.settings = settings
        self.store = store
        self.clock = clock
        self.channels = channels
        owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self.dispatcher = Dispatcher(
            store,
            channels,
            clock=clock,
            owner=owner,
            configured=fingerprints(settings),
            staff=settings.staff_channel,
            language=settings.language,
        )
        announcer = Announcer(
            settings.channels,
            timedelta(minutes=settings.settle),
            flood_limit=settings.flood_limit,
            mass_change=settings.mass_change,
            staff=settings.staff_channel,
            named=len(settings.sources) > 1,
        )
        self.sources = [source_of(source, settings.data, clock) for source in settings.sources]
        self.watchers = [
            Watcher(
                store,
                watched,
                announcer,
                address=without_credentials(source.address),
                policy=settings.policy,
                posting_url=settings.posting_url,
                clock=clock,
                first=number == 0,
            )
            for number, (source, watched) in enumerate(zip(settings.sources, self.sources, strict=True))
        ]

    async def answer(self, text: str) -> Message:
        """The answer to what somebody typed after the command. Raises StoreError."""
        return await answer(
            commands.parse(text), self.store, now=self.clock(), language=self.settings.language
        )

    async def look(self, watcher: Watcher) -> None:
        """One look at one source. A fault is logged and the next look tries again."""
        try:
            await watcher.look()
        except VigieError as error:
            _log.warning("look failed", error=error.english)
        except Exception:
            _log.exception("look failed")
        self.dispatcher.wake()

    async def tick(self) -> None:
        """What the clock causes by now, in every source."""
        for watcher in self.watchers:
            try:
                await watcher.tick()
            except VigieError as error:
                _log.warning("tick failed", error=error.english)
            except Exception:
                _log.exception("tick failed")
        self.dispatcher.wake()


def source_of(settings: SourceSettings, data: Path, clock: Callable[[], datetime] = utc_now) -> Source:
    """The source that some settings name. Raises SourceError when it cannot exist."""
    if settings.kind in {"jobs_api", "welcomekit"}:
        from bot.lists import list_of

        return list_of(settings, clock)
    if settings.kind == "directory":
        return DirectorySource(settings.name, Path(settings.address), layout=settings.layout, quiet=QUIET)
    mirror = data / "sources" / f"{settings.name}.git"
    return GitSource(
        settings.name,
        settings.address,
        mirror,
        branch=settings.branch,
        layout=settings.layout,
        depth=settings.depth,
    )


def channels_of(settings: Settings) -> dict[str, Channel]:
    """The platforms that are configured, by name. A platform's libraries are imported only then."""
    channels: dict[str, Channel] = {}
    if any(target.partition(":")[0] == "console" for target in settings.targets):
        from bot.channels.console import ConsoleChannel

        channels["console"] = ConsoleChannel(Console())
    if settings.mattermost is not None:
        from bot.channels.mattermost import MattermostChannel

        mattermost = settings.mattermost
        channels["mattermost"] = MattermostChannel(str(mattermost.url), mattermost.token.get_secret_value())
    if settings.slack is not None:
        from bot.channels.slack import SlackChannel

        slack = settings.slack
        channels["slack"] = SlackChannel(slack.token.get_secret_value(), str(slack.api_url))
    if settings.telegram is not None:
        from bot.channels.telegram import TelegramChannel

        telegram = settings.telegram
        channels["telegram"] = TelegramChannel(
            telegram.token.get_secret_value(), str(telegram.api_url).rstrip("/")
        )
    return channels


async def serve(settings: Settings) -> None:
    """Runs until the process is asked to stop (SIGINT, SIGTERM). Raises ConfigurationError, SourceError, StoreError."""
    if not settings.sources:
        raise ConfigurationError(
            "Aucune source n’est configurée : lancez « vigie init », ou ajoutez [[sources]] dans vigie.toml.",
            "No source is configured: run “vigie init”, or add [[sources]] to vigie.toml.",
        )
    store = await Store.open(settings.database)
    channels: dict[str, Channel] = {}
    try:
        await check_sources(store, settings.sources)
        channels = channels_of(settings)
        app = App(settings, store, channels)
        async with contextlib.AsyncExitStack() as stack:
            listener = stack.enter_context(contextlib.closing(listening_on(settings.bind, settings.port)))
            listening = await _platforms(app, stack)
            looking = _looking(app)
            web = Starlette(
                routes=[
                    *feed_routes.routes(store, public_url=settings.site_url, clock=app.clock),
                    *listening,
                    *_hooks(app, looking),
                    Route("/healthz", _healthy),
                ],
                exception_handlers=feed_routes.failures(settings.site_url),
            )
            await stack.enter_async_context(looking.running())
            await stack.enter_async_context(_dispatching(app))
            config = uvicorn.Config(
                web, log_config=None, access_log=False, lifespan="off", proxy_headers=False, server_header=False,
                timeout_graceful_shutdown=LAST_ANSWERS,
            )  # fmt: skip
            host, port = listener.getsockname()[:2]
            _log.info("serving", address=f"http://{host}:{port}", public=settings.site_url)
            await Server(config).serve([listener])
    finally:
        for channel in channels.values():
            await channel.close()
        await store.close()


async def _platforms(app: App, stack: contextlib.AsyncExitStack) -> list[Route]:
    """What listens to the chat platforms: routes that they call, and Telegram's polling."""
    settings, language = app.settings, app.settings.language
    routes: list[Route] = []
    if settings.mattermost is not None and settings.mattermost.command_tokens:
        from bot.platforms.mattermost import mattermost_routes

        tokens = [token.get_secret_value() for token in settings.mattermost.command_tokens]
        routes += mattermost_routes(app.answer, tokens, language=language)
    if settings.slack is not None and settings.slack.signing_secret is not None:
        from bot.platforms.slack import slack_app, slack_routes

        bolt = slack_app(
            app.answer,
            token=settings.slack.token.get_secret_value(),
            signing_secret=settings.slack.signing_secret.get_secret_value(),
            language=language,
        )
        routes += slack_routes(bolt)
    if settings.telegram is not None:
        from bot.platforms.telegram import TelegramBot, Webhook, telegram_application

        telegram = settings.telegram
        secret = telegram.webhook_secret
        bot = TelegramBot(
            telegram_application(
                app.answer,
                token=telegram.token.get_secret_value(),
                api_url=str(telegram.api_url).rstrip("/"),
                language=language,
            ),
            language=language,
            webhook=Webhook(f"{settings.site_url}/telegram/webhook", secret.get_secret_value())
            if secret
            else None,
        )
        routes += bot.routes()
        await bot.start()
        stack.push_async_callback(bot.stop)
    return routes


def _looking(app: App) -> Looking:
    """What decides when the app's sources are looked at."""
    return Looking(
        [partial(app.look, watcher) for watcher in app.watchers],
        poll=timedelta(minutes=app.settings.poll),
        tick=app.tick,
        next_due=app.store.next_due,
        clock=app.clock,
        changes={
            number: source.changes
            for number, source in enumerate(app.sources)
            if isinstance(source, DirectorySource)
        },
    )


def _hooks(app: App, looking: Looking) -> list[Route]:
    """What the forge calls: it makes every git source be looked at."""
    hooks = app.settings.hooks
    if hooks is None:
        return []
    from bot.platforms.forge import forge_routes

    numbers = [number for number, source in enumerate(app.sources) if isinstance(source, GitSource)]
    return forge_routes(
        partial(looking.call, *numbers), hooks.secret.get_secret_value(), language=app.settings.language
    )


@contextlib.asynccontextmanager
async def _dispatching(app: App) -> AsyncIterator[None]:
    task = asyncio.create_task(app.dispatcher.run(), name="dispatcher")
    try:
        yield
    finally:
        app.dispatcher.stop()
        await ended({task})
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _healthy(_request: Request) -> Response:
    return PlainTextResponse("ok")
