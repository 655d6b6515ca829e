"""The teams of the site: how they are named, found, and found again when they are misspelt."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postings.model import Team
from postings.reading.site import Site, shown
from postings.text import slug
from postings.vocabulary import VocabularyError, load


def file(title: str, incubator: str = "anct") -> bytes:
    return f"---\ntitle: {title}\nmission: Une mission\nincubator: {incubator}\n---\n\nTexte\n".encode()


@pytest.fixture(scope="module")
def site() -> Site:
    return Site.from_files(
        {
            "velos": file("Vélos Partagés"),
            "le-phare": file('"Le Phare (ex Fanal)"', "dinum "),
            "transport": file("transport.data.gouv.fr", "mtes"),
            "bourse": file("Bourse"),
            "grand-velos": file("Vélos Partagés Pro"),
            "pni-1": file("Programme (1)"),
            "pni-2": file("Programme (2)"),
            "casse": b"title: [\xff",
            "liste": b"---\r\ntitle : [a\r\nincubator : labo\r\n---\r\n",
            "zero-logement-vacant": file("Zéro Logement Vacant # pas d'acronyme", "mtes"),
        },
        {
            "anct": b"---\ntitle: L'Incubateur des Territoires (ANCT)\n---\n",
            "labo": b"---\ntitle: Le Labo\n---\n",
        },
    )


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("L'Incubateur des Territoires (ANCT)", "Incubateur des Territoires"),
        ("l’incubateur des territoires", "Incubateur des territoires"),
        ("Les  Locavores", "Locavores"),
        ("Le", "Le"),
        ("le.taxi", "le.taxi"),
        ("La Fabrique (a) (b)", "Fabrique (a)"),
        ("Programme (1)", "Programme (1)"),
        ("(tout)", "(tout)"),
    ],
)
def test_a_name_is_shown_without_article_and_bracket(written: str, expected: str) -> None:
    assert shown(written) == expected


@pytest.mark.parametrize(
    "written",
    [
        "velos",
        "Vélos Partagés",
        "VELOS PARTAGES",
        "les vélos-partagés",
        "Vélos partagés (bêta)",
        " vélos  partagés ",
    ],
)
def test_spellings_of_one_team_are_one_team(site: Site, written: str) -> None:
    assert site.team(written) == (Team("velos", "Vélos Partagés"), True)


def test_a_quoted_title_loses_its_article_and_its_bracket_finds_it(site: Site) -> None:
    assert site.team("le-phare")[0].name == "Phare"
    assert site.team("Fanal")[0].id == "le-phare"


def test_an_unknown_team_is_its_own_name(site: Site) -> None:
    assert site.team("La Chose Publique") == (Team("la-chose-publique", "Chose Publique"), False)


def test_a_known_name_among_others_is_found(site: Site) -> None:
    assert site.team("Vélos Partagés - ANCT")[0].id == "velos"


def test_an_incubator_that_is_named_by_the_name_of_its_file_is_the_incubator(site: Site) -> None:
    assert site.team("anct") == (Team("anct", "Incubateur des Territoires"), True)


def test_a_broken_file_keeps_its_slug(site: Site) -> None:
    assert site.team("casse") == (Team("casse", "casse"), True)
    assert site.team("liste") == (Team("liste", "liste"), True)
    assert site.incubator_of(Team("liste", "liste")) == Team("labo", "Labo")


def test_teams_told_apart_by_a_number_stay_apart(site: Site) -> None:
    assert site.team("Programme (1)")[0].id == "pni-1"
    assert site.team("Programme (2)")[0].id == "pni-2"


@pytest.mark.parametrize("known", [Site.from_files({}, {}), None])
def test_incubators_and_aliases_are_known_even_without_a_checkout(known: Site | None, site: Site) -> None:
    found = known or site
    assert found.team("Incubateur des Territoires") == (Team("anct", "Incubateur des Territoires"), True)
    assert found.team("ZLV")[0] == Team("zero-logement-vacant", "Zéro Logement Vacant")
    assert found.incubator("ANCT") == Team("anct", "Incubateur des Territoires")


def test_belonging(site: Site) -> None:
    anct = Team("anct", "Incubateur des Territoires")
    assert site.incubator_of(site.team("velos")[0]) == anct
    assert site.incubator_of(anct) == anct
    assert site.incubator_of(site.team("le-phare")[0]) == Team("dinum", "Incubateur de Services Numériques")
    assert site.incubator_of(Team("inconnue", "Inconnue")) is None
    assert site.incubator("velos") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Développeuse pour Vélos Partagés", "velos"),
        ("L’équipe Vélos Partagés Pro s’agrandit", "grand-velos"),
        ("Product Manager à l'Incubateur des Territoires", "anct"),
        ("VÉLOS PARTAGÉS RECRUTE", "velos"),
        ("Chargé des vélos partagés de la ville", None),
        ("Chargé de transport", None),
        ("Une bourse de 500 euros", None),
        ("Bourse aux idées", None),
        ("L'équipe Bourse recrute", "bourse"),
        ("Venez chez transport.data.gouv.fr", "transport"),
        ("ZLV cherche quelqu’un", "zero-logement-vacant"),
        ("", None),
    ],
)
def test_a_text_names_a_team_only_where_it_is_a_name(site: Site, text: str, expected: str | None) -> None:
    found = site.named_in(text)
    assert (found.id if found else None) == expected


def test_a_close_misspelling_is_suggested_and_nothing_else(site: Site) -> None:
    assert site.suggest("velos-partagé") == "velos"
    assert site.suggest("tout-autre-chose") is None
    assert site.suggest("v") is None


def test_replacing_a_file_changes_that_team_alone(site: Site) -> None:
    changed = site.replace(
        {("startup", "velos"): file("Cycles Partagés", "labo"), ("startup", "bourse"): None}
    )
    assert changed.team("Cycles partagés")[0] == Team("velos", "Cycles Partagés")
    assert changed.incubator_of(Team("velos", "")) == Team("labo", "Labo")
    assert changed.team("bourse")[1] is False
    assert changed.team("le-phare") == site.team("le-phare")
    assert site.team("velos")[0].name == "Vélos Partagés"


def test_names_hold_every_spelling_with_the_shown_one_first(site: Site) -> None:
    names = site.names()
    assert names.teams["le-phare"][0] == "Phare"
    assert "Fanal" in names.teams["le-phare"]
    assert names.incubators["anct"][0] == "Incubateur des Territoires"
    assert "ANCT" in names.incubators["anct"]
    assert not names.teams.keys() & names.incubators.keys()


@settings(max_examples=150)
@given(st.binary(max_size=200), st.text(max_size=60))
def test_whatever_a_file_or_a_text_holds_nothing_is_raised(data: bytes, text: str) -> None:
    site = Site.from_files({"x": b"---\n" + data, "y": data}, {"z": b"---\ntitle: " + data})
    team, known = site.team(text)
    assert known or team.id == slug(text)
    site.named_in(text)
    site.suggest(text)


def test_a_missing_vocabulary_is_told_in_one_sentence() -> None:
    with pytest.raises(VocabularyError, match=r"absent\.toml"):
        load("absent")
