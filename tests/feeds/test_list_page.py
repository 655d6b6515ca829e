from __future__ import annotations

import gzip
import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.asking.commands import Name, command_of
from bot.wording.message import TRIGGER
from feeds.list_page import home
from postings.dates import When
from postings.model import Contract, Domain, Record, Remote, State, Team
from postings.questions.model import Names
from tests.feeds.pages import SITE, Outline, page_of, visit
from tests.feeds.samples import NOW, MemoryCatalogue, ended, posting, record

NAMES = Names({"phare": ("Phare",), "quai-neuf": ("Quai Neuf",)}, {"ocean": ("Océan",)}, ("Brest", "Lyon"))


def closing(days: int) -> When:
    return When(day=date(2026, 3, 10) + timedelta(days=days))


def many(count: int) -> list[Record]:
    return [
        record(f"p{n:03}", opened_at=NOW - timedelta(days=20, minutes=n), posting=posting(f"p{n:03}"))
        for n in range(count)
    ]


async def test_the_open_postings_are_there_and_only_they() -> None:
    text = await page_of(record("a"), ended("b", State.CLOSED, 1, posting=posting("b", role="Archiviste")))
    assert Outline(text).named("Développeur web, Phare") == "/postes/a"
    assert "Archiviste" not in text
    assert '<p role="status"><strong>1 offre ouverte</strong></p>' in text
    assert ">ouverte</span>" in text


async def test_those_that_close_within_a_fortnight_come_first_under_their_own_heading() -> None:
    text = await page_of(
        record("old", opened_at=NOW - timedelta(days=60), posting=posting("old", closes=None)),
        record("new", opened_at=NOW - timedelta(days=1), posting=posting("new", closes=closing(15))),
        record("later", posting=posting("later", closes=closing(14))),
        record("today", posting=posting("today", closes=closing(0))),
    )
    assert re.findall(r'fr-card__title"><a href="/postes/(\w+)"', text) == ["today", "later", "new", "old"]
    soon, others = text.split("Bientôt fermées")[1].split("Les autres, de la plus récente à la plus ancienne")
    assert "/postes/later" in soon
    assert "/postes/new" in others
    assert "Dernier jour pour candidater\u00a0: mardi 10 mars 2026" in soon
    assert "Plus que 14\u00a0jours" in soon


async def test_it_says_when_the_source_was_last_looked_at_in_paris() -> None:
    for looked, told in (
        (NOW, "Vérifié à 14\u00a0h\u00a005"),
        (NOW - timedelta(days=9), "Vérifié le 1er mars à 14\u00a0h\u00a005"),
        (None, "Pas encore vérifié"),
    ):
        async with visit(MemoryCatalogue([], looked=looked)) as client:
            assert told in (await client.get("/")).text


async def test_what_has_been_online_for_long_is_to_confirm() -> None:
    assert "en ligne depuis 4 mois, à confirmer" in await page_of(record(opened_at=NOW - timedelta(days=125)))
    assert "à confirmer" not in await page_of(record(opened_at=NOW - timedelta(days=90)))


async def test_an_illegible_file_is_said_to_be() -> None:
    assert "Fiche momentanément illisible" in await page_of(record(readable=False))


async def test_links_are_unique_out_of_context() -> None:
    twins = [
        record("a"),
        record("b", opened_at=NOW - timedelta(days=3)),
        record("c", posting=posting(role="Autre")),
    ]
    names = [name for href, name in Outline(await page_of(*twins)).links if href.startswith("/postes/")]
    assert len(names) == len(set(names)) == 3
    assert "Autre, Phare" in names


async def test_twenty_postings_are_a_page_and_links_lead_to_the_others() -> None:
    records = many(45)
    first, last = await page_of(*records), await page_of(*records, page="3")
    assert first.count("fr-card__title") == 20
    assert last.count("fr-card__title") == 5
    assert "45 offres ouvertes</strong>, page 1 sur 3" in first
    assert Outline(first).named("Page suivante") == "/?page=2"
    assert Outline(last).named("Page précédente") == "/?page=2"
    assert "Page suivante" not in last
    assert "Page précédente" not in first
    asked = Outline(await page_of(*records, q="contrat:cdd", page="2"))
    assert asked.named("Page suivante") == "/?q=contrat:cdd&page=3"
    assert asked.named("Page précédente") == "/?q=contrat:cdd"


@pytest.mark.parametrize("number", ["0", "-1", "x", "999", "9" * 400, "²"])
async def test_a_page_that_is_none_is_the_nearest(number: str) -> None:
    text = await page_of(*many(21), page=number)
    assert ("page 2 sur 2</p>" in text) is (number == "999")


async def test_what_the_form_sends_becomes_one_question_whose_address_can_be_shared() -> None:
    sent: list[tuple[str, str | int | float | bool | None]] = [
        ("q", "dev"), ("contrat", "freelance"), ("contrat", "cdd"), ("equipe", "Quai Neuf"), ("ville", ""),
        ("teletravail", "oui"), ("etat", ""), ("ferme", ""), ("depuis", ""),
    ]  # fmt: skip
    async with visit(MemoryCatalogue([record()], known=NAMES)) as client:
        answer = await client.get("/", params=sent)
    assert answer.status_code == 303
    assert answer.headers["location"] == (
        "/?q=dev%20contrat:freelance,cdd%20%C3%A9quipe:%22Quai%20Neuf%22%20t%C3%A9l%C3%A9travail:oui"
    )


async def test_an_empty_form_leads_to_all_that_is_open() -> None:
    async with visit(MemoryCatalogue([record()])) as client:
        answer = await client.get("/", params={"q": "", "ville": "", "etat": ""})
    assert answer.headers["location"] == "/"


async def test_a_question_says_how_it_was_understood_and_fills_the_form() -> None:
    asked = "qui éclaire, un dev ? contrat:freelance ville:Brest équipe:phare"
    async with visit(MemoryCatalogue([record()], known=NAMES)) as client:
        text = (await client.get("/", params={"q": asked})).text
    told = "offres ouvertes, Développement, freelance, Phare, à Brest, «\u00a0éclaire\u00a0»."
    assert f"Compris\u00a0: {told}" in text
    assert re.search(r'name="q"[^>]* value="qui éclaire, un dev \?"', text)
    assert 'value="freelance" checked' in text
    assert 'value="développement">' in text
    assert re.search(r'name="equipe"[^>]* value="Phare"', text)
    assert re.search(r'name="ville"[^>]* value="Brest"', text)


async def test_each_filter_can_be_taken_away_by_a_link() -> None:
    async with visit(MemoryCatalogue([record()], known=NAMES)) as client:
        page = Outline((await client.get("/", params={"q": "freelance à Brest -contrat:stage"})).text)
    assert page.named("Retirer le filtre\u00a0: Freelance") == "/?q=ville:Brest%20-contrat:stage"
    assert page.named("Retirer le filtre\u00a0: Sauf stage") == "/?q=contrat:freelance%20ville:Brest"
    assert page.named("Tout effacer") == "/"


async def test_what_is_followed_is_what_is_on_screen() -> None:
    follow = command_of(Name.FOLLOW).french[0]
    text = await page_of(record(), q="freelance brest")
    for extension in ("rss", "atom"):
        href = f"/feeds/recherche.{extension}?q=freelance%20brest"
        assert f'href="{href}"' in text
        assert f"<code>https://vigie.example.org{href}</code>" in text
    assert 'type="text/calendar"' in text
    assert 'href="/feeds/echeances.ics?q=freelance%20brest"' in text
    assert 'href="/export.csv?q=freelance%20brest"' in text
    assert f'<code class="command">{TRIGGER} {follow} freelance brest</code>' in text


@pytest.mark.parametrize(
    ("asked", "feed"),
    [
        ("", "postes"),
        ("freelance", "contrat/freelance"),
        ("domaine:développement", "domaine/developpement"),
        ("phare", "equipe/phare"),
        ("incubateur:ocean", "incubateur/ocean"),
    ],
)
async def test_one_subject_is_followed_by_its_own_feed(asked: str, feed: str) -> None:
    async with visit(MemoryCatalogue([record()], known=NAMES)) as client:
        text = (await client.get("/", params={"q": asked} if asked else None)).text
        assert '<link rel="alternate" type="application/atom+xml" title="Atom\u00a0: ' in text
        assert (await client.get(f"/feeds/{feed}.atom")).status_code == 200
    assert f'href="/feeds/{feed}.atom"' in text
    assert "recherche.atom" not in text


async def test_when_nothing_answers_it_says_which_filter_to_drop_and_what_that_gives() -> None:
    held = [record("a"), ended("b", State.CLOSED, 3, posting=posting("b", contracts=(Contract.STAGE,)))]
    text = await page_of(*held, q="contrat:stage ville:brest")
    assert "<strong>Aucune offre ouverte</strong>" in text
    assert '<a href="/?q=ville:Brest">Sans le contrat</a>\u00a0: 1' in text
    assert '<a href="/?q=contrat:stage%20ville:Brest%20%C3%A9tat:ferm%C3%A9">Fermées</a>\u00a0: 1' in text
    assert "prévenu de la prochaine" in text


async def test_the_nearest_name_is_a_link() -> None:
    async with visit(MemoryCatalogue([record()], known=NAMES)) as client:
        page = Outline((await client.get("/", params={"q": "texte:pharre"})).text)
    assert page.named("Phare") == "/?q=%22Phare%22"


async def test_what_is_not_understood_stays_where_it_was_typed() -> None:
    text = await page_of(record(), q="contrat:lunaire phare")
    assert "Je ne connais pas le contrat" in text
    assert 'value="contrat:lunaire phare"' in text


async def test_a_question_about_filled_postings_counts_the_closed_ones() -> None:
    text = await page_of(ended("a", State.FILLED, 2), ended("b", State.CLOSED, 2), q="état:pourvu")
    assert "1 offre pourvue" in text
    assert ">pourvue</span>" in text
    assert 'Fermées\u00a0: <a href="/?q=%C3%A9tat:ferm%C3%A9">1</a>' in text


async def test_a_hostile_question_is_only_text() -> None:
    hostile = '"><script>alert(1)</script>\x00'
    async with visit(MemoryCatalogue([record("dev")])) as client:
        answer = await client.get("/", params={"q": hostile + "x" * 5000})
        sent = await client.get("/", params={"q": hostile, "equipe": hostile * 99, "ville": "\r\nX: y"})
        followed = await client.get(sent.headers["location"])
    assert answer.status_code == followed.status_code == 200
    for text in (answer.text, followed.text):
        assert "script" not in Outline(text).tags
    assert "x" * 301 not in answer.text
    assert sent.headers["location"].startswith("/?q=")


async def test_the_first_page_is_light() -> None:
    records = [
        record(
            f"p{n}",
            posting=posting(
                f"p{n}",
                role=f"Chargée de mission numéro {n} pour le déploiement des services",
                team=Team(f"equipe-{n}", f"Équipe numéro {n}"),
                summary=" ".join(f"mot{n}x{k}" for k in range(28)),
            ),
        )
        for n in range(60)
    ]
    names = Names({f"equipe-{n}": (f"Équipe numéro {n}",) for n in range(400)}, {}, ("Brest",))
    async with visit(MemoryCatalogue(records, known=names)) as client:
        sizes = [len(gzip.compress((await client.get(path)).content)) for path in ("/", "/vigie.css")]
    assert sum(sizes) < 60_000
    site = replace(SITE, root="", static=True)
    assert len(gzip.compress(home(site, records, NOW, last_look=NOW))) + sizes[1] < 60_000


@given(st.text(max_size=20))
async def test_a_page_is_well_made_whatever_is_asked(asked: str) -> None:
    catalogue = MemoryCatalogue([record("a"), ended("b", State.FILLED, 1)], known=NAMES)
    async with visit(catalogue) as client:
        answer = await client.get(
            "/", params={"q": f"{asked}&\"'><script><img onerror=x>\ud800".encode("utf-8", "replace")}
        )
    assert answer.status_code == 200
    assert {"script", "img"}.isdisjoint(Outline(answer.text).tags)


async def test_the_day_before_the_last_is_told_by_its_name() -> None:
    tomorrow = record("a", posting=posting("a", closes=When(day=date(2026, 3, 11))))
    assert "Dernier jour demain\u00a0: mercredi 11 mars 2026" in await page_of(tomorrow)


async def test_headings_go_down_one_level_at_a_time() -> None:
    headings = Outline(
        await page_of(record("a"), record("b", posting=posting("b", closes=closing(2))))
    ).headings
    assert headings[0] == 1
    assert headings.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(headings))


def test_the_file_of_the_open_postings_has_no_form_and_every_feed() -> None:
    site = replace(SITE, root="", static=True)
    text = home(site, [record("a"), ended("b", State.CLOSED, 1)], NOW, last_look=NOW).decode()
    outline = Outline(text)
    assert "form" not in outline.tags
    assert outline.named("Développeur web, Phare") == "postes/a/index.html"
    assert outline.named("Phare") == "equipes/phare/index.html"
    for path in ("postes", "equipe/phare", "incubateur/ocean", "contrat/freelance", "domaine/developpement"):
        assert f'href="feeds/{path}.rss"' in text
    assert "le 10 mars 2026 à 14\u00a0h\u00a005" in text
    assert "1 offre ouverte" in text


def test_a_file_leads_only_to_what_is_a_file() -> None:
    site = replace(SITE, root="", static=True)
    links = {href for href, _ in Outline(home(site, [record("a")], NOW, last_look=NOW).decode()).links}
    assert "feeds/echeances.ics" in links
    assert not [href for href in links if "?" in href or "export.csv" in href]


def test_a_file_does_not_count_days() -> None:
    site = replace(SITE, root="", static=True)
    held = record(posting=posting(closes=closing(3), domains=(Domain.DATA,), remote=Remote.NONE))
    text = home(site, [held], NOW, last_look=NOW).decode()
    assert "Candidatures jusqu’au vendredi 13 mars 2026" in text
    assert "Plus que" not in text
