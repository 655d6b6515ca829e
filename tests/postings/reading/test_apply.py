"""Contacts and how to apply."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postings.reading.apply import apply_link, contacts_in, contacts_in_body, contacts_written, web_address
from postings.reading.body import Body

_FORM = "https://airtable.com/shrExemple"


@pytest.mark.parametrize(
    ("values", "contacts"),
    [
        (["equipe-exemple@example.org"], ("equipe-exemple@example.org",)),
        (["Equipe@Example.ORG"], ("equipe@example.org",)),
        (["mailto:a@example.org"], ("a@example.org",)),
        (["a@example.org, b@example.org"], ("a@example.org", "b@example.org")),
        (
            ["a@example.org et b@example.org / c@example.org"],
            ("a@example.org", "b@example.org", "c@example.org"),
        ),
        (["Équipe <a@example.org>"], ("a@example.org",)),
        (["a@example.org", "a@example.org"], ("a@example.org",)),
        (["equipe.exemple"], ("equipe.exemple",)),
        (["@equipe.exemple"], ("equipe.exemple",)),
        (["@equipe"], ("equipe",)),
        (["equipe"], ("equipe",)),
        (["equipe.le-exemple", "a@example.org"], ("equipe.le-exemple", "a@example.org")),
        (["l’équipe du produit"], ()),
        (["https://www.exemple.fr/contact"], ()),
        (["www.exemple.fr"], ()),
        ([], ()),
    ],
)
def test_addresses_and_usernames_are_told_apart_by_their_form(
    values: list[str], contacts: tuple[str, ...]
) -> None:
    assert contacts_written(values) == contacts


@pytest.mark.parametrize(
    ("text", "contacts"),
    [
        ("à [a@example.org](mailto:a@example.org?subject=x).", ("a@example.org",)),
        ("à `a@example.org`, **b@example.org**", ("a@example.org", "b@example.org")),
        ("à une\\_equipe@example.org", ("une_equipe@example.org",)),
        ("a@b", ()),
        ("@equipe", ()),
    ],
)
def test_addresses_in_a_text(text: str, contacts: tuple[str, ...]) -> None:
    assert contacts_in(text) == contacts


@pytest.mark.parametrize(
    "heading",
    [
        "Candidater",
        "Comment postuler ?",
        "Pour nous rejoindre",
        "Ta candidature",
        "Ça vous intéresse ?",
        "Contact",
        "Envie de nous rejoindre ?",
        "How to apply",
        "Le processus de recrutement",
        "Écrivez-nous !",
    ],
)
def test_addresses_are_those_of_the_section_that_says_how_to_apply(heading: str) -> None:
    body = Body.parse(
        f"## Équipe\n\nvoir@example.org\n\n## {heading}\n\nÀ a@example.org.\n\n## Fin\n\nz@example.org"
    )
    assert contacts_in_body(body) == ("a@example.org",)


@pytest.mark.parametrize(
    "heading", ["Votre profil nous intéresse si", "Profil de la personne candidate", "Le profil du candidat"]
)
def test_a_heading_about_the_profile_does_not_say_how_to_apply(heading: str) -> None:
    assert contacts_in_body(Body.parse(f"## {heading}\n\nVous connaissez a@example.org.")) == ()


def test_an_address_in_the_heading_counts() -> None:
    assert contacts_in_body(Body.parse("**Pour postuler : a@example.org**")) == ("a@example.org",)


@pytest.mark.parametrize(
    "sentence",
    ["Envoyez votre CV à", "Pour postuler, écris-nous à", "Candidature à envoyer à", "Écrivez-nous :"],
)
def test_without_a_section_the_sentence_that_says_how_to_apply_is_read(sentence: str) -> None:
    body = Body.parse(f"## Modalités\n\nQuestions : z@example.org.\n\n{sentence} a@example.org")
    assert contacts_in_body(body) == ("a@example.org",)


@pytest.mark.parametrize(
    "url",
    [
        _FORM,
        "https://equipe-exemple.typeform.com/to/x",
        "https://tally.so/r/x",
        "https://www.welcometothejungle.com/fr/companies/exemple/jobs/x",
        "https://exemple.fr/postuler",
        "https://exemple.fr/offre/12",
    ],
)
def test_a_form_wins_over_any_other_page(url: str) -> None:
    body = Body.parse(f"## Candidater\n\nVoir [le projet](https://exemple.fr/projet), puis [ici]({url}).")
    assert apply_link(body) == url


def test_any_page_will_do_where_there_is_no_address_to_write_to() -> None:
    page = "[cette page](https://exemple.fr/venir)"
    assert apply_link(Body.parse(f"## Postuler\n\nVoir {page}.")) == "https://exemple.fr/venir"
    assert apply_link(Body.parse(f"## Postuler\n\nVoir {page}, écrire à a@example.org.")) is None


@pytest.mark.parametrize(
    "url",
    [
        "https://exemple.fr",
        "https://exemple.fr/#candidature",
        "https://www.linkedin.com/company/exemple/jobs/",
        "https://github.com/exemple/offres",
        "https://doc.exemple.fr/recrutement",
        "https://beta.gouv.fr/startups/exemple.html",
        "https://beta.gouv.fr/recrutement/",
        "mailto:a@example.org",
        "javascript:alert(1)",
        "https://[exemple/postuler",
    ],
)
def test_what_is_no_page_to_apply_on(url: str) -> None:
    assert apply_link(Body.parse(f"## Postuler\n\nVoir [ici]({url}).")) is None


def test_a_link_elsewhere_in_the_posting_is_no_page_to_apply_on() -> None:
    assert apply_link(Body.parse(f"## Équipe\n\nNotre [carnet]({_FORM}).")) is None
    assert apply_link(Body.parse(f"## Modalités\n\nPour candidater : {_FORM}")) == _FORM


@pytest.mark.parametrize(
    ("text", "fine"),
    [
        ("https://exemple.fr/a", True),
        (" HTTP://exemple.fr ", True),
        ("www.exemple.fr", False),
        ("ftp://exemple.fr/a", False),
        ("javascript:alert(1)", False),
        ("https://", False),
        ("https://localhost/x", False),
        ("https://exemple.fr/a b", False),
        ("https://[exemple", False),
    ],
)
def test_a_web_address(text: str, fine: bool) -> None:
    assert web_address(text) == (text.strip() if fine else None)


@settings(max_examples=150)
@given(st.text(max_size=80))
def test_any_text_is_read(text: str) -> None:
    assert all("@" in contact for contact in contacts_in(text))
    assert all(contact == contact.strip() and contact for contact in contacts_written([text]))
    link = apply_link(Body.parse(f"## Candidater\n\n{text} https://{text}"))
    assert link is None or web_address(link) == link


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Écrivez à equipe.exemple [at] example [dot] org.", "equipe.exemple@example.org"),
        ("equipe (arobase) example.org", "equipe@example.org"),
        ("equipe(at)sous.example.org !", "equipe@sous.example.org"),
        ("equipe{at}example{dot}org", "equipe@example.org"),
        ("equipe at example dot org", "equipe@example.org"),
        ("equipe AT sous DOT example DOT org,", "equipe@sous.example.org"),
        ("equipe arobase example point org", "equipe@example.org"),
        (r"equipe \[at\] example.org", "equipe@example.org"),
        ("equipe&#64;example.org", "equipe@example.org"),
        ("equipe[@]example(.)org", "equipe@example.org"),
    ],
)
def test_a_hidden_address_is_read(text: str, address: str) -> None:
    assert contacts_in(text) == (address,)
    assert contacts_written([text]) == (address,)
    assert contacts_in_body(Body.parse(f"## Candidater\n\n{text}")) == (address,)
    assert contacts_in_body(Body.parse(f"Pour candidater : {text}")) == (address,)


@pytest.mark.parametrize(
    "text",
    [
        "Meet us at the office, dot your i and cross your t.",
        "Nous travaillons at home. Dot ou point final.",
        "Chargé(e) de mission (a) b.c et d",
        "Un tableau [a] puis [b] point final",
        "Un point (at) tout.",
        "Travailler at scale avec .NET dot quelque chose",
        "point à point, arobase ou pas",
    ],
)
def test_ordinary_prose_hides_no_address(text: str) -> None:
    assert contacts_in(text) == ()
