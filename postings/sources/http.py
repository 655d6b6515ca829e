"""A guarded HTTP client: what a list that somebody else serves may cost, and what an answer must be.

Each hop goes through `postings.sources.vetted`, which says where a request may go.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import zlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx

from postings.errors import SourceError, SourceRefused, refused_certificate
from postings.sources.vetted import Resolve, VettedTransport, resolved
from postings.text import french

_REDIRECTS = 3
_REDIRECT = frozenset({301, 302, 303, 307, 308})
_NOT_MODIFIED = 304
_ASKED_TO_WAIT = frozenset({429, 503})
# RFC 9110, 13.1: the validators of an answer are the conditions of the next request.
_CONDITIONS = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}
_LONGEST_WAIT = timedelta(days=1)
_PIECE = 64 * 1024
_GZIP_OR_ZLIB = 47


@dataclass(frozen=True, slots=True)
class Limits:
    """What one answer may cost: bytes once unpacked, and seconds to connect, between two reads, and in all."""

    size: int = 10 * 1024 * 1024
    connect: float = 10
    read: float = 20
    total: float = 60


@dataclass(frozen=True, slots=True)
class Answer:
    """A body read as JSON, and the headers to send with the next request so that an equal one is 304."""

    data: object
    validators: Mapping[str, str] = field(default_factory=dict)


class HttpClient:
    """Fetches JSON from servers that nobody here answers for.

    `clock` returns the present instant in UTC: after a 429 or 503 with Retry-After nothing is asked before then.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], datetime],
        allow_private: bool = False,
        limits: Limits | None = None,
        resolve: Resolve = resolved,
    ) -> None:
        self._clock = clock
        self._allow_private = allow_private
        self._limits = limits or Limits()
        self._resolve = resolve
        self._not_before: datetime | None = None

    async def get(self, url: str, headers: Mapping[str, str] | None = None) -> Answer | None:
        """The JSON at an address, None when it answers 304 to the conditions in `headers`.

        Raises SourceError, with the address but without its credentials and query.
        """
        target = _target(url)
        if self._not_before is not None and self._clock() < self._not_before:
            raise _wait(target, self._not_before)
        transport = VettedTransport(self._resolve, allow_private=self._allow_private)
        timeout = httpx.Timeout(self._limits.read, connect=self._limits.connect)
        try:
            async with (
                asyncio.timeout(self._limits.total),
                # The environment's proxies would connect to addresses that nobody checked.
                httpx.AsyncClient(transport=transport, timeout=timeout, trust_env=False) as client,
            ):
                return await self._get(client, target, dict(headers or {}))
        except (TimeoutError, httpx.TimeoutException) as error:
            raise SourceError(
                french(
                    f"{shown(target)} met trop de temps à répondre : Vigie réessaiera au prochain regard."
                ),
                f"{shown(target)} takes too long to answer: Vigie tries again at the next look.",
            ) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            detail = " ".join(str(error).split()) or type(error).__name__
            if refused_certificate(error):
                raise SourceRefused(
                    french(
                        f"Le certificat de {shown(target)} est refusé ({detail}) : faites-le renouveler, ou vérifiez "
                        "l’adresse."
                    ),
                    f"The certificate of {shown(target)} is refused ({detail}): have it renewed, or check the address.",
                ) from error
            raise SourceError(
                french(f"{shown(target)} est injoignable ({detail}) : vérifiez l’adresse et le réseau."),
                f"{shown(target)} cannot be reached ({detail}): check the address and the network.",
            ) from error

    async def _get(
        self, client: httpx.AsyncClient, target: httpx.URL, headers: dict[str, str]
    ) -> Answer | None:
        for _ in range(_REDIRECTS + 1):
            sent = {"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "Vigie", **headers}
            async with client.stream("GET", target, headers=sent) as response:
                if response.status_code == _NOT_MODIFIED and headers.keys() & set(_CONDITIONS.values()):
                    return None
                if response.status_code not in _REDIRECT:
                    return await self._read(response, target)
                following = _followed(target, response.headers.get("Location", ""))
            if _origin(following) != _origin(target):
                headers = {name: value for name, value in headers.items() if name != "Authorization"}
            target = following
        raise SourceError(
            french(f"{shown(target)} renvoie plus de {_REDIRECTS} fois ailleurs : donnez l’adresse finale."),
            f"{shown(target)} redirects more than {_REDIRECTS} times: give the final address.",
        )

    async def _read(self, response: httpx.Response, target: httpx.URL) -> Answer:
        self._not_before = None
        if response.status_code in _ASKED_TO_WAIT:
            self._not_before = _retry_at(response.headers.get("Retry-After", ""), self._clock())
            if self._not_before is not None:
                raise _wait(target, self._not_before)
        if not response.is_success:
            raise _refused(target, response.status_code)
        pieces, size = [], 0
        async for piece in _unpacked(response, target):
            size += len(piece)
            if size > self._limits.size:
                most = max(1, self._limits.size // (1024 * 1024))
                raise SourceError(
                    french(f"La liste de {shown(target)} dépasse {most} Mo : donnez-en une plus courte."),
                    f"The list of {shown(target)} is over {most} MB: give a shorter one.",
                )
            pieces.append(piece)
        try:
            data = json.loads(b"".join(pieces).decode("utf-8-sig"))
        except (ValueError, RecursionError) as error:  # RecursionError: brackets by the thousand
            raise SourceError(
                french(f"{shown(target)} ne répond pas en JSON : vérifiez que c’est l’adresse d’une liste."),
                f"{shown(target)} does not answer in JSON: check that it is the address of a list.",
            ) from error
        told = response.headers
        return Answer(data, {ask: told[header] for header, ask in _CONDITIONS.items() if told.get(header)})


def shown(url: httpx.URL) -> str:
    """An address as people are told it: without credentials and query, where secrets are."""
    return str(url.copy_with(userinfo=b"", query=None, fragment=None))


def _target(url: str) -> httpx.URL:
    with contextlib.suppress(httpx.InvalidURL):
        target = httpx.URL(url)
        if target.scheme in {"http", "https"} and target.host:
            return target
    raise SourceError(
        french("L’adresse de la liste n’est pas acceptée : écrivez-la en entier, avec http ou https."),
        "The address of the list is not accepted: write it in full, with http or https.",
    )


def _followed(target: httpx.URL, location: str) -> httpx.URL:
    """Where a redirect leads. Raises SourceError unless that is http or https, and no less safe than before."""
    with contextlib.suppress(httpx.InvalidURL):
        following = target.join(location).copy_with(userinfo=b"")
        schemes = {"https"} if target.scheme == "https" else {"http", "https"}
        if location and following.scheme in schemes and following.host:
            return following
    raise SourceError(
        french(f"{shown(target)} renvoie à une adresse qui n’est pas acceptée : donnez l’adresse finale."),
        f"{shown(target)} redirects to an address that is not accepted: give the final address.",
    )


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


async def _unpacked(response: httpx.Response, target: httpx.URL) -> AsyncIterator[bytes]:
    """The body in pieces of bounded size, whatever a small packed one would unpack to."""
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding == "identity":
        async for raw in response.aiter_raw(_PIECE):
            yield raw
        return
    try:
        if encoding not in {"gzip", "x-gzip", "deflate"}:
            raise zlib.error(encoding)
        unpacker = zlib.decompressobj(_GZIP_OR_ZLIB)
        async for raw in response.aiter_raw(_PIECE):
            left = raw
            while left:
                yield unpacker.decompress(left, _PIECE)
                left = unpacker.unconsumed_tail
        yield unpacker.flush()
        if not unpacker.eof:
            raise zlib.error("cut short")
    except zlib.error as error:
        raise SourceError(
            french(f"La réponse de {shown(target)} est illisible : vérifiez l’adresse."),
            f"The answer of {shown(target)} cannot be unpacked: check the address.",
        ) from error


def _retry_at(header: str, now: datetime) -> datetime | None:
    """The instant that a Retry-After names (RFC 9110, 10.2.3), a day ahead at most; None when it names none."""
    try:
        if header.strip().isdigit():
            return now + min(timedelta(seconds=min(int(header), 10**9)), _LONGEST_WAIT)
        at = parsedate_to_datetime(header)
    except ValueError:
        return None
    return min(at if at.tzinfo else at.replace(tzinfo=UTC), now + _LONGEST_WAIT)


def _wait(target: httpx.URL, until: datetime) -> SourceError:
    at = until.astimezone(UTC)
    return SourceError(
        french(f"{target.host} demande d’attendre : Vigie réessaiera après le {at:%d/%m/%Y à %H:%M} (UTC)."),
        f"{target.host} asks to wait: Vigie tries again after {at:%Y-%m-%d %H:%M} (UTC).",
    )


def _refused(target: httpx.URL, code: int) -> SourceError:
    if code in {401, 403}:
        return SourceRefused(
            french(f"{shown(target)} refuse l’accès (code {code}) : vérifiez la clé (« key ») de la source."),
            f"{shown(target)} refuses access (code {code}): check the “key” of the source.",
        )
    return SourceError(
        french(f"{shown(target)} a répondu par une erreur (code {code}) : vérifiez l’adresse si cela dure."),
        f"{shown(target)} answered with an error (code {code}): check the address if that lasts.",
    )
