from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.history import moments
from feeds.posting_page import posting_page
from postings.model import Change, Event, EventKind, Posting, Problem, Record, Severity, State, Team
from tests.feeds.pages import SITE, Outline, page_of, visit
from tests.feeds.samples import NOW, TEAM, MemoryCatalogue, ended, posting, record


def page(held: Record, read: Posting | None = None, body: str = "") -> str:
    read = read or held.posting
    assert read is not None
    return posting_page(SITE, held, read, [], body=body).decode()


def test_it_says_what_one_must_know_to_apply() -> None:
    text = page(record("a", posting=posting("a", contacts=("quai@exemple.example", "camille.digue"))))
    outline = Outline(text)
    assert ">Offre ouverte</span>" in text
    assert "Candidatures jusqu’au jeudi 30 avril 2026" in text
    assert outline.named("Candidater\u00a0: Développeur web, Phare").startswith(
        "https://formulaire.example.org/"
    )
    assert outline.named("Lire l’offre\u00a0: Développeur web, Phare").startswith("https://site.example.org/")
    assert outline.named("quai@exemple.example") == "mailto:quai@exemple.example"
    assert "camille.digue" in text
    for fact in ("Freelance ou CDD", "Développement", "Brest, télétravail partiel", "Django"):
        assert fact in text


def test_of_a_posting_whose_opening_nobody_saw_no_day_is_made_up() -> None:
    text = page(record("a", opened_at=None, posting=posting("a", closes=None)))
    assert ">Offre ouverte</span>" in text
    assert "Ouverte depuis" not in text
    since = page(record("a", posting=posting("a", closes=None)))
    assert "Ouverte depuis le 1er mars 2026, sans date limite" in since


def test_the_team_leads_to_its_page() -> None:
    assert Outline(page(record("a"))).named("Phare") == "/equipes/phare"


@pytest.mark.parametrize("state", [State.CLOSED, State.FILLED, None])
def test_an_ended_posting_cannot_be_applied_to(state: State | None) -> None:
    gone = ended("a", state, 2, posting=posting("a", contacts=("quai@exemple.example",)))
    text = page(gone)
    assert "Candidater" not in text
    assert "quai@exemple.example" not in text
    assert {State.CLOSED: "fermée", State.FILLED: "pourvue", None: "retirée"}[state] in text
    assert "Terminée le dimanche 8 mars 2026" in text


def test_what_a_team_wrote_is_there_until_it_takes_it_back() -> None:
    body = "# Missions\n\nÉclairer [la côte](/cote).\n\n<script>alert(1)</script>"
    text = page(record("a"), body=body)
    assert "<h3>Missions</h3>" in text
    assert Outline(text).named("la côte") == "https://site.example.org/cote"
    assert "<script" not in text
    assert "Missions" in page(ended("a", State.CLOSED, 1), body=body)
    assert "Missions" not in page(ended("a", None, 1), body=body)


def test_an_illegible_file_is_said_to_be() -> None:
    assert "Fiche momentanément illisible" in page(record(readable=False))


def test_those_who_can_mend_the_file_see_what_and_where() -> None:
    wrong = Problem(
        code="unknown-team",
        severity=Severity.WARNING,
        french="L’équipe «\u00a0Fare\u00a0» n’existe pas\u00a0: corrigez son nom.",
        english="There is no team “Fare”: mend its name.",
        path="content/_jobs/a.md",
        line=4,
        key="startup",
    )
    held = record("a", posting=posting("a", problems=(wrong,)))
    assert held.posting is not None
    text = posting_page(SITE, held, held.posting, [], edit="https://forge.example/edit/a.md").decode()
    assert "Pour l’équipe\u00a0: la fiche à corriger" in text
    assert "Ligne\u00a04 (startup)\u00a0:" in text
    assert "L’équipe «\u00a0Fare\u00a0» n’existe pas" in text
    assert Outline(text).named("Modifier la fiche de l’offre") == "https://forge.example/edit/a.md"
    assert "Pour l’équipe" not in page(record("a"))


async def test_the_address_to_edit_comes_from_whoever_serves() -> None:
    async with visit(
        MemoryCatalogue([record("a")]), edit=lambda held: f"https://forge.example/{held.id}"
    ) as client:
        assert 'href="https://forge.example/a"' in (await client.get("/postes/a")).text


async def test_the_other_open_postings_of_the_team_are_near() -> None:
    other = posting("c", role="Ingénieure", team=Team("quai", "Quai"))
    text = await page_of(
        record("a"),
        record("b", posting=posting("b", role="Gardienne")),
        ended("d", State.CLOSED, 1, posting=posting("d", role="Archiviste")),
        record("c", posting=other),
        path="/postes/a",
    )
    near = text.split("Les autres offres ouvertes de la même équipe")[1]
    assert 'href="/postes/b"' in near
    assert 'href="/postes/a"' not in near
    assert "Ingénieure" not in text
    assert "Archiviste" not in text


async def test_the_body_is_read_for_its_page() -> None:
    async with visit(MemoryCatalogue([record("a")], held_bodies={"a": "Une **vraie** mission."})) as client:
        assert "Une <strong>vraie</strong> mission." in (await client.get("/postes/a")).text


def test_it_tells_programs_what_it_is() -> None:
    text = page(record("a"))
    assert '<meta property="og:title" content="Développeur web, Phare (offre ouverte)">' in text
    assert '<meta property="og:url" content="https://vigie.example.org/postes/a">' in text
    assert '<meta name="description" content="Un service qui éclaire les côtes.">' in text
    assert 'type="application/rss+xml" title="RSS\u00a0: Phare" href="/feeds/equipe/phare.rss"' in text


def test_what_search_engines_read_stands_in_the_head_as_it_is() -> None:
    held = record("a")
    assert held.posting is not None
    told = '{"@type": "JobPosting", "title": "D\\u003cveloppeur & web"}'
    head = posting_page(SITE, held, held.posting, [], structured=told).decode().split("</head>")[0]
    assert f'<script type="application/ld+json">{told}</script>' in head


def test_pages_ask_nothing_of_other_sites_and_run_no_script() -> None:
    text = page(record())
    assert "<script" not in text
    assert "<style" not in text
    assert not [tag for tag in Outline(text).tags if tag in ("img", "iframe", "object", "embed")]


@given(
    st.text(max_size=20).map(
        lambda text: f"{text}</title></a>\"'><script>alert(1)</script><img onerror=x>\ud800"
    )
)
def test_pages_escape_whatever_a_posting_holds(text: str) -> None:
    odd = posting(
        text,
        role=text,
        summary=text,
        cities=(text,),
        technologies=(text,),
        contacts=(text, f"{text}@x"),
        url="javascript:" + text,
        team=Team(text, text),
        path=text,
    )
    made = posting_page(SITE, record(text, posting=odd), odd, [], body=text, edit="javascript:" + text)
    tags = Outline(made.decode()).tags
    assert "script" not in tags
    assert "img" not in tags
    assert b'href="javascript:' not in made


async def test_a_change_is_told_in_words() -> None:
    event = Event(
        id="1",
        kind=EventKind.UPDATED,
        posting="a",
        at=NOW - timedelta(days=1),
        state=State.OPEN,
        previous_state=State.OPEN,
        role="Développeur web",
        team=TEAM,
        opening=1,
        changes=(
            Change("contracts", ["freelance"], ["freelance", "cdd"]),
            Change("closes", None, "2026-05-01"),
            Change("remote", "none", "partial"),
        ),
    )
    told = (
        "Offre modifiée. Contrat\u00a0: freelance ou CDD (auparavant freelance). "
        "Télétravail\u00a0: partiel (auparavant aucun). "
        "Date limite\u00a0: vendredi 1er mai (auparavant aucune)."
    )
    assert moments([event])[0].sentence == told
    async with visit(MemoryCatalogue([record("a")], [event])) as client:
        text = (await client.get("/postes/a")).text
    assert told in text
    assert "lundi 9 mars 2026" in text
