"""A target that refuses stops alone, waits without being tried, is told of once, and goes on in order."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.asking.chat import Caller
from bot.deliveries.stopped import TRIED_EVERY, fingerprints
from bot.options.settings import Settings
from postings.store import Store
from tests.bot.floods import STAFF, notes, staff_room, staffed
from tests.bot.house import KEY, TARGET, Clock, House, house, settings, watched
from tests.fakes.failures import Failure
from tests.repositories import Repository, posting_file

OPEN = posting_file("post_ouvert: 2024-03-04")
SHUT = posting_file("post_ouvert: 2024-03-04", "open: false")
POSTS = "/api/v4/posts"
ME = "/api/v4/users/me"
OTHER_TOKEN = {"mattermost": {"url": "http://mattermost.invalid", "token": "autre-jeton"}}


async def _found(vigie: House, repository: Repository, *names: str) -> None:
    await watched(vigie, repository)
    repository.commit({f"{name}.md": OPEN for name in names})
    await vigie.app.watchers[0].look()


async def _rows(vigie: House, target: str = KEY) -> list[tuple[str, str, int]]:
    return [(row.posting, row.state, row.attempts) for row in await vigie.rows() if row.target == target]


async def _stopped(store: Store) -> list[str]:
    return [known.target for known in await store.outbox.stopped()]


def _tried(vigie: House, path: str = POSTS) -> int:
    return len([request for request in vigie.fake.requests if request.path == path])


def _others(vigie: House) -> list[str]:
    """What the staff was told but for the baseline, by its first line."""
    return [note.partition("\n")[0] for note in notes(vigie) if not note.startswith("Vigie veille")]


def _told(vigie: House, person: str) -> list[str]:
    """What one person was told alone, with plain spaces."""
    rooms = {id for id, room in vigie.fake.channels.items() if room.kind == "D" and person in room.name}
    return [post.message.replace("\u00a0", " ") for post in vigie.fake.posts if post.channel_id in rooms]


async def test_a_refused_token_is_not_tried_again_and_again(
    vigie: House, repository: Repository, clock: Clock
) -> None:
    await _found(vigie, repository, "a", "b")
    vigie.fake.revoke_token()
    await vigie.send()
    assert _tried(vigie, ME) == 1
    clock.now += TRIED_EVERY - timedelta(seconds=1)
    await vigie.send()
    assert _tried(vigie, ME) == 1
    for _ in range(20):
        clock.now += TRIED_EVERY
        await vigie.send()
    assert _tried(vigie, ME) == 21
    assert await _rows(vigie) == [("a", "pending", 0), ("b", "pending", 0)], "neither is ever given up"
    (known,) = await vigie.store.outbox.stopped()
    assert "refuse le jeton" in known.french


async def test_another_token_is_tried_at_the_next_start_and_what_waited_goes_in_order(
    vigie: House, store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    await _found(vigie, repository, "a", "b")
    vigie.fake.revoke_token()
    await vigie.send()
    async with house(store, settings(tmp_path, repository.path), clock, vigie.fake) as same:
        await same.app.dispatcher.start()
        await same.send()
        assert same.said == [], "nothing in the configuration changed"
    other = settings(tmp_path, repository.path, **OTHER_TOKEN)
    async with house(store, other, clock, vigie.fake) as after:
        await after.app.dispatcher.start()
        await after.send()
        assert await _rows(after) == [("a", "sent", 1), ("b", "sent", 1)]
        posted = [post.id for post in after.roots]
        assert posted == [row.message_id for row in await after.rows()]
    assert await _stopped(store) == []


async def test_another_configuration_that_is_refused_too_is_tried_once(
    vigie: House, store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    await _found(vigie, repository, "a")
    vigie.fake.channels[vigie.room].member = False
    await vigie.send()
    other = settings(tmp_path, repository.path, **OTHER_TOKEN)
    for _ in range(2):
        async with house(store, other, clock, vigie.fake) as after:
            await after.app.dispatcher.start()
            await after.send()
    assert _tried(vigie) == 2


async def test_a_bot_that_is_invited_again_goes_on_by_itself_and_the_staff_is_told_once_of_each(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, staffed(tmp_path, repository.path), clock) as vigie:
        staff_room(vigie)
        await _found(vigie, repository, "a", "b")
        vigie.fake.channels[vigie.room].member = False
        with capture_logs() as logs:
            for _ in range(3):
                await vigie.send()
                clock.now += TRIED_EVERY
        assert _others(vigie) == [f"**Canal arrêté** : {KEY}"]
        assert notes(vigie)[-1].splitlines()[1:] == [
            "Le bot n’a pas accès à « equipe/offres » sur Mattermost : invitez-le dans ce canal et vérifiez "
            "qu’il a le droit d’y écrire.",
            "Ce qui doit y être annoncé attend, dans l’ordre. Vigie réessaie toutes les six heures, ou tout de "
            f"suite : `vigie deliveries --resume {KEY}`",
        ]
        vigie.fake.channels[vigie.room].member = True
        with capture_logs() as more:
            await vigie.send()
        assert _others(vigie)[1:] == [f"**Canal rétabli** : {KEY}. Ce qui attendait est envoyé."]
        assert len(vigie.said) == 2
        assert {log["event"] for log in logs} - {"delivered"} == {"target refused"}
        assert [log["event"] for log in more if log["event"] != "delivered"] == ["target works again"]


async def test_a_channel_made_anew_is_found_again_and_others_go_on_meanwhile(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    options = settings(tmp_path, repository.path, {}, {"target": "equipe/autre"})
    async with house(store, options, clock) as vigie:
        vigie.fake.add_channel("equipe", "autre")
        await _found(vigie, repository, "a", "b")
        vigie.fake.delete_channel(vigie.room)
        await vigie.send()
        assert [state for _, state, _ in await _rows(vigie, "mattermost:equipe/autre")] == ["sent", "sent"]
        assert await _stopped(store) == [KEY]
        vigie.fake.add_channel("equipe", "offres")
        await vigie.send()
        assert [state for _, state, _ in await _rows(vigie)] == ["pending", "pending"]
        clock.now += TRIED_EVERY
        await vigie.send()
        assert [state for _, state, _ in await _rows(vigie)] == ["sent", "sent"]


async def test_who_made_subscriptions_there_is_told_alone_and_once_of_each(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, staffed(tmp_path, repository.path), clock) as vigie:
        staff_room(vigie)
        person, other = vigie.fake.add_user("personne"), vigie.fake.add_user("autre")
        for name, asked in (
            ("personne", "suivre cdd"),
            ("personne", "suivre freelance"),
            ("autre", "suivre"),
        ):
            asker = Caller("mattermost", name, TARGET, name=f"@{name}", direct=f"@{name}")
            await vigie.app.chat(asked, asker)
        await _found(vigie, repository, "a", "b")
        vigie.fake.channels[vigie.room].member = False
        for _ in range(3):
            await vigie.send()
            clock.now += TRIED_EVERY
        assert _told(vigie, person) == [
            "**Abonnements en panne** : Vigie ne peut plus écrire dans « equipe/offres ».\n"
            "Le bot n’a pas accès à « equipe/offres » sur Mattermost : invitez-le dans ce canal et vérifiez "
            "qu’il a le droit d’y écrire.\n"
            "Vos abonnements 1 et 2 sont gardés, et ce qui doit y être annoncé attend : Vigie réessaie toutes "
            "les six heures."
        ]
        assert _told(vigie, other)[0].startswith("**Abonnement en panne**")
        assert "Votre abonnement 3 est gardé" in _told(vigie, other)[0]
        vigie.fake.channels[vigie.room].member = True
        await vigie.send()
        assert _told(vigie, person)[1:] == [
            "**Abonnements rétablis** : Vigie écrit de nouveau dans « equipe/offres » (1 et 2). Ce qui attendait "
            "est envoyé."
        ]
        assert len(_told(vigie, other)) == 2
        assert _others(vigie) == [
            f"**Canal arrêté** : {KEY}",
            f"**Canal rétabli** : {KEY}. Ce qui attendait est envoyé.",
        ]


async def test_a_person_is_not_told_that_they_cannot_be_told(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, staffed(tmp_path, repository.path), clock) as vigie:
        staff_room(vigie)
        await vigie.app.chat("suivre", Caller("mattermost", "u1", "@absente", direct="@absente"))
        await _found(vigie, repository, "a")
        await vigie.send()
        assert await _stopped(store) == ["mattermost:@absente"]
        assert _others(vigie) == ["**Canal arrêté** : mattermost:@\u200babsente"]
        assert [row.target for row in await vigie.rows()].count("mattermost:@absente") == 1


async def test_the_staff_s_own_channel_is_told_nothing_of_itself(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, staffed(tmp_path, repository.path), clock) as vigie:
        room = vigie.fake.channels[staff_room(vigie)]
        room.member = False
        await watched(vigie, repository)
        assert await _stopped(store) == [STAFF]
        room.member = True
        clock.now += TRIED_EVERY
        await vigie.send()
        assert [note.partition(" :")[0] for note in notes(vigie)] == ["Vigie veille"]


async def test_a_stop_that_is_over_before_it_could_be_told_is_not_told(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, staffed(tmp_path, repository.path), clock) as vigie:
        staff = vigie.fake.channels[staff_room(vigie)]
        await _found(vigie, repository, "a")
        await vigie.send()
        repository.commit({"b.md": OPEN})
        await vigie.app.watchers[0].look()
        vigie.fake.channels[vigie.room].member = staff.member = False
        await vigie.send()
        assert await _stopped(store) == [KEY, STAFF]
        vigie.fake.channels[vigie.room].member = True
        assert await store.outbox.resume(KEY, now=clock.now)
        await vigie.send()
        assert await _stopped(store) == [STAFF]
        staff.member = True
        clock.now += TRIED_EVERY
        await vigie.send()
        assert _others(vigie) == []


async def test_only_a_message_that_was_taken_ends_a_stop(
    vigie: House, repository: Repository, clock: Clock
) -> None:
    await _found(vigie, repository, "a", "b")
    room = vigie.fake.channels[vigie.room]
    room.member = False
    await vigie.send()
    repository.commit({"a.md": SHUT})
    clock.now += TRIED_EVERY
    await vigie.look()
    assert (await _rows(vigie))[0][1] == "dropped", "there is nothing left to say of it"
    assert await _stopped(vigie.store) == [KEY]
    room.member = True
    vigie.fake.fail(Failure.status(503, path=POSTS))
    clock.now += TRIED_EVERY
    await vigie.send()
    assert await _stopped(vigie.store) == [KEY]
    clock.forward(minutes=5)
    await vigie.send()
    assert await _stopped(vigie.store) == []
    assert len(vigie.said) == 1


async def test_a_stopped_target_is_tried_when_somebody_asks_for_it(
    vigie: House, repository: Repository, clock: Clock
) -> None:
    await _found(vigie, repository, "a")
    vigie.fake.channels[vigie.room].member = False
    await vigie.send()
    vigie.fake.channels[vigie.room].member = True
    assert await vigie.store.outbox.resume(KEY, now=clock.now)
    await vigie.send()
    assert len(vigie.said) == 1
    assert not await vigie.store.outbox.resume(KEY, now=clock.now)


async def test_a_stopped_target_that_is_not_configured_any_more_is_forgotten(
    vigie: House, store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    await _found(vigie, repository, "a")
    vigie.fake.channels[vigie.room].member = False
    await vigie.send()
    without = settings(tmp_path, repository.path, {"target": "equipe/autre"})
    async with house(store, without, clock, vigie.fake) as after:
        await after.app.dispatcher.start()
        await after.send()
        assert await _stopped(store) == []
        assert [state for _, state, _ in await _rows(after)] == ["dead"]


async def test_a_message_whose_outcome_is_unknown_is_looked_for_when_the_target_works_again(
    vigie: House, repository: Repository, clock: Clock
) -> None:
    await _found(vigie, repository, "a")
    vigie.fake.fail(Failure.accept_then_cut(path=POSTS))
    await vigie.send()
    room = vigie.fake.channels[vigie.room]
    room.member = False
    clock.forward(hours=1)
    await vigie.send()
    assert await _stopped(vigie.store) == [KEY]
    room.member = True
    clock.now += TRIED_EVERY
    await vigie.send()
    assert len(vigie.said) == 1


def _options(**changes: Any) -> Settings:
    return settings(Path("var"), "depot", **changes)


@pytest.mark.parametrize(
    "changed",
    [
        OTHER_TOKEN,
        {"mattermost": {"url": "http://autre.invalid", "token": "jeton"}},
        {"channels": [{"platform": "mattermost", "target": "equipe/offres", "filter": "design"}]},
    ],
    ids=["token", "address", "channel"],
)
def test_a_fingerprint_changes_with_what_concerns_the_target(changed: dict[str, Any]) -> None:
    assert fingerprints(_options(**changed))[KEY] != fingerprints(_options())[KEY]


def test_a_fingerprint_is_the_same_at_each_start_and_reveals_no_secret() -> None:
    told = fingerprints(_options())[KEY]
    assert told == fingerprints(_options(poll=7))[KEY]
    assert len(told) == 16
    assert "jeton" not in told
