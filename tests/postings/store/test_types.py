from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import StatementError

from postings.store import Outgoing, Store
from postings.store.types import storable
from tests.postings.store.samples import NOON, SOURCE, enqueue, keep, posting, record


@settings(max_examples=50, deadline=None)
@given(st.text(st.characters(min_codepoint=0, max_codepoint=0xFFFF)))
def test_storable_text_is_what_utf_8_can_hold_without_nul(text: str) -> None:
    made = storable(text)
    assert "\x00" not in made
    assert made.encode() is not None
    assert storable(made) == made


async def test_text_that_a_database_refuses_is_stored_without_what_it_refuses(store: Store) -> None:
    async with store.change() as change:
        await change.put_source(replace(SOURCE, error="coupé\x00net"))
        odd = posting("a", role="Développeuse\x00", text="\ud800!", extra={"clé\x00": ["\x00x"]})
        await change.put_records("site", [(record("a", posting=odd), None)])
        await change.enqueue(Outgoing("k", "salon", "a", "opened", {"texte": "a\x00b"}, NOON, NOON))
    source, found = await store.source("site"), await store.find("a")
    assert source is not None
    assert source.error == "coupénet"
    assert found is not None
    assert found.posting is not None
    assert found.posting.role == "Développeuse"
    assert found.posting.text == "\ufffd!"
    assert found.posting.extra == {"clé": ["x"]}
    assert [row.payload for row in await store.outbox.deliveries()] == [{"texte": "ab"}]


@pytest.mark.parametrize(
    "instant",
    [
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(2024, 3, 31, 1, 30, 0, 123456, tzinfo=timezone(timedelta(hours=2))),
        datetime.max.replace(tzinfo=UTC),
    ],
)
async def test_instants_come_back_in_utc_to_the_microsecond(store: Store, instant: datetime) -> None:
    async with store.change() as change:
        await change.put_source(SOURCE)
        await change.put_records("site", [(record("a"), instant)])
    back = await store.next_due()
    assert back == instant
    assert back is not None
    assert back.tzinfo is UTC


async def test_an_instant_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(StatementError, match="time zone"):
        await enqueue(store, Outgoing("k", "salon", "a", "opened", {}, datetime(2024, 5, 14), NOON))  # noqa: DTZ001
    await keep(store)
    assert await store.outbox.deliveries() == []
