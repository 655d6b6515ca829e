"""The dispatcher against a fake Mattermost that fails in every way: once each, in order, never for nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels.access import Access
from bot.channels.base import Channel, TargetMoved
from bot.deliveries.outbox import LEASE
from bot.deliveries.retrying import CAPS, PATIENCE
from bot.processes.app import App
from bot.wording import reasons
from bot.wording.message import Message
from postings.store import Store
from postings.store.codec import event_to_json
from tests.bot.house import KEY, TARGET, Clock, House, house, settings, watched
from tests.fakes.failures import Failure
from tests.postings.store.samples import enqueue, opened, outgoing
from tests.repositories import START, Repository, posting_file

OPEN = posting_file("post_ouvert: 2024-03-04")
SHUT = posting_file("post_ouvert: 2024-03-04", "open: false")
MORE = OPEN.replace(b"contrat: cdd", b"contrat: [freelance, cdd]")
POSTS = "/api/v4/posts"


async def _found(vigie: House, repository: Repository, *names: str) -> None:
    """Postings that open, found and not sent yet."""
    await watched(vigie, repository)
    repository.commit({f"{name}.md": OPEN for name in names or ("dev",)})
    await vigie.app.watchers[0].look()


def _roles(vigie: House) -> int:
    return len([post for post in vigie.fake.posts if not post.root_id])


@pytest.mark.parametrize(
    "failure",
    [Failure.status(500, path=POSTS), Failure.garbage(path=POSTS), Failure.cut_before(path=POSTS)],
    ids=["500", "proxy", "cut"],
)
async def test_a_failed_sending_is_tried_again(
    vigie: House, repository: Repository, clock: Clock, failure: Failure
) -> None:
    await _found(vigie, repository)
    vigie.fake.fail(failure)
    await vigie.send()
    assert vigie.said == []
    clock.now += CAPS[0]
    await vigie.send()
    assert _roles(vigie) == 1
    assert (await vigie.row()).state == "sent"


async def test_a_message_whose_answer_was_lost_is_not_sent_twice(
    vigie: House, repository: Repository, clock: Clock
) -> None:
    await _found(vigie, repository)
    vigie.fake.fail(Failure.accept_then_cut(path=POSTS))
    await vigie.send()
    # Mattermost itself drops a second one of the same pending_post_id only for 30 seconds.
    clock.now += timedelta(hours=1)
    await vigie.send()
    assert _roles(vigie) == 1
    row = await vigie.row()
    assert (row.state, row.message_id) == ("sent", vigie.roots[0].id)


async def test_a_message_stays_looked_for_when_looking_fails_too(
    vigie: House, repository: Repository, clock: Clock
) -> None:
    await _found(vigie, repository)
    vigie.fake.fail(Failure.accept_then_cut(path=POSTS))
    await vigie.send()
    vigie.fake.fail(Failure.status(503, path=f"{vigie.room}/posts"))
    clock.now += timedelta(hours=1)
    await vigie.send()
    clock.now += timedelta(hours=1)
    await vigie.send()
    assert _roles(vigie) == 1


async def test_an_answer_that_was_lost_is_found_even_when_the_posting_closed_meanwhile(
    vigie: House, repository: Repository, clock: Clock
) -> None:
    await _found(vigie, repository)
    vigie.fake.fail(Failure.accept_then_cut(path=POSTS))
    await vigie.send()
    clock.forward(hours=1)
    repository.commit({"dev.md": SHUT})
    await vigie.look()
    (post,) = vigie.fake.posts
    assert post.message.startswith("**Offre fermée")


async def test_what_closed_before_it_could_be_sent_is_never_announced(
    vigie: House, repository: Repository, clock: Clock
) -> None:
    await _found(vigie, repository)
    vigie.fake.fail(Failure.cut_before(path=POSTS))  # nobody knows whether it was taken
    await vigie.send()
    clock.forward(hours=1)
    repository.commit({"dev.md": SHUT})
    await vigie.look()
    assert vigie.fake.posts == []
    assert {row.state for row in await vigie.rows()} == {"dropped"}


async def test_attempts_are_spread_over_about_a_day_and_then_the_row_is_dead(
    vigie: House, repository: Repository, clock: Clock
) -> None:
    await _found(vigie, repository, "dev", "ops")
    waits = []
    while (row := (await vigie.rows())[0]).state == "pending":
        vigie.fake.fail(Failure.status(500, path=POSTS))
        await vigie.app.dispatcher.send_ready()
        row = (await vigie.rows())[0]
        if row.retry_at is not None and row.state == "pending":
            waits.append(row.retry_at - clock.now)
            clock.now = row.retry_at
    assert tuple(waits) == CAPS
    assert (row.state, row.attempts) == ("dead", 8)
    assert timedelta(hours=20) < clock.now - START < timedelta(hours=30)
    assert row.error
    assert vigie.said == [], "the later row of the channel waited"
    await vigie.send()
    assert [row.state for row in await vigie.rows()] == ["dead", "sent"], "a dead row holds nothing back"
    assert await vigie.store.outbox.again(row.id, now=clock.now)
    await vigie.send()
    assert _roles(vigie) == 2


async def test_the_wait_that_the_platform_asks_for_is_kept(
    vigie: House, repository: Repository, clock: Clock
) -> None:
    await _found(vigie, repository)
    vigie.fake.fail(Failure.status(429, retry_after=77, path=POSTS))
    await vigie.send()
    assert (await vigie.row()).retry_at == clock.now + timedelta(seconds=77)
    clock.forward(seconds=76)
    await vigie.send()
    assert vigie.said == []
    clock.forward(seconds=1)
    await vigie.send()
    assert _roles(vigie) == 1


async def test_short_waits_asked_for_do_not_use_up_the_attempts(
    vigie: House, repository: Repository, clock: Clock
) -> None:
    await _found(vigie, repository)
    for _ in range(3 * len(CAPS)):
        vigie.fake.fail(Failure.status(429, retry_after=1, path=POSTS))
        await vigie.send()
        clock.forward(seconds=1)
    assert clock.now - START < PATIENCE
    await vigie.send()
    assert (await vigie.row()).state == "sent"


async def test_a_refused_target_stops_alone(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    options = settings(tmp_path, repository.path, {"target": "equipe/secret"}, {"target": TARGET})
    async with house(store, options, clock) as vigie:
        vigie.fake.add_channel("equipe", "secret", member=False)
        await _found(vigie, repository)
        await vigie.send()
        states = {row.target: row.state for row in await vigie.rows()}
        assert states == {KEY: "sent", "mattermost:equipe/secret": "pending"}


async def test_rows_of_one_channel_go_in_order_past_a_failure(
    vigie: House, repository: Repository, clock: Clock
) -> None:
    await _found(vigie, repository, "a", "b")
    vigie.fake.fail(Failure.status(503, path=POSTS))
    await vigie.send()
    assert vigie.said == [], "the second row waits for the first"
    repository.commit({"a.md": MORE})
    await vigie.look()
    assert vigie.said == []
    clock.now += CAPS[0]
    await vigie.send()
    rows = [row for row in await vigie.rows() if row.message_id]
    assert [(row.posting, row.kind) for row in rows] == [("a", "opened"), ("b", "opened"), ("a", "updated")]
    posted = [post.id for post in vigie.fake.posts]
    assert posted == [row.message_id for row in rows]


async def test_a_message_that_somebody_deleted_is_left_alone(vigie: House, repository: Repository) -> None:
    await _found(vigie, repository)
    await vigie.send()
    vigie.fake.delete_post(vigie.roots[0].id)
    repository.commit({"dev.md": SHUT})
    await vigie.look()
    assert vigie.said == []
    assert [row.state for row in await vigie.rows()] == ["sent", "dropped"]


async def test_a_notice_is_told_although_somebody_deleted_the_first_message(
    vigie: House, repository: Repository, clock: Clock
) -> None:
    await watched(vigie, repository)
    repository.commit({"dev.md": posting_file("post_ouvert: 2024-03-04", "poste_ferme: 2024-03-20")})
    await vigie.look()
    vigie.fake.delete_post(vigie.roots[0].id)
    clock.now = await vigie.store.next_due() or clock.now
    await vigie.tick()
    (notice,) = vigie.roots
    assert notice.message.startswith("Plus qu’une semaine")
    assert "/pl/" not in notice.message, "what it would link to is gone"


async def test_a_notice_that_could_not_be_sent_on_its_day_is_not_told(
    vigie: House, repository: Repository, clock: Clock
) -> None:
    await watched(vigie, repository)
    repository.commit({"dev.md": posting_file("post_ouvert: 2024-03-04", "poste_ferme: 2024-03-20")})
    await vigie.look()
    clock.now = await vigie.store.next_due() or clock.now
    vigie.fake.fail(Failure.status(503, path="/patch"))
    await vigie.tick()
    clock.forward(days=1)
    await vigie.send()
    assert [line.partition("\u00a0:")[0] for line in vigie.said] == ["**Nouvelle offre"]


async def test_what_was_to_be_told_of_a_posting_that_nobody_knows_any_more_is_dropped_with_the_reason(
    vigie: House, clock: Clock
) -> None:
    row = outgoing("k", KEY, ready_at=clock(), posting="disparue")
    await enqueue(vigie.store, replace(row, payload=event_to_json(opened("disparue"))))
    await vigie.send()
    kept = await vigie.row()
    assert (kept.state, kept.error, vigie.said) == ("dropped", reasons.UNKNOWN, [])


async def test_a_worker_that_died_loses_nothing(
    vigie: House, store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    await _found(vigie, repository)
    (leased,) = await store.outbox.lease(now=clock.now, owner="mort", duration=LEASE, limit=1)
    assert await store.outbox.attempt(leased.id, now=clock.now, owner="mort")
    await vigie.send()
    assert vigie.said == []
    clock.now += LEASE
    await vigie.send()
    assert _roles(vigie) == 1


async def test_two_workers_send_each_row_once(
    vigie: House, store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    options = settings(tmp_path, repository.path)
    async with house(store, options, clock, vigie.fake) as other:
        await _found(vigie, repository, *"abcde")
        while await vigie.app.dispatcher.send_ready() + await other.app.dispatcher.send_ready():
            pass
    assert _roles(vigie) == 5
    assert {row.attempts for row in await vigie.rows()} == {1}


async def test_a_channel_taken_out_of_the_configuration_is_told_nothing_more(
    vigie: House, store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    vigie.fake.add_channel("equipe", "autre")
    await _found(vigie, repository)
    options = settings(tmp_path, repository.path, {"target": "equipe/autre"})
    async with house(store, options, clock, vigie.fake) as after:
        await after.send()
        await after.look()
        assert after.said == []
        row = await after.row()
        assert row.state == "dead", "kept: it can be sent by hand should the channel come back"
        assert row.error
        assert KEY in row.error


class _Moving:
    """A chat that has become another one."""

    platform = "mattermost"

    def __init__(self) -> None:
        self.posted: list[tuple[str, str]] = []

    async def post(
        self,
        target: str,
        message: Message,
        *,
        delivery: str,
        reply_to: str | None = None,
        broadcast: bool = False,
    ) -> str:
        if target != "nouveau":
            raise TargetMoved("Le salon a changé de numéro.", "The chat has another number.", "nouveau")
        self.posted.append((target, message.first_line))
        return delivery

    async def edit(self, target: str, message_id: str, message: Message) -> None:
        await self.post(target, message, delivery="")

    async def find(self, target: str, delivery: str, since: float) -> str | None:
        return None

    def permalink(self, target: str, message_id: str) -> str | None:
        return None

    async def check(self, target: str) -> Access:
        return Access("vigie")

    async def close(self) -> None:
        pass


async def test_a_chat_that_moved_is_followed(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    channel: Channel = _Moving()
    assert isinstance(channel, _Moving)
    app = App(settings(tmp_path, repository.path), store, {"mattermost": channel}, clock)
    repository.commit()
    await app.watchers[0].look()
    for file in (OPEN, SHUT):
        repository.commit({"dev.md": file})
        await app.watchers[0].look()
        while await app.dispatcher.send_ready():
            pass
    assert [target for target, _ in channel.posted] == ["nouveau", "nouveau"]
    assert {row.state for row in await store.outbox.deliveries()} == {"sent"}
