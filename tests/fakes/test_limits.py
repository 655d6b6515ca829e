"""The rates that each platform publishes, as its fake holds them: what passes, and what is answered 429."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import httpx
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.mattermost import FakeMattermost
from tests.fakes.slack import FakeSlack
from tests.fakes.telegram import FakeTelegram
from tests.fakes.test_server import Clock


async def passed(call: Callable[[], Awaitable[bool]], times: int) -> int:
    """How many of so many calls were not answered 429."""
    return sum([await call() for _ in range(times)])


async def test_mattermost_gives_credit_for_a_hundred_calls_and_ten_a_second() -> None:
    clock = Clock()
    async with FakeMattermost(clock=clock, paced=True) as server:
        headers = {"Authorization": f"Bearer {server.token}"}
        async with httpx.AsyncClient(base_url=server.url, headers=headers) as client:

            async def ask() -> bool:
                return (await client.get("/api/v4/users/me")).status_code == 200

            assert await passed(ask, 102) == 100
            clock.now += 1
            assert await passed(ask, 12) == 10
            clock.now += 3600
            assert await passed(ask, 102) == 100
    assert server.too_many == 6


async def test_slack_takes_one_message_a_second_in_a_channel_and_edits_besides() -> None:
    clock = Clock()
    async with FakeSlack(clock=clock, paced=True) as server:
        client = AsyncWebClient(token=server.token, base_url=server.url, retry_handlers=[])
        for channel in ("C0UN", "C0DEUX"):
            server.add_channel(channel)

        async def post(channel: str) -> bool:
            try:
                await client.chat_postMessage(channel=channel, text="Offre")
            except SlackApiError:
                return False
            return True

        assert [await post(channel) for channel in ("C0UN", "C0DEUX", "C0UN")] == [True, True, False]
        await client.chat_update(channel="C0UN", ts=server.messages[0].ts, text="Offre fermée")
        clock.now += 1
        assert await post("C0UN")
    assert server.too_many == 1


async def test_telegram_counts_by_bot_by_chat_and_by_group() -> None:
    clock = Clock()
    async with FakeTelegram(clock=clock, paced=True) as server, httpx.AsyncClient() as client:
        for person in range(1, 40):
            server.add_chat(person, "private")
        server.add_chat(-100, "supergroup")

        async def post(chat: int) -> bool:
            url = f"{server.url}/bot{server.token}/sendMessage"
            return (await client.post(url, json={"chat_id": chat, "text": "Offre"})).status_code == 200

        assert [await post(chat) for chat in range(1, 40)] == [True] * 30 + [False] * 9
        clock.now += 1
        assert [await post(chat) for chat in (1, 1, 2)] == [True, False, True]
        in_the_group = []
        for _ in range(25):
            clock.now += 1
            in_the_group.append(await post(-100))
        assert in_the_group == [True] * 20 + [False] * 5
        clock.now += 36
        assert await post(-100), "a minute after the first"
    assert server.too_many == 15
