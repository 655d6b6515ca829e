"""What Slack sends, through Bolt (https://docs.slack.dev/tools/bolt-python/): the slash command.

Bolt checks the signature and the five minutes of the timestamp. A command is acknowledged at once, since Slack
gives up after three seconds, and answered through its response_url.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

import structlog
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_bolt.authorization import AuthorizeResult
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.channels.layout import slack_blocks, slack_text
from bot.commands import TRIGGER
from bot.platforms.answering import MAX_BODY, Answerer, answered, is_public

_FALLBACK = 4_000
"""Bytes of the text for notifications and screen readers, which Slack advises to keep under 4,000 characters."""

_TIMESTAMP = re.compile("[0-9]{1,12}")

_log = structlog.get_logger(__name__)


def slack_app(answerer: Answerer, *, token: str, signing_secret: str, language: str) -> AsyncApp:
    """The Bolt application that answers `/postes`; it serves HTTP (`slack_routes`) as well as Socket Mode."""

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        # One workspace, one token: asking auth.test first would make every answer wait for Slack's API.
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=token)

    app = AsyncApp(name="vigie", signing_secret=signing_secret, authorize=authorize)

    async def command(ack: AsyncAck, respond: AsyncRespond, command: Mapping[str, str]) -> None:
        await ack()
        text = html.unescape(command.get("text") or "")  # Slack writes & < > as entities
        message = await answered(answerer, text, platform="slack", language=language)
        response = await respond(
            text=slack_text(message, _FALLBACK),
            blocks=slack_blocks(message),
            response_type="in_channel" if is_public(message) else "ephemeral",
            unfurl_links=False,
            unfurl_media=False,
        )
        if response.status_code != 200:
            _log.error("answer refused", platform="slack", status=response.status_code, error=response.body)

    app.command(TRIGGER)(command)
    return app


def slack_routes(app: AsyncApp) -> list[Route]:
    """The route that Slack calls for commands and events. A wrong signature or an old request is answered 401."""
    handler = AsyncSlackRequestHandler(app)

    async def events(request: Request) -> Response:
        if not await _well_formed(request):
            return PlainTextResponse("invalid request", status_code=401)
        return await handler.handle(request)

    return [Route("/slack/events", events, methods=["POST"], max_body_size=MAX_BODY)]


async def _well_formed(request: Request) -> bool:
    """Whether Bolt can read the request: what it cannot, it raises on instead of refusing."""
    timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
    signature = request.headers.get("X-Slack-Signature", "")
    try:
        (await request.body()).decode()
    except UnicodeDecodeError:
        return False
    return _TIMESTAMP.fullmatch(timestamp) is not None and signature.isascii()
