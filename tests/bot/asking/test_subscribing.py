"""Subscriptions made, listed and ended in a chat, and who may."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.asking.chat import Caller, Chat
from bot.wording.message import Message
from postings.store import Store, Subscription
from tests.bot.floods import opened
from tests.bot.house import TARGET, Clock, House, settings
from tests.repositories import START, Repository

HERE = Caller("mattermost", "u1", TARGET, name="@personne")
ELSEWHERE = Caller("mattermost", "u2", "equipe/ailleurs", name="@autre")
STAFF = Caller("mattermost", "u9", "equipe/ailleurs")


def said(message: Message) -> str:
    return message.text.replace("\u00a0", " ")


def talking(store: Store, folder: Path, clock: Clock, **options: Any) -> Chat:
    table = {"url": "http://mattermost.invalid", "token": "jeton", "admins": ["u9"]}
    return Chat(store, settings(folder, "depot", mattermost=table, **options), clock)


async def test_what_a_subscription_would_have_announced_is_said_and_then_it_announces(
    vigie: House, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    repository.commit()
    await vigie.look()
    repository.commit(opened(["n00"]), at=START)
    await vigie.look()
    clock.forward(days=29)
    repository.commit(opened(["n01"]), at=clock())
    await vigie.look()
    chat = talking(vigie.store, tmp_path, clock)
    made = await chat("suivre métier contrat:cdd", ELSEWHERE)
    assert "Vigie annoncera ici les offres ouvertes, CDD" in said(made)
    assert "cela aurait fait 2 annonces :" in said(made)
    assert "• Métier n00, exemple" in said(made)
    assert [button.asks for button in made.buttons] == ["arrêter 1"]
    clock.forward(days=2)
    again = said(await chat("suivre contrat:cdd métier", ELSEWHERE))
    assert again.startswith("Vigie annonce déjà cela ici (abonnement 1)")
    assert "cela aurait fait 1 annonce :" in again
    repository.commit(opened(["n02"]), at=clock())
    for watcher in vigie.app.watchers:
        await watcher.look()
    assert "mattermost:equipe/ailleurs" in {row.target for row in await vigie.rows()}
    assert "abonnement 1." in said(await chat("pourquoi n02", ELSEWHERE))


async def test_of_many_that_a_subscription_would_have_announced_the_last_are_counted(
    vigie: House, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    repository.commit()
    await vigie.look()
    for name in ("a", "b"):
        repository.commit(opened(f"{name}{number}" for number in range(6)))
        await vigie.look()
    lines = said(await talking(vigie.store, tmp_path, clock)("suivre contrat:cdd", ELSEWHERE)).splitlines()
    assert "Ces 30 derniers jours, cela aurait fait 12 annonces :" in lines
    assert sum(line.startswith("• Métier ") for line in lines) == 10
    assert "et 2 autres" in lines


async def test_what_is_not_understood_subscribes_to_nothing(
    store: Store, tmp_path: Path, clock: Clock
) -> None:
    chat = talking(store, tmp_path, clock)
    assert "Aucun abonnement n’est fait" in said(await chat("suivre contrat:xyz", HERE))
    assert await store.subscriptions() == []


async def test_each_place_lists_and_ends_its_own(store: Store, tmp_path: Path, clock: Clock) -> None:
    chat = talking(store, tmp_path, clock)
    await chat("suivre dev", HERE)
    await chat("suivre design", ELSEWHERE)
    assert "1 : dev (le 4 mars 2024 par @personne)" in said(await chat("abonnements", HERE))
    assert "design" not in said(await chat("abonnements", HERE))
    assert "Il n’y a pas d’abonnement 2 ici" in said(await chat("arrêter 2", HERE))
    assert said(await chat("arrêter 1", HERE)) == "L’abonnement 1 est arrêté."
    assert "Il n’y a pas d’abonnement 1 ici" in said(await chat("arrêter 1", HERE))
    assert said(await chat("arrêter 2", Caller("mattermost", "u9", TARGET))) == "L’abonnement 2 est arrêté."
    assert await store.subscriptions() == []


async def test_a_long_list_has_pages(store: Store, tmp_path: Path, clock: Clock) -> None:
    async with store.change() as change:
        place = f"mattermost:{TARGET}"
        made = [Subscription(0, place, f"mot{n}", "fr", clock(), "@personne") for n in range(23)]
        await change.subscriptions.add(made, clock())
    chat = talking(store, tmp_path, clock)
    first, second = await chat("abonnements", HERE), await chat("abonnements page 2", HERE)
    assert (len(first.lines), len(second.lines)) == (21, 4)
    assert first.buttons[0].asks == "abonnements page 2"
    assert second.buttons[0].asks == "abonnements"


@pytest.mark.parametrize(
    ("subscribers", "allowed"),
    [("anyone", ["u1", "u2", "u9"]), ("admins", ["u9"]), (["mattermost:u1", "slack:u2"], ["u1", "u9"])],
)
async def test_who_may_is_configured(
    store: Store, tmp_path: Path, clock: Clock, subscribers: Any, allowed: list[str]
) -> None:
    chat = talking(store, tmp_path, clock, subscribers=subscribers)
    made = [
        caller.person
        for caller in (HERE, ELSEWHERE, STAFF)
        if "ne pouvez pas" not in said(await chat(f"suivre {caller.person}", caller))
    ]
    assert made == allowed
    assert len(await store.subscriptions()) == len(allowed)
