"""The domains that a role names, however its inclusive endings are written."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postings.model import Domain
from postings.reading import domains
from postings.reading.body import Body

EMPTY = Body.parse("")


def inferred(role: str, title: str = "", markdown: str = "") -> tuple[Domain, ...]:
    return domains.inferred(role, title, Body.parse(markdown))


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("un·e développeur·se web full-stack", (Domain.DEVELOPPEMENT,)),
        ("Développeuse / Développeur", (Domain.DEVELOPPEMENT,)),
        ("DÉVELOPPEUR·EUSE SENIOR", (Domain.DEVELOPPEMENT,)),
        ("dev front Angular (F/H)", (Domain.DEVELOPPEMENT,)),
        ("CTO", (Domain.DEVELOPPEMENT,)),
        ("Lead tech Python, avec appétence data", (Domain.DEVELOPPEMENT,)),
        ("Product designer", (Domain.DESIGN,)),
        ("UX/UI designer", (Domain.DESIGN,)),
        ("Chargé·e de déploiement", (Domain.DEPLOIEMENT,)),
        ("Une personne chargée du déploiement", (Domain.DEPLOIEMENT,)),
        ("Chargée ou chargé de développement", (Domain.DEPLOIEMENT,)),
        ("Business developer", (Domain.DEPLOIEMENT,)),
        ("Growth hacker", (Domain.DEPLOIEMENT,)),
        ("Chargé(e) de partenariats", (Domain.DEPLOIEMENT,)),
        ("Chef·fe de produit", (Domain.PRODUIT,)),
        ("Cheffe ou chef de produit", (Domain.PRODUIT,)),
        ("Product owner", (Domain.PRODUIT,)),
        ("Data scientist", (Domain.DATA,)),
        ("Ingénieur·e données", (Domain.DATA,)),
        ("Coach produit", (Domain.COACHING,)),
        ("Responsable de portefeuille", (Domain.COACHING,)),
        ("Animatrice ou animateur de communauté", (Domain.ANIMATION,)),
        ("Chargé·e de communication", (Domain.ANIMATION,)),
        ("Intrapreneur·e", (Domain.INTRAPRENARIAT,)),
        ("Chargé·e de support utilisateurs", (Domain.SUPPORT,)),
        ("Customer success manager", (Domain.SUPPORT,)),
        ("DevOps", (Domain.OPS,)),
        ("Ingénieure ou ingénieur système", (Domain.OPS,)),
        ("Juriste", (Domain.AUTRE,)),
    ],
)
def test_one_domain_of_a_role(role: str, expected: tuple[Domain, ...]) -> None:
    assert inferred(role) == expected


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("Tech lead / SRE", (Domain.DEVELOPPEMENT, Domain.OPS)),
        ("Chargé·e de support et d’animation de communauté", (Domain.ANIMATION, Domain.SUPPORT)),
        ("Chargée de déploiement & communication", (Domain.DEPLOIEMENT, Domain.ANIMATION)),
        ("Chef de produit intrapreneur", (Domain.PRODUIT, Domain.INTRAPRENARIAT)),
    ],
)
def test_two_domains_when_the_role_names_two(role: str, expected: tuple[Domain, ...]) -> None:
    assert inferred(role) == expected


def test_a_name_of_the_site_is_no_domain() -> None:
    assert inferred("Développeuse pour data.exemple.gouv.fr") == (Domain.DEVELOPPEMENT,)
    assert domains.added_by_role("Développeuse pour data.exemple.gouv.fr") == ()


def test_the_team_that_one_works_for_is_no_domain() -> None:
    assert inferred("Développeur pour l’équipe support") == (Domain.DEVELOPPEMENT,)


def test_someone_in_charge_of_projects_at_an_incubator_coaches() -> None:
    assert inferred("Chargé·e de projets", markdown="L’incubateur accompagne dix équipes.") == (
        Domain.COACHING,
    )
    assert inferred("Chargé·e de projets", markdown="Un service pour les piscines.") == (Domain.AUTRE,)


def test_the_title_then_the_first_sentences_then_the_missions() -> None:
    assert inferred("Rejoignez-nous", title="Une designer") == (Domain.DESIGN,)
    sentence = "Le service Exemple recherche une personne chargée de déploiement."
    assert inferred("Rejoignez-nous", markdown=sentence) == (Domain.DEPLOIEMENT,)
    missions = (
        "## Missions\n\n- Dessiner des maquettes\n- Mener un prototype\n- Tester le parcours utilisateur"
    )
    assert inferred("Rejoignez-nous", markdown=missions) == (Domain.DESIGN,)
    assert inferred("Rejoignez-nous") == (Domain.AUTRE,)
    assert domains.inferred("", "", EMPTY) == ()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["Développement"], ((Domain.DEVELOPPEMENT,), ())),
        (["developpement", "DESIGN", "design"], ((Domain.DEVELOPPEMENT, Domain.DESIGN), ())),
        (["Produit, Déploiement"], ((Domain.DEPLOIEMENT, Domain.PRODUIT), ())),
        (["Autre"], ((Domain.AUTRE,), ())),
        (["Jardinage", "Data"], ((Domain.DATA,), ("Jardinage",))),
        ([], ((), ())),
    ],
)
def test_values_of_the_front_matter(
    values: list[str], expected: tuple[tuple[Domain, ...], tuple[str, ...]]
) -> None:
    assert domains.stated(values) == expected


def test_every_label_of_a_domain_is_understood() -> None:
    assert domains.stated([d.value for d in Domain]) == (tuple(Domain), ())


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("Data engineer", (Domain.DATA,)),
        ("Développeur DevOps", (Domain.OPS,)),
        ("Chargée de support", (Domain.SUPPORT,)),
        ("Développeuse", ()),
    ],
)
def test_what_the_sites_own_list_lacks_is_added(role: str, expected: tuple[Domain, ...]) -> None:
    assert domains.added_by_role(role) == expected


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60), st.text())
def test_any_text_can_be_read(role: str, title: str, markdown: str) -> None:
    found = domains.inferred(role, title, Body.parse(markdown))
    assert list(found) == [d for d in Domain if d in found]
    understood, unknown = domains.stated([role, title])
    assert list(understood) == [d for d in Domain if d in understood]
    assert all(value.strip() for value in unknown)


def test_a_title_or_a_value_without_end_is_read_by_its_beginning() -> None:
    endless = "designer " + "a" * 100_000
    assert domains.inferred("", endless, Body.parse("")) == (Domain.DESIGN,)
    assert [len(value) for value in domains.stated(["x" * 100_000])[1]] == [300]
