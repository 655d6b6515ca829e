"""A phrase of a vocabulary finds its feminines, plurals and inclusive spellings, and no other word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postings.reading.words import Phrases, any_of, neutral
from postings.text import fold


@pytest.mark.parametrize(
    "written",
    ["chargé·e", "chargé(e)", "chargé.e", "chargé-e", "chargé·e·s", "chargé.e.s", "chargé/e", "Chargé·es"],
)
def test_endings_of_inclusive_writing_go(written: str) -> None:
    assert neutral(fold(written)) in ("charge", "charges")


@pytest.mark.parametrize(
    "written", ["freelance/cdd", "front-end", "e-mail", "poste. Le reste", "rendez-vous"]
)
def test_other_marks_stay(written: str) -> None:
    assert neutral(fold(written)) == fold(written)


@pytest.mark.parametrize("text", ["full stack", "full-stack", "une full-stack !"])
def test_a_space_is_a_space_or_a_dash(text: str) -> None:
    assert any_of(["full stack"]).search(text)


def test_words_are_whole_unless_a_star_says_otherwise() -> None:
    assert not any_of(["dev"]).search("devenir")
    assert any_of(["dev*"]).search("devenir")
    assert not any_of([]).search("anything")


def test_of_two_that_begin_together_the_longer_wins() -> None:
    phrases = Phrases({"a": ["product"], "b": ["product designer"]})
    assert [value for value, _ in phrases.find("product designer")] == ["b"]


@given(st.lists(st.sampled_from(["en stage", "stage", "contrat de stage", "auto entrepreneu*"]), min_size=1))
def test_the_sieve_lets_through_whatever_would_be_found(written: list[str]) -> None:
    phrases = Phrases({"x": written})
    for one in written:
        assert phrases.stems(fold(one).rstrip("*"))
