"""`vigie backup`, `restore` and `forget`, as they are typed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest

from postings.store import Store, Subscription
from tests.bot.cli.conftest import Vigie
from tests.postings.store.samples import NOON, enqueue, keep, outgoing, record

HERS, ROOM = "mattermost:@elle", "mattermost:equipe/offres"
_T = TypeVar("_T")


def _in_store(folder: Path, act: Callable[[Store], Awaitable[_T]]) -> _T:
    async def run() -> _T:
        store = await Store.open(f"sqlite:///{folder / 'vigie.db'}")
        try:
            return await act(store)
        finally:
            await store.close()

    return asyncio.run(run())


@pytest.fixture
def lived_in(tmp_path: Path) -> None:
    """The database of the default configuration, with a posting, two messages and three subscriptions."""

    async def fill(store: Store) -> None:
        await keep(store, record("a"))
        await enqueue(store, outgoing("k1", HERS), outgoing("k2", ROOM))
        async with store.change() as change:
            await change.subscriptions.add(
                [
                    Subscription(0, HERS, "freelance", "fr", NOON, "@elle", HERS),
                    Subscription(0, ROOM, "freelance", "fr", NOON, "@elle", HERS),
                    Subscription(0, ROOM, "cdd", "fr", NOON, "@autre"),
                ],
                NOON,
            )

    (tmp_path / "var").mkdir()
    _in_store(tmp_path / "var", fill)


@pytest.mark.usefixtures("lived_in")
def test_what_is_backed_up_is_restored_elsewhere(
    run: Vigie, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = run("backup", "hier.vigie")
    assert (done.status, done.out) == (0, "")
    assert "données personnelles" in done.sentence
    (tmp_path / "neuf").mkdir()
    monkeypatch.setenv("VIGIE_DATABASE_URL", "sqlite:///neuf/vigie.db")
    done = run("restore", "hier.vigie")
    assert (done.status, done.out) == (0, "")
    assert "lignes restaurées, telles qu’elles étaient le" in done.sentence
    rows = _in_store(tmp_path / "neuf", lambda store: store.outbox.deliveries())
    assert {row.key: row.restored_from is not None for row in rows} == {"k1": True, "k2": True}
    exported = run("subscriptions", "export")
    monkeypatch.delenv("VIGIE_DATABASE_URL")
    assert exported.out == run("subscriptions", "export").out != ""
    assert run("restore", "hier.vigie").sentence.endswith("qui n’existe pas encore.")


@pytest.mark.usefixtures("lived_in")
def test_one_that_moves_looks_for_nothing(
    run: Vigie, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("backup", "hier.vigie")
    (tmp_path / "neuf").mkdir()
    monkeypatch.setenv("VIGIE_DATABASE_URL", "sqlite:///neuf/vigie.db")
    assert run("restore", "--moving", "hier.vigie").status == 0
    rows = _in_store(tmp_path / "neuf", lambda store: store.outbox.deliveries())
    assert {row.restored_from for row in rows} == {None}


@pytest.mark.usefixtures("lived_in")
def test_what_cannot_be_done_is_said_in_a_sentence(run: Vigie, tmp_path: Path) -> None:
    (tmp_path / "là").write_text("déjà")
    assert (
        run("backup", "là").sentence
        == "vigie : là existe déjà : donnez un autre nom, Vigie ne remplace aucun fichier."
    )
    for file in ("là", "absent"):
        done = run("restore", file)
        assert (done.status, done.out) == (2, "")
        assert done.sentence.startswith(f"vigie : {file} n’")


@pytest.mark.usefixtures("lived_in")
def test_a_person_is_forgotten_and_what_the_configuration_says_is_told(
    run: Vigie, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIGIE_SUBSCRIBERS", json.dumps([HERS]))
    done = run("forget", "mattermost:elle")
    assert (done.status, done.out) == (0, "")
    told, named = done.err.replace("\u00a0", " ").splitlines()
    assert told == (
        "Vigie a oublié mattermost:@elle : 1 abonnement et 1 envoi effacés, son nom ôté de 1 abonnement de canaux."
    )
    assert named == "La configuration nomme encore mattermost:@elle : ôtez-l’y."
    left = [one["made_by"] for one in run("subscriptions", "list", "--ended", "--format", "json").objects]
    assert left == [None, "@autre"]
    monkeypatch.delenv("VIGIE_SUBSCRIBERS")
    assert run("forget", HERS).sentence == "Vigie n’avait rien retenu de mattermost:@elle."


@pytest.mark.usefixtures("lived_in")
@pytest.mark.parametrize("person", ["elle", "@elle", "mattermost:", "irc:elle", ""])
def test_who_cannot_be_told_is_asked_for_again(run: Vigie, person: str) -> None:
    done = run("forget", person)
    assert done.status == 2
    assert "ne désigne personne" in done.sentence
