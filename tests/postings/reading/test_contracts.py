"""What this post offers, told from what others have, what may come later and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postings.model import Contract
from postings.reading import contracts
from postings.reading.body import Body
from postings.reading.words import LONGEST

FREELANCE, CDD, CDI = Contract.FREELANCE, Contract.CDD, Contract.CDI
TITULAIRE, STAGE, ALTERNANCE = Contract.TITULAIRE, Contract.STAGE, Contract.ALTERNANCE
VOLONTARIAT = Contract.VOLONTARIAT


def offered(markdown: str, role: str = "Développeuse ou développeur") -> tuple[Contract, ...]:
    return contracts.offered(Body.parse(markdown), role)[0]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("indépendant", (FREELANCE,)),
        ("indépendent", (FREELANCE,)),
        ("independant·e", (FREELANCE,)),
        ("Indépendant(e)", (FREELANCE,)),
        ("préstataire", (FREELANCE,)),
        ("indépendant/freelance", (FREELANCE,)),
        ("portage salarial", (FREELANCE,)),
        ("Fonctionaire A/A+ ou CDD 3 ans", (CDD, TITULAIRE)),
        ("CDD 3 ans", (CDD,)),
        ("contractuel", (CDD,)),
        ("CDI", (CDI,)),
        ("stage", (STAGE,)),
        ("stagiaire", (STAGE,)),
        ("Apprentissage", (ALTERNANCE,)),
        ("alternance ou stage", (STAGE, ALTERNANCE)),
        ("service civique", (VOLONTARIAT,)),
        ("Détachement", (TITULAIRE,)),
        ("freelance uniquement", (FREELANCE,)),
        ("freelance ou CDD, selon profil", (FREELANCE, CDD)),
    ],
)
def test_values_of_the_front_matter(value: str, expected: tuple[Contract, ...]) -> None:
    assert contracts.stated(value) == (expected, True)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", ()),
        ("à définir ensemble", ()),
        ("CDD ou licorne", (CDD,)),
        ("freelance, pas de CDD", (FREELANCE,)),
        ("CDD (stage exclu)", (CDD,)),
        ("ni stage ni alternance", ()),
        ("CDD 6 mois évolutif CDI", (CDD,)),
        ("freelance puis CDD", (FREELANCE,)),
    ],
)
def test_a_value_that_is_not_all_understood_says_so(value: str, expected: tuple[Contract, ...]) -> None:
    assert contracts.stated(value) == (expected, False)


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("## Modalités\n\n- Poste ouvert pour un·e indépendant·e", (FREELANCE,)),
        (
            "## Modalités\n\n- Poste ouvert aux travailleurs indépendants ou aux contractuels",
            (FREELANCE, CDD),
        ),
        ("## Conditions\n\nContrat : freelance, quatre jours par semaine", (FREELANCE,)),
        ("## Contrat\n\nStage de fin d’études de six mois, gratifié", (STAGE,)),
        ("## Le cadre\n\nPoste ouvert aux fonctionnaires et aux contractuels", (CDD, TITULAIRE)),
        ("## Statut\n\nCDI, ou détachement pour les agents titulaires", (CDI, TITULAIRE)),
        (
            "## Modalités\n\nMission en portage salarial ou en convention de disponibilité",
            (FREELANCE, TITULAIRE),
        ),
        ("## Conditions\n\n- Contrat d’apprentissage d’un an", (ALTERNANCE,)),
        ("## Modalités\n\nMission de service civique de huit mois", (VOLONTARIAT,)),
        ("L’équipe cherche une personne en freelance pour trois mois.", (FREELANCE,)),
        ("Nous recrutons en CDI une personne curieuse.", (CDI,)),
    ],
)
def test_what_the_post_offers(markdown: str, expected: tuple[Contract, ...]) -> None:
    assert offered(markdown) == expected


@pytest.mark.parametrize(
    "rate",
    [
        "TJM : entre 400 et 500",
        "De 400 à 500 € HT par jour",
        "Rémunération : 450 €/jour",
        "450 euros / j",
        "Taux journalier à définir",
    ],
)
def test_a_day_rate_alone_means_freelance(rate: str) -> None:
    assert offered(f"Nous faisons un produit.\n\n## Argent\n\n{rate}") == (FREELANCE,)


@pytest.mark.parametrize(
    "markdown",
    [
        "## L’équipe\n\nNous sommes tous indépendants ou contractuels.",
        "## Modalités\n\nSi vous vous posez la question, nous sommes presque tous contractuels ou freelances.",
        "## Contexte\n\nL’équipe compte deux fonctionnaires, un stagiaire et trois prestataires.",
        "## Conditions\n\nLe titulaire du poste rejoint un bureau de quatre personnes.",
        "## Contexte\n\nLe service aide les jeunes à entrer en apprentissage.",
        "## Contexte\n\nNotre produit aide les freelances à trouver un bureau.",
        "## Le poste\n\nVous pilotez les prestataires et encadrez deux alternants.",
        "## Profil\n\nVous êtes titulaire d’un diplôme.",
        "## Missions\n\nVous travaillez avec une équipe indépendante.",
    ],
)
def test_the_status_of_others_is_not_offered(markdown: str) -> None:
    assert offered(markdown) == ()


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("## Contrat\n\nCDD de six mois pouvant déboucher sur un CDI.", (CDD,)),
        ("## Contrat\n\nStage de quatre mois, puis une alternance si tout va bien.", (STAGE,)),
        ("## Contrat\n\nMission en freelance, un CDD est possible par la suite.", (FREELANCE,)),
        ("## Contrat\n\nCDD d’un an avec possibilité d’évoluer vers un CDI", (CDD,)),
        ("## Contrat\n\nCDD de six mois\n\n## Perspectives\n\nDes missions en freelance.", (CDD,)),
        ("## Contrat\n\nStage, possibilité d’embauche en CDI à l’issue du stage", (STAGE,)),
        ("## Contrat\n\nCDD d’un an. À terme, un CDI ou du freelance.", (CDD,)),
        ("## Contrat\n\nUn CDI est possible après six mois de freelance", (FREELANCE,)),
        ("## Contrat\n\nFreelance pour six mois, avec une durée plus longue par la suite.", (FREELANCE,)),
    ],
)
def test_what_may_come_later_is_not_offered(markdown: str, expected: tuple[Contract, ...]) -> None:
    assert offered(markdown) == expected


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("## Contrat\n\nCDD de trois ans, pas de freelance.", (CDD,)),
        ("## Contrat\n\nFreelance uniquement, ni stage ni alternance.", (FREELANCE,)),
        ("## Contrat\n\nCe n’est pas un CDI mais un CDD.", (CDD,)),
        ("## Contrat\n\nCette offre n’est pas ouverte à la prestation : c’est un CDD.", (CDD,)),
        ("## Contrat\n\nPas de CDI, freelance uniquement.", (FREELANCE,)),
        ("## Contrat\n\nFreelance exclu, CDD seulement.", (CDD,)),
        ("## Contrat\n\nPas forcément un CDI : un CDD convient.", (CDD, CDI)),
    ],
)
def test_what_is_refused_is_not_offered(markdown: str, expected: tuple[Contract, ...]) -> None:
    assert offered(markdown) == expected


def test_the_role_counts() -> None:
    assert offered("Un produit utile.", "Chargée ou chargé de déploiement (stage)") == (STAGE,)
    assert offered("## Modalités\n\nEn CDI aussi.", "Dev web en CDD") == (CDD, CDI)


def test_the_evidence_is_the_sentence_as_written() -> None:
    body = Body.parse("## Modalités\n\nDébut en mai. Poste ouvert pour un·e indépendant·e ! Temps plein.")
    assert contracts.offered(body, "Dev") == ((FREELANCE,), "Poste ouvert pour un·e indépendant·e")


def test_nothing_said_is_no_contract_and_no_evidence() -> None:
    assert contracts.offered(Body.parse("# Dev\n\nUn produit utile à tous."), "Dev") == ((), None)


@settings(max_examples=60, deadline=None)
@given(st.text(), st.text(max_size=40))
def test_any_text_can_be_read(markdown: str, role: str) -> None:
    found, evidence = contracts.offered(Body.parse(markdown), role)
    assert bool(found) == bool(evidence)
    assert list(found) == [c for c in Contract if c in found]
    contracts.stated(markdown)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.sampled_from(["freelance", "CDD", "CDI", "fonctionnaire", "stage", "alternance"]),
        min_size=1,
        unique=True,
    )
)
def test_every_contract_that_is_listed_is_found_in_order(names: list[str]) -> None:
    expected = contracts.stated(" ou ".join(names))
    assert expected[1]
    assert len(expected[0]) == len(names)
    assert offered(f"## Contrat\n\nPoste ouvert en {' ou '.join(names)}") == expected[0]


@pytest.mark.parametrize(
    ("endless", "offers"),
    [
        ("cdd " * 3000, (Contract.CDD,)),
        ("cdd, " * 3000, (Contract.CDD,)),
        ("pas de cdd ni " * 60 + "freelance", ()),
        ("à terme un cdi " * 60, ()),
        ("pas " + "accept" * 300 + "1 cdd", (Contract.CDD,)),  # once two to the power of 300 ways to fail
        ("pas" + " de" * 20 + " cdd", ()),
    ],
)
def test_an_endless_sentence_is_understood_by_its_parts(endless: str, offers: tuple[Contract, ...]) -> None:
    found, evidence = contracts.offered(Body.parse("## Modalités\n\n" + endless), "")
    assert found == offers
    assert len(evidence or "") <= LONGEST


def test_only_the_first_words_of_a_sentence_are_looked_at() -> None:
    body = Body.parse("## Modalités\n\nPoste ouvert : " + "cdd, " * 40 + "stage.\n\n- ou en alternance.")
    assert contracts.offered(body, "")[0] == (Contract.CDD, Contract.ALTERNANCE)


def test_a_value_without_end_is_not_understood_though_its_beginning_is_read() -> None:
    assert contracts.stated("CDD, " * 5000) == ((Contract.CDD,), False)
