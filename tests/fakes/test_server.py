"""What all fakes share: failures on demand, limits of rate, starting in a loop or in a thread."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.fakes.failures import Failure, Kind, Limit
from tests.fakes.mattermost import FakeMattermost
from tests.fakes.weather import KINDS, Weather


class Clock:
    """A time that moves only when told; in seconds."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def server() -> AsyncIterator[FakeMattermost]:
    async with FakeMattermost() as fake:
        yield fake


@pytest.fixture
async def client(server: FakeMattermost) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"Authorization": f"Bearer {server.token}"}
    async with httpx.AsyncClient(base_url=server.url, headers=headers, timeout=10, verify=False) as http:
        yield http


def a_post(channel: str) -> dict[str, str]:
    return {"channel_id": channel, "message": "Nouvelle offre"}


async def test_a_request_is_recorded_as_it_came(server: FakeMattermost, client: httpx.AsyncClient) -> None:
    channel = server.add_channel("equipe", "offres")
    await client.post("/api/v4/posts", json=a_post(channel))
    await client.get(f"/api/v4/channels/{channel}/posts", params={"since": "5"})
    posted, read = server.requests
    assert (posted.method, posted.path, posted.json) == ("POST", "/api/v4/posts", a_post(channel))
    assert (read.method, read.query, read.json) == ("GET", {"since": "5"}, None)


async def test_failures_are_used_once_and_in_order(server: FakeMattermost, client: httpx.AsyncClient) -> None:
    server.fail(Failure.status(500), Failure.garbage(502))
    codes = [(await client.get("/api/v4/users/me")).status_code for _ in range(3)]
    assert codes == [500, 502, 200]


async def test_a_failure_can_wait_for_its_path(server: FakeMattermost, client: httpx.AsyncClient) -> None:
    channel = server.add_channel("equipe", "offres")
    server.fail(Failure.status(500, path="/posts"))
    assert (await client.get("/api/v4/users/me")).status_code == 200
    assert (await client.post("/api/v4/posts", json=a_post(channel))).status_code == 500


async def test_garbage_is_a_page_of_html(server: FakeMattermost, client: httpx.AsyncClient) -> None:
    server.fail(Failure.garbage())
    answer = await client.get("/api/v4/users/me")
    assert answer.status_code == 502
    assert answer.headers["content-type"].startswith("text/html")
    with pytest.raises(ValueError, match="Expecting value"):
        answer.json()


@pytest.mark.parametrize(("failure", "stored"), [(Failure.cut_before(), 0), (Failure.accept_then_cut(), 1)])
async def test_a_cut_connection_answers_nothing(
    server: FakeMattermost, client: httpx.AsyncClient, failure: Failure, stored: int
) -> None:
    channel = server.add_channel("equipe", "offres")
    server.fail(failure)
    with pytest.raises(httpx.RemoteProtocolError):
        await client.post("/api/v4/posts", json=a_post(channel))
    assert len(server.posts) == stored
    assert (await client.get("/api/v4/users/me")).status_code == 200


@pytest.mark.parametrize(("failure", "meanwhile"), [(Failure.hang_before(), 0), (Failure.hang_after(), 1)])
async def test_a_released_request_is_answered_after_all(
    server: FakeMattermost, client: httpx.AsyncClient, failure: Failure, meanwhile: int
) -> None:
    channel = server.add_channel("equipe", "offres")
    server.fail(failure)
    asked = asyncio.create_task(client.post("/api/v4/posts", json=a_post(channel)))
    await server.until(lambda: server.requests and len(server.posts) == meanwhile)
    assert not asked.done()
    server.release()
    assert (await asked).json()["id"] == server.posts[0].id
    assert len(server.posts) == 1


@pytest.mark.parametrize(("failure", "stored"), [(Failure.hang_before(), 0), (Failure.hang_after(), 1)])
async def test_a_client_that_gives_up_leaves_what_was_stored(
    server: FakeMattermost, client: httpx.AsyncClient, failure: Failure, stored: int
) -> None:
    channel = server.add_channel("equipe", "offres")
    server.fail(failure)
    asked = asyncio.create_task(client.post("/api/v4/posts", json=a_post(channel)))
    await server.until(lambda: server.requests and len(server.posts) == stored)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert (await client.get("/api/v4/users/me")).status_code == 200
    assert len(server.posts) == stored


async def test_the_end_does_not_wait_for_a_request_that_hangs() -> None:
    async with httpx.AsyncClient(timeout=10) as client:
        async with FakeMattermost() as server:
            server.fail(Failure.hang_before())
            asked = asyncio.create_task(client.get(f"{server.url}/api/v4/users/me"))
            await server.until(lambda: server.requests)
        with pytest.raises(httpx.RemoteProtocolError):
            await asked


async def test_a_stopped_server_refuses_connections() -> None:
    async with FakeMattermost() as server:
        url = server.url
    async with httpx.AsyncClient() as client:
        with pytest.raises(httpx.ConnectError):
            await client.get(f"{url}/api/v4/system/ping")


async def test_a_limit_slides_with_the_clock() -> None:
    clock = Clock()
    async with FakeMattermost(clock=clock, limit=Limit(2, 10)) as server:
        headers = {"Authorization": f"Bearer {server.token}"}
        async with httpx.AsyncClient(base_url=server.url, headers=headers) as client:

            async def ask() -> httpx.Response:
                return await client.get("/api/v4/users/me")

            assert (await ask()).status_code == 200
            clock.now += 6
            assert (await ask()).status_code == 200
            refused = await ask()
            assert (refused.status_code, refused.headers["retry-after"]) == (429, "4")
            clock.now += 4
            assert (await ask()).status_code == 200
            assert (await ask()).status_code == 429


async def test_without_a_limit_nothing_is_limited(server: FakeMattermost, client: httpx.AsyncClient) -> None:
    answers = [await client.get("/api/v4/users/me") for _ in range(50)]
    assert {answer.status_code for answer in answers} == {200}


async def test_waiting_for_what_does_not_come_fails(server: FakeMattermost) -> None:
    with pytest.raises(TimeoutError):
        await server.until(lambda: server.posts, seconds=0)


def test_a_server_in_a_thread_serves_a_sync_test() -> None:
    with FakeMattermost().in_thread() as server:
        channel = server.add_channel("equipe", "offres")
        headers = {"Authorization": f"Bearer {server.token}"}
        with httpx.Client(base_url=server.url, headers=headers, timeout=10) as client:
            assert client.post("/api/v4/posts", json=a_post(channel)).status_code == 201
            server.wait(lambda: server.roots(channel))
            server.fail(Failure.accept_then_cut())
            with pytest.raises(httpx.RemoteProtocolError):
                client.post("/api/v4/posts", json=a_post(channel))
        assert len(server.roots(channel)) == 2
        with pytest.raises(TimeoutError, match="2 requests came"):
            server.wait(lambda: len(server.posts) == 3, seconds=0)


def test_a_thread_lets_a_hanging_request_go() -> None:
    async def post(server: FakeMattermost, channel: str) -> int:
        headers = {"Authorization": f"Bearer {server.token}"}
        async with httpx.AsyncClient(base_url=server.url, headers=headers, timeout=10) as client:
            asked = asyncio.create_task(client.post("/api/v4/posts", json=a_post(channel)))
            await asyncio.to_thread(server.wait, lambda: server.posts)
            server.release()
            return (await asked).status_code

    with FakeMattermost().in_thread() as server:
        server.fail(Failure.hang_after())
        assert asyncio.run(post(server, server.add_channel("equipe", "offres"))) == 201


async def test_a_truncated_answer_is_whole_for_http_and_no_json(
    server: FakeMattermost, client: httpx.AsyncClient
) -> None:
    channel = server.add_channel("equipe", "offres")
    server.fail(Failure.truncated())
    answer = await client.post("/api/v4/posts", json=a_post(channel))
    assert (answer.status_code, len(server.posts)) == (200, 1)
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        answer.json()


@pytest.mark.parametrize("stored", [False, True])
async def test_nonsense_has_no_type_that_was_promised(
    server: FakeMattermost, client: httpx.AsyncClient, stored: bool
) -> None:
    channel = server.add_channel("equipe", "offres")
    server.fail(Failure.nonsense(stored=stored))
    answer = await client.post("/api/v4/posts", json=a_post(channel))
    assert (answer.status_code, answer.json()["id"], len(server.posts)) == (200, 5, int(stored))


async def test_slow_bytes_make_a_good_answer(server: FakeMattermost, client: httpx.AsyncClient) -> None:
    server.fail(Failure.drip(pause=0))
    async with client.stream("GET", "/api/v4/users/me") as answer:
        pieces = [piece async for piece in answer.aiter_raw()]
    assert len(pieces) > 1
    assert b"vigie" in b"".join(pieces)
    assert server.unanswered == []


async def test_bytes_that_stop_coming_go_on_when_released(
    server: FakeMattermost, client: httpx.AsyncClient
) -> None:
    channel = server.add_channel("equipe", "offres")
    server.fail(Failure.drip(pause=None))
    async with client.stream("POST", "/api/v4/posts", json=a_post(channel)) as answer:
        pieces = answer.aiter_raw()
        first = await anext(pieces)
        assert (answer.status_code, len(server.posts)) == (201, 1)
        server.release()
        whole = first + b"".join([piece async for piece in pieces])
    assert server.posts[0].id.encode() in whole


@pytest.mark.parametrize(
    "failure", [Failure.accept_then_cut(), Failure.truncated(), Failure.nonsense(stored=True)]
)
async def test_what_was_carried_out_and_not_answered_is_known(
    server: FakeMattermost, client: httpx.AsyncClient, failure: Failure
) -> None:
    channel = server.add_channel("equipe", "offres")
    server.fail(Failure.cut_before(), Failure.status(500), failure)
    for _ in range(3):
        with contextlib.suppress(httpx.RemoteProtocolError):
            await client.post("/api/v4/posts", json=a_post(channel))
    await client.post("/api/v4/posts", json=a_post(channel))
    assert [request.json for request in server.unanswered] == [a_post(channel)]


async def test_a_weather_is_the_same_for_the_same_seed(
    server: FakeMattermost, client: httpx.AsyncClient
) -> None:
    rates = {"server error": 0.3, "page of HTML": 0.3}

    async def day(seed: int) -> list[int]:
        server.weather = Weather(seed, rates, spared=("/users/me",))
        return [(await client.get("/api/v4/system/ping")).status_code for _ in range(30)]

    first = await day(1)
    assert first == await day(1)
    assert first != await day(2)
    assert {200, 502} < set(first)
    assert (await client.get("/api/v4/users/me")).status_code == 200


def test_a_weather_brings_every_failure_at_its_rate() -> None:
    weather = Weather(5, dict.fromkeys(KINDS, 0.05))
    drawn = [weather.draw("/api/v4/posts") for _ in range(4000)]
    assert all(100 < count < 300 for count in weather.drawn.values())
    assert sum(failure is None for failure in drawn) == 4000 - sum(weather.drawn.values())
    assert {failure.kind for failure in drawn if failure} == set(Kind)
