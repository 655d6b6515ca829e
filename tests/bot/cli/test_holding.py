"""`vigie held`: what waits, and what a person decides."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from postings.model import Posting, Record, State, Team
from postings.store import Hold, Outgoing, Source, Store
from postings.store.codec import event_to_json
from tests.bot.cli.conftest import Vigie
from tests.postings.store.samples import NOON, opened


def _fill(folder: Path, count: int = 12) -> None:
    """A hold of the closings of some postings, in two channels."""

    async def fill() -> None:
        store = await Store.open(f"sqlite:///{folder / 'var' / 'vigie.db'}")
        async with store.change() as change:
            await change.put_source(Source("beta", "https://git.example.org/site.git"))
            hold = Hold(0, "beta", NOON, "mass_change", left=count, open_before=15)
            number = await change.add_hold(hold)
            for n in range(count):
                id = f"p{n:02}"
                posting = Posting(id=id, path=f"{id}.md", role=f"Métier {n}", team=Team("t", "Carnet Vert"))
                await change.put_records("beta", [(Record(id=id, posting=posting, state=State.OPEN), None)])
                for target in ("mattermost:equipe/offres", "slack:C01")[: 2 if n == 0 else 1]:
                    payload = event_to_json(opened(id))
                    key = f"{id}:{target}"
                    await change.enqueue(
                        Outgoing(key, target, id, "closed", payload, NOON, NOON, hold=number)
                    )
        await store.close()

    (folder / "var").mkdir()
    asyncio.run(fill())


def _states(folder: Path) -> set[str]:
    async def states() -> set[str]:
        store = await Store.open(f"sqlite:///{folder / 'var' / 'vigie.db'}")
        found: set[str] = {row.state for row in await store.outbox.deliveries()}
        await store.close()
        return found

    return asyncio.run(states())


def test_held_says_what_waits_and_what_to_type(run: Vigie, tmp_path: Path) -> None:
    _fill(tmp_path)
    lines = run("held").out.replace("\u00a0", " ").splitlines()
    assert lines[:5] == [
        "Retenue 1 – source beta, mardi 14 mai 2024, 14 h 00",
        "  12 offres quittent d’un coup la liste, qui en comptait 15.",
        "  12 messages pour mattermost:equipe/offres",
        "  1 message pour slack:C01",
        "  - Métier 0, Carnet Vert",
    ]
    assert lines[-2:] == [
        "  et 2 autres",
        "  Publier : vigie held --release 1    Abandonner : vigie held --drop 1",
    ]


def test_held_as_json_is_an_object_a_hold(run: Vigie, tmp_path: Path) -> None:
    _fill(tmp_path)
    (hold,) = run("held", "--format", "json").objects
    assert (hold["number"], hold["source"], hold["reason"], hold["left"]) == (1, "beta", "mass_change", 12)
    assert (hold["messages"], hold["targets"]) == (13, ["mattermost:equipe/offres", "slack:C01"])
    assert len(hold["postings"]) == 12
    assert hold["postings"][0]["team"] == {"id": "t", "name": "Carnet Vert"}


@pytest.mark.parametrize(
    ("option", "done", "again", "state"),
    [
        (
            "--release",
            "La retenue 1 est levée : 13 messages seront envoyés, pour ce qui est encore vrai.",
            "La retenue 1 a déjà été publiée",
            "pending",
        ),
        (
            "--drop",
            "La retenue 1 est abandonnée : 13 messages ne seront jamais envoyés.",
            "La retenue 1 a déjà été abandonnée",
            "dropped",
        ),
    ],
)
def test_a_person_decides_once(
    run: Vigie, tmp_path: Path, option: str, done: str, again: str, state: str
) -> None:
    _fill(tmp_path)
    ran = run("held", option, 1)
    assert (ran.status, ran.sentence, ran.out) == (0, done, "")
    assert _states(tmp_path) == {state}
    ran = run("held", "--drop", 1)
    assert ran.status == 0
    assert ran.sentence.startswith(again)
    assert _states(tmp_path) == {state}
    assert run("held").out == "Rien n’est retenu.\n"


def test_an_unknown_number_is_one_sentence(run: Vigie, tmp_path: Path) -> None:
    _fill(tmp_path)
    ran = run("held", "--release", 7)
    assert ran.status == 2
    assert ran.sentence == "vigie : Il n’y a pas de retenue 7 : « vigie held » montre celles qui attendent."


def test_releasing_and_dropping_at_once_is_refused(run: Vigie, tmp_path: Path) -> None:
    _fill(tmp_path)
    assert run("held", "--release", 1, "--drop", 1).status == 2
    assert _states(tmp_path) == {"held"}


def test_check_says_that_something_is_held(
    run: Vigie, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fill(tmp_path)
    monkeypatch.setenv("VIGIE_SOURCES", '[{"name": "beta", "address": "."}]')
    assert "retenue 1 : des annonces attendent" in run("check").out.replace("\u00a0", " ")
