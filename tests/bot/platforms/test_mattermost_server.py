from __future__ import annotations

import asyncio
from contextlib import closing

import pytest

from bot.channels import mattermost_api
from bot.platforms.mattermost_server import MattermostServer
from tests.fakes.failures import Failure
from tests.fakes.mattermost import FakeMattermost

_OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


async def test_an_answer_does_not_go_with_a_connection_that_the_server_is_closing() -> None:
    heads: list[bytes] = []

    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answers one request, and closes when another comes by the same connection, as a server does that idled."""
        with closing(writer):
            head = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0]))
            heads.append(head)
            writer.write(_OK)
            await writer.drain()
            await reader.read(1)

    async with await asyncio.start_server(once, "127.0.0.1", 0) as listening:
        address = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
        server = MattermostServer(address, "jeton")
        said = [await server.answer_later(f"{address}/hooks/commands/abc", {"text": "Dev"}) for _ in range(3)]
        await server.close()
    assert said == [True, True, True]
    assert len(heads) == 3


async def test_an_answer_that_drips_without_end_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    # Each byte comes well within the time that is given for one, the last much later.
    monkeypatch.setattr(mattermost_api, "_TIMEOUT", 0.3)
    async with FakeMattermost() as fake:
        room = fake.add_channel("equipe", "offres")
        server = MattermostServer(fake.url, fake.token)
        fake.fail(Failure.drip(pause=0.05))
        assert not await server.share(room, "Dev")
        assert await server.share(room, "Dev")
        await server.close()


async def test_a_person_is_told_alone_each_time_and_the_account_is_asked_for_once() -> None:
    async with FakeMattermost() as fake:
        person = fake.add_user("personne")
        server = MattermostServer(fake.url, fake.token)
        assert [await server.tell(person, text) for text in ("Un", "Deux")] == [True, True]
        await server.close()
    assert [post.message for post in fake.posts] == ["Un", "Deux"]
    assert all(person in fake.channels[post.channel_id].name for post in fake.posts)
    assert [request.path for request in fake.requests].count("/api/v4/users/me") == 1


async def test_a_person_who_cannot_be_told_is_not_taken_for_told() -> None:
    async with FakeMattermost() as fake:
        person = fake.add_user("personne")
        server = MattermostServer(fake.url, fake.token)
        fake.revoke_token()
        assert not await server.tell(person, "Un")
        await server.close()
    assert fake.posts == []
