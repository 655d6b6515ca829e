"""Jekyll's addresses and names."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postings.reading.address import date_in_name, name_of, public_url, slug_of


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("content/_jobs/2021-03-01-designer.md", "2021-03-01-designer"),
        ("content/_jobs/2021-03-01-designer.MD", "2021-03-01-designer"),
        ("2021-03-01-designer.markdown", "2021-03-01-designer"),
        ("a/b/2021-03-01-charge.e.de.support.md", "2021-03-01-charge.e.de.support"),
        ("a/2021-03-01-dev.se", "2021-03-01-dev.se"),
        ("a/2021-03-01-dev", "2021-03-01-dev"),
        ("a/2021-03-01-dev.md.md", "2021-03-01-dev.md"),
    ],
)
def test_the_name_of_a_file(path: str, name: str) -> None:
    assert name_of(path) == name


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("2021-03-01-designer", "designer"),
        ("2021-3-1-designer", "designer"),
        ("21-03-01-designer", "designer"),
        ("2021-03-01-Chef·fe de produit", "Chef-fe-de-produit"),
        ("2021-03-01-Chef\u00b7\u00b7fe -- (F&H), a=b@c", "Chef-fe-(F&H),-a=b@c"),
        ("2021-03-01-développeur.se_web", "développeur.se_web"),
        ("2021-03-01-de\u0301veloppeur", "de\u0301veloppeur"),
        ("2021-03-01--x-", "x"),
        ("2021-03-01-m²", "m"),
        ("2021-03-01-日本", "日本"),
        ("2021-03-01", "2021-03-01"),
        ("designer_ui", "designer_ui"),
        ("2021-03-01_designer", "2021-03-01_designer"),
    ],
)
def test_a_slug_is_what_jekyll_leaves_of_the_name(name: str, slug: str) -> None:
    assert slug_of(name) == slug


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("2021-03-01-x", date(2021, 3, 1)),
        ("2021-3-1-x", date(2021, 3, 1)),
        ("21-03-01-x", date(2021, 3, 1)),
        ("99-03-01-x", date(1999, 3, 1)),
        ("2021-02-30-x", None),
        ("2021-03-01_x", None),
        ("x-2021-03-01", None),
    ],
)
def test_the_date_in_a_name(name: str, day: date | None) -> None:
    assert date_in_name(name) == day


def test_the_date_of_the_front_matter_wins_over_the_name() -> None:
    assert (
        public_url("2021-03-01-Chef·fe", date(2022, 1, 2))
        == "https://beta.gouv.fr/recrutement/2022/01/02/Chef-fe.html"
    )
    assert public_url("2021-03-01-été", None) == (
        "https://beta.gouv.fr/recrutement/2021/03/01/%C3%A9t%C3%A9.html"
    )


def test_a_template_of_addresses() -> None:
    assert public_url("21-03-01-x", None, "https://exemple.fr/{slug}/{year}") == "https://exemple.fr/x/2021"


def test_without_a_date_there_is_no_address() -> None:
    assert public_url("designer", None) == ""


@settings(max_examples=100)
@given(st.text(max_size=30))
def test_any_name_gives_an_address_that_stands_in_a_feed(name: str) -> None:
    url = public_url(name, date(2021, 3, 1))
    assert url.isascii()
    assert not set(url) & set(' "<>#?')
    assert slug_of(slug_of(name)) == slug_of(name) or date_in_name(slug_of(name))
