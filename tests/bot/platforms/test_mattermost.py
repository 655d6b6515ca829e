from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette

from bot.platforms.mattermost import mattermost_routes
from tests.bot.platforms.answerers import Recorder
from tests.fakes.mattermost import FakeMattermost

URL = "http://vigie.example.org/mattermost/command"


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
async def server() -> AsyncIterator[FakeMattermost]:
    async with FakeMattermost() as server:
        yield server


@pytest.fixture
async def vigie(recorder: Recorder, server: FakeMattermost) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=mattermost_routes(recorder, ["autre-jeton", server.command_token], language="fr"))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://vigie.example.org"
    ) as client:
        yield client


async def test_a_command_is_answered_to_the_person_who_typed_it(
    vigie: httpx.AsyncClient, server: FakeMattermost, recorder: Recorder
) -> None:
    response = await server.slash_command(URL, text="dev freelance à Paris", client=vigie)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    answer = response.json()
    assert answer["response_type"] == "ephemeral"
    assert "dev freelance à Paris" in answer["text"]
    assert "[Dev](https://offres.example.org/1)" in answer["text"]
    assert recorder.asked == ["dev freelance à Paris"]


async def test_an_answer_for_all_is_shown_in_the_channel(
    vigie: httpx.AsyncClient, server: FakeMattermost
) -> None:
    response = await server.slash_command(URL, text="publier", client=vigie)
    assert response.json() == {"response_type": "in_channel", "text": "Pour le canal"}


async def test_every_configured_token_is_accepted_by_body_or_header(
    vigie: httpx.AsyncClient, server: FakeMattermost
) -> None:
    for form, header in (
        ({"token": "autre-jeton"}, ""),
        ({"token": server.command_token}, ""),
        ({}, "Token autre-jeton"),
    ):
        response = await vigie.post("/mattermost/command", data=form, headers={"Authorization": header})
        assert response.status_code == 200


@pytest.mark.parametrize("token", ["faux", "", "autre-jeto", "autre-jetonn", "jeton-é"])
async def test_a_wrong_token_learns_nothing(
    vigie: httpx.AsyncClient, server: FakeMattermost, recorder: Recorder, token: str
) -> None:
    response = await vigie.post("/mattermost/command", data={"token": token, "text": "dev"})
    assert response.status_code == 401
    assert response.json()["text"].startswith("Jeton refusé\u00a0: ")
    assert recorder.asked == []


async def test_without_a_configured_token_nobody_may_call(recorder: Recorder) -> None:
    app = Starlette(routes=mattermost_routes(recorder, ["", ""], language="en"))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://vigie.example.org"
    ) as client:
        response = await client.post("/mattermost/command", data={"token": ""})
    assert response.status_code == 401
    assert response.json()["text"].startswith("Token refused: ")


async def test_what_is_no_form_is_refused(vigie: httpx.AsyncClient, recorder: Recorder) -> None:
    assert (await vigie.post("/mattermost/command", content=b"\xff\xfe=\xff")).status_code == 400
    assert (await vigie.post("/mattermost/command", content="a=1&" * 5_000)).status_code == 400
    assert (await vigie.get("/mattermost/command")).status_code == 405
    assert recorder.asked == []


async def test_a_body_over_64_kb_is_refused(vigie: httpx.AsyncClient, recorder: Recorder) -> None:
    response = await vigie.post("/mattermost/command", data={"token": "autre-jeton", "text": "x" * 65_536})
    assert response.status_code == 413
    assert recorder.asked == []


async def test_an_expected_error_is_told_in_its_words(
    vigie: httpx.AsyncClient, server: FakeMattermost
) -> None:
    response = await server.slash_command(URL, text="source absente", client=vigie)
    assert response.json() == {"response_type": "ephemeral", "text": "La source ne répond pas."}


async def test_a_mistake_of_ours_tells_no_detail(vigie: httpx.AsyncClient, server: FakeMattermost) -> None:
    response = await server.slash_command(URL, text="erreur", client=vigie)
    assert response.status_code == 200
    assert "Vigie n’a pas pu répondre" in response.json()["text"]
    assert "secret" not in response.text
