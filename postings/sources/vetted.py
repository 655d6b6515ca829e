"""Where a request may go: to addresses of the public internet that were checked, under the host's name.

The host is looked up once, every address that it has is checked, and the connection goes to a checked one: a name
that points elsewhere a moment later changes nothing.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from functools import cache
from typing import TypeAlias

import httpx

from postings.errors import SourceError
from postings.text import french

Resolve: TypeAlias = Callable[[str, int], Awaitable[Sequence[str]]]
"""The IP addresses of a host and port; raises OSError."""


_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: IPv4 behind a translator


async def resolved(host: str, port: int) -> Sequence[str]:
    """The addresses of a host, as the system knows them. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class VettedTransport(httpx.AsyncBaseTransport):
    """Connects to addresses that were checked; `Host` and the name in TLS stay those of the URL."""

    def __init__(self, resolve: Resolve, *, allow_private: bool) -> None:
        self._resolve = resolve
        self._allow_private = allow_private
        self._inner = httpx.AsyncHTTPTransport(verify=_trusted())

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """As httpx's, to addresses of the host that were all checked.

        Raises SourceError where one is private, httpx.TransportError where none can be connected to.
        """
        host = request.url.raw_host.decode("ascii")
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
        try:
            addresses = await self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise httpx.ConnectError(getattr(error, "strerror", None) or str(error)) from error
        if not self._allow_private and any(not is_public(address) for address in addresses):
            raise SourceError(
                french(
                    f"{host} est une adresse privée : si c’est voulu, mettez « allow_private_addresses = true » "
                    "dans la source."
                ),
                f"{host} is a private address: if that is meant, set “allow_private_addresses = true” in the source.",
            )
        failed: httpx.TransportError = httpx.ConnectError("no address")
        for address in addresses:
            vetted = httpx.Request(
                request.method,
                request.url.copy_with(host=address),
                headers=request.headers,
                stream=request.stream,
                extensions={**request.extensions, "sni_hostname": host},
            )
            try:
                return await self._inner.handle_async_request(vetted)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                failed = error
        raise failed

    async def aclose(self) -> None:
        await self._inner.aclose()


@cache
def _trusted() -> ssl.SSLContext:
    """The certificates that are trusted, which take a while to load."""
    return httpx.create_ssl_context()


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet, also when it stands within another (RFC 4291, 6052)."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if ip.is_site_local:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)
