"""What Slack sends, through Bolt (https://docs.slack.dev/tools/bolt-python/): the slash command, buttons, mentions
of the app and direct messages to it.

Bolt checks the signature and the five minutes of the timestamp. Everything is acknowledged at once, since Slack
gives up after three seconds, and answered through its response_url, or by a message where there is none.
"""

from __future__ import annotations

import html
import re
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from slack_bolt import BoltResponse
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext, AsyncRespond
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.asking.chat import Caller
from bot.channels.layout import SLACK_ACTION, slack_actions, slack_blocks, slack_text
from bot.platforms.answering import MAX_BODY, Answerer, Later, answered, is_public
from bot.platforms.signing import Seen
from bot.wording.message import TRIGGER, Message

_FALLBACK = 4_000
"""Bytes of the text for notifications and screen readers, which Slack advises to keep under 4,000 characters."""

_TIMESTAMP = re.compile("[0-9]{1,12}")
_WINDOW = timedelta(minutes=11)
"""Longer than a signature is good for: five minutes before and after its timestamp."""
_TIMEOUT = 20

_MENTION = re.compile(r"<@[A-Z0-9]+(?:\|[^>]*)?>")
_LINKED = re.compile(r"<(?:[#!@]?[^>|]*)\|([^>]*)>|<(https?://[^>]*|mailto:[^>]*)>")

_log = structlog.get_logger(__name__)


def slack_app(
    answerer: Answerer,
    *,
    token: str,
    signing_secret: str,
    language: str,
    clock: Callable[[], datetime],
    later: Later,
    api_url: str = AsyncWebClient.BASE_URL,
    workspaces: Collection[str] = (),
) -> AsyncApp:
    """The Bolt application that answers; it serves HTTP (`slack_routes`) as well as Socket Mode.

    Bolt waits for nothing when it ends: what is answered after the acknowledgement goes on in `later`. `workspaces`
    are the ids of those that may call; all that have the app when it is empty.
    """

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        # One workspace, one token: asking auth.test first would make every answer wait for Slack's API.
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=token)

    app = AsyncApp(name="vigie", signing_secret=signing_secret, authorize=authorize)
    base_url = api_url if api_url.endswith("/") else api_url + "/"
    client = AsyncWebClient(token, base_url=base_url, timeout=_TIMEOUT, retry_handlers=[])
    events, signatures = Seen(clock, timedelta(hours=1)), Seen(clock, _WINDOW)

    async def allowed(
        request: AsyncBoltRequest, context: AsyncBoltContext, next: Callable[[], Awaitable[BoltResponse]]
    ) -> BoltResponse:
        signature = request.headers.get("x-slack-signature")  # Socket Mode has none
        if signature and not signatures.first(signature[0]):
            _log.warning("request replayed", platform="slack")
            return BoltResponse(status=401, body="this request came before")
        if workspaces and context.team_id not in workspaces:
            _log.warning("workspace not allowed", platform="slack", team=context.team_id)
            return BoltResponse(status=403, body="workspace not allowed")
        return await next()

    async def command(ack: AsyncAck, respond: AsyncRespond, command: Mapping[str, str]) -> None:
        await ack()
        channel = command.get("channel_id") or ""
        caller = _caller(command.get("user_id") or "", channel, command.get("user_name") or "")
        text = html.unescape(command.get("text") or "")  # Slack writes & < > as entities

        async def work() -> None:
            await reply(respond, await answered(answerer, text, caller, language=language))

        later.start(work())

    async def pressed(ack: AsyncAck, respond: AsyncRespond, body: Mapping[str, Any]) -> None:
        await ack()
        action: Mapping[str, Any] = body["actions"][0]
        user: Mapping[str, Any] = body["user"]
        channel = str((body.get("channel") or {}).get("id") or "")
        caller = _caller(str(user["id"]), channel, str(user.get("username") or ""))

        async def work() -> None:
            message = await answered(answerer, str(action.get("value") or ""), caller, language=language)
            await reply(respond, message, replace=not is_public(message))

        later.start(work())

    async def reply(respond: AsyncRespond, message: Message, *, replace: bool = False) -> None:
        response = await respond(
            **_shown(message),
            response_type="in_channel" if is_public(message) else "ephemeral",
            replace_original=replace,
            unfurl_links=False,
            unfurl_media=False,
        )
        if response.status_code != 200:
            _log.error("answer refused", platform="slack", status=response.status_code, error=response.body)

    async def said(body: Mapping[str, Any], event: Mapping[str, Any]) -> None:
        """A mention in a channel, or a direct message: what people say, not what apps or edits say."""
        direct = event.get("channel_type") == "im"
        if event.get("type") == "message" and not direct:
            return
        if event.get("subtype") or event.get("bot_id") or not event.get("user"):
            return
        if not events.first(str(body.get("event_id"))):
            return  # Slack tells an event again when it was not sure of the first time
        later.start(tell(event, direct=direct))

    async def tell(event: Mapping[str, Any], *, direct: bool) -> None:
        channel, user = str(event["channel"]), str(event["user"])
        message = await answered(
            answerer, _plain(str(event.get("text") or "")), _caller(user, channel), language=language
        )
        shown = _shown(message)
        thread = event.get("thread_ts")
        try:
            if direct or is_public(message):
                await client.chat_postMessage(
                    channel=channel, thread_ts=thread, unfurl_links=False, unfurl_media=False, **shown
                )
            else:
                await client.chat_postEphemeral(channel=channel, user=user, thread_ts=thread, **shown)
        except SlackApiError as error:
            _log.error("answer refused", platform="slack", error=error.response.get("error"))
        except Exception as error:  # whatever the library raises when Slack is not reached
            _log.error("answer refused", platform="slack", error=type(error).__name__)

    app.middleware(allowed)
    app.command(TRIGGER)(command)
    app.action(re.compile(f"^{SLACK_ACTION}[0-9]+$"))(pressed)
    app.event("app_mention")(said)
    app.event("message")(said)
    return app


def slack_routes(app: AsyncApp) -> list[Route]:
    """The route that Slack calls for commands, buttons and events.

    A wrong signature, an old request or one that came before is answered 401, another workspace 403.
    """
    handler = AsyncSlackRequestHandler(app)

    async def events(request: Request) -> Response:
        if not await _well_formed(request):
            return PlainTextResponse("invalid request", status_code=401)
        return await handler.handle(request)

    return [Route("/slack/events", events, methods=["POST"], max_body_size=MAX_BODY)]


def _caller(user: str, channel: str, name: str = "") -> Caller:
    hidden = bool(channel) and not channel.startswith("D")
    return Caller("slack", user, channel, hidden=hidden, name=f"@{name}" if name else "", direct=user)


def _shown(message: Message) -> dict[str, Any]:
    return {
        "text": slack_text(message, _FALLBACK),
        "blocks": [*slack_blocks(message), *slack_actions(message)],
    }


def _plain(text: str) -> str:
    """What a person typed, from Slack's notation (https://docs.slack.dev/messaging/formatting-message-text)."""
    text = _LINKED.sub(lambda found: found[1] or found[2] or "", _MENTION.sub("", text))
    return html.unescape(text).strip()


async def _well_formed(request: Request) -> bool:
    """Whether Bolt can read the request: what it cannot, it raises on instead of refusing."""
    timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
    signature = request.headers.get("X-Slack-Signature", "")
    try:
        (await request.body()).decode()
    except UnicodeDecodeError:
        return False
    return _TIMESTAMP.fullmatch(timestamp) is not None and signature.isascii()
