"""Every failure on every platform: what its client sees, and whether the message was taken."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from tests.fakes.failures import Failure
from tests.fakes.mattermost import FakeMattermost
from tests.fakes.server import FakeServer
from tests.fakes.slack import FakeSlack
from tests.fakes.telegram import FakeTelegram

CHAT, MOVED = -100777, -100888
NEVER = Failure.drip(pause=None)


class Wire:
    """A platform, its bare HTTP, and one place on it."""

    def __init__(self, server: FakeServer, client: httpx.AsyncClient) -> None:
        self.server = server
        self.client = client
        assert isinstance(server, FakeMattermost | FakeSlack | FakeTelegram)
        self.token = server.token
        self.channel: Any
        match server:
            case FakeMattermost():
                self.channel = server.add_channel("equipe", "offres")
            case FakeSlack():
                self.channel = server.add_channel("C0OFFRES")
            case FakeTelegram():
                self.channel = server.add_chat(CHAT, "group")

    async def post(self) -> httpx.Response:
        """Posts a message."""
        match self.server:
            case FakeMattermost(url=url):
                body = {"channel_id": self.channel, "message": "Nouvelle offre"}
                return await self._post(f"{url}/api/v4/posts", body, f"Bearer {self.token}")
            case FakeSlack(url=url):
                body = {"channel": self.channel, "text": "Nouvelle offre"}
                return await self._post(f"{url}chat.postMessage", body, f"Bearer {self.token}")
            case FakeTelegram(url=url):
                body = {"chat_id": self.channel, "text": "Nouvelle offre"}
                return await self._post(f"{url}/bot{self.token}/sendMessage", body)
        raise AssertionError

    async def _post(self, url: str, body: dict[str, Any], authorization: str = "") -> httpx.Response:
        return await self.client.post(url, json=body, headers={"Authorization": authorization})

    @property
    def taken(self) -> int:
        """How many messages there are."""
        name = "posts" if isinstance(self.server, FakeMattermost) else "messages"
        return len(getattr(self.server, name))


@pytest.fixture(params=[FakeMattermost, FakeSlack, FakeTelegram])
async def wire(request: pytest.FixtureRequest) -> AsyncIterator[Wire]:
    make: Callable[[], FakeServer] = request.param
    async with make() as server, httpx.AsyncClient(timeout=10) as client:
        yield Wire(server, client)


async def is_good(wire: Wire) -> bool:
    """Whether the platform takes a message and says so."""
    answer = await wire.post()
    return answer.is_success and answer.json().get("ok", True) is True


async def test_too_many_requests_name_the_wait(wire: Wire) -> None:
    wire.server.fail(Failure.status(429, retry_after=2.5))
    answer = await wire.post()
    assert (answer.status_code, wire.taken) == (429, 0)
    if isinstance(wire.server, FakeTelegram):
        assert answer.json()["parameters"] == {"retry_after": 3}
    else:
        assert answer.headers["retry-after"] == "3"
    assert await is_good(wire)


async def test_an_error_of_the_server(wire: Wire) -> None:
    wire.server.fail(Failure.status(500))
    answer = await wire.post()
    assert (answer.status_code, answer.json().get("ok", False), wire.taken) == (500, False, 0)
    assert await is_good(wire)


@pytest.mark.parametrize(("failure", "taken"), [(Failure.cut_before(), 0), (Failure.accept_then_cut(), 1)])
async def test_a_cut_connection(wire: Wire, failure: Failure, taken: int) -> None:
    wire.server.fail(failure)
    with pytest.raises(httpx.RemoteProtocolError):
        await wire.post()
    assert (wire.taken, len(wire.server.unanswered)) == (taken, taken)
    assert await is_good(wire)


@pytest.mark.parametrize(
    ("failure", "taken"), [(Failure.hang_before(), 0), (Failure.hang_after(), 1), (NEVER, 1)]
)
async def test_a_client_without_the_patience_to_wait(wire: Wire, failure: Failure, taken: int) -> None:
    wire.server.fail(failure)
    asked = asyncio.create_task(wire.post())
    await wire.server.until(lambda: wire.server.requests and wire.taken == taken)
    assert not asked.done()
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    await wire.server.until(lambda: len(wire.server.unanswered) == taken)
    assert wire.taken == taken
    assert await is_good(wire)


async def test_slow_bytes_are_a_good_answer_for_who_waits(wire: Wire) -> None:
    wire.server.fail(Failure.drip(pause=0))
    assert await is_good(wire)
    assert (wire.taken, wire.server.unanswered) == (1, [])


@pytest.mark.parametrize(
    ("failure", "taken"),
    [
        (Failure.garbage(), 0),
        (Failure.garbage(200), 0),
        (Failure.truncated(), 1),
    ],
)
async def test_what_is_no_json(wire: Wire, failure: Failure, taken: int) -> None:
    wire.server.fail(failure)
    answer = await wire.post()
    assert wire.taken == taken
    with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
        answer.json()
    assert await is_good(wire)


@pytest.mark.parametrize("stored", [False, True])
async def test_json_of_the_wrong_types(wire: Wire, stored: bool) -> None:
    wire.server.fail(Failure.nonsense(stored=stored))
    answer = await wire.post()
    assert (answer.status_code, answer.json()["result"], wire.taken) == (200, "rien", int(stored))
    assert await is_good(wire)


async def test_a_token_that_is_revoked_and_given_back(wire: Wire) -> None:
    server = wire.server
    assert isinstance(server, FakeMattermost | FakeSlack | FakeTelegram)
    server.revoke_token()
    answer = await wire.post()
    assert answer.status_code == 401 or answer.json()["error"] == "token_revoked"
    assert wire.taken == 0
    server.give_token_back()
    assert await is_good(wire)


async def test_a_channel_that_is_deleted_or_closed(wire: Wire) -> None:
    server = wire.server
    match server:
        case FakeTelegram():
            server.block(wire.channel)
        case FakeMattermost() | FakeSlack():
            server.archive_channel(wire.channel)
    assert not await is_good(wire)
    assert isinstance(server, FakeMattermost | FakeSlack | FakeTelegram)
    server.delete_channel(wire.channel)
    assert not await is_good(wire)
    assert wire.taken == 0


async def test_a_migrated_chat_takes_no_message_and_no_edit_and_names_the_new_one() -> None:
    async with FakeTelegram() as server, httpx.AsyncClient(timeout=10) as client:
        wire = Wire(server, client)
        posted = (await wire.post()).json()["result"]["message_id"]
        server.migrate(CHAT, MOVED)
        edit = {"chat_id": CHAT, "message_id": posted, "text": "Offre fermée"}
        edited = await client.post(f"{server.url}/bot{server.token}/editMessageText", json=edit)
        for answer in (await wire.post(), edited):
            assert answer.status_code == 400
            assert answer.json()["parameters"] == {"migrate_to_chat_id": MOVED}
        wire.channel = MOVED
        assert await is_good(wire)
