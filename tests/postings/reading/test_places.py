"""Where the work is done: not a street, a partner, an interview or the home of a team-mate."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postings.model import Remote
from postings.reading import places
from postings.reading.body import Body
from postings.text import fold


def cities(markdown: str, role: str = "Dev") -> tuple[str, ...]:
    return places.found(Body.parse(markdown), role)[0]


def remote(markdown: str) -> Remote | None:
    return places.found(Body.parse(markdown), "Dev")[1]


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("## Modalités\n\nPoste basé à Lyon, télétravail possible.", ("Lyon",)),
        ("## Modalités\n\n- Lieu : Lille ou Nantes", ("Lille", "Nantes")),
        ("## Modalités\n\n- Où ? Chez vous ou à Grenoble", ("Grenoble",)),
        ("Le travail est possible de partout, avec deux jours par mois à Rennes.", ("Rennes",)),
        ("## Modalités\n\nTélétravail ; prévoir un déplacement par mois sur Paris.", ("Paris",)),
        ("## Modalités\n\nNos bureaux sont au 20 avenue de Ségur.", ("Paris",)),
        ("## Modalités\n\nPrésence à Paris (La Défense) deux fois par mois.", ("Paris",)),
        ("## Modalités\n\nPrésence ponctuelle à La Défense.", ("La Défense",)),
        ("## Modalités\n\nNos bureaux sont à Paris et à la Défense.", ("Paris", "La Défense")),
        ("## Modalités\n\nPoste basé à Saint-Etienne", ("Saint-Étienne",)),
        ("## Modalités\n\nPOSTE BASÉ À NÎMES", ("Nîmes",)),
        ("## Modalités\n\nPoste à Tours, temps plein", ("Tours",)),
        ("## Contexte\n\n**Lieu :** Tours ou Nancy", ("Tours", "Nancy")),
        ("Le poste est situé à Metz.", ("Metz",)),
    ],
)
def test_the_city_of_required_or_offered_presence(markdown: str, expected: tuple[str, ...]) -> None:
    assert cities(markdown) == expected


@pytest.mark.parametrize(
    "markdown",
    [
        "## Contexte\n\nLe service est utilisé par la métropole de Rennes.",
        "## Contexte\n\nLe produit suit l’accord de Paris.",
        "## Candidater\n\nLes entretiens se font à Paris ou à distance.",
        "## L’équipe\n\n- Une coach basée à Lyon\n- Un développeur basé à Lille",
        "Vous rejoignez un chef de produit (basé à Lille).",
        "## Modalités\n\nTélétravail complet : l’équipe est dispersée en France (Toulouse, Pau, Lille).",
        "## Modalités\n\nPoste au sein du service, dans le bon sens et sans détours, plaisir compris.",
        "## Modalités\n\nVous participez à la défense des droits.",
        "## Modalités\n\nRendez-vous rue de Lille.",
        "## Partenaires\n\nUne agence à Bordeaux tient le support, à Nice aussi.",
    ],
)
def test_other_mentions_of_a_city_are_no_place_of_work(markdown: str) -> None:
    assert cities(markdown) == ()


def test_where_the_team_is_counts_only_when_nothing_else_is_said() -> None:
    assert cities("## Modalités\n\nL’équipe est à Lyon.") == ("Lyon",)
    assert cities("## Modalités\n\nL’équipe est à Lyon.\n\nPrésence à Paris chaque mardi.") == ("Paris",)


def test_an_aside_with_examples_does_not_hide_the_city() -> None:
    markdown = "## Modalités\n\nTélétravail (par exemple de Brest), présence régulière à Paris."
    assert cities(markdown) == ("Paris",)


def test_the_role_counts() -> None:
    assert cities("Un produit.", "Lead dev Paris / Lyon / Rennes") == ("Paris", "Lyon", "Rennes")


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("Télétravail partiel possible.", Remote.PARTIAL),
        ("Télétravail possible deux jours par semaine.", Remote.PARTIAL),
        ("Poste en full remote.", Remote.FULL),
        ("100 % télétravail, si vous voulez.", Remote.FULL),
        ("Le télétravail est la norme.", Remote.FULL),
        ("Le télétravail est la norme, avec une présence ponctuelle au bureau.", Remote.PARTIAL),
        ("Pas de télétravail.", Remote.NONE),
        ("Travail en présentiel uniquement.", Remote.NONE),
        ("Un produit utile.", None),
    ],
)
def test_how_much_can_be_done_elsewhere(markdown: str, expected: Remote | None) -> None:
    assert remote(f"## Modalités\n\n{markdown}") == expected


def test_known_cities_are_found_folded_with_dashes_or_spaces() -> None:
    known = places.known_cities()
    assert known["saint-etienne"] == known["saint etienne"] == "Saint-Étienne"
    assert known["la defense"] == "La Défense"
    assert all(fold(name) == name for name in known)
    assert len(set(known.values())) > 300


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(set(places.known_cities().values()))))
def test_every_known_city_is_found_where_a_post_is_based(city: str) -> None:
    assert cities(f"## Modalités\n\nPoste basé à {city}, temps plein.") == (city,)


@settings(max_examples=60, deadline=None)
@given(st.text(), st.text(max_size=40))
def test_any_text_can_be_read(markdown: str, role: str) -> None:
    found = cities(markdown, role)
    assert set(found) <= set(places.known_cities().values())
    assert len(set(found)) == len(found)


def test_of_a_list_without_end_the_first_cities_are_looked_at() -> None:
    names = sorted({name for folded, name in places.known_cities().items() if folded.isalpha()})
    listed = places.found(Body.parse("## Lieu\n\nBureaux à Lille, " + ", à ".join(names)), "")[0]
    assert listed[0] == "Lille"
    assert len(listed) <= 30


def test_of_two_names_that_overlap_the_longer_counts() -> None:
    assert places.found(Body.parse("## Lieu\n\nBureaux à Saint-Denis et à La Plaine Saint-Denis"), "")[0] == (
        "Saint-Denis",
        "La Plaine Saint-Denis",
    )
    assert places.found(Body.parse("## Lieu\n\nBureaux à Parisville, non-Paris"), "")[0] == ()
