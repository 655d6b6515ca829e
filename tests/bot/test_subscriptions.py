"""What subscriptions are told, and how they share a place with its channels."""

from __future__ import annotations

from pathlib import Path

from postings.store import Store, Subscription
from tests.bot.house import KEY, TARGET, Clock, House, house, settings, watched
from tests.repositories import START, Repository, posting_file

OPEN = posting_file("post_ouvert: 2024-03-04")
SHUT = posting_file("post_ouvert: 2024-03-04", "open: false")
FREE = OPEN.replace(b"contrat: cdd", b"contrat: freelance")
MORE = OPEN.replace(b"contrat: cdd", b"contrat: [freelance, cdd]")
ELSEWHERE = "equipe/ailleurs"
CLOSED_ONLY = {"events": ["closed"], "target": "equipe/fermees"}


async def subscribe(vigie: House, text: str, target: str = TARGET) -> int:
    async with vigie.store.change() as change:
        new = Subscription(0, f"mattermost:{target}", text, "fr", START)
        (number,) = await change.subscriptions.add([new], START)
    return number


async def end(vigie: House, number: int) -> None:
    async with vigie.store.change() as change:
        assert await change.subscriptions.end(number, START)


def told(vigie: House, room: str) -> list[str]:
    """The first lines of what stands in a room, without the marks and with plain spaces."""
    posts = [post for post in vigie.fake.posts if post.channel_id == room and not post.delete_at]
    return [post.message.partition("\n")[0].replace("\u00a0", " ").strip("*") for post in posts]


async def test_a_place_that_only_subscribed_is_told_what_it_asked_for(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, settings(tmp_path, repository.path, CLOSED_ONLY), clock) as vigie:
        await watched(vigie, repository)
        await subscribe(vigie, "freelance")
        repository.commit({"libre.md": FREE, "cdd.md": OPEN})
        await vigie.look()
        assert [(row.target, row.posting) for row in await vigie.rows()] == [(KEY, "libre")]
        assert told(vigie, vigie.room) == ["Nouvelle offre : Développeuse web**, exemple"]
        repository.commit({"libre.md": SHUT, "cdd.md": SHUT})
        await vigie.look()
        assert told(vigie, vigie.room)[0].startswith("Offre fermée")


async def test_overlapping_subscriptions_and_channels_of_one_place_give_one_message(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    options = settings(tmp_path, repository.path, {"filter": "contrat:freelance"})
    async with house(store, options, clock) as vigie:
        await watched(vigie, repository)
        for text in ("freelance", "cdd", "équipe:exemple", "développeuse"):
            await subscribe(vigie, text)
        repository.commit({"libre.md": MORE, "cdd.md": OPEN})
        await vigie.look()
        assert sorted(row.posting for row in await vigie.rows()) == ["cdd", "libre"]
        assert len(vigie.roots) == 2


async def test_a_subscription_is_told_of_changes_that_its_place_s_channel_is_not(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    options = settings(tmp_path, repository.path, {"events": ["opened"]})
    async with house(store, options, clock) as vigie:
        await watched(vigie, repository)
        repository.commit({"dev.md": OPEN})
        await vigie.look()
        await subscribe(vigie, "exemple")
        repository.commit({"dev.md": MORE})
        await vigie.look()
        assert told(vigie, vigie.room)[1].startswith("Offre modifiée")


async def test_where_the_last_subscription_ended_messages_stay_true_and_nothing_is_said(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, settings(tmp_path, repository.path, CLOSED_ONLY), clock) as vigie:
        await watched(vigie, repository)
        number = await subscribe(vigie, "exemple")
        repository.commit({"dev.md": OPEN})
        await vigie.look()
        await end(vigie, number)
        repository.commit({"dev.md": MORE, "autre.md": OPEN})
        await vigie.look()
        assert len(told(vigie, vigie.room)) == 1
        assert "Freelance" in vigie.roots[0].message
        assert [row.state for row in await vigie.rows()] == ["sent", "sent"]


async def test_what_waits_when_the_last_subscription_ends_is_not_posted(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    options = settings(tmp_path, repository.path, CLOSED_ONLY, settle=30)
    async with house(store, options, clock) as vigie:
        await watched(vigie, repository)
        number = await subscribe(vigie, "exemple")
        repository.commit({"dev.md": OPEN})
        await vigie.look()
        await end(vigie, number)
        clock.forward(hours=1)
        await vigie.send()
        assert told(vigie, vigie.room) == []
        assert (await vigie.row()).state == "dropped"


async def test_a_subscribed_place_that_refused_is_tried_again_at_its_hour_whatever_restarts(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, settings(tmp_path, repository.path, CLOSED_ONLY), clock) as vigie:
        await watched(vigie, repository)
        await subscribe(vigie, "exemple", ELSEWHERE)  # a room that is not there
        repository.commit({"dev.md": OPEN})
        await vigie.look()
        (stopped,) = await store.outbox.stopped()
        assert stopped.target == f"mattermost:{ELSEWHERE}"
        await vigie.app.dispatcher.start()
        assert await store.outbox.stopped() == [stopped]
