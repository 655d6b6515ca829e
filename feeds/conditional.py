"""Answers that a client need not fetch twice (RFC 9110, sections 8.8 and 13)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response

HTML = "text/html; charset=utf-8"
"""The media type of pages."""

SECURITY = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
}
"""Sent with every answer: no script, nothing from elsewhere, no guessing of types."""

_ENTITY_TAG = re.compile(r'(?:W/)?("[^"]*")')


def answer(
    request: Request, body: bytes, *, media_type: str, modified: datetime | None, max_age: int
) -> Response:
    """200 with validators, or 304 when the client has it already.

    `modified` is an instant or None when it is not known; `max_age` is in seconds. The entity tag is weak:
    the same bytes are sent compressed and not.
    """
    tag = f'W/"{sha256(body).hexdigest()[:24]}"'
    headers = {
        **SECURITY,
        "Cache-Control": f"public, max-age={max_age}",
        "ETag": tag,
    }
    if modified is not None:
        modified = modified.astimezone(UTC).replace(microsecond=0)
        headers["Last-Modified"] = format_datetime(modified, usegmt=True)
    if _has_it(request.headers, tag, modified):
        # The compression middleware, which adds this to 200, passes empty answers by.
        return Response(status_code=304, headers={**headers, "Vary": "Accept-Encoding"})
    return Response(body, media_type=media_type, headers=headers)


def _has_it(headers: Mapping[str, str], tag: str, modified: datetime | None) -> bool:
    known = headers.get("if-none-match")
    if known is not None:
        # When there are entity tags, the date counts for nothing (section 13.1.3).
        return known.strip() == "*" or tag.removeprefix("W/") in _ENTITY_TAG.findall(known)
    since = headers.get("if-modified-since")
    if since is None or modified is None:
        return False
    try:
        instant = parsedate_to_datetime(since)
    except ValueError:
        return False
    return modified <= (instant if instant.tzinfo else instant.replace(tzinfo=UTC))
