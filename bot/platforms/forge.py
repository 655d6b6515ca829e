"""What a forge calls after a push, so that sources are looked at within moments.

GitHub signs the body (https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries), Gitea
(https://docs.gitea.com/usage/repository/webhooks) and Forgejo (https://forgejo.org/docs/latest/user/webhooks/) too;
GitLab sends the secret itself (https://docs.gitlab.com/user/project/integrations/webhooks/). What the body says is
not used: a call is a reason to look, and a look finds what changed. So a call that is replayed does no harm.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Awaitable, Callable

import structlog
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from postings.wording import pick

MAX_BODY = 25 * 1024 * 1024
"""Bytes of a call: GitHub's own limit. A call is signed as it comes in and never held, so that it costs no memory."""

_TOKEN = "X-Gitlab-Token"  # noqa: S105  a header's name
_SIGNATURES = {"X-Hub-Signature-256": "sha256=", "X-Forgejo-Signature": "", "X-Gitea-Signature": ""}
"""The headers that hold the HMAC-SHA256 of the body in hexadecimal, and what stands before it."""

_log = structlog.get_logger(__name__)


def forge_routes(called: Callable[[], Awaitable[None]], secret: str, *, language: str) -> list[Route]:
    """The route `/hooks/git`: `called` is called, and must return soon, when a forge that knows `secret` says
    that something was pushed.

    A call is answered 202 before any look, GitHub's `ping` 200, a wrong signature 403, a body over 25 MB 413.
    """

    async def hook(request: Request) -> Response:
        if not await _known(request, secret.encode()):
            client = request.client.host if request.client else None
            _log.warning("hook refused", client=client, sent=[h for h in _HEADERS if h in request.headers])
            return PlainTextResponse(
                pick(
                    language,
                    "Signature refusée\u00a0: donnez à la forge le secret de VIGIE_HOOKS__SECRET.",
                    "Signature refused: give the forge the secret of VIGIE_HOOKS__SECRET.",
                ),
                403,
            )
        if request.headers.get("X-GitHub-Event") == "ping":
            return PlainTextResponse(
                pick(language, "Vigie reçoit les appels de la forge.", "Vigie hears the forge.")
            )
        await called()
        return PlainTextResponse(
            pick(language, "Vigie va regarder ses sources.", "Vigie will look at its sources."), 202
        )

    return [Route("/hooks/git", hook, methods=["POST"], max_body_size=MAX_BODY)]


_HEADERS = (_TOKEN, *_SIGNATURES)


async def _known(request: Request, secret: bytes) -> bool:
    """Whether one of the headers proves that the caller knows the secret, compared in constant time."""
    if hmac.compare_digest(_raw(request, _TOKEN), secret):
        return True
    if not any(header in request.headers for header in _SIGNATURES):
        return False
    body = hmac.new(secret, digestmod=hashlib.sha256)
    async for chunk in request.stream():
        body.update(chunk)
    found = [
        hmac.compare_digest(_raw(request, header).lower(), (prefix + body.hexdigest()).encode())
        for header, prefix in _SIGNATURES.items()
    ]
    return any(found)


def _raw(request: Request, header: str) -> bytes:
    return request.headers.get(header, "").encode("latin-1")  # as it came: Starlette decodes it so
