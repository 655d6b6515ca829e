"""What a process serves by HTTP: feeds, pages, and what the platforms and the forge call."""

from __future__ import annotations

import asyncio
import contextlib
import gc
from collections.abc import AsyncIterator, Awaitable, Callable

import structlog
import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect
from starlette.routing import Route

from bot.ending import PATIENCE, Ending
from bot.processes.app import App
from bot.processes.observed import Observed, metrics_route
from bot.processes.readiness import Readiness
from bot.processes.receiving import Bounded, unfinished
from bot.processes.server import Server, listening_on
from feeds import routes as feed_routes
from feeds.headers import transport
from feeds.page_routes import rehearse
from feeds.shown import Shown
from postings.errors import VigieError

_LAST_ANSWERS = int(PATIENCE) // 2
"""Seconds that requests under way have to end when nothing new is listened to."""
_AGAIN = 5.0
"""Seconds after which what could not be read is tried again."""

_log = structlog.get_logger(__name__)


@contextlib.asynccontextmanager
async def web(
    app: App, called: Callable[[], Awaitable[None]], told: Ending, readiness: Readiness
) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """What listens to HTTP, from the beginning of the block; it yields what serves until `told` is set.

    `called` is called when the forge says that something was pushed. Raises ConfigurationError when the address
    cannot be listened on.
    """
    settings = app.settings
    async with contextlib.AsyncExitStack() as stack:
        listener = stack.enter_context(contextlib.closing(listening_on(settings.bind, settings.port)))
        shown = Shown(app.store, app.clock)
        routes = [
            *feed_routes.routes(
                app.store,
                public_url=settings.site_url,
                clock=app.clock,
                edit=app.edited,
                shown=shown,
                contact=settings.contact,
                hub=None if settings.hub is None else str(settings.hub),
            ),
            *_commands(app, stack),
            *await _telegram(app, stack),
            *_hooks(app, called),
            *_operator(app, readiness),
        ]
        failures = {**feed_routes.failures(settings.site_url), ClientDisconnect: unfinished}
        config = uvicorn.Config(
            Observed(
                Bounded(Starlette(routes=routes, exception_handlers=failures), told), app.metrics, told.is_set
            ),
            log_config=None, access_log=False, lifespan="off", proxy_headers=False, server_header=False,
            timeout_graceful_shutdown=_LAST_ANSWERS, headers=transport(settings.site_url),
        )  # fmt: skip

        async def rehearsed() -> None:
            await rehearse(app.store, shown, public_url=settings.site_url, clock=app.clock)

        async def serve() -> None:
            host, port = listener.getsockname()[:2]
            _log.info("serving", address=f"http://{host}:{port}", public=settings.site_url)
            preparing = asyncio.create_task(
                _prepared(readiness, shown.view, app.store.prepare, rehearsed, _settled), name="preparing"
            )
            try:
                await Server(config, told).serve([listener])
            finally:
                preparing.cancel()
                await asyncio.gather(preparing, return_exceptions=True)

        yield serve


@contextlib.asynccontextmanager
async def operator_web(
    app: App, port: int, told: Ending, readiness: Readiness
) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """The same as `web` for a process that serves nothing but what its operator asks.

    Raises ConfigurationError when the port cannot be listened on.
    """
    with contextlib.closing(listening_on(app.settings.bind, port)) as listener:
        served = Observed(Starlette(routes=_operator(app, readiness)), app.metrics, told.is_set)
        config = uvicorn.Config(
            served, log_config=None, access_log=False, lifespan="off", proxy_headers=False,
            server_header=False, timeout_graceful_shutdown=_LAST_ANSWERS,
        )  # fmt: skip

        async def serve() -> None:
            host, bound = listener.getsockname()[:2]
            _log.info("serving", address=f"http://{host}:{bound}")
            await Server(config, told).serve([listener])

        yield serve


def _operator(app: App, readiness: Readiness) -> list[Route]:
    """What is for the operator: health and figures."""
    token = app.settings.metrics_token
    secret = token.get_secret_value() if token else None
    return [*readiness.routes(), metrics_route(app.metrics, app.store, secret)]


async def prepare(*reads: Callable[[], Awaitable[object]]) -> bool:
    """Reads what people are answered from, in order, so that none of them waits for it; returns whether it could."""
    try:
        for read in reads:
            await read()
    except VigieError as error:
        _log.warning("not prepared", error=error.english)
        return False
    _log.info("prepared")
    return True


async def _prepared(readiness: Readiness, *reads: Callable[[], Awaitable[object]]) -> None:
    """Reads it, again and again until it could be."""
    while not readiness.loaded:
        readiness.loaded = await prepare(*reads)
        if not readiness.loaded:
            await asyncio.sleep(_AGAIN)


async def _settled() -> None:
    """What was read stays: going through it again at each full collection would hold all requests up for a while."""
    gc.collect()
    gc.freeze()


def _commands(app: App, stack: contextlib.AsyncExitStack) -> list[Route]:
    """What Mattermost and Slack call when somebody types a command, presses a button or talks to the bot."""
    settings, language = app.settings, app.settings.language
    routes: list[Route] = []
    if settings.mattermost is not None and settings.mattermost.command_tokens:
        from bot.platforms.mattermost import MattermostBot
        from bot.platforms.mattermost_server import MattermostServer

        token = settings.mattermost.token.get_secret_value()
        bot = MattermostBot(
            app.chat,
            MattermostServer(str(settings.mattermost.url), token),
            tokens=[token.get_secret_value() for token in settings.mattermost.command_tokens],
            secret=token,
            site_url=settings.site_url,
            clock=app.clock,
            language=language,
            teams=settings.mattermost.teams,
        )
        stack.push_async_callback(bot.stop)
        routes += bot.routes()
    if settings.slack is not None and settings.slack.signing_secret is not None:
        from bot.platforms.answering import Later
        from bot.platforms.slack import slack_app, slack_routes

        later = Later()
        stack.push_async_callback(later.ended)
        bolt = slack_app(
            app.chat,
            token=settings.slack.token.get_secret_value(),
            signing_secret=settings.slack.signing_secret.get_secret_value(),
            language=language,
            clock=app.clock,
            later=later,
            api_url=str(settings.slack.api_url),
            workspaces=settings.slack.workspaces,
        )
        routes += slack_routes(bolt)
    return routes


async def _telegram(app: App, stack: contextlib.AsyncExitStack) -> list[Route]:
    """What Telegram calls, where it has an address to call; else whoever watches asks it."""
    if app.settings.telegram is None or app.settings.telegram.webhook_secret is None:
        return []
    from bot.processes.listening import telegram_bot

    bot = telegram_bot(app, app.settings.telegram)
    await bot.start()
    stack.push_async_callback(bot.stop)
    return bot.routes()


def _hooks(app: App, called: Callable[[], Awaitable[None]]) -> list[Route]:
    """What the forge calls after a push."""
    hooks = app.settings.hooks
    if hooks is None:
        return []
    from bot.platforms.forge import forge_routes

    return forge_routes(called, hooks.secret.get_secret_value(), language=app.settings.language)
