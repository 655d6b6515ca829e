"""One posting written over another: staff is asked before anything is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.announcing.holding import overwritten
from postings.model import Posting, Record, State, Team
from postings.store import Store
from postings.text import fold
from tests.bot.floods import ALIVE, announced, holds_of, notes, open_file, opened, plain, staff_room, staffed
from tests.bot.house import Clock, house
from tests.repositories import Repository

ELSE = open_file(
    "autre", team="ailleurs", body="Vous accompagnerez des communes rurales dans leurs achats de matériel."
)
BOILERPLATE = (
    "Beta exemple est une communauté qui construit des services publics numériques utiles et simples. "
    "Chaque équipe est autonome, rend compte de son impact tous les six mois et publie son code. "
    "Le poste est ouvert en télétravail partiel, les entretiens se font en visioconférence. "
)
MISSIONS = (
    "Vous concevez les parcours de déclaration des producteurs, animez les ateliers avec les agents de terrain, "
    "écrivez les maquettes et mesurez si les démarches vont plus vite qu’avant. "
)
OTHERS = (
    "La personne recrutée reprend une base de code en Python, met en place la surveillance des serveurs, relit les "
    "contributions et fait grandir la qualité des tests avec deux collègues. "
)

MORE = (
    "Elle choisit avec l’équipe ce qui mérite d’être automatisé, documente les incidents, prépare les montées de "
    "version et forme les personnes de l’administration qui garderont le service après elle. "
)


def _record(
    text: str, team: str | None = "carnet-vert", state: State = State.OPEN, role: str = "Rôle"
) -> Record:
    posting = Posting(
        id="a", path="a.md", role=role, team=Team(team, team) if team else None, text=fold(text)
    )
    return Record(id="a", posting=posting, state=state)


@pytest.mark.parametrize(
    ("before", "after", "asked"),
    [
        (_record(BOILERPLATE + MISSIONS), _record(OTHERS, "bonne-marche"), True),
        (_record(MISSIONS, state=State.CLOSED), _record(OTHERS, "bonne-marche"), True),
        (_record(BOILERPLATE + MISSIONS), _record(OTHERS + MORE + BOILERPLATE, "bonne-marche"), True),
        (_record(MISSIONS), _record(OTHERS, None), True),
        (_record(MISSIONS), _record(MISSIONS, "bonne-marche"), False),
        (_record(MISSIONS), _record(OTHERS), False),
        (_record(MISSIONS), _record(f"**{MISSIONS.upper()}**\n\n" + BOILERPLATE[:80], "bonne-marche"), False),
        (_record(MISSIONS, None), _record(OTHERS, "bonne-marche"), False),
        (_record(MISSIONS, state=State.CLOSED), _record(OTHERS, "bonne-marche", State.CLOSED), False),
    ],
    ids=[
        "another posting",
        "a closed posting used again by another team",
        "another posting with the same boilerplate",
        "another posting that names no team",
        "team renamed",
        "body rewritten",
        "reformatted",
        "team unknown before",
        "closed all along",
    ],
)
def test_a_posting_is_overwritten_when_team_and_most_of_the_body_change(
    before: Record, after: Record, asked: bool
) -> None:
    assert overwritten(before, after) is asked


async def test_a_posting_that_is_overwritten_is_asked_about_before_it_is_told(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, staffed(tmp_path, repository.path), clock) as vigie:
        await announced(vigie, repository, ["a"])
        repository.commit({"a.md": ELSE})
        await vigie.look()
        (post,) = vigie.roots
        assert plain(post).startswith("**Nouvelle offre : Métier a**, exemple")
        assert notes(vigie)[-1] == (
            "**Fiche écrasée ?** La fiche de **Métier a**, exemple, décrit maintenant **Métier autre**, ailleurs.\n"
            "Fichier : `content/_jobs/a.md`\n"
            "1 annonce est retenue. Si ce sont deux offres, rétablissez l’ancienne fiche et donnez à la nouvelle un "
            "fichier à elle ; `vigie held --drop 1` abandonne ensuite ce qui est retenu.\n"
            "Si c’est bien la même offre, `vigie held --release 1` annonce la modification."
        )
        repository.commit({"a.md": ELSE.replace(b"contrat: cdd", b"contrat: stage")})
        await vigie.look()
        assert len(post.edits) == 0, "a later change waits too"
        await store.outbox.release(1, now=clock.now)
        await vigie.send()
        assert plain(vigie.roots[0]).startswith("**Nouvelle offre : Métier autre**, ailleurs")


async def test_the_staff_is_asked_about_an_overwritten_posting_even_where_nobody_would_be_told(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    options = staffed(tmp_path, repository.path, {"filter": "contrat:stage"})
    async with house(store, options, clock) as vigie:
        staff_room(vigie)
        repository.commit(ALIVE)
        await vigie.look()
        repository.commit(opened("a"))
        await vigie.look()
        repository.commit({"a.md": ELSE})
        await vigie.look()
        assert notes(vigie)[-1].startswith(
            "**Fiche écrasée ?** La fiche de **Métier a**, exemple, décrit maintenant **Métier autre**, ailleurs.\n"
        )
        assert "--release" not in notes(vigie)[-1], "nothing is held that could be released"
        assert await holds_of(vigie) == []


async def test_an_overwritten_posting_that_is_restored_tells_nothing(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, staffed(tmp_path, repository.path), clock) as vigie:
        await announced(vigie, repository, ["a"])
        repository.commit({"a.md": ELSE})
        await vigie.look()
        repository.commit({**opened("a"), "b.md": ELSE})
        await vigie.look()
        first, second = vigie.roots
        assert plain(first).startswith("**Nouvelle offre : Métier a**")
        assert (first.edits, vigie.fake.replies(first.id)) == ([], [])
        assert plain(second).startswith("**Nouvelle offre : Métier autre**")
        assert await holds_of(vigie) == [("overwritten", "void")]


async def test_a_draft_that_still_settles_may_become_anything(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, staffed(tmp_path, repository.path, settle=30), clock) as vigie:
        staff_room(vigie)
        repository.commit(ALIVE)
        await vigie.look()
        repository.commit(opened("a"))  # copied from another posting, as people do
        await vigie.look()
        repository.commit({"a.md": ELSE})
        await vigie.look()
        clock.forward(hours=1)
        await vigie.send()
        assert [plain(post).partition(",")[0] for post in vigie.roots] == [
            "**Nouvelle offre : Métier autre**"
        ]
        assert await holds_of(vigie) == []
