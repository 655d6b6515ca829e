"""A person who asks for it is forgotten, and nobody else."""

from __future__ import annotations

import pytest

from postings.store import Forgotten, Living, Store, Subscription
from tests.postings.store.samples import MINUTE, NOON, enqueue, keep, outgoing, record

HERS, OTHERS, ROOM = "mattermost:@elle", "mattermost:@autre", "mattermost:equipe/offres"


async def _lived(store: Store) -> None:
    await keep(store, record("a"))
    async with store.change() as change:
        await change.subscriptions.add(
            [
                Subscription(0, HERS, "freelance", "fr", NOON, "@elle", HERS),
                Subscription(0, HERS, "cdd", "fr", NOON, "@elle", HERS),
                Subscription(0, ROOM, "freelance", "fr", NOON, "@elle", HERS),
                Subscription(0, ROOM, "stage", "fr", NOON, "@elle"),
                Subscription(0, OTHERS, "freelance", "fr", NOON, "@autre", OTHERS),
                Subscription(0, "slack:C1", "freelance", "fr", NOON, "@elle", "slack:U1"),
                Subscription(0, "slack:D1", "freelance", "fr", NOON, "@ellebis", "slack:U1"),
            ],
            NOON,
        )
        await change.subscriptions.end(2, NOON)
    await enqueue(store, *(outgoing(place, place) for place in (HERS, OTHERS, ROOM, "slack:D1", "slack:U1")))
    for row in await store.outbox.lease(
        now=NOON, owner="w", duration=MINUTE, limit=2, targets=[HERS, OTHERS]
    ):
        await store.outbox.attempt(row.id, now=NOON)
        living = Living(row.target, "a", "m", 1, NOON)
        await store.outbox.done(row.id, now=NOON, message_id="m", living=[living])


async def test_what_names_a_person_goes_and_channels_keep_their_subscriptions(store: Store) -> None:
    await _lived(store)
    assert await store.forget("mattermost", "@elle", NOON) == Forgotten(2, 2, 1, 1)
    left = {(one.target, one.text): (one.made_by, one.owner) for one in await store.subscriptions(ended=True)}
    assert left == {
        (ROOM, "freelance"): (None, None),
        (ROOM, "stage"): (None, None),
        (OTHERS, "freelance"): ("@autre", OTHERS),
        ("slack:C1", "freelance"): ("@elle", "slack:U1"),
        ("slack:D1", "freelance"): ("@ellebis", "slack:U1"),
    }
    assert HERS not in {row.target for row in await store.outbox.deliveries()}
    assert await store.message(HERS, "a") is None
    assert await store.message(OTHERS, "a") is not None
    assert await store.standing([HERS]) == {}
    assert not (await store.forget("mattermost", "@elle", NOON)).any


async def test_a_direct_conversation_on_slack_has_another_id_than_the_person(store: Store) -> None:
    await _lived(store)
    assert await store.forget("slack", "U1", NOON) == Forgotten(1, 1, 2, 0)
    left = {one.target: one.made_by for one in await store.subscriptions() if one.target.startswith("slack")}
    assert left == {"slack:C1": None}
    assert {row.target for row in await store.outbox.deliveries()} == {HERS, OTHERS, ROOM}


@pytest.mark.parametrize("person", ["%", "@ell_", "*", "'; --"])
async def test_a_pattern_is_nobody(store: Store, person: str) -> None:
    await _lived(store)
    assert not (await store.forget("mattermost", person, NOON)).any
