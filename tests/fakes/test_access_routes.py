"""What the fakes say of an account's rights, as the platforms document it, asked over plain HTTP."""

from __future__ import annotations

from typing import Any

import httpx

from tests.fakes.mattermost import FakeMattermost
from tests.fakes.slack import FakeSlack
from tests.fakes.telegram import FakeTelegram


async def test_mattermost_memberships_and_the_permissions_of_their_roles() -> None:
    async with FakeMattermost() as fake, httpx.AsyncClient() as client:
        room, other = fake.add_channel("equipe", "offres"), fake.add_channel("equipe", "autre", member=False)
        headers = {"Authorization": f"Bearer {fake.token}"}

        async def get(path: str) -> httpx.Response:
            return await client.get(f"{fake.url}/api/v4{path}", headers=headers)

        assert (await get(f"/channels/{room}/members/me")).json()["roles"] == "channel_user"
        missing = await get(f"/channels/{other}/members/me")
        assert (missing.status_code, missing.json()["id"]) == (
            404,
            "app.channel.get_member.missing.app_error",
        )
        assert (await get("/channels/inconnu/members/me")).status_code == 403
        team = (await get(f"/channels/{room}")).json()["team_id"]
        assert (await get(f"/teams/{team}/members/me")).json()["roles"] == "team_user"
        url = f"{fake.url}/api/v4/roles/names"
        roles = (await client.post(url, headers=headers, json=["channel_user", "inconnu"])).json()
        assert [role["name"] for role in roles] == ["channel_user"]
        assert "create_post" in roles[0]["permissions"]
        assert (await client.post(url, json=["channel_user"])).status_code == 401


async def test_slack_scopes_in_a_header_and_the_refusal_of_a_method_that_lacks_one() -> None:
    async with FakeSlack() as fake, httpx.AsyncClient() as client:
        fake.add_channel("C1")
        fake.scopes = ["chat:write"]
        headers = {"Authorization": f"Bearer {fake.token}"}
        answer = await client.post(f"{fake.url}auth.test", headers=headers)
        assert answer.headers["x-oauth-scopes"] == "chat:write"
        refused = (await client.get(f"{fake.url}conversations.history?channel=C1", headers=headers)).json()
        assert refused["error"] == "missing_scope"
        assert "channels:history" in refused["needed"].split(",")
        assert refused["provided"] == "chat:write"


async def test_telegram_the_place_of_the_bot_in_a_chat_is_what_sending_obeys() -> None:
    async with FakeTelegram() as fake, httpx.AsyncClient() as client:
        fake.add_chat(-1001)
        chat = fake.chats[-1001]

        async def call(method: str, **params: Any) -> dict[str, Any]:
            answer = await client.post(f"{fake.url}/bot{fake.token}/{method}", json=params)
            found: dict[str, Any] = answer.json()
            return found

        member = await call("getChatMember", chat_id=-1001, user_id=fake.bot_user_id)
        assert member["result"]["status"] == "member"
        assert not (await call("getChatMember", chat_id=-1001, user_id=1))["ok"]
        assert (await call("getChat", chat_id=-1001))["result"]["permissions"]["can_send_messages"]
        chat.members_may_post = False
        refused = await call("sendMessage", chat_id=-1001, text="Bonjour")
        assert "not enough rights" in refused["description"]
        chat.status = "administrator"
        assert (await call("sendMessage", chat_id=-1001, text="Bonjour"))["ok"]
