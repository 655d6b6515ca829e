"""The table of keys: spellings, precedence, values that are doubtful."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postings.reading import fields
from postings.reading.fields import Fields, as_line, canonical
from postings.reading.front_matter import FrontMatter


def of(**values: object) -> Fields:
    return keyed(values)


def keyed(values: dict[str, object]) -> Fields:
    return Fields(FrontMatter(fields=values, lines={key: n for n, key in enumerate(values, 2)}))


def codes(read: Fields) -> list[tuple[str, int | None, str | None]]:
    return [(f.code, f.line, f.key) for f in read.findings]


@pytest.mark.parametrize(
    ("written", "keys"),
    [
        ("Rôles", fields.ROLE),
        ("ROLE", fields.ROLE),
        ("Intitulé", fields.ROLE),
        ("Titles", fields.ROLE),
        ("start-up", fields.TEAM),
        ("Équipe", fields.TEAM),
        ("équipes", fields.TEAM),
        ("Team", fields.TEAM),
        ("friends", fields.HOST),
        ("Contrats", fields.CONTRACT),
        ("contracts", fields.CONTRACT),
        ("Domaine", fields.DOMAIN),
        ("poste-ouvert", fields.OPENS),
        ("Post_Ouvert", fields.OPENS),
        ("poste fermé", fields.CLOSES),
        ("POST_FERME", fields.CLOSES),
        ("depublicationDate", fields.CLOSES),
        ("dépublication-date", fields.CLOSES),
        ("poste_pourvus", fields.FILLED),
        ("Post-Pourvu", fields.FILLED),
        ("Open", fields.OPEN),
        ("ouverts", fields.OPEN),
        ("Status", fields.STATUS),
        ("external_url", fields.LINK),
        ("externalURLs", fields.LINK),
        ("Contact", fields.CONTACT),
        ("technos", fields.TECHNOLOGY),
        ("Junior", fields.JUNIOR),
        ("DATE", fields.DATE),
    ],
)
def test_a_key_is_matched_without_case_accents_signs_or_a_plural(written: str, keys: tuple[str, ...]) -> None:
    read = keyed({written: "valeur"})
    assert read.text(keys) == "valeur"
    assert read.key(keys) == written
    assert read.line(keys) == 2
    assert read.extra == {}


@pytest.mark.parametrize(
    "keys",
    [
        ("roles", "role", "intitule"),
        ("title", "titles"),
        ("contrat", "contract"),
        ("domaines", "domaine"),
        ("post_ouvert", "poste_ouvert"),
        ("poste_ferme", "post_ferme", "depublication_date"),
        ("poste_pourvu", "post_pourvu"),
        ("open", "ouvert"),
        ("externalURL", "externalUrl"),
        ("contact", "contacts"),
        ("techno", "technos"),
    ],
)
def test_the_spelling_earlier_in_the_table_wins_wherever_it_stands(keys: tuple[str, ...]) -> None:
    for order in (keys, keys[::-1]):
        read = keyed({key: f"valeur {keys.index(key)}" for key in order})
        assert read.text(keys) == "valeur 0"
        assert {(f.code, f.key) for f in read.findings} == {("two_spellings", key) for key in keys[1:]}
        assert all(dict(f.names)["winner"] == keys[0] for f in read.findings)


def test_a_key_as_in_the_table_wins_over_one_that_only_folds_to_it() -> None:
    read = keyed({"Open": True, "open": False})
    assert read.boolean(fields.OPEN) is False
    assert codes(read) == [("two_spellings", 2, "Open")]


@pytest.mark.parametrize("empty", [None, "", "  ", [], {}])
def test_an_empty_value_is_not_written(empty: object) -> None:
    read = of(post_ouvert=empty, poste_ouvert="2021-03-01")
    assert read.moment(fields.OPENS) == date(2021, 3, 1)
    assert read.findings == []


@pytest.mark.parametrize(
    ("keys", "one", "other"),
    [
        (fields.CLOSES, "2022-02-23", "2022-02-22T23:00:00.000Z"),
        (fields.CLOSES, "2022-02-23", "23/02/2022"),
    ],
)
def test_two_spellings_that_say_the_same_day_are_no_problem(
    keys: tuple[str, ...], one: str, other: str
) -> None:
    read = keyed({keys[0]: one, keys[2]: other})
    assert read.moment(keys) == date(2022, 2, 23)
    assert read.findings == []


def test_two_spellings_that_say_the_same_are_no_problem() -> None:
    read = of(open="yes", ouvert=True, contrat="CDD", contract="cdd")
    assert read.boolean(fields.OPEN) is True
    assert read.text(fields.CONTRACT) == "CDD"
    assert [f.code for f in read.findings] == ["not_boolean"]


def test_keys_that_are_different_things_may_stand_side_by_side() -> None:
    read = of(startup="demo", equipe="Équipe Démo", friend="Incubateur Exemple")
    found = read.first(fields.TEAM, alternatives=True)
    assert found is not None
    assert found.key == "startup"
    assert read.findings == []


@pytest.mark.parametrize(
    ("value", "truth"),
    [(True, True), (False, False), ("true", True), ("False", False), (" TRUE ", True)],
)
def test_a_boolean(value: object, truth: bool) -> None:
    read = of(open=value)
    assert read.boolean(fields.OPEN, otherwise=False) is truth
    assert read.findings == []


@pytest.mark.parametrize(("value", "truth"), [("oui", True), ("Non", False), ("vrai", True), ("faux", False)])
def test_a_french_word_is_understood_with_a_problem(value: str, truth: bool) -> None:
    read = of(open=value)
    assert read.boolean(fields.OPEN, otherwise=None) is truth
    assert codes(read) == [("not_boolean", 2, "open")]


@pytest.mark.parametrize(
    "value", ["true#", "true # fermé", "peut-être", "bientôt", 1, 0, 3.5, [True], {"a": True}]
)
@pytest.mark.parametrize("otherwise", [None, False])
def test_a_word_that_is_no_boolean_is_one_problem(value: object, otherwise: bool | None) -> None:
    read = of(open=value)
    assert read.boolean(fields.OPEN, otherwise=otherwise) is otherwise
    assert codes(read) == [("not_boolean", 2, "open")]


@pytest.mark.parametrize(
    ("value", "status"),
    [
        ("open", True),
        ("Ouvert", True),
        ("publiée", True),
        ("closed", False),
        ("fermé", False),
        ("pourvu", False),
        (False, False),
    ],
)
def test_a_status(value: object, status: bool) -> None:
    read = of(status=value)
    assert read.status() is status
    assert read.findings == []


def test_a_status_that_is_neither_is_a_problem() -> None:
    read = of(roles="x", status="en réflexion")
    assert read.status() is None
    assert codes(read) == [("unknown_status", 3, "status")]


def test_an_impossible_date_is_a_problem() -> None:
    read = of(poste_ferme="2021-02-30")
    assert read.moment(fields.CLOSES) is None
    assert codes(read) == [("impossible_date", 2, "poste_ferme")]
    assert dict(read.findings[0].names)["value"] == "2021-02-30"


def test_keys_that_are_not_in_the_table_are_kept_as_they_are() -> None:
    read = of(roles="x", redirect_from=["/ancien.html"], Niveau="A+", layout="poste", type="friend")
    assert read.extra == {"redirect_from": ["/ancien.html"], "Niveau": "A+"}


def test_lists_and_mappings_are_text_without_brackets() -> None:
    read = of(techno=["Django", "Vue", None], startup=["demo", "autre"], titre=[], contrat={"a": ["b", "c"]})
    assert read.texts(fields.TECHNOLOGY)[0] == ["Django", "Vue"]
    assert [as_line(w) for w in read.all(fields.TEAM)] == ["demo, autre"]
    assert read.text(fields.CONTRACT) == "a: b, c"


@settings(max_examples=60)
@given(st.text(max_size=20))
def test_canonical_is_stable_but_for_one_plural(key: str) -> None:
    once = canonical(key)
    assert canonical(once) in (once, once.removesuffix("s"))
    assert canonical(key.upper()) == canonical(key.upper().lower())
