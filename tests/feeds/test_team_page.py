from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from feeds.team_page import recruits, team_page, teams_of
from postings.model import State, Team
from postings.questions.model import Names
from tests.feeds.pages import SITE, Outline, page_of, visit
from tests.feeds.samples import NOW, MemoryCatalogue, ended, posting, record

RECORDS = [
    record("a"),
    ended("b", State.FILLED, 40, posting=posting("b", role="Archiviste")),
    record("c", posting=posting("c", role="Ingénieure", team=Team("quai", "Quai"))),
    record("d", posting=posting("d", role="Étrangère", team=Team("autre", "Autre"), incubator=None)),
]


async def test_a_team_shows_what_is_open_then_what_ended() -> None:
    text = await page_of(*RECORDS, path="/equipes/phare")
    assert "<h1>Phare</h1>" in text
    assert "1 offre ouverte" in text
    opened, past = text.split("Offres passées")
    assert 'href="/postes/a"' in opened
    assert 'href="/postes/b"' in past
    assert "<td>pourvue</td>" in past
    assert "29 janvier 2026" in past
    assert "Ingénieure" not in text


async def test_a_team_can_be_followed() -> None:
    text = await page_of(*RECORDS, path="/equipes/phare")
    for href in ("/feeds/equipe/phare.rss", "/feeds/echeances.ics?q=", "/export.csv?q="):
        assert f'href="{href}' in text
    assert '<code class="command">/postes suivre équipe:phare</code>' in text


async def test_an_incubator_shows_what_its_teams_recruit_for() -> None:
    text = await page_of(*RECORDS, path="/equipes/ocean")
    assert "2 offres ouvertes" in text
    assert {"/postes/a", "/postes/c"} <= {href for href, _ in Outline(text).links}
    assert "Étrangère" not in text
    assert 'href="/feeds/incubateur/ocean.rss"' in text


async def test_a_team_without_any_posting_can_be_awaited() -> None:
    text = await page_of(path="/equipes/phare")
    assert "Aucune offre ouverte" in text
    assert "prévenu de la prochaine" in text
    assert "Offres passées" not in text


async def test_a_team_that_nobody_knows_names_the_nearest() -> None:
    names = Names({"phare": ("Phare",)}, {"ocean": ("Incubateur de l’Océan",)})
    async with visit(MemoryCatalogue(RECORDS, known=names)) as client:
        for asked, name, href in (
            ("phrae", "Phare", "/equipes/phare"),
            ("incubateur-de-l-ocean", "Incubateur de l’Océan", "/equipes/ocean"),
        ):
            answer = await client.get(f"/equipes/{asked}")
            assert answer.status_code == 404
            assert f"Aucune équipe ni aucun incubateur ne s’appelle «\u00a0{asked}\u00a0»." in answer.text
            assert Outline(answer.text).named(name) == href
        far = await client.get("/equipes/zzzzzzzz")
    assert far.status_code == 404
    assert "Vouliez-vous dire" not in far.text


async def test_long_histories_lead_to_the_rest() -> None:
    past = [ended(f"p{n}", State.CLOSED, n + 1) for n in range(25)]
    text = await page_of(*past, path="/equipes/phare")
    assert text.count("<td>fermée</td>") == 20
    rest = Outline(text).named("Toutes ses offres passées")
    assert "25 offres fermées ou pourvues" in await page_of(*past, path=rest)


async def test_an_odd_id_is_one_segment() -> None:
    names = Names({"../a b": ("Le Large",)}, {})
    held = record("x", posting=posting("x", team=Team("../a b", "Le Large")))
    async with visit(MemoryCatalogue([held], known=names)) as client:
        href = Outline((await client.get("/postes/x")).text).named("Le Large")
        assert ".." not in href
        assert "<h1>Le Large</h1>" in (await client.get(href)).text


def test_the_files_of_teams_hold_all_of_theirs() -> None:
    site = replace(SITE, root="../../", static=True)
    found = teams_of([*RECORDS, *(ended(f"p{n}", State.CLOSED, n + 1) for n in range(25))])
    assert [team.id for team in found] == ["autre", "ocean", "phare", "quai"]
    made = {
        team.id: team_page(
            site, recruits(team, theirs, NOW), NOW, last_look=NOW - timedelta(hours=1)
        ).decode()
        for team, theirs in found.items()
    }
    assert made["phare"].count("<td>fermée</td>") == 25
    assert 'href="../../postes/a/index.html"' in made["ocean"]
    assert 'href="../../postes/c/index.html"' in made["ocean"]
    assert "?q=" not in made["phare"]
    assert 'href="../../feeds/equipe/phare.rss"' in made["phare"]


def test_a_posting_of_an_incubator_itself_is_one_of_its_postings_once() -> None:
    own = record("e", posting=posting("e", team=Team("ocean", "Océan")))
    never = record("f", posting=None, state=None, readable=False)
    found = {team.id: [held.id for held in theirs] for team, theirs in teams_of([own, never]).items()}
    assert found == {"ocean": ["e"]}


async def test_an_address_written_otherwise_leads_to_the_one_of_the_team() -> None:
    async with visit(MemoryCatalogue(RECORDS)) as client:
        answer = await client.get("/equipes/phare/")
        assert (answer.status_code, answer.headers["location"]) == (301, "/equipes/phare")
