"""The fake Mattermost server, spoken to with httpx as Vigie does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.fakes.failures import Failure
from tests.fakes.mattermost import FakeMattermost
from tests.fakes.test_server import Clock

PERMISSIONS = "api.context.permissions.app_error"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def server(clock: Clock) -> AsyncIterator[FakeMattermost]:
    async with FakeMattermost(clock=clock) as fake:
        yield fake


@pytest.fixture
async def client(server: FakeMattermost) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"Authorization": f"Bearer {server.token}"}
    async with httpx.AsyncClient(
        base_url=f"{server.url}/api/v4", headers=headers, timeout=10, verify=False
    ) as http:
        yield http


@pytest.fixture
def channel(server: FakeMattermost) -> str:
    return server.add_channel("equipe", "offres")


async def create(client: httpx.AsyncClient, channel: str, message: str, **more: Any) -> dict[str, Any]:
    answer = await client.post("/posts", json={"channel_id": channel, "message": message, **more})
    assert answer.status_code == 201, answer.text
    post: dict[str, Any] = answer.json()
    return post


def refused(answer: httpx.Response, code: int, error_id: str) -> None:
    body = answer.json()
    assert (answer.status_code, body["id"], body["status_code"]) == (code, error_id, code)
    assert body["message"]


async def test_the_bot_learns_who_it_is(server: FakeMattermost, client: httpx.AsyncClient) -> None:
    me = (await client.get("/users/me")).json()
    assert (me["id"], me["is_bot"]) == (server.bot_user_id, True)
    assert len(me["id"]) == 26


async def test_ping_needs_no_token(server: FakeMattermost) -> None:
    async with httpx.AsyncClient() as anybody:
        answer = await anybody.get(f"{server.url}/api/v4/system/ping")
    assert answer.json() == {"status": "OK"}


@pytest.mark.parametrize("authorization", ["Bearer wrong", "", "Token mattermost-bot-token"])
async def test_a_wrong_token_is_an_expired_session(
    server: FakeMattermost, client: httpx.AsyncClient, authorization: str
) -> None:
    answer = await client.get("/users/me", headers={"Authorization": authorization})
    refused(answer, 401, "api.context.session_expired.app_error")


async def test_a_revoked_token_is_an_expired_session(
    server: FakeMattermost, client: httpx.AsyncClient, channel: str
) -> None:
    server.revoke_token()
    answer = await client.post("/posts", json={"channel_id": channel, "message": "Offre"})
    refused(answer, 401, "api.context.session_expired.app_error")


async def test_a_channel_is_found_by_its_names(
    server: FakeMattermost, client: httpx.AsyncClient, channel: str
) -> None:
    found = (await client.get("/teams/name/equipe/channels/name/offres")).json()
    assert (found["id"], found["name"], found["type"]) == (channel, "offres", "O")


@pytest.mark.parametrize(
    ("path", "error_id"),
    [
        ("/teams/name/equipe/channels/name/absent", "app.channel.get_by_name.missing.app_error"),
        ("/teams/name/absente/channels/name/offres", "app.team.get_by_name.missing.app_error"),
        ("/teams/name/equipe/channels/name/secret", "app.channel.get_by_name.missing.app_error"),
        ("/users/username/absente", "app.user.get_by_username.app_error"),
        ("/posts/post00000000000000000000099", "app.post.get.app_error"),
        ("/nowhere", "api.context.404.app_error"),
    ],
)
async def test_what_does_not_exist_is_404(
    server: FakeMattermost, client: httpx.AsyncClient, channel: str, path: str, error_id: str
) -> None:
    server.add_channel("equipe", "secret", member=False, private=True)
    refused(await client.get(path), 404, error_id)


async def test_a_public_channel_is_found_before_the_bot_joins(
    server: FakeMattermost, client: httpx.AsyncClient
) -> None:
    channel = server.add_channel("equipe", "offres", member=False)
    assert (await client.get("/teams/name/equipe/channels/name/offres")).json()["id"] == channel
    answer = await client.post("/posts", json={"channel_id": channel, "message": "Offre"})
    refused(answer, 403, PERMISSIONS)
    refused(await client.get(f"/channels/{channel}/posts"), 403, PERMISSIONS)


async def test_a_deleted_channel_is_403(
    server: FakeMattermost, client: httpx.AsyncClient, channel: str
) -> None:
    server.delete_channel(channel)
    answer = await client.post("/posts", json={"channel_id": channel, "message": "Offre"})
    refused(answer, 403, PERMISSIONS)


async def test_an_archived_channel_takes_no_post(
    server: FakeMattermost, client: httpx.AsyncClient, channel: str
) -> None:
    server.archive_channel(channel)
    answer = await client.post("/posts", json={"channel_id": channel, "message": "Offre"})
    refused(answer, 400, "api.post.create_post.can_not_post_to_deleted.error")


async def test_a_post_keeps_its_props_and_says_that_a_bot_wrote_it(
    server: FakeMattermost, client: httpx.AsyncClient, channel: str, clock: Clock
) -> None:
    made = await create(client, channel, "Offre", props={"vigie_delivery": "d1"})
    read = (await client.get(f"/posts/{made['id']}")).json()
    assert read["props"] == {"vigie_delivery": "d1", "from_bot": "true"}
    assert read["user_id"] == server.bot_user_id
    assert read["create_at"] == int(clock.now * 1000)
    assert [post.message for post in server.roots(channel)] == ["Offre"]


async def test_one_pending_id_makes_one_post_for_thirty_seconds(
    server: FakeMattermost, client: httpx.AsyncClient, channel: str, clock: Clock
) -> None:
    pending = f"{server.bot_user_id}:d1"
    first = await create(client, channel, "Offre", pending_post_id=pending)
    clock.now += 30
    again = await create(client, channel, "Offre", pending_post_id=pending)
    assert again["id"] == first["id"]
    assert len(server.posts) == 1
    clock.now += 1
    late = await create(client, channel, "Offre", pending_post_id=pending)
    assert late["id"] != first["id"]


async def test_a_pending_id_is_remembered_when_the_answer_was_lost(
    server: FakeMattermost, client: httpx.AsyncClient, channel: str
) -> None:
    server.fail(Failure.accept_then_cut())
    with pytest.raises(httpx.RemoteProtocolError):
        await create(client, channel, "Offre", pending_post_id="bot:d1")
    again = await create(client, channel, "Offre", pending_post_id="bot:d1")
    assert [post.id for post in server.posts] == [again["id"]]


@pytest.mark.parametrize(("size", "code"), [(16_383, 201), (16_384, 400)])
async def test_a_message_has_a_limit(client: httpx.AsyncClient, channel: str, size: int, code: int) -> None:
    answer = await client.post("/posts", json={"channel_id": channel, "message": "é" * size})
    assert answer.status_code == code
    if code == 400:
        refused(answer, 400, "model.post.is_valid.msg.app_error")


async def test_props_have_a_limit(client: httpx.AsyncClient, channel: str) -> None:
    body = {"channel_id": channel, "message": "Offre", "props": {"long": "x" * 8000}}
    refused(await client.post("/posts", json=body), 400, "model.post.is_valid.props.app_error")


async def test_a_body_that_is_no_json_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.post("/posts", content=b"message=Offre")
    refused(answer, 400, "api.context.invalid_body_param.app_error")


async def test_a_reply_is_in_the_thread(
    server: FakeMattermost, client: httpx.AsyncClient, channel: str
) -> None:
    root = await create(client, channel, "Offre")
    await create(client, channel, "Modifiée", root_id=root["id"])
    assert [post.message for post in server.replies(root["id"])] == ["Modifiée"]
    assert [post.message for post in server.roots(channel)] == ["Offre"]


async def test_a_deleted_root_takes_no_reply(
    server: FakeMattermost, client: httpx.AsyncClient, channel: str
) -> None:
    root = await create(client, channel, "Offre")
    await create(client, channel, "Modifiée", root_id=root["id"])
    server.delete_post(root["id"])
    answer = await client.post("/posts", json={"channel_id": channel, "message": "X", "root_id": root["id"]})
    refused(answer, 400, "api.post.create_post.root_id.app_error")
    assert server.replies(root["id"]) == []


async def test_a_root_in_another_channel_takes_no_reply(
    server: FakeMattermost, client: httpx.AsyncClient, channel: str
) -> None:
    root = await create(client, server.add_channel("equipe", "ailleurs"), "Offre")
    answer = await client.post("/posts", json={"channel_id": channel, "message": "X", "root_id": root["id"]})
    refused(answer, 400, "api.post.create_post.channel_root_id.app_error")


async def test_a_patch_edits_and_keeps_the_former_text(
    server: FakeMattermost, client: httpx.AsyncClient, channel: str, clock: Clock
) -> None:
    made = await create(client, channel, "Offre", props={"vigie_delivery": "d1"})
    clock.now += 60
    patched = (await client.put(f"/posts/{made['id']}/patch", json={"message": "Offre fermée"})).json()
    assert (patched["message"], patched["edit_at"]) == ("Offre fermée", int(clock.now * 1000))
    assert patched["props"]["vigie_delivery"] == "d1"
    assert server.posts[0].edits == ["Offre"]


async def test_a_patch_of_props_replaces_them_all(
    server: FakeMattermost, client: httpx.AsyncClient, channel: str
) -> None:
    made = await create(client, channel, "Offre", props={"vigie_delivery": "d1"})
    await client.put(f"/posts/{made['id']}/patch", json={"props": {"other": "1"}})
    assert server.posts[0].props == {"from_bot": "true", "other": "1"}
    assert server.posts[0].edit_at == 0


async def test_a_patch_has_the_limit_of_a_post(client: httpx.AsyncClient, channel: str) -> None:
    made = await create(client, channel, "Offre")
    answer = await client.put(f"/posts/{made['id']}/patch", json={"message": "x" * 16_384})
    refused(answer, 400, "model.post.is_valid.msg.app_error")


async def test_only_own_posts_that_are_there_can_be_patched(
    server: FakeMattermost, client: httpx.AsyncClient, channel: str
) -> None:
    gone = await create(client, channel, "Offre")
    server.delete_post(gone["id"])
    foreign = server.say(channel, "Bonjour")
    for post_id in (gone["id"], foreign.id, "post00000000000000000000099"):
        answer = await client.put(f"/posts/{post_id}/patch", json={"message": "X"})
        refused(answer, 403, PERMISSIONS)


async def test_a_deleted_post_is_not_shown(
    server: FakeMattermost, client: httpx.AsyncClient, channel: str
) -> None:
    gone = await create(client, channel, "Offre")
    server.delete_post(gone["id"])
    refused(await client.get(f"/posts/{gone['id']}"), 404, "app.post.get.app_error")
    assert (await client.get(f"/channels/{channel}/posts")).json()["order"] == []


async def test_a_channel_tells_what_changed_since(
    server: FakeMattermost, client: httpx.AsyncClient, channel: str, clock: Clock
) -> None:
    old = await create(client, channel, "Ancienne")
    edited = await create(client, channel, "Modifiable")
    gone = await create(client, channel, "Supprimée")
    since = int(clock.now * 1000)
    clock.now += 5
    await client.put(f"/posts/{edited['id']}/patch", json={"message": "Modifiée"})
    server.delete_post(gone["id"])
    new = await create(client, channel, "Nouvelle", props={"vigie_delivery": "d2"})
    listed = (await client.get(f"/channels/{channel}/posts", params={"since": since})).json()
    assert listed["order"] == [new["id"], gone["id"], edited["id"]]
    assert old["id"] not in listed["posts"]
    assert listed["posts"][new["id"]]["props"]["vigie_delivery"] == "d2"
    assert listed["posts"][gone["id"]]["delete_at"] > 0


async def test_a_channel_is_read_by_pages(client: httpx.AsyncClient, channel: str) -> None:
    ids = [(await create(client, channel, f"Offre {n}"))["id"] for n in range(3)]
    page = (await client.get(f"/channels/{channel}/posts", params={"page": 1, "per_page": 2})).json()
    assert page["order"] == ids[:1]


async def test_a_direct_channel_is_made_once(server: FakeMattermost, client: httpx.AsyncClient) -> None:
    person = server.add_user("personne")
    found = (await client.get("/users/username/personne")).json()
    assert found["id"] == person
    answers = [await client.post("/channels/direct", json=[server.bot_user_id, person]) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    direct = answers[0].json()
    assert (direct["type"], direct["id"]) == ("D", answers[1].json()["id"])
    await create(client, direct["id"], "Bonjour")
    assert len(server.roots(direct["id"])) == 1


async def test_a_direct_channel_needs_the_bot_and_a_person(
    server: FakeMattermost, client: httpx.AsyncClient
) -> None:
    others = [server.add_user("une"), server.add_user("autre")]
    refused(await client.post("/channels/direct", json=others), 403, PERMISSIONS)
    unknown = [server.bot_user_id, "user00000000000000000000099"]
    answer = await client.post("/channels/direct", json=unknown)
    refused(answer, 400, "api.context.invalid_body_param.app_error")


async def test_429_says_when_to_come_back_outside_of_json(
    server: FakeMattermost, client: httpx.AsyncClient
) -> None:
    server.fail(Failure.status(429, retry_after=7))
    answer = await client.get("/users/me")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")
    assert answer.headers["x-ratelimit-remaining"] == "0"
    assert answer.text == "limit exceeded\n"


async def test_500_is_in_the_servers_form(server: FakeMattermost, client: httpx.AsyncClient) -> None:
    server.fail(Failure.status(500))
    assert (await client.get("/users/me")).json()["status_code"] == 500


async def bot(request: Request) -> Response:
    form = await request.form()
    header = request.headers["authorization"]
    return JSONResponse({"form": {key: str(value) for key, value in form.items()}, "header": header})


async def test_a_slash_command_is_a_form_with_its_token_twice(server: FakeMattermost) -> None:
    app = Starlette(routes=[Route("/mattermost/command", bot, methods=["POST"])])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot") as client:
        answer = await server.slash_command(
            "/mattermost/command", token="jeton", text="dev freelance", user_name="personne", client=client
        )
    got = answer.json()
    assert got["header"] == "Token jeton"
    assert set(got["form"]) == {
        *("channel_id", "channel_name", "command", "response_url", "team_domain", "team_id"),
        *("text", "token", "trigger_id", "user_id", "user_name"),
    }
    assert (got["form"]["token"], got["form"]["text"]) == ("jeton", "dev freelance")


async def response_url(server: FakeMattermost) -> str:
    app = Starlette(routes=[Route("/", bot, methods=["POST"])])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot") as client:
        answer = await server.slash_command("/", client=client)
    return str(answer.json()["form"]["response_url"])


async def test_a_response_url_takes_five_answers(server: FakeMattermost, client: httpx.AsyncClient) -> None:
    url = await response_url(server)
    answers = [await client.post(url, json={"text": f"Réponse {n}"}) for n in range(6)]
    assert [(answer.status_code, answer.text) for answer in answers[:5]] == [(200, "ok")] * 5
    refused(answers[5], 400, "app.command_webhook.try_use.invalid")
    assert [answer.body["text"] for answer in server.delayed_answers] == [f"Réponse {n}" for n in range(5)]


async def test_a_response_url_lives_thirty_minutes(
    server: FakeMattermost, client: httpx.AsyncClient, clock: Clock
) -> None:
    url = await response_url(server)
    clock.now += 30 * 60
    assert (await client.post(url, json={"text": "À temps"})).status_code == 200
    clock.now += 1
    refused(await client.post(url, json={"text": "Tard"}), 404, "app.command_webhook.get.missing")
