"""A phrase of a vocabulary finds its feminines, plurals and inclusive spellings, and no other word."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postings.reading.words import LONGEST, Phrases, any_of, neutral, sentences, words_of
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


def test_the_sieve_is_no_longer_for_a_text_of_many_words() -> None:
    phrases = Phrases({"x": ["freelance*", "stage"]})
    assert phrases.stems(" ".join(f"freelance{n} autre{n}" for n in range(1000))) == ("freelance",)


def test_the_words_of_a_text_are_its_runs_of_letters_and_digits() -> None:
    assert words_of("l'equipe·s de 2024, ж-x") == {"l", "equipe", "s", "de", "2024", "x"}


_END = re.compile(r"[.!?](?:\s+|$)")


def test_a_sentence_keeps_its_spelling_beside_its_folded_text() -> None:
    written = "Où ça ? À Lille."
    assert sentences(written, fold(written), _END) == [("Où ça ", "ou ca "), ("À Lille", "a lille"), ("", "")]


@pytest.mark.parametrize("word", ["cdd ", "été, ", "œuvre ", "mot😀"])
def test_an_endless_sentence_is_cut_without_losing_a_word(word: str) -> None:
    written = word * 1500
    pieces = sentences(written, fold(written), _END)
    assert all(len(piece) <= LONGEST and len(spelt) <= LONGEST for spelt, piece in pieces)
    assert "".join(piece for _, piece in pieces) == fold(written)
    assert len(pieces) <= 2 * len(written) // LONGEST + 2
