"""Which edits of an open posting are worth telling, and which are only another way to write the same."""

from __future__ import annotations

import pytest

from postings.changes import significant_changes
from postings.model import Contract, Remote, Team
from tests.lives import on, posting


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Développeuse web", "DÉVELOPPEUSE WEB"),
        ("Chargée de déploiement", "Chargee de deploiement"),
        ("Développeur·se web", "Développeuse ou développeur web"),
        ("Développeur(se) web", "Développeur.euse web"),
        ("Développeur(-se) web", "Développeuse web"),
        ("Chargé·e de déploiement", "Chargée de déploiement"),
        ("Chargé(e)s de déploiement", "Chargé·e de déploiement"),
        ("Directeur·rice", "Directrice"),
        ("Directeur", "Directrice"),
        ("Animateur·ice", "Animatrice"),
        ("Acheteur", "Acheteuse"),
        ("Ingénieur données", "Ingénieure données"),
        ("Technicien", "Technicienne"),
        ("Chef·fe de projet", "Cheffe de projet"),
        ("Chef de projet", "Cheffe du projet"),
        ("Conseiller", "Conseillère"),
        ("Administratif", "Administrative"),
        ("Responsable déploiement", "🚀 Responsable du déploiement !"),
        ("Un product owner", "Product owner"),
        ("Designer chez Exemple", "Designer"),
        ("Designer, Exemple", "Exemple : designer"),
    ],
)
def test_the_same_role_in_other_words(before: str, after: str) -> None:
    assert list(significant_changes(posting(role=before), posting(role=after))) == []
    assert list(significant_changes(posting(role=after), posting(role=before))) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Développeuse web", "Développeuse mobile"),
        ("Développeuse", "Développeuse senior"),
        ("Chargé de déploiement", "Chargé de communication"),
        ("Développeur C", "Développeur C++"),
        ("Designer", "Développeur"),
        ("Directeur", "Direction technique"),
    ],
)
def test_another_role(before: str, after: str) -> None:
    (change,) = significant_changes(posting(role=before), posting(role=after))
    assert (change.field, change.before, change.after) == ("role", before, after)


def test_a_role_that_is_only_the_team_is_still_compared() -> None:
    assert list(significant_changes(posting(role="Exemple"), posting(role="Exemple"))) == []
    assert [c.field for c in significant_changes(posting(role="Exemple"), posting(role="Designer"))] == [
        "role"
    ]


def test_the_team_counts_by_its_id() -> None:
    assert list(significant_changes(posting(), posting(team=Team("exemple", "L’Exemple")))) == []
    (change,) = significant_changes(posting(), posting(team=Team("autre", "Autre")))
    assert change.after == {"id": "autre", "name": "Autre"}
    (gone,) = significant_changes(posting(), posting(team=None))
    assert (gone.field, gone.after) == ("team", None)


def test_every_significant_field_is_told_as_it_is_shown_in_json() -> None:
    after = posting(
        contracts=(Contract.CDD, Contract.CDI),
        cities=("Paris",),
        remote=Remote.PARTIAL,
        closes=on(2024, 6, 10),
        url="https://example.org/autre",
    )
    assert [(c.field, c.before, c.after) for c in significant_changes(posting(), after)] == [
        ("contracts", ["cdd"], ["cdd", "cdi"]),
        ("cities", [], ["Paris"]),
        ("remote", None, "partial"),
        ("closes", None, "2024-06-10"),
        ("url", posting().url, "https://example.org/autre"),
    ]


def test_what_is_a_set_has_no_order() -> None:
    before, after = posting(cities=("Paris", "Lyon")), posting(cities=("Lyon", "Paris"))
    assert list(significant_changes(before, after)) == []


def test_the_rest_of_a_posting_may_change_unsaid() -> None:
    after = posting(
        summary="Autre", text="autre", technologies=("django",), contacts=("a@example.org",), junior=True
    )
    assert list(significant_changes(posting(), after)) == []
