"""`vigie deliveries`: what the outbox holds, a row sent again, a stopped channel; and what `vigie check` says."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from bot.announcing.telling import EDIT
from postings.model import EventKind
from postings.store import Delivery, Outgoing, Source, Stopped, Store
from postings.store.codec import event_to_json
from postings.store.values import DIGEST, NOTE, Hold
from tests.bot.cli.conftest import Vigie
from tests.fakes.mattermost import FakeMattermost
from tests.postings.store.samples import MINUTE, NOON, opened

ROOM = "mattermost:equipe/offres"
GONE = "mattermost:equipe/partie"
WHY = "Le canal « equipe/partie » est archivé sur Mattermost."
_T = TypeVar("_T")


@pytest.fixture(autouse=True)
def _configured(monkeypatch: pytest.MonkeyPatch) -> None:
    channels = [{"platform": "mattermost", "target": f"equipe/{name}"} for name in ("offres", "partie")]
    monkeypatch.setenv("VIGIE_CHANNELS", json.dumps(channels))
    monkeypatch.setenv("VIGIE_SOURCES", '[{"name": "beta", "address": "."}]')
    monkeypatch.setenv("VIGIE_MATTERMOST__URL", "http://mattermost.invalid")
    monkeypatch.setenv("VIGIE_MATTERMOST__TOKEN", "jeton")


def _in_store(folder: Path, act: Callable[[Store], Awaitable[_T]]) -> _T:
    async def run() -> _T:
        store = await Store.open(f"sqlite:///{folder / 'var' / 'vigie.db'}")
        try:
            return await act(store)
        finally:
            await store.close()

    return asyncio.run(run())


def _fill(folder: Path) -> None:
    """One row of each kind and state, then a stopped channel in which two wait."""

    async def fill(store: Store) -> None:
        event = event_to_json(opened("a"))
        closed = event_to_json(replace(opened("a"), kind=EventKind.CLOSED))
        digest: dict[str, object] = {"events": [event, event]}
        async with store.change() as change:
            await change.put_source(Source("beta", "https://git.example.org/site.git"))
            number = await change.add_hold(Hold(0, "beta", NOON, "mass_change", left=12, open_before=15))
            for new in (
                Outgoing("dead", ROOM, "a", "opened", event, NOON, NOON),
                Outgoing("sent", "mattermost:equipe/ancien", "a", "closed", closed, NOON, NOON),
                Outgoing("held", ROOM, "", DIGEST, digest, NOON, NOON, hold=number),
                Outgoing("first", GONE, "a", EDIT, closed, NOON, NOON),
                Outgoing("second", GONE, "", NOTE, {"note": "void", "hold": 1}, NOON, NOON),
            ):
                assert await change.enqueue(new)
        outbox = store.outbox
        rows = {r.key: r for r in await outbox.lease(now=NOON, owner="w", duration=MINUTE, limit=9)}
        for row in rows.values():
            await outbox.attempt(row.id, now=NOON)
        await outbox.dead(rows["dead"].id, now=NOON, error="Mattermost est injoignable.")
        await outbox.done(rows["sent"].id, now=NOON, message_id="m1")
        later = NOON.replace(year=2100)
        stopped = Stopped(GONE, NOON, later, WHY, "It is archived.", "f1")
        assert await outbox.refused(rows["first"], lambda: (stopped, ()), error=WHY)

    (folder / "var").mkdir()
    _in_store(folder, fill)


def _row(folder: Path, id: int) -> Delivery:
    row = _in_store(folder, lambda store: store.outbox.row(id))
    assert row is not None
    return row


def test_every_row_is_a_line_the_latest_first(run: Vigie, tmp_path: Path) -> None:
    _fill(tmp_path)
    ran = run("deliveries")
    when = "14 mai 2024, 14 h 00"
    next_try = "prochain essai le 14 mai 2100 à 14 h 00"
    assert ran.status == 0
    assert ran.out.replace("\u00a0", " ").splitlines() == [
        f"5 – {when} – {GONE} – note pour l’administration – en attente (canal arrêté), {next_try}",
        f"4 – {when} – {GONE} – message corrigé, offre fermée : Développeuse – en attente (canal arrêté), "
        f"{next_try} : {WHY}",
        f"3 – {when} – {ROOM} – 2 offres en un message – retenu (retenue 1)",
        f"2 – {when} – mattermost:equipe/ancien – offre fermée : Développeuse – envoyé, 1 essai",
        f"1 – {when} – {ROOM} – offre ouverte : Développeuse – abandonné, 1 essai : Mattermost est "
        "injoignable.",
    ]


@pytest.mark.parametrize(
    ("state", "ids"),
    [("pending", [5, 4]), ("held", [3]), ("sent", [2]), ("dead", [1]), ("failed", [4, 1]), ("dropped", [])],
)
def test_the_rows_of_a_state(run: Vigie, tmp_path: Path, state: str, ids: list[int]) -> None:
    _fill(tmp_path)
    assert [row["id"] for row in run("deliveries", "--state", state, "--format", "json").objects] == ids
    assert [
        row["id"] for row in run("deliveries", "--state", state, "--limit", 1, "--format", "json").objects
    ] == (ids[:1])


def test_a_row_as_json(run: Vigie, tmp_path: Path) -> None:
    _fill(tmp_path)
    row = run("deliveries", "--state", "failed", "--format", "json").objects[0]
    assert row == {
        "id": 4,
        "target": GONE,
        "posting": "a",
        "kind": "edit",
        "roles": ["Développeuse"],
        "state": "pending",
        "stopped": True,
        "attempts": 0,
        "unknown": False,
        "created_at": "2024-05-14T12:00:00+00:00",
        "next_try": "2100-05-14T12:00:00+00:00",
        "finished_at": None,
        "error": WHY,
        "message_id": None,
        "hold": None,
    }


def test_nothing_to_show_is_said(run: Vigie, tmp_path: Path) -> None:
    _fill(tmp_path)
    assert run("deliveries", "--state", "dropped").out == "Aucun envoi dans cet état.\n"


def test_a_dead_row_is_sent_again_once(run: Vigie, tmp_path: Path) -> None:
    _fill(tmp_path)
    ran = run("deliveries", "--retry", 1)
    assert (ran.status, ran.out) == (0, "")
    assert ran.sentence == f"L’envoi 1 repart vers {ROOM}, si ce qu’il dit est encore vrai."
    assert _row(tmp_path, 1).state == "pending"
    ran = run("deliveries", "--retry", 1)
    assert ran.status == 2
    assert ran.sentence.startswith("vigie : L’envoi 1 n’est pas abandonné (en attente) : ")


def test_a_row_of_a_stopped_channel_that_is_sent_again_says_what_it_waits_for(
    run: Vigie, tmp_path: Path
) -> None:
    _fill(tmp_path)
    _in_store(tmp_path, lambda store: store.outbox.dead(4, now=NOON, error=WHY))
    assert run("deliveries", "--retry", 4).sentence == (
        f"L’envoi 4 attend que {GONE} soit rétabli : « vigie check » dit pourquoi."
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--retry", 99), "Il n’y a pas d’envoi 99 : « vigie deliveries » montre les derniers."),
        (
            ("--retry", 2),
            "L’envoi 2 est pour mattermost:equipe/ancien, qui n’est plus dans la configuration : remettez-y ce "
            "canal d’abord.",
        ),
        (("--resume", ROOM), f"Le canal {ROOM} n’est pas arrêté : « vigie check » montre ceux qui le sont."),
        (
            ("--resume", GONE, "--retry", 1),
            "Choisissez entre --retry et --resume : renvoyer un envoi, ou réessayer un canal.",
        ),
        (("--limit", 0), "--limit ne peut pas être 0 : donnez au moins 1."),
        (
            ("--state", "perdu"),
            "--state ne peut pas être 'perdu' : choisissez parmi pending, held, sent, dead, dropped, failed.",
        ),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    run: Vigie, tmp_path: Path, arguments: tuple[object, ...], sentence: str
) -> None:
    _fill(tmp_path)
    ran = run("deliveries", *arguments)
    assert (ran.status, ran.out) == (2, "")
    assert ran.sentence == f"vigie : {sentence}"
    assert _row(tmp_path, 1).state == "dead"


def test_a_stopped_channel_is_tried_again_at_once(run: Vigie, tmp_path: Path) -> None:
    _fill(tmp_path)
    ran = run("deliveries", "--resume", GONE)
    assert (ran.status, ran.out) == (0, "")
    assert ran.sentence == f"Vigie réessaie {GONE} dans la minute, ou à son prochain démarrage."
    (known,) = _in_store(tmp_path, lambda store: store.outbox.stopped())
    assert known.retry_at > NOON + timedelta(minutes=1)
    assert known.retry_at.year < 2100


def test_check_says_which_channel_is_stopped_and_what_to_do(run: Vigie, tmp_path: Path) -> None:
    _fill(tmp_path)
    ran = run("check")
    lines = ran.out.replace("\u00a0", " ").splitlines()
    assert ran.status == 1
    assert f"✓ canal {ROOM}" in lines
    assert (
        f"✗ canal {GONE} : arrêté depuis le 14 mai 2024 à 14 h 00. {WHY} Relancez-le ensuite par « vigie "
        f"deliveries --resume {GONE} »."
    ) in lines


def test_check_online_says_that_a_stopped_channel_can_be_reached_again(
    run: Vigie, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fill(tmp_path)
    with FakeMattermost().in_thread() as fake:
        fake.add_channel("equipe", "offres")
        fake.add_channel("equipe", "partie")
        monkeypatch.setenv("VIGIE_MATTERMOST__URL", fake.url)
        monkeypatch.setenv("VIGIE_MATTERMOST__TOKEN", fake.token)
        ran = run("check", "--online")
    assert ran.status == 1
    assert (
        f"✗ canal {GONE} : arrêté depuis le 14 mai 2024 à 14 h 00, mais Vigie y accède de nouveau : relancez-le "
        f"par « vigie deliveries --resume {GONE} »."
    ) in ran.out.replace("\u00a0", " ").splitlines()
