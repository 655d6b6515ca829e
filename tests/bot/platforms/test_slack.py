from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from urllib.parse import urlencode

import httpx
import pytest
from starlette.applications import Starlette

from bot.asking.chat import Caller
from bot.platforms.answering import Later
from bot.platforms.slack import slack_app, slack_routes
from bot.processes.app import utc_now
from bot.wording.message import Message, line
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
    later = Later()
    bolt = slack_app(
        recorder, token=server.token, signing_secret=server.signing_secret, language="fr", clock=utc_now,
        later=later, api_url=server.url,
    )  # fmt: skip
    app = Starlette(routes=slack_routes(bolt))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://vigie.example.org"
    ) as client:
        yield client
    await later.ended()


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


async def test_a_command_is_acknowledged_while_the_answer_is_not_there(server: FakeSlack) -> None:
    ready = asyncio.Event()

    async def slow(text: str, caller: Caller) -> Message:
        await ready.wait()
        return Message((line(f"2 offres pour {caller.person}"),))

    later = Later()
    bolt = slack_app(
        slow,
        token=server.token,
        signing_secret=server.signing_secret,
        language="fr",
        clock=utc_now,
        later=later,
    )
    transport = httpx.ASGITransport(Starlette(routes=slack_routes(bolt)))
    async with httpx.AsyncClient(transport=transport, base_url="http://vigie.example.org") as client:
        assert (await server.slash_command(URL, user_id="U1", client=client)).status_code == 200
        assert server.delayed_answers == []
        ready.set()
        await later.ended()
    assert len(server.delayed_answers) == 1, "whoever stops waits for what is being answered"
    assert server.delayed_answers[0].body["text"] == "2 offres pour U1"


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("<@U0VIGIE> dev &amp; ops", "dev & ops"),
        ("<@U0VIGIE|vigie> qui recrute ?", "qui recrute ?"),
        ("<@U0VIGIE> voir <https://offres.example.org/1>", "voir https://offres.example.org/1"),
        ("<@U0VIGIE> dans <#C1|offres>", "dans offres"),
        ("<@U0VIGIE>", ""),
    ],
)
async def test_a_mention_is_a_question_answered_to_the_person_alone(
    vigie: httpx.AsyncClient, server: FakeSlack, recorder: Recorder, written: str, asked: str
) -> None:
    server.add_channel("C0OFFRES")
    told = {"type": "app_mention", "channel": "C0OFFRES", "user": "U1", "text": written}
    await server.calls.event(URL, told, client=vigie)
    await server.until(lambda: server.ephemerals)
    assert recorder.asked == [asked]
    assert recorder.callers == [Caller("slack", "U1", "C0OFFRES", hidden=True, direct="U1")]
    assert (server.ephemerals[0]["user"], server.messages) == ("U1", [])


async def test_slack_is_told_that_the_address_is_ours(vigie: httpx.AsyncClient, server: FakeSlack) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "défi", "token": "x"})
    response = await server.calls.sent(URL, body, headers={"Content-Type": "application/json"}, client=vigie)
    assert (response.status_code, response.json()) == (200, {"challenge": "défi"})
