"""What the outbox keeps of a row that could not be sent, and who hears that a target takes messages again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.channels.base import TargetRefused
from bot.deliveries.failures import Failures
from bot.deliveries.retrying import CAPS
from bot.deliveries.stopped import TRIED_EVERY
from postings.store import Delivery, Store
from tests.bot.floods import STAFF
from tests.bot.house import Clock
from tests.postings.store.samples import enqueue, outgoing

PLACE = "mattermost:equipe/offres"


class Counted:
    """Failures of a store, and what each attempt was counted as."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.told: list[tuple[str, str]] = []
        self.failures = Failures(
            store,
            clock=clock,
            limits=lambda _target: (),
            chance=lambda: 0.0,
            fingerprint=lambda _target: "empreinte",
            staff=STAFF,
            language="fr",
            count=lambda platform, outcome: self.told.append((platform, outcome)),
        )


async def _leased(store: Store, clock: Clock) -> Delivery:
    """The row that may be sent now, being sent."""
    (row,) = await store.outbox.lease(now=clock(), owner="essai", duration=timedelta(minutes=1), limit=1)
    assert await store.outbox.attempt(row.id, now=clock(), owner="essai")
    return row


async def _kept(store: Store, key: str = "k") -> Delivery:
    (row,) = [row for row in await store.outbox.deliveries() if row.key == key]
    return row


@pytest.fixture
async def row(store: Store, clock: Clock) -> Delivery:
    """A row that is being sent."""
    await enqueue(store, outgoing("k", PLACE, ready_at=clock()))
    return await _leased(store, clock)


async def test_a_fault_of_vigie_s_own_keeps_the_message_and_leaves_its_cause_in_the_log(
    store: Store, clock: Clock, row: Delivery
) -> None:
    counted = Counted(store, clock)
    with capture_logs() as logs:
        await counted.failures.note(row, KeyError("roles"))
    kept = await _kept(store)
    assert (kept.state, kept.retry_at, kept.error) == ("pending", clock() + CAPS[0], "KeyError: 'roles'")
    fault, put_off = logs
    assert (fault["event"], fault["target"], fault["log_level"]) == ("delivery failed", PLACE, "error")
    assert isinstance(fault["exc_info"], KeyError)
    assert (put_off["event"], put_off["seconds"]) == ("delivery put off", CAPS[0].total_seconds())
    assert counted.told == [("mattermost", "put_off")]


async def _refused(store: Store, clock: Clock, row: Delivery) -> Failures:
    """The target refused, and the row is on trial again."""
    failures = Counted(store, clock).failures
    await failures.note(row, TargetRefused("Le canal refuse.", "The channel refuses."))
    clock.now += TRIED_EVERY
    return failures


async def test_a_stop_is_not_said_to_be_over_while_the_message_on_trial_has_not_left(
    store: Store, clock: Clock, row: Delivery
) -> None:
    failures = await _refused(store, clock, row)
    with capture_logs() as logs:
        await failures.works_again(row)
    assert [known.target for known in await store.outbox.stopped()] == [PLACE]
    assert logs == []
    assert [one.key.split(":")[:2] for one in await store.outbox.deliveries() if one.target == STAFF] == [
        ["note", "stopped"]
    ]


async def test_that_a_target_works_again_is_told_once_whoever_else_notes_it(
    store: Store, clock: Clock, row: Delivery
) -> None:
    failures = await _refused(store, clock, row)
    await store.outbox.done(row.id, now=clock(), message_id="message", living=[])
    with capture_logs() as logs:
        await failures.works_again(row)
        await failures.works_again(row)
    assert await store.outbox.stopped() == []
    assert [log["event"] for log in logs] == ["target works again"]
