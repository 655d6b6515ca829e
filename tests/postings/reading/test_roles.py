"""The role as it is shown."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from postings.reading.roles import shown_role

_NOUN = "développeur·se web"


@pytest.mark.parametrize(
    "article",
    re.split(
        r"\|",
        "un|une|un·e|un•e|un‧e|un.e|un-e|un(e)|un (e)|un/e|un/une|une/un|un·une|un / une|une ou un|un ou une|une / un"
        "|Un·e|UN·E|UNE OU UN|le ou la|la/le|la|des",
    ),
)
def test_leading_articles_go(article: str) -> None:
    assert shown_role(f"{article} {_NOUN}") == "Développeur·se web"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("une développeuse ou un développeur", "Développeuse ou développeur"),
        ("un développeur / une développeuse web", "Développeur / développeuse web"),
        ("des développeuses et des développeurs", "Développeuses et développeurs"),
        ("développeur ou une développeuse junior", "Développeur ou développeuse junior"),
        ("un lead dev ou une lead dev", "Lead dev ou lead dev"),
        ("une ou plusieurs développeuses", "Une ou plusieurs développeuses"),
        ("lead développeuse", "Lead développeuse"),
        ("unité mobile", "Unité mobile"),
        ("dessinateur", "Dessinateur"),
        ("deux designers", "Deux designers"),
    ],
)
def test_one_or_both_articles_go_and_nothing_else(written: str, shown: str) -> None:
    assert shown_role(written) == shown


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Zéphyr recrute un·e designer", "Designer"),
        ("L’équipe Zéphyr recrute : une développeuse ou un développeur", "Développeuse ou développeur"),
        ("« Zéphyr » recrute en data science", "Data science"),
        ("Zéphyr recrute son ou sa responsable produit", "Responsable produit"),
        ("Zéphyr recherche un profil data", "Data"),
        ("L’équipe cherche une cheffe de projet", "Cheffe de projet"),
        ("Nous recherchons une cheffe de projet", "Cheffe de projet"),
        ("Profil recherché : chargé·e de support", "Chargé·e de support"),
        ("🙂 Profil recherché : un·e designer", "Designer"),
        ("Recrutement : data engineer", "Data engineer"),
        ("Offre de stage : designer", "Designer"),
        ("Zéphyr recrute un dev pour l’équipe qui recrute", "Dev pour l’équipe qui recrute"),
        ("chargé·e de recherche utilisateurs", "Chargé·e de recherche utilisateurs"),
        ("responsable de la recherche des financements", "Responsable de la recherche des financements"),
        ("chargé·e de recrutement", "Chargé·e de recrutement"),
        ("Lead dev. Recrutement terminé", "Lead dev. Recrutement terminé"),
    ],
)
def test_the_frame_of_the_advertisement_goes(written: str, shown: str) -> None:
    assert shown_role(written) == shown


@pytest.mark.parametrize(
    "written", ["", "   ", "🙂", "Zéphyr recrute !", "Profil recherché :", "**", "!", "()"]
)
def test_nothing_is_left_of_a_frame_alone(written: str) -> None:
    assert shown_role(written) == ""


@pytest.mark.parametrize(
    "mark", ["(F/H)", "(H/F)", "(h/f)", "[F/H]", "(F/H/X)", "(H-F)", "F/H", "H/F/X", "(femme/homme)"]
)
def test_the_mark_of_the_sexes_goes(mark: str) -> None:
    assert shown_role(f"Designer {mark}") == "Designer"
    assert shown_role(f"Designer {mark} - Lyon") == "Designer - Lyon"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("🚀 Designer 🚀", "Designer"),
        ("👩🏽‍💻 Designer ✨✨", "Designer"),
        ("🇫🇷 designer ⚛️ ", "Designer"),
        ("Designer 🎨 web", "Designer 🎨 web"),
        ("Designer !", "Designer"),
        ("- Designer -", "Designer"),
        ("# Designer", "Designer"),
        ("Développeur C#", "Développeur C#"),
        ("Développeuse .NET", "Développeuse .NET"),
        ("**Designer** _web_", "Designer web"),
        ("[Designer](https://exemple.fr)", "Designer"),
        ("<b>Designer</b> &amp; dev", "Designer & dev"),
    ],
)
def test_what_decorates_the_ends_goes(written: str, shown: str) -> None:
    assert shown_role(written) == shown


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("CHARGÉE OU CHARGÉ DE DÉPLOIEMENT", "Chargée ou chargé de déploiement"),
        ("SERVICE RECRUTE : DESIGNER (F/H)", "Designer"),
        ("UN INGÉNIEUR DE DONNÉES (DATA ENGINEER)", "Ingénieur de données (data engineer)"),
        ("DÉVELOPPEUR ou DÉVELOPPEUSE WEB SENIOR·E", "Développeur ou développeuse web senior·e"),
        ("RESPONSABLE PRODUIT (Product Owner) AU SERVICE", "Responsable produit (Product Owner) au service"),
        ("DESIGNER UX/UI À LYON", "Designer UX/UI à Lyon"),
        ("DÉVELOPPEUSE POUR L’ANCT", "Développeuse pour l’ANCT"),
        ("DÉVELOPPEUSE POUR L’APPRENTISSAGE", "Développeuse pour l’apprentissage"),
        ("CTO", "CTO"),
        ("Designer UX/UI", "Designer UX/UI"),
        ("Chargé·e de mission ANCT", "Chargé·e de mission ANCT"),
    ],
)
def test_capitals_become_sentence_case_but_for_acronyms_and_names(written: str, shown: str) -> None:
    assert shown_role(written) == shown


@pytest.mark.parametrize(
    "noun",
    [
        "Développeur·se",
        "Développeur.se",
        "Développeur(se)",
        "Développeur/se",
        "Développeur‧se",
        "Développeuse·eur",
    ],
)
def test_the_inclusive_ending_stays_as_written(noun: str) -> None:
    assert shown_role(f"un·e {noun} web") == f"{noun} web"


def test_a_role_is_cut() -> None:
    assert len(shown_role("x" * 5000)) == 200


_LEADING = re.compile(r"(?:un|une|un·e|un\(e\)|un/une|une ou un|des)\s+(?!ou\b)\w", re.I)
_words = st.sampled_from(
    ["un", "une", "un·e", "un(e)", "ou", "/", "designer", "DEV", "recrute", ":", "🙂", "(F/H)"]
)


@settings(max_examples=200)
@given(st.lists(_words, max_size=8).map(" ".join))
@example("un une un·e designer")
def test_no_article_leads(written: str) -> None:
    assert not _LEADING.match(shown_role(written))


@settings(max_examples=200)
@given(st.text(max_size=60))
def test_a_role_is_one_line_that_begins_with_no_small_letter(written: str) -> None:
    role = shown_role(written)
    assert role == " ".join(role.split())
    assert role[:1] == role[:1].upper()
