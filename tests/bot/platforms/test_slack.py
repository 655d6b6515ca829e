from __future__ import annotations

import time
from collections.abc import AsyncIterator
from urllib.parse import urlencode

import httpx
import pytest
from starlette.applications import Starlette

from bot.platforms.slack import slack_app, slack_routes
from tests.bot.platforms.answerers import Recorder
from tests.fakes.slack import FakeSlack

URL = "http://vigie.example.org/slack/events"


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
async def server() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as server:
        yield server


@pytest.fixture
async def vigie(recorder: Recorder, server: FakeSlack) -> AsyncIterator[httpx.AsyncClient]:
    bolt = slack_app(recorder, token=server.token, signing_secret=server.signing_secret, language="fr")
    app = Starlette(routes=slack_routes(bolt))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://vigie.example.org"
    ) as client:
        yield client


async def test_a_command_is_acknowledged_then_answered_to_the_person(
    vigie: httpx.AsyncClient, server: FakeSlack, recorder: Recorder
) -> None:
    response = await server.slash_command(URL, text="dev &amp; ops", client=vigie)
    assert response.status_code == 200
    assert response.content == b"", "the acknowledgement says nothing in the channel"
    await server.until(lambda: server.delayed_answers)
    [answer] = server.delayed_answers
    assert answer.body["response_type"] == "ephemeral"
    assert "dev &amp; ops" in answer.body["text"]
    assert "<https://offres.example.org/1|Dev>" in str(answer.body["blocks"])
    assert recorder.asked == ["dev & ops"]


async def test_no_call_to_slack_is_needed_to_answer(vigie: httpx.AsyncClient, server: FakeSlack) -> None:
    server.revoke_token()
    await server.slash_command(URL, text="dev", client=vigie)
    await server.until(lambda: server.delayed_answers)
    assert [request.path for request in server.requests if "/api/" in request.path] == []


async def test_an_answer_for_all_is_shown_in_the_channel(vigie: httpx.AsyncClient, server: FakeSlack) -> None:
    await server.slash_command(URL, text="publier", client=vigie)
    await server.until(lambda: server.delayed_answers)
    assert server.delayed_answers[0].body["response_type"] == "in_channel"


async def test_an_error_is_told(vigie: httpx.AsyncClient, server: FakeSlack) -> None:
    await server.slash_command(URL, text="source absente", client=vigie)
    await server.until(lambda: server.delayed_answers)
    assert server.delayed_answers[0].body["text"] == "La source ne répond pas."


async def test_a_forged_signature_is_refused(
    vigie: httpx.AsyncClient, server: FakeSlack, recorder: Recorder
) -> None:
    response = await server.slash_command(URL, text="dev", signing_secret="faux", client=vigie)
    assert response.status_code == 401
    assert recorder.asked == []


async def test_an_old_request_is_refused(
    vigie: httpx.AsyncClient, server: FakeSlack, recorder: Recorder
) -> None:
    stamp = int(time.time()) - 301
    response = await server.slash_command(URL, text="dev", timestamp=stamp, client=vigie)
    assert response.status_code == 401
    assert recorder.asked == []


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Slack-Request-Timestamp": "hier", "X-Slack-Signature": "v0=00"},
        {"X-Slack-Request-Timestamp": "", "X-Slack-Signature": "v0=00"},
        {"X-Slack-Request-Timestamp": "1", "X-Slack-Signature": "v0=é".encode("latin-1")},
        {"X-Slack-Request-Timestamp": "9" * 5_000, "X-Slack-Signature": "v0=00"},
    ],
)
async def test_an_unsigned_or_malformed_request_is_refused(
    vigie: httpx.AsyncClient, recorder: Recorder, headers: dict[str, str | bytes]
) -> None:
    form = urlencode({"command": "/postes", "text": "dev"})
    response = await vigie.post("/slack/events", content=form, headers=list(headers.items()))  # type: ignore[arg-type]
    assert response.status_code == 401
    assert (await vigie.post("/slack/events", content=b"\xff", headers=[])).status_code == 401
    assert recorder.asked == []


async def test_a_body_over_64_kb_is_refused(
    vigie: httpx.AsyncClient, server: FakeSlack, recorder: Recorder
) -> None:
    response = await server.slash_command(URL, text="x" * 65_536, client=vigie)
    assert response.status_code == 413
    assert recorder.asked == []
