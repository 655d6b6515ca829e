"""Where a request may go: which addresses are public, and that the checked one is the one connected to."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Sequence

import httpx
import pytest

from postings.errors import SourceError
from postings.sources.http import HttpClient
from postings.sources.vetted import Resolve, is_public, resolved
from tests.fakes.lists import FakeLists
from tests.postings.sources.lists import NOW


@pytest.fixture
async def lists() -> AsyncIterator[FakeLists]:
    async with FakeLists() as fake:
        yield fake


def client(*, allow_private: bool = True, resolve: Resolve = resolved) -> HttpClient:
    return HttpClient(clock=lambda: NOW, allow_private=allow_private, resolve=resolve)


async def _refused(http: HttpClient, url: str) -> SourceError:
    with pytest.raises(SourceError) as refused:
        await http.get(url)
    return refused.value


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
        *("224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1"),
        *("::1", "::", "fe80::1", "fc00::1", "fec0::1", "ff02::1", "2001:db8::1", "4000::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::127.0.0.1", "2002:7f00:1::", "2001:0:1::1"),
    ],
)
def test_addresses_that_are_not_of_the_public_internet_are_known(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::1.1.1.1", "2002:101:101::"]
)
def test_public_addresses_are_known(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0x7f.1", "2130706433"]
)
async def test_a_private_address_is_refused_unless_allowed(lists: FakeLists, host: str) -> None:
    url = lists.jobs_json.replace("127.0.0.1", host)
    refused = await _refused(client(allow_private=False), url)
    assert "allow_private_addresses" in str(refused)
    assert lists.requests == []


async def test_one_private_address_among_public_ones_is_refused(lists: FakeLists) -> None:
    async def told(host: str, port: int) -> Sequence[str]:
        return ["1.1.1.1", "127.0.0.1"]

    guarded = client(allow_private=False, resolve=told)
    assert "est une adresse privée" in str(await _refused(guarded, "http://liste.example.org/"))


async def test_the_connection_goes_to_the_address_that_was_checked_under_the_name(lists: FakeLists) -> None:
    asked: list[str] = []

    async def told(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        # The first one refuses connections: the next address that was checked is tried.
        return ["127.0.0.2", "127.0.0.1"] if len(asked) == 1 else ["203.0.113.9"]

    port = httpx.URL(lists.address).port
    await client(resolve=told).get(f"http://liste.example.org:{port}/jobs.json")
    assert asked == ["liste.example.org"], "a second look-up could give another address"
    assert lists.headers[0]["host"] == f"liste.example.org:{port}"


async def test_a_name_that_does_not_exist_is_told_as_unreachable() -> None:
    async def told(host: str, port: int) -> Sequence[str]:
        raise OSError(-2, "Name or service not known")

    refused = await _refused(client(resolve=told), "https://absent.example.org/jobs.json")
    assert "injoignable (Name or service not known)" in str(refused)


async def test_tls_is_checked_against_the_name_and_not_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[httpx.Request] = []

    class Empty(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield b"[]"

    class Inner(httpx.AsyncBaseTransport):
        def __init__(self, verify: ssl.SSLContext) -> None:
            assert verify.check_hostname

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            sent.append(request)
            return httpx.Response(200, stream=Empty())

    async def told(host: str, port: int) -> Sequence[str]:
        return ["203.0.113.9"]

    monkeypatch.setattr("postings.sources.http.httpx.AsyncHTTPTransport", Inner)
    await client(resolve=told).get("https://liste.example.org/jobs.json")
    (request,) = sent
    assert request.url.host == "203.0.113.9"
    assert request.headers["Host"] == "liste.example.org"
    assert request.extensions["sni_hostname"] == "liste.example.org"
