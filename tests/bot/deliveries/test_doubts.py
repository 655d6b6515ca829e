"""Telegram lets no bot look for what it sent: a message of unknown outcome is sent again, or not, and it is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.deliveries.retrying import CAPS
from bot.processes.app import App
from bot.wording import reasons
from postings.store import Delivery, Store
from tests.bot.channels.platforms import OnTelegram, opened
from tests.bot.floods import opened as files
from tests.bot.house import Clock, settings
from tests.fakes.failures import Failure
from tests.repositories import Repository


@pytest.fixture
async def telegram() -> AsyncIterator[OnTelegram]:
    async with opened("telegram") as started:
        assert isinstance(started, OnTelegram)
        yield started


async def _announced(
    store: Store,
    folder: Path,
    telegram: OnTelegram,
    clock: Clock,
    failure: Failure,
    names: str,
    **options: Any,
) -> tuple[list[Delivery], list[dict[str, Any]]]:
    """Postings announced after a first attempt that failed; the rows and what was logged."""
    repository = Repository(folder / "depot")
    channel = {"platform": "telegram", "target": telegram.target}
    account = {"token": "1:jeton", "api_url": telegram.server.url, **options}
    app = App(
        settings(folder, repository.path, channel, telegram=account),
        store,
        {"telegram": telegram.channel},
        clock,
    )

    async def look() -> None:
        await app.watchers[0].look()
        while await app.dispatcher.send_ready():
            pass

    repository.commit()
    await look()
    telegram.server.fail(failure)
    repository.commit(files(names))
    with capture_logs() as logs:
        await look()
        clock.now += CAPS[0]
        await look()
    return await store.outbox.deliveries(), [dict(entry) for entry in logs]


LOST = Failure.accept_then_cut(path="sendMessage")


@pytest.mark.parametrize("names", ["a", "abcdef"])
async def test_it_is_sent_again_and_both_the_row_and_the_log_say_so(
    store: Store, tmp_path: Path, telegram: OnTelegram, clock: Clock, names: str
) -> None:
    (row,), logs = await _announced(store, tmp_path, telegram, clock, LOST, names)
    assert len(telegram.shown()) == 2
    assert (row.state, row.error) == ("sent", reasons.PERHAPS_TWICE)
    assert reasons.told(row.error or "", "fr").startswith("peut-être envoyé deux fois")
    (told,) = [entry for entry in logs if entry["event"] == "perhaps sent twice"]
    assert (told["log_level"], told["delivery"], told["so_far"]) == ("warning", row.id, 1)


@pytest.mark.parametrize("names", ["a", "abcdef"])
async def test_it_is_not_sent_again_where_that_was_chosen(
    store: Store, tmp_path: Path, telegram: OnTelegram, clock: Clock, names: str
) -> None:
    (row,), logs = await _announced(store, tmp_path, telegram, clock, LOST, names, unknown="skip")
    assert len(telegram.shown()) == 1
    assert (row.state, row.error) == ("dropped", reasons.SKIPPED)
    (told,) = [entry for entry in logs if entry["event"] == "perhaps not sent"]
    assert (told["log_level"], told["delivery"], told["so_far"]) == ("warning", row.id, 1)


@pytest.mark.parametrize("unknown", ["resend", "skip"])
async def test_what_was_refused_for_a_while_is_sent_without_a_doubt(
    store: Store, tmp_path: Path, telegram: OnTelegram, clock: Clock, unknown: str
) -> None:
    busy = Failure.status(429, retry_after=5, path="sendMessage")
    (row,), logs = await _announced(store, tmp_path, telegram, clock, busy, "a", unknown=unknown)
    assert len(telegram.shown()) == 1
    assert (row.state, row.error) == ("sent", None)
    assert not [entry for entry in logs if entry["event"].startswith("perhaps")]


def test_every_reason_is_told_in_french_and_in_english() -> None:
    kept = [value for name, value in vars(reasons).items() if name.isupper() and name[0] != "_"]
    assert len(kept) >= 12
    for reason in kept:
        assert reasons.told(reason, "en") == reason
        assert reasons.told(reason, "fr") != reason
    assert reasons.told("Le canal est archivé.", "fr") == "Le canal est archivé."
