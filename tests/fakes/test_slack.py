"""The fake Slack workspace, spoken to with slack_sdk's own client: what the bot sends."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import httpx
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.failures import Failure, Limit
from tests.fakes.slack import FakeSlack
from tests.fakes.test_server import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def server(clock: Clock) -> AsyncIterator[FakeSlack]:
    async with FakeSlack(clock=clock) as fake:
        yield fake


@pytest.fixture
def client(server: FakeSlack) -> AsyncWebClient:
    return AsyncWebClient(token=server.token, base_url=server.url, retry_handlers=[])


@pytest.fixture
def channel(server: FakeSlack) -> str:
    return server.add_channel("C0OFFRES", "offres")


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def error_of(caught: pytest.ExceptionInfo[SlackApiError]) -> str:
    return str(caught.value.response["error"])


async def test_the_bot_learns_who_it_is(server: FakeSlack, client: AsyncWebClient) -> None:
    me = await client.auth_test()
    assert me["user_id"] == server.bot_user_id
    assert me["url"].startswith("https://")


@pytest.mark.parametrize(("token", "error"), [("xoxb-wrong", "invalid_auth"), (None, "not_authed")])
async def test_a_wrong_token(server: FakeSlack, token: str | None, error: str) -> None:
    client = AsyncWebClient(token=token, base_url=server.url, retry_handlers=[])
    with pytest.raises(SlackApiError) as caught:
        await client.auth_test()
    assert error_of(caught) == error
    assert caught.value.response.status_code == 200


async def test_a_revoked_token(server: FakeSlack, client: AsyncWebClient) -> None:
    server.revoke_token()
    with pytest.raises(SlackApiError) as caught:
        await client.auth_test()
    assert error_of(caught) == "token_revoked"


async def test_a_method_that_is_not_there(client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError) as caught:
        await client.api_call("chat.shout")
    assert error_of(caught) == "unknown_method"


async def test_a_message_is_kept_whole(server: FakeSlack, client: AsyncWebClient, channel: str) -> None:
    metadata = {"event_type": "vigie_delivery", "event_payload": {"delivery": "d1"}}
    blocks = [section("*Offre*")]
    answer = await client.chat_postMessage(
        channel=channel, text="Offre", blocks=blocks, metadata=metadata, unfurl_links=False
    )
    (message,) = server.messages
    assert (answer["ts"], answer["channel"]) == (message.ts, channel)
    assert answer["message"]["text"] == message.text == "Offre"
    assert (message.blocks, message.metadata, message.broadcast) == (blocks, metadata, False)
    assert server.requests[-1].json["unfurl_links"] is False


async def test_a_channel_can_be_named(server: FakeSlack, client: AsyncWebClient, channel: str) -> None:
    answer = await client.chat_postMessage(channel="#offres", text="Offre")
    assert answer["channel"] == channel


async def test_a_form_is_taken_like_json(server: FakeSlack, channel: str) -> None:
    form = {"token": server.token, "channel": channel, "text": "Offre", "blocks": '[{"type": "divider"}]'}
    async with httpx.AsyncClient(verify=False) as http:
        assert (await http.post(f"{server.url}chat.postMessage", data=form)).json()["ok"]
        broken = await http.post(f"{server.url}chat.postMessage", data=form | {"blocks": "[{"})
    assert server.messages[0].blocks == [{"type": "divider"}]
    assert broken.json() == {"ok": False, "error": "invalid_blocks_format"}


async def test_a_channel_that_is_not_there(client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="C0ABSENT", text="Offre")
    assert error_of(caught) == "channel_not_found"


@pytest.mark.parametrize(("private", "error"), [(False, "not_in_channel"), (True, "channel_not_found")])
async def test_a_channel_that_the_bot_is_not_in(
    server: FakeSlack, client: AsyncWebClient, private: bool, error: str
) -> None:
    channel = server.add_channel("C0AUTRE", member=False, private=private)
    for call in (
        client.chat_postMessage(channel=channel, text="Offre"),
        client.conversations_history(channel=channel),
    ):
        with pytest.raises(SlackApiError) as caught:
            await call
        assert error_of(caught) == error


async def test_an_archived_and_a_deleted_channel(
    server: FakeSlack, client: AsyncWebClient, channel: str
) -> None:
    server.archive_channel(channel)
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=channel, text="Offre")
    assert error_of(caught) == "is_archived"
    assert (await client.conversations_info(channel=channel))["channel"]["is_archived"]
    server.delete_channel(channel)
    with pytest.raises(SlackApiError) as caught:
        await client.conversations_info(channel=channel)
    assert error_of(caught) == "channel_not_found"


async def test_a_channel_tells_whether_the_bot_is_in_it(
    server: FakeSlack, client: AsyncWebClient, channel: str
) -> None:
    assert (await client.conversations_info(channel=channel))["channel"]["is_member"]
    other = server.add_channel("C0AUTRE", member=False)
    assert not (await client.conversations_info(channel=other))["channel"]["is_member"]


async def test_an_empty_message(client: AsyncWebClient, channel: str) -> None:
    with pytest.raises(SlackApiError) as caught:
        await client.api_call("chat.postMessage", json={"channel": channel})
    assert error_of(caught) == "no_text"


async def test_a_long_text_is_cut_when_posted(
    server: FakeSlack, client: AsyncWebClient, channel: str
) -> None:
    await client.chat_postMessage(channel=channel, text="x" * 40_001)
    assert len(server.messages[0].text) == 40_000


@pytest.mark.parametrize(("size", "refused"), [(2000, False), (2001, True)])
async def test_a_long_text_is_refused_when_updated(
    client: AsyncWebClient, channel: str, size: int, refused: bool
) -> None:
    posted = await client.chat_postMessage(channel=channel, text="Offre")
    if not refused:
        await client.chat_update(channel=channel, ts=posted["ts"], text="é" * size)
        return
    with pytest.raises(SlackApiError) as caught:
        await client.chat_update(channel=channel, ts=posted["ts"], text="é" * size)
    assert error_of(caught) == "msg_too_long"


async def test_wrong_blocks_are_refused_and_named(client: AsyncWebClient, channel: str) -> None:
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=channel, text="Offre", blocks=[section("x" * 3001)])
    assert error_of(caught) == "invalid_blocks"
    (told,) = caught.value.response["response_metadata"]["messages"]
    assert told == "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"


async def test_blocks_have_a_limit_together(client: AsyncWebClient, channel: str) -> None:
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=channel, text="Offre", blocks=[section("x" * 2700)] * 5)
    assert error_of(caught) == "msg_blocks_too_long"


async def test_metadata_has_a_shape(client: AsyncWebClient, channel: str) -> None:
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=channel, text="Offre", metadata={"event_type": "vigie"})
    assert error_of(caught) == "invalid_metadata_format"


async def test_an_update_replaces_what_it_names(
    server: FakeSlack, client: AsyncWebClient, channel: str
) -> None:
    metadata = {"event_type": "vigie_delivery", "event_payload": {"delivery": "d1"}}
    posted = await client.chat_postMessage(
        channel=channel, text="Offre", blocks=[section("Offre")], metadata=metadata
    )
    updated = await client.chat_update(channel=channel, ts=posted["ts"], text="Fermée")
    (message,) = server.messages
    assert (updated["ts"], message.text, message.edits) == (posted["ts"], "Fermée", ["Offre"])
    assert (message.blocks, message.metadata) == ([section("Offre")], metadata)
    assert updated["message"]["edited"]
    await client.chat_update(channel=channel, ts=posted["ts"], text="Fermée", blocks=[])
    assert message.blocks == []


async def test_only_own_messages_that_are_there_can_be_updated(
    server: FakeSlack, client: AsyncWebClient, channel: str
) -> None:
    gone = (await client.chat_postMessage(channel=channel, text="Offre"))["ts"]
    server.delete_post(gone)
    foreign = server.say(channel, "Bonjour").ts
    for ts, error in ((gone, "message_not_found"), (foreign, "cant_update_message")):
        with pytest.raises(SlackApiError) as caught:
            await client.chat_update(channel=channel, ts=ts, text="X")
        assert error_of(caught) == error


async def test_a_reply_is_in_the_thread_and_a_broadcast_in_both(
    server: FakeSlack, client: AsyncWebClient, channel: str
) -> None:
    root = (await client.chat_postMessage(channel=channel, text="Offre"))["ts"]
    await client.chat_postMessage(channel=channel, text="Modifiée", thread_ts=root)
    await client.chat_postMessage(channel=channel, text="Bientôt", thread_ts=root, reply_broadcast=True)
    assert [message.text for message in server.roots(channel)] == ["Offre"]
    assert [(m.text, m.broadcast) for m in server.replies(root)] == [("Modifiée", False), ("Bientôt", True)]
    history = await client.conversations_history(channel=channel)
    assert [message["text"] for message in history["messages"]] == ["Bientôt", "Offre"]
    assert history["messages"][0]["subtype"] == "thread_broadcast"
    replies = await client.conversations_replies(channel=channel, ts=root)
    assert [message["text"] for message in replies["messages"]] == ["Offre", "Modifiée", "Bientôt"]


async def test_a_thread_that_is_not_there(server: FakeSlack, client: AsyncWebClient, channel: str) -> None:
    root = (await client.chat_postMessage(channel=channel, text="Offre"))["ts"]
    server.delete_post(root)
    for call in (
        client.chat_postMessage(channel=channel, text="Modifiée", thread_ts=root),
        client.conversations_replies(channel=channel, ts=root),
    ):
        with pytest.raises(SlackApiError) as caught:
            await call
        assert error_of(caught) == "thread_not_found"


async def test_a_deleted_root_with_replies_leaves_a_tombstone(
    server: FakeSlack, client: AsyncWebClient, channel: str
) -> None:
    root = (await client.chat_postMessage(channel=channel, text="Offre"))["ts"]
    await client.chat_postMessage(channel=channel, text="Modifiée", thread_ts=root)
    server.delete_post(root)
    history = await client.conversations_history(channel=channel)
    assert [message["subtype"] for message in history["messages"]] == ["tombstone"]
    assert server.roots(channel) == []


async def test_metadata_is_told_to_who_asks(client: AsyncWebClient, channel: str) -> None:
    metadata = {"event_type": "vigie_delivery", "event_payload": {"delivery": "d1"}}
    await client.chat_postMessage(channel=channel, text="Offre", metadata=metadata)
    without = await client.conversations_history(channel=channel)
    asked = await client.conversations_history(channel=channel, include_all_metadata=True)
    assert "metadata" not in without["messages"][0]
    assert asked["messages"][0]["metadata"] == metadata


async def test_history_is_cut_by_time_and_by_pages(
    client: AsyncWebClient, channel: str, clock: Clock
) -> None:
    stamps = []
    for n in range(4):
        stamps.append((await client.chat_postMessage(channel=channel, text=str(n)))["ts"])
        clock.now += 10

    async def told(**asked: Any) -> tuple[list[str], str]:
        page = await client.conversations_history(channel=channel, **asked)
        texts = [message["text"] for message in page["messages"]]
        return texts, page["response_metadata"]["next_cursor"] if page["has_more"] else ""

    assert await told(oldest=stamps[1]) == (["3", "2"], "")
    assert await told(oldest=stamps[1], inclusive=True) == (["3", "2", "1"], "")
    assert await told(latest=stamps[1]) == (["0"], "")
    texts, cursor = await told(limit=3)
    assert texts == ["3", "2", "1"]
    assert await told(limit=3, cursor=cursor) == (["0"], "")


async def test_a_message_has_an_address(server: FakeSlack, client: AsyncWebClient, channel: str) -> None:
    root = (await client.chat_postMessage(channel=channel, text="Offre"))["ts"]
    reply = (await client.chat_postMessage(channel=channel, text="Modifiée", thread_ts=root))["ts"]
    link = (await client.chat_getPermalink(channel=channel, message_ts=root))["permalink"]
    assert link.endswith(f"/archives/{channel}/p{root.replace('.', '')}")
    in_thread = (await client.chat_getPermalink(channel=channel, message_ts=reply))["permalink"]
    assert in_thread.endswith(f"?thread_ts={root}&cid={channel}")
    with pytest.raises(SlackApiError) as caught:
        await client.chat_getPermalink(channel=channel, message_ts="1.000001")
    assert error_of(caught) == "message_not_found"


async def test_429_says_when_to_come_back(server: FakeSlack, client: AsyncWebClient, channel: str) -> None:
    server.fail(Failure.status(429, retry_after=30))
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=channel, text="Offre")
    assert error_of(caught) == "ratelimited"
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "30"
    assert server.messages == []


async def test_the_limit_is_by_channel(clock: Clock) -> None:
    async with FakeSlack(clock=clock, limit=Limit(1, 1)) as server:
        client = AsyncWebClient(token=server.token, base_url=server.url, retry_handlers=[])
        for channel in ("C0UN", "C0DEUX"):
            server.add_channel(channel)
            await client.chat_postMessage(channel=channel, text="Offre")
        with pytest.raises(SlackApiError) as caught:
            await client.chat_postMessage(channel="C0UN", text="Offre")
        assert error_of(caught) == "ratelimited"
        clock.now += 1
        await client.chat_postMessage(channel="C0UN", text="Offre")


async def test_a_cut_after_acceptance_is_found_in_the_history(
    server: FakeSlack, client: AsyncWebClient, channel: str
) -> None:
    server.fail(Failure.accept_then_cut())
    metadata = {"event_type": "vigie_delivery", "event_payload": {"delivery": "d1"}}
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await client.chat_postMessage(channel=channel, text="Offre", metadata=metadata)
    history = await client.conversations_history(channel=channel, include_all_metadata=True)
    assert history["messages"][0]["metadata"] == metadata


async def test_500_and_garbage(server: FakeSlack, client: AsyncWebClient) -> None:
    server.fail(Failure.status(500), Failure.garbage())
    with pytest.raises(SlackApiError) as caught:
        await client.auth_test()
    assert error_of(caught) == "internal_error"
    with pytest.raises(SlackApiError):
        await client.auth_test()
