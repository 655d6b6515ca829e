from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from postings.catalogue import Catalogue
from postings.figures import figures
from postings.model import Contract, Domain, Event, EventKind, State
from postings.store import Store
from tests.postings.store.samples import NOON, SOURCE, keep, posting, record

KINDS = list(EventKind)


def invented(random: Random, number: int) -> Event:
    """Any event of some hundred openings: of the last weeks, tomorrow too, or of three years, by the second."""
    days = random.choice((60, 3 * 365))
    return Event(
        id=str(number),
        kind=random.choice(KINDS),
        posting=f"p{random.randrange(30)}",
        at=NOON - timedelta(seconds=random.randrange(days * 86_400) - 86_400),
        state=None,
        previous_state=None,
        role="",
        team=None,
        opening=random.randrange(4),
    )


async def tell(store: Store, *events: Event) -> None:
    async with store.change() as change:
        for event in events:
            await change.add_event(SOURCE.name, event)


@pytest.mark.parametrize("count", [1, 2, 24])
async def test_the_database_counts_what_reading_every_event_would(store: Store, count: int) -> None:
    random = Random(count)  # drawn by a seed: the same in every run
    await keep(store, *(record(f"p{number}") for number in range(30)))
    await tell(store, *(invented(random, number) for number in range(300)))
    counted = await store.months(NOON, count)
    assert counted == await Catalogue.months(store, NOON, count)
    assert len(counted) == count
    assert sum(month.opened + month.ended for month in counted) > 0


async def test_a_month_begins_at_midnight_in_paris(store: Store) -> None:
    await keep(store, record("a"), record("b"))
    summer, winter = datetime(2024, 4, 30, 22, tzinfo=UTC), datetime(2024, 1, 31, 23, tzinfo=UTC)
    events = [
        Event(
            id=str(at), kind=EventKind.OPENED, posting="a", at=at, state=None, previous_state=None, role="",
            team=None, opening=1,
        )
        for instant in (summer, winter)
        for at in (instant, instant - timedelta(microseconds=1))
    ]  # fmt: skip
    await tell(store, *events)
    assert [month.opened for month in await store.months(NOON, 5)] == [1, 1, 0, 1, 1]


async def test_how_long_postings_were_open_is_told_of_those_that_ended(store: Store) -> None:
    def ended(id: str, days: int) -> Event:
        return Event(
            id=id, kind=EventKind.CLOSED, posting=id, at=NOON - timedelta(days=days), state=None,
            previous_state=None, role="", team=None, opening=1,
        )  # fmt: skip

    lately = NOON - timedelta(days=10)
    times = {"opened_at": lately - timedelta(days=30), "ended_at": lately}
    await keep(
        store,
        record("filled", State.FILLED, **times),
        record("withdrawn", None, **times),
        record("open again", State.OPEN, opened_at=NOON),
        record("long ago", State.CLOSED, **times),
        record("never watched", State.CLOSED, **times),
    )
    await tell(
        store, ended("filled", 10), ended("withdrawn", 10), ended("open again", 9), ended("long ago", 400)
    )
    since = NOON - timedelta(days=365)
    assert await store.days_open(since, NOON) == [30.0, 30.0]
    assert await Catalogue.days_open(store, since, NOON) == [30.0, 30.0]


async def test_figures_tell_what_is_open_by_contract_and_domain(store: Store) -> None:
    facts = posting("a", contracts=(Contract.CDD, Contract.FREELANCE), domains=(Domain.DESIGN,))
    await keep(store, record("a", posting=facts), record("b"), record("c", State.CLOSED, posting=facts))
    found = await figures(store, NOON, months=24)
    assert found.open == 2
    assert found.contracts == {Contract.CDD: 1, Contract.FREELANCE: 1}
    assert found.domains == {Domain.DESIGN: 1}
    assert found.days_open is None
    assert len(found.months) == 24
