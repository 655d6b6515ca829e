"""What Mattermost sends: the slash command (https://developers.mattermost.com/integrate/slash-commands/custom/).

The server calls once with a form and shows the JSON that it is answered with. A request is known by the
command's token, which comes in the form and again in the Authorization header; each team's command has its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from hmac import compare_digest
from urllib.parse import parse_qs

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.channels.layout import mattermost_text
from bot.platforms.answering import MAX_BODY, Answerer, answered, is_public
from postings.wording import pick

_FIELDS = 100

_log = structlog.get_logger(__name__)


def mattermost_routes(answerer: Answerer, tokens: Sequence[str], *, language: str) -> list[Route]:
    """The route of the slash command; `tokens` are those of the commands that may call, one a team.

    A wrong token is answered 401, a body that is no form 400, one over 64 kB 413.
    """

    async def command(request: Request) -> Response:
        try:
            form = parse_qs((await request.body()).decode(), max_num_fields=_FIELDS)
        except ValueError:
            return _said(
                pick(language, "La requête n’est pas un formulaire.", "The request is no form."), 400
            )
        header = request.headers.get("Authorization", "")
        if not _known((_first(form, "token"), header.removeprefix("Token ")), tokens):
            _log.warning("slash command refused", platform="mattermost", team=_first(form, "team_domain"))
            return _said(
                pick(
                    language,
                    "Jeton refusé\u00a0: copiez celui de la commande Mattermost dans la configuration de Vigie.",
                    "Token refused: copy that of the Mattermost command into Vigie’s configuration.",
                ),
                401,
            )
        message = await answered(answerer, _first(form, "text"), platform="mattermost", language=language)
        return _said(mattermost_text(message), 200, public=is_public(message))

    return [Route("/mattermost/command", command, methods=["POST"], max_body_size=MAX_BODY)]


def _first(form: dict[str, list[str]], name: str) -> str:
    return form.get(name, [""])[0]


def _known(given: Sequence[str], tokens: Sequence[str]) -> bool:
    """Whether one of `given` is one of `tokens`, in a time that depends on neither's content."""
    found = [
        compare_digest(candidate.encode(), token.encode()) for candidate in given for token in tokens if token
    ]
    return any(found)


def _said(text: str, status: int, *, public: bool = False) -> JSONResponse:
    kind = "in_channel" if public else "ephemeral"
    return JSONResponse({"response_type": kind, "text": text}, status_code=status)
