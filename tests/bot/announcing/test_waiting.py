"""What a look knows of what is said already, while workers go on saying it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

import pytest

from bot.announcing.waiting import Board
from postings.store import Delivery, Living, Outgoing, Store
from postings.store.codec import event_to_json
from tests.postings.store.samples import NOON, opened

_PLACE = "mattermost:equipe/offres"


async def test_what_is_noted_as_sent_while_a_look_reads_what_waits_is_a_message(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = await Store.open(postgresql_url)
    event = opened("dev")
    row = Outgoing("k", _PLACE, "dev", str(event.kind), event_to_json(event), NOON, NOON, first=True)
    async with store.change() as change:
        await change.enqueue(row)
    (leased,) = await store.outbox.lease(now=NOON, owner="essai", duration=timedelta(minutes=1), limit=1)
    assert await store.outbox.attempt(leased.id, now=NOON, owner="essai")
    async with store.change() as change:
        waiting = change.waiting

        async def sent_just_before(postings: Collection[str]) -> list[Delivery]:
            living = Living(_PLACE, "dev", "message", 1, NOON)
            await store.outbox.done(leased.id, now=NOON, message_id="message", living=[living])
            return await waiting(postings)

        monkeypatch.setattr(change, "waiting", sent_just_before)
        board = await Board.load(change, "beta", ["dev"], NOON)
    assert board.about(_PLACE, "dev") == []
    assert board.living[_PLACE, "dev"].message_id == "message", "it would never be made true again"
    await store.close()
