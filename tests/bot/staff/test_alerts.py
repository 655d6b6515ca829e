"""The staff is told once what is wrong, and once when it is over, across restarts and several processes."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

from structlog.testing import capture_logs

from bot.staff.alert_notes import alert
from bot.staff.alerts import EVERY
from bot.staff.notes import message
from bot.staff.silence import Wrong
from postings.store import Store
from tests.bot.floods import STAFF, notes, open_file, opened, staff_room, staffed
from tests.bot.house import KEY, Clock, House, house, settings
from tests.repositories import START, Repository


def _told(vigie: House) -> list[str]:
    """What the staff was told but for the baseline."""
    return [note for note in notes(vigie) if not note.startswith("Vigie veille")]


async def _pass(vigie: House, clock: Clock, **length: float) -> None:
    """Lets time pass with looks and ticks, in steps of two hours."""
    until = clock.now + timedelta(**length)
    while clock.now < until:
        clock.now = min(until, clock.now + timedelta(hours=2))
        await vigie.look()
        await vigie.tick()


async def _begun(vigie: House, repository: Repository) -> None:
    staff_room(vigie)
    repository.commit({"reste.md": open_file("reste")}, at=START)
    await vigie.look()
    await vigie.tick()


def _break(repository: Repository) -> Path:
    return (repository.path / ".git").rename(repository.path / "ailleurs")


async def test_a_source_that_does_not_answer_is_told_once_and_again_when_it_does(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    options = staffed(tmp_path, repository.path)
    async with house(store, options, clock) as vigie:
        await _begun(vigie, repository)
        elsewhere = _break(repository)
        await _pass(vigie, clock, hours=6)
        assert _told(vigie) == []
        with capture_logs() as logs:
            await _pass(vigie, clock, hours=2)
        (note,) = _told(vigie)
        first, why, meanwhile = note.splitlines()
        assert first == "**Source muette** : « beta » n’a pas répondu depuis le 4 mars 2024 à 10 h 00."
        assert why.startswith("git a refusé : ")
        assert meanwhile == (
            "En attendant, ses offres restent ce qu’elles étaient ; au retour, seul ce qui aura changé est dit."
        )
        assert [log["kind"] for log in logs if log["event"] == "something is wrong"] == ["silent"]
        async with house(store, options, clock, vigie.fake) as restarted:
            await _pass(restarted, clock, hours=4)
            assert len(_told(restarted)) == 1
            elsewhere.rename(repository.path / ".git")
            with capture_logs() as logs:
                await _pass(restarted, clock, hours=2)
            assert _told(restarted)[1:] == ["**Rétabli** : la source « beta » répond de nouveau."]
            assert [log["about"] for log in logs if log["event"] == "it is over"] == ["beta"]


async def test_two_processes_tell_once(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    options = staffed(tmp_path, repository.path)
    async with house(store, options, clock) as vigie, house(store, options, clock, vigie.fake) as other:
        await _begun(vigie, repository)
        await other.tick()
        _break(repository)
        for hours in (1, 7):
            clock.forward(hours=hours)
            await vigie.app.watchers[0].look()
        await asyncio.gather(vigie.app.alerts.ask(), other.app.alerts.ask())
        await vigie.send()
        assert len(_told(vigie)) == 1


async def test_silence_that_ends_before_it_could_be_told_is_not_told(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, staffed(tmp_path, repository.path), clock) as vigie:
        await _begun(vigie, repository)
        elsewhere = _break(repository)
        clock.forward(minutes=1)
        await vigie.app.watchers[0].look()
        clock.forward(hours=7)
        await vigie.app.tick()
        elsewhere.rename(repository.path / ".git")
        clock.forward(minutes=6)
        await vigie.app.watchers[0].look()
        await vigie.app.tick()
        await vigie.send()
        assert _told(vigie) == []


async def test_a_source_in_which_nothing_happens_is_told_until_something_does(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, staffed(tmp_path, repository.path, source_quiet=1), clock) as vigie:
        staff_room(vigie)
        repository.commit({"close.md": open_file("close", "open: false")}, at=START)
        await vigie.look()
        await vigie.tick()
        await _pass(vigie, clock, hours=26)
        (note,) = _told(vigie)
        assert note.splitlines()[0] == (
            "**Source sans activité** : « beta » n’a ni offre ouverte ni changement depuis le 4 mars 2024."
        )
        repository.commit({"neuve.md": open_file("neuve")})
        await _pass(vigie, clock, hours=1)
        assert _told(vigie)[1:] == [
            "**Rétabli** : la source « beta » a de nouveau une offre ouverte ou un changement."
        ]


async def test_a_target_whose_messages_do_not_leave_is_told_with_the_reason(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    other = "mattermost:equipe/autre"
    options = settings(tmp_path, repository.path, staff_channel=other)
    async with house(store, options, clock) as vigie:
        staff = vigie.fake.add_channel("equipe", "autre")
        await _begun_at(vigie, repository)
        repository.commit(opened(["a", "b"]))
        await vigie.app.watchers[0].look()
        first = min(row.id for row in await vigie.rows() if row.target == KEY)
        why = "Mattermost n’a pas pu répondre (503) ; Vigie réessaiera."
        await store.outbox.retry(first, at=clock.now + timedelta(hours=3), error=why, unknown=False)
        clock.forward(minutes=70)
        await vigie.tick()
        told = [p.message.replace("\u00a0", " ") for p in vigie.fake.posts if p.channel_id == staff]
        assert told[-1].splitlines() == [
            f"**Messages bloqués** : {KEY}. 2 messages y attendent depuis le 4 mars 2024 à 10 h 00.",
            why,
            "`vigie deliveries --state failed` montre ce qui ne passe pas, et pourquoi.",
        ]
        clock.forward(hours=6)
        await vigie.send()
        await vigie.tick()
        told = [p.message.replace("\u00a0", " ") for p in vigie.fake.posts if p.channel_id == staff]
        assert told[-1] == f"**Rétabli** : les messages partent de nouveau vers {KEY}."


async def _begun_at(vigie: House, repository: Repository) -> None:
    repository.commit({"reste.md": open_file("reste")}, at=START)
    await vigie.look()
    await vigie.tick()


async def test_a_stopped_target_is_not_told_twice(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, staffed(tmp_path, repository.path), clock) as vigie:
        await _begun(vigie, repository)
        repository.commit(opened(["a"]))
        vigie.fake.channels[vigie.room].member = False
        await _pass(vigie, clock, hours=5)
        assert [note.partition(" :")[0] for note in _told(vigie)] == ["**Canal arrêté**"]


async def test_rows_that_were_given_up_are_told_and_their_end_is_not(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, staffed(tmp_path, repository.path), clock) as vigie:
        await _begun(vigie, repository)
        repository.commit(opened(["a"]))
        await vigie.app.watchers[0].look()
        (row,) = [row for row in await vigie.rows() if row.target == KEY]
        await store.outbox.dead(row.id, now=clock.now, error="refusé")
        await _pass(vigie, clock, hours=26)
        assert [note.partition("\n")[0] for note in _told(vigie)] == [
            f"**Messages abandonnés** : {KEY}. 1 message n’est pas parti après une journée d’essais."
        ]


async def test_what_is_asked_for_often_is_looked_up_every_few_minutes(
    vigie: House, repository: Repository, clock: Clock
) -> None:
    await _begun_at(vigie, repository)
    _break(repository)
    await vigie.look()
    clock.forward(hours=7)
    with capture_logs() as logs:
        await vigie.app.alerts.ask()
        await vigie.app.alerts.ask()
    assert [log["event"] for log in logs] == ["something is wrong"], "without a staff channel the log tells"
    assert await vigie.store.alerts(["silent"])
    assert STAFF not in {row.target for row in await vigie.rows()}
    assert timedelta(minutes=1) < EVERY < timedelta(minutes=15)


def test_what_an_earlier_version_left_to_be_told_is_told_in_the_same_words() -> None:
    wrong = alert(Wrong("silent", "beta", START))
    assert message({**wrong, "note": "alarm"}, "fr") == message(wrong, "fr")
    assert "Source muette" in str(message(wrong, "fr"))
