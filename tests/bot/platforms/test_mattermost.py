from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from starlette.applications import Starlette

from bot.asking.answers import Answer
from bot.asking.chat import Caller
from bot.platforms.answering import PATIENCE, Answerer
from bot.platforms.mattermost import MattermostBot
from bot.platforms.mattermost_server import MattermostServer
from bot.wording.message import Button, Message, line
from tests.bot.house import Clock
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
    async with listening(recorder, server, ["autre-jeton", server.command_token]) as client:
        yield client


@asynccontextmanager
async def listening(
    answerer: Answerer,
    server: FakeMattermost,
    tokens: list[str],
    *,
    language: str = "fr",
    patience: float = PATIENCE,
) -> AsyncIterator[httpx.AsyncClient]:
    bot = MattermostBot(
        answerer,
        MattermostServer(server.url, server.token),
        tokens=tokens,
        secret="secret",
        site_url="http://vigie.example.org",
        clock=Clock(),
        language=language,
        patience=patience,
    )
    transport = httpx.ASGITransport(Starlette(routes=bot.routes()))
    async with httpx.AsyncClient(transport=transport, base_url="http://vigie.example.org") as client:
        yield client
    await bot.stop()


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


async def test_without_a_configured_token_nobody_may_call(recorder: Recorder, server: FakeMattermost) -> None:
    async with listening(recorder, server, ["", ""], language="en") as client:
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


class Slow:
    """Answers once it may, as a database that is slow."""

    def __init__(self, answer: Message) -> None:
        self.ready = asyncio.Event()
        self.answer = answer

    async def __call__(self, text: str, caller: Caller) -> Message:
        await self.ready.wait()
        return self.answer


async def test_a_slow_answer_is_acknowledged_and_sent_later(server: FakeMattermost) -> None:
    slow = Slow(Message((line("2 offres"),), (Button("Page suivante", "page 2"),)))
    async with listening(slow, server, [server.command_token], patience=0) as client:
        response = await server.slash_command(URL, text="dev", client=client)
        assert response.json()["text"].startswith("Vigie cherche")
        assert server.delayed_answers == []
        slow.ready.set()
        await server.until(lambda: server.delayed_answers)
    [answer] = server.delayed_answers
    assert (answer.body["response_type"], answer.body["text"]) == ("ephemeral", "2 offres")
    assert answer.body["attachments"][0]["actions"][0]["name"] == "Page suivante"


async def test_a_slow_answer_to_a_button_comes_as_a_direct_message(server: FakeMattermost) -> None:
    person = server.add_user("personne")
    slow = Slow(Message((line("2 offres"),), (Button("Page suivante", "page 2"),)))
    async with listening(slow, server, [server.command_token], patience=0) as client:
        await server.slash_command(URL, user_id=person, channel_id="salon", client=client)
        slow.ready.set()
        await server.until(lambda: server.delayed_answers)
        slow.ready.clear()
        [action] = server.delayed_answers[0].body["attachments"][0]["actions"]
        url, context = action["integration"]["url"], action["integration"]["context"]
        pressed = await server.press(url, context, user_id=person, channel_id="salon", client=client)
        assert "en message direct" in pressed.json()["ephemeral_text"]
        assert server.posts == []
        slow.ready.set()
        await server.until(lambda: server.posts)
    [post] = server.posts
    assert post.message == "2 offres"
    assert person in server.channels[post.channel_id].name


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"\xff", b"[" * 60_000], ids=["none", "cut", "list", "bytes", "deep"]
)
async def test_a_press_that_holds_nothing_readable_is_refused(
    vigie: httpx.AsyncClient, recorder: Recorder, content: bytes
) -> None:
    assert (await vigie.post("/mattermost/action", content=content)).status_code == 400
    assert recorder.asked == []


async def test_a_slow_answer_for_all_is_posted_in_the_channel(server: FakeMattermost) -> None:
    slow = Slow(Answer((line("2 offres"),), (Button("Page suivante", "page 2"),), public=True))
    async with listening(slow, server, [server.command_token], patience=0) as client:
        await server.slash_command(URL, text="publier dev", client=client)
        slow.ready.set()
        await server.until(lambda: server.delayed_answers)
    [answer] = server.delayed_answers
    assert answer.body["response_type"] == "in_channel"
    assert answer.body["text"].endswith("`/postes page 2`"), (
        "what all see has no button that anybody could press"
    )


async def test_what_cannot_be_shared_says_what_to_do(server: FakeMattermost) -> None:
    async def answerer(text: str, caller: Caller) -> Message:
        return Answer((line("2 offres"),), (Button("Partager ici", "publier dev"),), public=text != "")

    person, room = server.add_user("personne"), server.add_channel("equipe", "ailleurs", member=False)
    async with listening(answerer, server, [server.command_token]) as client:
        shown = (await server.slash_command(URL, user_id=person, channel_id=room, client=client)).json()
        integration = shown["attachments"][0]["actions"][0]["integration"]
        pressed = await server.press(
            integration["url"], integration["context"], user_id=person, channel_id=room, client=client
        )
    assert "tapez «\u00a0/postes publier dev\u00a0»" in pressed.json()["ephemeral_text"]
    assert server.posts == []


async def test_a_delayed_answer_goes_to_the_configured_server_only(server: FakeMattermost) -> None:
    slow = Slow(Message((line("2 offres"),)))
    async with listening(slow, server, [server.command_token], patience=0) as client:
        form = {"token": server.command_token, "response_url": "https://ailleurs.example.org/vole"}
        await client.post("/mattermost/command", data=form)
        slow.ready.set()
    assert server.requests == []


@pytest.mark.parametrize(
    ("channel", "place", "hidden"),
    [
        ("offres", "equipe/offres", True),
        ("avant__apres", "equipe/avant__apres", True),
        (f"{'a' * 26}__{'b' * 26}", "@personne", False),
    ],
)
async def test_who_asks_where_is_told_as_the_configuration_names_places(
    vigie: httpx.AsyncClient,
    server: FakeMattermost,
    recorder: Recorder,
    channel: str,
    place: str,
    hidden: bool,
) -> None:
    await server.slash_command(URL, user_id="u1", channel_name=channel, client=vigie)
    assert recorder.callers == [
        Caller("mattermost", "u1", place, hidden=hidden, name="@personne", direct="@personne")
    ]
