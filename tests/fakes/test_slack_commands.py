"""The fake Slack workspace calls the bot: signed commands, and the addresses that take the answers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.fakes.slack import FakeSlack
from tests.fakes.test_server import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def server(clock: Clock) -> AsyncIterator[FakeSlack]:
    async with FakeSlack(clock=clock) as fake:
        yield fake


async def bot(request: Request) -> Response:
    body = (await request.body()).decode()
    valid = SignatureVerifier("fake-signing-secret").is_valid_request(body, dict(request.headers))
    form = {key: str(value) for key, value in (await request.form()).items()}
    return JSONResponse({"valid": valid, "form": form})


@pytest.fixture
async def receiver() -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=[Route("/", bot, methods=["POST"])])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot") as http:
        yield http


async def test_a_slash_command_is_signed(server: FakeSlack, receiver: httpx.AsyncClient) -> None:
    told = (await server.slash_command("/", text="dev à Paris", client=receiver)).json()
    assert told["valid"]
    assert (told["form"]["command"], told["form"]["text"]) == ("/postes", "dev à Paris")


@pytest.mark.parametrize("forged", [{"signing_secret": "other"}, {"timestamp": 1_600_000_000}])
async def test_a_slash_command_can_be_forged(
    server: FakeSlack, receiver: httpx.AsyncClient, forged: dict[str, Any]
) -> None:
    assert not (await server.slash_command("/", client=receiver, **forged)).json()["valid"]


async def test_bolt_takes_the_command_and_answers_later(server: FakeSlack) -> None:
    client = AsyncWebClient(token=server.token, base_url=server.url, retry_handlers=[])
    bolt = AsyncApp(client=client, signing_secret=server.signing_secret)

    @bolt.command("/postes")
    async def postes(ack: Any, respond: Any, command: dict[str, Any]) -> None:
        await ack()
        await respond(f"Vu : {command['text']}")

    handler = AsyncSlackRequestHandler(bolt)
    app = Starlette(routes=[Route("/slack/events", handler.handle, methods=["POST"])])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot") as http:
        answer = await server.slash_command("/slack/events", text="dev", client=http)
        assert answer.status_code == 200
        forged = await server.slash_command("/slack/events", signing_secret="other", client=http)
        assert forged.status_code == 401
    await server.until(lambda: server.delayed_answers)
    assert server.delayed_answers[0].body["text"] == "Vu : dev"


async def test_a_response_url_takes_five_answers_in_thirty_minutes(
    server: FakeSlack, receiver: httpx.AsyncClient, clock: Clock
) -> None:
    async def response_url() -> str:
        return str((await server.slash_command("/", client=receiver)).json()["form"]["response_url"])

    async with httpx.AsyncClient(verify=False) as http:
        url = await response_url()
        answers = [await http.post(url, json={"text": str(n)}) for n in range(6)]
        assert [answer.status_code for answer in answers] == [200] * 5 + [404]
        assert answers[0].text == "ok"
        assert answers[5].json() == {"ok": False, "error": "used_url"}
        url = await response_url()
        clock.now += 30 * 60 + 1
        assert (await http.post(url, json={"text": "Tard"})).json()["error"] == "expired_url"
    assert len(server.delayed_answers) == 5
