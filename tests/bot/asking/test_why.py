"""Why a posting was announced somewhere, or was not: what a person reads who expected something else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.asking.chat import Caller, Chat
from tests.bot.floods import opened
from tests.bot.house import KEY, TARGET, House, settings, watched
from tests.repositories import Repository, posting_file

HERE = Caller("mattermost", "u1", TARGET)


async def told(vigie: House, folder: Path, name: str, channel: dict[str, Any] | None = None) -> list[str]:
    """What somebody in the channel reads of a posting, the channel being configured so."""
    chat = Chat(vigie.store, settings(folder, "depot", channel or {}), vigie.app.clock)
    return (await chat(f"pourquoi {name}", HERE)).text.replace("\u00a0", " ").splitlines()


async def test_a_name_that_no_posting_has_leads_to_the_command_that_finds_one(
    vigie: House, tmp_path: Path
) -> None:
    assert await told(vigie, tmp_path, "inconnue") == [
        "Aucune offre ne s’appelle « inconnue » : la commande « voir » aide à la trouver."
    ]


@pytest.mark.parametrize(
    ("channel", "how"),
    [
        ({}, "ce canal reçoit toutes les offres."),
        ({"events": ["filled"]}, "ce canal ne demande pas les ouvertures."),
    ],
    ids=["everything", "no openings"],
)
async def test_a_channel_without_a_filter_says_what_it_asks_for_and_nothing_of_a_filter(
    vigie: House, tmp_path: Path, repository: Repository, channel: dict[str, Any], how: str
) -> None:
    await watched(vigie, repository)
    repository.commit(opened(["n00"]))
    await vigie.look()
    lines = await told(vigie, tmp_path, "n00", channel)
    assert lines[1:3] == [f"{KEY} : {how}", "• Annoncée le 4 mars 2024, 10 h 00."]


@pytest.mark.parametrize(
    ("line", "state", "why"),
    [
        ("post_ouvert: 2024-04-15", "son jour d’ouverture est à venir.", "• Elle n’est pas encore ouverte."),
        ("open: false", "sa fiche la ferme (« open » ou « status »).", "• Vigie ne l’a jamais vue ouverte."),
    ],
    ids=["to come", "closed"],
)
async def test_a_posting_that_is_not_open_is_said_not_to_have_been_announced_for_that(
    vigie: House, tmp_path: Path, repository: Repository, line: str, state: str, why: str
) -> None:
    await watched(vigie, repository)
    repository.commit({"offre.md": posting_file(line)})
    await vigie.look()
    lines = await told(vigie, tmp_path, "offre")
    assert lines[0].endswith(state)
    assert lines[2:] == [why]


async def test_a_posting_whose_file_was_deleted_is_said_to_be_withdrawn(
    vigie: House, tmp_path: Path, repository: Repository
) -> None:
    await watched(vigie, repository)
    repository.commit(opened(["n00", "n01"]))
    await vigie.look()
    repository.commit({"n00.md": None})
    await vigie.look()
    lines = await told(vigie, tmp_path, "n00")
    assert lines[0] == "Métier n00, exemple : retirée, sa fiche a été supprimée."


async def test_a_posting_that_could_never_be_read_is_not_taken_for_a_deleted_one(
    vigie: House, tmp_path: Path, repository: Repository
) -> None:
    await watched(vigie, repository)
    repository.commit({"offre.md": b"---\nroles: [\n---\n"})
    await vigie.look()
    assert await told(vigie, tmp_path, "offre", {"filter": "contrat:cdd"}) == [
        "offre : sa fiche n’a jamais pu être lue.",
        f"{KEY} : ce canal reçoit ce que son filtre laisse passer.",
        "• Vigie ne l’a jamais vue ouverte.",
    ]
    repository.commit({"offre.md": None, "autre.md": posting_file("open: false")})
    await vigie.look()
    lines = await told(vigie, tmp_path, "offre")
    assert lines[0] == "offre : retirée, sa fiche n’a jamais pu être lue."
