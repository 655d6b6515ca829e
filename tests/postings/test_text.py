"""Folding and typography."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postings.text import fold, french, one_line, slug


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Développeur·se", "developpeur·se"),
        ("Développeur•se", "developpeur·se"),
        ("De\u0301veloppeur‧se", "developpeur·se"),
        ("L’ÉQUIPE", "l'equipe"),
        ("L`équipe", "l'equipe"),
        ("l`equipe", "l'equipe"),
        ("chargé‑e – œuvre", "charge-e - oeuvre"),
        ("10\u202f000\u00a0€", "10 000 €"),
        ("Straße ẞ", "strasse ss"),
        ("İstanbul", "istanbul"),
        ("ПРИВЕТ", "привет"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@settings(max_examples=300)
@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Été 😀 à Évry", "ete 😀 a evry"),
        ("😀", "😀"),
        ("e\u0301te\u0301\u200b…", "ete\u200b…"),
        ("Œuvre 👩\u200d💻 Ærø — 5 €", "oeuvre 👩\u200d💻 aerø - 5 €"),
    ],
)
def test_what_stands_between_signs_of_other_scripts_is_folded_too(text: str, folded: str) -> None:
    assert fold(text) == folded


@settings(max_examples=200)
@given(st.text("aéÉœŒßæ’`–•·\u00a0\u0301й😀…\n"), st.text("aÀçÿŸ´€ж👩\u200d\u0300"))
def test_a_text_is_folded_as_its_parts_are(first: str, second: str) -> None:
    assert fold(first + second) == fold(first) + fold(second)


@settings(max_examples=100)
@given(st.text())
def test_a_slug_is_letters_digits_and_single_dashes(text: str) -> None:
    made = slug(text)
    assert made == slug(made)
    assert all(part.isascii() and part.isalnum() for part in made.split("-")) or made == ""


@settings(max_examples=60)
@given(st.text() | st.text("a b\u00a0\t"))
def test_one_line_has_no_breaks(text: str) -> None:
    assert one_line(text) == " ".join(text.split())
    assert len(one_line(text).splitlines()) <= 1
    assert one_line(one_line(text)) == one_line(text)


def test_no_line_begins_with_a_sign() -> None:
    assert french("Quoi ? « Non ! » : si ; voilà") == (
        "Quoi\u00a0? «\u00a0Non\u00a0!\u00a0»\u00a0: si\u00a0; voilà"
    )
