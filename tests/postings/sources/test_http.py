"""The guarded client, against a real server on the loopback: what it costs, where it goes, what it says."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from postings.errors import SourceError
from postings.sources import http
from postings.sources.http import HttpClient, Limits
from postings.sources.vetted import is_public
from tests.fakes.failures import Failure
from tests.fakes.lists import FakeLists

NOW = datetime(2024, 3, 4, 9, 0, tzinfo=UTC)


class Clock:
    """The present instant, which a test sets."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def lists() -> AsyncIterator[FakeLists]:
    async with FakeLists() as fake:
        yield fake


def client(clock: Clock, **options: Any) -> HttpClient:
    """One that may go to the loopback."""
    return HttpClient(**{"clock": clock, "allow_private": True, **options})


async def _refused(http: HttpClient, url: str, headers: dict[str, str] | None = None) -> SourceError:
    with pytest.raises(SourceError) as refused:
        await http.get(url, headers)
    assert refused.value.english != str(refused.value)
    return refused.value


async def test_a_list_is_read_and_not_sent_again_while_it_is_equal(lists: FakeLists, clock: Clock) -> None:
    lists.postings = ["été"]
    asked = client(clock)
    answer = await asked.get(lists.jobs_json)
    assert answer is not None
    assert answer.data == ["été"]
    assert await asked.get(lists.jobs_json, answer.validators) is None
    lists.postings = ["automne"]
    changed = await asked.get(lists.jobs_json, answer.validators)
    assert changed is not None
    assert changed.data == ["automne"]


async def test_an_answer_that_says_unchanged_to_no_condition_is_an_error(
    lists: FakeLists, clock: Clock
) -> None:
    lists.fail(Failure.status(304))
    assert "code 304" in str(await _refused(client(clock), lists.jobs_json))


@pytest.mark.parametrize("encoding", ["", "gzip"])
async def test_a_list_too_large_is_refused_however_it_is_packed(
    lists: FakeLists, clock: Clock, encoding: str
) -> None:
    lists.body, lists.encoding = b'["' + b"a" * 3_000_000 + b'"]', encoding
    few = client(clock, limits=Limits(size=2 * 1024 * 1024))
    assert "dépasse 2 Mo" in str(await _refused(few, lists.jobs_json))
    enough = await client(clock).get(lists.jobs_json)
    assert enough is not None
    assert enough.data == ["a" * 3_000_000]


async def test_a_bomb_is_unpacked_no_further_than_the_limit(
    lists: FakeLists, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    unpacked: list[int] = []
    make = zlib.decompressobj

    class Counting:
        def __init__(self, wbits: int) -> None:
            self._inner = make(wbits)

        def decompress(self, data: bytes, most: int) -> bytes:
            piece = self._inner.decompress(data, most)
            unpacked.append(len(piece))
            return piece

        @property
        def unconsumed_tail(self) -> bytes:
            return self._inner.unconsumed_tail

    monkeypatch.setattr("postings.sources.http.zlib.decompressobj", Counting)
    lists.body, lists.encoding = gzip.compress(b"a" * 50_000_000, mtime=0), "x-gzip"
    limit = 1024 * 1024
    await _refused(client(clock, limits=Limits(size=limit)), lists.jobs_json)
    assert limit < sum(unpacked) <= limit + max(unpacked)
    assert max(unpacked) <= 64 * 1024


@pytest.mark.parametrize(
    ("body", "encoding", "french"),
    [
        (b"<html>Maintenance</html>", "", "ne répond pas en JSON"),
        (b"", "", "ne répond pas en JSON"),
        (b"\xff\xfe[]", "", "ne répond pas en JSON"),
        (b"[" * 200_000, "", "ne répond pas en JSON"),
        (b"[" + b"9" * 10_000 + b"]", "", "ne répond pas en JSON"),
        (b"[]", "x-gzip", "illisible"),
        (gzip.compress(b"[1, 2, 3]", mtime=0)[:-6], "x-gzip", "illisible"),
        (b"[]", "br", "illisible"),
    ],
)
async def test_what_is_no_json_is_an_error(
    lists: FakeLists, clock: Clock, body: bytes, encoding: str, french: str
) -> None:
    lists.body, lists.encoding = body, encoding
    assert french in str(await _refused(client(clock), lists.jobs_json))


@pytest.mark.parametrize("failure", [Failure.cut_before(), Failure.accept_then_cut()])
async def test_a_cut_connection_is_told_as_unreachable(
    lists: FakeLists, clock: Clock, failure: Failure
) -> None:
    lists.fail(failure)
    refused = await _refused(client(clock), lists.jobs_json)
    assert "est injoignable" in str(refused)
    assert "cannot be reached" in refused.english


async def test_a_server_that_is_down_is_told_as_unreachable(clock: Clock) -> None:
    async with FakeLists() as lists:
        url = lists.jobs_json
    assert "est injoignable" in str(await _refused(client(clock), url))


@pytest.mark.parametrize("limits", [Limits(read=0.05), Limits(total=0.05)])
async def test_a_server_that_does_not_answer_is_given_up(
    lists: FakeLists, clock: Clock, limits: Limits
) -> None:
    lists.fail(Failure.hang_before())
    assert "met trop de temps" in str(await _refused(client(clock, limits=limits), lists.jobs_json))


@pytest.mark.parametrize(
    ("code", "french"), [(404, "code 404"), (500, "code 500"), (401, "« key »"), (429, "code 429")]
)
async def test_a_refusal_says_its_code_and_shows_no_secret(
    lists: FakeLists, clock: Clock, code: int, french: str
) -> None:
    lists.fail(Failure.status(code))
    url = lists.jobs_json.replace("http://", "http://nom:motdepasse@") + "?jeton=secret"
    refused = await _refused(client(clock), url)
    assert french in str(refused).replace("\u00a0", " ")
    assert "jobs.json" in str(refused)
    for hidden in ("motdepasse", "secret"):
        assert hidden not in str(refused) + refused.english


async def test_a_server_that_asks_to_wait_is_left_alone_until_then(lists: FakeLists, clock: Clock) -> None:
    asked = client(clock)
    lists.fail(Failure.status(429, retry_after=600))
    refused = await _refused(asked, lists.jobs_json)
    assert "04/03/2024 à 09:10 (UTC)" in str(refused)
    clock.now += timedelta(minutes=9)
    await _refused(asked, lists.jobs_json)
    assert len(lists.requests) == 1
    clock.now += timedelta(minutes=2)
    assert await asked.get(lists.jobs_json) is not None


@pytest.mark.parametrize(
    ("header", "minutes"),
    [
        ("Mon, 04 Mar 2024 09:30:00 GMT", 30),
        ("99999999999", 24 * 60),
        ("bientôt", None),
        ("-5", None),
        ("", None),
    ],
)
def test_a_wait_is_a_number_of_seconds_or_a_date_and_never_over_a_day(
    header: str, minutes: int | None
) -> None:
    expected = None if minutes is None else NOW + timedelta(minutes=minutes)
    assert http._retry_at(header, NOW) == expected


async def test_redirects_are_followed_three_times(lists: FakeLists, clock: Clock) -> None:
    lists.postings = ["ici"]
    lists.leads_to = {"a": "/vers/b", "b": "/vers/c", "c": "/jobs.json", "avant": "/vers/a"}
    answer = await client(clock).get(f"{lists.address}/vers/a")
    assert answer is not None
    assert answer.data == ["ici"]
    assert "plus de 3 fois" in str(await _refused(client(clock), f"{lists.address}/vers/avant"))


async def test_each_hop_is_checked_anew(lists: FakeLists, clock: Clock) -> None:
    async def told(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.1"] if host == "127.0.0.1" else ["192.168.0.1"]

    def first_hop(address: str) -> bool:
        return address == "127.0.0.1" or is_public(address)

    lists.leads_to["dedans"] = "http://interne.example.org/jobs.json"
    guarded = HttpClient(clock=clock, resolve=told)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("postings.sources.vetted.is_public", first_hop)
        refused = await _refused(guarded, f"{lists.address}/vers/dedans")
    assert "interne.example.org est une adresse privée" in str(refused)


@pytest.mark.parametrize(
    "location", ["ftp://example.org/a", "file:///etc/passwd", "", "http://[", "data:,[]"]
)
async def test_a_redirect_to_anything_but_the_web_is_refused(
    lists: FakeLists, clock: Clock, location: str
) -> None:
    lists.leads_to["a"] = location
    told = str(await _refused(client(clock), f"{lists.address}/vers/a"))
    assert (
        "n’est pas acceptée" in told or "est injoignable" in told
    )  # httpx itself refuses what is no address


def test_a_redirect_never_leaves_https() -> None:
    with pytest.raises(SourceError, match="n’est pas acceptée"):
        http._followed(httpx.URL("https://example.org/a"), "http://example.org/b")
    assert http._followed(httpx.URL("https://example.org/a"), "/b") == httpx.URL("https://example.org/b")
    assert http._followed(httpx.URL("http://example.org/a"), "https://nom:mot@example.org/b") == httpx.URL(
        "https://example.org/b"
    )


async def test_a_key_is_not_passed_on_to_another_server(lists: FakeLists, clock: Clock) -> None:
    lists.leads_to["ici"] = f"{lists.address}/vers/ailleurs"
    async with FakeLists() as other:
        lists.leads_to["ailleurs"] = other.jobs_json
        await client(clock).get(f"{lists.address}/vers/ici", {"Authorization": "Bearer cle"})
        assert [headers.get("authorization") for headers in lists.headers] == ["Bearer cle", "Bearer cle"]
        assert "authorization" not in other.headers[0]


@pytest.mark.parametrize("url", ["ftp://example.org/jobs.json", "jobs.json", "http://", "", "https://[::1"])
async def test_only_the_web_is_asked(clock: Clock, url: str) -> None:
    assert "n’est pas acceptée" in str(await _refused(client(clock), url))


async def test_the_environment_s_proxies_are_not_used(
    lists: FakeLists, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    assert await client(clock).get(lists.jobs_json) is not None
