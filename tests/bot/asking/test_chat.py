"""What a caller is answered, whatever the platform: the staff's commands are carried out, for the staff only."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.asking.answers import LONGEST
from bot.asking.chat import Caller
from bot.asking.commands import COMMANDS, Who, usage
from bot.processes.app import App
from bot.wording.message import Message
from tests.bot.floods import MANY, announced, opened, removed
from tests.bot.house import KEY, TARGET, Clock, House, settings
from tests.repositories import Repository, posting_file

STAFF, SOMEBODY = Caller("mattermost", "u9", TARGET), Caller("mattermost", "u1", TARGET)


def said(message: Message) -> str:
    return message.text.replace("\u00a0", " ")


@pytest.fixture
def app(vigie: House, tmp_path: Path, repository: Repository) -> App:
    """The application with one person of the staff, on the store that the house watches."""
    table = {"url": "http://mattermost.invalid", "token": "jeton", "admins": ["u9"]}
    options = settings(tmp_path, repository.path, {"filter": "contrat:cdd"}, mattermost=table)
    return App(options, vigie.store, {}, vigie.app.clock)


async def test_what_is_held_is_released_by_the_staff_alone(
    vigie: House, app: App, repository: Repository
) -> None:
    await announced(vigie, repository)
    repository.commit(removed(MANY))
    await vigie.look()
    assert "Retenue 1" in said(await app.chat("admin retenus", STAFF))
    for asker in (SOMEBODY, Caller("slack", "u9", TARGET), Caller("mattermost", "", TARGET)):
        assert "réservée à l’administration" in said(await app.chat("admin libérer 1", asker))
    assert [row.state for row in await vigie.rows()].count("held") == len(MANY)
    told = said(await app.chat("admin libérer 1", STAFF))
    assert told == "La retenue 1 est levée : 12 messages seront envoyés, pour ce qui est encore vrai."
    assert "held" not in [row.state for row in await vigie.rows()]
    assert "a déjà été publiée" in said(await app.chat("admin abandonner 1", STAFF))
    assert said(await app.chat("admin retenus", STAFF)) == "Rien n’est retenu."


async def test_every_command_of_the_staff_is_refused_to_others(app: App) -> None:
    for command in COMMANDS:
        if command.who is Who.ADMINS:
            typed = usage(command, "fr").removeprefix("/postes ").removesuffix(" N")
            typed += " 1" * usage(command, "fr").endswith(" N")
            assert "réservée" in said(await app.chat(typed, SOMEBODY)), typed


async def test_the_staff_has_the_sources_looked_at(app: App) -> None:
    looks = []

    async def look() -> None:
        looks.append("look")

    app.chat.look = look
    await app.chat("admin actualiser", SOMEBODY)
    assert looks == []
    assert said(await app.chat("admin actualiser", STAFF)) == "Vigie regarde les sources."
    assert looks == ["look"]


async def test_why_tells_of_what_was_announced_here(vigie: House, app: App, repository: Repository) -> None:
    repository.commit({"avant.md": posting_file("open: true")})
    await vigie.look()
    repository.commit(opened(["n00"]))
    await vigie.look()
    lines = said(await app.chat("pourquoi n00", SOMEBODY)).splitlines()
    assert lines[0].endswith("ouverte, sa fiche l’ouvre.")
    assert lines[1:4] == [
        f"{KEY} : ce canal reçoit ce que son filtre laisse passer.",
        "• L’offre répond à « contrat:cdd ».",
        "• Annoncée le 4 mars 2024, 10 h 00.",
    ]
    assert lines[5].endswith("envoyé, 1 essai"), "its delivery"
    assert "déjà ouverte quand Vigie a commencé à veiller" in said(await app.chat("pourquoi avant", SOMEBODY))
    elsewhere = said(await app.chat("pourquoi n00", Caller("slack", "u1", "C1")))
    assert "Rien n’est annoncé ici" in elsewhere
    assert KEY not in elsewhere, "the names of other channels are for the staff"
    assert KEY in said(await app.chat("pourquoi n00", Caller("mattermost", "u9", "equipe/autre")))


async def test_figures_count_openings_ends_and_days_open(
    vigie: House, app: App, repository: Repository, clock: Clock
) -> None:
    repository.commit()
    await vigie.look()
    repository.commit(opened(["n00", "n01", "n02"]))
    await vigie.look()
    clock.forward(days=10)
    repository.commit(
        {"n00.md": posting_file("poste_pourvu: true"), "n01.md": posting_file("open: false")}, at=clock()
    )
    await vigie.look()
    shown = said(await app.chat("chiffres", SOMEBODY))
    assert shown.startswith("1 offre ouverte. Vérifié à")
    assert "ouvertures 3, fermetures 2, dont 1 marquée pourvue." in shown
    assert "fermées depuis un an l’ont été en moins de 10 jours" in shown
    clock.forward(days=30)
    assert "ouvertures 0, fermetures 0." in said(await app.chat("chiffres", SOMEBODY))


async def test_one_person_asks_so_often_and_is_told_when_to_ask_again(app: App) -> None:
    for _ in range(20):
        assert "reposez" not in said(await app.chat("aide", SOMEBODY))
    assert said(await app.chat("aide", SOMEBODY)).endswith("reposez celle-ci dans 3 secondes.")
    assert "reposez" not in said(await app.chat("aide", Caller("slack", "u1", TARGET)))


async def test_a_question_without_end_is_refused_without_buttons(app: App) -> None:
    answer = await app.chat("dev " * LONGEST, SOMEBODY)
    assert said(answer).endswith("caractères : raccourcissez-la.")
    assert answer.buttons == ()
