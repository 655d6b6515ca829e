"""The limits of each platform, and what a wait that it asks for stops."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot.announcing.telling import EDIT
from bot.channels.telegram import TelegramChannel
from bot.deliveries.outbox import Dispatcher
from bot.deliveries.pacing import calls_for, limits_of
from bot.processes.app import App
from postings.model import EventKind
from postings.store import Store
from postings.store.values import DIGEST, NOTE
from tests.bot.house import Clock, house, settings, watched
from tests.fakes.failures import Failure
from tests.fakes.telegram import FakeTelegram
from tests.repositories import Repository, posting_file


def keys(target: str) -> list[str]:
    return [limit.key for limit in limits_of(target)]


def rate(target: str) -> float:
    """Messages a minute that the narrowest limit of a target lets pass in the long run."""
    return timedelta(minutes=1) / limits_of(target)[-1].interval


@pytest.mark.parametrize(
    ("target", "published"),
    [
        ("mattermost:equipe/offres", 600),
        ("slack:C0OFFRES", 60),
        ("telegram:1234", 60),
        ("telegram:-1001234", 20),
        ("telegram:-1001234/7", 20),
        ("telegram:@offres", 20),
    ],
)
def test_a_target_gets_nearly_what_is_published_and_not_more(target: str, published: float) -> None:
    assert 0.97 * published < rate(target) <= published


def test_a_terminal_has_no_limit() -> None:
    assert limits_of("console:") == ()


def test_what_shares_a_limit() -> None:
    assert keys("mattermost:equipe/a") == keys("mattermost:equipe/b"), "the account's"
    assert keys("slack:C0A") != keys("slack:C0B")
    assert keys("telegram:-100/1") == keys("telegram:-100/2"), "the topics of a chat"
    assert keys("telegram:1")[0] == keys("telegram:-100")[0], "the bot's"
    assert keys("telegram:1")[1] != keys("telegram:-100")[1]


def test_no_window_of_a_second_or_a_minute_can_hold_more_than_is_published() -> None:
    for target in ("slack:C0A", "telegram:1", "telegram:-100"):
        assert {limit.burst for limit in limits_of(target)} == {1}
    assert 30 * limits_of("telegram:1")[0].interval >= timedelta(seconds=1)


@pytest.mark.parametrize(
    ("kind", "calls"),
    [(EDIT, 1), (NOTE, 1), (DIGEST, 1), (EventKind.OPENED, 1), (EventKind.CLOSED, 1)]
    + [(kind, 2) for kind in (EventKind.UPDATED, EventKind.CLOSING_SOON, EventKind.REOPENED)],
)
def test_what_is_told_besides_an_edit_costs_two_calls(kind: str, calls: int) -> None:
    assert calls_for(str(kind)) == calls


def test_an_end_that_is_told_as_a_reply_too_costs_two_calls() -> None:
    assert calls_for(str(EventKind.FILLED), tells_ends=True) == 2
    assert calls_for(EDIT, tells_ends=True) == 1


async def test_a_wait_that_mattermost_asks_for_stops_the_account_for_every_worker(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    options = settings(tmp_path, repository.path, {}, {"target": "equipe/autre"})
    async with house(store, options, clock) as vigie, house(store, options, clock, vigie.fake) as other:
        autre = vigie.fake.add_channel("equipe", "autre")
        await watched(vigie, repository)
        repository.commit({"dev.md": posting_file("post_ouvert: 2024-03-04")})
        await vigie.app.watchers[0].look()
        vigie.fake.fail(Failure.status(429, retry_after=40, path="/api/v4/posts"))
        await vigie.send()
        states = [row.state for row in await vigie.rows()]
        assert "pending" in states, "the other one was in flight, or waits too: as it happens"
        repository.commit({"ops.md": posting_file("post_ouvert: 2024-03-04")})
        await vigie.app.watchers[0].look()
        tried = len(vigie.fake.requests)
        clock.forward(seconds=39)
        await other.send()
        assert len(vigie.fake.requests) == tried, "nobody asks before the time, for either channel"
        for seconds in (1, *[0.1] * 3):
            clock.forward(seconds=seconds)
            await other.send()
        assert [len(vigie.fake.roots(room)) for room in (vigie.room, autre)] == [2, 2]
        assert {(row.state, row.attempts) for row in await vigie.rows()} == {("sent", 1)}


async def test_a_change_is_edited_and_replied_in_a_group_without_being_told_to_wait(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async def over(event: asyncio.Event, seconds: float) -> bool:
        if seconds > 10:  # what prolongs the leases
            return await event.wait()
        clock.forward(seconds=seconds)
        return False

    account = {"token": "jeton"}
    options = settings(
        tmp_path, repository.path, {"platform": "telegram", "target": "-1001"}, telegram=account
    )
    async with FakeTelegram(clock=lambda: clock.now.timestamp(), paced=True) as fake:
        fake.add_chat(-1001)
        channel = TelegramChannel(fake.token, fake.url)
        app = App(options, store, {"telegram": channel}, clock)
        dispatcher = Dispatcher(store, app.channels, clock=clock, owner="essai", over=over)
        repository.commit()
        await app.watchers[0].look()
        file = posting_file("post_ouvert: 2024-03-04")
        for content in (file, file.replace(b"contrat: cdd", b"contrat: [freelance, cdd]")):
            repository.commit({"dev.md": content})
            await app.watchers[0].look()
            assert await dispatcher.send_ready() == 1
            clock.forward(minutes=1)
        await channel.close()
        assert fake.too_many == 0
        first, reply = fake.messages
        assert first.edits
        assert reply.reply_to == first.message_id
