"""What Mattermost sends: the slash command and pressed buttons.

https://developers.mattermost.com/integrate/slash-commands/custom/ and
https://developers.mattermost.com/integrate/plugins/interactive-messages/. A command is known by its token, which
comes in the form and again in the Authorization header; each team's command has its own. A pressed button comes
with neither token nor signature, only with the context that Vigie gave it: so that is signed.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any
from urllib.parse import parse_qs

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.asking.chat import Caller
from bot.asking.commands import Call, Name, parse
from bot.channels.layout import mattermost_attachments, mattermost_text
from bot.platforms.answering import (
    MAX_BODY,
    PATIENCE,
    Answerer,
    Later,
    answered,
    expected,
    is_public,
    soon,
    stale,
)
from bot.platforms.mattermost_server import MattermostServer
from bot.platforms.signing import Refusal, Seen, Signer
from bot.wording.message import TRIGGER, Message
from postings.text import french
from postings.wording import pick

ACTION = "/mattermost/action"
_FIELDS = 100
_REPLAYED = timedelta(hours=1)
_DIRECT = re.compile("[a-z0-9]{26}__[a-z0-9]{26}")
"""The name of a direct channel: the ids of the two who talk there."""

_log = structlog.get_logger(__name__)


class MattermostBot:
    """Answers commands and buttons. `tokens` are those of the commands that may call, `teams` those allowed (or all).

    `site_url` is where Mattermost reaches Vigie, `secret` what contexts are signed with.
    """

    def __init__(
        self,
        answerer: Answerer,
        server: MattermostServer,
        *,
        tokens: Sequence[str],
        secret: str,
        site_url: str,
        clock: Callable[[], datetime],
        language: str,
        teams: Collection[str] = (),
        patience: float = PATIENCE,
    ) -> None:
        self._answerer = answerer
        self._server = server
        self._tokens = tokens
        self._signer = Signer(secret, clock)
        self._url = site_url + ACTION
        self._language = language
        self._teams = teams
        self._patience = patience
        self._triggers = Seen(clock, _REPLAYED)
        self._later = Later()

    def routes(self) -> list[Route]:
        """Of the slash command and of the buttons.

        A wrong token, a context that is not Vigie's or is somebody else's, a request seen before: 401; a team that
        is not allowed 403, a body of another form 400, one over 64 kB 413.
        """
        command = Route("/mattermost/command", self._command, methods=["POST"], max_body_size=MAX_BODY)
        return [command, Route(ACTION, self._action, methods=["POST"], max_body_size=MAX_BODY)]

    async def stop(self) -> None:
        """Lets the answers that are still to come be sent, and closes the connections."""
        await self._later.ended()
        await self._server.close()

    async def _command(self, request: Request) -> Response:
        try:
            form = parse_qs((await request.body()).decode(), max_num_fields=_FIELDS)
        except ValueError:
            return self._refused("La requête n’est pas un formulaire.", "The request is no form.", 400)
        header = request.headers.get("Authorization", "")
        team = _first(form, "team_domain")
        if not _known((_first(form, "token"), header.removeprefix("Token ")), self._tokens):
            _log.warning("slash command refused", platform="mattermost", team=team)
            return self._refused(
                "Jeton refusé : copiez celui de la commande Mattermost dans la configuration de Vigie.",
                "Token refused: copy that of the Mattermost command into Vigie’s configuration.",
            )
        if self._teams and team not in self._teams:
            _log.warning("team not allowed", platform="mattermost", team=team)
            return self._refused(
                "Vigie ne répond pas à cette équipe : ajoutez-la à « teams » dans sa configuration.",
                "Vigie does not answer this team: add it to “teams” in its configuration.",
                403,
            )
        trigger = _first(form, "trigger_id")
        if trigger and not self._triggers.first(trigger):
            _log.warning("request replayed", platform="mattermost")
            return self._refused(
                "Cette requête a déjà été reçue : reposez la question.",
                "This request came before: ask the question again.",
            )
        channel, name = _first(form, "channel_id"), _first(form, "channel_name")
        direct = _DIRECT.fullmatch(name) is not None
        person = f"@{_first(form, 'user_name')}"
        caller = Caller(
            "mattermost",
            _first(form, "user_id"),
            person if direct else f"{team}/{name}",
            hidden=not direct,
            name=person,
            direct=person,
        )
        asked = self._asked(_first(form, "text"), caller)
        if await soon(asked, self._patience):
            return JSONResponse(self._shown(asked.result(), caller, channel))
        self._later.start(self._answer_later(asked, caller, channel, _first(form, "response_url")))
        return _said(expected(self._language), 200)

    async def _answer_later(
        self, asked: asyncio.Task[Message], caller: Caller, channel: str, response_url: str
    ) -> None:
        await self._server.answer_later(response_url, self._shown(await asked, caller, channel))

    async def _action(self, request: Request) -> Response:
        try:
            body: Any = json.loads(await request.body())
        except (ValueError, RecursionError):
            body = None
        if not isinstance(body, dict):
            return JSONResponse({}, 400)
        person, channel = str(body.get("user_id", "")), str(body.get("channel_id", ""))
        read = self._signer.read(body.get("context"), person, channel)
        if read is Refusal.STALE:
            return JSONResponse({"ephemeral_text": stale(self._language)})
        if isinstance(read, Refusal):
            _log.warning("button refused", platform="mattermost")
            return JSONResponse({}, 401)
        asks, caller = read
        if self._teams and caller.hidden and caller.place.partition("/")[0] not in self._teams:
            return JSONResponse({}, 403)
        asked = self._asked(asks, caller)
        if await soon(asked, self._patience):
            return JSONResponse(await self._pressed(asked.result(), asks, caller, channel))
        self._later.start(self._press_later(asked, caller, channel))
        told = pick(
            self._language,
            french("Vigie cherche : la réponse arrive dans un instant, en message direct."),
            "Vigie is looking: the answer will come as a direct message.",
        )
        return JSONResponse({"ephemeral_text": told})

    async def _pressed(self, message: Message, asks: str, caller: Caller, channel: str) -> dict[str, object]:
        """What answers a press: the message in place of the one that had the button, or a word once it is shared."""
        if not is_public(message):
            shown = self._shown(message, caller, channel)
            props = {"attachments": shown.get("attachments", [])}
            return {"update": {"message": shown["text"], "props": props}}
        if await self._server.share(channel, mattermost_text(message)):
            return {
                "ephemeral_text": pick(self._language, "Partagé dans ce canal.", "Shared in this channel.")
            }
        call = parse(asks)
        typed = f"{TRIGGER} {Call(Name.PUBLISH, call.argument, call.page).typed}"
        told = pick(
            self._language,
            french(f"Vigie n’a pas pu écrire dans ce canal : invitez-la, ou tapez « {typed} »."),
            f"Vigie could not write in this channel: invite it, or type “{typed}”.",
        )
        return {"ephemeral_text": told}

    async def _press_later(self, asked: asyncio.Task[Message], caller: Caller, channel: str) -> None:
        message = await asked
        if is_public(message):
            await self._server.share(channel, mattermost_text(message))
        else:
            await self._server.tell(caller.person, mattermost_text(message))

    def _asked(self, text: str, caller: Caller) -> asyncio.Task[Message]:
        work = answered(self._answerer, text, caller, language=self._language)
        return asyncio.create_task(work, name="question")

    def _shown(self, message: Message, caller: Caller, channel: str) -> dict[str, Any]:
        kind = "in_channel" if is_public(message) else "ephemeral"
        shown: dict[str, Any] = {"response_type": kind, "text": mattermost_text(message)}
        attachments = mattermost_attachments(
            message, self._url, lambda button: self._signer.context(button.asks, caller, channel)
        )
        return shown | ({"attachments": attachments} if attachments else {})

    def _refused(self, told: str, english: str, status: int = 401) -> JSONResponse:
        return _said(pick(self._language, french(told), english), status)


def _first(form: Mapping[str, list[str]], name: str) -> str:
    return form.get(name, [""])[0]


def _known(given: Sequence[str], tokens: Sequence[str]) -> bool:
    """Whether one of `given` is one of `tokens`, in a time that depends on neither's content."""
    found = [
        compare_digest(candidate.encode(), token.encode()) for candidate in given for token in tokens if token
    ]
    return any(found)


def _said(text: str, status: int) -> JSONResponse:
    return JSONResponse({"response_type": "ephemeral", "text": text}, status_code=status)
