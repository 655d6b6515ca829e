"""Words and plain sentences, French and English: the filters that a person would expect."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postings.dates import PARIS
from postings.questions.echo import to_json, understood
from postings.questions.model import Names, Question
from postings.questions.parse import parse_question

Ask = Callable[[str], Question]
EMPTY = to_json(Question())


def filters(question: Question) -> dict[str, Any]:
    """What differs from a question without any filter."""
    return {k: v for k, v in to_json(question).items() if v != EMPTY[k]}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("bonjour, qui recrute en ce moment ?", {}),
        (
            "freelance dev paris",
            {"contracts": ["freelance"], "domains": ["Développement"], "cities": ["Paris"]},
        ),
        ("dév·euse·s en free-lance", {"contracts": ["freelance"], "domains": ["Développement"]}),
        ("chargé(e) de déploiment, contractuel·le", {"contracts": ["cdd"], "domains": ["Déploiement"]}),
        ("APPRENTI.E DATA OU DESIGN", {"contracts": ["alternance"], "domains": ["Data", "Design"]}),
        ("une développeur-se à marseile", {"domains": ["Développement"], "cities": ["Marseille"]}),
        ("product designer junior", {"domains": ["Design"], "junior": True}),
        ("un poste sans expérience", {"junior": True}),
        ("un PM à saint etienne", {"domains": ["Produit"], "cities": ["Saint-Étienne"]}),
        ("Je voudrais faire mon service civique", {"contracts": ["volontariat"]}),
        ("cybersécurité freelance", {"contracts": ["freelance"], "text": "cybersecurite"}),
        ("un dev python", {"domains": ["Développement"], "technologies": ["python"]}),
        ("any remote internships, please?", {"contracts": ["stage"], "remote": True}),
        ("civil servant jobs for product owners", {"contracts": ["titulaire"], "domains": ["Produit"]}),
        ("un poste sur place à Nantes", {"cities": ["Nantes"], "remote": False}),
    ],
)
def test_contracts_domains_places(ask: Ask, written: str, expected: dict[str, Any]) -> None:
    assert filters(ask(written)) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("chez velos partages", {"teams": ["velos"]}),
        ("velospartages", {"teams": ["velos"]}),
        ("vélo partagé cherche du monde", {"teams": ["velos"]}),
        ("le phare recrute-t-il ?", {"teams": ["le-phare"]}),
        ("stage chez phenix", {"teams": ["phx"], "contracts": ["stage"]}),
        ("mon stage facile cherche un dev", {"teams": ["stage-facile"], "domains": ["Développement"]}),
        ("data.exemple.fr", {"teams": ["data.exemple.fr"]}),
        ("la grange", {"teams": ["grange"]}),
        ("à l’Incubateur des Territoires ou à la DINUM", {"incubators": ["anct", "dinum"]}),
        ("postes dans le transport", {"text": "transport"}),
        ("l'équipe Transport", {"teams": ["transport"]}),
        ("une bourse", {"text": "bourse"}),
        ("chez Bourse", {"teams": ["bourse"]}),
        ("quels emplois dans ma région ?", {}),
        ("est-ce que Ma Région recrute ?", {"teams": ["ma-region"]}),
    ],
)
def test_names_are_found_and_words_of_every_day_are_not_taken_for_names(
    ask: Ask, written: str, expected: dict[str, Any]
) -> None:
    assert filters(ask(written)) == expected


@pytest.mark.parametrize(
    ("written", "wanted", "excluded"),
    [
        (
            "du dev, ni stage ni alternance, à l'anct",
            {"domains": ["Développement"], "incubators": ["anct"]},
            {"contracts": ["stage", "alternance"]},
        ),
        (
            "hors freelance, stage et cdd, à Nantes",
            {"cities": ["Nantes"]},
            {"contracts": ["freelance", "stage", "cdd"]},
        ),
        (
            "design, pas de stage, cdd",
            {"domains": ["Design"], "contracts": ["cdd"]},
            {"contracts": ["stage"]},
        ),
        (
            "sauf stage cartographie, alternance",
            {"contracts": ["alternance"], "text": "cartographie"},
            {"contracts": ["stage"]},
        ),
        ("tous les stages sauf ceux du Phare", {"contracts": ["stage"]}, {"teams": ["le-phare"]}),
        (
            "any internship in Paris, but not in design?",
            {"contracts": ["stage"], "cities": ["Paris"]},
            {"domains": ["Design"]},
        ),
        ("des stages mais pas un stage en data", {"contracts": ["stage"]}, {"domains": ["Data"]}),
        ("except Lyon", {}, {"cities": ["Lyon"]}),
        ("N'y a-t-il pas de stage ?", {"contracts": ["stage"]}, {}),
        ("pas de télétravail", {"remote": False}, {}),
        ("sauf biodiversité", {}, {"text": ["biodiversite"]}),
    ],
)
def test_exclusions_reach_as_far_as_a_reader_would_say(
    ask: Ask, written: str, wanted: dict[str, Any], excluded: dict[str, Any]
) -> None:
    assert filters(ask(written)) == wanted | ({"exclude": excluded} if excluded else {})


@pytest.mark.parametrize(
    ("written", "closing", "opened"),
    [
        ("ça ferme bientôt ?", 7, None),
        ("closing within 3 days", 3, None),
        ("qui ferme dans les 48 h", 2, None),
        ("ki ferme dans 10j", 10, None),
        ("date limite dans moins de deux semaines", 14, None),
        ("ce qui ferme demain", 1, None),
        ("ce qui ferme aujourd'hui", 0, None),
        ("qui ferme cette semaine", 7, None),
        ("avant vendredi", 2, None),
        ("avant le 30 juin", 15, None),
        ("ferme avant le 1er janvier", 200, None),
        ("avant la fin du mois", 15, None),
        ("cette semaine", None, 7),
        ("nouveautés", None, 7),
        ("nouvelles offres de ce mois-ci", None, 30),
        ("depuis 15 jours", None, 15),
        ("les 3 derniers jours", None, 3),
        ("in the last 10 days", None, 10),
        ("depuis lundi", None, 2),
        ("publiées aujourd'hui", None, 0),
        ("ouvertes aujourd'hui", None, None),
        ("un CDD de 6 mois", None, None),
        ("ouvertes depuis plus de 3 mois", None, None),
        ("des offres de moins de 10 jours", None, 10),
        ("nouvelles offres du 3 juin", None, 12),
        ("parues il y a moins de 3 jours et qui ferment dans 7 jours", 7, 3),
        ("avant le 31 février", None, None),
    ],
)
def test_time(ask: Ask, written: str, closing: int | None, opened: int | None) -> None:
    question = ask(written)
    assert (question.closing_within, question.opened_within) == (closing, opened)
    assert question.text == ()


def test_a_number_within_a_word_of_another_alphabet_is_no_number_of_days(ask: Ask) -> None:
    assert ask("parues depuis ж3 jours").opened_within is None
    assert ask("parues depuis 3 jours").opened_within == 3


@pytest.mark.parametrize(
    ("written", "states"),
    [
        ("quels postes ont été pourvus ?", ["filled"]),
        ("les postes déjà pourvus ou fermés", ["closed", "filled"]),
        ("postes fermes", ["closed"]),
        ("à venir, pas encore ouverts", ["scheduled"]),
        ("toutes les annonces, ouvertes ou non", ["all"]),
        ("offres pas encore pourvues", ["open"]),
        ("les anciennes offres", ["closed", "filled"]),
        ("closed positions", ["closed"]),
    ],
)
def test_states(ask: Ask, written: str, states: list[str]) -> None:
    assert to_json(ask(written))["states"] == states
    assert ask(written).closing_within is None


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("un juriste ou avocat", ("juriste|avocat",)),
        ("poste de juriste ou d'avocat", ("juriste|avocat",)),
        ("biodiversité, cybersécurité", ("biodiversite", "cybersecurite")),
        ("texte:biodiversité,cybersécurité", ("biodiversite|cybersecurite",)),
        ("marchés publics à Nantes", ("marches publics",)),
        ("en septembre 2022", ()),
    ],
)
def test_words_that_are_searched(ask: Ask, written: str, text: tuple[str, ...]) -> None:
    assert ask(written).text == text


PIECES = st.sampled_from(
    [
        "équipe:",
        "-",
        '"',
        "«",
        "sauf",
        "ni",
        "stage",
        "ferme",
        "dans",
        "3",
        "31 février",
        "9999-99-99",
        "vélos",
        ",",
        "l'",
        "·e",
    ]
)


@settings(max_examples=200, deadline=None)
@given(
    st.text(max_size=80)
    | st.lists(PIECES, max_size=12).map(" ".join)
    | st.lists(PIECES, max_size=12).map("".join)
)
def test_no_text_whatever_raises_and_every_question_can_be_told_back(text: str) -> None:
    names = Names(teams={"velos": ("Vélos Partagés",)}, incubators={"anct": ("Incubateur",)})
    question = parse_question(text, names, datetime(2022, 6, 15, tzinfo=PARIS))
    assert understood(question, names, "fr").startswith(("offres", "toutes"))
    assert understood(question, names, "en")
    for french, english in question.problems:
        assert french
        assert english


def test_technologies_that_a_posting_names_as_one_are_asked_for_each(names: Names, now: datetime) -> None:
    named = replace(names, technologies=("Python / Django", "React-Native", "Hasura"))
    for asked, expected in (
        ("python django dev", ("python", "django")),
        ("react native", ("react native",)),
        ("dev hasura", ("hasura",)),
    ):
        assert parse_question(asked, named, now).technologies == expected
