"""Answers that a client need not fetch twice, nor as large as they are (RFC 9110, sections 8 and 13)."""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from types import MappingProxyType

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from feeds.headers import SECURITY as SECURITY
from feeds.headers import security

HTML = "text/html; charset=utf-8"
"""The media type of pages."""

_NO_HEADERS: Mapping[str, str] = MappingProxyType({})
_WORTH_COMPRESSING = 500
_ENTITY_TAG = re.compile(r'(?:W/)?("[^"]*")')

_ENCODING, _NONE_MATCH, _MODIFIED_SINCE = b"accept-encoding", b"if-none-match", b"if-modified-since"
_CONSIDERED = {_ENCODING, _NONE_MATCH, _MODIFIED_SINCE}

_Headers = list[tuple[bytes, bytes]]


class Answer:
    """A representation with its validators, from which each request is answered: whole, compressed or 304.

    `modified` is an instant or None when it is not known; `max_age` is in seconds; `headers` are others that go with
    it. The entity tag is weak: the same bytes are sent compressed and not. What is compressed is so once, for the
    first that accepts it.
    """

    def __init__(
        self,
        body: bytes,
        *,
        media_type: str,
        modified: datetime | None,
        max_age: int,
        headers: Mapping[str, str] = _NO_HEADERS,
    ) -> None:
        self.body = body
        self._others = headers
        self.modified = modified and modified.astimezone(UTC).replace(microsecond=0)
        self._media_type, self._max_age = media_type, max_age
        self._tag = f'W/"{sha256(body).hexdigest()[:24]}"'
        self._is_large = len(body) >= _WORTH_COMPRESSING
        self._compressed: Ready | None = None
        validators = [
            (b"cache-control", f"public, max-age={max_age}".encode()),
            (b"etag", self._tag.encode()),
        ]
        if self.modified is not None:
            validators.append((b"last-modified", format_datetime(self.modified, usegmt=True).encode()))
        if self._is_large:
            validators.append((b"vary", b"Accept-Encoding"))
        described = {**security(media_type), "content-type": media_type, **headers}
        self._headers = [
            *validators,
            *((name.lower().encode(), text.encode()) for name, text in described.items()),
        ]
        self._whole = Ready(200, body, self._headers, self)
        self._unchanged = Ready(304, b"", self._headers, self)

    @property
    def size(self) -> int:
        """How many bytes it takes, about."""
        return len(self.body) + (len(self._compressed.body) if self._compressed else 0) + 4_000

    def as_of(self, modified: datetime) -> Answer:
        """The same with another instant of its last change."""
        return Answer(
            self.body,
            media_type=self._media_type,
            modified=modified,
            max_age=self._max_age,
            headers=self._others,
        )

    @property
    def compressible(self) -> bool:
        """Whether it is worth compressing, and nobody has done so."""
        return self._is_large and self._compressed is None

    def compress(self) -> None:
        """Compresses it ahead of the first that accepts it."""
        if self.compressible:
            body = gzip.compress(self.body, 4, mtime=0)
            headers = [*self._headers, (b"content-encoding", b"gzip")]
            self._compressed = Ready(200, body, headers, self)

    def to(self, request: Request) -> Response:
        """The response to a request."""
        # One pass over the few headers that count: this is most of what a 304 costs.
        asked: dict[bytes, str] = {}
        for name, text in request.scope["headers"]:
            if name in _CONSIDERED:
                asked[name] = (
                    f"{asked[name]},{text.decode('latin-1')}" if name in asked else text.decode("latin-1")
                )
        if _has_it(asked, self._tag, self.modified):
            return self._unchanged
        if self._is_large and _takes_gzip(asked.get(_ENCODING, "")):
            self.compress()
            return self._compressed or self._whole
        return self._whole


class Ready(Response):
    """A response whose headers are written once, however often it is sent."""

    def __init__(self, status: int, body: bytes, headers: _Headers, answer: Answer) -> None:
        self.status_code = status
        self.body = body
        self.background = None
        self.answer = answer
        """What it was made from, for another request to be answered from."""
        # A 304 is never of a length (RFC 9110, section 8.6 lets it be left out).
        length = [] if status == 304 else [(b"content-length", str(len(body)).encode())]
        self.raw_headers = [*headers, *length]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        body = b"" if scope["method"] == "HEAD" else self.body
        await send({"type": "http.response.body", "body": body})


def answer(
    request: Request,
    body: bytes,
    *,
    media_type: str,
    modified: datetime | None,
    max_age: int,
    headers: Mapping[str, str] = _NO_HEADERS,
) -> Response:
    """200 with validators, or 304 when the client has it already: see `Answer`."""
    made = Answer(body, media_type=media_type, modified=modified, max_age=max_age, headers=headers)
    return made.to(request)


def _takes_gzip(accepted: str) -> bool:
    """Whether gzip is acceptable (RFC 9110, section 12.5.3)."""
    weights = {}
    for item in accepted.lower().split(","):
        name, _, weight = item.partition(";")
        weights[name.strip()] = weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return weights.get("gzip", weights.get("*", False))


def _has_it(asked: Mapping[bytes, str], tag: str, modified: datetime | None) -> bool:
    known = asked.get(_NONE_MATCH)
    if known is not None:
        # When there are entity tags, the date counts for nothing (section 13.1.3).
        return known.strip() == "*" or tag.removeprefix("W/") in _ENTITY_TAG.findall(known)
    since = asked.get(_MODIFIED_SINCE)
    if since is None or modified is None:
        return False
    try:
        instant = parsedate_to_datetime(since)
        return modified <= (instant if instant.tzinfo else instant.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return False
